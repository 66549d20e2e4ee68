"""A page is one piece of HTML with one style sheet inside; nothing is loaded, nothing runs, and it is readable by night."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from html import escape
from importlib.resources import files

from starlette.responses import HTMLResponse

from clops_app.language import spoken

_STYLE = (files(__package__) / "style.css").read_text(encoding="utf-8")
# A crowd that grows: the one picture, drawn in the page itself.
_MARK = (
    '<svg viewBox="0 0 44 44" aria-hidden="true"><rect width="44" height="44" rx="11" fill="#3b4fd8"/>'
    '<path d="M10 31V25M18 31V20M26 31V15M34 31V9" stroke="#fff" stroke-width="4" stroke-linecap="round"/></svg>'
)
_ICON = "data:image/svg+xml;base64," + b64encode(_MARK.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1).encode()).decode()
_STYLE_HASH = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


def page(title: str, under: str, *sections: str, status: int = 200, forms_to: str = "") -> HTMLResponse:
    """A page of sections, which are HTML, in the language spoken; title and the line under it are text.

    `forms_to`: where its forms may go besides here.
    """
    body = "".join(sections)
    text = (
        f'<!doctype html><html lang="{spoken()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex"><title>{escape(title)}</title>'
        f'<link rel="icon" href="{_ICON}"><style>{_STYLE}</style></head>'
        f"<body><main><header>{_MARK}<div><h1>{escape(title)}</h1><p>{escape(under)}</p></div></header>{body}</main></body></html>"
    )
    policy = (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {forms_to}".strip()
    )
    return HTMLResponse(text, status, {"Content-Security-Policy": policy})


def section(title: str, *parts: str, kind: str = "") -> str:
    """`title` is text, the parts are HTML."""
    opened = f'<section class="{kind}">' if kind else "<section>"
    return f"{opened}<h2>{escape(title)}</h2>{''.join(parts)}</section>"


def facts(pairs: tuple[tuple[str, str], ...]) -> str:
    """Names and values, both text."""
    return f'<dl class="facts">{"".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in pairs)}</dl>'
