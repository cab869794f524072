"""What a large gesture tells whoever waits for it, and where it may be stopped."""

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

_STEP = 2_000  # rows written at once, some 40 ms

Row = TypeVar("Row")


class Waiting(Protocol):
    """Told of every gesture that is being saved. What it raises from `reached` takes the gesture back."""

    def begun(self, summary: str) -> None: ...

    def reached(self, share: float) -> None:
        """`share` of the gesture is done, from 0 to 1; of small ones that is never told."""

    def ended(self) -> None:
        """It is saved, or nothing of it is."""


def in_steps(
    waiting: Waiting | None, rows: Sequence[Row], *, begin: float, end: float
) -> Iterator[Sequence[Row]]:
    """The rows, some thousand at a time; these steps take a gesture from one share to another."""
    for at in range(0, len(rows), _STEP):
        if at and waiting is not None:
            waiting.reached(begin + (end - begin) * at / len(rows))
        yield rows[at : at + _STEP]
