"""The heaviest one-to-one pairs of very many small problems at once."""

from collections import defaultdict

import numpy as np

from annotator.agreement.columns import Bools, Ints
from annotator.agreement.matching import heaviest


def assigned(left: Ints, right: Ints, weight: Ints) -> Bools:
    """Which of the possible pairs are chosen, so that each left and right is in one at most.

    The weights (> 0) of those chosen add up to the most. `left` and `right` are numbers of one count of
    everything by its content; where choices weigh the same these numbers decide. So neither the order of
    the pairs nor which side is which matters. Pairs alone and stars, which are nearly all, are chosen at
    once; chains are solved one after another.
    """
    chosen = np.zeros(len(left), np.bool_)
    if not len(left):
        return chosen
    nodes, numbers = np.unique(np.concatenate((left, right)), return_inverse=True)
    one, other = numbers[: len(left)], numbers[len(left) :]
    degree = np.bincount(numbers, minlength=len(nodes))
    widest = np.zeros(len(nodes), np.int64)  # the most pairs that any neighbour is in
    np.maximum.at(widest, one, degree[other])
    np.maximum.at(widest, other, degree[one])
    hub, leaf = np.where(degree[one] >= degree[other], (one, other), (other, one))
    star = (widest[hub] == 1) & (degree[leaf] == 1)
    best = np.flatnonzero(star)
    best = best[np.lexsort([leaf[best], -weight[best], hub[best]])]
    chosen[best[np.diff(hub[best], prepend=-1) != 0]] = True
    chains = np.flatnonzero(~star)
    if len(chains):
        chosen[chains] = _solved(left[chains], right[chains], weight[chains])
    return chosen


def _solved(left: Ints, right: Ints, weight: Ints) -> Bools:
    """As `assigned`, one connected problem after another."""
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        while (above := parent.setdefault(node, node)) != node:
            parent[node] = parent[above]
            node = above
        return node

    pairs = list(zip(left.tolist(), right.tolist(), weight.tolist(), strict=True))
    for one, other, _ in pairs:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    problems: defaultdict[int, dict[tuple[int, int], int]] = defaultdict(dict)
    for one, other, heavy in pairs:
        problems[root(one)][one, other] = heavy
    chosen: set[tuple[int, int]] = set()
    for first, weights in problems.items():  # `first` is the smallest number of the problem: its side is left
        if any(one == first for one, _ in weights):
            chosen.update(heaviest(weights))
        else:
            turned = {(other, one): heavy for (one, other), heavy in weights.items()}
            chosen.update((one, other) for other, one in heaviest(turned))
    return np.array([(one, other) in chosen for one, other, _ in pairs], np.bool_)
