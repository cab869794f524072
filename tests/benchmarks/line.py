"""One line of the benchmark table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """What was measured, in which unit, the limit in words ("<= 2.0"), and whether it is met."""

    name: str
    value: float
    unit: str
    limit: str
    ok: bool
