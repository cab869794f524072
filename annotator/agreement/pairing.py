"""Which marks of two annotators belong together, in all articles at once."""

import numpy as np

from annotator.agreement.assignment import assigned
from annotator.agreement.columns import NONE, Bools, Floats, Ints, Line, overlaps, windows
from annotator.domain.frozen import frozen

_FINE = 1_000_000  # scores are compared in millionths, so that sums of them do not depend on their order
_MANY = 1_000_000  # marks of one annotator with the same span are fewer


@frozen
class Pairs:
    """Marks of two annotators that belong together: rows of the line; each row in one pair at most.

    `exact`: they say the same. `score`: how near they are, 0 to 1.5 for entities and to 2.25 for stances.
    """

    left: Ints
    right: Ints
    exact: Bools
    score: Floats


def paired(line: Line, one: int, other: int, shared: Bools) -> Pairs:
    """The marks of two annotators, paired, in the articles that are `shared`, shape (articles,).

    Those that say the same first; then entities with the same span and another label, by label where there
    are several, which all fit equally well; then those that overlap, so that the scores add up to the most:
    intersection over union of the spans, and half for the same label. Stances are paired if their evidence
    overlaps, or begins in the same sentence and holder and target are equal; they score intersection over
    union, a half each for holder and target, and a quarter for polarity. Spans that touch do not overlap.
    Neither the order of the annotators nor that of the marks makes a difference.
    """
    left, right = (line.rows[n][shared[line.marks.article[line.rows[n]]]] for n in (one, other))
    same_left, same_right = _equal(line.content[left], line.content[right])
    pairs = [(left[same_left], right[same_right])]
    left, right = np.delete(left, same_left), np.delete(right, same_right)
    if line.marks.parts is None:
        same_left, same_right = _equal(_each(line.place[left]), _each(line.place[right]))
        pairs.append((left[same_left], right[same_right]))
        left, right = np.delete(left, same_left), np.delete(right, same_right)
    near_left, near_right = _near(line, left, right)
    score = scores(line, near_left, near_right)
    weight = np.rint(score * _FINE).astype(np.int64)
    chosen = assigned(line.content[near_left], line.content[near_right], weight)
    pairs.append((near_left[chosen], near_right[chosen]))
    found_left, found_right = (np.concatenate(side) for side in zip(*pairs, strict=True))
    exact = line.content[found_left] == line.content[found_right]
    return Pairs(found_left, found_right, exact, scores(line, found_left, found_right))


def scores(line: Line, left: Ints, right: Ints) -> Floats:
    """How near the marks of each pair are to each other."""
    inner = np.minimum(line.end[left], line.end[right]) - np.maximum(line.start[left], line.start[right])
    inner = np.maximum(inner, 0)
    outer = line.end[left] - line.start[left] + line.end[right] - line.start[right] - inner
    same = line.marks.label[left] == line.marks.label[right]
    near: Floats = inner / np.maximum(outer, 1)
    if line.marks.parts is None:
        near += 0.5 * same
    else:
        near += 0.25 * same
        near += 0.5 * same_part(line, left, right, 0) + 0.5 * same_part(line, left, right, 1)
    return near


def same_part(line: Line, left: Ints, right: Ints, part: int) -> Bools:
    """Whether two stances have the same holder (part 0) or target (1).

    The same name, or else spans that overlap; a missing part equals only a missing one.
    """
    assert line.marks.parts is not None
    one, other = line.marks.parts[left, part], line.marks.parts[right, part]
    none, other_none = one[:, 0] == NONE, other[:, 0] == NONE
    overlap = (one[:, 0] < other[:, 1]) & (other[:, 0] < one[:, 1])
    named = (one[:, 2] != NONE) & (one[:, 2] == other[:, 2])
    same: Bools = np.where(none | other_none, none & other_none, overlap | named)
    return same


def _near(line: Line, left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """The pairs of rows that may belong together though they do not say the same."""
    one, other = overlaps(line.start[left], line.end[left], line.start[right], line.end[right])
    if line.marks.parts is None or line.marks.sentence is None or not len(left) or not len(right):
        return left[one], right[other]
    sentence = line.marks.sentence
    order = np.argsort(sentence[right], kind="stable")
    sorted_right = sentence[right][order]
    low = np.searchsorted(sorted_right, sentence[left], "left")
    high = np.searchsorted(sorted_right, sentence[left], "right")
    beside, there = windows(low, np.where(sentence[left] == NONE, low, high))
    beside, there = left[beside], right[order[there]]
    alike = same_part(line, beside, there, 0) & same_part(line, beside, there, 1)
    alike &= (line.start[beside] >= line.end[there]) | (line.start[there] >= line.end[beside])
    return np.concatenate((left[one], beside[alike])), np.concatenate((right[other], there[alike]))


def _equal(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Where numbers of both sides are equal; each side is sorted and has none twice."""
    if not len(left) or not len(right):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    at = np.minimum(np.searchsorted(right, left), len(right) - 1)
    equal = right[at] == left
    return np.flatnonzero(equal), at[equal]


def _each(place: Ints) -> Ints:
    """Sorted numbers told apart: the first of each, the second, and so on."""
    rows = np.arange(len(place))
    new = np.diff(place, prepend=NONE) != 0
    return place * _MANY + (rows - np.maximum.accumulate(np.where(new, rows, 0)))
