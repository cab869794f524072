"""From the encoder's numbers to entities and stances, counted in words of what was read."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import prod

import numpy as np
from numpy.typing import NDArray

from annotator.domain.frozen import frozen
from annotator.suggest.encoder.layout import (
    ENTITY_LABELS,
    ENTITY_TAGS,
    LONGEST,
    PARTS,
    POINTERS,
    POLARITIES,
    REACH,
)

Floats = NDArray[np.float32]
Place = tuple[tuple[int, int], float]  # a half-open span in words, and its chance

SCENT = 0.08  # an anchor less likely than this is not followed
SECOND = 0.3  # a second holder or target at least this likely makes a stance of its own
EACH_OTHER = 0.15  # both of an act in both directions are at least this likely

_IMPOSSIBLE = -np.inf
_TAG_COUNT = len(ENTITY_TAGS)


def _transitions() -> Floats:
    """Log weight 0 of each tag after another, _IMPOSSIBLE where I- follows nothing of its label."""
    allowed = np.zeros((_TAG_COUNT, _TAG_COUNT), dtype=np.float32)
    for label in range(len(ENTITY_LABELS)):
        begin, inside = 1 + 2 * label, 2 + 2 * label
        allowed[:, inside] = _IMPOSSIBLE
        allowed[[begin, inside], inside] = 0
    return allowed


_TRANSITIONS = _transitions()


@frozen
class FoundEntity:
    """Words [start, end)."""

    start: int
    end: int
    label: str


@frozen
class FoundStance:
    """Spans are half-open in words; `chances` are of the anchor, the holder and the target."""

    anchor: int
    polarity: str
    evidence: tuple[int, int]
    holder: tuple[int, int]
    target: tuple[int, int]
    chances: tuple[float, float, float]


def log_softmax(scores: Floats) -> Floats:
    """Over the last axis."""
    high = scores.max(axis=-1, keepdims=True)
    result: Floats = scores - high - np.log(np.exp(scores - high).sum(axis=-1, keepdims=True))
    return result


def best_tags(scores: Floats) -> list[int]:
    """The likeliest row of tags in which no I- follows another label (Viterbi).

    `scores` are (words, tags), log probabilities but for what each word's have in common.
    """
    if not len(scores):
        return []
    score = scores[0].copy()
    score[2::2] = _IMPOSSIBLE
    back = np.zeros((len(scores), _TAG_COUNT), dtype=np.int64)
    for i in range(1, len(scores)):
        paths = score[:, None] + _TRANSITIONS
        back[i] = paths.argmax(axis=0)
        score = paths.max(axis=0) + scores[i]
    tags = [int(score.argmax())]
    for i in range(len(scores) - 1, 0, -1):
        tags.append(int(back[i, tags[-1]]))
    return tags[::-1]


def entities(scores: Floats) -> Iterator[FoundEntity]:
    """The entities of (words, tags) scores."""
    tags = best_tags(scores)
    start = 0
    while start < len(tags):
        end = start + 1
        if tags[start]:
            inside = tags[start] + 1
            while end < len(tags) and tags[end] == inside:
                end += 1
            yield FoundEntity(start, end, ENTITY_LABELS[(tags[start] - 1) // 2])
        start = end


@frozen
class SpanNumbers:
    """The encoder's rows for words, of which Pointing makes scores of spans.

    `queries` and `keys` (words, pointers x key): what an anchor asks for, what a word offers. `starts` and
    `ends` (words, parts x pair): what makes two words the first and the last of one phrase.
    """

    queries: Floats
    keys: Floats
    starts: Floats
    ends: Floats


@frozen
class Pointing:
    """What turns rows of numbers for words into scores of spans, (parts, words, LONGEST) for an anchor.

    `polar` (polarities, pointers, key) is added to queries, `distance` (pointers, 2 REACH + 1) to scores by
    how far a word is from its anchor, `length` (parts, LONGEST) by how many words a span has beyond one.
    """

    polar: Floats
    distance: Floats
    length: Floats

    def pairs(self, numbers: SpanNumbers) -> Floats:
        """How well words go together as first and last of a span, (parts, words, LONGEST)."""
        words = len(numbers.starts)
        first = numbers.starts.reshape(words, len(PARTS), -1)
        last = np.zeros((words + LONGEST - 1, *first.shape[1:]), dtype=np.float32)
        last[:words] = numbers.ends.reshape(first.shape)
        banded = np.lib.stride_tricks.sliding_window_view(last, LONGEST, axis=0)
        scores = np.einsum("wpk,wpkl->pwl", first, banded) / np.sqrt(first.shape[-1])
        result: Floats = (scores + self.length[:, None, :]).astype(np.float32)
        return result

    def spans(self, numbers: SpanNumbers, pairs: Floats, anchor: int, polarity: int) -> Floats:
        """The scores of all spans as the parts of an anchor's stance; a span past the last word has none."""
        width = self.polar.shape[-1]
        words = len(numbers.keys)
        asked = numbers.queries[anchor].reshape(len(POINTERS), width) + self.polar[polarity]
        offered = numbers.keys.reshape(words, len(POINTERS), width)
        ends = np.einsum("fk,wfk->fw", asked, offered) / np.sqrt(width)
        ends += self.distance[:, np.clip(np.arange(words) - anchor, -REACH, REACH) + REACH]
        last = np.full((len(PARTS), words + LONGEST - 1), -np.inf, dtype=np.float32)
        last[:, :words] = ends[1::2]
        banded = np.lib.stride_tricks.sliding_window_view(last, LONGEST, axis=1)
        result: Floats = (ends[0::2, :, None] + banded + pairs).astype(np.float32)
        return result


