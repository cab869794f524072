"""Motion of the caret and growth of the selection, as functions over a text and values."""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from annotator.domain.text import Span, sentence_at, sentences, token_at, tokens, trimmed, word_at
from annotator.ui.article.blocks import Blocks


class Motion(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    WORD_LEFT = "word left"
    WORD_RIGHT = "word right"
    SENTENCE_LEFT = "sentence left"
    SENTENCE_RIGHT = "sentence right"
    UP = "up"
    DOWN = "down"
    PARAGRAPH_UP = "paragraph up"
    PARAGRAPH_DOWN = "paragraph down"
    LINE_START = "line start"
    LINE_END = "line end"
    PAGE_UP = "page up"
    PAGE_DOWN = "page down"
    START = "start"
    END = "end"


class Cursor(NamedTuple):
    """The caret at `position` and the other end of the selection at `anchor`, in code points.

    `goal` is the x that vertical motion keeps, in pixels; None after any other motion.
    """

    anchor: int = 0
    position: int = 0
    goal: float | None = None

    @property
    def span(self) -> Span | None:
        """The selection; None when nothing is selected."""
        start, end = sorted((self.anchor, self.position))
        return Span(start, end) if start < end else None

    def moved(self, position: int, *, extend: bool, goal: float | None = None) -> "Cursor":
        return Cursor(self.anchor if extend else position, position, goal)

    def collapsed(self) -> "Cursor":
        return self._replace(anchor=self.position)


def word_right(text: str, blocks: Blocks, position: int) -> int:
    """The end of the token that holds the position or comes next, so that extending selects whole ones."""
    for block in range(blocks.at(position), len(blocks)):
        start, end = blocks.starts[block], blocks.ends[block]
        for token in tokens(text[start:end]):
            if start + token.end > position:
                return start + token.end
    return len(text)


def word_left(text: str, blocks: Blocks, position: int) -> int:
    """The start of the token before the position, or that holds it."""
    for block in range(blocks.at(position), -1, -1):
        start, end = blocks.starts[block], blocks.ends[block]
        for token in reversed(tokens(text[start:end])):
            if start + token.start < position:
                return start + token.start
    return 0


def sentence_right(text: str, blocks: Blocks, position: int) -> int:
    """The end of the sentence that holds the position or comes next."""
    for block in range(blocks.at(position), len(blocks)):
        for sentence in sentences(text, blocks.starts[block], blocks.ends[block]):
            if sentence.end > position:
                return sentence.end
    return len(text)


def sentence_left(text: str, blocks: Blocks, position: int) -> int:
    """The start of the sentence before the position, or that holds it."""
    for block in range(blocks.at(position), -1, -1):
        for sentence in reversed(sentences(text, blocks.starts[block], blocks.ends[block])):
            if sentence.start < position:
                return sentence.start
    return 0


def paragraph_up(text: str, blocks: Blocks, position: int) -> int:
    """The start of the paragraph, or of the one before it; blank ones are passed over."""
    for block in range(blocks.at(position), -1, -1):
        start, end = blocks.starts[block], blocks.ends[block]
        if blocks.opens[block] and start < position and not text[start:end].isspace() and end > start:
            return start
    return 0


def paragraph_down(text: str, blocks: Blocks, position: int) -> int:
    """The start of the next paragraph that is not blank, else the end of the text."""
    for block in range(blocks.at(position) + 1, len(blocks)):
        start, end = blocks.starts[block], blocks.ends[block]
        if blocks.opens[block] and end > start and not text[start:end].isspace():
            return start
    return len(text)


def token_around(text: str, blocks: Blocks, position: int) -> Span | None:
    """The token that holds the position or ends there: a part of a word with hyphens or apostrophes."""
    block = blocks.at(position)
    return token_at(text, position, (blocks.starts[block], blocks.ends[block]))


def word_around(text: str, blocks: Blocks, position: int) -> Span | None:
    """The word that holds the position or ends there."""
    block = blocks.at(position)
    return word_at(text, position, (blocks.starts[block], blocks.ends[block]))


def sentence_around(text: str, blocks: Blocks, position: int) -> Span | None:
    """The sentence at a position, sought in its block; None in a blank one."""
    block = blocks.at(position)
    return sentence_at(text, position, (blocks.starts[block], blocks.ends[block]))


def paragraph_around(text: str, blocks: Blocks, position: int) -> Span | None:
    return trimmed(text, *blocks.paragraph(blocks.at(position)))


def grown(text: str, blocks: Blocks, cursor: Cursor) -> Span | None:
    """The smallest of token, word, sentence and paragraph that is larger than the selection; None beyond."""
    span = cursor.span
    at = span.start if span else cursor.position
    steps: tuple[Callable[[str, Blocks, int], Span | None], ...] = (
        token_around, word_around, sentence_around, paragraph_around,
    )  # fmt: skip
    for step in steps:
        found = step(text, blocks, at)
        if found and (span is None or (found.covers(span) and found != span)):
            return found
    return None
