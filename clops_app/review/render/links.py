"""Where a reader can go from a comment: the lines of a file, the page of a rule."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from clops_app.language import spoken


@dataclass(frozen=True, slots=True)
class Links:
    """`files` is the address of the tree that was reviewed (`https://github.com/acme/game/blob/1a2b3c4`), `rules` that of
    a rule's page in English with `{rule}` in it. Empty: no links, the text stands alone.
    """

    files: str = ""
    rules: str = ""

    def file(self, path: str, start_line: int, end_line: int) -> str:
        if not self.files:
            return ""
        lines = f"#L{start_line}" + (f"-L{end_line}" if end_line > start_line else "")
        return f"{self.files.rstrip('/')}/{quote(path, safe='/')}{lines if start_line > 0 else ''}"

    def rule(self, rule: str) -> str:
        """The page in the language spoken: rule.ko.md is beside rule.md, and the App's pages are asked with `?lang=ko`."""
        address = self.rules.replace("{rule}", quote(rule, safe="/"))
        language = spoken()
        if not address or language == "en":
            return address
        return f"{address.removesuffix('.md')}.{language}.md" if address.endswith(".md") else f"{address}?lang={language}"


def linked(text: str, address: str) -> str:
    """Markdown text, a link if there is somewhere to go. Round brackets in an address would end the link."""
    return f"[{text}]({address.replace('(', '%28').replace(')', '%29')})" if address else text
