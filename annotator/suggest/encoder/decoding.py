"""From the encoder's numbers to entities and stances, counted in words of what was read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod

import numpy as np
from numpy.typing import NDArray

from annotator.suggest.encoder.layout import ENTITY_LABELS, ENTITY_TAGS, POINTERS, POLARITIES, REACH

Floats = NDArray[np.float32]

SCENT = 0.08  # an anchor less likely than this is not followed
LONGEST = 24  # words of a part of a stance
SECOND = 0.3  # a second holder or target at least this likely makes a stance of its own

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


@dataclass(frozen=True, slots=True)
class FoundEntity:
    """Words [start, end)."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
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


def best_tags(chances: Floats) -> list[int]:
    """The likeliest row of tags in which no I- follows another label (Viterbi).

    `chances` are log probabilities, (words, tags).
    """
    if not len(chances):
        return []
    score = chances[0].copy()
    score[2::2] = _IMPOSSIBLE
    back = np.zeros((len(chances), _TAG_COUNT), dtype=np.int64)
    for i in range(1, len(chances)):
        paths = score[:, None] + _TRANSITIONS
        back[i] = paths.argmax(axis=0)
        score = paths.max(axis=0) + chances[i]
    tags = [int(score.argmax())]
    for i in range(len(chances) - 1, 0, -1):
        tags.append(int(back[i, tags[-1]]))
    return tags[::-1]


def entities(scores: Floats) -> Iterator[FoundEntity]:
    """The entities of (words, tags) scores."""
    tags = best_tags(log_softmax(scores))
    start = 0
    while start < len(tags):
        end = start + 1
        if tags[start]:
            inside = tags[start] + 1
            while end < len(tags) and tags[end] == inside:
                end += 1
            yield FoundEntity(start, end, ENTITY_LABELS[(tags[start] - 1) // 2])
        start = end


@dataclass(frozen=True, slots=True)
class Pointing:
    """What turns queries and keys of words into pointers; see Network.pointed for the shapes."""

    polar: Floats
    distance: Floats

    def log_chances(self, queries: Floats, keys: Floats, anchors: Sequence[int], polarity: int) -> Floats:
        """(anchors, pointers, words) of the anchors' stances."""
        count = len(POINTERS)
        width = self.polar.shape[-1]
        asked = queries[list(anchors)].reshape(-1, count, width) + self.polar[polarity]
        scores = np.einsum("sfk,wfk->sfw", asked, keys.reshape(-1, count, width)) / np.sqrt(width)
        far = np.clip(np.arange(len(keys)) - np.array(anchors)[:, None], -REACH, REACH) + REACH
        return log_softmax((scores + self.distance[:, far].transpose(1, 0, 2)).astype(np.float32))


def stances(
    anchors: Floats, queries: Floats, keys: Floats, sentences: Sequence[int], pointing: Pointing
) -> list[FoundStance]:
    """The stances anchored in a window, strongest first; arrays have a row for each word read.

    `anchors` are logits, a column a polarity; rows outside the window are to be very low.
    """
    chances = 1 / (1 + np.exp(-anchors))
    numbers = np.array(sentences, dtype=np.int64)
    found: list[FoundStance] = []
    for polarity in range(len(POLARITIES)):
        places = np.flatnonzero(chances[:, polarity] >= SCENT).tolist()
        if places:
            pointers = pointing.log_chances(queries, keys, places, polarity)
            for place, pointed in zip(places, pointers, strict=True):
                found += _parts(place, polarity, float(chances[place, polarity]), pointed, numbers)
    return together(found)


def _parts(
    anchor: int, polarity: int, chance: float, pointed: Floats, sentences: NDArray[np.int64]
) -> Iterator[FoundStance]:
    """The stance on an anchor; a second one if another holder or target is nearly as likely."""
    own = sentences == sentences[anchor]
    evidence = _spans(pointed[0], pointed[1], sentences, own, anchor=anchor)
    holders = _spans(pointed[2], pointed[3], sentences, np.ones_like(own))
    targets = _spans(pointed[4], pointed[5], sentences, own)
    if not (evidence and holders and targets):
        return
    for h, t in ((0, 0), (1, 0), (0, 1)):
        if h >= len(holders) or t >= len(targets):
            continue
        holder, target = holders[h], targets[t]
        if (h or t) and min(holder[1], target[1]) < SECOND:
            continue
        if holder[0] == target[0]:
            continue
        yield FoundStance(
            anchor, POLARITIES[polarity], evidence[0][0], holder[0], target[0], (chance, holder[1], target[1])
        )


def _spans(
    first: Floats,
    last: Floats,
    sentences: NDArray[np.int64],
    allowed: NDArray[np.bool_],
    *,
    anchor: int | None = None,
) -> list[tuple[tuple[int, int], float]]:
    """The likeliest span and the likeliest that does not overlap it, each with its chance.

    Spans lie in one sentence and begin at an allowed word; they hold the anchor if one is given.
    """
    size = len(first)
    grid = np.full((size, LONGEST), -np.inf, dtype=np.float32)
    for length in range(min(LONGEST, size)):
        count = size - length
        grid[:count, length] = first[:count] + last[length:]
        grid[:count, length][sentences[:count] != sentences[length:]] = -np.inf
    grid[~allowed] = -np.inf
    starts = np.arange(size)[:, None]
    ends = starts + np.arange(LONGEST)
    if anchor is not None:
        grid[(starts > anchor) | (ends < anchor)] = -np.inf
    found: list[tuple[tuple[int, int], float]] = []
    for _ in range(2):
        best = int(grid.argmax())
        start, length = divmod(best, LONGEST)
        if not np.isfinite(grid[start, length]):
            break
        apart = (ends < start) | (starts > start + length)
        # Spans that overlap the best one speak for the same part.
        chance = float(np.exp(grid[~apart]).sum())
        found.append(((start, start + length + 1), min(1.0, chance)))
        grid[~apart] = -np.inf
    return found


def together(found: Sequence[FoundStance]) -> list[FoundStance]:
    """One stance for those that say the same, strongest first, in whatever order they come.

    Those say the same whose polarity is equal and whose evidence, holder and target overlap. Anchors of the
    same stance share its chance; joined, they have it whole.
    """
    kept: list[FoundStance] = []
    joined: list[set[int]] = []
    for stance in sorted(found, key=_strongest):
        i = next((i for i, other in enumerate(kept) if _same(stance, other)), None)
        if i is None:
            kept.append(stance)
            joined.append({stance.anchor})
        elif stance.anchor not in joined[i]:
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
    return one.polarity == other.polarity and all(a < d and c < b for (a, b), (c, d) in pairs)
