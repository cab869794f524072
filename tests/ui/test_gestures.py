"""The keys of the article: what each does to the marks, and where the focus goes."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from annotator.domain.marks import Source, Stance
from annotator.services.labelling import Labelling
from annotator.storage.project import Access, Project
from tests.ui.desk import Desk


def test_tab_goes_through_the_marks_and_shift_tab_back(desk: Desk) -> None:
    desk.press("Tab")
    assert desk.words(desk.focused) == "Priya Nair"
    desk.press("Tab")
    assert desk.words(desk.focused) == "Harbour Radio"
    desk.press("Shift+Tab")
    assert desk.words(desk.focused) == "Priya Nair"


def test_accept_and_reject_go_on_to_the_next_undecided(desk: Desk) -> None:
    desk.press("Tab", "A")
    assert desk.words(desk.focused) == "Harbour Radio"
    desk.press("X")
    assert desk.words(desk.focused) == "Marco Silva"
    assert desk.stored() == ["PERSON Priya Nair"]
    assert desk.mark("Priya Nair").source is Source.ACCEPTED


def test_space_leaves_a_suggestion_undecided(desk: Desk) -> None:
    desk.press("Tab", "Space", "A")
    assert desk.stored() == ["ORG Harbour Radio"]
    assert desk.page.marks.undecided == 4


def test_after_the_last_suggestion_those_left_come_again(desk: Desk) -> None:
    desk.press("Tab", "Space", "A", "A", "A", "A")
    assert desk.words(desk.focused) == "Priya Nair"
    assert "left undecided" in desk.said


def test_a_digit_labels_the_selection(desk: Desk) -> None:
    desk.select("Green League")
    desk.press("3")
    assert desk.stored() == ["ORG Green League"]
    assert desk.words(desk.focused) == "Green League"


def test_a_digit_corrects_the_suggestion_that_has_the_focus_and_stays_there(desk: Desk) -> None:
    desk.press("Tab", "Tab", "Tab", "1")
    assert desk.stored() == ["PERSON Marco Silva"]
    assert desk.mark("Marco Silva").source is Source.EDITED
    assert desk.words(desk.focused) == "Marco Silva"


def test_a_stance_is_made_with_holder_and_target(desk: Desk) -> None:
    desk.select("accept the offer")
    desk.press("F")
    assert desk.words(desk.focused) == "accept the offer"
    desk.press("H")
    assert desk.stance("accept the offer").holder is not None
    desk.select("the offer")
    desk.press("T")
    target = desk.stance("accept the offer").target
    assert target is not None
    assert target.span.of(desk.text) == "the offer"
    assert desk.words(desk.focused) == "accept the offer"


def test_the_holder_key_takes_the_entity_the_caret_went_to(desk: Desk) -> None:
    desk.select("was calm")
    desk.press("N", "Ctrl+Up", "H")
    holder = desk.stance("was calm").holder
    assert holder is not None
    assert holder.span.of(desk.text) == "Marco Silva"


def test_the_target_key_cycles_the_candidates(desk: Desk) -> None:
    desk.select("accept the offer")
    desk.press("F")
    seen = []
    for _ in range(3):
        desk.press("T")
        target = desk.stance("accept the offer").target
        assert target is not None
        seen.append(target.span)
    assert len(set(seen)) > 1


def test_g_turns_a_suggested_stance_against(desk: Desk) -> None:
    desk.press("V", "G")
    assert desk.focused is not None
    assert isinstance(desk.focused.mark, Stance)
    assert desk.focused.mark.label == "AGAINST"
    assert desk.focused.source is Source.EDITED


def test_an_edge_is_taken_and_moved_by_words(desk: Desk) -> None:
    desk.press("Tab", "Q", "Ctrl+Left", "Enter")
    assert desk.stored() == ["PERSON leader Priya Nair"]


def test_accepting_with_a_moved_edge_keeps_it_and_goes_on(desk: Desk) -> None:
    desk.press("Tab", "E", "Ctrl+Left", "A")
    assert desk.stored() == ["PERSON Priya"]
    assert desk.words(desk.focused) == "Harbour Radio"
    desk.press("Shift+Tab", "E", "Ctrl+Right", "A")  # a mark of one's own, too
    assert desk.stored() == ["PERSON Priya Nair"]
    desk.press("E", "A")  # nothing was moved: accepted as it is
    assert desk.stored() == ["PERSON Priya Nair", "ORG Harbour Radio"]


@pytest.mark.parametrize("key", ["Tab", "Space", "Ctrl+PgDown", "Ctrl+F", "Ctrl+W", "I"])
def test_a_moved_edge_is_kept_by_going_elsewhere(desk: Desk, key: str) -> None:
    desk.press("Tab", "E", "Ctrl+Left", key)
    if key == "Ctrl+W":
        desk.window.files.open(desk.path)
    elif key == "Ctrl+PgDown":
        desk.press("Ctrl+PgUp")
    assert desk.stored() == ["PERSON Priya"]
    assert desk.page.view.edge is None


def test_a_moved_edge_is_kept_when_the_article_is_finished_and_undone_by_itself(desk: Desk) -> None:
    desk.press("Tab", "E", "Ctrl+Left", "Ctrl+Enter", "Enter", "Ctrl+Z")
    assert desk.stored() == ["PERSON Priya"]
    desk.press("Ctrl+Z")
    assert desk.stored() == []


def test_a_click_elsewhere_keeps_a_moved_edge(desk: Desk) -> None:
    desk.press("Tab", "E", "Ctrl+Left")
    QTest.mouseClick(desk.page.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert desk.stored() == ["PERSON Priya"]


def test_another_label_keeps_the_moved_edge(desk: Desk) -> None:
    desk.press("Tab", "E", "Ctrl+Left", "3")
    assert desk.stored() == ["ORG Priya"]


def test_the_other_edge_is_taken_with_the_first_where_it_was_moved(desk: Desk) -> None:
    desk.press("Tab", "E", "Ctrl+Right", "Q", "Ctrl+Left", "Enter")
    assert desk.stored() == ["PERSON leader Priya Nair told"]


def test_a_suggestion_with_a_moved_edge_is_rejected_all_the_same(desk: Desk) -> None:
    desk.press("Tab", "E", "Ctrl+Left", "X")
    assert desk.stored() == []
    assert desk.page.marks.undecided == 4


def test_the_size_of_the_text_leaves_a_taken_edge_alone(desk: Desk) -> None:
    desk.press("Tab", "E", "Ctrl+Left", "Ctrl++", "W", "W", "Enter")
    assert desk.stored() == ["PERSON Priya"]


def test_escape_leaves_a_taken_edge_where_it_was(desk: Desk) -> None:
    desk.press("Tab", "Q", "Ctrl+Left", "Esc")
    assert desk.stored() == []
    assert desk.page.view.edge is None


def test_delete_takes_an_own_mark_away_and_rejects_a_suggestion(desk: Desk) -> None:
    desk.press("Tab", "A", "Shift+Tab", "Delete")
    assert desk.stored() == []
    desk.press("Tab", "Delete")
    assert desk.page.marks.undecided == 3


def test_the_caret_goes_by_sentences_and_selects_them(desk: Desk) -> None:
    desk.press("Ctrl+End", "Ctrl+Up", "Ctrl+Up", "Alt+Down", "Alt+Shift+Up")
    selection = desk.page.view.selection
    assert selection is not None
    assert selection.of(desk.text) == "Marco Silva of the Green League condemned the deal."


def test_candidates_are_offered_alike_whatever_was_changed_before(desk: Desk) -> None:
    desk.press("Tab", "Tab", "Tab", "1")  # Marco Silva, the holder suggested, is changed last
    desk.press("V", "H")
    assert desk.said == "Holder: Marco Silva of the Green League (2 of 5, H for the next)"


def test_name_and_note_are_typed_in_the_inspector(desk: Desk) -> None:
    desk.press("Tab", "M")
    desk.type("Nair, Priya")
    desk.press("Enter")
    assert desk.page.view.hasFocus()
    desk.press("I")
    desk.type("sure")
    desk.press("Enter")
    shown = desk.mark("Priya Nair")
    assert (shown.mark.name, shown.note) == ("Nair, Priya", "sure")


def test_a_half_typed_name_is_saved_by_going_elsewhere(desk: Desk) -> None:
    desk.press("Tab", "A", "Shift+Tab", "M")
    desk.type("Nair, Priya")
    desk.press("Ctrl+PgDown")
    assert not desk.page.inspector.editor.isVisible()
    desk.press("Ctrl+PgUp")
    assert desk.mark("Priya Nair").mark.name == "Nair, Priya"
    desk.press("Tab", "I")
    desk.type("sure")
    desk.press("Ctrl+W")
    desk.window.files.open(desk.path)
    assert desk.mark("Priya Nair").note == "sure"


def test_a_half_typed_name_is_saved_when_the_window_closes(desk: Desk) -> None:
    desk.press("Tab", "A", "Shift+Tab", "M")
    desk.type("Nair, Priya")
    article = desk.page.article.id
    desk.window.close()
    with Project.open(desk.path, Access.READ) as project:
        (named,) = [each.mark for each in Labelling(project, "ana").open(article).shown if not each.suggested]
    assert named.name == "Nair, Priya"


def test_what_is_typed_for_one_annotator_is_not_saved_as_the_next(desk: Desk) -> None:
    desk.press("Tab", "A", "Shift+Tab", "I")
    desk.type("mine")
    assert desk.window.project is not None
    desk.window.show_project(desk.window.project, "ben")
    assert not any(shown.note for shown in desk.page.marks)
    desk.window.show_project(desk.window.project, "ana")
    assert desk.mark("Priya Nair").note == "mine"


def test_escape_leaves_the_name_as_it_was(desk: Desk) -> None:
    desk.press("Tab", "M")
    desk.type("nobody")
    desk.press("Esc")
    assert desk.stored() == []
    assert desk.page.view.hasFocus()


def test_equal_mentions_get_the_same_label(desk: Desk) -> None:
    desk.select("that")
    desk.press("7", "R")
    assert "No other mention" in desk.said
    desk.select("the", 1)  # the first stands in "their"
    desk.press("8", "R", "Enter")
    assert desk.stored().count("DATE the") == desk.text.split().count("the")


def test_the_most_uncertain_suggestion_has_the_score_nearest_to_one_half(desk: Desk) -> None:
    desk.press("U")
    assert desk.words(desk.focused) == "Marco Silva"


def test_all_visible_above_a_score_are_accepted_at_once(desk: Desk) -> None:
    desk.press("Ctrl+Shift+A")
    desk.press("Enter")
    assert desk.stored() == ["PERSON Priya Nair", "GPE Rotterdam"]
    desk.press("Ctrl+Z")
    assert desk.stored() == []


def test_a_label_is_found_by_typing(desk: Desk) -> None:
    desk.select("Green League")
    desk.press("/")
    desk.type("gpe")
    desk.press("Enter")
    assert desk.stored() == ["GPE Green League"]
    assert desk.page.view.hasFocus()


def test_a_zone_is_marked_and_unmarked(desk: Desk) -> None:
    found = len(desk.page.zones)
    desk.select("Rotterdam was calm")
    desk.press("Z")
    assert len(desk.page.zones) == found + 1
    desk.press("Z")
    assert len(desk.page.zones) == found


def test_what_makes_no_sense_is_refused_in_the_status_line(desk: Desk) -> None:
    desk.press("A")
    assert "No suggestion here" in desk.said
    desk.press("Tab", "A", "Shift+Tab", "A")
    assert "yours already" in desk.said
    assert not desk.window.notice.isVisible()


def test_a_digit_without_a_label_says_so(desk: Desk) -> None:
    desk.select("Green League")
    desk.press("9")
    assert desk.said == "No label has the key 9. / finds a label by name, Ctrl+5 adds one."
    desk.press("Shift+2")
    assert desk.said.startswith("No label has the key Shift+2.")
    assert desk.stored() == []


def test_holder_and_target_are_never_the_same_words(desk: Desk) -> None:
    desk.select("told Harbour Radio")
    desk.press("F", "H")
    holder = desk.stance("told Harbour Radio").holder
    assert holder is not None
    for _ in range(8):
        desk.press("T")
        target = desk.stance("told Harbour Radio").target
        assert target is not None
        assert target.span.of(desk.text) != holder.span.of(desk.text)


def test_what_candidates_took_the_place_of_comes_again_after_the_last(desk: Desk) -> None:
    desk.select("told Harbour Radio")
    desk.press("F")
    desk.select("Rotterdam was")
    desk.press("T")
    offered = []
    for _ in range(20):
        desk.press("T")
        target = desk.stance("told Harbour Radio").target
        assert target is not None
        offered.append(target.span.of(desk.text))
    again = offered.index("Rotterdam was")
    assert again > 0
    assert offered[again + 1] == offered[0]
