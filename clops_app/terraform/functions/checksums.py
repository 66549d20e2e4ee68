"""Functions that give a fingerprint, an identifier or a secret."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping

from clops_app.language import tr
from clops_app.model.types import type_number, type_string
from clops_app.model.values import Unknown
from clops_app.terraform.functions.signature import Function, Parameter, bad_argument, bad_call, texts
from clops_app.terraform.quoting import go_quoted
from clops_app.terraform.values import T

# RFC 9562, section 6.6: the namespaces that have names.
_NAMESPACES: Mapping[str, str] = {
    name: f"6ba7b81{digit}9dad11d180b400c04fd430c8" for name, digit in (("dns", 0), ("url", 1), ("oid", 2), ("x500", 4))
}
_UUID = re.compile(r"(?:urn:uuid:)?\{?[0-9a-fA-F]{8}(-?)(?:[0-9a-fA-F]{4}\1){3}[0-9a-fA-F]{12}\}?")


def hexadecimal(algorithm: str, content: bytes) -> str:
    """The digest of the content in hexadecimal."""
    return hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()


def in_base64(algorithm: str, content: bytes) -> str:
    """The digest of the content in base64."""
    return base64.b64encode(hashlib.new(algorithm, content, usedforsecurity=False).digest()).decode()


def _of_text(digest: Callable[[str, bytes], str], algorithm: str) -> Function:
    return Function(texts("str"), lambda text: digest(algorithm, text.encode()), returns=type_string)


def _uuidv5(namespace: str, name: str) -> T:
    """A name's UUID in a namespace, as RFC 9562 builds version 5; the `uuid` module is kept out, for it also makes random ones."""
    space = _NAMESPACES.get(namespace)
    if space is None:
        if _UUID.fullmatch(namespace) is None:
            raise bad_call(f"uuidv5() doesn't support namespace {namespace}")
        space = namespace.removeprefix("urn:uuid:").replace("-", "").strip("{}")
    digits = hexadecimal("sha1", bytes.fromhex(space) + name.encode())[:32]
    variant = "89ab"[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def _rsadecrypt(ciphertext: str, private_key: str) -> T:
    """What cannot be decrypted is refused; what can be is Terraform's to know."""
    try:
        base64.b64decode(ciphertext, validate=True)
    except ValueError as error:
        raise bad_argument(0, f"failed to decode input {go_quoted(ciphertext)}: cipher text must be base64-encoded") from error
    if "-----BEGIN " not in private_key:
        raise bad_argument(1, "invalid private key: no key found")
    return Unknown(tr("rsadecrypt() is only run by Terraform"), not_null=True, type=type_string)


def _another_each_time(function: str) -> Callable[..., T]:
    return lambda *_: Unknown(tr("{function} gives another result each time", function=function), not_null=True, type=type_string)


FUNCTIONS: Mapping[str, Function] = {
    "base64sha256": _of_text(in_base64, "sha256"),
    "base64sha512": _of_text(in_base64, "sha512"),
    "bcrypt": Function(texts("str"), _another_each_time("bcrypt()"), Parameter("cost", type_number), returns=type_string),
    "md5": _of_text(hexadecimal, "md5"),
    "rsadecrypt": Function(texts("ciphertext", "privatekey"), _rsadecrypt, returns=type_string),
    "sha1": _of_text(hexadecimal, "sha1"),
    "sha256": _of_text(hexadecimal, "sha256"),
    "sha512": _of_text(hexadecimal, "sha512"),
    "uuid": Function((), _another_each_time("uuid()"), returns=type_string),
    "uuidv5": Function(texts("namespace", "name"), _uuidv5, returns=type_string),
}
