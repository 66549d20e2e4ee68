"""Accounts, repositories, apps and installations as GitHub prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.github.state import Account, App, Installation, Repository, stamp

if TYPE_CHECKING:
    from tests.github.hub import Hub

_ACCOUNT_URLS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}
_REPOSITORY_URLS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}


def account(hub: Hub, one: Account) -> dict[str, Any]:
    url = f"{hub.api}/users/{one.login}"
    return {
        "login": one.login,
        "id": one.id,
        "node_id": f"U_{one.id}",
        "avatar_url": f"{hub.web}/avatars/{one.id}",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{hub.web}/{one.login}",
        **{name: url + tail for name, tail in _ACCOUNT_URLS.items()},
        "type": one.kind,
        "site_admin": False,
        "user_view_type": "public",
    }


def public_account(hub: Hub, one: Account) -> dict[str, Any]:
    nothing = dict.fromkeys(("name", "company", "location", "email", "hireable", "bio", "twitter_username"))
    counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
    born = stamp(hub.born)
    return {**account(hub, one), **nothing, **counts, "blog": "", "created_at": born, "updated_at": born}


def organization(hub: Hub, one: Account) -> dict[str, Any]:
    url = f"{hub.api}/orgs/{one.login}"
    tails = {
        "hooks_url": "/hooks",
        "issues_url": "/issues",
        "members_url": "/members{/member}",
        "public_members_url": "/public_members{/member}",
    }
    return {
        "login": one.login,
        "id": one.id,
        "node_id": f"O_{one.id}",
        "url": url,
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events",
        **{name: url + tail for name, tail in tails.items()},
        "avatar_url": f"{hub.web}/avatars/{one.id}",
        "description": "",
    }


def repository(hub: Hub, one: Repository) -> dict[str, Any]:
    url = f"{hub.api}/repos/{one.full_name}"
    open_issues = sum(issue.state == "open" for issue in one.issues.values())
    when = stamp(one.created_at)
    return {
        "id": one.id,
        "node_id": f"R_{one.id}",
        "name": one.name,
        "full_name": one.full_name,
        "private": one.private,
        "owner": account(hub, one.owner),
        "html_url": f"{hub.web}/{one.full_name}",
        "description": None,
        "fork": one.parent is not None,
        "url": url,
        **{name: url + tail for name, tail in _REPOSITORY_URLS.items()},
        "git_url": f"git://github.test/{one.full_name}.git",
        "ssh_url": f"git@github.test:{one.full_name}.git",
        "clone_url": f"{hub.web}/{one.full_name}.git",
        "svn_url": f"{hub.web}/{one.full_name}",
        "mirror_url": None,
        "homepage": None,
        "language": "HCL",
        "license": None,
        "topics": [],
        "visibility": "private" if one.private else "public",
        "default_branch": one.default_branch,
        "archived": False,
        "disabled": False,
        "is_template": False,
        "allow_forking": True,
        "web_commit_signoff_required": False,
        "has_issues": True,
        "has_projects": True,
        "has_wiki": True,
        "has_pages": False,
        "has_downloads": True,
        "has_discussions": False,
        "size": 0,
        "forks": 0,
        "forks_count": 0,
        "open_issues": open_issues,
        "open_issues_count": open_issues,
        "stargazers_count": 0,
        "watchers": 0,
        "watchers_count": 0,
        "network_count": 0,
        "subscribers_count": 0,
        "created_at": when,
        "updated_at": when,
        "pushed_at": when,
    }


def pushed_repository(hub: Hub, one: Repository) -> dict[str, Any]:
    """A repository in a push event, where two times are numbers."""
    when = int(one.created_at.timestamp())
    return {**repository(hub, one), "created_at": when, "pushed_at": when}


def app(hub: Hub, one: App, *, public: bool = True) -> dict[str, Any]:
    when = stamp(one.created_at)
    shown = {
        "id": one.id,
        "slug": one.slug,
        "client_id": one.client_id,
        "node_id": f"A_{one.id}",
        "owner": account(hub, one.owner),
        "name": one.slug,
        "description": "",
        "external_url": hub.web,
        "html_url": f"{hub.web}/apps/{one.slug}",
        "created_at": when,
        "updated_at": when,
        "permissions": one.permissions,
        "events": one.events,
    }
    return shown if public else {**shown, "installations_count": sum(each.app is one for each in hub.installations.values())}


def installation(hub: Hub, one: Installation) -> dict[str, Any]:
    when = stamp(one.created_at)
    return {
        "id": one.id,
        "client_id": one.app.client_id,
        "account": account(hub, one.account),
        "repository_selection": "all" if one.repositories is None else "selected",
        "access_tokens_url": f"{hub.api}/app/installations/{one.id}/access_tokens",
        "repositories_url": f"{hub.api}/installation/repositories",
        "html_url": f"{hub.web}/organizations/{one.account.login}/settings/installations/{one.id}",
        "app_id": one.app.id,
        "app_slug": one.app.slug,
        "target_id": one.account.id,
        "target_type": one.account.kind,
        "permissions": {"metadata": "read", **one.permissions},
        "events": one.app.events,
        "created_at": when,
        "updated_at": when,
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": account(hub, one.account) if one.suspended_at else None,
        "suspended_at": stamp(one.suspended_at) if one.suspended_at else None,
    }
