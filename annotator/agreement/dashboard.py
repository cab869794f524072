"""All figures of some annotators, kept up to date as their articles change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from annotator.agreement.bootstrap import RESAMPLES, Interval
from annotator.agreement.chance_corrected import Alpha, AlphaU, CharacterAlpha, Gamma, Kappa, neutral_of
from annotator.agreement.columns import NONE, Articles, Bools, Ints, Marks, by_name, laid_out
from annotator.agreement.competence import Answers, dawid_skene, mace
from annotator.agreement.grouping import Differs, Groups, parts_alike
from annotator.agreement.measures import Aligned, Key, Layout, Measure, Sample
from annotator.agreement.resampling import NO_ARTICLE, Draws, interval, percentiles
from annotator.agreement.scores import SEED, Figure
from annotator.agreement.span_f1 import SpanF1, StanceParts
from annotator.agreement.unitizing import unit_lengths, units_of
from annotator.domain.frozen import frozen

# The columns of what is counted in an article.
_COUNTED = ("groups", "differing", *(str(flag.name).lower() for flag in Differs), "part")
GAMMA_ARTICLES = 100  # on so many, drawn by the seed, gamma is computed

Step = Callable[[str], None]


@frozen
class Reported:
    """One figure with its interval, and the `n` units it rests on, out of `of` if not all count."""

    key: Key
    figure: Figure
    n: int
    unit: str
    of: int | None = None

    def to_dict(self) -> dict[str, object]:
        found = {**self.key.to_dict(), **self.figure.to_dict(), "n": self.n, "unit": self.unit}
        return found if self.of is None else {**found, "of": self.of}


@frozen
class Given:
    """Marks of articles, whose ids stand in the order of the rows of `articles`."""

    ids: tuple[int, ...]
    articles: Articles
    entities: Marks
    stances: Marks

    def shared(self) -> "Given":
        """Only the articles that at least two annotators have finished."""
        kept = self.articles.finished.sum(axis=1) > 1
        if kept.all():
            return self
        number = np.cumsum(kept) - 1

        def of(marks: Marks) -> Marks:
            some = marks.at(kept[marks.article])
            return replace(some, article=number[some.article])

        articles = Articles(self.articles.lengths[kept], self.articles.finished[kept])
        ids = tuple(article for article, keep in zip(self.ids, kept.tolist(), strict=True) if keep)
        return Given(ids, articles, of(self.entities), of(self.stances))

    def by_name(self, layout: Layout) -> "Given":
        """The same with annotators, labels and polarities, until now those of `layout`, by the alphabet."""
        who = by_name(layout.annotators)

        def of(marks: Marks, labels: Sequence[str]) -> Marks:
            return replace(marks, annotator=who[marks.annotator], label=by_name(labels)[marks.label])

        articles = Articles(self.articles.lengths, self.articles.finished[:, np.argsort(who)])
        return Given(
            self.ids, articles, of(self.entities, layout.labels), of(self.stances, layout.polarities)
        )


class Dashboard:
    """The figures of some annotators, over the articles that at least two of them have finished.

    Whatever the order of annotators, labels and polarities in `layout`, the figures are the same; that of
    labels and polarities is kept for those who show them, annotators stand by the alphabet. `step` is
    called with the name of each step before it is done, and may raise to end the work. The `lengths` of
    `layout` are not looked at: they are those of the marks given.
    """

    def __init__(
        self,
        layout: Layout,
        given: Given,
        *,
        seed: int = SEED,
        resamples: int = RESAMPLES,
        step: Step = lambda name: None,
    ) -> None:
        self.seed, self.resamples = seed, resamples
        given = given.shared()
        self.ids = given.ids
        self._at = {article: at for at, article in enumerate(given.ids)}
        self._given_by = layout
        self._by_name = replace(layout.by_name(), lengths=_lengths(given))
        self.layout = replace(layout, annotators=self._by_name.annotators, lengths=self._by_name.lengths)
        step("draws")
        self._draws = Draws.of(given.ids, seed=seed, resamples=resamples)
        drawn_first = np.argsort(self._draws.place, kind="stable")[:GAMMA_ARTICLES]
        self._for_gamma = frozenset(given.ids[at] for at in drawn_first)
        step("alignment")
        sample = self._sample(given)
        self._kept = {False: _by_article(sample, sample.entities), True: _by_article(sample, sample.stances)}
        self._counts = {False: _counted(sample, sample.entities), True: _counted(sample, sample.stances)}
        self._measures = _measures(self._by_name)
        self._rows, self._sums, self._resampled = [], [], []
        for measure in self._measures:
            step(measure.said[0].key.figure)
            rows = measure.rows(sample)
            self._rows.append(rows)
            self._sums.append(rows.sum(axis=0))
            step("intervals")
            self._resampled.append(self._draws.sums(rows))
        self._made: list[list[Reported] | None] = [None] * len(self._measures)
        self._competences: list[Reported] | None = None

    def update(self, given: Given) -> bool:
        """Takes some articles' marks as they are now. False, and nothing done, if all must be counted anew.

        That is so where an article comes in or goes out, and where a unit is as long as none was before.
        """
        shared = given.shared()
        if any(article not in self._at for article in shared.ids):
            return False
        if any(article in self._at for article in set(given.ids) - set(shared.ids)):
            return False
        if not np.isin(_lengths(shared), self.layout.lengths).all():
            return False
        if not shared.ids:
            return True
        sample = self._sample(shared)
        at = np.array([self._at[article] for article in shared.ids], np.int64)
        for stances, aligned in ((False, sample.entities), (True, sample.stances)):
            for n, groups in zip(at.tolist(), _by_article(sample, aligned), strict=True):
                self._kept[stances][n] = groups
            self._counts[stances][at] = _counted(sample, aligned)
        self._competences = None
        times = self._draws.times[at].T.astype(np.float64)
        for n, measure in enumerate(self._measures):
            change = measure.rows(sample) - self._rows[n][at]
            columns = np.flatnonzero(change.any(axis=0))
            if not len(columns):
                continue
            self._made[n] = None
            self._rows[n][at] += change
            self._sums[n][columns] += change[:, columns].sum(axis=0)
            self._resampled[n][:, columns] += times @ change[:, columns]
        return True

    def figures(self) -> list[Reported]:
        """Every figure that is made of counts, with its interval. What did not change is not made anew."""
        return [each for at in range(len(self._measures)) for each in self._made_of(at)]

    def competences(self) -> list[Reported]:
        """What each annotator is worth by the models of `competence`, from the labels of entities."""
        if self._competences is None:
            self._competences = self._estimated()
        return self._competences

    def by_article(self, figure: str) -> Mapping[int, float | None]:
        """A figure of all labels and annotators, such as `f1_strict`, of each article; None: undefined."""
        for measure, rows in zip(self._measures, self._rows, strict=True):
            for column, said in enumerate(measure.said):
                if said.key == Key(figure):
                    values = measure.values(rows)[:, column].tolist()
                    known = (None if np.isnan(value) else value for value in values)
                    return dict(zip(self.ids, known, strict=True))
        raise KeyError(figure)

    def of_some(self, figure: str, articles: Sequence[int]) -> Reported:
        """A figure of all labels and annotators over some articles alone, with an interval of its own."""
        at = np.array([self._at[article] for article in articles], np.int64)
        for measure, rows in zip(self._measures, self._rows, strict=True):
            for column, said in enumerate(measure.said):
                if said.key == Key(figure):
                    draws = Draws(self._draws.times[at], self._draws.place[at])
                    low, high = percentiles(measure.values(draws.sums(rows[at])))
                    sums = rows[at].sum(axis=0)
                    limits = interval(float(low[column]), float(high[column]), len(at))
                    value = float(measure.values(sums)[column])
                    units, of = measure.rests_on(sums)[column]
                    return Reported(said.key, self._figure(value, limits, said.why), units, said.unit, of)
        raise KeyError(figure)

    def differences(self, *, stances: bool = False) -> Mapping[int, Mapping[str, int]]:
        """For each article how many groups have each difference, and as `groups` how many there are.

        As `part` those that agree, while the edges of a holder or target are not the same.
        """
        rows = self._counts[stances].tolist()
        return {
            article: dict(zip(_COUNTED, row, strict=True))
            for article, row in zip(self.ids, rows, strict=True)
        }

    def all_differences(self, *, stances: bool = False) -> Mapping[str, int]:
        """As `differences`, of all articles."""
        return dict(zip(_COUNTED, self._counts[stances].sum(axis=0).tolist(), strict=True))

    def confusion(self, one: str, other: str, *, stances: bool = False) -> Ints:
        """How often one annotator has a label (rows) where the other has one (columns); ABSENT is last."""
        kinds = len(self.layout.polarities if stances else self.layout.labels) + 1
        values = self._values(stances=stances)
        first, second = (values[:, self.layout.annotators.index(name)] for name in (one, other))
        both = (first != NONE) & (second != NONE) & ((first < kinds - 1) | (second < kinds - 1))
        counts = np.bincount(first[both] * kinds + second[both], minlength=kinds * kinds)
        shown = np.append(by_name(self.layout.polarities if stances else self.layout.labels), kinds - 1)
        table: Ints = counts.reshape(kinds, kinds)[np.ix_(shown, shown)]
        return table

    def _sample(self, given: Given) -> Sample:
        seeds = [_seed(self.seed, each) if each in self._for_gamma else NONE for each in given.ids]
        given, polarities = given.by_name(self._given_by), self._by_name.polarities
        return Sample(
            given.articles,
            Aligned.of(given.articles, given.entities, labels=len(self.layout.labels), neutral=NONE),
            Aligned.of(given.articles, given.stances, labels=len(polarities), neutral=neutral_of(polarities)),
            np.array(seeds, np.int64),
        )

    def _values(self, *, stances: bool) -> Ints:
        none = np.zeros((0, len(self.layout.annotators)), np.int64)
        return np.concatenate([none, *(groups.values for groups in self._kept[stances])])

    def _figure(self, value: float, limits: Interval, why: str) -> Figure:
        if np.isnan(value):
            why = why if self.ids else NO_ARTICLE
            return Figure(None, Interval(None, None, why), why)
        return Figure(value, limits)

    def _made_of(self, at: int) -> list[Reported]:
        """The figures of one measure."""
        known = self._made[at]
        if known is not None:
            return known
        measure, sums = self._measures[at], self._sums[at]
        low, high = percentiles(measure.values(self._resampled[at]))
        values, rests = measure.values(sums).tolist(), measure.rests_on(sums)
        made = []
        for n, (said, value, (units, of)) in enumerate(zip(measure.said, values, rests, strict=True)):
            limits = interval(float(low[n]), float(high[n]), len(self.ids))
            made.append(Reported(said.key, self._figure(value, limits, said.why), units, said.unit, of))
        self._made[at] = made
        return made

    def _estimated(self) -> list[Reported]:
        answers = Answers.of(self._values(stances=False), len(self.layout.labels) + 1)
        why = answers.why_not()
        limits = Interval(None, None, "what is estimated step by step is not resampled")
        found = []
        for name in ("dawid_skene", "mace"):
            worth: Sequence[float] = [np.nan] * len(self.layout.annotators)
            if not why:
                estimate = dawid_skene(answers) if name == "dawid_skene" else mace(answers, seed=self.seed)
                worth = estimate.worth.tolist()
            for annotator, value in zip(self.layout.annotators, worth, strict=True):
                key, figure = Key(name, annotators=(annotator,)), self._figure(value, limits, why)
                found.append(Reported(key, figure, int(answers.times.sum()), "aligned units"))
        return found


def _measures(layout: Layout) -> list[Measure]:
    return [
        SpanF1(layout, stances=False),
        Alpha(layout, stances=False),
        Kappa(layout),
        CharacterAlpha(layout),
        AlphaU(layout),
        Gamma(layout),
        SpanF1(layout, stances=True),
        Alpha(layout, stances=True),
        StanceParts(),
    ]


def _lengths(given: Given) -> Ints:
    return unit_lengths(units_of(laid_out(given.articles, given.entities)))


def _seed(seed: int, article: int) -> int:
    """A seed of gamma that is the same for an article wherever it stands."""
    return (article ^ (seed * 0x9E3779B97F4A7C15)) & 0x3FFF_FFFF_FFFF_FFFF


def _counted(sample: Sample, aligned: Aligned) -> Ints:
    """The counts of `_COUNTED` in each article."""
    groups, size = aligned.groups, len(sample.articles.lengths)
    which = [
        np.ones(len(groups), np.bool_),
        groups.differs > 0,
        *(groups.differs & flag > 0 for flag in Differs),
        _in_edges_of_parts(aligned),
    ]
    return np.stack([np.bincount(groups.article[each], minlength=size) for each in which], axis=1)


def _in_edges_of_parts(aligned: Aligned) -> Bools:
    """The groups that agree, while holders or targets have other edges."""
    groups, marks = aligned.groups, aligned.line.marks
    if marks.parts is None:
        return np.zeros(len(groups), np.bool_)
    found: Bools = (groups.differs == 0) & ~parts_alike(marks, groups.member)
    return found


def _by_article(sample: Sample, aligned: Aligned) -> list[Groups]:
    """The groups of each article; they stand in the order of the articles."""
    groups = aligned.groups
    edges = np.searchsorted(groups.article, np.arange(len(sample.articles.lengths) + 1)).tolist()
    columns = (groups.article, groups.member, groups.values, groups.differs)
    return [Groups(*(column[first:last] for column in columns)) for first, last in pairwise(edges)]
