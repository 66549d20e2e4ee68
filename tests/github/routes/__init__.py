"""What each endpoint does: a module a subject, each with its table ROUTES."""
