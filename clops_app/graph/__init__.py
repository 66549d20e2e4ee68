"""Floor 3, instances to graph: who refers to whom, and what AWS makes of it (zones, paths, exposure).

Imports model, kit, hcl, terraform. Rules, bill and diagram ask the same questions; they are answered here once.
"""
