"""F1 of each two annotators, their mean, and those of each label and annotator."""

from collections.abc import Sequence

import numpy as np

from annotator.agreement.coefficients import f1, ratio
from annotator.agreement.columns import Floats, Ints
from annotator.agreement.measures import Aligned, Key, Layout, Said, Sample
from annotator.agreement.pairing import same_part
from annotator.domain.frozen import frozen

ENTITY_SCHEMES = ("f1_strict", "f1_exact", "f1_overlap", "f1_type")
STANCE_SCHEMES = ("stance_f1_found", "stance_f1_whole", "stance_f1_strict")
PARTS = ("stance_evidence", "stance_polarity", "stance_holder", "stance_target")

_NEITHER = "neither has a mark"


class SpanF1:
    """For each scheme its mean over pairs of annotators, each annotator with the others, and each pair.

    Then one scheme by label, of all pairs together. A mean is over the pairs for which it is defined.
    """

    def __init__(self, layout: Layout, *, stances: bool) -> None:
        self._layout = layout
        self._stances = stances
        self._schemes = STANCE_SCHEMES if stances else ENTITY_SCHEMES
        self._labels = layout.polarities if stances else layout.labels
        self._of_labels = "stance_f1_whole" if stances else "f1_strict"
        pairs = layout.pairs
        self._with = [
            [n for n, pair in enumerate(pairs) if who in pair] for who in range(len(layout.annotators))
        ]
        unit = "stances" if stances else "marks"
        names = layout.annotators
        keys = [
            key
            for scheme in self._schemes
            for key in (
                Key(scheme),
                *(Key(scheme, annotators=(name,)) for name in names),
                *(Key(scheme, annotators=(names[one], names[other])) for one, other in pairs),
            )
        ]
        keys += [Key(self._of_labels, label) for label in self._labels]
        self.said: Sequence[Said] = [Said(key, unit, _NEITHER) for key in keys]

    def rows(self, sample: Sample) -> Floats:
        """Columns of counts: see `_Columns`."""
        aligned = sample.stances if self._stances else sample.entities
        size, labels = len(sample.articles.lengths), len(self._labels)
        columns: list[Floats] = []
        by_label = np.zeros((size, 3 * labels))
        agreement = _agreed_stances if self._stances else _agreed
        marks = aligned.line.marks
        for pair, (one, other, shared) in zip(aligned.pairs, sample.articles.pairs(), strict=True):
            agreed = agreement(aligned, pair.left, pair.right)
            article = marks.article[pair.left]
            columns += [np.bincount(article, each, size).astype(np.float64) for each in agreed]
            for who in (one, other):
                rows = aligned.line.rows[who]
                rows = rows[shared[marks.article[rows]]]
                columns.append(np.bincount(marks.article[rows], minlength=size).astype(np.float64))
                np.add.at(by_label, (marks.article[rows], labels + marks.label[rows]), 1)
            scheme = agreed[self._schemes.index(self._of_labels)]
            np.add.at(by_label, (article, marks.label[pair.left]), scheme)
        once = []
        for who, finished in enumerate(sample.articles.finished.T):
            rows = aligned.line.rows[who]
            rows = rows[finished[marks.article[rows]]]
            once.append(np.bincount(marks.article[rows], minlength=size).astype(np.float64))
            np.add.at(by_label, (marks.article[rows], 2 * labels + marks.label[rows]), 1)
        return np.column_stack((*columns, *once, by_label))

    def values(self, sums: Floats) -> Floats:
        columns, schemes = self._columns(sums), len(self._schemes)
        by_pair = f1(columns.pairs[..., :schemes], columns.pairs[..., schemes:].sum(axis=-1, keepdims=True))
        found = []
        for scheme in range(schemes):
            of_pairs = by_pair[..., scheme]
            found.append(_mean(of_pairs)[..., None])
            found += [_mean(of_pairs[..., mine])[..., None] for mine in self._with]
            found.append(of_pairs)
        return np.concatenate([*found, f1(columns.agreed, columns.of_both)], axis=-1)

    def rests_on(self, sums: Floats) -> Sequence[tuple[int, int | None]]:
        """A mark counts once, in however many pairs it is."""
        columns, schemes = self._columns(sums), len(self._schemes)
        marks, pairs = columns.pairs[:, schemes:], self._layout.pairs
        with_others = [
            columns.once[who] + sum(marks[n, 1 - pairs[n].index(who)] for n in mine)
            for who, mine in enumerate(self._with)
        ]
        each = [columns.once.sum(), *with_others, *marks.sum(axis=-1)] * schemes
        return [(int(number), None) for number in (*each, *columns.of_all)]

    def _columns(self, sums: Floats) -> "_Columns":
        pairs, schemes, labels = len(self._layout.pairs), len(self._schemes), len(self._labels)
        edges = np.cumsum([pairs * (schemes + 2), len(self._layout.annotators), labels, labels])
        by_pair, *others = np.split(sums, edges, axis=-1)
        return _Columns(by_pair.reshape(*sums.shape[:-1], pairs, schemes + 2), *others)


