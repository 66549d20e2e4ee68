"""Real files, and real files with a slip in them: what Terraform takes is taken, what it refuses is refused, and on the same line.

    python -m tests.oracle.accept_reject DIRECTORY ... [--files N] [--seed N]

draws N of the .tf files below the directories, and makes a mutant of each. `terraform fmt` judges. Prints how many are judged
alike, of how many that both refuse the first error is told on the same line, and every text that is judged otherwise.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.hcl.fmt import errors
from tests.hcl.samples import mutant
from tests.hcl.trees import told

_LARGEST = 64_000
_BATCH = 500


def drawn(directories: Sequence[Path], count: int, chance: random.Random) -> list[str]:
    """The texts of so many different files."""
    every = sorted({path for directory in directories for path in directory.rglob("*.tf") if path.is_file()})
    chance.shuffle(every)
    texts: dict[str, None] = {}
    for path in every:
        if len(texts) == count:
            break
        if 0 < path.stat().st_size <= _LARGEST:
            texts[path.read_bytes().decode("utf-8", "replace")] = None
    return list(texts)


def judged(texts: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Each text with the line of the first error by Terraform and by us; 0 for none."""
    for first in range(0, len(texts), _BATCH):
        batch = texts[first : first + _BATCH]
        with tempfile.TemporaryDirectory() as directory:
            theirs = errors(Path(directory), [text.encode() for text in batch])
        for text, found in zip(batch, theirs, strict=True):
            ours = told(text)
            yield text, found[0][0] if found else 0, ours[0][0] if ours else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directories", nargs="+", type=Path)
    parser.add_argument("--files", type=int, default=2_500)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    real = drawn(given.directories, given.files, chance)
    for name, texts in (("real files", real), ("mutants", [mutant(text, chance) for text in real])):
        alike = refused = same = 0
        for text, theirs, ours in judged(texts):
            alike += bool(theirs) == bool(ours)
            refused += bool(theirs and ours)
            same += bool(theirs and theirs == ours)
            if bool(theirs) != bool(ours):
                print(f"--- Terraform: line {theirs}, ours: line {ours} (0: taken)\n{text[:2_000]}")
        print(f"{len(texts)} {name}: {alike} judged alike; {refused} refused by both, {same} of them on the same line")


if __name__ == "__main__":
    main()
