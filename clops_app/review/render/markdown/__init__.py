"""The review comment on GitHub. Each module writes one part in variants; fit.py chooses what there is room for."""
