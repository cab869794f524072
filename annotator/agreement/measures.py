"""Measures: each figure as a function of counts that add up over articles.

So a total is a sum of rows, a resample is another sum of the same rows, and when one article changes its row
is taken out and the new one put in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Protocol

import numpy as np

from annotator.agreement.columns import Articles, Floats, Ints, Line, Marks, laid_out
from annotator.agreement.grouping import Groups, grouped
from annotator.agreement.pairing import Pairs, paired
from annotator.domain.frozen import frozen

# What each figure means, in words for people.
DEFINITIONS: Mapping[str, str] = {
    "f1_strict": "2 x marks with the same span and label / all marks of both, in articles both finished",
    "f1_exact": "2 x marks with the same span, whatever the label / all marks of both",
    "f1_overlap": "2 x marks with the same span, and half of those that only overlap / all marks of both",
    "f1_type": "2 x marks that overlap and have the same label / all marks of both",
    "alpha": "Krippendorff's alpha, nominal, of aligned units; no mark counts as the label ABSENT",
    "kappa_cohen": "Cohen's kappa of the labels of units that both have marked; no other unit counts",
    "kappa_fleiss": "Fleiss' kappa of the labels of units that all have marked; no other unit counts",
    "alpha_characters": "Krippendorff's alpha, nominal, of the label of each character, none counting as one",
    "alpha_u": "Krippendorff's alpha for unitising: where units of a label begin and end",
    "gamma": "Mathet's gamma: places and labels at once, against 30 shuffled versions of each article",
    "stance_f1_found": "2 x pairs by evidence, or by sentence, holder and target / all stances of both",
    "stance_f1_whole": "2 x pairs with equal polarity, holder and target / all stances of both",
    "stance_f1_strict": "2 x pairs with equal polarity, holder, target and evidence / all stances of both",
    "stance_alpha": "Krippendorff's alpha of polarities of aligned stances: for and against differ by 1, "
    "neutral and either by 0.5, absent and any by 1",
    "stance_evidence": "of the pairs of stances, those with the same evidence",
    "stance_polarity": "of the pairs of stances, those with the same polarity",
    "stance_holder": "of the pairs of stances, those whose holders have equal names or overlap",
    "stance_target": "of the pairs of stances, those whose targets have equal names or overlap",
    "dawid_skene": "Dawid and Skene's model: the probability that an annotator's answer is right",
    "mace": "MACE: the probability that an annotator knows what is right instead of guessing",
}


@frozen
class Layout:
    """Names in the order of their numbers, and the lengths that units have (code points, ascending)."""

    annotators: tuple[str, ...]
    labels: tuple[str, ...]
    polarities: tuple[str, ...]
    lengths: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    def by_name(self) -> "Layout":
        """The same in the order of the alphabet."""
        annotators, labels, polarities = (
            tuple(sorted(each)) for each in (self.annotators, self.labels, self.polarities)
        )
        return Layout(annotators, labels, polarities, self.lengths)

    @property
    def pairs(self) -> list[tuple[int, int]]:
        several = range(len(self.annotators))
        return [(one, other) for one in several for other in several[one + 1 :]]


@frozen
class Aligned:
    """The marks of one kind, aligned: by each two annotators, and in groups of all."""

    line: Line
    pairs: tuple[Pairs, ...]
    groups: Groups

    @classmethod
    def of(cls, articles: Articles, marks: Marks, *, labels: int, neutral: int) -> "Aligned":
        line = laid_out(articles, marks)
        pairs = tuple(paired(line, *each) for each in articles.pairs())
        return cls(line, pairs, grouped(articles, line, pairs, labels=labels, neutral=neutral))


@frozen
class Sample:
    """What rows are counted from. `seeds` (articles,) are those of gamma; below zero it is not asked for."""

    articles: Articles
    entities: Aligned
    stances: Aligned
    seeds: Ints


@frozen
class Key:
    """Which figure, and of what: of everything, of a label, of one annotator with the others, of a pair."""

    figure: str
    label: str | None = None
    annotators: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        found: dict[str, object] = {"figure": self.figure}
        if self.label is not None:
            found["label"] = self.label
        if self.annotators:
            found["annotators"] = list(self.annotators)
        return found


@frozen
class Said:
    """A key with what it rests on: how many of what, and why it is undefined if it is."""

    key: Key
    unit: str
    why: str


class Measure(Protocol):
    """Some figures that are made of the same counts."""

    said: Sequence[Said]

    def rows(self, sample: Sample) -> Floats:
        """What each article adds: (articles, columns)."""

    def values(self, sums: Floats) -> Floats:
        """The figures of sums of rows, NaN where undefined: (..., columns) to (..., figures)."""

    def rests_on(self, sums: Floats) -> Sequence[tuple[int, int | None]]:
        """For each figure how many units it rests on, and out of how many if not all count."""
