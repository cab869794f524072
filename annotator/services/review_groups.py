"""The groups of articles under review: marks that stand for the same, and how they differ."""

from collections.abc import Iterator, Mapping, Sequence

from annotator.agreement.alignment import sentences_at
from annotator.agreement.columns import Articles, Marks
from annotator.agreement.sheets import Sheet, sheet_of
from annotator.domain.frozen import frozen
from annotator.domain.marks import Entity, Mark, Part, Stance
from annotator.domain.review import Group
from annotator.services.mark_columns import edges_of, names_of_parts, numbered


@frozen
class Read:
    """An article and the marks of each who counts, by name."""

    text: str
    readings: Mapping[str, Sequence[Mark]]


def groups_of(articles: Mapping[int, Read], *, by_content: bool = False) -> dict[int, list[Group]]:
    """The groups of each article by place, grouped all at once.

    With `by_content` those that agree as agreement counts it, while their marks are not all one, say so.
    """
    found: dict[int, list[Group]] = {article_id: [] for article_id in articles}
    for sheet in sheets_of_reads(articles):
        made = sheet.by_content() if by_content else sheet
        made = made.with_words({article_id: read.text for article_id, read in articles.items()})
        for row in range(len(made)):
            group = made.group(row)
            found[group.article_id].append(group)
    return {article_id: by_place(groups) for article_id, groups in found.items()}


def sheets_of_reads(articles: Mapping[int, Read]) -> Iterator[Sheet]:
    """The groups of entities, then of stances, without words."""
    names = tuple(sorted({name for read in articles.values() for name in read.readings}))
    if not names:
        return
    finished = Articles.of(
        [len(read.text) for read in articles.values()],
        [[name in read.readings for name in names] for read in articles.values()],
        len(names),
    )
    ids = list(articles)
    for kind in (Entity, Stance):
        marks = [
            (at, names.index(name), mark)
            for at, article_id in enumerate(ids)
            for name, own in articles[article_id].readings.items()
            for mark in own
            if isinstance(mark, kind)
        ]
        labels = tuple(sorted({mark.label for _, _, mark in marks}))
        columns = _columns(marks, labels, [articles[article_id].text for article_id in ids])
        made = [mark for _, _, mark in marks]
        yield sheet_of(finished, columns, made.__getitem__, ids=ids, names=names, labels=labels)


def by_place(groups: Sequence[Group]) -> list[Group]:
    """Of equal places by digest, which takes long for so many: few are."""
    places = [(group.span.start, group.span.end, group.is_stance) for group in groups]
    if len(set(places)) == len(places):
        return [groups[n] for n in sorted(range(len(groups)), key=places.__getitem__)]
    return sorted(groups, key=lambda group: (group.span, group.is_stance, group.input))


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
    named = names_of_parts(
        part.name for _, mark in stances for part in (mark.holder, mark.target) if part is not None
    )
    parts = [[*_edges(mark.holder, named), *_edges(mark.target, named)] for _, mark in stances]
    return Marks.of(columns, parts, _sentences(stances, texts))


def _edges(part: Part | None, named: Mapping[str, int]) -> tuple[int, int, int]:
    if part is None:
        return edges_of((None, None, None), named)
    return edges_of((part.span.start, part.span.end, part.name), named)


def _sentences(stances: Sequence[tuple[int, Stance]], texts: Sequence[str]) -> list[int]:
    """The sentence in which each stance's evidence begins, told apart over all articles."""
    offsets: dict[int, set[int]] = {}
    for at, mark in stances:
        offsets.setdefault(at, set()).add(mark.span.start)
    of = {at: sentences_at(texts[at], each) for at, each in offsets.items()}
    return [numbered(at, of[at][mark.span.start]) for at, mark in stances]
