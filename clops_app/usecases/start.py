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
# Reviews the Terraform code of every pull request. It needs no secret and no checkout, and runs nothing of your code.
name: ClOps
on: pull_request
permissions: {{}}
concurrency:
  group: clops-${{{{ github.event.pull_request.number }}}}
  cancel-in-progress: true
jobs:
  review:
    runs-on: ubuntu-latest
    permissions:
      contents: read # to read the code
      pull-requests: write # to say the review
      checks: write # to mark the lines
    steps:
      # The repository that you have ClOps from; better than a tag is the full commit it stands for.
      - uses: {OWNER}/clops@v0
"""

_FORKS = f"""\
# Says the reviews of pull requests from forks, whose own runs may write nothing. Of those runs and of the fork nothing is
# run or downloaded here: the commit is taken from GitHub's event, and its files are read as data.
name: ClOps for forks
on:
  workflow_run: # zizmor: ignore[dangerous-triggers]
    workflows: [ClOps]
    types: [completed]
permissions: {{}}
concurrency:
  group: clops-${{{{ github.event.workflow_run.head_sha }}}}
jobs:
  say:
    if: github.event.workflow_run.event == 'pull_request' && github.event.workflow_run.head_repository.full_name != github.repository
    runs-on: ubuntu-latest
    permissions:
      contents: read
      pull-requests: write
      checks: write
    steps:
      - uses: {OWNER}/clops@v0
"""


def first_files(*, forks: bool = False) -> Mapping[str, bytes]:
    """The files by their path from the top of a repository. `forks`: with what says the reviews of forks."""
    files = {".clops.yml": _SETTINGS, ".github/workflows/clops.yml": _WORKFLOW, ".github/workflows/clops-forks.yml": _FORKS}
    return {path: text.encode() for path, text in files.items() if forks or text is not _FORKS}
