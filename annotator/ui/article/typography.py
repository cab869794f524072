"""Fonts of the article view and the measures that follow from them; all lengths are pixels."""

from dataclasses import field

from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication

from annotator.domain.frozen import frozen
from annotator.ui.settings import USUAL_TEXT

READING = ["Noto Serif", "Source Serif 4", "Charter", "Georgia", "DejaVu Serif", "serif"]
LABELLING = ["Noto Sans", "Inter", "Segoe UI", "Helvetica Neue", "DejaVu Sans", "sans-serif"]
EVEN = ["Noto Sans Mono", "Source Code Pro", "Consolas", "Menlo", "DejaVu Sans Mono", "monospace"]
SERIF, SANS, FIXED = "serif", "sans-serif", "monospace"
_FACES = {SERIF: READING, SANS: LABELLING, FIXED: EVEN}
USUAL_PITCH = 1.46
USUAL_LETTERS = 88
_SAMPLE = "the quick brown fox jumps over the lazy dog and runs away from it again "


@frozen
class Look:
    """How a person wants the text set.

    `face` is `serif`, `sans-serif`, `monospace` or a font family; `pitch` is from line to line, in heights of
    a line; `letters` the widest column, in letters of average width.
    """

    points: float = USUAL_TEXT
    face: str = SERIF
    pitch: float = USUAL_PITCH
    letters: int = USUAL_LETTERS

    @property
    def families(self) -> list[str]:
        return _FACES.get(self.face) or [self.face, *READING]


@frozen
class Typography:
    """What one look means: fonts, height of a line, leading of lines, gap between paragraphs."""

    text: QFont
    tag: QFont
    card: QFont
    head: QFont
    line: float
    leading: float
    gap: float
    letter: float
    letters: int
    capital: float
    tag_height: float
    tag_ascent: float
    tag_capital: float
    card_line: float
    _tag_widths: dict[str, float] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, look: Look) -> "Typography":
        points = look.points
        text = _font(look.families, points)
        tag = _font(LABELLING, max(6.5, points * 0.6), bold=True)
        card = _font(look.families, points * 0.84)
        head = _font(LABELLING, max(7.0, points * 0.74), bold=True)
        measures = QFontMetricsF(text)
        return cls(
            text=text,
            tag=tag,
            card=card,
            head=head,
            line=measures.height(),
            leading=round(measures.height() * (look.pitch - 1)),
            gap=round(measures.height() * 0.3),
            letter=measures.horizontalAdvance(_SAMPLE) / len(_SAMPLE),
            letters=look.letters,
            capital=measures.capHeight(),
            tag_height=QFontMetricsF(tag).height(),
            tag_ascent=QFontMetricsF(tag).ascent(),
            tag_capital=QFontMetricsF(tag).capHeight(),
            card_line=max(QFontMetricsF(card).height(), QFontMetricsF(head).height()),
        )

    def tag_width(self, text: str) -> float:
        """The width of the letters of a tag."""
        if text not in self._tag_widths:
            self._tag_widths[text] = QFontMetricsF(self.tag).horizontalAdvance(text)
        return self._tag_widths[text]

    @property
    def column(self) -> float:
        """The widest column of text."""
        return self.letter * self.letters


def _font(families: list[str], points: float, *, bold: bool = False) -> QFont:
    font = QFont(QApplication.font())
    font.setFamilies(families)
    font.setPointSizeF(points)
    font.setBold(bold)
    return font
