"""Articles that say nearly the same: agency reports and their copies, found by sketches of their words.

One-permutation MinHash: Li, Owen and Zhang, "One Permutation Hashing" (NIPS 2012), with the empty bins filled
as in Shrivastava and Li, "Densifying One Permutation Hashing" (ICML 2014); bands as in Leskovec, Rajaraman
and Ullman, "Mining of Massive Datasets", chapter 3.
"""

import re
import zlib
from array import array
from collections.abc import Iterable, Sequence
from itertools import pairwise

SIMILAR = 0.6  # share of word groups in common from which two texts are nearly the same
_WORDS = 4  # in a group
_BINS = 60
_ROWS = 5  # bins in a band: texts that share .6 meet in one of 12 bands in .62 of the cases, .8 in .99
_EMPTY = 2**32 - 1
_WORD = re.compile(r"\w+")


class Sketches:
    """Sketches of texts, 240 bytes each, by the order in which they were added."""

    def __init__(self) -> None:
        self._bins = array("L" if array("L").itemsize == 4 else "I")
        self._count = 0

    def add(self, text: str) -> None:
        self._bins.extend(_sketch(text))
        self._count += 1

    def groups(self) -> list[int]:
        """For each text the first one that it is nearly the same as, itself where there is none before it."""
        first = list(range(self._count))
        for band in range(0, _BINS, _ROWS):
            keys = [hash(self._part(n, band, band + _ROWS)) for n in range(self._count)]
            order = sorted(range(self._count), key=keys.__getitem__)
            for before, after in pairwise(order):
                if keys[before] == keys[after]:
                    self._join(first, before, after)
        return [_root(first, n) for n in range(self._count)]

    def _join(self, first: list[int], one: int, other: int) -> None:
        """Joins the groups of two texts if they are alike."""
        one_root, other_root = _root(first, one), _root(first, other)
        if one_root != other_root and self._similarity(one, other) >= SIMILAR:
            first[max(one_root, other_root)] = min(one_root, other_root)

    def _similarity(self, one: int, other: int) -> float:
        pairs = zip(self._part(one, 0, _BINS), self._part(other, 0, _BINS), strict=True)
        return sum(first == second for first, second in pairs) / _BINS

    def _part(self, n: int, start: int, end: int) -> tuple[int, ...]:
        return tuple(self._bins[n * _BINS + start : n * _BINS + end])


def groups_of(texts: Iterable[str]) -> list[int]:
    """As `Sketches.groups`, of all texts at once."""
    sketches = Sketches()
    for text in texts:
        sketches.add(text)
    return sketches.groups()


def _sketch(text: str) -> Sequence[int]:
    """The least hash of the word groups in each bin; an empty bin takes that of the next full one."""
    words = _WORD.findall(text.casefold())
    bins = [_EMPTY] * _BINS
    for n in range(max(len(words) - _WORDS + 1, 1)):
        value = zlib.crc32(" ".join(words[n : n + _WORDS]).encode("utf-8", "surrogatepass"))
        place, rest = value % _BINS, value // _BINS
        if rest < bins[place]:
            bins[place] = rest
    full = [n for n, value in enumerate(bins) if value != _EMPTY]
    taken = full[0]
    for n in range(_BINS - 1, -1, -1):  # backwards, so that the next full one is known
        if bins[n] != _EMPTY:
            taken = n
        else:
            bins[n] = bins[taken]
    return bins


def _root(first: list[int], n: int) -> int:
    while first[n] != n:
        first[n] = first[first[n]]
        n = first[n]
    return n
