"""Groups: the marks of 2 to 20 annotators that stand for the same, and what they differ in."""

from collections.abc import Sequence
from enum import IntFlag

import numpy as np

from annotator.agreement.columns import NONE, Articles, Bools, Floats, Ints, Line, Marks
from annotator.agreement.pairing import Pairs, same_part
from annotator.domain.frozen import frozen


class Differs(IntFlag):
    """In what the marks of a group differ; several at once. BOUNDARY and LABEL together are "both".

    MISSING: an annotator who has finished the article has no mark in the group. BOUNDARY: the spans, for a
    stance those of the evidence. LABEL: the entity labels. HOLDER, TARGET: the parts, as `same_part` says.
    FLIP: for and against. STRENGTH: neutral and another polarity.
    """

    MISSING = 1
    BOUNDARY = 2
    LABEL = 4
    HOLDER = 8
    TARGET = 16
    FLIP = 32
    STRENGTH = 64


@frozen
class Groups:
    """Groups in the order of the text. Every mark of a finished article is in one.

    `member` is the row of the line that each annotator has in each group, shape (groups, annotators), or
    `NONE`. `values` is its label; the number of labels for ABSENT, where an annotator has finished the
    article and has no mark; `NONE` where it is not finished, which never counts. `differs` are `Differs`.
    """

    article: Ints
    member: Ints
    values: Ints
    differs: Ints

    def __len__(self) -> int:
        return len(self.article)


def grouped(articles: Articles, line: Line, pairs: Sequence[Pairs], *, labels: int, neutral: int) -> Groups:
    """Joins what `paired` found for each two annotators.

    Pairs that say the same are joined first, then by falling score, then those that most annotators say,
    then by content; a group has one mark of an annotator at most. `labels` is how many there are, `neutral`
    the number of the neutral polarity, `NONE` if there is none. So the order of annotators and of marks
    makes no difference.
    """
    joined = _joined(line, pairs)[line.content]
    first, group = np.unique(joined, return_inverse=True)
    member = np.full((len(first), articles.annotators), NONE, np.int64)
    member[group, line.marks.annotator] = np.arange(len(line))
    article = np.zeros(len(first), np.int64)
    article[group] = line.marks.article
    values = np.where(articles.finished[article], labels, NONE)
    values[group, line.marks.annotator] = line.marks.label
    return Groups(article, member, values, _differs(line, group, member, values, labels, neutral))


def parts_alike(marks: Marks, member: Ints) -> Bools:
    """Where all stances of a group have a holder and a target with the same edges; `member` as in Groups.

    Agreement counts parts as equal that overlap or bear the same name.
    """
    assert marks.parts is not None
    first = member.max(axis=1, initial=NONE)
    same = np.ones(len(member), np.bool_)
    for column in member.T:
        there = np.flatnonzero(column != NONE)
        edges = marks.parts[column[there], :, :2] == marks.parts[first[there], :, :2]
        same[there] &= edges.all(axis=(1, 2))
    return same


def _joined(line: Line, pairs: Sequence[Pairs]) -> Ints:
    """For each content the least content of its group."""
    contents = int(line.content[-1]) + 1 if len(line) else 0
    root = np.arange(contents)
    masks = np.zeros(contents, np.int64)
    np.bitwise_or.at(masks, line.content, np.int64(1) << line.marks.annotator)
    low, high = _edges(line, pairs, np.bitwise_count(masks).astype(np.int64))
    degree = np.bincount(np.concatenate((low, high)), minlength=contents)
    alone = (degree[low] == 1) & (degree[high] == 1)
    fits = alone & ((masks[low] & masks[high]) == 0)
    root[high[fits]] = low[fits]
    members: dict[int, list[int]] = {}
    whose: dict[int, int] = {}
    at: dict[int, int] = {}
    for one, other in zip(low[~alone].tolist(), high[~alone].tolist(), strict=True):
        for node in (one, other):
            if node not in at:
                at[node], members[node], whose[node] = node, [node], int(masks[node])
        first, second = sorted((at[one], at[other]))
        if first == second or whose[first] & whose[second]:
            continue
        whose[first] |= whose.pop(second)
        for node in members[second]:
            at[node] = first
        members[first] += members.pop(second)
    if at:
        root[list(at)] = list(at.values())
    return root


def _edges(line: Line, pairs: Sequence[Pairs], said_by: Ints) -> tuple[Ints, Ints]:
    """The contents that some pair of annotators joins, the nearest first; what says the same is joined.

    Of those equally near come first what most annotators say: `said_by` is how many, for each content.
    """
    contents = len(said_by)
    none = np.zeros(0, np.int64)
    left = np.concatenate([none, *(line.content[each.left[~each.exact]] for each in pairs)])
    right = np.concatenate([none, *(line.content[each.right[~each.exact]] for each in pairs)])
    empty: Floats = np.zeros(0)
    score = np.concatenate([empty, *(each.score[~each.exact] for each in pairs)])
    edge, at = np.unique(np.minimum(left, right) * contents + np.maximum(left, right), return_index=True)
    low, high = edge // max(contents, 1), edge % max(contents, 1)
    nearest = np.lexsort([edge, -(said_by[low] + said_by[high]), -score[at]])
    return low[nearest], high[nearest]


def _differs(line: Line, group: Ints, member: Ints, values: Ints, labels: int, neutral: int) -> Ints:
    """The flags of each group."""

    def spread(column: Ints) -> Bools:
        low = np.full(len(member), np.iinfo(np.int64).max)
        high = np.full(len(member), -1, np.int64)
        np.minimum.at(low, group, column)
        np.maximum.at(high, group, column)
        unequal: Bools = low != high
        return unequal

    differs: Ints = np.where((values == labels).any(axis=1), int(Differs.MISSING), 0)
    differs |= np.where(spread(line.place), int(Differs.BOUNDARY), 0)
    if line.marks.parts is None:
        differs |= np.where(spread(line.marks.label), int(Differs.LABEL), 0)
        return differs
    mild = ((values == neutral) & (values != NONE)).any(axis=1)
    there = (values != NONE) & (values != labels) & (values != neutral)
    strong = there.any(axis=1)
    lowest = np.where(there, values, labels).min(axis=1, initial=labels)
    flip = (there & (values != lowest[:, None])).any(axis=1)
    differs |= np.where(flip, int(Differs.FLIP), 0) | np.where(mild & strong, int(Differs.STRENGTH), 0)
    annotators = member.shape[1]
    for one in range(annotators):
        for other in range(one + 1, annotators):
            both = np.flatnonzero((member[:, one] != NONE) & (member[:, other] != NONE))
            for part, flag in ((0, Differs.HOLDER), (1, Differs.TARGET)):
                same = same_part(line, member[both, one], member[both, other], part)
                differs[both[~same]] |= int(flag)
    return differs
