"""The GitHub adapter, driven through the true client against the strict GitHub of tests/github."""
