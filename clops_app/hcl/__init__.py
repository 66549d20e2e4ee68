"""Floor 1, text to syntax and back: our own HCL parser, exact to the byte, and edits that touch nothing else.

Imports the model only. Our own, because tree-sitter-hcl builds wrong trees from valid code (a nested
conditional is taken left to right) and is slower than this; python-hcl2 is fifteen times slower again and
gives no positions. Files are never printed anew: a change is a splice, so what was not meant stays as it was.
"""
