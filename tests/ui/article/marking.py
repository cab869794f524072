"""Marks made by the words they stand on."""

from annotator.domain.marks import Entity, Part, Provenance, Shown, Source, Stance
from annotator.domain.text import Span


def span_of(text: str, words: str, after: str = "") -> Span:
    start = text.index(words, text.index(after) if after else 0)
    return Span(start, start + len(words))


def entity(text: str, words: str, label: str = "GPE", *, suggested: bool = False, after: str = "") -> Shown:
    span = span_of(text, words, after)
    mark = Entity(f"{label}{span.start}-{span.end}", span, label)
    return _shown(mark, suggested)


def stance(
    text: str,
    words: str,
    label: str = "FAVOR",
    *,
    holder: str = "",
    target: str = "",
    suggested: bool = False,
) -> Shown:
    span = span_of(text, words)
    parts = [Part(span_of(text, part)) if part else None for part in (holder, target)]
    return _shown(Stance(f"{label}{span.start}-{span.end}", span, label, *parts), suggested)


def _shown(mark: Entity | Stance, suggested: bool) -> Shown:
    if suggested:
        return Shown(mark, provenance=Provenance("en_news", "1.0", 0.83))
    return Shown(mark, Source.ADDED)