@frozen
class _Columns:
    """The counts of SpanF1, of one article or of many; shapes are those of the last axes.

    `pairs` (pairs, schemes + 2): what agrees in each scheme, then the marks of one and of the other;
    `once` (annotators): the marks of each. By label: `agreed` and the marks `of_both` over all pairs, and
    those `of_all` annotators, each counted once.
    """

    pairs: Floats
    once: Floats
    agreed: Floats
    of_both: Floats
    of_all: Floats


class StanceParts:
    """Of the pairs of stances of any two annotators, the share that agrees in each part."""

    def __init__(self) -> None:
        self.said: Sequence[Said] = [
            Said(Key(part), "pairs of stances", "no stances are paired") for part in PARTS
        ]

    def rows(self, sample: Sample) -> Floats:
        aligned, size = sample.stances, len(sample.articles.lengths)
        found = np.zeros((size, 1 + len(PARTS)))
        for pair in aligned.pairs:
            article = aligned.line.marks.article[pair.left]
            agreed = _parts(aligned, pair.left, pair.right)
            for column, each in enumerate((np.ones(len(article)), *agreed)):
                found[:, column] += np.bincount(article, each, size)
        return found

    def values(self, sums: Floats) -> Floats:
        return ratio(sums[..., 1:], sums[..., :1])

    def rests_on(self, sums: Floats) -> Sequence[tuple[int, int | None]]:
        return [(int(sums[0]), None)] * len(PARTS)


def _agreed(aligned: Aligned, left: Ints, right: Ints) -> list[Floats]:
    """How much each pair of entities counts in each scheme."""
    line = aligned.line
    label = line.marks.label[left] == line.marks.label[right]
    place = line.place[left] == line.place[right]
    return [each.astype(np.float64) for each in (place & label, place, np.where(place, 1.0, 0.5), label)]


def _agreed_stances(aligned: Aligned, left: Ints, right: Ints) -> list[Floats]:
    evidence, polarity, holder, target = _parts(aligned, left, right)
    whole = polarity * holder * target
    return [np.ones(len(left)), whole, whole * evidence]


def _parts(aligned: Aligned, left: Ints, right: Ints) -> tuple[Floats, Floats, Floats, Floats]:
    line = aligned.line
    return (
        (line.place[left] == line.place[right]).astype(np.float64),
        (line.marks.label[left] == line.marks.label[right]).astype(np.float64),
        same_part(line, left, right, 0).astype(np.float64),
        same_part(line, left, right, 1).astype(np.float64),
    )


def _mean(values: Floats) -> Floats:
    """Over the last axis, of those that are defined."""
    defined = ~np.isnan(values)
    return ratio(np.where(defined, values, 0.0).sum(axis=-1), defined.sum(axis=-1).astype(np.float64))
