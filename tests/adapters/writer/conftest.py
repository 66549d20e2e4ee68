"""The four providers on loopback, and who asks them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from clops_app.adapters.writer.agent import Model, Pair
from clops_app.adapters.writer.writers import writer_for
from tests.adapters.writer.dialects import ANTHROPIC, DIALECTS, Dialect
from tests.adapters.writer.world import World, world_of


# Making a client of boto3 or Google takes up to a second: what is the same for all is tried of one in every run, of the others in CI.
@pytest.fixture(params=[pytest.param(one, marks=[pytest.mark.slow] * (one is not ANTHROPIC), id=one.name) for one in DIALECTS])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with world_of(request.param) as found:
        yield found


@pytest.fixture
def waits() -> list[float]:
    """The pauses that were asked for, in seconds; none is waited for."""
    return []


@pytest.fixture
def model(world: World, tmp_path: Path, waits: list[float]) -> Model:
    return model_at(world, tmp_path, waits)


def model_at(world: World, folder: Path, waits: list[float], model: str = "") -> Model:
    """The one that writes, chosen from an environment as a machine would have it."""
    return pair_at(world, folder, waits, model).strong


def pair_at(world: World, folder: Path, waits: list[float], model: str = "") -> Pair:
    async def wait(seconds: float) -> None:
        waits.append(seconds)

    pair = writer_for("auto", environment_of(world.dialect, world.url, folder), model=model, base_url=world.url).writer
    assert pair is not None
    return Pair(replace(pair.strong, wait=wait), replace(pair.fast, wait=wait))


def environment_of(dialect: Dialect, url: str, folder: Path) -> dict[str, str]:
    match dialect.name:
        case "anthropic":
            return {"ANTHROPIC_API_KEY": "sk-ant-s3cr3t"}
        case "bedrock":
            return {
                "AWS_REGION": "eu-west-1",
                "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
                "AWS_SECRET_ACCESS_KEY": "s3cr3t",
                "AWS_SESSION_TOKEN": "t0k3n-s3cr3t",
            }
        case "vertex":
            return {
                "GOOGLE_CLOUD_PROJECT": "my-project",
                "GOOGLE_CLOUD_LOCATION": "europe-west4",
                "GOOGLE_APPLICATION_CREDENTIALS": str(service_account(url, folder)),
            }
        case _:
            return {"GOOGLE_API_KEY": "AIza-s3cr3t"}


@cache
def private_key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()


def service_account(url: str, folder: Path) -> Path:
    """A key file as Google Cloud gives out, whose tokens are fetched from `url`."""
    path = folder / "key.json"
    known = {
        "type": "service_account",
        "project_id": "other-project",
        "private_key_id": "1",
        "private_key": private_key(),
        "client_email": "clops@my-project.iam.gserviceaccount.com",
        "token_uri": f"{url}/token",
    }
    path.write_text(json.dumps(known))
    return path
