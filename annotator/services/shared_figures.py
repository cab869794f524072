"""What the dashboard, its report and the command line say alike: one number and one sentence for each."""

from collections.abc import Iterable

from annotator.services.auditing import Audit, Finding
from annotator.services.wording import counted

Table = tuple[tuple[int, ...], ...]

ONCE = "Each pair of annotators counts once; both sides of the diagonal show the same pairs."


def pooled(tables: Iterable[Table]) -> Table:
    """The tables of each two annotators as one that is symmetric: whose label was which does not matter."""
    found: list[list[int]] = []
    for table in tables:
        found = found or [[0] * len(table) for _ in table]
        for row, cells in enumerate(table):
            for column, count in enumerate(cells):
                found[row][column] += count
                if row != column:
                    found[column][row] += count
    return tuple(map(tuple, found))


def drawn(audit: Audit | None) -> int | None:
    """How many places that all mark alike the review lists to be audited; None before they are drawn."""
    if audit is None or not audit.settled:
        return None
    return sum(audit.count(*Finding, stances=stances) for stances in (False, True))


def in_review(differing: int, parts: int, audited: int | None) -> str:
    """How many places the review has, and why not as many as differ.

    `parts` differ in the edges of a holder or target, which agreement does not count; `audited` as `drawn`.
    """
    edges = f"{parts:,} in the edges of a holder or target alone"
    if audited is None:
        return f"The review adds {f'{edges}, and ' if parts else ''}an audit of what all mark alike."
    all_ = counted(differing + parts + audited, "place")
    also = f"{f', {edges}' if parts else ''}, {audited:,} as an audit of what all mark alike"
    return f"The review has {all_}: {differing:,} that differ{also}."
