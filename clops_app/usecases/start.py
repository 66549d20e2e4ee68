"""A repository that has never seen ClOps gets the two files that make it review every pull request."""

from __future__ import annotations

from collections.abc import Mapping

from clops_app import __version__

_SETTINGS = """\
# Settings of ClOps. Every line is optional; `clops schema config` prints all that may stand here.
# On a pull request this file is read from the base branch, so a change cannot switch off its own review.

# service: {kind: web, name: my-service}          # web, api, game, realtime, ticketing, batch, ai or static
# traffic: {peak_concurrent: 60, spike: 10}       # people at once on a busy hour, and the sudden crowd to survive
# budget: {monthly_usd: 100, on_exceed: warn}     # or fail
# environments:
#   dev: {paths: ["envs/dev/**"], relax: [reliability, scalability]}
# terraform: {var_files: [prod.tfvars]}
# ignore:
#   - {rule: aws/single_nat_gateway, address: aws_nat_gateway.main, reason: "one is enough until launch", until: 2027-01-31}
fail_on: critical
"""

_WORKFLOW = """\
# Reviews the Terraform code of every pull request. It needs no secret and sends nothing anywhere.
name: ClOps
on:
  pull_request:
permissions:
  contents: read
jobs:
  review:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0 # the commit to compare with must be here
          persist-credentials: false
      - name: Review
        env:
          BASE: ${{ github.event.pull_request.base.sha }}
        run: |
          pipx install "clops==@VERSION@"
          clops review --base "$BASE" --format markdown --output "$GITHUB_STEP_SUMMARY"
"""


def first_files() -> Mapping[str, bytes]:
    """The files by their path from the top of a repository."""
    workflow = _WORKFLOW.replace("@VERSION@", __version__)
    return {".clops.yml": _SETTINGS.encode(), ".github/workflows/clops.yml": workflow.encode()}
