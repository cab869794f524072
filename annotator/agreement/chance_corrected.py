"""The figures that take chance into account: alpha, kappa, alpha for unitising, gamma."""

from collections.abc import Sequence

import numpy as np

from annotator.agreement.characters import character_coincidences
from annotator.agreement.coefficients import (
    NEUTRAL,
    alpha,
    cohen_kappa,
    coincidences,
    fleiss_kappa,
    fleiss_rows,
    nominal,
    polarity_distance,
    ratio,
)
from annotator.agreement.columns import NONE, Articles, Floats, by_article
from annotator.agreement.gamma import disorders
from annotator.agreement.measures import Key, Layout, Said, Sample
from annotator.agreement.unitizing import alpha_u, unitizing_rows, unitizing_width, units_of

_NOTHING = "no unit has two labels to compare, or all are the same label"
_NO_UNIT = "nobody has marked a unit"


class Alpha:
    """Alpha of aligned units, of all labels together and of each label against all others."""

    def __init__(self, layout: Layout, *, stances: bool) -> None:
        self._stances = stances
        self._labels = layout.polarities if stances else layout.labels
        kinds = len(self._labels) + 1
        self._kinds = kinds
        self._distance = polarity_distance(layout.polarities) if stances else nominal(kinds)
        figure, unit = ("stance_alpha", "aligned stances") if stances else ("alpha", "aligned units")
        keys = [Key(figure), *(Key(figure, label) for label in self._labels)]
        self.said: Sequence[Said] = [Said(key, unit, _NOTHING) for key in keys]

    def rows(self, sample: Sample) -> Floats:
        """Coincidences, how many units have two values, and in how many of them each label occurs."""
        groups = (sample.stances if self._stances else sample.entities).groups
        size = len(sample.articles.lengths)
        found = coincidences(groups.values, self._kinds, article=groups.article, articles=size)
        counted = (groups.values != NONE).sum(axis=1) > 1
        units = np.bincount(groups.article[counted], minlength=size)
        occurs = [
            np.bincount(groups.article[counted & (groups.values == label).any(axis=1)], minlength=size)
            for label in range(len(self._labels))
        ]
        return np.column_stack((found, units, *occurs))

    def values(self, sums: Floats) -> Floats:
        kinds = self._kinds
        table = sums[..., : kinds * kinds].reshape(*sums.shape[:-1], kinds, kinds)
        return np.concatenate(
            (alpha(table, self._distance)[..., None], _one_by_one(table)[..., :-1]), axis=-1
        )

    def rests_on(self, sums: Floats) -> Sequence[tuple[int, int | None]]:
        return [(int(number), None) for number in sums[self._kinds**2 :]]


class CharacterAlpha:
    """Alpha of the labels of all characters."""

    said: Sequence[Said] = [Said(Key("alpha_characters"), "characters, by each who read them", _NOTHING)]

    def __init__(self, layout: Layout) -> None:
        self._labels = len(layout.labels)

    def rows(self, sample: Sample) -> Floats:
        return character_coincidences(sample.articles, sample.entities.line, self._labels)

    def values(self, sums: Floats) -> Floats:
        kinds = self._labels + 1
        return alpha(sums.reshape(*sums.shape[:-1], kinds, kinds), nominal(kinds))[..., None]

    def rests_on(self, sums: Floats) -> Sequence[tuple[int, int | None]]:
        return [(round(sums.sum()), None)]


class Kappa:
    """Kappa of the labels of units that every annotator has marked: Cohen's of two, Fleiss' of more."""

    def __init__(self, layout: Layout) -> None:
        self._annotators, self._kinds = len(layout.annotators), len(layout.labels)
        figure = "kappa_cohen" if self._annotators == 2 else "kappa_fleiss"
        why = "no unit is marked by all, or all are given the same label"
        self.said: Sequence[Said] = [Said(Key(figure), "matched units", why)]

    def rows(self, sample: Sample) -> Floats:
        """The units of articles that all finished, those all have marked, and the counts of kappa."""
        groups, size, kinds = sample.entities.groups, len(sample.articles.lengths), self._kinds
        known = (groups.values != NONE).all(axis=1)
        matched = known & (groups.values < kinds).all(axis=1)
        values, article = groups.values[matched], groups.article[matched]
        if self._annotators == 2:
            code = values[:, 0] * kinds + values[:, 1]
            counts = by_article(size, article, code, kinds * kinds, None)
        else:
            share, each = fleiss_rows(values, kinds)
            counts = np.zeros((size, 1 + kinds))
            np.add.at(counts, article, np.column_stack((share, each)))
        known_units = np.bincount(groups.article[known], minlength=size)
        return np.column_stack((known_units, np.bincount(article, minlength=size), counts))

    def values(self, sums: Floats) -> Floats:
        counts = sums[..., 2:]
        if self._annotators == 2:
            return cohen_kappa(counts.reshape(*sums.shape[:-1], self._kinds, self._kinds))[..., None]
        return fleiss_kappa(sums[..., 1], counts[..., 0], counts[..., 1:])[..., None]

    def rests_on(self, sums: Floats) -> Sequence[tuple[int, int | None]]:
        return [(int(sums[1]), int(sums[0]))]


