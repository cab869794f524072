"""The marks of one article in reading order, found by id and by place."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import TYPE_CHECKING

from annotator.domain.marks import Shown, Stance
from annotator.domain.text import Span
from annotator.ui.article.layers import NONE_HIDDEN, Hidden, Layer, is_seen

if TYPE_CHECKING:
    from annotator.ui.article.census import Census

# Marks in a bucket: an insertion moves at most this many, a query looks through two partly used buckets.
_BUCKET = 256

Key = tuple[int, int, str]


def reading_key(shown: Shown) -> Key:
    """Reading order: by start, the longer first, then by id."""
    mark = shown.mark
    return (mark.span.start, -mark.span.end, mark.id)


class _Bucket:
    """Neighbouring marks; the three lists are parallel."""

    __slots__ = ("ends", "keys", "marks")

    def __init__(self, keys: list[Key], marks: list[Shown]) -> None:
        self.keys = keys
        self.marks = marks
        self.ends = [mark.mark.span.end for mark in marks]

    def split(self) -> "_Bucket":
        """Give the second half away."""
        half = _Bucket(self.keys[_BUCKET:], self.marks[_BUCKET:])
        del self.keys[_BUCKET:], self.marks[_BUCKET:], self.ends[_BUCKET:]
        return half


class MarkStore:
    """Marks sorted by start in buckets, with first key, furthest end and the running maximum of the ends.

    n marks: O(n log n) to build, O(sqrt n) to change, O(log n + hits) to ask where marks are short. It holds
    those of hidden layers too, and answers as if they were not there.
    """

    def __init__(self, shown: Iterable[Shown] = (), hidden: Hidden = NONE_HIDDEN) -> None:
        self._hidden = hidden
        keys = sorted(map(reading_key, shown := list(shown)))
        self._by_id = {mark.mark.id: mark for mark in shown}
        if len(self._by_id) != len(keys):
            raise ValueError("two marks share an id")
        marks = [self._by_id[mark_id] for _, _, mark_id in keys]
        self._buckets = [
            _Bucket(keys[at : at + _BUCKET], marks[at : at + _BUCKET]) for at in range(0, len(marks), _BUCKET)
        ]
        self._firsts = [bucket.keys[0] for bucket in self._buckets]
        self._furthest = [max(bucket.ends) for bucket in self._buckets]
        self._reach: list[int] | None = None
        self._census: Census | None = None
        # The stances, by whether they are suggested.
        self._stances = Counter(mark.suggested for mark in marks if isinstance(mark.mark, Stance))

    def __len__(self) -> int:
        return sum(1 for _ in self) if self._hidden else len(self._by_id)

    def __iter__(self) -> Iterator[Shown]:
        return (mark for bucket in self._buckets for mark in self._seen(bucket.marks))

    def hide(self, hidden: Hidden) -> None:
        """From now on answer without the marks of these layers."""
        self._hidden = hidden

    def get(self, mark_id: str) -> Shown | None:
        shown = self._by_id.get(mark_id)
        return shown if shown is not None and is_seen(shown, self._hidden) else None

    @property
    def has_stances(self) -> bool:
        if Layer.STANCES in self._hidden:
            return False
        return bool(self._stances[False] or (self._stances[True] and Layer.SUGGESTIONS not in self._hidden))

    def census(self) -> "Census":
        """Where the marks begin, hidden ones too; taken when it is first asked for, from then on kept up."""
        if self._census is None:
            from annotator.ui.article.census import Census  # not for the first window

            self._census = Census(mark for bucket in self._buckets for mark in bucket.marks)
        return self._census

    def put(self, shown: Shown) -> None:
        """Add a mark, or replace the one with its id."""
        self.discard(shown.id)
        key, end = reading_key(shown), shown.mark.span.end
        self._by_id[shown.id] = shown
        self._count(shown, 1)
        if not self._buckets:
            self._buckets.append(_Bucket([key], [shown]))
            self._firsts.append(key)
            self._furthest.append(end)
            self._reach = None
            return
        at = max(0, bisect_right(self._firsts, key) - 1)
        bucket = self._buckets[at]
        within = bisect_left(bucket.keys, key)
        bucket.keys.insert(within, key)
        bucket.marks.insert(within, shown)
        bucket.ends.insert(within, end)
        if len(bucket.keys) > 2 * _BUCKET:
            self._buckets.insert(at + 1, bucket.split())
            self._firsts.insert(at + 1, self._buckets[at + 1].keys[0])
            self._furthest.insert(at + 1, 0)
            self._measure(at + 1)
        self._measure(at)

    def discard(self, mark_id: str) -> Shown | None:
        """Remove a mark and return it; None when there is none with that id."""
        shown = self._by_id.pop(mark_id, None)
        if shown is None:
            return None
        self._count(shown, -1)
        key = reading_key(shown)
        at = bisect_right(self._firsts, key) - 1
        bucket = self._buckets[at]
        within = bisect_left(bucket.keys, key)
        del bucket.keys[within], bucket.marks[within], bucket.ends[within]
        if bucket.keys:
            self._measure(at)
        else:
            del self._buckets[at], self._firsts[at], self._furthest[at]
            self._reach = None
        return shown

    def overlapping(self, start: int, end: int) -> list[Shown]:
        """The marks that share a code point with `[start, end)`, in reading order."""
        if self._reach is None:
            self._reach = list(accumulate(self._furthest, max))
        first = bisect_right(self._reach, start)
        last = bisect_left(self._firsts, (end,))
        found: list[Shown] = []
        for at in range(first, last):
            if self._furthest[at] > start:
                bucket = self._buckets[at]
                stop = bisect_left(bucket.keys, (end,))
                ends = zip(bucket.marks[:stop], bucket.ends, strict=False)
                found += [mark for mark, mark_end in ends if mark_end > start]
        return self._seen(found)

    def on(self, span: Span) -> list[Shown]:
        """The marks on exactly a span, those of hidden layers too."""
        return self._between((span.start, -span.end), (span.start, 1 - span.end))

    def beginning(self, start: int, end: int) -> list[Shown]:
        """The marks that begin in `[start, end)`, in reading order, those of hidden layers too."""
        return self._between((start,), (end,))

    def _between(self, first: tuple[int, ...], behind: tuple[int, ...]) -> list[Shown]:
        found: list[Shown] = []
        for at in range(max(0, bisect_right(self._firsts, first) - 1), len(self._buckets)):
            bucket = self._buckets[at]
            found += bucket.marks[bisect_left(bucket.keys, first) : bisect_left(bucket.keys, behind)]
            if bucket.keys[-1] > behind:
                break
        return found

    def after(self, key: tuple[int, ...] | Key) -> Iterator[Shown]:
        """The marks behind a key in reading order, the nearest first."""
        at = max(0, bisect_right(self._firsts, key) - 1)
        for bucket in self._buckets[at:]:
            yield from self._seen(bucket.marks[bisect_right(bucket.keys, key) :])

    def before(self, key: tuple[int, ...] | Key) -> Iterator[Shown]:
        """The marks before a key, the nearest first."""
        at = bisect_right(self._firsts, key) - 1
        for bucket in self._buckets[at::-1] if at >= 0 else ():
            yield from reversed(self._seen(bucket.marks[: bisect_left(bucket.keys, key)]))

    def _seen(self, marks: list[Shown]) -> list[Shown]:
        return [mark for mark in marks if is_seen(mark, self._hidden)] if self._hidden else marks

    def _count(self, shown: Shown, by: int) -> None:
        """Count a mark in (1) or out (-1)."""
        if isinstance(shown.mark, Stance):
            self._stances[shown.suggested] += by
        if self._census is not None:
            self._census.count(shown, by)

    def _measure(self, at: int) -> None:
        """Note the first key and the furthest end of a bucket anew."""
        bucket = self._buckets[at]
        self._firsts[at] = bucket.keys[0]
        furthest = max(bucket.ends)
        if furthest != self._furthest[at]:
            self._furthest[at] = furthest
            self._reach = None
