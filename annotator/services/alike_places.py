"""The sentence of a place: what a lead reads before one decision is made for many places alike."""

import re

from annotator.domain.frozen import frozen
from annotator.domain.text import Span, paragraph_at, sentence_at

_REACH = 300  # code points to either side in which the ends of the sentence are sought
_BLANK = re.compile(r"\s+")


@frozen
class Sentence:
    """The words of a place with those before and after them in its sentence, on one line."""

    before: str
    words: str
    after: str

    def __str__(self) -> str:
        return f"{self.before}{self.words}{self.after}"


def sentence_of(text: str, span: Span) -> Sentence:
    """The sentence around a span, or its sentences; what is further than 300 code points off is left out."""
    first, last = _at(text, span.start), _at(text, span.end - 1)
    start, end = min(first.start, span.start), max(last.end, span.end)
    return Sentence(*map(_flat, (text[start : span.start], span.of(text), text[span.end : end])))


def _at(text: str, offset: int) -> Span:
    start, end = paragraph_at(text, offset)
    near = max(start, offset - _REACH), min(end, offset + _REACH)
    return sentence_at(text, offset, near) or Span(offset, offset + 1)


def _flat(words: str) -> str:
    return _BLANK.sub(" ", words)
