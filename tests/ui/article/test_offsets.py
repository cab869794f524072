"""What is selected on screen, by keys or by mouse, is that word of the text, whatever stands before it."""

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from annotator.domain.text import Span
from annotator.ui.article import ArticleView, Motion
from tests.ui.article.conftest import Opener
from tests.ui.article.marking import entity

BEFORE = {
    "astral emoji": "😀🎉",
    "ZWJ emoji": "👨\u200d👩\u200d👧\u200d👦",
    "flag": "🇫🇷",
    "rainbow flag": "🏳\ufe0f\u200d🌈",
    "skin tone": "👍🏽",
    "combining marks": "Zu\u0308rich a\u0323\u0302",
    "CRLF": "one\r\ntwo",
    "lone CR": "one\rtwo",
    "tab": "a\tb",
    "no-break space": "a\u00a0b",
    "line separator": "one\u2028two",
    "paragraph separator": "one\u2029two",
    "Hebrew": "שלום עולם",
    "pointed Hebrew": "שָׁלוֹם",
    "Arabic": "السلام عليكم",
    "BOM": "\ufeffa",
    "soft hyphen": "co\u00adoperate",
    "control": "a\x01b",
    "mathematical letters": "𝒳𝒴",
    "Hindi": "हिन्दी",
}
WORDS = ["target", "цель", "naïve", "𝒳yz", "cafe\u0301"]
RIGHT_TO_LEFT = ["שלום", "מטרה", "הדף", "سلام"]


def keys_to(view: ArticleView, position: int, key: Qt.Key = Qt.Key.Key_Right) -> None:
    """Walk there from the start with an arrow key, cluster by cluster."""
    QTest.keyClick(view, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    for _ in range(position):
        if view.caret >= position:
            break
        QTest.keyClick(view, key)
    assert view.caret == position


def select_word(view: ArticleView, key: Qt.Key = Qt.Key.Key_Right) -> None:
    QTest.keyClick(view, key, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)


def selected(view: ArticleView, text: str) -> str:
    return view.selection.of(text) if view.selection else ""


def point_at(view: ArticleView, position: int) -> QPoint:
    """Where the caret stands before a position."""
    if position:
        view.set_selection(Span(position - 1, position))
        view.move_caret(Motion.RIGHT, extend=False)
    else:
        view.move_caret(Motion.START, extend=False)
    rect = view.caret_rect()
    assert view.caret == position
    assert rect is not None
    return rect.center().toPoint()


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE.keys())
def test_a_word_selected_by_keys(opened: Opener, before: str, word: str) -> None:
    text = f"Say {before} {word} end."
    view = opened(text)
    start = text.index(f" {word} ") + 1
    keys_to(view, start)
    select_word(view)
    assert selected(view, text) == word


@pytest.mark.parametrize("word", RIGHT_TO_LEFT)
def test_a_word_of_a_right_to_left_paragraph_selected_by_keys(opened: Opener, word: str) -> None:
    text = f"שלום 😀 abc {word} עולם."
    view = opened(text)
    keys_to(view, text.index(word), Qt.Key.Key_Left)
    select_word(view, Qt.Key.Key_Left)
    assert selected(view, text) == word


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE.keys())
def test_a_word_selected_by_drag_and_by_double_click(opened: Opener, before: str) -> None:
    text = f"Say {before} target end."
    view = opened(text, [entity(text, "target", "PERSON")])
    start = text.index("target")
    begin, end = point_at(view, start), point_at(view, start + 6)
    port = view.viewport()
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=begin)
    QTest.mouseMove(port, QPoint((begin.x() + end.x()) // 2, begin.y()))
    QTest.mouseMove(port, end)
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=end)
    assert selected(view, text) == "target"
    middle = point_at(view, start + 3)
    QTest.mouseDClick(port, Qt.MouseButton.LeftButton, pos=middle)
    assert selected(view, text) == "target"


@pytest.mark.parametrize("cluster", ["👨\u200d👩\u200d👧\u200d👦", "🇫🇷", "👍🏽", "e\u0301", "\r\n"])
def test_an_arrow_moves_by_whole_clusters(opened: Opener, cluster: str) -> None:
    text = f"a{cluster}b"
    view = opened(text)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.caret == 1 + len(cluster)
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.caret == 1


def test_a_drag_over_every_stretch_selects_it(opened: Opener) -> None:
    text = "Zu\u0308rich 😀 naïve\u00a0🇫🇷 towns; 𝒳 met\tby chance"
    view = opened(text, [entity(text, "naïve"), entity(text, "towns", suggested=True)])
    starts = [0, *(at for at in range(1, len(text)) if text[at - 1] in " \u00a0\t")]
    for start, end in combinations([*starts, len(text)], 2):
        begin, stop = point_at(view, start), point_at(view, end)
        QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=begin)
        QTest.mouseMove(view.viewport(), stop)
        QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=stop)
        assert selected(view, text) == text[start:end]


def test_copy_gives_the_text_itself(opened: Opener) -> None:
    text = "a\u00adb\u00a0c\td\x01 e\u0301 😀\r\nשלום\u2028end"
    view = opened(text)
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert view.selection == Span(0, len(text))
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == text
