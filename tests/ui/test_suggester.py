"""Suggestions for the window: there before they are needed, kept in its thread, never in its way."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from annotator.domain.choices import Choices
from annotator.services.suggesting import Suggesting
from annotator.storage.project import Access, Project
from annotator.ui.suggester import Suggester, SuggesterState
from tests.pipelines import install_odd_components, make_pipeline, project_of

TEXTS = ("Lavrov in Ukraine.", "NATO waits.", "Kuleba speaks.", "A faulty, sleepy text.")
Make = Callable[..., Suggester]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with project_of(tmp_path / "p.annot", TEXTS) as project:
        yield project


@pytest.fixture
def ids(project: Project) -> list[int]:
    return [row[0] for row in project.db.execute("SELECT id FROM article ORDER BY position")]


@pytest.fixture
def make(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Make a suggester for a pipeline of names with these components; all are closed with the test."""
    monkeypatch.setenv("PYTHONPATH", install_odd_components(tmp_path / "site"))
    made: list[Suggester] = []

    def build(*components: str, names: dict[str, str] | None = None, pipeline: str = "") -> Suggester:
        folder = tmp_path / f"pipeline-{len(made)}"
        if not pipeline:
            make_pipeline(folder, *components, **({"names": names} if names else {}))
        made.append(Suggester(Suggesting(project, Choices(pipeline or str(folder)))))
        return made[-1]

    yield build
    for each in made:
        each.close()


def counts(project: Project) -> dict[int, int]:
    return dict(project.db.execute("SELECT article_id,count(*) FROM suggestion GROUP BY article_id"))


def test_the_open_article_comes_first_and_the_next_is_there_before_it_is_opened(
    qtbot: QtBot, project: Project, ids: list[int], make: Make
) -> None:
    suggester = make()
    arrived: list[tuple[int, int]] = []
    threads: set[bool] = set()
    suggester.arrived.connect(lambda *each: arrived.append(each))
    suggester.arrived.connect(lambda *_: threads.add(QThread.currentThread() is suggester.thread()))
    suggester.ask(ids[0], ids[1])
    assert suggester.state is SuggesterState.LOADING
    qtbot.waitUntil(lambda: suggester.state is SuggesterState.IDLE, timeout=30_000)
    assert arrived == [(ids[0], 2), (ids[1], 1)]
    assert counts(project) == {ids[0]: 2, ids[1]: 1}
    assert threads == {True}
    suggester.ask(ids[1], ids[2])
    qtbot.waitUntil(lambda: len(arrived) == 3, timeout=30_000)
    assert arrived[2] == (ids[2], 1)
    with qtbot.assertNotEmitted(suggester.state_changed, wait=50):
        suggester.ask(ids[2], ids[0])


def test_only_the_last_question_counts_while_the_pipeline_loads(
    qtbot: QtBot, project: Project, ids: list[int], make: Make
) -> None:
    suggester = make()
    suggester.ask(ids[0], ids[1])
    suggester.ask(ids[2])
    qtbot.waitUntil(lambda: suggester.state is SuggesterState.IDLE, timeout=30_000)
    assert counts(project) == {ids[2]: 1}


def test_a_killed_process_is_told_and_the_article_comes_all_the_same(
    qtbot: QtBot, project: Project, ids: list[int], make: Make
) -> None:
    suggester = make()
    told: list[str] = []
    suggester.noticed.connect(told.append)
    suggester.ask(ids[0])
    qtbot.waitUntil(lambda: suggester.state is SuggesterState.IDLE, timeout=30_000)
    (pid,) = suggester.pids
    os.kill(pid, signal.SIGKILL)
    suggester.ask(ids[1])
    qtbot.waitUntil(lambda: ids[1] in counts(project), timeout=30_000)
    qtbot.waitUntil(lambda: len(told) == 1, timeout=30_000)
    assert "ended unexpectedly" in told[0]


def test_an_article_the_pipeline_fails_on_is_told_and_the_next_one_is_read(
    qtbot: QtBot, project: Project, ids: list[int], make: Make
) -> None:
    suggester = make("raiser")
    told: list[str] = []
    suggester.noticed.connect(told.append)
    suggester.ask(ids[3], ids[0])
    qtbot.waitUntil(lambda: suggester.state is SuggesterState.IDLE, timeout=60_000)
    assert ["failed on this article" in each for each in told] == [True]
    assert counts(project) == {ids[0]: 2}


def test_a_pipeline_that_cannot_be_loaded_is_told_once_and_asked_no_more(
    qtbot: QtBot, ids: list[int], make: Make
) -> None:
    suggester = make(pipeline="no_such_pipeline")
    with qtbot.waitSignal(suggester.noticed, timeout=30_000) as noticed:
        suggester.ask(ids[0], ids[1])
    assert "no_such_pipeline" in noticed.args[0]
    assert suggester.state is SuggesterState.OFF
    with qtbot.assertNotEmitted(suggester.noticed, wait=50):
        suggester.ask(ids[1])


def test_labels_that_the_label_set_lacks_are_told_once(qtbot: QtBot, ids: list[int], make: Make) -> None:
    suggester = make(names={"Lavrov": "PER", "Ukraine": "MISC", "NATO": "MISC"})
    told: list[str] = []
    suggester.noticed.connect(told.append)
    suggester.ask(ids[0], ids[1])
    qtbot.waitUntil(lambda: suggester.state is SuggesterState.IDLE, timeout=30_000)
    assert len(told) == 1
    assert "MISC" in told[0]


def test_a_project_that_can_only_be_read_starts_no_process(
    project: Project, ids: list[int], qtbot: QtBot
) -> None:
    with Project.open(project.path, Access.READ) as reading:
        suggester = Suggester(Suggesting(reading, Choices("no_such_pipeline")))
        with qtbot.assertNotEmitted(suggester.state_changed, wait=50):
            suggester.ask(ids[0])
        suggester.close()


def test_closing_in_the_middle_of_work_is_quiet(qtbot: QtBot, ids: list[int], make: Make) -> None:
    suggester = make("sleeper")
    suggester.ask(ids[3], ids[0])
    qtbot.waitUntil(lambda: suggester.state is SuggesterState.READING, timeout=30_000)
    with qtbot.assertNotEmitted(suggester.noticed, wait=50):
        suggester.close()
    assert suggester.pids == []
