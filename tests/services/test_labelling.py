"""Labelling: opening, suggestions, status, undo, and other annotators."""

import pytest

from annotator.domain.articles import Status
from annotator.domain.changes import Change, Progress
from annotator.domain.errors import ProjectReadOnly
from annotator.domain.marks import Part, Stance
from annotator.domain.text import Span
from annotator.domain.zones import ZoneKind
from annotator.storage.project import Access, Project
from tests.services.labelled import SUGGESTED, TEXT, Desk, content, nth, refused


def test_an_article_opens_with_its_zones_and_suggestions(desk: Desk) -> None:
    opened = desk.labelling.open(desk.id)
    assert (opened.article.text, opened.status, opened.place, opened.count) == (TEXT, Status.TODO, 1, 2)
    assert [zone.kind for zone in opened.zones] == [ZoneKind.CREDIT]
    assert len(opened.shown) == len(SUGGESTED)
    assert all(shown.suggested for shown in opened.shown)
    assert opened.progress == Progress(0, len(SUGGESTED))


def test_a_new_annotator_of_a_project_opened_to_read_sees_everything_and_changes_nothing(desk: Desk) -> None:
    path = desk.project.path
    desk.project.close()
    with Project.open(path, Access.READ) as project:
        reader = Desk(project, desk.id, "somebody new")
        opened = reader.labelling.open(desk.id)
        assert len(opened.shown) == len(SUGGESTED)
        assert (opened.place, opened.count, opened.status) == (1, 2, Status.TODO)
        with pytest.raises(ProjectReadOnly):
            reader.labelling.add(desk.id, nth("Okafor"), "PERSON")
        assert reader.labelling.next_undo() is None


def test_accepting_makes_the_suggestion_ones_own_with_its_name(desk: Desk) -> None:
    change = desk.labelling.accept(desk.id, desk.only("Mira Holt").id, ms=840)
    assert content(desk.only("Mira Holt")) == ("Mira Holt", "PERSON", "Mira Holt", "accepted")
    assert desk.decisions() == [(0, "accept", True, 840)]
    assert change.summary == "accept PERSON “Mira Holt”"
    assert change.gone == ("101:0",)
    assert [content(shown) for shown in change.now] == [content(desk.only("Mira Holt"))]
    assert change.status is Status.DOING
    assert desk.labelling.open(desk.id).progress == Progress(1, len(SUGGESTED))


def test_accepting_a_stance_keeps_its_parts_and_their_names(desk: Desk) -> None:
    desk.labelling.accept(desk.id, desk.only("backed the deal").id)
    assert content(desk.only("backed the deal")) == (
        "backed the deal",
        "FAVOR",
        ("the union", None),
        ("the deal", "wage deal"),
        "accepted",
    )


def test_accepting_twice_or_ones_own_is_refused(desk: Desk) -> None:
    suggestion = desk.only("Mira Holt").id
    desk.labelling.accept(desk.id, suggestion)
    before = desk.rows()
    with refused("no longer there"):
        desk.labelling.accept(desk.id, suggestion)
    with refused("PERSON “Mira Holt” is yours already"):
        desk.labelling.accept(desk.id, desk.only("Mira Holt").id)
    assert desk.rows() == before


def test_a_label_that_the_label_set_lacks_is_not_accepted_but_can_be_changed(
    desk: Desk,
) -> None:
    suggestion = desk.only("raise wages").id
    with refused("no entity label WORK"):
        desk.labelling.accept(desk.id, suggestion)
    desk.labelling.relabel(desk.id, suggestion, "EVENT")
    assert content(desk.only("raise wages")) == ("raise wages", "EVENT", None, "edited")


def test_rejecting_hides_the_suggestion_and_keeps_the_decision(desk: Desk) -> None:
    change = desk.labelling.reject(desk.id, desk.only("Monday").id, ms=12)
    assert desk.at("Monday") == []
    assert desk.decisions() == [(4, "reject", False, 12)]
    assert (change.gone, change.now, change.summary) == (("101:4",), (), "reject DATE “Monday”")


def test_the_status_is_set_and_the_first_gesture_begins_the_article(desk: Desk) -> None:
    assert desk.labelling.set_status(desk.id, Status.DONE).summary.startswith("finish “Harbour workers vote")
    assert desk.labelling.open(desk.id).status is Status.DONE
    with refused("status is done already"):
        desk.labelling.set_status(desk.id, Status.DONE)
    desk.labelling.undo()
    assert desk.labelling.open(desk.id).status is Status.TODO
    desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    assert desk.labelling.open(desk.id).status is Status.DOING
    desk.labelling.undo()
    assert desk.labelling.open(desk.id).status is Status.TODO


def test_work_on_a_finished_article_leaves_it_finished(desk: Desk) -> None:
    desk.labelling.set_status(desk.id, Status.DONE)
    desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    assert desk.labelling.open(desk.id).status is Status.DONE


def test_undo_and_redo_say_what_they_would_do(desk: Desk) -> None:
    assert (desk.labelling.next_undo(), desk.labelling.next_redo()) == (None, None)
    with refused("Nothing to undo"):
        desk.labelling.undo()
    with refused("Nothing to redo"):
        desk.labelling.redo()
    desk.labelling.reject(desk.id, desk.only("Monday").id)
    assert desk.labelling.next_undo() == "reject DATE “Monday”"
    assert "reject DATE “Monday”" in desk.labelling.undo().summary
    assert desk.labelling.next_redo() == "reject DATE “Monday”"
    assert desk.only("Monday").suggested
    desk.labelling.redo()
    assert desk.at("Monday") == []


def test_undo_reaches_another_article_and_past_a_restart(desk: Desk) -> None:
    desk.labelling.accept(desk.id, desk.only("Monday").id)
    second = desk.project.db.execute("SELECT id FROM article WHERE position=1").fetchone()[0]
    desk.labelling.add(second, Span(2, 8), "EVENT")
    path = desk.project.path
    desk.project.close()
    with Project.open(path) as project:
        again = Desk(project, desk.id)
        assert again.labelling.undo().article_id == second
        assert again.labelling.undo().article_id == desk.id
        assert again.only("Monday").suggested
        assert again.labelling.redo().article_id == desk.id


def test_another_annotators_marks_are_not_shown_and_never_change(desk: Desk) -> None:
    other = Desk(desk.project, desk.id, "bo")
    desk.labelling.accept(desk.id, desk.only("Monday").id)
    own = desk.only("Monday").id
    other.labelling.relabel(desk.id, other.only("Monday").id, "EVENT")
    assert content(desk.only("Monday"))[1] == "DATE"
    with refused("no longer there"):
        other.labelling.delete(desk.id, own)
    desk.labelling.undo()
    with refused("Nothing to undo"):
        desk.labelling.undo()
    assert desk.only("Monday").suggested
    assert content(other.only("Monday")) == ("Monday", "EVENT", None, "edited")
    assert other.labelling.next_undo() == "relabel DATE “Monday” as EVENT"


def test_a_change_says_what_a_stance_became(desk: Desk) -> None:
    change: Change = desk.labelling.set_target(
        desk.id, desk.only("backed the deal").id, Part(nth("the deal"), "pay deal")
    )
    (shown,) = change.now
    assert isinstance(shown.mark, Stance)
    assert shown.mark.target == Part(nth("the deal"), "pay deal")
