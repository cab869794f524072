"""What suggestions were worth: what became of them by label and score, and whether seeing them sways."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from annotator.agreement.bootstrap import Interval
from annotator.agreement.scores import Figure
from annotator.agreement.sway import difference_of_shares
from annotator.domain.choices import KINDS, SuggestionKind
from annotator.domain.frozen import frozen
from annotator.domain.suggestions import Verdict
from annotator.storage.suggestion_quality import NO_SCORE, Decided, Met, decided, met

_NORMAL = 1.959964  # the 97.5th percentile of the normal distribution


@dataclass(slots=True)
class Tally:
    """Decisions by verdict, and the sum of the scores of the suggestions that had one."""

    counts: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(Verdict, 0))
    score: float = 0.0

    def add(self, row: Decided) -> None:
        self.counts[row.verdict] += row.count
        self.score += row.score

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def share(self, verdict: Verdict) -> float | None:
        return self.counts[verdict] / self.total if self.total else None

    def limits(self, verdict: Verdict) -> tuple[float, float] | None:
        """The 95 % interval of a share."""
        return wilson(self.counts[verdict], self.total) if self.total else None

    @property
    def mean_score(self) -> float | None:
        return self.score / self.total if self.total else None


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share, by Wilson's score (1927, doi 10.1080/01621459.1927.10502953)."""
    share, square = count / of, _NORMAL**2 / of
    middle = (share + square / 2) / (1 + square)
    half = (share * (1 - share) / of + square / (4 * of)) ** 0.5 * _NORMAL / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


@frozen
class Bias:
    """P(final = suggestion | shown) less P(final = suggestion | blind) for suggestions of a kind.

    Counted over annotators' finished articles; the interval resamples articles.
    """

    kind: SuggestionKind
    shown: int
    shown_kept: int
    blind: int
    blind_kept: int
    difference: Figure


@frozen
class Worth:
    """By kind and label, by kind and tenth of the score; and the bias of each kind."""

    labels: Mapping[tuple[SuggestionKind, str], Tally]
    tenths: Mapping[tuple[SuggestionKind, int], Tally]
    biases: tuple[Bias, ...]


def worth(db: sqlite3.Connection) -> Worth:
    labels: defaultdict[tuple[SuggestionKind, str], Tally] = defaultdict(Tally)
    tenths: defaultdict[tuple[SuggestionKind, int], Tally] = defaultdict(Tally)
    for row in decided(db):
        labels[row.kind, row.label].add(row)
        if row.tenth != NO_SCORE:
            tenths[row.kind, row.tenth].add(row)
    rows = met(db)
    biases = tuple(bias(kind, [row for row in rows if row.kind == kind]) for kind in KINDS)
    return Worth(dict(labels), dict(tenths), biases)


def bias(kind: SuggestionKind, rows: Sequence[Met]) -> Bias:
    """The difference of the two shares, by a bootstrap over articles."""
    counts: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in rows:
        at = 0 if row.saw else 2
        counts[row.article_id][at] += row.suggestions
        counts[row.article_id][at + 1] += row.kept
    shown, shown_kept, blind, blind_kept = (sum(each[n] for each in counts.values()) for n in range(4))
    return Bias(kind, shown, shown_kept, blind, blind_kept, _difference(counts, shown, blind))


def _difference(counts: Mapping[int, Sequence[int]], shown: int, blind: int) -> Figure:
    why = _why_not(shown, blind)
    return Figure(None, Interval(None, None, why), why) if why else difference_of_shares(counts)


def _why_not(shown: int, blind: int) -> str:
    if not shown and not blind:
        return "no finished article has suggestions of which it is known whether they were seen"
    if not blind:
        return "nobody has finished an article with its suggestions hidden: a blind sample hides some"
    return "" if shown else "nobody has finished an article with its suggestions shown"
