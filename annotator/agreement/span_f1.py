"""F1 of each two annotators, their mean, and those of each label and annotator."""

from collections.abc import Sequence

import numpy as np

from annotator.agreement.coefficients import f1, ratio
from annotator.agreement.columns import Floats, Ints
from annotator.agreement.measures import Aligned, Key, Layout, Said, Sample
from annotator.agreement.pairing import same_part

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
        """For each pair the schemes' counts and the marks of both, then for each label the same of one."""
        aligned = sample.stances if self._stances else sample.entities
        size, labels = len(sample.articles.lengths), len(self._labels)
        columns: list[Floats] = []
        by_label = np.zeros((size, 2 * labels))
        agreement = _agreed_stances if self._stances else _agreed
        marks = aligned.line.marks
        for pair, (one, other, shared) in zip(aligned.pairs, sample.articles.pairs(), strict=True):
            agreed = agreement(aligned, pair.left, pair.right)
            article = marks.article[pair.left]
            columns += [np.bincount(article, each, size).astype(np.float64) for each in agreed]
            counts = np.zeros(size)
            for who in (one, other):
                rows = aligned.line.rows[who]
                rows = rows[shared[marks.article[rows]]]
                counts += np.bincount(marks.article[rows], minlength=size)
                np.add.at(by_label, (marks.article[rows], labels + marks.label[rows]), 1)
            columns.append(counts)
            scheme = agreed[self._schemes.index(self._of_labels)]
            np.add.at(by_label, (article, marks.label[pair.left]), scheme)
        return np.column_stack((*columns, by_label))

    def values(self, sums: Floats) -> Floats:
        pairs, schemes, labels = len(self._layout.pairs), len(self._schemes), len(self._labels)
        each = sums[..., : pairs * (schemes + 1)].reshape(*sums.shape[:-1], pairs, schemes + 1)
        by_pair = f1(each[..., :schemes], each[..., schemes:])
        found = []
        for scheme in range(schemes):
            of_pairs = by_pair[..., scheme]
            found.append(_mean(of_pairs)[..., None])
            found += [_mean(of_pairs[..., mine])[..., None] for mine in self._with]
            found.append(of_pairs)
        rest = sums[..., pairs * (schemes + 1) :]
        return np.concatenate([*found, f1(rest[..., :labels], rest[..., labels:])], axis=-1)

    def rests_on(self, sums: Floats) -> Sequence[tuple[int, int | None]]:
        pairs, schemes = len(self._layout.pairs), len(self._schemes)
        marks = sums[: pairs * (schemes + 1)].reshape(pairs, schemes + 1)[:, -1]
        each = [marks.sum(), *(marks[mine].sum() for mine in self._with), *marks] * schemes
        return [(int(number), None) for number in (*each, *sums[len(sums) - len(self._labels) :])]


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
