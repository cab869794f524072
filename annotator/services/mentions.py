"""Equal mentions: the other places of an article that say the same words as an entity."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from annotator.domain.frozen import frozen
from annotator.domain.marks import Entity, Shown
from annotator.domain.text import Span

_Place = tuple[int, int]  # start and end, in code points
_PLAIN = frozenset(" \n,.")  # what mostly stands around words, and is no part of them


@frozen
class Mention:
    """A place to label: the entity that should stand there, and the open suggestion it answers, if any."""

    mark: Entity
    suggestion: Shown | None = None


def mentions_of(
    text: str, entity: Entity, shown: Iterable[Shown], zones: Iterable[Span], *, any_case: bool = False
) -> list[Mention]:
    """The mentions that still need the entity's label, in reading order.

    Whole words outside zones; with `any_case` also those written in other capitals or small letters. Left
    alone: mentions that have the label, that a person labelled otherwise, or that lie inside a longer entity
    ("Washington" in "Washington Post").
    """
    entities, avoided = _Entities(shown), sorted((zone.start, zone.end) for zone in zones)
    itself = (entity.span.start, entity.span.end)
    found = []
    for start, end in _outside(avoided, _places(text, entity.span.of(text), any_case=any_case)):
        near = entities.near(start, end)
        if near is None or (start, end) == itself:
            continue
        if not near:
            found.append(Mention(Entity("", Span(start, end), entity.label, entity.name)))
        elif all(each.suggested for each in near):
            found.append(_answer(near, entity))
    return found


def _answer(near: Sequence[Shown], entity: Entity) -> Mention:
    """What becomes of the suggestions on a span: one that says the same is taken, else the first changed."""
    for each in near:
        if each.mark.label == entity.label and isinstance(each.mark, Entity):
            return Mention(each.mark, each)
    return Mention(Entity(near[0].id, near[0].mark.span, entity.label, entity.name), near[0])


def _places(text: str, words: str, *, any_case: bool) -> Iterator[_Place]:
    """Where the words stand as whole words; an edge that is no letter or digit needs no boundary."""
    opens, closes, last = _joins(words[0]), _joins(words[-1]), len(text)
    # The words alone are searched for, and in small letters: with conditions around them the search takes
    # five times as long, and twice that to look for both cases of a letter.
    searched, flags = text, re.NOFLAG
    if any_case and len(low := text.lower()) == last and len(words.lower()) == len(words):
        searched, words = low, words.lower()
    elif any_case:  # some letters become two, and offsets others
        flags = re.IGNORECASE
    for match in re.finditer(re.escape(words), searched, flags):
        start, end = match.span()
        if not (opens and start and _joins(text[start - 1])) and not (
            closes and end < last and _joins(text[end])
        ):
            yield start, end


def _joins(character: str) -> bool:
    if character in _PLAIN:
        return False
    return character.isalnum() or character == "_" or unicodedata.category(character).startswith("M")


def _outside(avoided: Sequence[_Place], places: Iterable[_Place]) -> Iterator[_Place]:
    """The places that overlap none of the stretches; both ascend."""
    at, reach = 0, 0
    for start, end in places:
        while at < len(avoided) and avoided[at][0] < end:
            reach = max(reach, avoided[at][1])
            at += 1
        if start >= reach:
            yield start, end


class _Entities:
    """The entities of an article by place."""

    def __init__(self, shown: Iterable[Shown]) -> None:
        self._at: dict[int, list[Shown]] = {}
        for each in shown:
            if isinstance(each.mark, Entity):
                self._at.setdefault(each.mark.span.start, []).append(each)
        self._starts = sorted(self._at)
        furthest = (max(each.mark.span.end for each in self._at[start]) for start in self._starts)
        self._reach = list(accumulate(furthest, max))

    def near(self, start: int, end: int) -> list[Shown] | None:
        """The entities that stand exactly on a span; None if it lies inside a longer one."""
        before = bisect_left(self._starts, start)
        if before and self._reach[before - 1] >= end:
            return None
        found = []
        for each in self._at.get(start, ()):
            furthest = each.mark.span.end
            if furthest > end:
                return None
            if furthest == end:
                found.append(each)
        return found
