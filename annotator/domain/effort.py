"""Time at work: a clock that stops when nobody works, and what an annotator spent on an article."""

import time
from collections.abc import Callable

from annotator.domain.frozen import frozen

IDLE_MS = 60_000  # who does nothing for longer than this is not reading any more


def monotonic_ms() -> int:
    return time.monotonic_ns() // 1_000_000


class WorkClock:
    """Milliseconds at work. A pause counts up to `IDLE_MS`, what is longer is idle and left out."""

    def __init__(self, now: Callable[[], int] = monotonic_ms) -> None:
        self._now = now
        self._last = now()
        self._worked = 0

    def touch(self) -> None:
        """Something was done now."""
        now = self._now()
        self._worked += min(now - self._last, IDLE_MS)
        self._last = now

    def rest(self) -> None:
        """The person left: what passed since the last touch does not count."""
        self._last = self._now()

    def ms(self) -> int:
        return self._worked + min(self._now() - self._last, IDLE_MS)


@frozen
class Effort:
    """What one annotator spent on one article: ms in all, and the ms of the decisions that have some."""

    ms: int = 0
    decisions: int = 0
    decision_ms: int = 0


def told(effort: Effort) -> str:
    """`2 min 10 s here, 3.1 s a decision`."""
    minutes, seconds = divmod(round(effort.ms / 1000), 60)
    here = f"{minutes} min {seconds} s here" if minutes else f"{seconds} s here"
    if not effort.decisions:
        return here
    return f"{here}, {effort.decision_ms / effort.decisions / 1000:.1f} s a decision"
