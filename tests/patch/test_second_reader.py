"""python-hcl2 reads what we wrote, and has no say where it could not read before."""

from __future__ import annotations

from clops_app.hcl.parser import parse
from clops_app.patch.pieces import changed_pieces
from clops_app.patch.second_reader import WHOLE_FILE_BYTES, objection

QUEUE = b'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'


def said(before: bytes, after: bytes) -> str | None:
    return objection(before, after, changed_pieces(before, parse("f", before), after, parse("f", after)))


def test_it_takes_a_good_change() -> None:
    assert said(QUEUE, QUEUE.replace(b'"q"\n', b'"p"\n')) is None


def test_it_names_what_it_refuses() -> None:
    found = said(QUEUE, QUEUE.replace(b'"q"\n', b'"q\n'))
    assert found is not None
    assert found.startswith("Unexpected")


def test_it_has_no_say_where_it_refused_the_file_before() -> None:
    strange = b"\xef\xbb\xbf" + QUEUE
    assert said(strange, strange.replace(b'"q"\n', b'"p"\n')) is None


def test_of_a_large_file_it_reads_what_changed() -> None:
    large = QUEUE + b"# padding\n" * (WHOLE_FILE_BYTES // 10) + b'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'
    assert said(large, large.replace(b'"t"\n', b'"s"\n')) is None
    # A name that Terraform takes and python-hcl2 does not.
    assert said(large, large.replace(b'name = "t"\n', "名 = 1\n".encode())) is not None


def test_a_block_that_only_moved_is_no_change() -> None:
    before, after = QUEUE, b"# moved\n" + QUEUE + b"\nlocals {\n}\n"
    pieces = changed_pieces(before, parse("f", before), after, parse("f", after))
    assert [piece.after for piece in pieces] == [b"locals {\n}"]
