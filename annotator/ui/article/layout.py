"""Layout of one block: its lines, and the boxes, tags and underlines of its marks as lists to be replayed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from annotator.domain.marks import Entity, Shown, Stance
from annotator.domain.text import Span, Utf16Map
from annotator.domain.zones import Zone
from annotator.ui.article.display import bears_room, display_copy, has_right_to_left
from annotator.ui.article.fragments import Fragment, fragments, x_of
from annotator.ui.article.nesting import depths, lanes
from annotator.ui.article.typography import Typography

GROWTH = 3.5  # pixels a box grows up and down for each level it encloses
LANE = 4.5  # pixels from one lane to the next
_TAG_PADDING = 9.0
_TAG_GAP = 2.0
_EDGE = 4.0  # room behind a box
_EMPTY = 0.45  # an empty paragraph's share of a line


@dataclass(frozen=True, slots=True)
class Style:
    """All that the layout of a block depends on besides its text and marks. `width` is the column's."""

    typography: Typography
    width: float
    dim: QColor
    tags: bool = True


@dataclass(frozen=True, slots=True)
class Block:
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


@dataclass(frozen=True, slots=True)
class Box:
    """One rectangle of an entity."""

    mark_id: str
    label: str
    suggested: bool
    rect: QRectF


@dataclass(frozen=True, slots=True)
class Tag:
    """The label of an entity; `at` is the left end of its baseline."""

    label: str
    suggested: bool
    at: QPointF


@dataclass(frozen=True, slots=True)
class Underline:
    """A stance's evidence within a block. `anchor` is the first rectangle where the evidence begins here."""

    mark_id: str
    label: str
    suggested: bool
    lines: tuple[QLineF, ...]
    ticks: tuple[QLineF, ...]
    rects: tuple[QRectF, ...]
    anchor: QRectF | None


@dataclass(slots=True)
class LaidBlock:
    """A block with its lines broken. Pixels are from the block's top left; positions are the article's."""

    block: Block
    layout: QTextLayout
    offsets: Utf16Map
    mixed: bool
    height: float = 0.0
    leading: float = 0.0
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
            if y < line.y() + line.height() + self.leading / 2:
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


