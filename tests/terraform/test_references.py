"""The nearest name is found among a few, however many there are and however long they are."""

from __future__ import annotations

import difflib
from unittest.mock import patch

from clops_app.terraform.references import nearest
from tests.terraform.configurations import root


def test_a_slip_in_the_middle_or_at_one_end_is_seen() -> None:
    known = ["instance_type", "instance_profile", "ami", "user_data"]
    assert [nearest(name, known) for name in ("instnce_type", "nstance_type", "instance_typ", "am", "zzz", "")] == [
        "instance_type", "instance_type", "instance_type", "ami", "", "",
    ]  # fmt: skip


def test_few_names_are_compared_and_no_long_one() -> None:
    with patch.object(difflib, "get_close_matches", wraps=difflib.get_close_matches) as compared:
        assert nearest("name_7000", [*(f"name_{number}" for number in range(1_500)), "n" * 100_000, "name_70000"]) == "name_70000"
        assert len(compared.call_args.args[1]) <= 50
        assert nearest("n" * 100_000, ["n" * 99_999]) == ""
    assert compared.call_count == 1


def test_after_so_many_mistakes_no_more_is_guessed() -> None:
    text = "".join(
        f'resource "aws_sqs_queue" "queue_{number}" {{\n  name = aws_sqs_queue.qeue_{number}.name\n}}\n' for number in range(300)
    )
    with patch.object(difflib, "get_close_matches", wraps=difflib.get_close_matches) as compared:
        told = [diagnostic.why for diagnostic in root(text).diagnostics]
    assert any("Did you mean `aws_sqs_queue.queue_1`?" in one for one in told)
    assert compared.call_count <= 200


def test_questions_without_an_answer_take_no_hint_from_others() -> None:
    text = "".join(f'resource "aws_s3_bucket" "b{number}" {{\n  brandnew_zq = 1\n}}\n' for number in range(300))
    told = [diagnostic.why for diagnostic in root(text + 'resource "aws_s3_bucket" "last" {\n  bukcet = "x"\n}\n').diagnostics]
    assert any("Did you mean `bucket`?" in one for one in told)
