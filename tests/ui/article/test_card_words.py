"""The words of cards are broken into lines, cut only where these do not hold them, and stand in order."""

import pytest
from PySide6.QtGui import QFontMetricsF, QTextLayout
from pytestqt.qtbot import QtBot

from annotator.domain.marks import Part, Shown, Source, Stance
from annotator.domain.text import Span
from annotator.ui.article.card_words import CardWords
from annotator.ui.article.typography import Look, Typography

_LONG = "the fishermen of the northern coast and their families"


@pytest.fixture
def words(qtbot: QtBot) -> CardWords:
    return CardWords(Typography.of(Look()))


def _stance(holder: str, target: str) -> tuple[Shown, str]:
    text = f"{holder} {target}"
    parts = Part(Span(0, len(holder))), Part(Span(len(holder) + 1, len(text)))
    return Shown(Stance("s", Span(0, len(text)), "FAVOR", *parts), Source.ADDED), text


def _lines(layout: QTextLayout) -> list[str]:
    text = layout.text()  # of letters that take one unit each
    lines = (layout.lineAt(n) for n in range(layout.lineCount()))
    return [text[line.textStart() : line.textStart() + line.textLength()].strip() for line in lines]


def test_what_fits_stands_in_one_line(words: CardWords) -> None:
    shown, text = _stance("Oslo", "the deal")
    assert _lines(words.parts(shown, text, 300, 4)) == ["Oslo →\u00a0the deal"]
    assert words.lines(shown, text, 300, 4) == 1


def test_the_target_begins_a_line_where_both_have_room_so(words: CardWords) -> None:
    shown, text = _stance("The harbour council", "the second ferry line")
    wide = QFontMetricsF(words._typography.card).horizontalAdvance("The harbour council and more")
    assert _lines(words.parts(shown, text, wide, 4)) == [
        "The harbour council",
        "→\u00a0the second ferry line",
    ]
    assert words.lines(shown, text, wide, 4) == 2


@pytest.mark.parametrize("most", [1, 2, 3, 4])
@pytest.mark.parametrize("width", [60, 140, 220])
def test_no_more_lines_than_asked_for_and_both_parts_stay(words: CardWords, most: int, width: int) -> None:
    shown, text = _stance(_LONG, f"{_LONG} {_LONG}")
    layout = words.parts(shown, text, width, most)
    assert layout.lineCount() == words.lines(shown, text, width, most) <= most
    assert all(layout.lineAt(n).naturalTextWidth() <= width for n in range(layout.lineCount()))
    holder, _, target = layout.text().partition("→")
    assert "…" in target
    assert holder.strip()


@pytest.mark.parametrize("width", [220, 300, 800])
def test_enough_lines_cut_nothing(words: CardWords, width: int) -> None:
    shown, text = _stance(_LONG, _LONG)
    assert " ".join(words.parts(shown, text, width, 4).text().split()) == f"{_LONG} → {_LONG}"


def test_a_huge_part_is_cut_before_it_is_looked_at(words: CardWords) -> None:
    shown, text = _stance("word " * 20_000, "x" * 100_000)
    assert len(words.parts(shown, text, 200, 4).text()) < 200


def test_of_right_to_left_words_the_holder_stands_left_of_the_target(words: CardWords) -> None:
    shown, text = _stance("ועד הימאים", "התוכנית")
    layout = words.parts(shown, text, 400, 4)
    line, said = layout.lineAt(0), layout.text()
    places = {
        part: line.cursorToX(said.index(part) + len(part) // 2)[0] for part in ("הימאים", "→", "התוכנית")
    }
    assert places["הימאים"] < places["→"] < places["התוכנית"]


def test_a_note_ends_in_its_last_line(words: CardWords) -> None:
    note = words.note("ask the editor whether this counts " * 9, 200, 2)
    assert note.lineCount() == 2
    assert note.text().endswith("…")
