"""What looks like a secret does not leave, whatever it is wrapped in."""

from __future__ import annotations

import base64

import pytest

from clops_app.model.source import SourceTree
from clops_app.review.redact import REDACTED, hidden_in_files, prepared, redacted

# Put together here so that no scanner takes this file for a leak.
TOKENS = {
    "AWS key id": "AKIA" + "IOSFODNN7EXAMPLE",
    "AWS session key id": "ASIA" + "IOSFODNN7EXAMPLE",
    "AWS secret key": "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY",
    "GitHub token": "ghp_" + "a1B2" * 9,
    "fine-grained GitHub token": "github_pat_" + "1A" * 11 + "_" + "a1B2c3" * 9,
    "GitLab token": "glpat-" + "abcdefghij1234567890",
    "private key": "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----",
    "connection string": "postgres://game:hunter2pass@db.example.com:5432/game",
    "JWT": "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
    "Slack token": "xoxb-" + "123456789012-1234567890123-abcdefghijklmnopqrstuvwx",
    "Slack app token": "xapp-1-" + "A012-123-abcdef0123456789",
    "Slack webhook": "hooks.slack.com/services/" + "T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
    "Stripe key": "sk_live_" + "a1B2" * 6,
    "Stripe webhook secret": "whsec_" + "a1B2" * 8,
    "OpenAI key": "sk-proj-" + "a1B2c3" * 20,
    "Anthropic key": "sk-ant-api03-" + "a1B2c3" * 15,
    "Google key": "AIza" + "SyA1234567890abcdefghijklmnopqrstuv",
    "npm token": "npm_" + "a1B2" * 9,
    "PyPI token": "pypi-" + "AgEIcHlwaS5vcmc" + "a1B2" * 20,
    "SendGrid key": "SG." + "a" * 22 + "." + "b1" * 21,
    "Vault token": "hvs." + "aB1c" * 8,
    "Azure key": "AccountKey=" + "aB1c" * 21 + "ab==",
    "assigned password": 'password = "correct-horse-1"',
    "basic credentials": "Authorization: Basic Z2FtZTpzZXNhbWU=",
    "bearer token": "Authorization: Bearer " + "correcthorsebattery",
    "address with a key in its path": "https://x.webhook.office.com/webhookb2/" + "ab01" * 10,
    "key behind an underscore": "deploy_AKIA" + "IOSFODNN7EXAMPLE",
}
# What must not be left of a text that would be left whole otherwise.
WRAPPED = {
    "JSON in a string": r"{\"password\":\"tulip\",\"n\":1}",
    "spaced JSON in a string": r"{ \"password\" : \"rose tulip\", \"n\" : 1 }",
    "a name beside its value": '{"name":"DB_PASSWORD","value":"tulip"}',
    "a name behind its value": '{"value":"tulip","name":"DB_PASSWORD"}',
    "both in a string": r"[{\"name\":\"DB_PASSWORD\",\"value\":\"tulip\"}]",
    "a command": "curl -u admin:tulip https://api.example.com",
    "a key by another name": 'encryption_key = "tulip"',
    "Korean names": "패스워드: tulip, 토큰=tulip, 시크릿 = 'tulip'",
    "a sentence": "the password is tulip7 (비밀번호는 tulip8 입니다)",
}


@pytest.mark.parametrize("secret", TOKENS.values(), ids=TOKENS)
def test_a_published_kind_of_secret_is_taken_out_of_a_text(secret: str) -> None:
    left = redacted(f"see `{secret}` there")
    assert REDACTED in left
    assert "correct-horse" not in left
    assert secret not in left


@pytest.mark.parametrize("text", WRAPPED.values(), ids=WRAPPED)
def test_a_secret_is_taken_out_of_what_it_is_wrapped_in(text: str) -> None:
    assert "tulip" not in redacted(text)


@pytest.mark.parametrize("secret", TOKENS.values(), ids=TOKENS)
def test_the_base64_of_a_secret_is_taken_out_too(secret: str) -> None:
    encoded = base64.b64encode(secret.encode()).decode()
    assert encoded.rstrip("=") not in redacted(f"user data is {encoded}")


@pytest.mark.parametrize(
    "text",
    [
        "module.game_server_production_database.aws_autoscaling_group.main",
        "modules/Game2/Server/Production/main.tf:12",
        "aws_db_instance.tokyo2RegionReplica",
        "Set `backup_retention_period = 7`.",
        "All of `aws_instance.game` runs in ap-northeast-2a: when that zone fails, everybody is out.",
        "var.db_password has no value",
        "The password is in the code, and the token was asked for.",
        '{"name":"REGION","value":"tulip"}',
        "비밀번호는 코드에 있습니다.",
        "docker run -u root",
    ],
)
def test_names_and_ordinary_sentences_stay(text: str) -> None:
    assert redacted(text) == text


def test_a_known_value_is_taken_out_wherever_it_stands_and_in_base64() -> None:
    encoded = base64.b64encode(b"login correct horse now").decode()
    assert redacted(f"name-correct horse-x {encoded}", prepared({"correct horse"})) == f"name-{REDACTED}-x {REDACTED}"


def test_of_values_that_contain_each_other_the_longer_goes_whole() -> None:
    assert redacted("abcdefgh", prepared({"abcd", "abcdefgh"})) == REDACTED


def test_a_word_that_findings_are_made_of_stays() -> None:
    assert prepared({"high", "security", "abc", "tulip"}) == ("tulip",)


def test_files_named_for_secrets_give_away_their_values_and_others_do_not() -> None:
    tree = SourceTree(
        {
            "prod.secret.tfvars": b'a = "tulip-seven"\n',
            "x/.env": b"KEY=lily-eight\n",
            "main.tf": b'c = "daisy-nine"\n',
            "id_rsa": b"k: rose-ten\n",
        }
    )
    assert hidden_in_files(tree) == {"tulip-seven", "lily-eight", "rose-ten"}


def test_code_whose_name_speaks_of_secrets_is_no_list_of_secrets() -> None:
    code = b'resource "aws_subnet" "main" {\n  cidr_block = "10.0.0.0/24"\n}\n'
    files = {"private.tf": code, "secrets.py": b"each = replace\n", "secret.tfvars": b'token = "v4lue-of-a-token"\n'}
    assert hidden_in_files(SourceTree(files)) == {"v4lue-of-a-token"}
