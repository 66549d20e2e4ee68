"""What the benches of the App are made of: a GitHub, the App's processes and a sender of webhooks, each a process of its own."""
