"""Going through an error list by keys: from the list to the article, and from one error to the next."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from annotator.agreement.differences import Difference, Kind
from annotator.domain.articles import Article
from annotator.domain.marks import Entity, Part, Stance
from annotator.domain.suggestions import Run
from annotator.services.error_list import write_errors
from annotator.ui.error_panel import ErrorPanel
from annotator.ui.window import Window
from tests.ui.desk import FERRY, STRIKE, Desk, make_project, nth

RUN = Run.of("en_test", "1.0")
COMMAND = """
import sys
from PySide6.QtCore import QTimer
from annotator.cli import main
from annotator.ui import app
application = app.application()
def end():
    (window,) = [each for each in application.topLevelWidgets() if hasattr(each, "errors")]
    print(window.errors.panel.isVisible(), window.errors.panel.model.rowCount())
    application.closeAllWindows()
    application.quit()
QTimer.singleShot(400, end)
main(sys.argv[1:])
"""


@pytest.fixture
def errors(tmp_path: Path) -> Path:
    strike, ferry, other = map(Article.of, (STRIKE, FERRY, "An article of another project."))
    silva = nth(STRIKE, "Marco Silva")
    stance = Stance("", nth(STRIKE, "condemned the deal"), "AGAINST", Part(silva))
    path = tmp_path / "wrong.jsonl"
    write_errors(
        path,
        RUN,
        [
            (strike, Difference(Kind.LABEL, Entity("", silva, "PERSON"), Entity("", silva, "ORG"))),
            (strike, Difference(Kind.HOLDER, stance, Stance("", stance.span, "AGAINST"))),
            (ferry, Difference(Kind.SPURIOUS, None, Entity("", nth(FERRY, "Bergen"), "GPE"))),
            (other, Difference(Kind.MISSED, Entity("", nth(other.text, "article"), "ORG"), None)),
        ],
    )
    return path


def selected(desk: Desk) -> str:
    span = desk.page.view.selection
    return span.of(desk.text) if span else ""


def panel(desk: Desk) -> ErrorPanel:
    return desk.window.errors.panel


def test_enter_in_the_list_opens_the_article_with_the_words_selected(desk: Desk, errors: Path) -> None:
    desk.window.errors.open(errors)
    assert QApplication.focusWidget() is panel(desk).table
    desk.press("Down", "Down", "Return")
    assert desk.text == FERRY
    assert selected(desk) == "Bergen"
    assert desk.said == "Error 3 of 4: spurious GPE “Bergen”."
    assert QApplication.focusWidget() is desk.page.view


def test_f8_goes_from_error_to_error_and_shift_f8_back(desk: Desk, errors: Path) -> None:
    desk.window.errors.open(errors)
    desk.press("F8")
    assert selected(desk) == "Marco Silva"
    assert desk.said.startswith("Error 1 of 4: wrong label: gold has PERSON “Marco Silva”, found was ORG")
    desk.press("F8")
    assert selected(desk) == "condemned the deal"
    assert desk.said == ("Error 2 of 4: wrong holder: gold has holder “Marco Silva”, found was no holder.")
    desk.press("F8")
    assert desk.text == FERRY
    desk.press("Shift+F8", "Shift+F8")
    assert desk.text == STRIKE
    assert selected(desk) == "Marco Silva"
    desk.press("Shift+F8")
    assert desk.said == "This is the first error."


def test_an_article_that_is_not_in_the_project_is_told(desk: Desk, errors: Path) -> None:
    desk.window.errors.open(errors)
    desk.press("End", "F8")
    assert "is not in this project" in desk.said
    desk.press("F8")
    assert desk.said == "This is the last error."


def test_only_the_errors_of_one_kind_are_stepped_through(desk: Desk, errors: Path) -> None:
    desk.window.errors.open(errors)
    shown = [kind for kind, chip in panel(desk).chips.items() if not chip.isHidden()]
    assert shown == [None, "missed", "spurious", "label", "holder"]
    panel(desk).chips[Kind.HOLDER].click()
    desk.press("F8")
    assert selected(desk) == "condemned the deal"
    desk.press("F8")
    assert desk.said == "This is the last error."


def test_f6_reaches_the_list_and_escape_leaves_it(desk: Desk, errors: Path) -> None:
    desk.window.errors.open(errors)
    desk.press("Escape")
    assert QApplication.focusWidget() is desk.page.view
    desk.press("F6", "F6")
    assert QApplication.focusWidget() is panel(desk).table


def test_the_list_closes_with_its_button_and_with_the_project(desk: Desk, errors: Path) -> None:
    desk.window.errors.open(errors)
    desk.window.bindings["errors.close"].trigger()
    assert panel(desk).isHidden()
    assert QApplication.focusWidget() is desk.page.view
    desk.press("F8")
    assert desk.said.startswith("No error list is open")
    desk.window.errors.open(errors)
    desk.window.close_project()
    assert panel(desk).isHidden()


def test_a_file_that_is_no_error_list_is_told_and_the_open_one_stays(
    desk: Desk, errors: Path, tmp_path: Path
) -> None:
    desk.window.errors.open(errors)
    odd = tmp_path / "odd.jsonl"
    odd.write_text('{"text": "An article."}\n', encoding="utf-8")
    desk.window.faults.attempt(desk.window.errors.open, odd)
    assert "odd.jsonl, line 1: not a record of an error list" in desk.window.notice.words.text()
    assert panel(desk).model.rowCount() == 4
    odd.write_text("", encoding="utf-8")
    desk.window.faults.attempt(desk.window.errors.open, odd)
    assert "has no errors in it" in desk.window.notice.words.text()


def test_the_command_opens_the_project_with_the_list(errors: Path, tmp_path: Path) -> None:
    path = make_project(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, str(path), "--errors", str(errors)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, "True 4\n"), done.stderr


def test_the_pane_is_not_made_before_it_is_wanted(open_window: Callable[..., Window]) -> None:
    assert open_window().findChild(ErrorPanel) is None
