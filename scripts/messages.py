"""Bring the catalogues of clops_app/locale in step with the code: new messages are added empty, gone ones dropped, all compiled.

    python scripts/messages.py            update and compile
    python scripts/messages.py --check    say what is missing or stale, change nothing, exit 1

A new message is translated by hand in clops_app/locale/ko/LC_MESSAGES/clops.po; then run this again.
"""

from __future__ import annotations

import ast
import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HOME = Path(__file__).parent.parent
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # a catalogue that says the same is the same file
LOCALE = HOME / "clops_app" / "locale"
FORMS = {"tr": 1, "tr_noop": 1, "later": 1, "trn": 2}  # what says a message, and how many forms of it


def extracted() -> Catalog:
    """Every message that the code says, with the files that say it."""
    catalogue = Catalog(project="ClOps", creation_date=EPOCH)
    for file in sorted(path for floor in ("clops_app", "rules") for path in (HOME / floor).rglob("*.py")):
        for message in said_in(file.read_text(encoding="utf-8")):
            catalogue.add(message, locations=[(file.relative_to(HOME).as_posix(), None)])
    return catalogue


def said_in(source: str) -> list[str | tuple[str, str]]:
    """The messages of one file in its order. Read from the syntax tree: Babel's reader does not look into f-strings.

    Raises ValueError for a message that is not written out.
    """
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    found = [(node, node.args[: FORMS[node.func.id]]) for node in calls if isinstance(node.func, ast.Name) and node.func.id in FORMS]
    return [message for node, forms in sorted(found, key=lambda pair: pair[0].lineno) if (message := _message(node, forms))]


def _message(node: ast.Call, forms: list[ast.expr]) -> str | tuple[str, str] | None:
    texts = [form.value for form in forms if isinstance(form, ast.Constant) and isinstance(form.value, str)]
    if any(isinstance(form, (ast.JoinedStr, ast.BinOp)) for form in forms):
        raise ValueError(f"a message must be written out, its values as {{places}}: {ast.unparse(node)}")
    if len(texts) < len(forms):
        return None  # what a table holds, noted there with tr_noop
    return (texts[0], texts[1]) if len(texts) == 2 else texts[0]


def read(language: str) -> Catalog:
    with (LOCALE / language / "LC_MESSAGES" / "clops.po").open("rb") as written:
        catalogue = read_po(written, locale=language)
    catalogue.project, catalogue.last_translator, catalogue.language_team, catalogue.msgid_bugs_address = "ClOps", "ClOps", language, "none"
    catalogue.revision_date = EPOCH
    return catalogue


def updated(language: str) -> Catalog:
    """The catalogue with what the code says now; nothing guessed from what looks alike."""
    catalogue = read(language)
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def as_text(catalogue: Catalog) -> bytes:
    written = io.BytesIO()
    write_po(written, catalogue, width=132, sort_output=True, omit_header=False, ignore_obsolete=True)
    return written.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    written = io.BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def languages() -> list[str]:
    return sorted(path.name for path in LOCALE.iterdir() if path.is_dir() and not path.name.startswith(("_", ".")))


def untranslated(catalogue: Catalog) -> list[str]:
    """The messages without a translation, or with half of one."""
    return [
        str(message.id)
        for message in catalogue
        if message.id and not all(message.string if isinstance(message.string, (list, tuple)) else (message.string,))
    ]


def main(arguments: list[str]) -> int:
    wrong = 0
    for language in languages():
        catalogue, home = updated(language), LOCALE / language / "LC_MESSAGES"
        missing = untranslated(catalogue)
        if "--check" in arguments:
            stale = as_text(catalogue) != (home / "clops.po").read_bytes() or compiled(catalogue) != (home / "clops.mo").read_bytes()
            wrong += len(missing) + stale
            if stale:
                print(f"{language}: not in step with the code; run this without --check")
        else:
            (home / "clops.po").write_bytes(as_text(catalogue))
            (home / "clops.mo").write_bytes(compiled(catalogue))
        print(f"{language}: {len(catalogue)} messages, {len(missing)} without a translation")
        for message in missing:
            print(f"  {message}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
