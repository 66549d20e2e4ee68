"""Stand-ins for other tools: small programs of our own that stand on PATH by the tool's name."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path


def tool(directory: Path, name: str, program: str) -> Path:
    """Put a Python program on disk as an executable. What it writes beside itself can be read there."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / name
    path.write_text(f"#!{sys.executable} -I\nimport json, os, sys\nfrom pathlib import Path\nBESIDE = Path(__file__).parent\n{program}")
    path.chmod(0o755)
    return path


# Writes down what it was given: arguments, environment, the files it can see, and the settings file that an argument names.
RECORD = """
seen = {
    "arguments": sys.argv[1:],
    "environment": dict(os.environ),
    "files": sorted(path.relative_to(os.getcwd()).as_posix() for path in Path.cwd().rglob("*") if path.is_file()),
    "home": sorted(path.name for path in Path(os.environ["HOME"]).iterdir()),
    "beside_home": os.path.dirname(os.environ["HOME"]) == os.path.dirname(os.getcwd()),
}
if "--config-file" in sys.argv:
    seen["settings"] = json.loads(Path(sys.argv[sys.argv.index("--config-file") + 1]).read_text())
    seen["here"] = os.getcwd()
with (BESIDE / "seen.jsonl").open("a") as file:
    file.write(json.dumps(seen) + "\\n")
"""


def failed_check(check: str = "CKV_AWS_23", resource: str = "aws_security_group.game", **changes: object) -> dict[str, object]:
    """One failed check, with the keys of checkov 3.3.30's JSON that matter and some that do not."""
    return {
        "check_id": check,
        "bc_check_id": None,
        "check_name": f"Ensure what {check} asks",
        "check_result": {"result": "FAILED", "evaluated_keys": []},
        "code_block": None,
        "file_path": "/main.tf",
        "file_line_range": [1, 3],
        "resource": resource,
        "severity": None,
        "guideline": None,
    } | changes


def report(*checks: object, unread: int = 0) -> dict[str, object]:
    """checkov's JSON report of the Terraform framework."""
    return {
        "check_type": "terraform",
        "results": {"failed_checks": list(checks)},
        "summary": {"failed": len(checks), "parsing_errors": unread, "checkov_version": "3.3.30"},
        "url": "Add an api key '--bc-api-key <api-key>' to see more detailed insights",
    }


def printing(document: object) -> str:
    return f"sys.stdout.write({document if isinstance(document, str) else __import__('json').dumps(document)!r})\n"


def resource(name: str, monthly: str | None, usage: str | None = None) -> dict[str, object]:
    """One resource of Infracost's breakdown."""
    amounts = {"monthlyCost": monthly, "monthlyUsageCost": usage}
    return {"name": name, "resourceType": name.split(".", maxsplit=1)[0], "metadata": {}} | {
        key: value for key, value in amounts.items() if value
    }


def breakdown(projects: Mapping[str, list[dict[str, object]]], **changes: object) -> dict[str, object]:
    """Infracost's JSON document, version 0.2, for projects by name."""
    totals = {"totalHourlyCost": "0", "totalMonthlyCost": "0", "totalMonthlyUsageCost": "0"}
    return {
        "version": "0.2",
        "metadata": {"infracostCommand": "breakdown"},
        "currency": "USD",
        "projects": [
            {
                "name": name,
                "displayName": "",
                "metadata": {"path": "/x", "type": "terraform_dir"},
                "breakdown": {"resources": resources, **totals},
            }
            for name, resources in projects.items()
        ],
        "summary": {},
    } | changes
