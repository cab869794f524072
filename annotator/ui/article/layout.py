"""Layout of a block: breaks its lines with room for its marks and builds what is painted on them."""

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QFont, QTextCharFormat, QTextLayout, QTextOption

from annotator.domain.directions import has_right_to_left
from annotator.domain.marks import Entity, Shown, Stance
from annotator.domain.text import Span, Utf16Map
from annotator.ui.article.display import bears_room, display_copy
from annotator.ui.article.fragments import Fragment
from annotator.ui.article.laid import Block, Box, LaidBlock, Spacing, Style, Tag, Underline, tag_text
from annotator.ui.article.nesting import depths, lanes

GROWTH = 3.5  # pixels a box grows up and down for each level it encloses
LANE = 4.5  # pixels from one lane to the next
_TAG_PADDING = 9.0
_TAG_GAP = 2.0
_APART = 6.0  # pixels between two tags above a line
_EDGE = 4.0  # room behind a box
_EMPTY = 0.45  # an empty paragraph's share of a line


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


def lay_out(block: Block, style: Style, *, former: LaidBlock | None = None) -> LaidBlock:
    """Break a block into lines and build what is painted on it.

    The lines of `former`, the same text as it was laid out before, are kept when the marks ask for no others.
    """
    return _Layout(block, style).lay_out(former)


def _option(block: Block, style: Style) -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTabStopDistance(style.typography.letter * 4)
    if block.right_to_left:
        option.setAlignment(Qt.AlignmentFlag.AlignRight)
    option.setTextDirection(
        Qt.LayoutDirection.RightToLeft if block.right_to_left else Qt.LayoutDirection.LeftToRight
    )
    return option