def possible(sentences: NDArray[np.int64], anchor: int) -> NDArray[np.bool_]:
    """Which spans can be the parts of an anchor's stance, (parts, words, LONGEST).

    All lie in one sentence, evidence and target in the anchor's, and the evidence holds the anchor.
    """
    starts = np.arange(len(sentences))[:, None]
    ends = starts + np.arange(LONGEST)
    inside = ends < len(sentences)
    whole = inside & (sentences[np.minimum(ends, len(sentences) - 1)] == sentences[:, None])
    own = whole & (sentences == sentences[anchor])[:, None]
    return np.stack([own & (starts <= anchor) & (ends >= anchor), whole, own])


def stances(
    anchors: Floats, spans: SpanNumbers, sentences: Sequence[int], pointing: Pointing
) -> list[FoundStance]:
    """The stances anchored in a window, strongest first; arrays have a row for each word read.

    `anchors` are logits, a column a polarity; rows outside the window are to be very low.
    """
    chances = 1 / (1 + np.exp(-anchors))
    numbers = np.array(sentences, dtype=np.int64)
    found: list[FoundStance] = []
    places = np.argwhere(chances >= SCENT).tolist()
    if not places:
        return []
    pairs = pointing.pairs(spans)
    for anchor, polarity in places:
        scores = pointing.spans(spans, pairs, anchor, polarity)
        scores[~possible(numbers, anchor)] = -np.inf
        found += _parts(anchor, polarity, float(chances[anchor, polarity]), scores)
    return together(found)


def _parts(anchor: int, polarity: int, chance: float, scores: Floats) -> Iterator[FoundStance]:
    """The stance on an anchor; a second one if another holder or target is nearly as likely."""
    evidence, holders, targets = map(_likeliest, scores)
    if not (evidence and holders and targets):
        return
    for holder, target in _matched(holders, targets):
        yield FoundStance(
            anchor, POLARITIES[polarity], evidence[0][0], holder[0], target[0], (chance, holder[1], target[1])
        )


