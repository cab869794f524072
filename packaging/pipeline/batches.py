"""Labelled documents as the network reads them: windows with the numbers to learn, gathered in batches."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import torch
from spacy.tokens import Doc
from torch import Tensor

from annotator.suggest.encoder.layout import ENTITY_TAGS, POLARITIES
from annotator.suggest.encoder.pieces import WordPieces
from annotator.suggest.encoder.windows import Window, Words, windows, words_of_doc

UNLABELLED = -100  # what a loss leaves out
TAG = {tag: number for number, tag in enumerate(ENTITY_TAGS)}


@dataclass(frozen=True, slots=True)
class Stance:
    """A stance in words: half-open spans, the word it hangs on, and its polarity's number."""

    anchor: int
    polarity: int
    evidence: tuple[int, int]
    holder: tuple[int, int]
    target: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tree:
    """The syntax of one sentence: each word's tag, head (len(words) for the root) and relation."""

    tags: list[int]
    heads: list[int]
    relations: list[int]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text in words with what is known of it; None is not known."""

    words: Words
    entities: list[int] | None = None
    stances: list[Stance] | None = None
    tree: Tree | None = None


@dataclass(slots=True)
class Batch:
    """Windows side by side. Rows are padded; word columns count from each window's first word read."""

    pieces: Tensor
    shapes: Tensor
    mask: Tensor
    first: Tensor
    entities: Tensor
    anchors: Tensor | None = None
    stances: list[list[Stance]] = field(default_factory=list)
    sentences: list[list[int]] = field(default_factory=list)
    trees: list[Tree | None] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Example:
    window: Window
    text: Labelled


def labelled(doc: Doc) -> Labelled:
    """The document's words with its entities; tokens whose entity is missing stay unlabelled."""
    words, kept = words_of_doc(doc)
    tags = [
        UNLABELLED
        if (token := doc[i]).ent_iob == 0
        else TAG[f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else "O"]
        for i in kept
    ]
    return Labelled(words, entities=tags)


def examples(text: Labelled, pieces: WordPieces) -> Iterator[Example]:
    return (Example(window, text) for window in windows(text.words, pieces))


def batches(
    found: Iterable[Example], size: int, random_: random.Random, pool: int = 4000
) -> Iterator[list[Example]]:
    """Examples of like length together, `size` pieces with padding at most, in random order."""
    waiting: list[Example] = []
    for example in found:
        waiting.append(example)
        if len(waiting) == pool:
            yield from _cut(waiting, size, random_)
            waiting = []
    yield from _cut(waiting, size, random_)


def _cut(waiting: list[Example], size: int, random_: random.Random) -> list[list[Example]]:
    waiting.sort(key=lambda example: len(example.window.pieces))
    made: list[list[Example]] = []
    for example in waiting:
        if made and (len(made[-1]) + 1) * len(example.window.pieces) <= size:
            made[-1].append(example)
        else:
            made.append([example])
    random_.shuffle(made)
    return made


def padded(rows: Sequence[Sequence[int]], value: int) -> Tensor:
    width = max(map(len, rows))
    return torch.tensor([[*row, *[value] * (width - len(row))] for row in rows])


def batch(chosen: Sequence[Example]) -> Batch:
    """The windows as tensors; what stands around a window is read but not learnt."""
    spans = [range(example.window.low, example.window.high) for example in chosen]
    made = Batch(
        padded([example.window.pieces for example in chosen], 0),
        padded([example.window.shapes for example in chosen], 0),
        padded([[1] * len(example.window.pieces) for example in chosen], 0),
        padded([example.window.first for example in chosen], 0),
        padded([_entities(example) for example in chosen], UNLABELLED),
    )
    made.trees = [example.text.tree for example in chosen]
    made.stances = [_stances(example) for example in chosen]
    made.sentences = [e.text.words.sentences[e.window.low : e.window.high] for e in chosen]
    width = max(map(len, spans))
    if any(example.text.stances is not None for example in chosen):
        made.anchors = torch.full((len(chosen), width, len(POLARITIES)), float("nan"))
        for row, example in enumerate(chosen):
            if example.text.stances is not None:
                window = example.window
                made.anchors[row, window.start - window.low : window.end - window.low] = 0.0
                for stance in made.stances[row]:
                    made.anchors[row, stance.anchor, stance.polarity] = 1.0
    return made


def _entities(example: Example) -> list[int]:
    window, tags = example.window, example.text.entities
    if tags is None:
        return [UNLABELLED] * (window.high - window.low)
    return [tags[i] if window.start <= i < window.end else UNLABELLED for i in range(window.low, window.high)]


def _stances(example: Example) -> list[Stance]:
    """The stances anchored in the window, counted from its first word read; a part beyond it is (0, 0)."""
    window = example.window

    def moved(span: tuple[int, int]) -> tuple[int, int]:
        inside = window.low <= span[0] and span[1] <= window.high
        return (span[0] - window.low, span[1] - window.low) if inside else (0, 0)

    return [
        Stance(
            stance.anchor - window.low,
            stance.polarity,
            moved(stance.evidence),
            moved(stance.holder),
            moved(stance.target),
        )
        for stance in example.text.stances or ()
        if window.start <= stance.anchor < window.end
    ]
