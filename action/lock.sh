#!/usr/bin/env bash
# Writes action/requirements*.txt anew from uv.lock: the core and what speaks to GitHub, every file with its hash.
# Left away is what no run of the Action imports: the terminal's packages, and the client's 56 MB of typed models.
set -euo pipefail
cd "$(dirname "$0")/.."
left_away=(colorama githubkit-schemas-2026-03-10 markdown-it-py mdurl pygments rich shellingham typer)
locked() { uv export --quiet --frozen --no-dev --no-emit-project --no-annotate --no-header "$@"; }
locked --extra github "${left_away[@]/#/--prune=}" > action/requirements.txt
locked --extra github --extra ai --prune githubkit-schemas-2026-03-10 > action/requirements-ai.txt
