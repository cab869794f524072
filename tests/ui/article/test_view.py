"""Reading in the view by keys: caret, selection, focus, edges; what it shows and tells."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.domain.changes import Change
from annotator.domain.marks import Entity, Shown, Source, Stance
from annotator.domain.text import Span
from annotator.ui.reader_pane import ReaderPane
from tests.ui.article.conftest import Opener
from tests.ui.article.hands import CONTROL, SHIFT, TEXT, marks, press, word
from tests.ui.article.marking import entity, span_of, stance


def test_arrows_with_shift_select_and_escape_lets_go(opened: Opener) -> None:
    view = opened(TEXT)
    for _ in range(4):
        press(view, Qt.Key.Key_Right, SHIFT)
    assert word(view) == "Dele"
    press(view, Qt.Key.Key_Left, SHIFT)
    assert word(view) == "Del"
    press(view, Qt.Key.Key_Escape)
    assert (view.selection, view.caret) == (None, 3)


def test_a_plain_arrow_leaves_the_selection_at_its_end(opened: Opener) -> None:
    view = opened(TEXT)
    view.set_selection(Span(12, 16))
    press(view, Qt.Key.Key_Left)
    assert (view.caret, view.selection) == (12, None)
    view.set_selection(Span(12, 16))
    press(view, Qt.Key.Key_Right)
    assert (view.caret, view.selection) == (16, None)


def test_words_paragraphs_and_ends(opened: Opener) -> None:
    view = opened(TEXT)
    press(view, Qt.Key.Key_Right, CONTROL)
    assert view.caret == len("Delegations")
    press(view, Qt.Key.Key_Down, CONTROL)
    assert view.caret == TEXT.index("The Velian")
    press(view, Qt.Key.Key_Down, CONTROL | SHIFT)
    assert word(view).startswith("The Velian")
    assert view.caret == TEXT.index("Observers")
    press(view, Qt.Key.Key_Up, CONTROL)
    assert view.caret == TEXT.index("The Velian")
    press(view, Qt.Key.Key_Left, CONTROL)
    assert view.caret == TEXT.index("Aldery")
    press(view, Qt.Key.Key_End, CONTROL)
    assert view.caret == len(TEXT)
    press(view, Qt.Key.Key_Home, CONTROL)
    assert view.caret == 0


def test_a_caret_within_a_line_end_steps_to_either_side_of_it(opened: Opener) -> None:
    view = opened("a\r\nb")
    for key, expected in ((Qt.Key.Key_Left, 1), (Qt.Key.Key_Right, 3)):
        view.set_selection(Span(0, 2))
        view.set_selection(None)
        press(view, key)
        assert view.caret == expected


def test_up_and_down_keep_the_column(opened: Opener) -> None:
    view = opened("a long first line here\n\nab\n\na long third line here")
    view.set_selection(Span(0, 12))
    view.set_selection(None)
    press(view, Qt.Key.Key_Down)
    assert view.caret == 26  # the end of the short line; the blank one is passed over
    press(view, Qt.Key.Key_Down)
    assert view.caret - 28 in (11, 12, 13)
    press(view, Qt.Key.Key_Up)
    press(view, Qt.Key.Key_Up)
    assert view.caret == 12


def test_home_and_end_stay_in_the_visual_line(opened: Opener) -> None:
    text = "word " * 100
    view = opened(text, size=(500, 400))
    press(view, Qt.Key.Key_Down)
    press(view, Qt.Key.Key_Home)
    start = view.caret
    press(view, Qt.Key.Key_End)
    assert 0 < start < view.caret < len(text) - 5
    top = view.caret_rect()
    press(view, Qt.Key.Key_Home)
    assert view.caret == start
    assert top is not None
    assert view.caret_rect().top() == top.top()


def test_a_page_down_and_up_comes_back(opened: Opener) -> None:
    text = "\n\n".join(f"Paragraph {number} of some words." for number in range(300))
    view = opened(text)
    for _ in range(4):
        press(view, Qt.Key.Key_PageDown)
    there = view.caret
    assert there > 1_000
    assert view.caret_rect() is not None
    for _ in range(4):
        press(view, Qt.Key.Key_PageUp)
    assert view.caret < there / 4


def test_the_caret_stays_in_view(opened: Opener) -> None:
    text = "\n".join(f"Line {number}" for number in range(5_000))
    view = opened(text)
    for key in (Qt.Key.Key_End, Qt.Key.Key_Home):
        press(view, key, CONTROL)
        rect = view.caret_rect()
        assert rect is not None
        assert 0 <= rect.top() < rect.bottom() <= view.viewport().height()


def test_the_selection_grows_from_word_to_paragraph_and_back(opened: Opener) -> None:
    view = opened(TEXT)
    view.set_selection(span_of(TEXT, "useful"))
    view.set_selection(None)
    grown = []
    for _ in range(4):
        view.grow_selection()
        grown.append(word(view))
    assert grown[0] == "useful"
    assert grown[1] == "Observers welcomed the useful first step."
    assert grown[2] == grown[3] == TEXT[TEXT.index("Observers") : -1]
    view.shrink_selection()
    assert word(view) == grown[1]
    view.shrink_selection()
    view.shrink_selection()
    assert view.selection is None


def test_stepping_focuses_in_reading_order_and_stops_at_the_end(opened: Opener) -> None:
    shown = marks()
    view = opened(TEXT, reversed(shown))
    found = [view.step(1, lambda _: True) for _ in range(6)]
    assert found == [*(mark.id for mark in shown), None]
    assert view.caret == shown[-1].mark.span.start
    assert view.step(-1, lambda mark: isinstance(mark.mark, Entity)) == shown[2].id
    assert view.step(-1, lambda mark: mark.suggested) == shown[1].id
    assert view.focused == shown[1].id


def test_a_step_goes_from_the_caret_when_nothing_has_the_focus(opened: Opener) -> None:
    view = opened(TEXT, marks())
    view.set_selection(span_of(TEXT, "minister"))
    assert view.step(1, lambda _: True) == marks()[2].id


def test_the_focus_follows_the_caret_through_entities(opened: Opener) -> None:
    view = opened(TEXT, marks())
    view.set_selection(span_of(TEXT, "meet in"))
    press(view, Qt.Key.Key_Right)
    press(view, Qt.Key.Key_Right)
    assert view.focused == marks()[0].id
    press(view, Qt.Key.Key_Left, CONTROL)
    press(view, Qt.Key.Key_Left, CONTROL)
    assert view.focused is None


def test_a_focused_stance_waits_for_its_holder(opened: Opener) -> None:
    view = opened(TEXT, marks())
    held = marks()[3].id
    view.focus_mark(held)
    press(view, Qt.Key.Key_Home, CONTROL)
    press(view, Qt.Key.Key_Right, CONTROL | SHIFT)
    assert view.focused == held
    press(view, Qt.Key.Key_Escape)
    assert (view.selection, view.focused) == (None, held)
    press(view, Qt.Key.Key_Escape)
    assert view.focused is None


def test_keys_and_snapping_take_the_same_tokens(opened: Opener) -> None:
    text = "Ukraine-Russia talks of the U.S.-led group’s envoys."
    view = opened(text)

    def taken() -> str:
        assert view.selection is not None
        return view.selection.of(text)

    view.grow_selection()
    assert taken() == "Ukraine"
    view.grow_selection()
    assert taken() == "Ukraine-Russia"
    view.grow_selection()
    assert taken() == text
    found = []
    for snap in (False, True):
        view.snap = snap
        view.put_caret(0)
        for _ in range(9):
            press(view, Qt.Key.Key_Right, CONTROL | SHIFT)
            found.append(taken())
    assert found[:9] == found[9:]
    ends = ("Ukraine", "Russia", "talks", "of", "the", "U.S.", "led", "group", "s")
    assert all(words.endswith(end) for words, end in zip(found, ends * 2, strict=True))


@pytest.mark.parametrize("size", [(600, 260), (420, 600), (1400, 300), (1000, 120)])
def test_what_the_eye_is_on_stays_in_view_when_the_size_changes(
    opened: Opener, size: tuple[int, int]
) -> None:
    line = "Nothing much was said that day, and nobody came to hear it in the old hall.\n"
    view = opened(line * 60)
    for row in (3, 6, 9, 30):
        view.resize(1000, 700)
        view.put_caret(len(line) * row + 5)
        view.resize(*size)
        rect = view.caret_rect()
        assert rect is not None
        assert view.viewport().rect().contains(rect.toAlignedRect()), row


def test_a_focused_mark_without_the_caret_stays_in_view_too(opened: Opener) -> None:
    text = "Nothing much was said that day, and nobody came to hear it.\n" * 60
    mark = Shown(Entity("far", Span(1_300, 1_306), "GPE"), Source.ADDED)
    view = opened(text, [mark])
    view.focus_mark(mark.id)
    view.put_caret(0)
    view.show_span(mark.mark.span)
    view.take_up(mark.id)
    assert view.caret_rect() is None
    assert view.is_in_view(mark.mark.span)
    view.resize(420, 300)
    assert view.is_in_view(mark.mark.span)


def test_enter_activates_the_focused_mark(opened: Opener, qtbot: QtBot) -> None:
    view = opened(TEXT, marks())
    view.focus_mark(marks()[2].id)
    with qtbot.waitSignal(view.markActivated) as activated:
        press(view, Qt.Key.Key_Return)
    assert activated.args == [marks()[2].id]


def test_an_edge_is_moved_as_a_preview_and_told_on_enter(opened: Opener, qtbot: QtBot) -> None:
    shown = marks()[2]
    view = opened(TEXT, [shown])
    view.focus_mark(shown.id)
    view.take_edge("start")
    press(view, Qt.Key.Key_Left, CONTROL)
    press(view, Qt.Key.Key_Right)
    view.take_edge("end")
    press(view, Qt.Key.Key_Left)
    assert view.mark(shown.id) == shown
    with qtbot.waitSignal(view.edgeMoved) as told:
        press(view, Qt.Key.Key_Return)
    assert told.args[0] == shown.id
    assert told.args[1].of(TEXT) == "inister, Mira Tola"
    assert view.edge is None


def test_a_selection_begun_by_words_starts_at_a_word(opened: Opener) -> None:
    text = "Ilan Roe, of Aldery, “rejected” the plan."
    view = opened(text)
    for _ in range(4):
        press(view, Qt.Key.Key_Right, CONTROL)
    for _ in range(3):
        press(view, Qt.Key.Key_Right, CONTROL | SHIFT)
    assert view.selection is not None
    assert view.selection.of(text) == "rejected” the plan"
    press(view, Qt.Key.Key_Left)
    press(view, Qt.Key.Key_Left, CONTROL | SHIFT)
    assert view.selection.of(text) == "Aldery"


def test_edges_go_by_words_from_word_to_word(opened: Opener) -> None:
    text = "Ilan Roe, the mayor of Aldery, left."
    shown = entity(text, "Roe, the mayor of Aldery, left")
    view = opened(text, [shown])
    view.focus_mark(shown.id)
    seen = []
    for edge, key in (("start", Qt.Key.Key_Right), ("end", Qt.Key.Key_Left)) * 2:
        view.take_edge(edge)
        press(view, key, CONTROL)
        preview = view._highlights.preview
        assert preview is not None
        seen.append(preview.of(text))
    assert seen == ["the mayor of Aldery, left", "the mayor of Aldery", "mayor of Aldery", "mayor of"]


def test_escape_leaves_an_edge_where_it_was(opened: Opener, qtbot: QtBot) -> None:
    shown = marks()[2]
    view = opened(TEXT, [shown])
    view.focus_mark(shown.id)
    view.take_edge("end")
    press(view, Qt.Key.Key_Right, CONTROL)
    with qtbot.assertNotEmitted(view.edgeMoved):
        press(view, Qt.Key.Key_Escape)
        press(view, Qt.Key.Key_Return)
    assert (view.edge, view.focused) == (None, shown.id)


def test_an_edge_never_passes_the_other(opened: Opener) -> None:
    shown = marks()[2]
    view = opened(TEXT, [shown])
    view.focus_mark(shown.id)
    view.take_edge("end")
    for _ in range(30):
        press(view, Qt.Key.Key_Left)
    assert view._highlights.preview == Span(shown.mark.span.start, shown.mark.span.start + 1)


@pytest.mark.parametrize("key", [Qt.Key.Key_A, Qt.Key.Key_1, Qt.Key.Key_Space, Qt.Key.Key_Delete])
def test_keys_of_actions_are_left_alone(opened: Opener, key: Qt.Key, qtbot: QtBot) -> None:
    view = opened(TEXT, marks())
    with qtbot.assertNotEmitted(view.caretMoved):
        press(view, key)
    assert view.selection is None


def test_signals_tell_what_changed_and_nothing_else(opened: Opener, qtbot: QtBot) -> None:
    view = opened(TEXT, marks())
    with qtbot.waitSignals([view.caretMoved, view.selectionChanged]):
        press(view, Qt.Key.Key_Right, SHIFT)
    with qtbot.waitSignal(view.focusChanged) as focus:
        view.focus_mark(marks()[0].id)
    assert focus.args == [marks()[0].id]
    with qtbot.assertNotEmitted(view.focusChanged), qtbot.assertNotEmitted(view.selectionChanged):
        view.focus_mark(marks()[0].id)


def test_an_accepted_suggestion_hands_its_focus_on(opened: Opener) -> None:
    shown = marks()
    view = opened(TEXT, shown)
    view.focus_mark(shown[1].id)
    own = Shown(Entity("01OWN", shown[1].mark.span, "NORP"), Source.ACCEPTED, shown[1].provenance)
    view.apply(Change("accept", 1, "", 0, gone=(shown[1].id,), now=(own,)))
    assert view.focused == "01OWN"
    assert view.caret == own.mark.span.start
    view.apply(Change("delete", 1, "", 0, gone=("01OWN",)))
    assert view.focused is None
    assert [mark.id for mark in view.marks()] == [mark.id for mark in (shown[0], *shown[2:])]


def test_accepting_a_suggestion_moves_no_text(opened: Opener) -> None:
    shown = marks()
    view = opened(TEXT, shown)
    view.set_selection(span_of(TEXT, "minister"))
    before = view.caret_rect()
    own = Shown(Entity("01OWN", shown[1].mark.span, "NORP"), Source.ACCEPTED)
    view.apply(Change("accept", 1, "", 0, gone=(shown[1].id,), now=(own,)))
    assert view.caret_rect() == before


def test_visible_marks_and_marks_at_an_offset(opened: Opener) -> None:
    text = "Aldery met.\n" + "\n".join("Some words here." for _ in range(200)) + "\nThen Velia."
    near, far = entity(text, "Aldery"), entity(text, "Velia")
    view = opened(text, [near, far])
    assert view.visible_ids() == [near.id]
    view.focus_mark(far.id)
    assert view.visible_ids() == [far.id]
    assert view.marks_at(2) == view.marks_at(6) == [near]
    assert view.marks_at(7) == []
    with pytest.raises(KeyError):
        view.mark("unknown")


def test_an_empty_view_takes_keys_and_clicks(opened: Opener) -> None:
    view = opened(TEXT, marks())
    view.focus_mark(marks()[0].id)
    view.clear()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Return, Qt.Key.Key_Escape):
        press(view, key)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    view.grow_selection()
    view.focus_mark("gone")
    view.apply(Change("add", 1, "", 0, now=tuple(marks())))
    assert (view.caret, view.selection, view.focused, view.marks()) == (0, None, None, [])
    assert not view.grab().isNull()


def test_an_empty_article_is_shown(opened: Opener) -> None:
    view = opened("")
    press(view, Qt.Key.Key_Down)
    press(view, Qt.Key.Key_Right, SHIFT)
    assert (view.caret, view.selection) == (0, None)
    assert not view.grab().isNull()


def test_one_paragraph_of_a_megabyte_is_read_at_once(opened: Opener) -> None:
    text = "word and another " * 60_000
    view = opened(text, [entity(text, "another")])
    press(view, Qt.Key.Key_End, CONTROL)
    assert view.caret == len(text)
    press(view, Qt.Key.Key_Up)
    assert view.caret < len(text)
    press(view, Qt.Key.Key_Home, CONTROL)
    assert len(view._page._laid) < 60


def test_links_need_no_entity(opened: Opener) -> None:
    view = opened(TEXT, [marks()[3]])
    plain = view.grab().toImage()
    mark = marks()[3].mark
    assert isinstance(mark, Stance)
    assert mark.holder is not None
    view.focus_mark(marks()[3].id)
    linked = view.grab().toImage()
    (box,) = view._page.rects(mark.holder.span, view._height)
    beside = box.translated(view._left, 0).adjusted(-7, -6, 4, 6).toAlignedRect()
    assert linked.copy(beside) != plain.copy(beside), "the holder is outlined"
    view.offer([span_of(TEXT, "Observers"), mark.holder.span], mark.holder.span)
    assert view.grab().toImage().copy(beside) != linked.copy(beside), "and numbered while others are offered"
    view.set_selection(None)
    assert view.offered == ()
    assert view.grab().toImage().copy(beside) == linked.copy(beside)


def test_a_shortcut_never_takes_motion_and_gets_escape_when_nothing_is_selected(opened: Opener) -> None:
    view = opened(TEXT, marks())
    taken: list[str] = []
    for keys in ("Ctrl+Right", "Esc", "Return", "A"):
        QShortcut(QKeySequence(keys), view).activated.connect(lambda keys=keys: taken.append(keys))
    press(view, Qt.Key.Key_Right, CONTROL)
    assert (view.caret, taken) == (11, [])
    view.set_selection(Span(0, 4))
    press(view, Qt.Key.Key_Escape)
    assert (view.selection, taken) == (None, [])
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_A):
        press(view, key)
    assert taken == ["Esc", "Return", "A"]
    view.focus_mark(marks()[0].id)
    view.take_edge("end")
    press(view, Qt.Key.Key_Return)
    press(view, Qt.Key.Key_Escape)
    assert taken == ["Esc", "Return", "A", "Esc"]


def test_the_column_has_the_margin_until_there_is_a_stance(opened: Opener) -> None:
    view = opened(TEXT, [entity(TEXT, "Aldery")])
    wide = view._column
    view.set_selection(span_of(TEXT, "Observers"))
    y = view.caret_rect()
    made = stance(TEXT, "would not withdraw troops")
    view.apply(Change("g", 1, "add", 0, now=(made,)))
    assert view._column < wide
    assert len(view._cards(view._page).cards) == 1
    assert view.caret_rect().y() == pytest.approx(y.y(), abs=1), (
        "the line of the caret stays where the eye is"
    )
    view.apply(Change("g", 1, "undo", 0, gone=(made.id,)))
    assert view._column == wide


def test_the_caret_is_drawn_while_the_view_has_the_focus(opened: Opener) -> None:
    view = opened(TEXT)
    lit = view.grab().toImage()
    view.clearFocus()
    assert view.grab().toImage() != lit
    view.setFocus()
    assert view.grab().toImage() == lit


def test_the_reader_pane_begins_where_the_sentence_does(opened: Opener) -> None:
    view = opened("שלום לכולם.\n\nHello to all.")
    pane = ReaderPane(view, view)
    sides = []
    for _ in range(2):
        pane.refresh()
        sides.append(pane.document().defaultTextOption().alignment())
        press(view, Qt.Key.Key_Down, CONTROL)
    assert sides == [Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft]
