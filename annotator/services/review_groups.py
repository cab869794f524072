"""The groups of articles under review: marks that stand for the same, and how they differ."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from annotator.agreement.alignment import sentences_at
from annotator.agreement.chance_corrected import neutral_of
from annotator.agreement.columns import NONE, Articles, Marks
from annotator.agreement.grouping import Differs
from annotator.agreement.measures import Aligned
from annotator.domain.frozen import frozen
from annotator.domain.marks import Entity, Mark, Part, Stance
from annotator.domain.review import Group, Type
from annotator.domain.text import Span

_WORDS = 80  # code points of a group's words
_SENTENCES = 1_000_000  # an article has fewer
_TYPES = {
    Differs.MISSING: Type.MISSING,
    Differs.BOUNDARY: Type.BOUNDARY,
    Differs.LABEL: Type.LABEL,
    Differs.HOLDER: Type.HOLDER,
    Differs.TARGET: Type.TARGET,
    Differs.FLIP: Type.FLIP,
    Differs.STRENGTH: Type.STRENGTH,
}


@frozen
class Read:
    """An article and the marks of each who counts, by name."""

    text: str
    readings: Mapping[str, Sequence[Mark]]


def groups_of(articles: Mapping[int, Read]) -> dict[int, list[Group]]:
    """The groups of each article by place, grouped all at once: by agreement's own pairs and types.

    Neither the order of names nor that of marks makes a difference.
    """
    names = sorted({name for read in articles.values() for name in read.readings})
    found: dict[int, list[Group]] = {article_id: [] for article_id in articles}
    if names:
        for kind in (Entity, Stance):
            for group in _groups(articles, names, kind):
                found[group.article_id].append(group)
    return {article_id: _by_place(groups) for article_id, groups in found.items()}


def _by_place(groups: Sequence[Group]) -> list[Group]:
    """Of equal places by digest, which takes long for so many: few are."""
    places = [(group.span.start, group.span.end, group.is_stance) for group in groups]
    if len(set(places)) == len(places):
        return [groups[n] for n in sorted(range(len(groups)), key=places.__getitem__)]
    return sorted(groups, key=lambda group: (group.span, group.is_stance, group.input))


def by_content(groups: Sequence[Group]) -> list[Group]:
    """The groups; those that agree as agreement counts it, while their marks are not all one, say so.

    What is unanimous becomes gold by itself, so it must not depend on whose mark sorts first.
    """
    return [
        group if group.types or group.says_one else replace(group, types=frozenset({Type.PART}))
        for group in groups
    ]


def words_of(text: str, span: Span) -> str:
    """The words of a span on one line, cut where they are many."""
    words = " ".join(text[span.start : min(span.end, span.start + _WORDS)].split())
    return words if span.end - span.start <= _WORDS else f"{words}…"


def _groups(articles: Mapping[int, Read], names: Sequence[str], kind: type[Mark]) -> Iterator[Group]:
    ids = list(articles)
    marks = [
        (at, names.index(name), mark)
        for at, article_id in enumerate(ids)
        for name, own in articles[article_id].readings.items()
        for mark in own
        if isinstance(mark, kind)
    ]
    labels = sorted({mark.label for _, _, mark in marks})
    aligned = Aligned.of(
        _articles(articles, names),
        _columns(marks, labels, [articles[article_id].text for article_id in ids]),
        labels=len(labels),
        neutral=neutral_of(labels),
    )
    given, groups = aligned.line.given.tolist(), aligned.groups
    rows = zip(
        groups.article.tolist(),
        groups.member.tolist(),
        groups.values.tolist(),
        groups.differs.tolist(),
        strict=True,
    )
    for at, members, values, differs in rows:
        votes = tuple(
            (name, marks[given[member]][2] if member != NONE else None)
            for name, member, value in zip(names, members, values, strict=True)
            if value != NONE
        )
        spans = [mark.span for _, mark in votes if mark is not None]
        span = Span(min(span.start for span in spans), max(span.end for span in spans))
        yield Group(ids[at], votes, _types(differs), words_of(articles[ids[at]].text, span))


@cache
def _types(differs: int) -> frozenset[Type]:
    return frozenset(each for flag, each in _TYPES.items() if differs & flag)


def _articles(articles: Mapping[int, Read], names: Sequence[str]) -> Articles:
    return Articles.of(
        [len(read.text) for read in articles.values()],
        [[name in read.readings for name in names] for read in articles.values()],
        len(names),
    )


def _columns(marks: Sequence[tuple[int, int, Mark]], labels: Sequence[str], texts: Sequence[str]) -> Marks:
    number = {label: n for n, label in enumerate(labels)}
    columns = [
        [at for at, _, _ in marks],
        [who for _, who, _ in marks],
        [mark.span.start for _, _, mark in marks],
        [mark.span.end for _, _, mark in marks],
        [number[mark.label] for _, _, mark in marks],
    ]
    stances = [(at, mark) for at, _, mark in marks if isinstance(mark, Stance)]
    if not stances:
        return Marks.of(columns)
    named: dict[str, int] = {}
    parts = [[*_edges(mark.holder, named), *_edges(mark.target, named)] for _, mark in stances]
    return Marks.of(columns, parts, _sentences(stances, texts))


def _edges(part: Part | None, named: dict[str, int]) -> tuple[int, int, int]:
    """Start, end and the number of the name."""
    if part is None:
        return NONE, NONE, NONE
    name = NONE if part.name is None else named.setdefault(part.name, len(named))
    return part.span.start, part.span.end, name


def _sentences(stances: Sequence[tuple[int, Stance]], texts: Sequence[str]) -> list[int]:
    """The sentence in which each stance's evidence begins, told apart over all articles."""
    offsets: dict[int, set[int]] = {}
    for at, mark in stances:
        offsets.setdefault(at, set()).add(mark.span.start)
    of = {at: sentences_at(texts[at], each) for at, each in offsets.items()}
    return [at * _SENTENCES + of[at][mark.span.start] for at, mark in stances]