def estimated_heights(lengths: Sequence[int], style: Style) -> list[float]:
    """What blocks of those lengths will be about as high as, before any is laid out."""
    typography = style.typography
    per_line = max(8.0, style.width / typography.letter * 0.97)
    line = typography.line + typography.leading
    table = [
        typography.gap + line * -(-length // per_line) if length else (typography.gap + line) * _EMPTY
        for length in range(max(lengths, default=0) + 1)
    ]
    return list(map(table.__getitem__, lengths))


def lay_out(block: Block, style: Style) -> LaidBlock:
    """Break a block into lines and build what is painted on it."""
    shown = display_copy(block.text)
    layout = QTextLayout(shown, style.typography.text)
    laid = LaidBlock(block, layout, Utf16Map(block.text), has_right_to_left(block.text))
    layout.setTextOption(_option(block, style))
    layout.setCacheEnabled(True)
    _Decorator(laid, style).decorate()
    return laid


def _option(block: Block, style: Style) -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTabStopDistance(style.typography.letter * 4)
    option.setTextDirection(
        Qt.LayoutDirection.RightToLeft if block.right_to_left else Qt.LayoutDirection.LeftToRight
    )
    return option


class _Decorator:
    """Lays one block out and fills its lists."""

    def __init__(self, laid: LaidBlock, style: Style) -> None:
        self._laid = laid
        self._style = style
        self._block = laid.block
        marks = laid.block.marks
        self._entities = [shown for shown in marks if isinstance(shown.mark, Entity)]
        self._stances = [shown for shown in marks if isinstance(shown.mark, Stance)]
        self._depths = depths(self._entities)
        self._lanes = lanes(self._stances)
        self._entities.sort(key=lambda shown: -self._depths[shown.id])  # inner boxes over outer ones
        self._ends = {shown.id: self._visible_end(shown) for shown in self._entities}
        self._inline = {shown.id for shown in self._entities if self._bears_tag(shown)}
        self._widths: dict[str, float] = {}

    def decorate(self) -> None:
        formats = [*self._dim_zones(), *(self._make_room() if self._style.tags else ())]
        if formats:
            self._laid.layout.setFormats(formats)
        self._break_lines()
        for shown in self._entities:
            self._box(shown)
        for shown in self._stances:
            self._underline(shown)
        for zone in self._block.zones:
            self._laid.dimmed += [piece.rect for piece in self._laid.fragments(zone.span)]

    def _visible_end(self, shown: Shown) -> int:
        """The end of an entity in this block without white space, as an offset of the article."""
        start = max(shown.mark.span.start, self._block.start)
        end = min(shown.mark.span.end, self._block.end)
        while end > start + 1 and self._block.text[end - 1 - self._block.start].isspace():
            end -= 1
        return end

    def _bears_tag(self, shown: Shown) -> bool:
        """Whether the tag goes behind the name, in room made by spacing the last letter."""
        end = self._ends[shown.id] - self._block.start
        return (
            self._style.tags
            and not self._laid.mixed
            and self._block.start < shown.mark.span.end <= self._block.end
            and end > 0
            and bears_room(self._block.text, end - 1)
        )

    def _tag_width(self, shown: Shown) -> float:
        text = tag_text(shown.mark.label, suggested=shown.suggested)
        width = self._widths.get(text)
        if width is None:
            width = QFontMetricsF(self._style.typography.tag).horizontalAdvance(text) + _TAG_PADDING
            self._widths[text] = width
        return width

    def _dim_zones(self) -> list[QTextLayout.FormatRange]:
        dim = QTextCharFormat()
        dim.setForeground(self._style.dim)
        return [self._range(zone.span.start, zone.span.end, dim) for zone in self._block.zones]

    def _make_room(self) -> list[QTextLayout.FormatRange]:
        behind: dict[int, float] = {}
        before: dict[int, float] = {}
        for shown in self._entities:
            start = shown.mark.span.start - self._block.start
            if shown.id in self._inline:
                end = self._ends[shown.id]
                behind[end] = behind.get(end, _EDGE) + self._tag_width(shown) + _TAG_GAP
            if start > 0 and not self._laid.mixed and bears_room(self._block.text, start - 1):
                at = start + self._block.start
                before[at] = before.get(at, 1.5) + 2.5
        return [self._spaced(at, room) for at, room in (before | behind).items()]

    def _spaced(self, at: int, room: float) -> QTextLayout.FormatRange:
        spacing = QTextCharFormat()
        spacing.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
        spacing.setFontLetterSpacing(room)
        return self._range(at - 1, at, spacing)

    def _range(self, start: int, end: int, form: QTextCharFormat) -> QTextLayout.FormatRange:
        found = QTextLayout.FormatRange()
        found.start = self._laid.unit(start)
        found.length = self._laid.unit(end) - self._laid.unit(start)
        found.format = form
        return found

    def _break_lines(self) -> None:
        typography, laid = self._style.typography, self._laid
        deepest = max(self._depths.values(), default=0)
        above = 1 + GROWTH * deepest
        if self._style.tags and len(self._inline) < len(self._entities):
            above += typography.tag_height - 2
        below = 1 + GROWTH * deepest
        if self._lanes:
            below += 4.5 + LANE * max(self._lanes.values())
        laid.leading = max(typography.leading, above + below + 1)
        y = max(typography.leading * 0.5, above + 1) + (typography.gap if self._block.opens else 0)
        layout = laid.layout
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self._style.width)
            line.setPosition(QPointF(0, y))
            y += line.height() + laid.leading
        layout.endLayout()
        laid.height = y - laid.leading + max(typography.leading * 0.5, below)
        if not self._block.text:
            laid.height *= _EMPTY

    def _box(self, shown: Shown) -> None:
        depth = self._depths[shown.id]
        grow = 1 + GROWTH * depth
        end = self._ends[shown.id]
        start = max(shown.mark.span.start, self._block.start)
        if start >= end:
            return
        label = shown.mark.label
        pieces = self._laid.fragments(Span(start, end))
        inline = shown.id in self._inline
        inset = sum(
            self._tag_width(other) + _TAG_GAP
            for other in self._entities
            if inline
            and self._ends[other.id] == end
            and other.id in self._inline
            and self._depths[other.id] > depth
        )
        for piece in pieces:
            right = -inset - 3 if inline and piece.last else 2 + depth
            rect = piece.rect.adjusted(-2 - depth, -grow, right, grow)
            self._laid.boxes.append(Box(shown.id, label, shown.suggested, rect))
        if pieces and self._style.tags:
            at = (
                self._inline_tag(pieces[-1].rect, shown, inset)
                if inline
                else self._tag_above(pieces[0].rect, shown, grow)
            )
            self._laid.tags.append(Tag(label, shown.suggested, at))

    def _inline_tag(self, rect: QRectF, shown: Shown, inset: float) -> QPointF:
        middle = rect.center().y() + self._style.typography.tag_capital / 2
        return QPointF(rect.right() - inset - self._tag_width(shown) + 0.5, middle)

    def _tag_above(self, rect: QRectF, shown: Shown, grow: float) -> QPointF:
        width = self._tag_width(shown) - _TAG_PADDING
        x = rect.right() - width if self._block.right_to_left else rect.left()
        return QPointF(x, rect.top() - grow - 2)

    def _underline(self, shown: Shown) -> None:
        span = shown.mark.span
        under = [self._depths[other.id] for other in self._entities if other.mark.span.overlaps(span)]
        drop = 3.5 + LANE * self._lanes[shown.id] + GROWTH * max(under, default=0)
        lines, ticks, rects = [], [], []
        pieces = self._laid.fragments(span)
        for piece in pieces:
            rect = piece.rect
            y = rect.bottom() + drop
            lines.append(QLineF(rect.left(), y, rect.right(), y))
            begin, stop = (
                (rect.right(), rect.left()) if self._block.right_to_left else (rect.left(), rect.right())
            )
            if piece.first:
                ticks.append(QLineF(begin, y + 1, begin, y - 5))
            if piece.last:
                ticks.append(QLineF(stop, y + 1, stop, y - 5))
            rects.append(rect.adjusted(0, 0, 0, drop + 1))
        anchor = pieces[0].rect if pieces and span.start >= self._block.start else None
        self._laid.underlines.append(
            Underline(
                shown.id, shown.mark.label, shown.suggested, tuple(lines), tuple(ticks), tuple(rects), anchor
            )
        )
