"""Names and words in right-to-left scripts stand in our lines without turning what is around them."""

from PySide6.QtGui import QTextLayout

from annotator.domain.directions import isolated
from annotator.domain.text import Span
from annotator.services import wording as said
from annotator.ui.wording import listed


def places(line: str, of: str) -> list[float]:
    """Where the characters of a piece of a line begin on screen, in pixels."""
    layout = QTextLayout(line)
    layout.beginLayout()
    drawn = layout.createLine()
    drawn.setLineWidth(10_000)
    layout.endLayout()
    start = line.index(of)
    return [float(drawn.cursorToX(at)[0]) for at in range(start, start + len(of))]


def test_only_what_turns_is_isolated() -> None:
    assert isolated("Łódź 3") == "Łódź 3"
    assert isolated("שרה") == "\u2068שרה\u2069"


def test_a_name_turns_no_number_behind_it(qapp: object) -> None:
    line = f"{listed(['ana', 'שרה'])} · 8 articles"
    assert places(line, "שרה")[1] < places(line, "8")[0]
    turned = "ana and שרה · 8 articles"
    assert places(turned, "שרה")[1] > places(turned, "8")[0], "what isolating is for"


def test_quoted_words_turn_nothing_around_them() -> None:
    assert said.quoted("in שלום 5", Span(3, 7)) == "“\u2068שלום\u2069”"
    assert said.quoted("in Sorrel", Span(3, 9)) == "“Sorrel”"
