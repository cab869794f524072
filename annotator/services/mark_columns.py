"""The marks of articles as columns of numbers: what agreement and review are computed from."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from annotator.agreement.alignment import sentences_at
from annotator.agreement.columns import NONE, Articles, Marks
from annotator.agreement.dashboard import Given
from annotator.agreement.sheets import Sheet, sheet_of
from annotator.domain.frozen import frozen
from annotator.domain.marks import Entity, Mark, Part, Stance
from annotator.domain.text import Span
from annotator.storage.finished import entity_rows, finished, stance_rows, texts

_SENTENCES = 1_000_000  # an article has fewer
Row = tuple[Any, ...]


@frozen
class Marked:
    """Marks as numbers, and the names of those entities that have one, by row; those of parts by number."""

    given: Given
    entity_names: Mapping[int, str]
    part_names: Sequence[str]


class MarkReader:
    """Reads what annotators marked as numbers, in the order in which `annotators` (names by id) come.

    Labels that are not among those given get the next numbers as they come.
    """

    def __init__(
        self, annotators: Mapping[str, str], labels: Collection[str], polarities: Collection[str]
    ) -> None:
        self.names = tuple(annotators.values())
        self._annotators = {key: at for at, key in enumerate(annotators)}
        self._labels = {label: at for at, label in enumerate(labels)}
        self._polarities = {label: at for at, label in enumerate(polarities)}

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self._labels)

    @property
    def polarities(self) -> tuple[str, ...]:
        return tuple(self._polarities)

    def read(
        self,
        db: sqlite3.Connection,
        articles: Collection[int] | None,
        step: Callable[[str], None] = lambda name: None,
    ) -> Marked:
        """What stands in some articles, or in all; `step` is called before each kind of mark is read."""
        done: dict[int, list[bool]] = {}
        lengths: dict[int, int] = {}
        if articles is not None:  # also those that nobody has finished any more
            done = {article: [False] * len(self.names) for article in articles}
            lengths = dict.fromkeys(articles, 1)
        for article, length, annotator in finished(db, list(self._annotators), articles):
            done.setdefault(article, [False] * len(self.names))[self._annotators[annotator]] = True
            lengths[article] = length
        ids = tuple(done)
        at = {article: n for n, article in enumerate(ids)}
        step("entities")
        entities = [row for row in entity_rows(db, articles) if row[0] in at and row[1] in self._annotators]
        step("stances")
        stances = [row for row in stance_rows(db, articles) if row[0] in at and row[1] in self._annotators]
        part_names = names_of_parts(name for row in stances for name in (row[7], row[10]))
        given = Given(
            ids,
            Articles.of([lengths[article] for article in ids], list(done.values()), len(self.names)),
            Marks.of(self._columns(entities, at, self._labels)),
            Marks.of(
                self._columns(stances, at, self._polarities),
                [[*edges_of(row[5:8], part_names), *edges_of(row[8:11], part_names)] for row in stances],
                self._sentences(db, stances, at),
            ),
        )
        entity_names = {n: row[5] for n, row in enumerate(entities) if row[5] is not None}
        return Marked(given, entity_names, list(part_names))

    def _columns(self, rows: Sequence[Row], at: Mapping[int, int], labels: dict[str, int]) -> list[list[int]]:
        return [
            [at[row[0]] for row in rows],
            [self._annotators[row[1]] for row in rows],
            [row[2] for row in rows],
            [row[3] for row in rows],
            [labels.setdefault(row[4], len(labels)) for row in rows],
        ]

    def _sentences(self, db: sqlite3.Connection, stances: Sequence[Row], at: Mapping[int, int]) -> list[int]:
        """The sentence of each stance's evidence, where two annotators' stances in the article differ.

        Only there can it join what does not overlap, and finding sentences takes longer than all the rest.
        """
        said: defaultdict[int, defaultdict[str, set[Row]]] = defaultdict(lambda: defaultdict(set))
        for row in stances:
            said[row[0]][row[1]].add(row[2:])
        differing = [
            article
            for article, sets in said.items()
            if len(sets) > 1 and any(each != next(iter(sets.values())) for each in sets.values())
        ]
        starts: dict[tuple[int, int], int] = {}
        for article, text in texts(db, differing):
            offsets = {row[0] for each in said[article].values() for row in each}
            for offset, sentence in sentences_at(text, offsets).items():
                starts[article, offset] = numbered(at[article], sentence)
        return [starts.get((row[0], row[2]), NONE) for row in stances]


def names_of_parts(names: Iterable[str | None]) -> dict[str, int]:
    """The names of holders and targets with their numbers, by the alphabet."""
    return {name: at for at, name in enumerate(sorted({name for name in names if name is not None}))}


def edges_of(part: Sequence[Any], names: Mapping[str, int]) -> tuple[int, int, int]:
    """Start, end and the number of the name of a holder or target, from start, end and name."""
    start, end, name = part
    if start is None or end is None:
        return NONE, NONE, NONE
    return start, end, NONE if name is None else names[name]


def numbered(article: int, sentence: int) -> int:
    """A sentence's number over all articles."""
    return article * _SENTENCES + sentence


def sheets_of(reader: MarkReader, marked: Marked) -> tuple[Sheet, Sheet]:
    """The groups of what was read: of entities and of stances, without words."""
    given, part_names = marked.given, marked.part_names

    def part(row: int, which: int) -> Part | None:
        assert given.stances.parts is not None
        start, end, name = given.stances.parts[row, which].tolist()
        if start == NONE:
            return None
        return Part(Span(start, end), None if name == NONE else part_names[name])

    def entity(row: int) -> Mark:
        label = labels[0][int(given.entities.label[row])]
        return Entity("", _span(given.entities, row), label, marked.entity_names.get(row))

    def stance(row: int) -> Mark:
        polarity = labels[1][int(given.stances.label[row])]
        return Stance("", _span(given.stances, row), polarity, part(row, 0), part(row, 1))

    labels = reader.labels, reader.polarities
    entities, stances = (
        sheet_of(given.articles, marks, mark, ids=given.ids, names=reader.names, labels=of)
        for marks, mark, of in zip((given.entities, given.stances), (entity, stance), labels, strict=True)
    )
    return entities, stances


def _span(marks: Marks, row: int) -> Span:
    return Span(int(marks.start[row]), int(marks.end[row]))
