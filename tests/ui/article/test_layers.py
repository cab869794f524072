"""Layers: what is hidden is neither drawn nor stepped on, and comes back as it was."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from annotator.domain.changes import Change
from annotator.domain.marks import Shown, Stance
from annotator.domain.text import Span
from annotator.domain.zones import Zone, ZoneKind
from annotator.ui.article.layers import Layer, is_seen, worked_on
from tests.ui.article.conftest import Opener
from tests.ui.article.hands import TEXT, press
from tests.ui.article.marking import entity, span_of, stance

ALDERY = entity(TEXT, "Aldery")
TOLAN = entity(TEXT, "Mira Tolan", "PERSON", suggested=True)
STEP = stance(TEXT, "useful first step")
CLOSE = stance(TEXT, "winter was close", "AGAINST", suggested=True)
MARKS = [ALDERY, TOLAN, STEP, CLOSE]


def everything(shown: Shown) -> bool:
    return True


def test_a_suggestion_needs_its_own_layer_and_that_of_suggestions() -> None:
    assert [is_seen(shown, frozenset({Layer.SUGGESTIONS})) for shown in MARKS] == [True, False, True, False]
    assert [is_seen(shown, frozenset({Layer.STANCES})) for shown in MARKS] == [True, True, False, False]
    assert [is_seen(shown, frozenset({Layer.ENTITIES})) for shown in MARKS] == [False, False, True, True]


def test_hidden_marks_are_passed_by_and_come_back(opened: Opener) -> None:
    view = opened(TEXT, MARKS)
    view.set_layers(frozenset({Layer.ENTITIES}))
    assert view.visible_ids() == [STEP.id, CLOSE.id]
    assert view.step(1, everything) == STEP.id
    assert view.marks_at(ALDERY.mark.span.start) == []
    view.set_layers(frozenset())
    assert view.focused == STEP.id
    assert view.marks() == MARKS


def test_a_focused_mark_that_is_hidden_loses_the_focus(opened: Opener, qtbot: QtBot) -> None:
    view = opened(TEXT, MARKS)
    view.focus_mark(TOLAN.id)
    with qtbot.waitSignal(view.focusChanged, check_params_cb=lambda focus: focus is None):
        view.set_layers(frozenset({Layer.SUGGESTIONS}))
    assert view.caret == TOLAN.mark.span.start, "the caret stays"


def test_hidden_zones_are_not_dimmed(opened: Opener) -> None:
    zone = Zone(span_of(TEXT, "Observers"), ZoneKind.DEBRIS, "z")
    view = opened(TEXT, zones=[zone])
    view.set_layers(frozenset({Layer.ZONES}))
    assert not any(seen.laid.dimmed for seen in view._page.visible(700))
    view.set_layers(frozenset())
    assert any(seen.laid.dimmed for seen in view._page.visible(700))


def test_what_a_gesture_makes_in_a_hidden_layer_is_asked_for(opened: Opener, qtbot: QtBot) -> None:
    view = opened(TEXT, MARKS)
    view.set_layers(frozenset({Layer.ENTITIES, Layer.SUGGESTIONS}))
    made = entity(TEXT, "Observers")
    with qtbot.waitSignal(view.layersNeeded) as needed:
        view.apply(Change("g", 1, "add", 0, now=(made,)))
    assert needed.args == [frozenset({Layer.ENTITIES})]


def test_a_hidden_mark_that_is_asked_for_is_shown_and_focused(opened: Opener, qtbot: QtBot) -> None:
    view = opened(TEXT, MARKS)
    view.layersNeeded.connect(lambda needed: view.set_layers(view.hidden - needed))
    view.set_layers(frozenset(Layer))
    view.show_mark(TOLAN)
    assert view.focused == TOLAN.id
    assert view.hidden == {Layer.STANCES, Layer.ZONES}
    view.show_mark(None)
    assert view.focused is None


def test_suggestions_that_arrive_while_hidden_stay_hidden(opened: Opener) -> None:
    hidden = frozenset({Layer.SUGGESTIONS})
    arrived = Change("", 1, "", 0, now=(TOLAN,))
    assert worked_on(arrived, hidden) == frozenset()
    view = opened(TEXT, [ALDERY])
    view.set_layers(hidden)
    view.apply(arrived)
    assert view.marks() == [ALDERY]


def test_a_mark_that_becomes_a_hidden_suggestion_goes(opened: Opener) -> None:
    """Undoing an acceptance while suggestions are hidden."""
    view = opened(TEXT, [entity(TEXT, "Mira Tolan", "PERSON")])
    view.set_layers(frozenset({Layer.SUGGESTIONS}))
    view.apply(Change("g", 1, "undo", 0, now=(TOLAN,)))
    assert view.marks() == []


def test_the_place_stays_when_layers_change(opened: Opener) -> None:
    text = "\n\n".join([TEXT] * 40)
    marks = [stance(text, "useful first step")]
    view = opened(text, marks)
    middle = text.index("Observers", len(text) // 2)
    view.set_selection(Span(middle, middle + 9))
    press(view, Qt.Key.Key_Down)
    before = view.caret_rect()
    view.set_layers(frozenset({Layer.STANCES}))
    assert view.caret_rect().y() == pytest.approx(before.y(), abs=1)
    assert not any(isinstance(shown.mark, Stance) for shown in view.marks())
