"""Configurations broken by chance, evaluated and reviewed: none may raise, none may take longer than two seconds.

    python -m tests.bench.fuzz --count 100000 [--seed N] [--workers N] [--roots DIRECTORY ...]

Inputs are our own roots and rules' proofs with tokens deleted, doubled, swapped, replaced or cut, roots of invented
expressions, and roots in which everything refers to everything. Each worker is a process of its own, killed when one input takes longer than the limit. Prints what was found and
the slowest inputs; ends with 1 unless all is well.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import re
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path

from clops_app.hcl.json_syntax import parse_json
from clops_app.hcl.parser import parse
from clops_app.model.source import SourceTree
from clops_app.terraform.evaluate import evaluate
from tests.bench.tangles import Tangle
from tests.oracle.invent import Inventor

HOUSE = Path(__file__).parents[2]
LIMIT_SECONDS = 2.0
# What an input may take beyond the limit before its worker is given up: the machine may be busy with something else.
_GRACE = 3.0
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|[A-Za-z_][\w.-]*|\d+(?:\.\d+)?|<<-?\w+|[^\w\s]|\s+')
_SPARE = (
    '"', '"${', "}", "{", "[", "]", "(", ")", "=", ",", "%{ if ", "%{ endif }", "<<EOT\n", "EOT\n", "/*", "*/", "#", "...", "[*]", ".*", "null", "1e9999",
    "-", "!", "?", ":", "=>", "for", "in", "if", "each.value", "count.index", "self", "${", "\x00", "é", "\U0001f600", "\r", "\ufeff", "'", "0x", "1.2.3", "::",
    "9" * 300, "toset(", "try(", "[for x in y : x]", "{for k, v in m : k => v...}", "count = 3\n", "for_each = {}\n", 'dynamic "x" {\n', "var.a", "local.a",
)  # fmt: skip
_MODULE = 'variable "a" {}\noutput "b" {\n  value = var.a\n}\n'
_CALL = b'module "m" {\n  source = "./called"\n  a = 1\n}\noutput "o" {\n  value = module.m\n}\n'


@dataclass(slots=True)
class Found:
    done: int = 0
    raised: list[tuple[int, str]] = field(default_factory=list)
    slow: list[tuple[float, int]] = field(default_factory=list)
    slowest: list[tuple[float, int]] = field(default_factory=list)


def seeds(roots: Sequence[Path]) -> list[str]:
    """The texts that are mutated."""
    texts = [path.read_text(encoding="utf-8") for root in roots for path in sorted(root.rglob("*.tf")) if path.stat().st_size < 20_000]
    return [text for text in texts if text.strip()]


def made(texts: Sequence[str], seed: int) -> dict[str, bytes]:
    """The files of a number, by their paths: the same for the same number."""
    dice = random.Random(seed)
    chance = dice.random()
    if chance < 0.25:
        files = Tangle(dice).files()
    else:
        files = {"main.tf": _invented(dice) if chance < 0.45 else _broken(dice, texts), "m/x.tf": _MODULE}
    return {path: text.encode("utf-8", "surrogatepass") for path, text in files.items()}


def _broken(dice: random.Random, texts: Sequence[str]) -> str:
    text = dice.choice(texts)
    if dice.random() < 0.2:
        text += dice.choice(texts)
    return _mutated(dice, text)


def _invented(dice: random.Random) -> str:
    count = dice.randrange(1, 12)
    expressions = [text for _, text in Inventor(dice.randrange(10**9)).expressions(200)]
    chosen = [dice.choice(expressions) for _ in range(count)]
    lines = [f"  l{number} = {text}" for number, text in enumerate(chosen)]
    text = "locals {\n" + "\n".join(lines) + "\n}\n"
    text += 'resource "aws_instance" "x" {\n  count = local.l0\n  ami = local.l0\n  tags = { a = aws_instance.x[0].id }\n}\n'
    text += 'resource "aws_sqs_queue" "y" {\n  for_each = local.l0\n  name = each.key\n}\noutput "o" {\n  value = aws_sqs_queue.y\n}\n'
    return _mutated(dice, text) if dice.random() < 0.5 else text


def _mutated(dice: random.Random, text: str) -> str:
    tokens = _TOKEN.findall(text)
    for _ in range(dice.choice((1, 1, 2, 3, 5, 10))):
        if not tokens:
            break
        at = dice.randrange(len(tokens))
        match dice.randrange(8):
            case 0:
                del tokens[at]
            case 1:
                tokens.insert(at, tokens[at])
            case 2:
                other = dice.randrange(len(tokens))
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case 3:
                tokens[at] = dice.choice(_SPARE)
            case 4:
                tokens.insert(at, dice.choice(_SPARE))
            case 5:
                tokens[at] = dice.choice(tokens)
            case 6:
                del tokens[at : at + dice.randrange(1, 20)]
            case _:
                tokens[at:at] = tokens[at : at + dice.randrange(1, 30)] * dice.choice((1, 2, 50))
    return "".join(tokens) if dice.random() > 0.05 else "".join(tokens)[: dice.randrange(1, len(text) + 2)]


def judge(files: Mapping[str, bytes]) -> None:
    """Read the text in both syntaxes, and evaluate it as a root, alone and as the module of another."""
    parse("main.tf", files["main.tf"])
    parse_json("main.tf.json", files["main.tf"])
    evaluate(SourceTree(files), "")
    evaluate(SourceTree({"main.tf": _CALL, **{f"called/{path}": content for path, content in files.items()}}), "")


def _work(pipe: Connection, texts: Sequence[str]) -> None:
    while (number := pipe.recv()) is not None:
        files = made(texts, number)
        began = time.process_time()
        try:
            judge(files)
        except BaseException:  # noqa: BLE001 - whatever it is, it is what is looked for
            pipe.send((time.process_time() - began, traceback.format_exc()))
        else:
            pipe.send((time.process_time() - began, ""))


def run(texts: Sequence[str], numbers: Iterator[int], workers: int) -> Found:
    """Judge every input. The time counted is the worker's own."""
    found = Found()
    hands = [_Hand(texts) for _ in range(workers)]
    while busy := [hand for hand in hands if hand.number is not None or hand.give(next(numbers, None))]:
        wait([hand.pipe for hand in busy], timeout=0.2)
        for hand in busy:
            answer = hand.answer()
            if answer is not None:
                _note(found, *answer)
    for hand in hands:
        hand.end()
    return found


