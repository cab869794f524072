"""Precision, recall and F1 of a reading against gold, with what they rest on and how sure they are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from annotator.agreement.alignment import Compared
from annotator.agreement.bootstrap import LEVEL, RESAMPLES, Interval, intervals
from annotator.domain.frozen import frozen

ALL = "all"
PARTS = ("polarity", "holder", "target")
SEED = 20

# What each figure means, in words for people; the keys are those of `Scores.to_dict`.
DEFINITIONS = {
    "articles": "marks of which a part lies in a zone do not count; intervals resample articles",
    "strict": "an entity is right if span and label are equal",
    "overlap": "an entity is right if the label is equal and the spans share a character, one to one",
    "found": "a stance is found if the evidence overlaps, whatever else differs, one to one",
    "polarity": "of the stances found, those with the same polarity",
    "holder": "of the stances found, those whose holder overlaps, titles and determiners left out",
    "target": "of the stances found, those whose target overlaps, titles and determiners left out",
    "whole": "a stance is right if polarity is equal, holder and target overlap, and the evidence overlaps"
    " or begins in the same sentence",
}


@frozen
class Counts:
    """How many marks are right, how many were found, how many gold has."""

    right: int = 0
    found: int = 0
    wanted: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.right + other.right, self.found + other.found, self.wanted + other.wanted)

    @property
    def ratios(self) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
        """Numerator and denominator of precision, recall and F1."""
        right, found, wanted = self.right, self.found, self.wanted
        return (right, found), (right, wanted), (2 * right, found + wanted)


@frozen
class Figure:
    """A ratio with its interval; `value` None when it is undefined, and `why` says the reason."""

    value: float | None
    interval: Interval
    why: str = ""

    def to_dict(self) -> dict[str, object]:
        if self.value is None:
            return {"value": None, "why": self.why}
        limits = self.interval
        rounded = {"value": round(self.value, 4)}
        if limits.low is None or limits.high is None:
            return {**rounded, "interval": None, "why": limits.why}
        return {**rounded, "interval": [round(limits.low, 4), round(limits.high, 4)]}


@frozen
class Score:
    """Precision, recall and F1 (2 right / (found + wanted)) of one label, or of all together (micro)."""

    counts: Counts
    precision: Figure
    recall: Figure
    f1: Figure

    def to_dict(self) -> dict[str, object]:
        counts = self.counts
        return {
            "right": counts.right,
            "found": counts.found,
            "gold": counts.wanted,
            "precision": self.precision.to_dict(),
            "recall": self.recall.to_dict(),
            "f1": self.f1.to_dict(),
        }


@frozen
class Share:
    """How many of the stances found have one part right."""

    right: int
    of: int
    figure: Figure

    def to_dict(self) -> dict[str, object]:
        return {"right": self.right, "of": self.of, "share": self.figure.to_dict()}


@frozen
class Scores:
    """All figures of one reading of some articles.

    `strict`, `overlap` and `whole` are by label, and `ALL` first. A kind of mark that gold has nowhere is
    not scored: `strict` and `overlap`, or `found`, `parts` and `whole`, are empty or None.
    """

    articles: int
    strict: Mapping[str, Score]
    overlap: Mapping[str, Score]
    found: Score | None
    parts: Mapping[str, Share]
    whole: Mapping[str, Score]
    seed: int
    resamples: int

    def to_dict(self) -> dict[str, object]:
        """As JSON values, with what each figure means."""
        return {
            "articles": self.articles,
            "entities": {
                "strict": {label: score.to_dict() for label, score in self.strict.items()},
                "overlap": {label: score.to_dict() for label, score in self.overlap.items()},
            },
            "stances": {
                "found": self.found.to_dict() if self.found else None,
                **{part: share.to_dict() for part, share in self.parts.items()},
                "whole": {label: score.to_dict() for label, score in self.whole.items()},
            },
            "interval": {"level": LEVEL, "resamples": self.resamples, "seed": self.seed, "over": "articles"},
            "definitions": DEFINITIONS,
        }


Row = tuple[str, str]  # (figure, label)
Tally = Mapping[Row, Counts]


def score(
    articles: Iterable[Compared],
    *,
    labels: Sequence[str] = (),
    seed: int = SEED,
    resamples: int = RESAMPLES,
) -> Scores:
    """The figures of the articles together; labels come in the order of `labels`, others behind them."""
    tallies = [tally(article) for article in articles]
    total: defaultdict[Row, Counts] = defaultdict(Counts)
    for each in tallies:
        for row, counts in each.items():
            total[row] += counts
    scored = [row for row in total if total[_SIZE_OF[row[0]], ALL].wanted]
    figures = _figures(scored, total, tallies, seed=seed, resamples=resamples)

    def by_label(figure: str) -> dict[str, Score]:
        known = [ALL, *labels]
        mine = sorted(
            (label for name, label in scored if name == figure),
            key=lambda label: (known.index(label) if label in known else len(known), label),
        )
        return {label: Score(total[figure, label], *figures[figure, label]) for label in mine}

    parts = {
        part: Share(total[part, ALL].right, total[part, ALL].found, figures[part, ALL][0])
        for part in PARTS
        if (part, ALL) in scored
    }
    return Scores(
        len(tallies),
        by_label("strict"),
        by_label("overlap"),
        by_label("found").get(ALL),
        parts,
        by_label("whole"),
        seed,
        resamples,
    )


# The figure whose count of gold says whether gold has that kind of mark at all.
_SIZE_OF = {"strict": "strict", "overlap": "strict"} | dict.fromkeys(("found", "whole", *PARTS), "whole")


def tally(article: Compared) -> Tally:
    """What one article adds to each figure. In the parts of a stance, `found` and `wanted` are the pairs."""
    right: Counter[Row] = Counter()
    found: Counter[Row] = Counter()
    wanted: Counter[Row] = Counter()

    def count(counter: Counter[Row], figure: str, label: str) -> None:
        counter[figure, ALL] += 1
        counter[figure, label] += 1

    for pair in article.entities:
        for figure, agrees in (("strict", pair.strict), ("overlap", pair.same_label)):
            if pair.found:
                count(found, figure, pair.found.label)
            if pair.gold:
                count(wanted, figure, pair.gold.label)
            if agrees:
                count(right, figure, pair.mark.label)
    for stance in article.stances:
        if stance.found:
            found["found", ALL] += 1
            count(found, "whole", stance.found.label)
        if stance.gold:
            wanted["found", ALL] += 1
            count(wanted, "whole", stance.gold.label)
        if stance.whole:
            count(right, "whole", stance.mark.label)
        if stance.evidence:
            right["found", ALL] += 1
            for part in PARTS:
                found[part, ALL] += 1
                wanted[part, ALL] += 1
                right[part, ALL] += getattr(stance, part)
    rows = right.keys() | found.keys() | wanted.keys()
    return {row: Counts(right[row], found[row], wanted[row]) for row in rows}


def _figures(
    rows: Sequence[Row], total: Mapping[Row, Counts], tallies: Sequence[Tally], *, seed: int, resamples: int
) -> dict[Row, tuple[Figure, Figure, Figure]]:
    """Precision, recall and F1 of each row."""
    table = [[each.get(row, Counts()) for row in rows] for each in tallies]
    limits = intervals(
        [[top for counts in line for top, _ in counts.ratios] for line in table],
        [[bottom for counts in line for _, bottom in counts.ratios] for line in table],
        seed=seed,
        resamples=resamples,
    )
    figures = {}
    for n, row in enumerate(rows):
        ratios = zip(total[row].ratios, limits[3 * n : 3 * n + 3], _UNDEFINED, strict=True)
        precision, recall, f1 = (_figure(*ratio, limit, why) for ratio, limit, why in ratios)
        figures[row] = precision, recall, f1
    return figures


_UNDEFINED = ("nothing was found", "gold has none", "neither gold nor what was found has any")


def _figure(top: int, bottom: int, limits: Interval, why: str) -> Figure:
    if not bottom:
        return Figure(None, Interval(None, None, why), why)
    return Figure(top / bottom, limits)
