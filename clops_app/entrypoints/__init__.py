"""Floor 9, where a user comes in. The only readers of environment and clock, the only builders of adapters."""
