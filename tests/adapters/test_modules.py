"""Modules are fetched by the true terraform and git over true TLS, from a registry on loopback that goes by a name of its own."""

from __future__ import annotations

import functools
import http.server
import ipaddress
import json
import os
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clops_app.adapters.allowed_hosts import AllowedHosts
from clops_app.adapters.disk import read_directory
from clops_app.adapters.modules import ModuleDownloads
from clops_app.terraform.evaluate import evaluate

HOST = "modules.test"
MODULE = 'variable "name" {}\nresource "aws_s3_bucket" "b" { bucket = var.name }\noutput "id" { value = aws_s3_bucket.b.id }\n'


def _certificate(directory: Path) -> tuple[Path, Path]:
    """A certificate for HOST that is its own authority, and its key."""
    pytest.importorskip("cryptography", reason="NOT PROVEN: fetching modules over TLS needs `cryptography` for a certificate")
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    written = directory / "certificate.pem", directory / "key.pem"
    written[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    written[1].write_bytes(private)
    return written


class _Registry(http.server.SimpleHTTPRequestHandler):
    """A module registry that names a git repository, and that repository as plain files (git's dumb protocol)."""

    def do_GET(self) -> None:
        match self.path.partition("?")[0]:
            case "/.well-known/terraform.json":
                self._say({"modules.v1": "/v1/"})
            case "/v1/acme/bucket/aws/versions":
                self._say({"modules": [{"versions": [{"version": "1.2.0"}, {"version": "2.0.0"}]}]})
            case "/v1/acme/bucket/aws/1.2.0/download":
                self.send_response(204)
                self.send_header("X-Terraform-Get", f"git::https://{HOST}/bucket.git?ref=v1.2.0")
                self.end_headers()
            case _:
                super().do_GET()

    def _say(self, told: object) -> None:
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def downloads(tmp_path: Path) -> Iterator[ModuleDownloads]:
    if shutil.which("terraform") is None:
        pytest.skip("NOT PROVEN: there is no terraform to fetch modules with")
    served = tmp_path / "served"
    _repository(tmp_path / "work", served / "bucket.git")
    certificate, key = _certificate(tmp_path)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Registry, directory=str(served)))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = {"PATH": os.environ["PATH"], "SSL_CERT_FILE": str(certificate), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    yield ModuleDownloads(environment, (HOST,), connect=lambda _, __: socket.create_connection(("127.0.0.1", server.server_port)))
    server.shutdown()
    server.server_close()


def _repository(work: Path, bare: Path) -> None:
    work.mkdir()
    (work / "main.tf").write_text(MODULE)
    author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for command in (("init", "-q"), ("add", "."), (*author, "commit", "-qm", "one"), ("tag", "v1.2.0")):
        subprocess.run(("git", *command), cwd=work, check=True)
    subprocess.run(("git", "clone", "-q", "--bare", str(work), str(bare)), check=True)
    subprocess.run(("git", "update-server-info"), cwd=bare, check=True)


def _root(tmp_path: Path, source: str) -> str:
    top = tmp_path / "code"
    (top / "live").mkdir(parents=True)
    (top / "live" / "main.tf").write_text(f'module "assets" {{\n  {source}\n  name = "assets"\n}}\n')
    return str(top)


@pytest.mark.slow
@pytest.mark.parametrize(
    "source", [f'source = "{HOST}/acme/bucket/aws"\n  version = "~> 1.0"', f'source = "git::https://{HOST}/bucket.git?ref=v1.2.0"']
)
def test_a_module_is_fetched_and_read_like_one_that_init_placed(downloads: ModuleDownloads, tmp_path: Path, source: str) -> None:
    checkout = read_directory(_root(tmp_path, source))
    brought = downloads.brought(checkout)
    assert brought.diagnostics == ()
    found = evaluate(brought.tree, "live")
    assert [resource.address for resource in found.resources] == ["module.assets.aws_s3_bucket.b"]
    assert not (tmp_path / "code" / "live" / ".terraform").exists()
    assert not any(path.rpartition("/")[0].endswith(".git") or "/.git/" in path for path in brought.tree.files)


@pytest.mark.slow
def test_what_was_fetched_is_not_fetched_again(downloads: ModuleDownloads, tmp_path: Path) -> None:
    checkout = read_directory(_root(tmp_path, f'source = "git::https://{HOST}/bucket.git?ref=v1.2.0"'))
    first = downloads.brought(checkout)
    without = ModuleDownloads({**downloads.environment, "PATH": ""}, downloads.hosts)
    again = without.brought(checkout)
    assert (again.diagnostics, sorted(again.tree.files)) == ((), sorted(first.tree.files))


@pytest.mark.slow
def test_a_host_that_is_not_allowed_is_named_and_not_reached(downloads: ModuleDownloads, tmp_path: Path) -> None:
    checkout = read_directory(_root(tmp_path, 'source = "git::https://elsewhere.test/bucket.git"'))
    brought = downloads.brought(checkout)
    assert sorted(brought.tree.files) == ["live/main.tf"]
    assert [each.where for each in brought.diagnostics] == ["live"]
    assert brought.diagnostics[0].why.endswith("; refused were elsewhere.test: --module-host NAME allows one more")


@pytest.mark.slow
@pytest.mark.parametrize("source", ["git::ssh://git@modules.test/bucket.git", "git::file:///etc", "git::ext::sh -c touch% /tmp/x"])
def test_nothing_but_https_is_spoken(downloads: ModuleDownloads, tmp_path: Path, source: str) -> None:
    brought = downloads.brought(read_directory(_root(tmp_path, f'source = "{source}"')))
    assert (sorted(brought.tree.files), len(brought.diagnostics)) == (["live/main.tf"], 1)


def test_without_terraform_it_is_said_that_there_is_none(tmp_path: Path) -> None:
    checkout = read_directory(_root(tmp_path, 'source = "acme/bucket/aws"'))
    brought = ModuleDownloads({"PATH": "", "XDG_CACHE_HOME": str(tmp_path)}).brought(checkout)
    assert [(each.what, each.where, each.why) for each in brought.diagnostics] == [
        ("the modules were not downloaded", "live", "neither terraform nor tofu is on PATH")
    ]


def test_a_root_that_calls_only_what_is_here_asks_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text("locals {}\n")
    (tmp_path / "main.tf").write_text('module "m" { source = "./m" }\n')
    checkout = read_directory(str(tmp_path))
    assert ModuleDownloads({"PATH": ""}).brought(checkout).diagnostics == ()


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("CONNECT elsewhere.test:443 HTTP/1.1", b" 403 "),
        ("CONNECT modules.test:80 HTTP/1.1", b" 403 "),
        ("GET http://169.254.169.254/latest/meta-data/ HTTP/1.1", b" 403 "),
    ],
)
def test_the_proxy_leads_to_port_443_of_the_named_hosts_alone(asked: str, answer: bytes) -> None:
    def never(host: str, port: int) -> socket.socket:
        raise AssertionError(f"{host}:{port} was reached")

    with AllowedHosts([HOST], never) as proxy, socket.create_connection(("127.0.0.1", int(proxy.url.rpartition(":")[2]))) as line:
        line.sendall(f"{asked}\r\nHost: x\r\n\r\n".encode())
        assert answer in line.recv(1024)
        assert proxy.refused
