"""Finding in the article: the first match while typing, all of them counted, in long texts too."""

from hypothesis import given
from hypothesis import strategies as st

from annotator.ui.find_bar import _PIECE, Search
from tests.ui.desk import Desk


@given(
    text=st.text(alphabet="abA\n", max_size=60),
    wanted=st.text(alphabet="abA", min_size=1, max_size=3),
    share=st.floats(0, 1),
)
def test_the_matches_from_a_place_on_are_those_of_the_whole_text(
    text: str, wanted: str, share: float
) -> None:
    start = round(share * len(text))
    search = Search(text, wanted, start)
    search.finish()
    first, low = search.next(start), text.lower()
    expected = low.find(wanted.lower(), start)
    assert (first.start if first else -1) == expected
    place, count = 0, 0
    while (match := search.next(place)) is not None:
        assert low.startswith(wanted.lower(), match.start)
        count += 1
        assert search.number(match.start) == count
        place = match.start + 1
    assert count == len(search)


def test_a_match_across_two_pieces_is_found_once() -> None:
    text = "." * (_PIECE - 2) + "needle" + "." * _PIECE
    search = Search(text, "Needle", 0)
    search.go_on()
    assert not search.done
    search.finish()
    assert len(search) == 1


def test_letters_find_as_they_are_typed_and_keys_go_on(desk: Desk) -> None:
    desk.press("Ctrl+F")
    desk.type("na")
    view = desk.page.view
    assert view.selection is not None
    assert (view.selection.of(desk.text), desk.page.find_bar.told) == ("Na", "1 of 2 matches")
    first = view.selection
    desk.press("Enter")
    assert desk.page.find_bar.told == "2 of 2 matches"
    desk.press("Shift+Enter", "Esc")
    assert view.selection == first
    desk.press("F3")
    assert view.selection is not None
    assert view.selection.start > first.start
    desk.press("Shift+F3")
    assert view.selection == first


def test_who_types_ahead_of_the_search_gets_the_words_that_were_typed(desk: Desk) -> None:
    desk.press("Ctrl+End", "Ctrl+Up", "Ctrl+Up", "Ctrl+F")
    desk.type("nair told")  # "Nair" stands after the caret too, "Nair told" before it only
    desk.press("Esc", "1")
    assert desk.stored() == ["PERSON Nair told"]


def test_without_words_f3_asks_for_them(desk: Desk) -> None:
    desk.press("F3")
    assert desk.page.find_bar.field.hasFocus()


def test_no_match_is_said(desk: Desk) -> None:
    desk.press("Ctrl+F")
    desk.type("zzz")
    assert desk.page.find_bar.told == "no match"


def test_a_word_that_is_not_there_leaves_nothing_selected_and_the_caret_where_it_was(desk: Desk) -> None:
    desk.press("Tab", "Tab")
    view = desk.page.view
    caret = view.caret
    desk.press("Ctrl+F")
    desk.type("rotterdan")
    desk.press("Esc")
    assert (view.selection, view.caret) == (None, caret)
    assert desk.words(desk.focused) == "Harbour Radio"
    desk.press("1")
    assert desk.stored() == ["PERSON Harbour Radio"]


def test_words_that_were_typed_and_taken_back_leave_nothing_selected(desk: Desk) -> None:
    desk.press("Ctrl+F")
    desk.type("nair")
    desk.press(*["Backspace"] * 4, "Esc")
    assert (desk.page.view.selection, desk.page.view.caret) == (None, 0)


def test_words_selected_before_stay_where_nothing_was_looked_for(desk: Desk) -> None:
    desk.select("Green League")
    desk.press("Ctrl+F", "Esc", "3")
    assert desk.stored() == ["ORG Green League"]


def test_going_on_to_what_is_not_there_is_said(desk: Desk) -> None:
    desk.press("Ctrl+F")
    desk.type("zzz")
    desk.press("Esc", "F3")
    assert desk.said == "No match for “zzz” here."


def test_the_bar_is_reached_and_left_from_the_article(desk: Desk) -> None:
    desk.press("Ctrl+F")
    desk.type("nair")
    desk.press("Ctrl+4", "Ctrl+1")
    bar, view = desk.page.find_bar, desk.page.view
    assert view.hasFocus()
    assert bar.isVisible()
    desk.press("Shift+F6")
    assert bar.field.hasFocus()
    assert bar.field.text() == "nair"
    desk.press("F6")
    assert view.hasFocus()
    desk.press("Esc")
    assert (view.selection, bar.isVisible()) == (None, True)
    desk.press("Esc")
    assert not bar.isVisible()
    assert view.hasFocus()
    desk.press("Shift+F6")
    assert not bar.field.hasFocus()
