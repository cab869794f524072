"""Who lies inside whom: how far boxes grow outward and in which lane an underline runs."""

from collections.abc import Iterable, Sequence

from annotator.domain.marks import Shown

DEEPEST = 5
LANES = 8


def depths(entities: Sequence[Shown]) -> dict[str, int]:
    """For each entity how many levels of overlapping shorter ones it must enclose, at most DEEPEST."""
    found: dict[str, int] = {}
    ordered = sorted(entities, key=lambda shown: len(shown.mark.span))
    for number, shown in enumerate(ordered):
        span = shown.mark.span
        inner = [found[other.id] for other in ordered[:number] if other.mark.span.overlaps(span)]
        found[shown.id] = min(DEEPEST, 1 + max(inner)) if inner else 0
    return found


def lanes(stances: Iterable[Shown]) -> dict[str, int]:
    """For each stance, in reading order, the first lane free of overlapping ones; the last is shared."""
    found: dict[str, int] = {}
    ends: list[int] = []
    for shown in stances:
        span = shown.mark.span
        lane = next((lane for lane, end in enumerate(ends) if end <= span.start), len(ends))
        if lane == len(ends) and lane < LANES:
            ends.append(span.end)
        lane = min(lane, LANES - 1)
        ends[lane] = max(ends[lane], span.end)
        found[shown.id] = lane
    return found
