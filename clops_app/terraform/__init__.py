"""Floor 2, syntax and variables to resource instances: what `terraform plan` would compute, without running it.

Imports model and hcl; the standard library, and google-re2 for regular expressions that a stranger wrote.
What cannot be known is Unknown with its reason and the attribute it is; nothing here raises at the user.
"""
