"""An article cut into windows that an encoder can read at once, each with what stands around it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from annotator.domain.frozen import frozen
from annotator.suggest.encoder.pieces import WordPieces, shape

if TYPE_CHECKING:
    from spacy.tokens import Doc

# In pieces. An encoder of 512 positions reads a window and its surroundings at once.
CURRENT, BEFORE, AFTER = 256, 96, 32

_ENDS = frozenset(".!?…")
_CLOSING = frozenset("\"'”’)]")


@frozen
class Words:
    """The words of a text without white space; `borders[i]`: word i begins a paragraph.

    `sentences[i]` is the number of the sentence word i stands in, roughly: the encoder is not told.
    """

    texts: list[str]
    borders: list[bool]
    sentences: list[int]


@frozen
class Window:
    """Words [start, end) are to be labelled, words [low, high) are read.

    `first[i]` is where word `low + i` begins among the pieces.
    """

    low: int
    start: int
    end: int
    high: int
    pieces: list[int]
    shapes: list[int]
    first: list[int]


def words_of(texts: Sequence[str], borders: Sequence[bool]) -> Words:
    """Words with their rough sentences, which end with a paragraph or behind a full stop and its quotes."""
    sentences = []
    number = 0
    ended = False
    for text, border in zip(texts, borders, strict=True):
        if border or (ended and text not in _CLOSING):
            number += 1
        ended = text in _ENDS or (ended and text in _CLOSING and not border)
        sentences.append(number)
    return Words(list(texts), list(borders), sentences)


def words_of_doc(doc: "Doc") -> tuple[Words, list[int]]:
    """The document's words without white space, and the number of each one's token."""
    kept: list[int] = []
    borders: list[bool] = []
    border = True
    for token in doc:
        if token.is_space:
            border = border or "\n" in token.text
        else:
            kept.append(token.i)
            borders.append(border)
            border = False
    return words_of([doc[i].text for i in kept], borders), kept


def windows(words: Words, pieces: WordPieces) -> Iterator[Window]:
    """Windows of whole sentences where they fit, that together label every word once."""
    cuts = [pieces(text) for text in words.texts]
    lengths = [len(cut) + border for cut, border in zip(cuts, words.borders, strict=True)]
    start = 0
    while start < len(cuts):
        end = _end(words, lengths, start)
        low = _reach(lengths, start, -1, BEFORE)
        high = _reach(lengths, end, 1, AFTER)
        yield _window(words, cuts, pieces, (low, start, end, high))
        start = end


def _end(words: Words, lengths: Sequence[int], start: int) -> int:
    """Where the window that begins at `start` ends: behind its last whole sentence, if it has one."""
    limit = _reach(lengths, start, 1, CURRENT)
    if limit == len(lengths):
        return limit
    end = limit
    while end > start and words.sentences[end] == words.sentences[end - 1]:
        end -= 1
    return end if end > start else limit


def _reach(lengths: Sequence[int], at: int, step: int, limit: int) -> int:
    """How far words of together `limit` pieces go from `at` on, or back from it."""
    used = 0
    while 0 <= (i := at if step > 0 else at - 1) < len(lengths) and used + lengths[i] <= limit:
        used += lengths[i]
        at += step
    return at


def _window(
    words: Words, cuts: Sequence[tuple[int, ...]], pieces: WordPieces, edges: tuple[int, int, int, int]
) -> Window:
    low, start, end, high = edges
    numbers, shapes, first = [pieces.first], [0], []
    for i in range(low, high):
        if words.borders[i] and i > low:
            numbers.append(pieces.border)
            shapes.append(0)
        first.append(len(numbers))
        numbers += cuts[i]
        shapes += [shape(words.texts[i])] * len(cuts[i])
    return Window(low, start, end, high, [*numbers, pieces.border], [*shapes, 0], first)
