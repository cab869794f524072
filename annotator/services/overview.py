"""The overview of a project: agreement now and over time, who did what, and what suggestions were worth."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import field

from annotator.agreement.dashboard import Dashboard, Reported
from annotator.agreement.measures import Key
from annotator.domain.frozen import frozen
from annotator.domain.review import Group, Type
from annotator.services.agreement import Agreement, ArticleAgreement, Stopped
from annotator.services.auditing import Audit, audit
from annotator.services.review_groups import Read, groups_of
from annotator.services.review_items import ABSENT
from annotator.services.shared_figures import Table, drawn, in_review, pooled
from annotator.services.suggestion_worth import Worth, worth
from annotator.storage import adjudications, queries
from annotator.storage.faults import explained
from annotator.storage.finished import annotators_who_finished
from annotator.storage.project import Project, connect_to_read
from annotator.storage.workload import Load, count_articles, finished_by_two, loads

_POINTS = 12  # of agreement over time
_LEAST = 2  # articles of a point: one alone says little
ENOUGH = 10  # articles; intervals from fewer cover less than nine times in ten, from two about half
_STRINGS = 12  # that are listed
LOOKED_AT = 400  # articles, those with most differences, whose words are counted
_TYPES = {
    Type.FLIP: "flip",
    Type.STRENGTH: "strength",
    Type.LABEL: "label",
    Type.HOLDER: "holder",
    Type.TARGET: "target",
    Type.MISSING: "missing",
    Type.BOUNDARY: "boundary",
}
_Said = tuple[str, bool, tuple[str, ...]]  # words of a group, whether it differs, the labels given


@frozen
class Point:
    """Agreement on some articles, those whose second annotator finished from `first` to `last` (unix ms)."""

    first: int
    last: int
    articles: tuple[int, ...]
    entities: Reported
    stances: Reported

    @property
    def enough(self) -> bool:
        """Whether there are so many articles that an interval can be believed."""
        return len(self.articles) >= ENOUGH


@frozen
class Contested:
    """Words that were marked in `groups` places and differently in `differing`, under these labels."""

    words: str
    groups: int
    differing: int
    labels: tuple[str, ...]


@frozen
class Agreed:
    """How far some annotators agree; values only, so that it can be shown while the next is computed.

    `confusions` has a table for each pair of annotators, by kind (whether stances): rows are the first's
    labels, columns the other's, ABSENT last. `types` counts groups by how they differ, by kind; `parts`
    agree, while the edges of a holder or target are not the same.
    """

    annotators: tuple[str, ...]
    labels: tuple[str, ...]
    polarities: tuple[str, ...]
    figures: Mapping[Key, Reported]
    confusions: Mapping[tuple[bool, str, str], Table]
    types: Mapping[bool, Mapping[Type, int]]
    groups: int
    differing: int
    parts: int
    articles: tuple[ArticleAgreement, ...]
    points: tuple[Point, ...]
    strings: tuple[Contested, ...]

    def confusion(self, *, stances: bool, pair: tuple[str, ...] = ()) -> Table:
        """The table of one pair, rows the first's in whichever order; or that of all, as `pooled`."""
        if pair:
            known = self.confusions.get((stances, pair[0], pair[1]))
            return known or tuple(zip(*self.confusions[stances, pair[1], pair[0]], strict=True))
        return pooled(table for (kind, _, _), table in self.confusions.items() if kind is stances)


@frozen
class Overview:
    """All of it. Without `agreed`, `why` says what it takes; `audit` is None before anything was settled."""

    name: str
    articles: int
    loads: tuple[Load, ...]
    worth: Worth
    agreed: Agreed | None
    why: str = ""
    finishers: tuple[str, ...] = field(default=())
    audit: Audit | None = None

    @property
    def in_review(self) -> str:
        """How many places the review has, which is of all annotators; "" where some are compared."""
        agreed = self.agreed
        if agreed is None or set(agreed.annotators) != set(self.finishers):
            return ""
        return in_review(agreed.differing, agreed.parts, drawn(self.audit))


