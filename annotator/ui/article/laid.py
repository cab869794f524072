"""A laid-out block: its lines, and the boxes, tags and underlines of its marks as lists to be replayed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QTextLayout, QTextLine

from annotator.domain.marks import Shown
from annotator.domain.text import Span, Utf16Map
from annotator.domain.zones import Zone
from annotator.ui.article.fragments import Fragment, fragments, x_of
from annotator.ui.article.typography import Typography


class Style(NamedTuple):
    """All that the layout of a block depends on besides its text and marks. `width` is the column's."""

    typography: Typography
    width: float
    dim: QColor
    tags: bool = True


class Block(NamedTuple):
    """The text of one block and what lies on it; `start` is its first code point in the article."""

    number: int
    start: int
    text: str
    opens: bool
    right_to_left: bool
    marks: Sequence[Shown]
    zones: Sequence[Zone]

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Box(NamedTuple):
    """One rectangle of an entity."""

    mark_id: str
    label: str
    suggested: bool
    rect: QRectF


class Tag(NamedTuple):
    """The label of an entity; `at` is the left end of its baseline."""

    label: str
    suggested: bool
    at: QPointF


class Underline(NamedTuple):
    """A stance's evidence within a block. `anchor` is the first rectangle where the evidence begins here."""

    mark_id: str
    label: str
    suggested: bool
    lines: tuple[QLineF, ...]
    ticks: tuple[QLineF, ...]
    rects: tuple[QRectF, ...]
    anchor: QRectF | None


class Spacing(NamedTuple):
    """What marks and zones ask of the lines of a block; equal spacing means equal lines.

    `rooms` are code points of the article with the pixels wanted before them; `above`, `leading` and `below`
    the pixels before, between and after the lines.
    """

    rooms: tuple[tuple[int, float], ...]
    dimmed: tuple[Span, ...]
    above: float
    leading: float
    below: float


@dataclass(slots=True)
class LaidBlock:
    """A block with its lines broken. Pixels are from the block's top left; positions are the article's."""

    block: Block
    layout: QTextLayout
    offsets: Utf16Map
    mixed: bool
    spacing: Spacing
    height: float
    boxes: list[Box] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    underlines: list[Underline] = field(default_factory=list)
    dimmed: list[QRectF] = field(default_factory=list)

    def unit(self, offset: int) -> int:
        """The UTF-16 unit in the block of a code point of the article, held within the block."""
        return self.offsets.to_utf16(min(max(offset - self.block.start, 0), len(self.block.text)))

    def offset(self, unit: int) -> int:
        return self.block.start + self.offsets.to_code_points(unit)

    def fragments(self, span: Span) -> list[Fragment]:
        """The rectangles of a span of the article within this block."""
        found = fragments(self.layout, self.unit(span.start), self.unit(span.end), mixed=self.mixed)
        return [
            Fragment(
                piece.line,
                piece.rect,
                piece.first and span.start >= self.block.start,
                piece.last and span.end <= self.block.end,
            )
            for piece in found
        ]

    def line_at(self, y: float) -> int:
        """The number of the line nearest to a height."""
        for number in range(self.layout.lineCount() - 1):
            line = self.layout.lineAt(number)
            if y < line.y() + line.height() + self.spacing.leading / 2:
                return number
        return self.layout.lineCount() - 1

    def line_of(self, offset: int) -> int:
        return max(0, self.layout.lineForTextPosition(self.unit(offset)).lineNumber())

    def position_in(self, number: int, x: float) -> int:
        """The position nearest to `x` in a line; at a soft line end it stays in that line."""
        line = self.layout.lineAt(number)
        unit = line.xToCursor(x)
        if number + 1 < self.layout.lineCount() and unit >= line.textStart() + line.textLength():
            unit = self.layout.previousCursorPosition(unit)
        return self.offset(unit)

    def character_in(self, number: int, x: float) -> int:
        """The position before the character that is drawn at `x` in a line."""
        return self.offset(
            self.layout.lineAt(number).xToCursor(x, QTextLine.CursorPosition.CursorOnCharacter)
        )

    def caret(self, offset: int) -> QRectF:
        """Where the caret stands before an offset; a pixel wide."""
        line = self.layout.lineAt(self.line_of(offset))
        return QRectF(x_of(line, self.unit(offset)), line.y(), 1.0, line.height())

    def rows(self, spans: Sequence[Span]) -> tuple[float, float]:
        """Top and bottom of the lines that spans, and the marks that overlap them, have in this block."""
        numbers = [
            number
            for span in spans
            if span.start < self.block.end and span.end > self.block.start
            for mark in (
                span,
                *(shown.mark.span for shown in self.block.marks if shown.mark.span.overlaps(span)),
            )
            for number in (self.line_of(mark.start), self.line_of(mark.end))
        ]
        if not numbers:
            return 0.0, 0.0
        first, last = self.layout.lineAt(min(numbers)), self.layout.lineAt(max(numbers))
        return first.y() - self.spacing.leading, last.y() + last.height() + self.spacing.leading

    def marks_under(self, point: QPointF) -> list[str]:
        """Ids of the marks drawn at a point."""
        found = [box.mark_id for box in self.boxes if box.rect.contains(point)]
        found += [
            underline.mark_id
            for underline in self.underlines
            if any(rect.contains(point) for rect in underline.rects)
        ]
        return list(dict.fromkeys(found))


def tag_text(label: str, *, suggested: bool) -> str:
    return f"{label}?" if suggested else label
