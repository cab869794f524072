"""Finishing where suggestions are hidden: they are hidden everywhere, and one key ends one's own pass."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from annotator.domain.articles import Article, Status
from annotator.domain.choices import Showing, When, is_blind
from annotator.domain.marks import Source, Stance
from annotator.services.showing import change
from annotator.storage.project import Project
from annotator.ui.settings import Settings
from annotator.ui.suggestions_dialog import SuggestionsDialog
from annotator.ui.window import Window
from tests.ui.desk import STRIKE, Desk, make_project

Open = Callable[..., Window]
AFTER = Showing(When.AFTER, When.AFTER)


def hidden_desk(open_window: Open, folder: Path, showing: Showing = AFTER) -> Desk:
    """Ana at the first of three articles, in which suggestions are hidden."""
    path = make_project(folder)
    with Project.open(path) as project:
        change(project, showing)
    window = open_window()
    window.files.open(path)
    window.notice.dismiss()
    return Desk(window, path)


@pytest.fixture
def blind(open_window: Open, tmp_path: Path) -> Desk:
    return hidden_desk(open_window, tmp_path)


def test_hidden_suggestions_are_hidden_from_every_key_and_every_count(blind: Desk) -> None:
    page = blind.page
    assert len(page.marks) == 0
    blind.press("Tab")
    assert blind.said == "No mark after this one."
    for key in ("U", "Shift+U", "V", "Space"):
        blind.press(key)
        assert page.view.focused is None
    blind.press("Ctrl+Shift+A")
    assert page.notice.words.text().startswith("Accept the suggestions on screen")
    assert list(page.view.visible_ids()) == []
    blind.press("Esc")
    assert page.line.undecided.text() == "◌ suggestions hidden"
    assert "decided" not in page.header.facts.text()
    assert page.header.facts.text().startswith("◌ Suggestions hidden until your own pass is done (P)")
    blind.select("Nair")
    blind.press("1", "R")
    assert "suggested" not in page.notice.words.text()


def test_one_key_ends_the_own_pass_and_goes_to_the_first_suggestion_that_differs(blind: Desk) -> None:
    blind.select("Priya Nair")
    blind.press("1")
    assert blind.mark("Priya Nair").source is Source.ADDED
    blind.press("P")
    assert blind.mark("Priya Nair").source is Source.ACCEPTED
    assert blind.words(blind.focused) == "Harbour Radio"
    assert "1 suggestion says what your marks say, 4 differ. Ctrl+Enter finishes." in blind.said
    assert blind.page.line.undecided.text() == "4 suggestions left"
    blind.page.refresh_row()
    assert "hidden" not in blind.page.header.facts.text()
    blind.press("A", "A")
    assert blind.mark("Harbour Radio").source is Source.ACCEPTED
    blind.press("Ctrl+Z", "Ctrl+Z", "Ctrl+Z")
    assert [blind.words(each) for each in blind.page.marks] == ["Priya Nair"]
    assert blind.page.line.undecided.text() == "◌ suggestions hidden"


def test_finishing_shows_what_was_hidden_first_and_finishes_the_second_time(blind: Desk) -> None:
    article = blind.page.article
    blind.press("Ctrl+Enter")
    assert blind.page.article is article
    assert blind.page.marks.undecided == 5
    blind.press("Ctrl+Enter")  # how many are undecided was just said
    assert not blind.page.notice.isVisible()
    assert blind.page.article is not article
    assert blind.page.article is not None
    assert blind.page.queue is not None
    assert blind.page.queue.tally()[Status.DONE] == 1


def test_an_article_without_a_suggestion_that_differs_is_finished_at_once(blind: Desk) -> None:
    assert blind.page.queue is not None
    last = blind.page.queue.ids()[2]  # nothing is suggested in it
    blind.page.open_article(last)
    blind.press("Ctrl+Enter")
    assert blind.page.article is not None
    assert blind.page.article.id != last


def test_stances_alone_can_wait(open_window: Open, tmp_path: Path) -> None:
    desk = hidden_desk(open_window, tmp_path, Showing(stance=When.AFTER))
    assert desk.page.line.undecided.text() == "4 suggestions left · ◌ stance suggestions hidden"
    assert not [each for each in desk.page.marks if isinstance(each.mark, Stance)]
    desk.press("P")
    assert desk.stance("condemned the deal").holder is not None


def test_in_the_blind_sample_no_key_shows_what_is_suggested(open_window: Open, tmp_path: Path) -> None:
    at = Article.of(STRIKE).id
    seed = next(n for n in range(1_000) if is_blind(n, annotator="ana", article_id=at))
    desk = hidden_desk(open_window, tmp_path, Showing(When.SAMPLE, When.SAMPLE, seed))
    assert desk.page.header.facts.text().startswith("◌ Suggestions hidden: blind sample")
    desk.press("P")
    assert "blind sample" in desk.said
    assert len(desk.page.marks) == 0
    desk.press("Ctrl+Enter")
    assert desk.page.article is not None
    assert desk.page.article.id != at


def test_who_did_not_change_it_is_told_once(open_window: Open, tmp_path: Path) -> None:
    path = make_project(tmp_path)
    with Project.open(path) as project:
        change(project, AFTER)
    window = open_window(Settings(annotator="ana", suggestions=False))
    window.files.open(path)
    assert "The command line changed when suggestions are seen" in window.notice.words.text()
    window.notice.dismiss()
    window.close_project()
    window.files.open(path)
    assert not window.notice.isVisible()


def test_the_dialog_keeps_when_suggestions_are_seen(desk: Desk) -> None:
    assert desk.page.marks.undecided == 5
    desk.window.prefetch.choose()
    dialog = desk.window.findChild(SuggestionsDialog)
    field = dialog.showing.fields["stance"]
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(field, key)
    assert desk.page.marks.undecided == 4
    assert desk.page.hidden.until_done == ("stance",)
