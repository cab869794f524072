"""Keys act on what the eye is on: the words selected, else the mark at the caret, never one out of view."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from annotator.domain.label_file import parse_label_set
from annotator.domain.marks import Stance
from annotator.places import resource
from annotator.services.importing import import_files
from annotator.services.suggesting import Suggesting
from annotator.storage.project import Project
from annotator.suggest.client import Answer, Proposal
from annotator.ui.window import Window
from tests.ui.desk import Desk, nth, proposals

LONG = "Ada Moen praised the plan.\n" + "Nothing else was said that day.\n" * 120 + "Then Ole Vik left.\n"


@pytest.fixture
def long_desk(open_window: Callable[..., Window], tmp_path: Path) -> Desk:
    """An article of many screens with a stance at its top and a person at its end."""
    path, text = tmp_path / "long.annot", tmp_path / "long.txt"
    text.write_bytes(LONG.encode())
    labels = parse_label_set(resource("labels", "news.toml").read_text("utf-8"))
    praised = Proposal("stance", "FAVOR", nth(LONG, "praised the plan"), 0.6)
    with Project.create(path, labels) as project:
        import_files(project, [text])
        found = (praised, *proposals(LONG, ("Ole Vik", "PERSON", 0.9)))
        (article_id,) = project.db.execute("SELECT id FROM article").fetchone()
        Suggesting(project).store(Answer(article_id, "test", "1", found))
    window = open_window()
    window.files.open(path)
    return Desk(window, path)


def find(desk: Desk, words: str) -> None:
    desk.press("Ctrl+F")
    desk.type(words)
    desk.press("Esc")


def inspected(desk: Desk) -> str:
    labels = desk.page.inspector.findChildren(QLabel)
    return " ".join(each.text() for each in labels if each.isVisible())


def undecided(desk: Desk) -> set[str]:
    return {desk.words(shown) for shown in desk.page.marks if shown.suggested}


@pytest.mark.parametrize("key", ["X", "Delete"])
def test_words_that_were_found_are_rejected_not_the_mark_before(desk: Desk, key: str) -> None:
    before = undecided(desk)
    desk.press("Tab")
    find(desk, "Rotterdam")
    desk.press(key)
    assert before - undecided(desk) == {"Rotterdam"}


def test_words_that_were_found_are_accepted_and_the_next_after_them_comes(desk: Desk) -> None:
    desk.press("Tab")
    find(desk, "Harbour Radio")
    desk.press("A")
    assert desk.stored() == ["ORG Harbour Radio"]
    assert desk.words(desk.focused) == "Marco Silva"


def test_a_note_goes_to_the_mark_that_was_found(desk: Desk) -> None:
    desk.press("Tab")
    find(desk, "Rotterdam")
    desk.press("I")
    desk.type("port")
    desk.press("Enter")
    assert desk.mark("Rotterdam").note == "port"


def test_selected_words_that_are_no_mark_are_not_decided(desk: Desk) -> None:
    before = undecided(desk)
    for key in ("X", "A", "Delete", "I", "M", "Q", "R"):
        desk.press("Tab", "Shift+Down", key)
        assert desk.said.startswith("Words are selected, and no mark stands on exactly these."), key
        assert undecided(desk) == before
        desk.press("Esc", "Ctrl+Home")


def test_the_mark_under_the_caret_comes_before_a_stance_left_behind(desk: Desk) -> None:
    before = undecided(desk)
    desk.press("V", *["Ctrl+Left"] * 5)
    assert desk.words(desk.focused) == "condemned the deal"
    desk.press("X")
    assert before - undecided(desk) == {"Marco Silva"}
    assert desk.mark("condemned the deal", Stance).suggested


def test_a_stance_left_behind_still_gets_its_holder(desk: Desk) -> None:
    desk.press("V")
    find(desk, "Priya")
    desk.press("Esc", "Left")
    desk.press("H")
    holder = desk.stance("condemned the deal").holder
    assert holder is not None
    assert holder.span.of(desk.text) == "Priya Nair"
    desk.press("X")
    assert "yours already" in desk.said, "the stance was worked on last"


def test_a_stance_in_view_is_decided_where_nothing_is_under_the_caret(desk: Desk) -> None:
    desk.press("V", "Ctrl+End", "A")
    assert desk.stored() == ["FAVOR condemned the deal"]


def test_the_inspector_shows_what_a_key_would_act_on(desk: Desk) -> None:
    desk.press("V")
    assert "condemned the deal" in inspected(desk)
    desk.press(*["Ctrl+Left"] * 5)
    assert "Marco Silva" in inspected(desk)
    desk.press("Ctrl+End")
    assert "condemned the deal" in inspected(desk)
    find(desk, "Rotterdam")
    assert "Rotterdam" in inspected(desk)


def test_a_mark_out_of_view_is_shown_before_it_is_decided(long_desk: Desk) -> None:
    long_desk.press("V", *["Down"] * 60, "A")
    assert long_desk.stored() == []
    assert long_desk.said.startswith("That mark was out of view")
    assert long_desk.page.view.is_in_view(nth(LONG, "praised the plan"))
    long_desk.press("A")
    assert long_desk.stored() == ["FAVOR praised the plan"]


def test_scrolling_away_from_the_focused_mark_counts_as_leaving_it(long_desk: Desk) -> None:
    long_desk.press("Tab")
    bar = long_desk.page.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    long_desk.press("X")
    assert undecided(long_desk) == {"praised the plan", "Ole Vik"}
    assert long_desk.said.startswith("That mark was out of view")


def test_after_the_caret_left_the_next_mark_is_the_one_after_the_caret(long_desk: Desk) -> None:
    long_desk.press("V", "Ctrl+End", "Shift+Tab")
    assert long_desk.words(long_desk.focused) == "Ole Vik"


def test_labelling_suggested_words_leaves_the_focus_on_them(desk: Desk) -> None:
    desk.press("Tab")
    find(desk, "Marco Silva")
    desk.press("1")
    assert desk.words(desk.focused) == "Marco Silva"
    desk.press("M")
    desk.type("Silva, Marco")
    desk.press("Enter")
    assert desk.mark("Marco Silva").mark.name == "Silva, Marco"
    assert not desk.mark("Priya Nair").mark.name


def test_a_stance_on_suggested_words_offers_its_own_candidates(desk: Desk) -> None:
    desk.press("Tab")
    find(desk, "condemned the deal")
    desk.press("G", "H")
    assert desk.words(desk.focused) == "condemned the deal"
    holder = desk.stance("condemned the deal").holder
    assert holder is not None
    assert holder.span.of(desk.text) != "Priya Nair", "one of its candidates, not what had the focus"
    assert "H for the next" in desk.said


def test_an_entity_left_behind_is_no_holder(desk: Desk) -> None:
    desk.press("V")
    desk.page.view.take_up(desk.mark("Rotterdam").id)  # as the mouse does on a card far away
    desk.press("H")
    holder = desk.stance("condemned the deal").holder
    assert holder is not None
    assert holder.span.of(desk.text) != "Rotterdam"


def test_another_label_on_the_words_of_an_own_mark_takes_the_place_of_the_first(desk: Desk) -> None:
    for _ in range(2):
        desk.select("Green League")
        desk.press("6")
        desk.select("Green League")
        desk.press("5")
        assert desk.stored() == ["LOC Green League"]
    desk.press("5")
    assert desk.said == "It is LOC already."


def test_a_second_stance_on_the_same_words_is_told(desk: Desk) -> None:
    desk.select("accept the offer")
    desk.press("F")
    desk.select("accept the offer")
    desk.press("G")
    assert desk.stored() == ["FAVOR accept the offer", "AGAINST accept the offer"]
    assert desk.said.startswith("A second stance on the same words.")


def test_marks_in_a_longer_one_are_reached_in_turn(desk: Desk) -> None:
    find(desk, "Priya Nair told Harbour Radio")
    desk.press("G")
    seen = []
    for _ in range(4):
        desk.press("O")
        seen.append(desk.words(desk.focused))
    assert seen == ["Priya Nair", "Harbour Radio", "Priya Nair told Harbour Radio", "Priya Nair"]
    desk.press("X", "Shift+Tab")
    find(desk, "Rotterdam")
    desk.press("O")
    assert desk.said == "No other mark overlaps here."
