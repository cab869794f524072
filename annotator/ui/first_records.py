"""The first records of files as they will look: their text with the marks drawn in it."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtGui import QColor, QFont, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QWidget

from annotator.services.import_report import BEGINNING, FirstRecord
from annotator.services.label_mapping import Fate
from annotator.services.wording import counted
from annotator.ui.article.typography import LABELLING, READING
from annotator.ui.theme import Theme, Tint

FateOf = Callable[[str, str], tuple[str, Fate]]
_Mark = tuple[str, str, int, int]  # kind, label, start, end in code points


class FirstRecords(QTextEdit):
    """Entities have the fill of their label, stances a line below; the label stands behind each mark."""

    def __init__(self, theme: Theme, points: float, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName("The first records as they will look")
        self._text = QTextCharFormat()
        self._text.setFontFamilies(READING)
        self._text.setFontPointSize(points)
        self._small = QTextCharFormat()
        self._small.setFontFamilies(LABELLING)
        self._small.setFontPointSize(max(7.5, points * 0.75))

    def show_records(self, records: Sequence[FirstRecord], fate_of: FateOf) -> None:
        """Draws records with the labels that `fate_of` gives theirs."""
        at = self.verticalScrollBar().value()
        self.clear()
        cursor = self.textCursor()
        for n, record in enumerate(records):
            if n:
                cursor.insertBlock()
            self._head(cursor, record, n)
            self._body(cursor, record, fate_of)
        self.verticalScrollBar().setValue(at)

    def show_words(self, words: str) -> None:
        """Shows words instead of records."""
        self.clear()
        self.textCursor().insertText(words, self._coloured(self._small, self._theme.dim))

    def _head(self, cursor: QTextCursor, record: FirstRecord, n: int) -> None:
        block = QTextBlockFormat()
        block.setTopMargin(14 if n else 2)
        block.setBottomMargin(3)
        cursor.setBlockFormat(block)
        title = QTextCharFormat(self._small)
        title.setFontWeight(QFont.Weight.Bold)
        title.setForeground(self._theme.fg)
        cursor.insertText(record.title, title)
        count = len(record.marks) + record.more
        whose = f" of {record.whose}" if record.whose else ""
        said = f"{counted(count, 'mark')} as {record.as_}{whose}" if count else "no marks"
        cursor.insertText(f"    {said}", self._coloured(self._small, self._theme.dim))

    def _body(self, cursor: QTextCursor, record: FirstRecord, fate_of: FateOf) -> None:
        text, marks = record.beginning, record.drawn
        block = QTextBlockFormat()
        block.setLineHeight(128, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.insertBlock(block)
        borders = sorted({0, len(text), *(at for mark in marks for at in mark[2:])})
        for start, end in pairwise(borders):
            over = [mark for mark in marks if mark[2] <= start and end <= mark[3]]
            cursor.insertText(_lines(text[start:end]), self._format(over, fate_of))
            for mark in sorted((one for one in marks if one[3] == end), key=lambda one: -one[2]):
                self._tag(cursor, mark, fate_of)
        if len(text) == BEGINNING:
            cursor.insertText(" …", self._coloured(self._text, self._theme.dim))

    def _format(self, over: Sequence[_Mark], fate_of: FateOf) -> QTextCharFormat:
        """Of words under some marks: the fill of the shortest entity, the line of the shortest stance."""
        form = self._coloured(self._text, self._theme.fg)
        for mark in sorted(over, key=lambda one: one[2] - one[3]):
            tint, fate = self._tint(mark, fate_of)
            if fate is Fate.LEFT_OUT:
                continue
            if mark[0] == "entity":
                form.setBackground(tint.fill if fate is not Fate.UNKNOWN else tint.faint)
            else:
                form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
                form.setUnderlineColor(tint.line)
        return form

    def _tag(self, cursor: QTextCursor, mark: _Mark, fate_of: FateOf) -> None:
        ours, fate = fate_of(mark[0], mark[1])
        tint, _ = self._tint(mark, fate_of)
        left_out = fate is Fate.LEFT_OUT
        form = self._coloured(self._small, self._theme.dim if left_out else tint.tag)
        form.setFontPointSize(self._small.fontPointSize() * 0.88)
        form.setFontWeight(QFont.Weight.DemiBold)
        form.setFontStrikeOut(left_out)
        if mark[0] == "entity" and not left_out:
            form.setBackground(tint.fill if fate is not Fate.UNKNOWN else tint.faint)
        cursor.insertText(f"\u00a0{ours}{'?' if fate is Fate.UNKNOWN else ''}", form)

    def _tint(self, mark: _Mark, fate_of: FateOf) -> tuple[Tint, Fate]:
        ours, fate = fate_of(mark[0], mark[1])
        of = self._theme.entity if mark[0] == "entity" else self._theme.polarity
        return of(ours if fate is not Fate.UNKNOWN else ""), fate

    def _coloured(self, form: QTextCharFormat, color: QColor) -> QTextCharFormat:
        coloured = QTextCharFormat(form)
        coloured.setForeground(color)
        return coloured


def _lines(text: str) -> str:
    """The text with a line break where it has some; empty lines are left out, to see more of it."""
    return re.sub(r"\s*\n\s*", "\u2028", text)
