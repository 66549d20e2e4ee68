"""Floor 7, the sentences a user can say. They know ports, never adapters."""
