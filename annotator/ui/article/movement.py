"""Where a motion leads on a page: by cluster and word in the text, by visual line in the layout."""

from typing import Literal

from PySide6.QtCore import QPointF

from annotator.domain.text import Span
from annotator.ui.article.motion import (
    Cursor,
    Motion,
    paragraph_down,
    paragraph_up,
    sentence_left,
    sentence_right,
    word_left,
    word_right,
)
from annotator.ui.article.page import Page

Edge = Literal["start", "end"]

_IN_TEXT = {
    Motion.SENTENCE_LEFT: sentence_left,
    Motion.SENTENCE_RIGHT: sentence_right,
    Motion.PARAGRAPH_UP: paragraph_up,
    Motion.PARAGRAPH_DOWN: paragraph_down,
}
_VERTICAL = (Motion.UP, Motion.DOWN, Motion.PAGE_UP, Motion.PAGE_DOWN)
_BY_WORD = (Motion.WORD_LEFT, Motion.WORD_RIGHT)


def moved(page: Page, cursor: Cursor, motion: Motion, *, extend: bool, height: float) -> Cursor:
    """The cursor after a motion. `height` is the viewport's; a page motion goes by it from where the caret
    stood before the page was scrolled. A selection begun by words between two words starts at the word, not
    at the comma before it."""
    if motion in _VERTICAL:
        goal = cursor.goal if cursor.goal is not None else _caret_x(page, cursor.position)
        return cursor.moved(_vertical(page, cursor.position, motion, goal, height), extend=extend, goal=goal)
    to = _target(page, cursor.position, motion)
    if extend and cursor.span is None and motion in _BY_WORD:
        cursor = Cursor(_word_from(page, cursor.position, to), cursor.position)
    return cursor.moved(to, extend=extend)


def edge_moved(page: Page, span: Span, edge: Edge, motion: Motion, *, height: float) -> int:
    """Where a motion takes an edge of a span: by words the start comes to stand at the start of a word and
    the end at the end of one, in both directions."""
    at = span.start if edge == "start" else span.end
    to = moved(page, Cursor(at, at), motion, extend=False, height=height).position
    if motion not in _BY_WORD or (to < at) == (edge == "start"):
        return to
    near = _word_from(page, at, to)
    if near != at:
        return near
    return _word_from(page, to, _word_beyond(page, to, forward=to > at))


def _word_from(page: Page, at: int, to: int) -> int:
    """The near side of the word whose far side is `to`, seen from `at`; `at` if that is within the word."""
    if to > at:
        return max(at, word_left(page.text, page.blocks, to))
    return min(at, word_right(page.text, page.blocks, to))


def _word_beyond(page: Page, at: int, *, forward: bool) -> int:
    return (word_right if forward else word_left)(page.text, page.blocks, at)


def next_cluster(page: Page, position: int) -> int:
    """The position behind the grapheme cluster at `position`; a line end counts as one."""
    number = page.blocks.at(position)
    laid = page.laid(number)
    if position < laid.block.end:
        return laid.offset(laid.layout.nextCursorPosition(laid.unit(position)))
    return page.blocks.starts[number + 1] if number + 1 < len(page.blocks) else position


def previous_cluster(page: Page, position: int) -> int:
    """The position before the grapheme cluster that ends at `position`."""
    number = page.blocks.at(position)
    start, end = page.blocks.starts[number], page.blocks.ends[number]
    if position > end:  # within a line end of two characters
        return end
    if position > start:
        laid = page.laid(number)
        return laid.offset(laid.layout.previousCursorPosition(laid.unit(position)))
    if number == 0:
        return 0
    before = page.blocks.ends[number - 1]
    return before if before < position else previous_cluster_in(page, number - 1)


def previous_cluster_in(page: Page, number: int) -> int:
    """The start of the last cluster of a block whose paragraph goes on in the next block."""
    laid = page.laid(number)
    return laid.offset(laid.layout.previousCursorPosition(laid.unit(laid.block.end)))


def cluster_around(page: Page, position: int) -> Span | None:
    """The grapheme cluster at a position; None at a line end."""
    block = page.laid(page.blocks.at(position)).block
    if not block.start <= position < block.end:
        return None
    return Span(position, max(position + 1, next_cluster(page, position)))


def _target(page: Page, position: int, motion: Motion) -> int:
    number = page.blocks.at(position)
    laid = page.laid(number)
    if laid.block.right_to_left:
        motion = _MIRRORED.get(motion, motion)
    if motion is Motion.LEFT:
        return previous_cluster(page, position)
    if motion is Motion.RIGHT:
        return next_cluster(page, position)
    if motion is Motion.WORD_LEFT:
        return word_left(page.text, page.blocks, position)
    if motion is Motion.WORD_RIGHT:
        return word_right(page.text, page.blocks, position)
    if motion in _IN_TEXT:
        return _IN_TEXT[motion](page.text, page.blocks, position)
    if motion is Motion.START:
        return 0
    if motion is Motion.END:
        return len(page.text)
    line = laid.layout.lineAt(laid.line_of(position))
    if motion is Motion.LINE_START:
        return laid.offset(line.textStart())
    end = line.textStart() + line.textLength()
    last = line.lineNumber() + 1 == laid.layout.lineCount()
    return laid.offset(end if last else laid.layout.previousCursorPosition(end))


_MIRRORED = {
    Motion.LEFT: Motion.RIGHT,
    Motion.RIGHT: Motion.LEFT,
    Motion.WORD_LEFT: Motion.WORD_RIGHT,
    Motion.WORD_RIGHT: Motion.WORD_LEFT,
}


def _caret_x(page: Page, position: int) -> float:
    return page.laid(page.blocks.at(position)).caret(position).x()


def _vertical(page: Page, position: int, motion: Motion, goal: float, height: float) -> int:
    if motion in (Motion.PAGE_UP, Motion.PAGE_DOWN):
        top, bottom = page.y_of(position)
        step = height * 0.85
        y = (top + bottom) / 2 + (step if motion is Motion.PAGE_DOWN else -step)
        return page.position_near(QPointF(goal, y))
    number = page.blocks.at(position)
    laid = page.laid(number)
    line = laid.line_of(position) + (1 if motion is Motion.DOWN else -1)
    if 0 <= line < laid.layout.lineCount():
        return laid.position_in(line, goal)
    step = 1 if motion is Motion.DOWN else -1
    number += step
    while 0 <= number < len(page.blocks) and page.blocks.starts[number] == page.blocks.ends[number]:
        number += step  # nothing can be marked in an empty line
    if not 0 <= number < len(page.blocks):
        return len(page.text) if step > 0 else 0
    laid = page.laid(number)
    return laid.position_in(0 if step > 0 else laid.layout.lineCount() - 1, goal)
