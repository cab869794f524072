"""Equal mentions: the other places of an article that say the same words as an entity."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from annotator.domain.marks import Entity, Shown
from annotator.domain.text import Span


@dataclass(frozen=True, slots=True)
class Mention:
    """A place to label: the entity that should stand there, and the open suggestion it answers, if any."""

    mark: Entity
    suggestion: Shown | None = None


def mentions_of(text: str, entity: Entity, shown: Sequence[Shown], zones: Iterable[Span]) -> list[Mention]:
    """The mentions that still need the entity's label, in reading order.

    Whole words outside zones. Left alone: mentions that have the label, that a person labelled otherwise, or
    that lie inside a longer entity ("Washington" in "Washington Post"). `shown` is sorted by span.
    """
    entities = _Entities(shown)
    avoided = list(zones)
    found = []
    for span in _places(text, entity.span.of(text)):
        if span == entity.span or any(zone.overlaps(span) for zone in avoided):
            continue
        near = entities.near(span)
        if any(each.mark.span.covers(span) and each.mark.span != span for each in near):
            continue
        there = [each for each in near if each.mark.span == span]
        if any(not each.suggested for each in there):
            continue
        same = next((each for each in there if each.mark.label == entity.label), None)
        if same is not None and isinstance(same.mark, Entity):
            found.append(Mention(same.mark, same))
        elif there:
            found.append(Mention(Entity(there[0].id, span, entity.label, entity.name), there[0]))
        else:
            found.append(Mention(replace(entity, id="", span=span)))
    return found


def _places(text: str, words: str) -> Iterable[Span]:
    """Where the words stand as whole words; an edge that is no letter or digit needs no boundary."""
    for match in re.finditer(re.escape(words), text):
        start, end = match.span()
        cut_before = start > 0 and _joins(text[start - 1]) and _joins(text[start])
        cut_after = end < len(text) and _joins(text[end - 1]) and _joins(text[end])
        if not cut_before and not cut_after:
            yield Span(start, end)


def _joins(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.category(character).startswith("M")


class _Entities:
    """The entities of an article by place."""

    def __init__(self, shown: Sequence[Shown]) -> None:
        self._shown = [each for each in shown if isinstance(each.mark, Entity)]
        self._starts = [each.mark.span.start for each in self._shown]
        self._longest = max((len(each.mark.span) for each in self._shown), default=0)

    def near(self, span: Span) -> list[Shown]:
        """The entities that start at or before a span, and not too far before to cover it."""
        first = bisect_left(self._starts, span.start - self._longest)
        return self._shown[first : bisect_right(self._starts, span.start)]
