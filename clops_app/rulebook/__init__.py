"""Floor 4, the rules: load them from their folders, run them, respect what is ignored, give findings their identity.

Imports model, kit, graph and lower. A rule that crashes is a diagnostic, never a crash: one of the two broad excepts.
"""
