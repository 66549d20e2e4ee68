"""The Action's thin entry: it leaves all to clops_app, and what goes wrong is an annotation, never a traceback."""

from __future__ import annotations

import os
import sys

# The Action's own code, wherever the runner put it; nothing of the reviewed repository is on the path (python -I).
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from clops_app.entrypoints.action import run

if __name__ == "__main__":
    sys.exit(run(os.environ))
