"""The groups of an article under review: marks of its readings that stand for the same."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from annotator.agreement.alignment import entity_pairs, stance_pairs
from annotator.domain.marks import Entity, Mark, Part, Stance
from annotator.domain.review import Group, Type, content_of
from annotator.domain.text import Span

_WORDS = 80  # code points of a group's words
_NEUTRAL = "NEUTRAL"


def groups_of(article_id: int, text: str, readings: Mapping[str, Sequence[Mark]]) -> list[Group]:
    """Every group of an article, by place; `readings` are the marks of each who counts, by name.

    The order of names and of marks does not matter.
    """
    names = sorted(readings)
    found = []
    for kind in (Entity, Stance):
        marks = {name: [mark for mark in readings[name] if isinstance(mark, kind)] for name in names}
        for together in _joined(marks, text):
            votes = tuple((name, together.get(name)) for name in names)
            span = _span_of(together.values())
            found.append(Group(article_id, votes, _types(votes, text), words_of(text, span)))
    return sorted(found, key=lambda group: (group.span, group.is_stance, group.input))


def words_of(text: str, span: Span) -> str:
    """The words of a span on one line, cut where they are many."""
    words = " ".join(text[span.start : min(span.end, span.start + _WORDS)].split())
    return words if span.end - span.start <= _WORDS else f"{words}…"


def _joined(marks: Mapping[str, Sequence[Mark]], text: str) -> list[dict[str, Mark]]:
    """Marks that stand for the same, by name: the best pairs join first, one mark of a reading at most."""
    group_of: dict[tuple[str, str], dict[str, Mark]] = {}
    groups: list[dict[str, Mark]] = []
    for name, own in marks.items():
        for mark in own:
            group = {name: mark}
            groups.append(group)
            group_of[name, mark.id] = group
    for one, other, a, b in sorted(_pairs(marks, text), key=_closeness):
        left, right = group_of[one, a.id], group_of[other, b.id]
        if left is not right and not left.keys() & right.keys():
            left |= right
            for name, mark in right.items():
                group_of[name, mark.id] = left
            right.clear()
    return [group for group in groups if group]


def _pairs(marks: Mapping[str, Sequence[Mark]], text: str) -> Iterable[tuple[str, str, Mark, Mark]]:
    for one, other in combinations(marks, 2):
        entities = [[mark for mark in marks[name] if isinstance(mark, Entity)] for name in (one, other)]
        stances = [[mark for mark in marks[name] if isinstance(mark, Stance)] for name in (one, other)]
        for entity in entity_pairs(*entities):
            if entity.gold is not None and entity.found is not None:
                yield one, other, entity.gold, entity.found
        for stance in stance_pairs(*stances, text=text):
            if stance.gold is not None and stance.found is not None:
                yield one, other, stance.gold, stance.found


def _closeness(pair: tuple[str, str, Mark, Mark]) -> tuple[object, ...]:
    """Equal marks first, then those of one label, then those that share most."""
    one, other, a, b = pair
    shared = max(0, min(a.span.end, b.span.end) - max(a.span.start, b.span.start))
    union = max(a.span.end, b.span.end) - min(a.span.start, b.span.start)
    contents = sorted((content_of(a), content_of(b)))
    return contents[0] != contents[1], a.label != b.label, -shared / union, contents, one, other


def _types(votes: Iterable[tuple[str, Mark | None]], text: str) -> frozenset[Type]:
    marks = {content_of(mark): mark for _, mark in votes if mark is not None}.values()
    found: set[Type] = set()
    if any(mark is None for _, mark in votes):
        found.add(Type.MISSING)
    if len({mark.span for mark in marks}) > 1:
        found.add(Type.BOUNDARY)
    labels = {mark.label for mark in marks}
    stances = [mark for mark in marks if isinstance(mark, Stance)]
    if not stances:
        return frozenset(found | ({Type.LABEL} if len(labels) > 1 else set()))
    if len(labels - {_NEUTRAL}) > 1:
        found.add(Type.FLIP)
    if len(labels) > 1 and _NEUTRAL in labels:
        found.add(Type.STRENGTH)
    for a, b in combinations(stances, 2):
        if not _same(a.holder, b.holder):
            found.add(Type.HOLDER)
        if not _same(a.target, b.target):
            found.add(Type.TARGET)
    return frozenset(found)


def _same(one: Part | None, other: Part | None) -> bool:
    """Whether two holders or targets are one: by their names if both have some, else by their words."""
    if one is None or other is None:
        return one is other
    if one.name and one.name == other.name:
        return True
    return one.span.overlaps(other.span)


def _span_of(marks: Iterable[Mark]) -> Span:
    spans = [mark.span for mark in marks]
    return Span(min(span.start for span in spans), max(span.end for span in spans))
