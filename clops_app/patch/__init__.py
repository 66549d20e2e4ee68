"""Floor 5, findings to proven patches: edits, checked by two readers, the provider's schema, the rules and the bill.

Imports rulebook, cost and lower, and python-hcl2 as the strict second reader. What is not proven does not exist.
"""
