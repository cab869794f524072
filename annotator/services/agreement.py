"""Agreement: how far the annotators of a project agree, on the articles that several have finished."""

from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from pathlib import Path

from annotator.agreement.dashboard import Dashboard
from annotator.agreement.measures import Layout
from annotator.agreement.scores import SEED
from annotator.domain.errors import AnnotatorError
from annotator.domain.frozen import frozen
from annotator.domain.labels import LabelSet
from annotator.services.auditing import audit
from annotator.services.mark_columns import MarkReader
from annotator.services.shared_figures import drawn
from annotator.storage.faults import explained
from annotator.storage.finished import annotators_who_finished, titles
from annotator.storage.project import Project, connect_to_read


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
        self._known: tuple[Dashboard, MarkReader] | None = None

    def read(self) -> Dashboard:
        """Everything anew. AnnotatorError if there are no two annotators to compare."""
        self._known = None
        with explained(self._path), closing(connect_to_read(self._path)) as db:
            self._step("reading")
            chosen = _chosen(self._path, annotators_who_finished(db), self._asked)
            labels, polarities = self._labelset.entities, self._labelset.polarities
            reader = MarkReader(chosen, [each.name for each in labels], [each.name for each in polarities])
            given = reader.read(db, None, self._step).given
            dashboard = Dashboard(_layout(reader), given, seed=self._seed, step=self._step)
        self._known = dashboard, reader
        return dashboard

    def refresh(self, articles: Collection[int]) -> Dashboard:
        """As `read`, where only these articles may have changed since."""
        if self._known is None:
            return self.read()
        dashboard, reader = self._known
        with explained(self._path), closing(connect_to_read(self._path)) as db:
            given = reader.read(db, articles, self._step).given
        known = dashboard.layout
        same = (reader.labels, reader.polarities) == (known.labels, known.polarities)
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

    def audited(self) -> int | None:
        """How many places that all mark alike are drawn for the review; None before any are."""
        with explained(self._path), closing(connect_to_read(self._path)) as db:
            return drawn(audit(db))

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
        others = [name for name in names if name not in asked]
        pair = ",".join([*dict.fromkeys(asked), *others][:2])
        example = f", as in --annotators {pair}" if others else ""
        raise AnnotatorError(
            f"Agreement compares two annotators or more: name at least two{example}; "
            f"{path} has {', '.join(names)}."
        )
    return {key: name for key, name, _ in known if name in asked}


def _layout(reader: MarkReader) -> Layout:
    return Layout(reader.names, reader.labels, reader.polarities)
