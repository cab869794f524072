"""The same again, by keys: counted and framed before it happens, one undo, nothing on Esc."""

import pytest
from PySide6.QtWidgets import QCheckBox

from annotator.domain.text import Span
from tests.ui.desk import Desk, nth


def framed(desk: Desk) -> list[Span]:
    return list(desk.page.view.proposed)


def asked(desk: Desk) -> str:
    return desk.window.notice.words.text()


def choice(desk: Desk) -> str:
    return desk.window.notice.findChildren(type(desk.window.notice._buttons[0]))[0].text()


def test_equal_mentions_are_counted_and_framed_before_they_are_labelled(desk: Desk) -> None:
    desk.select("Nair", 1)
    desk.press("1", "R")
    assert asked(desk) == ""
    assert "No other mention" in desk.said  # the first is part of a longer suggestion
    desk.select("the")
    desk.press("8", "R")
    others = desk.text.split().count("the")
    assert asked(desk).startswith(f"Label {others} more mentions of “the” DATE?")
    assert len(framed(desk)) == others
    assert desk.stored().count("DATE the") == 1
    desk.press("Esc")
    assert framed(desk) == []
    assert desk.stored().count("DATE the") == 1
    desk.press("R", "Down", "Down", "Enter")
    assert desk.stored().count("DATE the") == 1 + others
    assert framed(desk) == []
    assert desk.page.view.hasFocus()
    desk.press("Ctrl+Z")
    assert desk.stored().count("DATE the") == 1


def test_suggestions_of_a_label_above_a_score_are_counted_as_it_is_typed(desk: Desk) -> None:
    desk.press("Ctrl+Shift+A")
    assert choice(desk) == "Accept 2 (Enter)"
    desk.press("Tab")
    desk.type("gpe")
    assert choice(desk) == "Accept 1 (Enter)"
    assert framed(desk) == [nth(desk.text, "Rotterdam")]
    desk.press("Enter")
    assert desk.stored() == ["GPE Rotterdam"]
    assert desk.window.project.db.execute("SELECT kind FROM op ORDER BY id DESC LIMIT 1").fetchone() == (
        "bulk-accept",
    )
    desk.press("Ctrl+Z")
    assert desk.stored() == []


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
def test_tab_goes_round_in_the_question(desk: Desk, key: str) -> None:
    """Also after the focus was elsewhere meanwhile."""
    desk.press("Ctrl+Shift+A", "Ctrl+L")
    while not desk.window.notice.isAncestorOf(desk.window.focusWidget()):
        desk.press("F6")
    seen = []
    for _ in range(5):
        seen.append(desk.window.focusWidget())
        desk.press(key)
    names = [each.accessibleName() or each.text() for each in seen]
    round_ = ["Least score, 0 to 1", "Label", "Accept 2 (Enter)", "Leave (Esc)", "Least score, 0 to 1"]
    assert names == (round_ if key == "Tab" else round_[::-1])
    desk.press("Esc")
    assert not desk.window.notice.isVisible()


def test_suggestions_below_a_score_are_rejected_at_once(desk: Desk) -> None:
    desk.press("Ctrl+Shift+X")
    desk.type("0.7")
    assert choice(desk) == "Reject 2 (Enter)"
    desk.press("Enter")
    assert desk.page.marks.undecided == 3
    assert desk.said == "2 suggestions rejected."
    desk.press("Ctrl+Z")
    assert desk.page.marks.undecided == 5


def test_what_matches_nothing_is_refused(desk: Desk) -> None:
    desk.press("Ctrl+Shift+A")
    desk.type("x")
    desk.press("Enter")
    assert "from 0 to 1" in desk.said
    desk.press("Ctrl+Shift+X")
    desk.type("0.1")
    desk.press("Enter")
    assert desk.said == "No suggestion on screen has a score of .10 or less."
    assert framed(desk) == []


def test_mentions_in_another_case_are_left_out_until_they_are_taken_in(desk: Desk) -> None:
    """“the” stands three times in the article, and once as “The”."""
    write(desk, "The pier\n\nThe ferry left the pier. THE END, said the captain, the mate and The Theatre.")
    desk.select("the")
    desk.press("8", "R")
    assert asked(desk) == "Label 2 more mentions of “the” DATE? ↑ ↓ show each."
    assert (choice(desk), len(framed(desk))) == ("Label 2 (Enter)", 2)
    assert also(desk).text() == "also “The” 3, “THE” 1 (Space)"
    desk.press("Space")
    assert (choice(desk), len(framed(desk))) == ("Label 6 (Enter)", 6)
    desk.press("Space", "Enter")
    assert desk.stored() == ["DATE the"] * 3
    desk.press("Ctrl+Z", "R", "Space", "Down", "Enter")
    assert sorted(desk.stored()) == ["DATE THE", *["DATE The"] * 3, *["DATE the"] * 3]
    desk.press("Ctrl+Z")
    assert desk.stored() == ["DATE the"]


def test_the_box_of_other_cases_is_reached_and_left_by_tab(desk: Desk) -> None:
    write(desk, "A pier\n\nMinisters came. The ministers, all ministers, left.")
    desk.select("ministers")
    desk.press("3", "R", "Tab")
    assert also(desk).hasFocus()
    desk.press("Space", "Enter")
    assert len(desk.stored()) == 3
    desk.press("Ctrl+Z", "R", "Tab", "Esc")
    assert len(desk.stored()) == 1
    assert desk.page.view.hasFocus()


def test_mentions_that_are_all_in_another_case_are_asked_for_at_once(desk: Desk) -> None:
    write(desk, "A pier\n\nMinisters came. The ministers left.")
    desk.select("ministers")
    desk.press("3", "R")
    assert asked(desk) == "Label 1 more mention of “ministers” ORG? Written “Ministers” 1. ↑ ↓ show each."
    desk.press("Space", "Enter")
    assert len(desk.stored()) == 2


def write(desk: Desk, text: str) -> None:
    """Opens another article, of this text."""
    file = desk.path.with_name("typed.txt")
    file.write_text(text, encoding="utf-8")
    desk.bring_in(file)
    assert desk.page.queue is not None
    desk.page.open_article(desk.page.queue.ids(None, "")[-1])
    desk.press("Esc")
    desk.page.view.setFocus()


def also(desk: Desk) -> QCheckBox:
    return desk.window.notice.findChild(QCheckBox)
