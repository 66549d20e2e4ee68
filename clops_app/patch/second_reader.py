"""A patched file is read a second time, by a parser that is not ours."""

from __future__ import annotations

from clops_app.patch.pieces import Piece

# python-hcl2 takes 6 ms per KB (measured on 719 public files, median 5.5 ms a file): a whole file up to here costs 25 ms
# at most. Of a larger one it is given only what changed; the rest it has no new reason to doubt.
WHOLE_FILE_BYTES = 4 * 1024


def objection(before: bytes, after: bytes, changed: tuple[Piece, ...]) -> str | None:
    """Why python-hcl2 rejects `after`, or None. `changed`: the blocks and attributes that were touched.

    Where it rejects the text before the patch too (it knows no byte order mark and no non-ASCII names) it has no say.
    """
    texts = [(before, after)] if len(after) <= WHOLE_FILE_BYTES else [(piece.before, piece.after + b"\n") for piece in changed]
    for old, new in texts:
        refused = _refusal(new)
        if refused is not None and (old is None or _refusal(old + b"\n") is None):
            return refused
    return None


def _refusal(content: bytes) -> str | None:
    # Imported when a patch is proven: it costs 70 ms, and a review without patches needs none of it.
    import hcl2
    from lark.exceptions import LarkError

    try:
        hcl2.parses_to_tree(content.decode())
    except (LarkError, RuntimeError, UnicodeDecodeError) as error:  # RuntimeError: its own checks, and recursion too deep
        return str(error).strip().partition("\n")[0] or type(error).__name__
    return None
