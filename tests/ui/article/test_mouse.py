"""Reading in the view by mouse: clicks, drags, hovering, menus and badges."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.domain.text import Span
from annotator.domain.zones import Zone, ZoneKind
from annotator.ui.article import Motion
from tests.ui.article.conftest import Opener
from tests.ui.article.hands import SHIFT, TEXT, click, marks, middle, word
from tests.ui.article.marking import entity, span_of


def test_a_click_focuses_the_innermost_mark_and_again_the_outer(opened: Opener) -> None:
    inner, outer = entity(TEXT, "Tolan", "PERSON"), entity(TEXT, "Mira Tolan", "PERSON")
    view = opened(TEXT, [inner, outer])
    at = middle(view, "Tolan")
    for expected in (inner.id, outer.id, inner.id):
        click(view, at)
        assert view.focused == expected
    click(view, middle(view, "winter"))
    assert view.focused is None


def test_shift_click_extends(opened: Opener) -> None:
    view = opened(TEXT)
    view.set_selection(Span(0, 1))
    view.move_caret(Motion.START, extend=False)
    click(view, middle(view, "meet"), SHIFT)
    assert word(view) == "Delegations me"


def test_two_clicks_take_the_word_three_the_sentence_four_the_paragraph(opened: Opener) -> None:
    view = opened(TEXT)
    at = middle(view, "useful")
    port, button = view.viewport(), Qt.MouseButton.LeftButton
    QTest.mouseDClick(port, button, pos=at)
    assert word(view) == "useful"
    QTest.mousePress(port, button, pos=at)
    assert word(view) == "Observers welcomed the useful first step."
    QTest.mousePress(port, button, pos=at)
    assert word(view) == TEXT[TEXT.index("Observers") : -1]


def test_a_double_click_on_an_emoji_takes_the_cluster(opened: Opener) -> None:
    text = "go 👨\u200d👩\u200d👧 on"
    view = opened(text)
    rect = view._page.rects(Span(3, 8), 700)[0]
    QTest.mouseDClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(int(rect.left()) + 31, int(rect.center().y()))
    )
    assert view.selection == Span(3, 8)


def test_a_click_on_a_card_focuses_its_stance_and_a_double_click_activates_it(
    opened: Opener, qtbot: QtBot
) -> None:
    view = opened(TEXT, marks())
    card = view._cards(view._page).cards[1]
    at = card.rect.center().toPoint()
    click(view, at)
    assert view.focused == card.shown.id == marks()[4].id
    with qtbot.waitSignal(view.markActivated) as activated:
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert activated.args == [card.shown.id]


def test_hovering_a_stance_shows_its_links(opened: Opener) -> None:
    view = opened(TEXT, marks())
    QTest.mouseMove(view.viewport(), middle(view, "withdraw"))
    assert view._linked() == marks()[3]
    QTest.mouseMove(view.viewport(), middle(view, "winter"))
    assert view._linked() is None


def test_the_menu_tells_the_mark_under_the_pointer(opened: Opener, qtbot: QtBot) -> None:
    view = opened(TEXT, marks())
    for words, mark_id in (("Mira", marks()[2].id), ("winter", None)):
        at = middle(view, words)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.viewport().mapToGlobal(at))
        with qtbot.waitSignal(view.menuRequested) as asked:
            QApplication.sendEvent(view.viewport(), event)
        assert asked.args == [view.viewport().mapToGlobal(at), mark_id]


def test_a_zone_is_told_in_its_tooltip(opened: Opener) -> None:
    zone = Zone(span_of(TEXT, "They warned that winter was close."), ZoneKind.UPDATE)
    view = opened(TEXT, marks(), zones=[zone])
    assert "update" in view.told_at(middle(view, "winter").toPointF())
    assert view.told_at(middle(view, "Mira").toPointF()) == "PERSON, confirmed"
    assert view.told_at(middle(view, "Velian").toPointF()) == "NORP, suggested .83 by en_news 1.0"
    assert view.told_at(middle(view, "She left").toPointF()) == ""


def test_a_drag_below_the_view_scrolls_and_selects_on(opened: Opener, qtbot: QtBot) -> None:
    text = "\n".join(f"Line {number} of some words" for number in range(500))
    view = opened(text)
    port, button = view.viewport(), Qt.MouseButton.LeftButton
    lowest = view._position_at(QPointF(60, port.height()))
    QTest.mousePress(port, button, pos=QPoint(60, 60))
    QTest.mouseMove(port, QPoint(60, 300))
    QTest.mouseMove(port, QPoint(60, port.height() + 40))
    qtbot.waitUntil(lambda: view.verticalScrollBar().value() > 100, timeout=5_000)
    QTest.mouseRelease(port, button, pos=QPoint(60, port.height() + 40))
    value, span = view.verticalScrollBar().value(), view.selection
    qtbot.wait(120)
    assert view.verticalScrollBar().value() == value
    assert span is not None
    assert span.end > lowest + 10


def test_a_narrow_view_has_badges_for_cards(opened: Opener) -> None:
    view = opened(TEXT, marks(), size=(520, 700))
    badges = view._badges(view._page)
    assert [badge.shown.id for badge in badges] == [marks()[3].id, marks()[4].id]
    assert all(view._text_right < badge.rect.left() < badge.rect.right() <= 520 for badge in badges)
    click(view, badges[1].rect.center().toPoint())
    assert view.focused == marks()[4].id
