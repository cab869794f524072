"""Ids that sort by time: ULIDs that carry a hybrid logical clock."""

import os
import time
from collections.abc import Callable

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [high + low for high in _ALPHABET for low in _ALPHABET]
_VALUES = {digit: value for value, digit in enumerate(_ALPHABET)}
_COUNTER_BITS = 16
_RANDOM_BYTES = 8


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Clock:
    """Gives ids of 26 characters, each greater than all before it and than any id it was shown.

    An id is 48 bits of unix ms, a 16-bit counter and 64 random bits. When the system's clock stands still or
    goes back the counter goes on, and carries into the ms.
    """

    __slots__ = ("_last", "_now")

    def __init__(self, newest: str | None = None, *, now: Callable[[], int] = now_ms) -> None:
        self._now = now
        self._last = 0
        if newest is not None:
            self.observe(newest)

    def observe(self, ulid: str) -> None:
        """Stay behind no id of another file."""
        self._last = max(self._last, _number(ulid) >> 8 * _RANDOM_BYTES)

    def next(self) -> str:
        self._last = max(self._last + 1, self._now() << _COUNTER_BITS)
        number = self._last << 8 * _RANDOM_BYTES | int.from_bytes(os.urandom(_RANDOM_BYTES), "big")
        return "".join([_PAIRS[number >> shift & 1023] for shift in range(120, -1, -10)])


def _number(ulid: str) -> int:
    number = 0
    for digit in ulid:
        number = number << 5 | _VALUES[digit]
    return number
