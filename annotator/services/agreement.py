"""Agreement: how far the annotators of a project agree, on the articles that several have finished."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from annotator.agreement.alignment import sentences_at
from annotator.agreement.columns import NONE, Articles, Marks
from annotator.agreement.dashboard import Dashboard, Given
from annotator.agreement.measures import Layout
from annotator.agreement.scores import SEED
from annotator.domain.errors import AnnotatorError
from annotator.domain.frozen import frozen
from annotator.domain.labels import LabelSet
from annotator.storage.faults import explained
from annotator.storage.finished import (
    annotators_who_finished,
    entity_rows,
    finished,
    stance_rows,
    texts,
    titles,
)
from annotator.storage.project import Project, connect_to_read

_SENTENCES = 1_000_000  # an article has fewer


class Stopped(Exception):
    """The work was ended between two steps, because nobody wants it any more."""


@frozen
class ArticleAgreement:
    """One article: strict F1 of its entities, and of how many groups of marks how many differ."""

    article_id: int
    title: str
    f1: float | None
    groups: int
    differing: int


class Agreement:
    """The figures of some annotators. Reads over a connection of its own: for any one thread.

    `read` counts everything, `refresh` only what changed. `wanted` is asked before each step, and Stopped
    is raised once it says no; then `read` has to be called again.
    """

    def __init__(
        self,
        project: Project,
        annotators: Sequence[str] | None = None,
        *,
        seed: int = SEED,
        wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        self._path: Path = project.path
        self._labelset: LabelSet = project.labelset
        self._asked = annotators
        self._seed = seed
        self._wanted = wanted
        self._known: tuple[Dashboard, _Reader] | None = None

    def read(self) -> Dashboard:
        """Everything anew. AnnotatorError if there are no two annotators to compare."""
        self._known = None
        with explained(self._path), closing(connect_to_read(self._path)) as db:
            self._step("reading")
            chosen = _chosen(self._path, annotators_who_finished(db), self._asked)
            reader = _Reader(self._labelset, chosen)
            given = reader.read(db, None, self._step)
            dashboard = Dashboard(reader.layout, given, seed=self._seed, step=self._step)
        self._known = dashboard, reader
        return dashboard

    def refresh(self, articles: Collection[int]) -> Dashboard:
        """As `read`, where only these articles may have changed since."""
        if self._known is None:
            return self.read()
        dashboard, reader = self._known
        with explained(self._path), closing(connect_to_read(self._path)) as db:
            given = reader.read(db, articles, self._step)
        known = reader.layout
        same = (known.labels, known.polarities) == (dashboard.layout.labels, dashboard.layout.polarities)
        if same and dashboard.update(given):
            return dashboard
        return self.read()

    def by_article(self, dashboard: Dashboard) -> list[ArticleAgreement]:
        """Each article, those with most differences first."""
        with explained(self._path), closing(connect_to_read(self._path)) as db:
            names = titles(db, dashboard.ids)
        f1, counts = dashboard.by_article("f1_strict"), dashboard.differences()
        stances = dashboard.differences(stances=True)
        found = [
            ArticleAgreement(
                article,
                names[article],
                f1[article],
                counts[article]["groups"] + stances[article]["groups"],
                counts[article]["differing"] + stances[article]["differing"],
            )
            for article in dashboard.ids
        ]
        return sorted(found, key=lambda each: -each.differing)

    def _step(self, name: str) -> None:
        if not self._wanted():
            raise Stopped(name)


def _chosen(path: Path, known: Sequence[tuple[str, str, int]], asked: Sequence[str] | None) -> dict[str, str]:
    """The names of the annotators to compare, by their ids."""
    names = [name for _, name, _ in known]
    if asked is None:
        chosen = {key: name for key, name, done in known if done}
        if len(chosen) < 2:
            raise AnnotatorError(
                f"{path} has {len(chosen) or 'no'} annotator{'s' * (not chosen)} with finished articles; "
                "agreement needs two. Bring the others' work in with annotator import --as labels."
            )
        return chosen
    for name in asked:
        if name not in names:
            raise AnnotatorError(f"{path} has no annotator {name}; it has {', '.join(names) or 'none'}.")
    if len(set(asked)) < 2:
        raise AnnotatorError(f"Agreement needs two annotators; {path} has {', '.join(names)}.")
    return {key: name for key, name, _ in known if name in asked}


class _Reader:
    """Rows of the project as numbers; labels that the label set lacks get the next ones as they come."""

    def __init__(self, labelset: LabelSet, annotators: Mapping[str, str]) -> None:
        self._names = tuple(annotators.values())
        self._annotators = {key: at for at, key in enumerate(annotators)}
        self._labels = {label.name: at for at, label in enumerate(labelset.entities)}
        self._polarities = {label.name: at for at, label in enumerate(labelset.polarities)}
        self._parts: dict[str, int] = {}

    @property
    def layout(self) -> Layout:
        return Layout(self._names, tuple(self._labels), tuple(self._polarities))

    def read(self, db: Any, articles: Collection[int] | None, step: Callable[[str], None]) -> Given:
        """What stands in some articles, or in all."""
        done: dict[int, list[bool]] = {}
        lengths: dict[int, int] = {}
        if articles is not None:  # also those that nobody has finished any more
            done = {article: [False] * len(self._names) for article in articles}
            lengths = dict.fromkeys(articles, 1)
        for article, length, annotator in finished(db, list(self._annotators), articles):
            done.setdefault(article, [False] * len(self._names))[self._annotators[annotator]] = True
            lengths[article] = length
        ids = tuple(done)
        at = {article: n for n, article in enumerate(ids)}
        step("entities")
        entities = [row for row in entity_rows(db, articles) if row[0] in at and row[1] in self._annotators]
        step("stances")
        stances = [row for row in stance_rows(db, articles) if row[0] in at and row[1] in self._annotators]
        return Given(
            ids,
            Articles.of([lengths[article] for article in ids], list(done.values()), len(self._names)),
            Marks.of(self._columns(entities, at, self._labels)),
            Marks.of(
                self._columns(stances, at, self._polarities),
                [[*self._part(row[5:8]), *self._part(row[8:11])] for row in stances],
                self._sentences(db, stances, at),
            ),
        )

    def _columns(
        self, rows: Sequence[tuple[Any, ...]], at: Mapping[int, int], labels: dict[str, int]
    ) -> list[list[int]]:
        return [
            [at[row[0]] for row in rows],
            [self._annotators[row[1]] for row in rows],
            [row[2] for row in rows],
            [row[3] for row in rows],
            [labels.setdefault(row[4], len(labels)) for row in rows],
        ]

    def _part(self, part: Sequence[Any]) -> tuple[int, int, int]:
        start, end, name = part
        if start is None:
            return NONE, NONE, NONE
        return start, end, NONE if name is None else self._parts.setdefault(name, len(self._parts))

    def _sentences(self, db: Any, stances: Sequence[tuple[Any, ...]], at: Mapping[int, int]) -> list[int]:
        """The sentence of each stance's evidence, where two annotators' stances in the article differ.

        Only there can it join what does not overlap, and finding sentences takes longer than all the rest.
        """
        said: defaultdict[int, defaultdict[str, set[tuple[Any, ...]]]] = defaultdict(lambda: defaultdict(set))
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
                starts[article, offset] = at[article] * _SENTENCES + sentence
        return [starts.get((row[0], row[2]), NONE) for row in stances]