def _matched(holders: Sequence[Place], targets: Sequence[Place]) -> Iterator[tuple[Place, Place]]:
    """Who is for or against what: the likeliest of both, and the second of one of them with the first of
    the other; if holders are targets of each other ("traded accusations"), each with the other one.
    """
    if pairs := _each_other(holders, targets):
        yield from pairs
        return
    crossed = _overlap(holders[0], targets[0])
    for n, (h, t) in enumerate(((0, 1), (1, 0)) if crossed else ((0, 0), (1, 0), (0, 1))):
        if h >= len(holders) or t >= len(targets) or _overlap(holders[h], targets[t]):
            continue
        if n == 0 or min(holders[h][1], targets[t][1]) >= SECOND:
            yield holders[h], targets[t]


def _each_other(holders: Sequence[Place], targets: Sequence[Place]) -> list[tuple[Place, Place]]:
    """Both stances of an act in both directions; none if it is no such act.

    Either the same two are holders and targets, or the targets are the two that the holder names together.
    The chance of a part, which is divided between them, belongs to each.
    """
    if len(targets) < 2 or targets[1][1] < EACH_OTHER:
        return []
    if all(_within(target, holders[0]) for target in targets):
        holders = [(place, holders[0][1] / 2) for place, _ in targets]
    if len(holders) < 2 or holders[1][1] < EACH_OTHER:
        return []
    if not _overlap(holders[0], targets[1]):
        targets = targets[::-1]
    if not (_overlap(holders[0], targets[1]) and _overlap(holders[1], targets[0])):
        return []
    return [(_whole(holders[n], holders), _whole(targets[n], targets)) for n in (0, 1)]


def _within(one: Place, other: Place) -> bool:
    return other[0][0] <= one[0][0] and one[0][1] <= other[0][1]


def _whole(place: Place, places: Sequence[Place]) -> Place:
    """The place with the chance of all."""
    return place[0], min(1.0, sum(chance for _, chance in places))


def _overlap(one: Place, other: Place) -> bool:
    return one[0][0] < other[0][1] and other[0][0] < one[0][1]


def _likeliest(scores: Floats) -> list[Place]:
    """Of (words, LONGEST) scores, the likeliest span and the likeliest that does not overlap it.

    With the chance of each, in which those that overlap it share: they speak for the same part.
    """
    high = scores.max()
    if not np.isfinite(high):
        return []
    chances = np.exp(scores - high)
    chances /= chances.sum()
    starts = np.arange(len(scores))[:, None]
    ends = starts + np.arange(LONGEST)
    found: list[Place] = []
    for _ in range(2):
        start, length = divmod(int(chances.argmax()), LONGEST)
        if not chances[start, length]:
            break
        near = (ends >= start) & (starts <= start + length)
        found.append(((start, start + length + 1), min(1.0, float(chances[near].sum()))))
        chances[near] = 0
    return found


def together(found: Sequence[FoundStance]) -> list[FoundStance]:
    """One stance for those whose evidence, holder and target overlap, strongest first.

    In whatever order they come, the strongest stays. Anchors of the same stance, polarity included, share
    its chance; joined, they have it whole. One of another polarity contradicts it and goes.
    """
    kept: list[FoundStance] = []
    joined: list[set[int]] = []
    for stance in sorted(found, key=_strongest):
        i = next((i for i, other in enumerate(kept) if _same(stance, other)), None)
        if i is None:
            kept.append(stance)
            joined.append({stance.anchor})
        elif stance.polarity == kept[i].polarity and stance.anchor not in joined[i]:
            joined[i].add(stance.anchor)
            chance, *others = kept[i].chances
            whole = 1 - (1 - chance) * (1 - stance.chances[0])
            kept[i] = replace(kept[i], chances=(whole, others[0], others[1]))
    return sorted(kept, key=_strongest)


def _strongest(stance: FoundStance) -> tuple[object, ...]:
    """A key that no two different stances share."""
    parts = (stance.evidence, stance.holder, stance.target)
    return -prod(stance.chances), stance.anchor, stance.polarity, parts, stance.chances


def _same(one: FoundStance, other: FoundStance) -> bool:
    pairs = ((one.evidence, other.evidence), (one.holder, other.holder), (one.target, other.target))
    return all(a < d and c < b for (a, b), (c, d) in pairs)
