"""Which texts are for training, development and test, and that no held-out sentence is trained on.

`splits.toml` names what is held out. Whatever it does not name is for training.
"""

import tomllib
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from composed import composed
from corpora import sentence_key
from stand_off import BETWEEN, LABELS, LabelsError, Record, read

TRAIN, DEV, TEST = "train", "dev", "test"
# Our parts' names and their files of labels.
OURS = {
    "voa": "voa_news",
    "gmb_news": "gmb_news",
    "mtsc": "mtsc_news",
    "own": "own_articles",
    "constructions": "constructions",
}
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Split:
    """The names held out of one collection."""

    dev: frozenset[str | int] = frozenset()
    test: frozenset[str | int] = frozenset()

    def part(self, name: str | int) -> str:
        """The part a text or block belongs to."""
        return TEST if name in self.test else DEV if name in self.dev else TRAIN


@cache
def splits() -> Mapping[str, Split]:
    """The split of each collection in `splits.toml`."""
    return {
        name: Split(*(frozenset(table.get(part, ())) for part in (DEV, TEST)))
        for name, table in tables().items()
    }


@cache
def tables() -> dict[str, Any]:
    with (HERE / "splits.toml").open("rb") as file:
        return tomllib.load(file)


def gmb_blocks(count: int) -> Iterator[tuple[str, range]]:
    """The part and the numbers of each block of GMB's `count` sentences; a story lies mostly in one block."""
    size = tables()["gmb_voa"]["block"]
    for block, start in enumerate(range(0, count, size)):
        yield splits()["gmb_voa"].part(block), range(start, min(start + size, count))


def sentence_keys(record: Record) -> list[str]:
    return [sentence_key(line) for line in record["text"].splitlines() if line.strip()]


def without(record: Record, keys: frozenset[str]) -> Record:
    """The record without the sentences of those keys, their marks, and stances that reach into them."""
    sentences = record["text"].split(BETWEEN)
    left = [sentence for sentence in sentences if sentence_key(sentence) not in keys]
    if len(left) == len(sentences):
        return record
    moved: dict[int, int] = {}  # old offsets of what stays -> new
    old = new = 0
    for sentence in sentences:
        if sentence_key(sentence) not in keys:
            moved |= {old + i: new + i for i in range(len(sentence) + 1)}
            new += len(sentence) + len(BETWEEN)
        old += len(sentence) + len(BETWEEN)

    def stays(mark: Record) -> bool:
        return all(
            part[edge] in moved
            for part in (mark, mark.get("holder", mark), mark.get("target", mark))
            for edge in ("start", "end")
        )

    def at_new_place(mark: Record) -> Record:
        inner = {name: at_new_place(mark[name]) for name in ("holder", "target") if name in mark}
        return mark | inner | {"start": moved[mark["start"]], "end": moved[mark["end"]]}

    marks = {kind: [at_new_place(m) for m in record[kind] if stays(m)] for kind in ("spans", "stances")}
    return record | {"text": BETWEEN.join(left)} | marks


def our_texts(data: Path) -> dict[str, list[Record]]:
    """Our labelled texts by part (`voa_train` and so on), training texts without the sentences held out."""
    found: dict[str, list[Record]] = {}
    for name, file in OURS.items():
        split = splits().get(file, Split())
        for record in read(LABELS / f"{file}.jsonl", data):
            found.setdefault(f"{name}_{split.part(record['id'])}", []).append(record)
    found["composed_train"] = list(composed())
    held = frozenset(
        key
        for part, records in found.items()
        if not part.endswith(TRAIN)
        for record in records
        for key in sentence_keys(record)
    )
    return {
        part: [without(record, held) for record in records] if part.endswith(TRAIN) else records
        for part, records in found.items()
    }


def check_apart(trained: Mapping[str, Set[str]], held: Mapping[str, Set[str]]) -> None:
    """Raises LabelsError if a training part holds a sentence of a held-out one; parts are sets of keys."""
    shared = [
        f"{number} of {kept} in {part}"
        for part, keys in trained.items()
        for kept, others in held.items()
        if (number := len(keys & others))
    ]
    if shared:
        raise LabelsError(f"Training parts hold sentences that are kept aside: {', '.join(shared)}")