def _note(found: Found, number: int, seconds: float, failure: str) -> None:
    found.done += 1
    if failure:
        found.raised.append((number, failure))
    if seconds > LIMIT_SECONDS:
        found.slow.append((seconds, number))
    found.slowest = sorted([*found.slowest, (seconds, number)], reverse=True)[:10]


class _Hand:
    """One worker process and what it is busy with."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.number: int | None = None
        self.began = 0.0
        self._start()

    def _start(self) -> None:
        self.pipe, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=_work, args=(theirs, self.texts), daemon=True)
        self.process.start()

    def give(self, number: int | None) -> bool:
        if number is None:
            return False
        self.number, self.began = number, time.monotonic()
        self.pipe.send(number)
        return True

    def answer(self) -> tuple[int, float, str] | None:
        number = self.number
        if number is None:
            return None
        if self.pipe.poll():
            self.number = None
            try:
                seconds, failure = self.pipe.recv()
            except EOFError:
                self._start()
                return number, time.monotonic() - self.began, "the process died"
            return number, seconds, failure
        if time.monotonic() - self.began > LIMIT_SECONDS + _GRACE:
            self.process.kill()
            self.process.join()
            self.number = None
            self._start()
            return number, time.monotonic() - self.began, ""
        return None

    def end(self) -> None:
        self.pipe.send(None)
        self.process.join()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--show", type=int, help="print the files of this number and end")
    parser.add_argument("--roots", nargs="*", type=Path, default=[HOUSE / "tests/oracle/roots", HOUSE / "examples", HOUSE / "rules"])
    given = parser.parse_args()
    texts = seeds(given.roots)
    if given.show is not None:
        for path, content in made(texts, given.show).items():
            sys.stdout.buffer.write(b"# %s\n%s\n" % (path.encode(), content))
        return 0
    began = time.monotonic()
    found = run(texts, iter(range(given.seed * 10**9, given.seed * 10**9 + given.count)), given.workers)
    minutes = (time.monotonic() - began) / 60
    print(
        f"{found.done:,} inputs from {len(texts)} texts in {minutes:.1f} min: {len(found.raised)} raised, {len(found.slow)} over {LIMIT_SECONDS:.0f} s"
    )
    for number, failure in found.raised[:20]:
        print(f"  raised by {number}: {failure.strip().splitlines()[-1][:300]}\n{failure[-1500:]}")
    for seconds, number in found.slowest:
        print(f"  {seconds:7.3f} s: {number}")
    return 1 if found.raised or found.slow else 0


if __name__ == "__main__":
    sys.exit(main())
