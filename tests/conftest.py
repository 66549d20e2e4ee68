"""What several floors' tests share: the real Terraform, where this machine has one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from tests.oracle.terraform import Terraform

# The same examples at every run: what the fast suite finds must not depend on luck. CLOPS_HYPOTHESIS=random looks further.
settings.register_profile("same", derandomize=True)
settings.register_profile("random", derandomize=False)
settings.load_profile(os.environ.get("CLOPS_HYPOTHESIS", "same"))


# What proves the Action, the App and its conversation on a strict GitHub, real databases and real processes: `pytest -m app`.
_APP = ("action", "adapters/github", "adapters/queue", "adapters/test_slack.py", "adapters/writer", "bench/test_deliveries.py", "conversation", "entrypoints/server", "entrypoints/test_serving.py",
        "github", "test_deploy.py", "test_image.py")  # fmt: skip
_NEEDED = ("fastapi", "githubkit", "httpx", "openapi_schema_validator", "slack_sdk")
_MISSING = [name for name in _NEEDED if find_spec(name) is None]
collect_ignore = list(_APP) if _MISSING else []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _MISSING:
        terminalreporter.write_line(
            f"NOT PROVEN: the Action and the App; {', '.join(_MISSING)} not installed (extras app, app-test, github-test)"
        )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).as_posix().startswith(_APP):
            item.add_marker("app")


@pytest.fixture(scope="session")
def terraform() -> Iterator[Terraform]:
    """The real Terraform with a stand-in provider; skipped, loudly, where there is none."""
    if shutil.which("terraform") is None:
        pytest.skip("NOT PROVEN: there is no terraform binary on this machine")
    from tests.oracle.terraform import serving

    with serving() as found:
        yield found
