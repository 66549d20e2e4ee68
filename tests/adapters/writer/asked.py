"""What the tests of writers ask for, and what they get where nothing is wrong."""

from __future__ import annotations

from clops_app.model.writing import Explanation, Prompt, Writing

PROMPT = Prompt("You review Terraform: s3cr3t-prompt.", '{"facts": "s3cr3t-facts"}')
SECONDS = 20
WRITING = Writing(
    headline="Costs {{cost.delta}} more.",
    story=("Die erste Flut trifft {{finding:1.address}}.", "두 번째 문단."),
    explanations=(Explanation("finding:1", "One zone only."),),
    priorities=("finding:1",),
    questions=("Who is on call?",),
)
