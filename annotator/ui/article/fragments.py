"""Fragments: the rectangles that a stretch of a laid-out text covers, line by line, in both directions."""

from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QRectF
from PySide6.QtGui import QTextLayout, QTextLine

_TOUCHING = 0.6  # pixels: pieces nearer than this are drawn as one


@dataclass(frozen=True, slots=True)
class Fragment:
    """One rectangle of a stretch; `first` and `last` tell whether the stretch begins or ends in its line."""

    line: int
    rect: QRectF
    first: bool
    last: bool


def x_of(line: QTextLine, position: int, edge: QTextLine.Edge = QTextLine.Edge.Leading) -> float:
    """Where the edge of a UTF-16 position stands; PySide6 answers with a tuple or a number by version."""
    answer = cast("float | tuple[float, int]", line.cursorToX(position, edge))
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
        pieces = _mixed(layout, line, left, right) if mixed else [_plain(line, left, right, stop)]
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


def _mixed(layout: QTextLayout, line: QTextLine, left: int, right: int) -> list[tuple[float, float]]:
    """Join the character cells that touch; exact across changes of direction."""
    cells: list[tuple[float, float]] = []
    at = left
    while at < right:
        leading, trailing = x_of(line, at), x_of(line, at, QTextLine.Edge.Trailing)
        cells.append((min(leading, trailing), max(leading, trailing)))
        at = max(at + 1, layout.nextCursorPosition(at))
    cells.sort()
    joined = [cells[0]]
    for begin, end in cells[1:]:
        if begin <= joined[-1][1] + _TOUCHING:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return [(begin, end - begin) for begin, end in joined]
