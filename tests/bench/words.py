"""What a model would be told of every story, and of a change of 200 resources: how many tokens, how many facts.

    python -m tests.bench.words [--resources N]

Tokens are the estimate of `clops_app.review.fact_sheet.tokens`. `facts` are told of all there are; `references` is what may be cited.
"""

from __future__ import annotations

import argparse
from datetime import date

from clops_app.model.review import Review
from clops_app.model.source import SourceTree
from clops_app.ports import Checkout
from clops_app.review.fact_sheet import tokens
from clops_app.review.facts import Context, facts_of, numbered
from clops_app.review.prompt import prompt_of
from clops_app.usecases.explain_rule import list_rules
from clops_app.usecases.question import Compared, Question
from clops_app.usecases.review_change import review_change
from clops_app.usecases.think import mind
from tests.stories.tell import STORIES, reviewed

LIMIT = 12_000

# A quarter of each, all of them with something to say.
_BLOCKS = """
resource "aws_db_instance" "main_{n}" {{
  engine            = "postgres"
  instance_class    = "db.t4g.micro"
  allocated_storage = 20
  storage_type      = "gp2"
  publicly_accessible = true
}}

resource "aws_instance" "server_{n}" {{
  ami               = "ami-0abcdef1234567890"
  instance_type     = "t3.micro"
  availability_zone = "us-east-1a"
}}

resource "aws_security_group" "group_{n}" {{
  ingress {{
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}

resource "aws_cloudwatch_log_group" "logs_{n}" {{
  name = "logs-{n}"
}}
"""


def large(resources: int) -> Review:
    """A change that adds so many resources, each written by itself, to nothing but a provider."""
    provider = 'provider "aws" {\n  region = "us-east-1"\n}\n'
    text = provider + "".join(_BLOCKS.format(n=number) for number in range(resources // 4))
    head, base = (
        Checkout(SourceTree({"main.tf": content.encode()}), "", "", mark * 40) for content, mark in ((text, "1"), (provider, "2"))
    )
    return review_change(mind(Question(date(2026, 11, 21))), head, Compared(base, "main"))


def line(name: str, review: Review) -> tuple[str, bool]:
    facts = facts_of(review, list_rules(), Context())
    prompt = prompt_of(facts)
    size = tokens(prompt.fixed), tokens(prompt.facts)
    findings = facts.document.get("findings", [])
    assert isinstance(findings, list)
    ids = {key.rpartition(".")[0] for key in facts.shown}
    told = f"{len(findings)} of {len(numbered(review))}"
    text = f"{name:28}{sum(size):8,} tokens ({size[0]:,} + {size[1]:,}){told:>14} findings{len(ids):6} facts{len(facts.shown):6} references"
    return text, sum(size) <= LIMIT


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resources", type=int, default=200)
    given = parser.parse_args()
    cases = [(story, reviewed(story)) for story in STORIES]
    lines = [line(name, review) for name, review in [*cases, (f"{given.resources} resources", large(given.resources))]]
    print("\n".join(text for text, _ in lines))
    if not all(fits for _, fits in lines):
        raise SystemExit(f"more than {LIMIT:,} tokens")


if __name__ == "__main__":
    main()
