"""A strict Slack on loopback: it takes only what Slack takes, and complains of what Slack would let do harm."""
