"""Suggestions while a person works: the real pipeline in its own process, the caret left alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from annotator import places
from annotator.domain.choices import Choices
from annotator.services import projects
from annotator.services.choices import choose
from annotator.services.importing import import_files
from annotator.services.suggesting import DEFAULT_PIPELINE
from annotator.ui.settings import Settings
from annotator.ui.window import Window
from tests.ui.desk import FERRY, MUSIC, Desk

pytestmark = pytest.mark.skipif(
    not places.resource("pipelines", DEFAULT_PIPELINE).is_dir(), reason="the pipeline is not built"
)
ENOUGH_MS = 60_000


def unread(folder: Path) -> Path:
    """A project of two articles that no pipeline has read."""
    path = folder / "unread.annot"
    (folder / "texts").mkdir()
    for n, text in enumerate((FERRY, MUSIC)):
        (folder / "texts" / f"{n}.txt").write_text(text, encoding="utf-8")
    with projects.create(path) as project:
        import_files(project, sorted((folder / "texts").iterdir()))
    return path


def choosing(path: Path, pipeline: str) -> Path:
    """The project with this pipeline for its suggestions."""
    with projects.open_project(path) as project:
        choose(project, Choices(pipeline), by="ana")
    return path


def test_suggestions_arrive_for_this_article_and_the_next_and_the_caret_stays(
    open_window: Callable[..., Window], tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(Settings(annotator="ana", suggestions=True))
    window.files.open(unread(tmp_path))
    desk = Desk(window, tmp_path / "unread.annot")
    desk.press("Ctrl+Right", "Ctrl+Right", "Shift+Right")
    caret, selection = window.page.view.caret, window.page.view.selection
    assert len(window.page.marks) == 0
    qtbot.waitUntil(lambda: len(window.page.marks) > 0, timeout=ENOUGH_MS)
    assert (window.page.view.caret, window.page.view.selection) == (caret, selection)
    assert len(window.page.view.marks()) == len(window.page.marks)
    qtbot.waitUntil(lambda: window.page.line.pipeline.text().startswith("en_news "), timeout=ENOUGH_MS)
    following = window.page.queue.next(window.page.article.id)
    assert following is not None

    def read() -> bool:
        return window.page.labelling.open(following).progress.suggested > 0

    qtbot.waitUntil(read, timeout=ENOUGH_MS)
    window.close()


def test_switched_off_no_pipeline_is_started(
    open_window: Callable[..., Window], tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(Settings(annotator="ana", suggestions=False))
    window.files.open(unread(tmp_path))
    qtbot.wait(500)
    assert window.page.line.pipeline.text() == ""
    assert len(window.page.marks) == 0


def test_that_no_suggestion_will_come_stays_on_screen(
    open_window: Callable[..., Window], tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(Settings(annotator="ana", suggestions=True))
    window.files.open(choosing(unread(tmp_path), "xx_gone"))
    qtbot.waitUntil(window.notice.isVisible, timeout=ENOUGH_MS)
    assert "There is no pipeline xx_gone" in window.notice.words.text()
    assert window.page.line.pipeline.text() == "The pipeline is off"
