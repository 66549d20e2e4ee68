"""The Review in words, one module for each place where somebody reads it."""
