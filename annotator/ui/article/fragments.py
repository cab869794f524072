"""Fragments: the rectangles that a stretch of a laid-out text covers, line by line, in both directions."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple, cast

from PySide6.QtCore import QRectF
from PySide6.QtGui import QTextLayout, QTextLine

_TOUCHING = 2.0  # pixels: pieces nearer than this are drawn as one


class Fragment(NamedTuple):
    """One rectangle of a stretch; `first` and `last` tell whether the stretch begins or ends in its line."""

    line: int
    rect: QRectF
    first: bool
    last: bool


def x_of(line: QTextLine, position: int) -> float:
    """Where the caret stands before a UTF-16 position; Qt answers with a tuple or a number by version."""
    answer = cast("float | tuple[float, int]", line.cursorToX(position))
    return answer[0] if isinstance(answer, tuple) else answer


def fragments(layout: QTextLayout, start: int, end: int, *, mixed: bool) -> list[Fragment]:
    """The rectangles of the UTF-16 units `[start, end)`; `mixed` when the text holds right-to-left letters.

    In mixed text one line may have several.
    """
    found: list[Fragment] = []
    if start >= end:
        return found
    first = layout.lineForTextPosition(start).lineNumber()
    for number in range(max(0, first), layout.lineCount()):
        line = layout.lineAt(number)
        begin = line.textStart()
        if begin >= end:
            break
        stop = begin + line.textLength()
        left, right = max(start, begin), min(end, stop)
        if left >= right:
            continue
        pieces = _mixed(line, left, right) if mixed else [_plain(line, left, right, stop)]
        top, height = line.y(), line.height()
        found += [
            Fragment(number, QRectF(x, top, width, height), left == start, right == end)
            for x, width in pieces
            if width > 0
        ]
    return found


def _plain(line: QTextLine, left: int, right: int, stop: int) -> tuple[float, float]:
    begin = x_of(line, left)
    end = x_of(line, right) if right < stop else line.naturalTextRect().right()
    return begin, max(end - begin, 1.0)


def _mixed(line: QTextLine, left: int, right: int) -> list[tuple[float, float]]:
    """Join the cells of the glyphs that touch, or have only room for a mark between them.

    Not by `cursorToX`: where the direction changes, it gives one of two places and a letter no width.
    """
    joined = _joined(_cells(line, left, right), None)
    if len(joined) < 2:
        return [(begin, end - begin) for begin, end in joined]
    start, stop = line.textStart(), line.textStart() + line.textLength()
    others = [*_cells(line, start, left), *_cells(line, right, stop)]
    middles = sorted((begin + end) / 2 for begin, end in others if end > begin)
    return [(begin, end - begin) for begin, end in _joined(joined, middles)]


def _cells(line: QTextLine, left: int, right: int) -> list[tuple[float, float]]:
    """Left and right ends of the glyphs of `[left, right)`, from the left; none of nothing."""
    if left >= right:
        return []
    return sorted(
        (place.x(), place.x() + advance.x())
        for run in line.glyphRuns(left, right - left)
        for place, advance in zip(
            run.positions(), run.rawFont().advancesForGlyphIndexes(run.glyphIndexes()), strict=True
        )
    )


def _joined(
    cells: Sequence[tuple[float, float]], between: Sequence[float] | None
) -> list[tuple[float, float]]:
    """Cells that touch as one; with `between`, ascending, also those with none of these places between."""
    joined: list[tuple[float, float]] = []
    for begin, end in cells:
        if joined and (begin <= (reach := joined[-1][1]) + _TOUCHING or _is_free(between, reach, begin)):
            joined[-1] = (joined[-1][0], max(end, reach))
        else:
            joined.append((begin, end))
    return joined


def _is_free(places: Sequence[float] | None, left: float, right: float) -> bool:
    return places is not None and bisect_left(places, left) == bisect_left(places, right)
