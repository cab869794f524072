"""Marks that overlap come in turn."""

from annotator.domain.changes import Change
from tests.ui.article.conftest import Opener
from tests.ui.article.hands import TEXT
from tests.ui.article.marking import entity, span_of


def test_overlapping_marks_are_cycled_with_the_caret_in_place(opened: Opener) -> None:
    inner, outer = entity(TEXT, "Tolan", "PERSON"), entity(TEXT, "Mira Tolan", "PERSON")
    view = opened(TEXT, [inner, outer])
    view.focus_mark(inner.id)
    caret = view.caret
    view.cycle_overlapping()
    assert (view.focused, view.caret) == (outer.id, caret)
    view.cycle_overlapping()
    assert view.focused == inner.id


def test_all_that_overlap_a_mark_come_in_turn_and_the_caret_goes_along(opened: Opener) -> None:
    every = [entity(TEXT, words) for words in ("Mira", "Tolan", "Mira Tolan", "Aldery")]
    mira, tolan, whole, _ = (shown.id for shown in every)
    view = opened(TEXT, every)
    view.focus_mark(whole)
    seen = []
    for _ in range(4):
        assert view.cycle_overlapping() == 3
        assert view.here is not None
        seen.append(view.here.id)
        assert view.here.mark.span.start <= view.caret <= view.here.mark.span.end
    assert seen == [mira, tolan, whole, mira]
    view.focus_mark(tolan)
    assert view.cycle_overlapping() == 2, "what overlaps the whole is no longer asked for"
    assert view.focused == whole


def test_selected_words_give_way_to_the_marks_on_them(opened: Opener) -> None:
    mira, whole = entity(TEXT, "Mira"), entity(TEXT, "Mira Tolan")
    view = opened(TEXT, [mira, whole])
    view.set_selection(span_of(TEXT, "Mira Tolan, said"))
    assert view.cycle_overlapping() == 2
    assert (view.selection, view.here) == (None, whole)
    view.put_caret(0)
    assert view.cycle_overlapping() == 0


def test_a_cycle_begins_anew_when_a_mark_of_it_is_gone(opened: Opener) -> None:
    mira, whole = entity(TEXT, "Mira"), entity(TEXT, "Mira Tolan")
    view = opened(TEXT, [mira, whole])
    view.focus_mark(whole.id)
    view.cycle_overlapping()
    view.apply(Change("g", 1, "delete", 0, gone=(whole.id,)))
    assert view.cycle_overlapping() == 1
    assert view.focused == mira.id
