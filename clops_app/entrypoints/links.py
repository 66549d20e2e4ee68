"""Where a reader of the review can go, as far as the runner that made it tells."""

from __future__ import annotations

import os
from collections.abc import Mapping

from clops_app.review.render.links import Links

_ACTIONS = "/_actions/"


def links_of(environment: Mapping[str, str], top: str, commit: str | None) -> Links:
    """Links into the reviewed commit and to the rules' pages, when GitHub Actions runs us; empty ones elsewhere.

    `top` is the directory that was reviewed: only when it is the workflow's own checkout is `commit` one of its repository.
    """
    server, repository = environment.get("GITHUB_SERVER_URL", "").rstrip("/"), environment.get("GITHUB_REPOSITORY", "")
    workspace = environment.get("GITHUB_WORKSPACE", "")
    ours = bool(server and repository and workspace and commit) and os.path.realpath(workspace) == os.path.realpath(top)
    return Links(f"{server}/{repository}/blob/{commit}" if ours else "", rules_link(environment))


def rules_link(environment: Mapping[str, str]) -> str:
    """The address of a rule's page with `{rule}` in it, "" where it is not known.

    The runner puts an action at …/_actions/OWNER/NAME/REF (actions/runner, ActionManager); our Action says where it is.
    """
    server = environment.get("GITHUB_SERVER_URL", "").rstrip("/")
    _, found, below = environment.get("CLOPS_SOURCE", "").replace(os.sep, "/").partition(_ACTIONS)
    owner, _, rest = below.partition("/")
    name, _, ref = rest.partition("/")
    # An Enterprise server may have fetched it from github.com or from itself; we cannot tell, so we do not.
    return f"{server}/{owner}/{name}/blob/{ref}/rules/{{rule}}/rule.md" if found and ref and server == "https://github.com" else ""
