"""Equal mentions: the other places of an article that say the same words as an entity."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from annotator.domain.frozen import frozen
from annotator.domain.marks import Entity, Shown
from annotator.domain.text import Span


@frozen
class Mention:
    """A place to label: the entity that should stand there, and the open suggestion it answers, if any."""

    mark: Entity
    suggestion: Shown | None = None


def mentions_of(text: str, entity: Entity, shown: Iterable[Shown], zones: Iterable[Span]) -> list[Mention]:
    """The mentions that still need the entity's label, in reading order.

    Whole words outside zones. Left alone: mentions that have the label, that a person labelled otherwise, or
    that lie inside a longer entity ("Washington" in "Washington Post").
    """
    entities = _Entities(shown)
    avoided = [(zone.start, zone.end) for zone in zones]
    itself = (entity.span.start, entity.span.end)
    found = []
    for start, end in _places(text, entity.span.of(text)):
        if (start, end) == itself or any(first < end and start < last for first, last in avoided):
            continue
        near = entities.near(start, end)
        if near is None or any(not each.suggested for each in near):
            continue
        same = next((each for each in near if each.mark.label == entity.label), None)
        if same is not None and isinstance(same.mark, Entity):
            found.append(Mention(same.mark, same))
        else:
            there = near[0] if near else None
            mark = Entity(there.id if there else "", Span(start, end), entity.label, entity.name)
            found.append(Mention(mark, there))
    return found


def _places(text: str, words: str) -> Iterable[tuple[int, int]]:
    """Where the words stand as whole words; an edge that is no letter or digit needs no boundary."""
    opens, closes = _joins(words[0]), _joins(words[-1])
    for match in re.finditer(re.escape(words), text):
        start, end = match.span()
        cut_before = opens and start > 0 and _joins(text[start - 1])
        cut_after = closes and end < len(text) and _joins(text[end])
        if not cut_before and not cut_after:
            yield start, end


def _joins(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.category(character).startswith("M")


class _Entities:
    """The entities of an article by place."""

    def __init__(self, shown: Iterable[Shown]) -> None:
        entities = [each for each in shown if isinstance(each.mark, Entity)]
        self._shown = sorted(entities, key=lambda each: each.mark.span.start)
        spans = [each.mark.span for each in self._shown]
        self._starts = [span.start for span in spans]
        self._ends = [span.end for span in spans]
        self._longest = max((len(span) for span in spans), default=0)

    def near(self, start: int, end: int) -> list[Shown] | None:
        """The entities that stand exactly on a span; None if it lies inside a longer one."""
        found = []
        for at in range(bisect_left(self._starts, end - self._longest), bisect_right(self._starts, start)):
            if self._ends[at] >= end:
                if (self._starts[at], self._ends[at]) != (start, end):
                    return None
                found.append(self._shown[at])
        return found
