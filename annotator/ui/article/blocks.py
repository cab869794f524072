"""Blocks: the paragraphs of a text as they are laid out (a very long one cut up), and where they stand."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from annotator.domain.text import paragraphs

LONGEST = 700  # code points of a block: the longest stretch laid out at once, and anew for a gesture
_WITHIN = 400  # code points before that in which a place to cut is sought
_SENTENCE = re.compile(r"[.!?…][\"'”’»)\]]*\s+(?=\S)")
_SPACE = re.compile(r"\s(?=\S)")
_GROUP = 256  # heights summed up together


class Blocks:
    """Bounds of the blocks in code points; line ends belong to none."""

    def __init__(self, text: str) -> None:
        self.starts = array("q")
        self.ends = array("q")
        self.opens = bytearray()  # 1 where a block begins its paragraph
        for start, end in paragraphs(text):
            cuts = _cuts(text, start, end) if end - start > LONGEST else [end]
            for number, cut in enumerate(cuts):
                self.starts.append(start)
                self.ends.append(cut)
                self.opens.append(number == 0)
                start = cut

    def __len__(self) -> int:
        return len(self.starts)

    def at(self, offset: int) -> int:
        """The block that holds an offset; a line end counts to the block before it."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def touched(self, start: int, end: int) -> range:
        """The blocks that share a code point with `[start, end)`."""
        return range(self.at(start), self.at(max(start, end - 1)) + 1)

    def paragraph(self, block: int) -> tuple[int, int]:
        """`(start, end)` of the paragraph a block is part of."""
        first = self.opens.rindex(1, 0, block + 1)
        following = self.opens.find(1, block + 1)
        return self.starts[first], self.ends[following - 1 if following >= 0 else -1]

    def lengths(self) -> list[int]:
        return [end - start for start, end in zip(self.starts, self.ends, strict=True)]


class Heights:
    """Heights of the blocks in pixels, and their sums: O(1) to change one, O(sqrt n) to add them up."""

    def __init__(self, heights: Sequence[float]) -> None:
        self._heights = array("d", heights)
        self._sums = [sum(self._heights[at : at + _GROUP]) for at in range(0, len(heights), _GROUP)]

    def __getitem__(self, block: int) -> float:
        return self._heights[block]

    def set(self, block: int, height: float) -> None:
        self._sums[block // _GROUP] += height - self._heights[block]
        self._heights[block] = height

    def total(self) -> float:
        return sum(self._sums)

    def top(self, block: int) -> float:
        """The sum of the heights before a block."""
        group = block // _GROUP
        return sum(self._sums[:group]) + sum(self._heights[group * _GROUP : block])

    def tops(self) -> list[float]:
        """Where each block begins, and after the last where it ends."""
        return list(accumulate(self._heights, initial=0.0))

    def find(self, y: float) -> tuple[int, float]:
        """The block at a height and how far below its top that is; beyond the ends the first or last."""
        group, above = _behind(self._sums, y)
        start = group * _GROUP
        block, inner = _behind(self._heights[start : start + _GROUP], y - above)
        return start + block, y - above - inner


def _behind(heights: Sequence[float], y: float) -> tuple[int, float]:
    """The last entry whose running sum before it is at most y, and that sum."""
    tops = list(accumulate(heights, initial=0.0))[:-1]
    at = max(0, bisect_right(tops, y) - 1)
    return at, tops[at]


def _cuts(text: str, start: int, end: int) -> list[int]:
    """Ends of the blocks of a long paragraph: behind a sentence, else a word, else where no cluster is split.

    Behind a sentence the short line that a cut leaves looks meant, and a sentence is selected whole.
    """
    cuts = []
    while end - start > LONGEST:
        limit = start + LONGEST
        found = (_last(pattern, text, limit) for pattern in (_SENTENCE, _SPACE))
        start = next(filter(None, found), None) or _plain_cut(text, limit)
        cuts.append(start)
    return [*cuts, end]


def _last(pattern: re.Pattern[str], text: str, limit: int) -> int | None:
    """The end of the last match shortly before `limit`."""
    return max((match.end() for match in pattern.finditer(text, limit - _WITHIN, limit)), default=None)


def _plain_cut(text: str, limit: int) -> int:
    """The last place between two letters in the 100 code points before `limit`, else `limit`."""
    for at in range(limit, limit - 100, -1):
        if text[at].isalnum() and text[at - 1].isalnum():
            return at
    return limit
