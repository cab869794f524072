"""The help: every key and action that a page names is there, and the tour can be walked as it is written."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.places import resource
from annotator.services import projects
from annotator.services.suggesting import Suggesting
from annotator.storage.project import Project
from annotator.suggest.client import Answer, Proposal
from annotator.ui.actions import ACTIONS, action, shown
from annotator.ui.help_page import PAGES, mentioned, page_html
from annotator.ui.window import Window
from tests.keys import parsed
from tests.ui.desk import Desk, nth, proposals

WRITTEN = sorted(path.stem for path in resource("help").glob("*.md"))
# Keys that no action needs to have, and what is held with others.
ALWAYS = {"Enter", "Esc", "Tab", "Ctrl", "Shift", "Alt"}
KEY = re.compile(
    r"(?:(?:Ctrl|Shift|Alt)\+)+(?:Page (?:Up|Down)|[^\s“”()]*[^\s“”().,;:])|\b(?:F\d{1,2}|Ctrl|Shift|Alt|"
    r"Tab|Esc|Enter|Space|Delete|Home|End|Insert|Backspace)\b"
)


def source(page: str) -> str:
    return resource("help", f"{page}.md").read_text(encoding="utf-8")


def test_every_written_page_is_offered() -> None:
    assert set(WRITTEN) <= set(PAGES)


@pytest.mark.parametrize("page", WRITTEN)
def test_every_action_that_a_page_names_exists(page: str) -> None:
    assert mentioned(source(page)) <= {row.id for row in ACTIONS}
    assert set(re.findall(r"\{[^}]*\}", source(page))) == {f"{{{id_}}}" for id_ in mentioned(source(page))}


@pytest.mark.parametrize("page", WRITTEN)
def test_a_page_names_keys_by_their_actions_only(page: str) -> None:
    """Whoever changes a key, or takes another key map, reads the key that holds."""
    assert set(KEY.findall(source(page))) <= ALWAYS


@pytest.mark.parametrize("page", WRITTEN)
def test_every_key_that_a_page_shows_is_the_one_of_the_table(page: str, desk: Desk) -> None:
    document = QTextDocument()
    document.setHtml(page_html(desk.window.keys, page))
    text = document.toPlainText()
    keys = {shown(key) for row in ACTIONS for key in row.keys}
    assert set(KEY.findall(text)) <= keys | ALWAYS
    for id_ in mentioned(source(page)):
        row = action(id_)
        assert (shown(row.keys[0]) if row.keys else row.text) in text, id_


def steps() -> Iterator[list[str]]:
    """What each step of the tour asks to press: ids of actions, keys, and words to type in backticks."""
    for line in source("tour").splitlines():
        if line.startswith("Press "):
            yield re.findall(r"`[^`]+`|\S+", line.removeprefix("Press "))


def walk(window: Window, words: list[str]) -> None:
    for word in words:
        focus = QApplication.focusWidget()
        assert focus is not None, word
        if word.startswith("`"):
            QTest.keyClicks(focus, word.strip("`"))
        else:
            key = action(word.strip("{}")).keys[0] if word.startswith("{") else word
            QTest.keyClick(focus, *parsed(key))


@pytest.fixture
def sample(open_window: Callable[..., Window], tmp_path: Path) -> Desk:
    """The sample project; in its first article most words of the tour are suggested, as a pipeline does."""
    path = projects.demo(tmp_path)
    with Project.open(path) as project:
        article_id, text = project.db.execute("SELECT id,text FROM article WHERE position=0").fetchone()
        entities = proposals(
            text,
            ("Bergen", "GPE", 0.9),
            ("Tuesday", "DATE", 0.9),
            ("Centre Party", "ORG", 0.8),
            ("Solveig Aasland", "PERSON", 0.9),
            ("Conservative Party", "ORG", 0.9),
            ("Progress Party", "ORG", 0.8),
        )
        rejected = Proposal("stance", "FAVOR", nth(text, "rejected the plan"), 0.5)
        Suggesting(project).store(Answer(article_id, "test", "1", (*entities, rejected)))
    window = open_window()
    window.files.open(path)
    return Desk(window, path)


def test_the_tour_is_walked_as_it_is_written(sample: Desk) -> None:
    window, page = sample.window, sample.page
    told = steps()

    def then() -> list[str]:
        walk(window, next(told))
        return sample.stored() if page.article and page.article.id == first else []

    assert page.article is not None
    first = page.article.id
    assert then() == ["GPE Bergen"], "1: decided"
    assert then() == ["GPE Bergen"], "2: undone and done again"
    assert then() == ["GPE Bergen", "EVENT Centre Party"], "3: corrected"
    assert page.view.edge is None
    assert "FAC diesel ferries" in then(), "4: an entity"
    assert "ORG Conservative Party" in then(), "5: by name"
    assert "PERSON Solveig Aasland" in then(), "6: named"
    assert sample.mark("Solveig Aasland").mark.name == "Aasland, Solveig"
    assert "AGAINST rejected the plan" in then(), "7: a stance"
    stance = sample.stance("rejected the plan")
    assert stance.holder is not None
    assert stance.holder.span.of(sample.text) == "Progress Party"
    assert stance.target is not None
    assert stance.target.span.of(sample.text) == "the plan"
    then()
    assert page.view.hasFocus(), "8: back from the history"
    then()
    assert page.article.id != first, "9: on the next article"
    then()
    assert window.stack.currentWidget() is page, "10: back at work"
    assert next(told, None) is None
