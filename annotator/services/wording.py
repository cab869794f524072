"""Marks and counts in a few words, for summaries of gestures, refusals and reports."""

from annotator.domain.directions import isolated
from annotator.domain.marks import Mark
from annotator.domain.text import Span

_LONGEST = 40


def quoted(text: str, span: Span) -> str:
    """The words of a span in quotation marks, on one line, at most 40 code points of them."""
    words = " ".join(text[span.start : min(span.end, span.start + 4 * _LONGEST)].split())
    whole = len(words) <= _LONGEST and span.end <= span.start + 4 * _LONGEST
    return f"“{isolated(words if whole else f'{words[: _LONGEST - 1].rstrip()}…')}”"


def described(text: str, mark: Mark) -> str:
    """`PERSON “Lavrov”`, or `AGAINST “would not send troops”` for a stance."""
    return f"{mark.label} {quoted(text, mark.span)}"


def counted(count: int, one: str, many: str = "") -> str:
    """`1 zone`, `3 zones`, `1,204 words`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
