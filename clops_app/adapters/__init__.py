"""Floor 8, one port a file: disk, git, and what else the world offers. The world's failures are translated here."""
