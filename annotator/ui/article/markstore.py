"""The marks of one article in reading order, found by id and by place."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

from annotator.domain.marks import Shown

# Marks in a bucket: an insertion moves at most this many, a query looks through two partly used buckets.
_BUCKET = 256

Key = tuple[int, int, str]


def reading_key(shown: Shown) -> Key:
    """Reading order: by start, the longer first, then by id."""
    return (shown.mark.span.start, -shown.mark.span.end, shown.mark.id)


class _Bucket:
    __slots__ = ("furthest", "keys", "marks")

    def __init__(self, keys: list[Key], marks: list[Shown]) -> None:
        self.keys = keys
        self.marks = marks
        self.measure()

    def measure(self) -> None:
        """Find the furthest end again."""
        self.furthest = -min(key[1] for key in self.keys)


class MarkStore:
    """Marks sorted by start in buckets that know their furthest end, with the running maximum of those.

    n marks: O(n log n) to build, O(sqrt n) to change, O(log n + hits) to ask where marks are short.
    """

    def __init__(self, shown: Iterable[Shown] = ()) -> None:
        marks = sorted(shown, key=reading_key)
        keys = [reading_key(mark) for mark in marks]
        self._by_id = {mark.id: mark for mark in marks}
        if len(self._by_id) != len(marks):
            raise ValueError("two marks share an id")
        self._buckets = [
            _Bucket(keys[at : at + _BUCKET], marks[at : at + _BUCKET]) for at in range(0, len(marks), _BUCKET)
        ]
        self._index()

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Shown]:
        return (mark for bucket in self._buckets for mark in bucket.marks)

    def get(self, mark_id: str) -> Shown | None:
        return self._by_id.get(mark_id)

    def put(self, shown: Shown) -> None:
        """Add a mark, or replace the one with its id."""
        self.discard(shown.id)
        key = reading_key(shown)
        self._by_id[shown.id] = shown
        if not self._buckets:
            self._buckets.append(_Bucket([key], [shown]))
        else:
            at = max(0, bisect_right(self._firsts, key) - 1)
            bucket = self._buckets[at]
            within = bisect_left(bucket.keys, key)
            bucket.keys.insert(within, key)
            bucket.marks.insert(within, shown)
            bucket.furthest = max(bucket.furthest, shown.mark.span.end)
            if len(bucket.keys) > 2 * _BUCKET:
                half = _Bucket(bucket.keys[_BUCKET:], bucket.marks[_BUCKET:])
                del bucket.keys[_BUCKET:], bucket.marks[_BUCKET:]
                bucket.measure()
                self._buckets.insert(at + 1, half)
        self._index()

    def discard(self, mark_id: str) -> Shown | None:
        """Remove a mark and return it; None when there is none with that id."""
        shown = self._by_id.pop(mark_id, None)
        if shown is None:
            return None
        key = reading_key(shown)
        at = bisect_right(self._firsts, key) - 1
        bucket = self._buckets[at]
        within = bisect_left(bucket.keys, key)
        del bucket.keys[within], bucket.marks[within]
        if bucket.keys:
            bucket.measure()
        else:
            del self._buckets[at]
        self._index()
        return shown

    def overlapping(self, start: int, end: int) -> list[Shown]:
        """The marks that share a code point with `[start, end)`, in reading order."""
        first = bisect_right(self._reach, start)
        last = bisect_left(self._firsts, (end,))
        found: list[Shown] = []
        for bucket in self._buckets[first:last]:
            if bucket.furthest > start:
                stop = bisect_left(bucket.keys, (end,))
                found += [bucket.marks[at] for at in range(stop) if -bucket.keys[at][1] > start]
        return found

    def after(self, key: tuple[int, ...] | Key) -> Iterator[Shown]:
        """The marks behind a key in reading order, the nearest first."""
        at = max(0, bisect_right(self._firsts, key) - 1)
        for bucket in self._buckets[at:]:
            yield from bucket.marks[bisect_right(bucket.keys, key) :]

    def before(self, key: tuple[int, ...] | Key) -> Iterator[Shown]:
        """The marks before a key, the nearest first."""
        at = bisect_right(self._firsts, key) - 1
        for bucket in self._buckets[at::-1] if at >= 0 else ():
            yield from reversed(bucket.marks[: bisect_left(bucket.keys, key)])

    def _index(self) -> None:
        self._firsts = [bucket.keys[0] for bucket in self._buckets]
        self._reach = list(accumulate((bucket.furthest for bucket in self._buckets), max))