class AlphaU:
    """Alpha for unitising of each label and of all."""

    def __init__(self, layout: Layout) -> None:
        self._lengths, self._labels = layout.lengths, len(layout.labels)
        keys = [*(Key("alpha_u", label) for label in layout.labels), Key("alpha_u")]
        self.said: Sequence[Said] = [Said(key, "units", _NO_UNIT) for key in keys]

    def rows(self, sample: Sample) -> Floats:
        units = units_of(sample.entities.line)
        return unitizing_rows(sample.articles, units, self._lengths, self._labels)

    def values(self, sums: Floats) -> Floats:
        return alpha_u(sums, self._lengths, self._labels)

    def rests_on(self, sums: Floats) -> Sequence[tuple[int, int | None]]:
        width = unitizing_width(self._labels, len(self._lengths)) - 1
        each = sums[1:].reshape(self._labels, width // max(self._labels, 1))
        units = each[:, 1 : 1 + len(self._lengths)].sum(axis=1)
        return [(int(number), None) for number in (*units, units.sum())]


class Gamma:
    """Gamma of each two annotators and its mean, over the articles that have a seed for it."""

    def __init__(self, layout: Layout) -> None:
        names = layout.annotators
        pairs = [(names[one], names[other]) for one, other in layout.pairs]
        keys = [Key("gamma"), *(Key("gamma", annotators=pair) for pair in pairs)]
        self.said: Sequence[Said] = [Said(key, "articles", "no article has units of both") for key in keys]

    def rows(self, sample: Sample) -> Floats:
        """Observed and expected disorder of each pair, and whether the article counts for it."""
        asked = np.flatnonzero(sample.seeds >= 0)
        pairs = len(self.said) - 1
        found = np.zeros((len(sample.seeds), 3 * pairs))
        line = sample.entities.line
        mine = np.isin(line.marks.article, asked)
        renumbered = np.cumsum(sample.seeds >= 0) - 1
        articles = Articles(sample.articles.lengths[asked], sample.articles.finished[asked])
        marks = line.marks.at(mine)
        some = type(marks)(renumbered[marks.article], marks.annotator, marks.start, marks.end, marks.label)
        observed, expected = disorders(articles, some, seeds=sample.seeds[asked])
        found[asked] = np.concatenate((observed, expected, expected > 0), axis=1)
        return found

    def values(self, sums: Floats) -> Floats:
        pairs = len(self.said) - 1
        observed, expected = sums[..., :pairs], sums[..., pairs : 2 * pairs]
        each = 1 - ratio(observed, expected)
        known = ~np.isnan(each)
        number = known.sum(axis=-1, keepdims=True).astype(np.float64)
        mean = ratio(np.where(known, each, 0.0).sum(axis=-1, keepdims=True), number)
        return np.concatenate((mean, each), axis=-1)

    def rests_on(self, sums: Floats) -> Sequence[tuple[int, int | None]]:
        each = sums[2 * (len(self.said) - 1) :]
        return [(int(each.max(initial=0)), None), *((int(number), None) for number in each)]


def _one_by_one(table: Floats) -> Floats:
    """Nominal alpha of each value against all others, of coincidences (..., kinds, kinds)."""
    totals = table.sum(axis=-1)
    number = totals.sum(axis=-1, keepdims=True)
    unlike = totals - np.diagonal(table, axis1=-2, axis2=-1)
    chance = totals * (number - totals)
    return 1 - ratio(unlike * (number - 1), chance)


def neutral_of(polarities: Sequence[str]) -> int:
    """The number of the neutral polarity, `NONE` if there is none."""
    return polarities.index(NEUTRAL) if NEUTRAL in polarities else NONE