class Overviews:
    """Reads overviews of some annotators, beside the window; what has not changed is not counted again.

    `wanted` is asked before each step; once it says no, `read` returns None.
    """

    def __init__(self, project: Project, annotators: Sequence[str] | None = None) -> None:
        self._path = project.path
        self._wanted: Callable[[], bool] = lambda: True
        self._asked = annotators
        self._agreement = Agreement(project, annotators, wanted=lambda: self._wanted())
        self._newest: str | None = None  # the gesture up to which everything is counted
        self._who: tuple[str, ...] = ()
        self._said: dict[int, list[_Said]] = {}
        self._points: dict[tuple[int, ...], tuple[Reported, Reported]] = {}

    def read(self, wanted: Callable[[], bool] = lambda: True) -> Overview | None:
        """The project as it is now."""
        self._wanted = wanted
        try:
            return self._read()
        except Stopped:
            self._newest = None
            return None

    def report(self) -> dict[str, object]:
        """The figures as `annotator agreement --json` prints them."""
        from annotator.services.agreement_report import to_dict

        dashboard = self._agreement.refresh(())
        return to_dict(dashboard, self._agreement.by_article(dashboard))

    def _read(self) -> Overview:
        with explained(self._path), closing(connect_to_read(self._path)) as db:
            db.execute("BEGIN")  # one state of the file throughout
            known = annotators_who_finished(db)
            load, articles = tuple(loads(db)), count_articles(db)
            self._step()
            suggestions = worth(db)
            self._step()
            finishers = tuple(name for _, name, done in known if done)
            names = tuple(name for name in finishers if self._asked is None or name in self._asked)
            agreed, why = None, _why_not(len(names), articles)
            if not why:
                dashboard = self._dashboard(db, names)
                agreed = self._agreed(db, dashboard)
            self._step()
            found = audit(db)
            name = self._path.stem
            return Overview(
                name, articles, load, suggestions, agreed, why, finishers, found if found.settled else None
            )

    def _dashboard(self, db: sqlite3.Connection, names: tuple[str, ...]) -> Dashboard:
        """The figures, counted anew only where something changed since."""
        newest, changed = adjudications.newest_op(db), None
        if self._newest is not None and names == self._who:
            changed = adjudications.changed_since(db, self._newest)
        if changed is None:
            found = self._agreement.read()
            self._said.clear()
            self._points.clear()
        else:
            found = self._agreement.refresh(changed)
            for article_id in changed:
                self._said.pop(article_id, None)
            for articles in [each for each in self._points if not changed.isdisjoint(each)]:
                del self._points[articles]
        self._newest, self._who = newest, names
        return found

    def _agreed(self, db: sqlite3.Connection, dashboard: Dashboard) -> Agreed:
        layout = dashboard.layout
        articles = tuple(self._agreement.by_article(dashboard))
        self._step()
        pairs = [(layout.annotators[one], layout.annotators[other]) for one, other in layout.pairs]
        confusions = {
            (stances, *pair): tuple(map(tuple, dashboard.confusion(*pair, stances=stances).tolist()))
            for stances in (False, True)
            for pair in pairs
        }
        figures = [*dashboard.figures(), *dashboard.competences()]
        self._step()
        return Agreed(
            layout.annotators,
            layout.labels,
            layout.polarities,
            {each.key: each for each in figures},
            confusions,
            {stances: _types(dashboard, stances=stances) for stances in (False, True)},
            sum(each.groups for each in articles),
            sum(each.differing for each in articles),
            dashboard.all_differences(stances=True)["part"],
            articles,
            tuple(self._over_time(dashboard, finished_by_two(db, layout.annotators))),
            tuple(self._strings(db, articles)),
        )

    def _strings(self, db: sqlite3.Connection, articles: Sequence[ArticleAgreement]) -> Iterator[Contested]:
        """The words of entities that are marked differently most often, in the articles looked at."""
        all_, differing = Counter[str](), Counter[str]()
        labels: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for article_id in [each.article_id for each in articles[:LOOKED_AT]]:
            if article_id not in self._said:
                self._step()
                groups = groups_in(db, [article_id], self._who)
                self._said[article_id] = [_said(group) for group in groups if not group.is_stance]
            for words, differs, given in self._said[article_id]:
                all_[words] += 1
                differing[words] += differs
                labels[words].update(given)
        most = sorted((words for words in differing if differing[words]), key=lambda w: (-differing[w], w))
        for words in most[:_STRINGS]:
            yield Contested(words, all_[words], differing[words], tuple(sorted(labels[words])))

    def _over_time(self, dashboard: Dashboard, finished: Sequence[tuple[int, int]]) -> Iterator[Point]:
        """Articles in the order in which their second annotator finished them, as many in each point."""
        ids = set(dashboard.ids)
        rows = [row for row in finished if row[0] in ids]
        count = max(1, min(_POINTS, len(rows) // _LEAST)) if rows else 0
        known, self._points = self._points, {}
        for n in range(count):
            some = rows[n * len(rows) // count : (n + 1) * len(rows) // count]
            articles = tuple(article for article, _ in some)
            figures = known.get(articles)
            if figures is None:
                figures = (
                    dashboard.of_some("f1_strict", articles),
                    dashboard.of_some("stance_f1_whole", articles),
                )
            self._points[articles] = figures
            yield Point(some[0][1], some[-1][1], articles, *figures)

    def _step(self) -> None:
        if not self._wanted():
            raise Stopped("overview")


def groups_in(db: sqlite3.Connection, articles: Sequence[int], names: Sequence[str]) -> Iterator[Group]:
    """The groups of some articles in their order, of the annotators of these names that finished them."""
    for article_id in articles:
        readings = adjudications.readings(db, article_id)
        wanted = {name: marks for name, marks in readings.items() if name in names}
        if len(wanted) > 1:
            text = queries.article(db, article_id).text
            yield from groups_of({article_id: Read(text, wanted)})[article_id]


def _said(group: Group) -> _Said:
    return (
        group.words,
        bool(group.types),
        tuple(mark.label if mark else ABSENT for _, mark in group.votes),
    )


def _why_not(finishers: int, articles: int) -> str:
    """What it takes until agreement can be told; "" if it can."""
    if not articles:
        return "There is no article in this project yet."
    if finishers == 1:
        return "Only one annotator has finished articles; agreement needs two."
    return "" if finishers else "Nobody has finished an article yet."


def _types(dashboard: Dashboard, *, stances: bool) -> dict[Type, int]:
    total = dashboard.all_differences(stances=stances)
    return {each: total[name] for each, name in _TYPES.items() if total[name]}
