"""What looks like a secret, and what Terraform, the provider or a file's name calls one, is in no text that leaves this machine.

The token formats are a small list of our own, each with its issuer's documentation as its source. detect-secrets 1.5.0 was
measured and not taken: its plugins bring `requests` and 335 modules (0.8 s) onto a floor that may reach no network, of 29
planted secrets they missed 11 (fine-grained GitHub tokens, npm, OpenAI, Anthropic, Google, Vault, Slack's app tokens, webhook
secrets, AWS secret keys), and for others they give only a prefix, which is no span that could be taken out.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import get_args

from clops_app.graph.leaves import leaves
from clops_app.model.finding import SEVERITIES, Category
from clops_app.model.review import Review
from clops_app.model.source import SourceTree
from clops_app.model.values import Datum

REDACTED = "[redacted]"
LEAST = 4  # characters: a shorter secret is a part of too many words to be told from them

_FORMATS = re.compile(
    "|".join(
        (
            # RFC 7468; what has no end is taken to the end of the text.
            r"-----BEGIN [A-Z0-9 ]*(?:PRIVATE KEY|CERTIFICATE|MESSAGE)[A-Z ]*-----.*?(?:-----END [A-Z0-9 ]*-----|\Z)",
            # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
            r"(?<![A-Za-z0-9])(?:ABIA|ACCA|AGPA|AIDA|AIPA|AKIA|ANPA|ANVA|AROA|ASCA|ASIA)[A-Z0-9]{16,}",
            # https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
            r"(?<![A-Za-z0-9])(?:gh[a-z]_|github_pat_)[A-Za-z0-9_]{16,}",
            # https://docs.gitlab.com/security/tokens/#token-prefixes
            r"\bgl[a-z]{2,7}-[A-Za-z0-9_.-]{16,}",
            # https://docs.slack.dev/authentication/tokens/
            r"\bxox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,}|\bxapp-[A-Za-z0-9-]{10,}|hooks\.slack\.com/[A-Za-z0-9/_-]+",
            # https://docs.stripe.com/keys
            r"\b[a-z]k_(?:live|test)_[A-Za-z0-9]{10,}|\bwhsec_[A-Za-z0-9+/=]{10,}",
            # RFC 7519: a JSON object in base64url begins with eyJ
            r"\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*",
            # https://docs.cloud.google.com/docs/authentication/api-keys ; OAuth access tokens
            r"\bAIza[A-Za-z0-9_-]{30,}|\bya29\.[A-Za-z0-9_-]{10,}",
            # OpenAI's and Anthropic's API keys
            r"\bsk-[A-Za-z0-9_-]{16,}",
            # npm, PyPI, SendGrid, DigitalOcean, Hugging Face, HashiCorp Vault, Twilio, Telegram, Azure storage, Terraform Cloud
            r"\bnpm_[A-Za-z0-9]{20,}|\bpypi-[A-Za-z0-9_-]{16,}|\bSG\.[\w-]{16,}\.[\w-]{16,}|\bdo[opr]_v1_[a-f0-9]{32,}|\bhf_[A-Za-z0-9]{20,}",
            r"\bhv[sbr]\.[A-Za-z0-9_-]{16,}|\b(?:SK|AC)[0-9a-f]{32}\b|\b\d{6,}:[A-Za-z0-9_-]{30,}|AccountKey=\S+|\b\w{10,}\.atlasv1\.\S+",
            # RFC 7617, RFC 6750; what `curl -u` takes
            r"\bBasic\s+[A-Za-z0-9+/]{8,}={0,2}|\bBearer\s+[A-Za-z0-9._~+/-]{12,}=*|(?<!\S)(?:-u|--user)[ =]?[\"']?[^\s:\"']+:[^\s$]\S*",
            # RFC 3986 §3.2.1: user information with a password
            r"\b[A-Za-z][A-Za-z0-9+.-]*://[^\s/@:]*:[^\s@]+@\S+",
        )
    ),
    re.DOTALL,
)
_NAME = (
    r"(?:pass(?:word|wd|phrase)?|pwd|secret|token|credential|(?:api|app|access|private|auth|account|encryption|master|shared|signing)[_-]?key|"
    r"비밀번호|비번|패스워드|암호|시크릿|토큰|인증\s*키|비밀\s*키|개인\s*키)"
)
_SIGN = r"[\\\"'`\])]*\s*(?:=>|:=|=|:)\s*"  # between a name and its value, in JSON inside of JSON too
_VALUE = r"(?:(?P<quote>\\*[\"'`]).*?(?P=quote)|\S+)"
_ASSIGNED = re.compile(rf"({_NAME}\w*+{_SIGN}){_VALUE}", re.IGNORECASE | re.DOTALL)
# `{"name": "DB_PASSWORD", "value": "…"}`, and the other way round.
_NAMED_BESIDE = re.compile(rf"({_NAME}\w*+[\\\"']*\s*,\s*[\\\"']*(?:val|value|default){_SIGN}){_VALUE}", re.IGNORECASE | re.DOTALL)
_VALUE_BESIDE = re.compile(
    rf"(\b(?:val|value|default){_SIGN})(?P<quote>\\*[\"']).{{1,500}}?(?P=quote)(?=\s*,\s*[\\\"']*(?:name|key){_SIGN}[\\\"']*\w*?{_NAME})",
    re.IGNORECASE,
)
# In a sentence: the password is hunter2. A word without a digit may be one of the sentence's own.
_TOLD = re.compile(rf"({_NAME}(?:\s+(?:is|are|was)|[은는이가]|\s*->)\s+)(?=\S*[0-9])\S+", re.IGNORECASE)
_NAMED = re.compile(_NAME, re.IGNORECASE)
_SECRET_FILE = re.compile(r"secret|credential|passw|private|\.env|id_[a-z0-9]+$|\.(?:pem|key|pfx|p12)$", re.IGNORECASE)
# Of code such as private.tf or secrets.py every name and word would be taken for a secret; what is one there, marks and forms tell.
_VALUES_FILE = re.compile(
    r"\.env|\.(?:tfvars|json|ya?ml|ini|cfg|conf|toml|properties|txt|pem|key|pfx|p12)$|^[^.]+$|\.(?:dev|prod|staging|local)$", re.IGNORECASE
)
_IN_FILE = re.compile(r"\"((?:[^\"\\\n]|\\.)+)\"|'([^'\n]+)'|[=:][ \t]*([^\s\"'{\[(]+)")
# Words that settings such as `http_tokens` are made of, and those that findings are: they would be everywhere, and tell nothing.
_ORDINARY = frozenset({"required", "optional", "enabled", "disabled", "true", "false", *SEVERITIES, *get_args(Category)})
_RUN = re.compile(r"[A-Za-z0-9+/_=-]{16,}")


def prepared(values: Iterable[str]) -> tuple[str, ...]:
    """Values known to be secret as `redacted` takes them: the longest first, without those too short to be told from other words."""
    return tuple(sorted((value for value in set(values) - _ORDINARY if len(value) >= LEAST), key=lambda value: (-len(value), value)))


def redacted(text: str, hidden: Sequence[str] = ()) -> str:
    """The text without secrets. `hidden` as `prepared` gives it."""
    for value in hidden:
        text = text.replace(value, REDACTED)
    text = _FORMATS.sub(REDACTED, text)
    for pattern in (_NAMED_BESIDE, _VALUE_BESIDE, _ASSIGNED, _TOLD):
        text = pattern.sub(lambda found: f"{found[1]}{REDACTED}", text)
    return _RUN.sub(lambda run: REDACTED if _suspicious(run[0], hidden) else run[0], text)


def names_a_secret(name: str) -> bool:
    """Whether a name speaks of a secret: `db_password`, `API-KEY`."""
    return _NAMED.search(name) is not None


def hidden_values(review: Review) -> frozenset[str]:
    """The values of both sides that the provider's schema or Terraform's marks call sensitive, or whose name speaks of a secret."""
    graphs = (graph for root in review.roots for graph in (root.graph, root.base_graph) if graph is not None)
    found: set[str] = set()
    for graph in graphs:
        for resource in graph.resources.values():
            found.update(_secret_leaves(resource.values, resource.sensitive))
        for call in graph.configuration.modules:
            found.update(_secret_leaves(call.values, frozenset()))
        outputs = graph.configuration.outputs
        found.update(_secret_leaves(outputs, graph.configuration.sensitive_outputs))
    return frozenset(found)


def hidden_in_files(tree: SourceTree) -> frozenset[str]:
    """Every value in the files of a tree whose name says that they hold secrets: `secret.tfvars`, `.env`, `id_rsa`; not in code."""
    names = ((path, path.rpartition("/")[2]) for path in tree.files)
    paths = (path for path, name in names if _SECRET_FILE.search(name) and _VALUES_FILE.search(name))
    return frozenset(value for path in paths for value in hidden_in_text(tree.files[path]))


def hidden_in_text(content: bytes) -> Iterator[str]:
    """What stands in quotes or behind a sign of equality in a file of values."""
    for found in _IN_FILE.finditer(content.decode(errors="replace")):
        yield next(group for group in found.groups() if group is not None)


def _secret_leaves(values: Mapping[str, Datum], sensitive: Collection[str]) -> Iterator[str]:
    for path, leaf in leaves(values):
        if isinstance(leaf, str) and (names_a_secret(path) or any(_within(path, each) for each in sensitive)):
            yield from _lines(leaf)


def _within(path: str, above: str) -> bool:
    return above in {"", path} or (path.startswith(above) and path[len(above)] in ".[")


def _lines(value: str) -> Iterable[str]:
    """A value and each of its lines: a message may quote one of them, on one line."""
    return dict.fromkeys((value, " ".join(value.split()), *(line.strip() for line in value.splitlines())))


def _suspicious(run: str, hidden: Sequence[str]) -> bool:
    """Whether a run of letters and digits is too random for a name, or base64 of something that must not leave."""
    decoded = _decoded(run)
    if decoded and (_FORMATS.search(decoded) or _ASSIGNED.search(decoded) or any(each in decoded for each in hidden)):
        return True
    # A path of mixed case comes to 3.7 bits a character, a random key of 20 characters to 3.9 and more.
    return _random(run, 4.1 if "/" in run else 3.8) or any(_random(piece, 4.1) for piece in run.split("/"))


def _random(run: str, bits: float) -> bool:
    """Whether it is hexadecimal and long, or letters of both cases and digits with so many bits a character."""
    kinds = sum(any(test(character) for character in run) for test in (str.islower, str.isupper, str.isdigit))
    return bool(re.fullmatch(r"[0-9a-f]{24,}|[0-9A-F]{24,}", run)) or (len(run) >= 20 and kinds == 3 and _entropy(run) >= bits)


def _decoded(run: str) -> str:
    """Text that this is base64 of; empty when it is of none."""
    body = run.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _entropy(text: str) -> float:
    """Bits a character."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())
