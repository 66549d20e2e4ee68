"""What ClOps says of whole situations, word for word."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from clops_app.review.schema import schema
from tests.stories.tell import HERE, STORIES, tell


@pytest.mark.parametrize("story", STORIES)
def test_a_story_is_told_as_it_is_written_down(story: str) -> None:
    told = tell(story)
    assert {name: (HERE / story / name).read_text(encoding="utf-8") for name in told} == dict(told)


@pytest.mark.parametrize("story", STORIES)
def test_a_told_document_is_what_its_schema_says(story: str) -> None:
    document = json.loads(tell(story)["review.json"])
    assert [error.message for error in Draft202012Validator(schema("review")).iter_errors(document)] == []
