"""A repository that has never seen ClOps gets the two files that make it review every pull request."""

from __future__ import annotations

from collections.abc import Mapping

_SETTINGS = """\
# Settings of ClOps. Every line is optional; `clops schema config` prints all that may stand here.
# On a pull request this file is read from the base branch, so a change cannot switch off its own review.

# budget: {monthly_usd: 100, on_exceed: warn}     # or fail
# environments:
#   dev: {paths: ["envs/dev/**"], relax: [reliability, scalability]}
# terraform: {var_files: [prod.tfvars]}
# ignore:
#   - {rule: aws/single_nat_gateway, address: aws_nat_gateway.main, reason: "one is enough until launch", until: 2027-01-31}
# fail_on: high     # turns the check red for a new finding of this severity or above; without this line none does
"""

# Not `pip install clops`: on PyPI that name belongs to another project. Angle brackets, because nobody can own an account
# of that name: a placeholder that can be resolved would run a stranger's code.
OWNER = "<owner>"

_WORKFLOW = f"""\
# Reviews the Terraform code of every pull request. It needs no secret and sends nothing anywhere.
name: ClOps
on: pull_request
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
      - uses: {OWNER}/clops@v0 # the repository that you have ClOps from
"""


def first_files() -> Mapping[str, bytes]:
    """The files by their path from the top of a repository."""
    return {".clops.yml": _SETTINGS.encode(), ".github/workflows/clops.yml": _WORKFLOW.encode()}