class _Layout:
    """Lays one block out."""

    def __init__(self, block: Block, style: Style) -> None:
        self._block = block
        self._style = style
        self._mixed = has_right_to_left(block.text)
        self._offsets = Utf16Map(block.text)
        self._entities = [shown for shown in block.marks if isinstance(shown.mark, Entity)]
        self._stances = [shown for shown in block.marks if isinstance(shown.mark, Stance)]
        self._depths = depths(self._entities)
        self._lanes = lanes(self._stances)
        self._entities.sort(key=lambda shown: -self._depths[shown.id])  # inner boxes over outer ones
        self._ranks = {shown.id: rank for rank, shown in enumerate(self._entities)}  # outer boxes first
        self._ends = {shown.id: self._visible_end(shown) for shown in self._entities}
        self._above: dict[int, list[tuple[float, float, float]]] = {}  # by line: left, right, y of tags
        self._inline = {shown.id for shown in self._entities if self._bears_tag(shown)}

    def lay_out(self, former: LaidBlock | None) -> LaidBlock:
        spacing = self._spacing()
        if former is not None and former.spacing == spacing:
            layout, height = former.layout, former.height
        else:
            layout = self._layout(spacing)
            height = self._break_lines(layout, spacing)
        laid = LaidBlock(self._block, layout, self._offsets, self._mixed, spacing, height)
        for shown in self._entities:
            self._box(laid, shown)
        for shown in self._stances:
            self._underline(laid, shown)
        for span in spacing.dimmed:
            laid.dimmed += [piece.rect for piece in laid.fragments(span)]
        return laid

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
            and not self._mixed
            and self._block.start < shown.mark.span.end <= self._block.end
            and end > 0
            and bears_room(self._block.text, end - 1)
        )

    def _tag_width(self, shown: Shown) -> float:
        """Room for a tag; the same suggested or not, so that accepting a suggestion moves no text."""
        return self._style.typography.tag_width(tag_text(shown.mark.label, suggested=True)) + _TAG_PADDING

    def _letters(self, shown: Shown) -> float:
        """The width of a tag's letters as they are drawn."""
        return self._style.typography.tag_width(tag_text(shown.mark.label, suggested=shown.suggested))

    def _spacing(self) -> Spacing:
        typography = self._style.typography
        grow = 1 + GROWTH * max(self._depths.values(), default=0)
        above = below = grow
        if self._style.tags and len(self._inline) < len(self._entities):
            above += typography.tag_height + 1.5
        if self._lanes:
            below += 4.5 + LANE * max(self._lanes.values())
        return Spacing(
            rooms=tuple(sorted(self._rooms().items())) if self._style.tags else (),
            dimmed=tuple(zone.span for zone in self._block.zones),
            above=max(typography.leading * 0.5, above + 1) + self._gap(),
            leading=max(typography.leading, above + below + 1),
            below=max(typography.leading * 0.5, below),
        )

    def _gap(self) -> float:
        """Pixels before a paragraph; the first one stands lower."""
        if self._block.number == 0:
            return self._style.typography.leading
        return self._style.typography.gap if self._block.opens else 0.0

    def _rooms(self) -> dict[int, float]:
        """Pixels wanted before offsets: behind names for their tags, before names to breathe."""
        behind: dict[int, float] = {}
        before: dict[int, float] = {}
        for shown in self._entities:
            start = shown.mark.span.start
            if shown.id in self._inline:
                end = self._ends[shown.id]
                behind[end] = behind.get(end, _EDGE) + self._tag_width(shown) + _TAG_GAP
            at = start - self._block.start - 1
            if at >= 0 and self._bears_room(at):
                before[start] = before.get(start, 1.5) + 2.5
            if self._mixed and self._bears_room(behind_it := self._ends[shown.id] - self._block.start):
                behind[self._block.start + behind_it + 1] = _EDGE
        return before | behind

    def _bears_room(self, at: int) -> bool:
        """Whether there may be room after a code point; among right-to-left letters only after a space."""
        text = self._block.text
        return text[at : at + 1] == " " if self._mixed else bears_room(text, at)

    def _layout(self, spacing: Spacing) -> QTextLayout:
        layout = QTextLayout(display_copy(self._block.text), self._style.typography.text)
        layout.setTextOption(_option(self._block, self._style))
        layout.setCacheEnabled(True)
        dim = QTextCharFormat()
        dim.setForeground(self._style.dim)
        formats = [self._range(span.start, span.end, dim) for span in spacing.dimmed]
        for at, room in spacing.rooms:
            spaced = QTextCharFormat()
            spaced.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
            spaced.setFontLetterSpacing(room)
            formats.append(self._range(at - 1, at, spaced))
        if formats:
            layout.setFormats(formats)
        return layout

    def _range(self, start: int, end: int, form: QTextCharFormat) -> QTextLayout.FormatRange:
        first, last = max(start, self._block.start), min(end, self._block.end)
        found = QTextLayout.FormatRange()
        found.start = self._offsets.to_utf16(first - self._block.start)
        found.length = self._offsets.to_utf16(last - self._block.start) - found.start
        found.format = form
        return found

    def _break_lines(self, layout: QTextLayout, spacing: Spacing) -> float:
        """Break the lines and return the height of the block."""
        y = spacing.above
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self._style.width)
            line.setPosition(QPointF(0, y))
            y += line.height() + spacing.leading
        layout.endLayout()
        height = y - spacing.leading + spacing.below
        return height if self._block.text else height * _EMPTY

    def _box(self, laid: LaidBlock, shown: Shown) -> None:
        depth = self._depths[shown.id]
        grow = 1 + GROWTH * depth
        end = self._ends[shown.id]
        start = max(shown.mark.span.start, self._block.start)
        if start >= end:
            return
        label = shown.mark.label
        pieces = laid.fragments(Span(start, end))
        inline = shown.id in self._inline
        inset = sum(
            self._tag_width(other) + _TAG_GAP
            for other in self._entities
            if inline
            and self._ends[other.id] == end
            and other.id in self._inline
            and self._ranks[other.id] < self._ranks[shown.id]
        )
        for piece in pieces:
            right = -inset - 3 if inline and piece.last else 2 + depth
            rect = piece.rect.adjusted(-2 - depth, -grow, right, grow)
            laid.boxes.append(Box(shown.id, label, shown.suggested, rect))
        if pieces and self._style.tags:
            at = (
                self._inline_tag(laid, pieces[-1], shown, inset)
                if inline
                else self._tag_above(pieces[0], shown, grow)
            )
            laid.tags.append(Tag(label, shown.suggested, at))

    def _inline_tag(self, laid: LaidBlock, piece: Fragment, shown: Shown, inset: float) -> QPointF:
        """Behind the name, at the middle of its capitals."""
        typography, rect = self._style.typography, piece.rect
        raised = (typography.capital - typography.tag_capital) / 2
        baseline = rect.top() + laid.layout.lineAt(piece.line).ascent() - raised
        room, letters = self._tag_width(shown), self._letters(shown)
        return QPointF(rect.right() - inset - room + 0.5 + (room - _TAG_PADDING - letters) * 0.4, baseline)

    def _tag_above(self, piece: Fragment, shown: Shown, grow: float) -> QPointF:
        """Above where the name begins, or beside the tags that stand there."""
        rect, width = piece.rect, self._letters(shown)
        step = -1 if self._block.right_to_left else 1
        x, y = rect.right() - width if step < 0 else rect.left(), rect.top() - grow - 5.5
        others = self._above.setdefault(piece.line, [])
        for left, right, level in sorted(others, reverse=step < 0):
            if x < right + _APART and left - _APART < x + width:
                x, y = (left - _APART - width if step < 0 else right + _APART), level
        others.append((x, x + width, y))
        return QPointF(x, y)

    def _underline(self, laid: LaidBlock, shown: Shown) -> None:
        span = shown.mark.span
        under = [self._depths[other.id] for other in self._entities if other.mark.span.overlaps(span)]
        drop = 3.5 + LANE * self._lanes[shown.id] + GROWTH * max(under, default=0)
        lines, ticks, rects = [], [], []
        pieces = laid.fragments(span)
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
        laid.underlines.append(
            Underline(
                shown.id, shown.mark.label, shown.suggested, tuple(lines), tuple(ticks), tuple(rects), anchor
            )
        )
