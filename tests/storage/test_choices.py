"""Thresholds and other choices in the file: what is shown, what is counted, what others find there."""

from pathlib import Path

import pytest

from annotator.domain.changes import Progress
from annotator.domain.choices import Choices, Thresholds
from annotator.storage import queries
from annotator.storage.choices import choices_of, thresholds_of, write_choices, write_offered
from annotator.storage.project import Project
from annotator.storage.salvage import salvage
from tests.storage.conftest import Desk
from tests.storage.samples import ALICE, BOB, OSLO, RUN, accept, reject

# The first article's suggestions: PERSON twice, GPE, a FAVOR stance; each with a score of .5.
ABOVE, BELOW = 0.5, 0.51


def choose(desk: Desk, **entities_or_stances: dict[str, float]) -> None:
    with desk.project.writing() as db:
        write_choices(db, Choices(thresholds=Thresholds(**entities_or_stances)))


def shown(desk: Desk) -> set[str]:
    return {item.id for item in queries.shown(desk.project.db, desk.ids[0], desk.ann)}


def progress(desk: Desk) -> Progress:
    return queries.progress_of(desk.project.db, desk.ids[0], desk.ann)


def test_a_score_that_reaches_the_threshold_is_shown(desk: Desk) -> None:
    before = shown(desk)
    choose(desk, entities={"PERSON": ABOVE, "GPE": ABOVE}, stances={"FAVOR": ABOVE})
    assert shown(desk) == before
    assert progress(desk) == Progress(0, 4)


@pytest.mark.parametrize(
    ("thresholds", "left"),
    [
        ({"entities": {"PERSON": BELOW}}, {f"{RUN}:2", f"{RUN}:3"}),
        ({"entities": {"GPE": BELOW}}, {f"{RUN}:0", f"{RUN}:1", f"{RUN}:3"}),
        ({"stances": {"FAVOR": BELOW}}, {f"{RUN}:0", f"{RUN}:1", f"{RUN}:2"}),
        ({"entities": {"FAVOR": BELOW}, "stances": {"PERSON": BELOW}}, {f"{RUN}:{n}" for n in range(4)}),
    ],
)
def test_what_is_below_its_labels_threshold_is_neither_shown_nor_counted(
    desk: Desk, thresholds: dict[str, dict[str, float]], left: set[str]
) -> None:
    choose(desk, **thresholds)
    assert shown(desk) == left
    assert progress(desk) == Progress(0, len(left))
    assert queries.suggested_of(desk.project.db, desk.ids[0], desk.ann) == len(left)
    every = [f"{RUN}:{n}" for n in range(4)]
    found = queries.shown_by_id(desk.project.db, desk.ids[0], desk.ann, every)
    assert {item.id for item in found} == left
    choose(desk)
    assert shown(desk) == set(every)


def test_decided_marks_stay_and_open_ones_are_the_difference(desk: Desk) -> None:
    mark = accept(desk.journal, desk.ids[0], 0, ALICE)
    reject(desk.journal, desk.ids[0], 2)
    assert progress(desk) == Progress(2, 4)
    choose(desk, entities={"PERSON": BELOW})
    assert shown(desk) == {mark, f"{RUN}:3"}
    assert progress(desk) == Progress(1, 2)


def test_a_suggestion_without_a_score_is_always_shown(desk: Desk) -> None:
    with desk.project.writing() as db:
        db.execute(
            'INSERT INTO suggestion(article_id,run_id,n,kind,label,start,"end") '
            "VALUES(?,?,9,'entity','GPE',?,?)",
            (desk.ids[0], RUN, *OSLO),
        )
    choose(desk, entities={"PERSON": 1.0, "GPE": 1.0}, stances={"FAVOR": 1.0})
    assert shown(desk) == {f"{RUN}:9"}


def test_undo_brings_back_only_what_would_be_shown(desk: Desk) -> None:
    accept(desk.journal, desk.ids[0], 1, BOB)
    choose(desk, entities={"PERSON": BELOW})
    change = desk.journal.undo()
    assert change.now == ()
    assert f"{RUN}:1" in change.gone


def test_a_pipelines_thresholds_hold_where_the_project_has_none(desk: Desk) -> None:
    with desk.project.writing() as db:
        write_offered(db, RUN, Thresholds({"PERSON": BELOW, "GPE": BELOW}, {"FAVOR": BELOW}))
    assert shown(desk) == set()
    choose(desk, entities={"PERSON": 0.0})
    assert shown(desk) == {f"{RUN}:0", f"{RUN}:1"}
    assert thresholds_of(desk.project.db, RUN + 1) == Thresholds({"PERSON": 0.0})


def test_choices_are_there_the_next_day(desk: Desk) -> None:
    choices = Choices("/a folder", True, {"PER": "PERSON", "MISC": ""}, Thresholds({"ORG": 0.3}))
    with desk.project.writing() as db:
        write_choices(db, choices)
    desk.restart()
    assert choices_of(desk.project.db) == choices


@pytest.mark.parametrize(
    "content",
    ["{", "[]", "7", '{"thresholds": 3}', '{"thresholds": {"entities": {"A": 9}}}', '{"labels": [1]}'],
)
def test_what_another_program_wrote_there_counts_as_nothing(desk: Desk, content: str) -> None:
    with desk.project.writing() as db:
        db.execute("INSERT INTO meta(key,value) VALUES('suggestions',?)", (content,))
    assert choices_of(desk.project.db) == Choices()
    assert len(shown(desk)) == 4


def test_choices_are_saved_from_a_damaged_project(desk: Desk, path: Path) -> None:
    choose(desk, entities={"ORG": 0.3})
    desk.project.close()
    target = path.with_name("saved.annot")
    salvage(path, target)
    with Project.open(target) as saved:
        assert choices_of(saved.db).thresholds == Thresholds({"ORG": 0.3})
