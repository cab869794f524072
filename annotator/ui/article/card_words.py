"""The words on a stance card, broken into lines: who stands how to what, and the note."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QTextLayout, QTextOption

from annotator.domain.directions import isolated
from annotator.domain.marks import Part, Shown, Stance
from annotator.domain.text import Span
from annotator.ui.article.display import display_copy
from annotator.ui.article.typography import Typography

_ARROW = " →\u00a0"  # stays with the target
_BREAK = "\u2028"  # Qt ends a line here
_ENDS = 150  # code points of either end of a part that are looked at
_KEPT = 1024
_ANY = 1e5  # as wide as every part; Qt's measures end at 3e7


class CardWords:
    """Breaks words as wide as a card; how many lines they take is kept for each card. Lengths are pixels."""

    def __init__(self, typography: Typography) -> None:
        self._typography = typography
        self._metrics = QFontMetricsF(typography.card)
        self._lines: dict[tuple[str, int, int], tuple[Shown, int]] = {}

    def lines(self, shown: Shown, text: str, width: float, most: int) -> int:
        """How many lines holder and target take, at most `most`."""
        key = (shown.id, round(width), most)
        known = self._lines.get(key)
        if known is None or known[0] is not shown:
            if len(self._lines) >= _KEPT:
                self._lines.clear()
            known = self._lines[key] = (shown, self._count(shown, text, width, most))
        return known[1]

    def _count(self, shown: Shown, text: str, width: float, most: int) -> int:
        advance = sum(self._metrics.horizontalAdvance(words) for words in (*_parts(shown, text), _ARROW))
        return 1 if most == 1 or advance <= width else self.parts(shown, text, width, most).lineCount()

    def parts(self, shown: Shown, text: str, width: float, most: int) -> QTextLayout:
        """Holder -> target, from the left in any script, in at most `most` lines.

        The target begins a line where both have room so; what has no room is cut in the middle.
        """
        holder, target = (isolated(words) for words in _parts(shown, text))
        in_two = f"{holder}{_BREAK}{_ARROW.lstrip()}{target}"
        for words, lines in ((f"{holder}{_ARROW}{target}", 1), (in_two, 2)):
            layout = self._broken(words, width)
            if layout.lineCount() <= min(lines, most):
                return layout
        return self._fitted(lambda room: self._shortened(shown, text, room), width, most)

    def note(self, note: str, width: float, most: int) -> QTextLayout:
        """A note in at most `most` lines, cut at its end."""
        words = f"✎ {' '.join(note.split())}"
        elide = Qt.TextElideMode.ElideRight
        return self._fitted(lambda room: self._metrics.elidedText(words, elide, room), width, most)

    def _fitted(self, shortened: Callable[[float], str], width: float, most: int) -> QTextLayout:
        """Words cut the shorter the more room the ends of lines waste."""
        if most > 1:
            for room in (_ANY, *(width * most * share for share in (0.97, 0.92, 0.86, 0.78, 0.68))):
                layout = self._broken(shortened(room), width)
                if layout.lineCount() <= most:
                    return layout
        return self._broken(shortened(width - 1), width, wrap=False)

    def _shortened(self, shown: Shown, text: str, room: float) -> str:
        """Each of holder and target keeps its full length while the other leaves room."""
        holder, target = _parts(shown, text)
        room -= self._metrics.horizontalAdvance(_ARROW) + 1
        wants = self._metrics.horizontalAdvance(holder), self._metrics.horizontalAdvance(target)
        first = min(wants[0], max(room - wants[1], room * 0.45))
        elide = Qt.TextElideMode.ElideMiddle
        holder = self._metrics.elidedText(holder, elide, first + 1)
        target = self._metrics.elidedText(target, elide, max(0.0, room - first) + 1)
        return f"{isolated(holder)}{_ARROW}{isolated(target)}"

    def _broken(self, words: str, width: float, *, wrap: bool = True) -> QTextLayout:
        layout = QTextLayout(words, self._typography.card)
        option = QTextOption(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)  # so that the arrow points right
        modes = QTextOption.WrapMode
        option.setWrapMode(modes.WrapAtWordBoundaryOrAnywhere if wrap else modes.NoWrap)
        layout.setTextOption(option)
        layout.beginLayout()
        y, pitch = 0.0, self._typography.card_line
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, y + (pitch - line.height()) / 2))
            y += pitch
        layout.endLayout()
        return layout


def _parts(shown: Shown, text: str) -> tuple[str, str]:
    """The words of holder and target."""
    mark = shown.mark
    return (_words(mark.holder, text), _words(mark.target, text)) if isinstance(mark, Stance) else ("", "")


def _words(part: Part | None, text: str) -> str:
    """The words of a part on one line, with its name if that says more; a dash when there is none."""
    if part is None:
        return "—"
    span = part.span
    found = span.of(text)
    if len(span) > 2 * _ENDS:
        ends = Span(span.start, span.start + _ENDS), Span(span.end - _ENDS, span.end)
        found = "…".join(end.of(text) for end in ends)
    words = " ".join(display_copy(found).split())
    return f"{words} ({part.name})" if part.name and part.name.casefold() != words.casefold() else words
