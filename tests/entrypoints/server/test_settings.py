"""What the operator says by CLOPS_ variables, and how faults in it are told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from clops_app.adapters.secrets_manager import SecretError, is_arn, secret_at
from clops_app.entrypoints.server.credentials import FILE, CredentialStore, credentials_of
from clops_app.entrypoints.server.settings import misspelt, read_settings
from clops_app.usecases.errors import ConfigError

KEY = "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----"
APP = {"CLOPS_GITHUB_APP_ID": "7", "CLOPS_GITHUB_PRIVATE_KEY": KEY, "CLOPS_GITHUB_WEBHOOK_SECRET": "hush-hush"}
ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:clops-AbCdEf"


def faults(environment: dict[str, str]) -> str:
    with pytest.raises(ConfigError) as raised:
        read_settings(environment)
    return str(raised.value)


def test_nothing_needs_to_be_said() -> None:
    settings = read_settings({})
    assert (settings.host, settings.port, settings.github_api_url) == ("127.0.0.1", 8080, "https://api.github.com")
    assert settings.database == f"sqlite:///{Path('clops-state').absolute()}/queue.sqlite3"
    assert credentials_of(settings) is None


@pytest.mark.parametrize(
    ("api", "web"),
    [
        ("https://api.github.com", "https://github.com"),
        ("https://api.octo.ghe.com/", "https://octo.ghe.com"),
        ("https://git.example.com/api/v3", "https://git.example.com"),
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
    ],
)
def test_where_people_see_github_follows_from_its_api(api: str, web: str) -> None:
    assert read_settings({"CLOPS_GITHUB_API_URL": api}).github_web_url == web


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_text(KEY + "\n")
    settings = read_settings({**APP, "CLOPS_GITHUB_PRIVATE_KEY": "", "CLOPS_GITHUB_PRIVATE_KEY_FILE": str(path)})
    found = credentials_of(settings)
    assert found is not None
    assert found.private_key == KEY


def test_a_key_on_one_line_is_understood() -> None:
    found = credentials_of(read_settings({**APP, "CLOPS_GITHUB_PRIVATE_KEY": KEY.replace("\n", "\\n")}))
    assert found is not None
    assert found.private_key == KEY


def test_a_secret_may_be_kept_by_aws() -> None:
    asked = []

    def fetch(arn: str) -> str:
        asked.append(arn)
        return KEY

    found = credentials_of(read_settings({**APP, "CLOPS_GITHUB_PRIVATE_KEY": ARN}, fetch))
    assert found is not None
    assert (found.private_key, asked) == (KEY, [ARN])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLOPS_PORT", "hidden-canary"),
        ("CLOPS_PORT", "70000"),
        ("CLOPS_WORKERS", "-1"),
        ("CLOPS_LOG_LEVEL", "hidden-canary"),
        ("CLOPS_PUBLIC_URL", "hidden-canary"),
        ("CLOPS_PUBLIC_URL", "https://hidden-canary@clops.example.com"),
        ("CLOPS_STATUS_TOKEN", "hidden-canary"),
        ("CLOPS_GITHUB_APP_ID", "hidden-canary"),
        ("CLOPS_GITHUB_PRIVATE_KEY", "hidden-canary"),
        ("CLOPS_GITHUB_PRIVATE_KEY_FILE", "/hidden-canary"),
    ],
)
def test_a_fault_names_the_variable_and_never_the_value(name: str, value: str) -> None:
    said = faults({**{key: text for key, text in APP.items() if not name.startswith(key)}, name: value})
    assert (name.removesuffix("_FILE") in said, "hidden-canary" in said) == (True, False)


def test_all_faults_are_told_at_once() -> None:
    said = faults({"CLOPS_PORT": "x", "CLOPS_WORKERS": "y"})
    assert (said.count("CLOPS_"), len(said.splitlines())) == (2, 2)


def test_half_of_an_apps_credentials_is_a_fault() -> None:
    said = faults({"CLOPS_GITHUB_APP_ID": "7"})
    assert ("CLOPS_GITHUB_PRIVATE_KEY is missing" in said, "CLOPS_GITHUB_WEBHOOK_SECRET is missing" in said) == (True, True)


def test_a_secret_said_twice_is_a_fault(tmp_path: Path) -> None:
    assert "choose one" in faults({**APP, "CLOPS_GITHUB_WEBHOOK_SECRET_FILE": str(tmp_path / "x")})


def test_what_kubernetes_sets_by_itself_is_no_fault() -> None:
    environment = {"CLOPS_PORT": "tcp://10.0.0.7:80", "CLOPS_SERVICE_HOST": "10.0.0.7", "CLOPS_PORT_80_TCP": "tcp://10.0.0.7:80"}
    assert read_settings(environment).port == 8080
    assert misspelt(environment) == ()


def test_a_misspelt_variable_is_told() -> None:
    assert misspelt({"CLOPS_GITHUB_APPID": "7", "CLOPS_DEBUG": "1", "HOME": "/"}) == (
        "CLOPS_GITHUB_APPID is not read: did you mean CLOPS_GITHUB_APP_ID?",
    )


def test_no_representation_shows_a_secret() -> None:
    settings = read_settings({**APP, "CLOPS_DATABASE_URL": "postgresql://clops:pass-word@db/clops", "CLOPS_SETUP_TOKEN": "t" * 20})
    shown = repr(settings) + str(settings) + repr(credentials_of(settings))
    assert not any(secret in shown for secret in ("abc", "hush-hush", "pass-word", "t" * 20))


def test_credentials_that_cannot_be_read_are_a_fault_that_names_the_file(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"private_key": "hidden-canary"')
    with pytest.raises(ConfigError) as raised:
        CredentialStore(tmp_path).now()
    assert (FILE in str(raised.value), "hidden-canary" in str(raised.value)) == (True, False)


class Aws(BaseHTTPRequestHandler):
    """Knows one secret, as AWS Secrets Manager's GetSecretValue answers (its API reference)."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = self.headers["X-Amz-Target"] == "secretsmanager.GetSecretValue" and asked == {"SecretId": ARN}
        answer = {"ARN": ARN, "SecretString": '{"key": "hush"}'} if known else {"__type": "ResourceNotFoundException"}
        body = json.dumps(answer).encode()
        self.send_response(200 if known else 400)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    pytest.importorskip("boto3", reason="NOT PROVEN: secrets of AWS need the extra `aws`")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Aws)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", f"http://127.0.0.1:{server.server_address[1]}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    yield
    server.shutdown()
    server.server_close()


@pytest.mark.usefixtures("aws")
def test_the_true_client_reads_a_secret_whole_or_one_value_of_it() -> None:
    assert secret_at(ARN) == '{"key": "hush"}'
    assert secret_at(f"{ARN}:key::") == "hush"


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("arn", [f"{ARN}:other::", f"{ARN}x"])
def test_a_secret_that_is_not_there_is_said_without_the_others(arn: str) -> None:
    with pytest.raises(SecretError) as raised:
        secret_at(arn)
    assert "hush" not in str(raised.value)


def test_an_arn_is_told_from_a_secret() -> None:
    assert (is_arn(ARN), is_arn(KEY), is_arn("arn:aws:s3:::bucket")) == (True, False, False)
