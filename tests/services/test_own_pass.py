"""Suggestions hidden from an annotator: nothing is told of them, and it is kept what was seen."""

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.domain.articles import Status
from annotator.domain.choices import Choices, Showing, When, is_blind
from annotator.domain.marks import Part, Source, Stance
from annotator.domain.queue_filter import parsed
from annotator.services import exchange
from annotator.services.choices import choices_of, choose
from annotator.services.names import Names
from annotator.services.own_pass import OwnPass
from annotator.services.queue import Queue
from annotator.services.showing import change, may_change, told_since
from annotator.storage.check import check
from annotator.storage.names import name_uses
from annotator.storage.project import Project
from tests.services.labelled import Desk, labelset, nth, project_at, refused

HIDDEN = Showing(When.AFTER, When.AFTER)


def hide(desk: Desk, showing: Showing = HIDDEN) -> None:
    change(desk.project, showing)


def saw(desk: Desk) -> dict[str, bool]:
    """What was seen, by the id of the mark or the rejection."""
    rows = desk.project.db.execute("SELECT id,saw FROM sight WHERE deleted=0").fetchall()
    return {row_id: bool(seen) for row_id, seen in rows}


@pytest.fixture
def own_pass(desk: Desk) -> OwnPass:
    return OwnPass(desk.project, "ana")


def test_nothing_is_told_of_hidden_suggestions(desk: Desk) -> None:
    queue = Queue(desk.project, "ana")
    assert [len(desk.shown()), queue.suggested(desk.id)] == [8, 8]
    hide(desk)
    opened = desk.labelling.open(desk.id)
    assert opened.shown == []
    assert (opened.progress.decided, opened.progress.suggested) == (0, 0)
    assert queue.suggested(desk.id) == 0
    assert queue.rows([desk.id])[0].progress.suggested == 0
    assert queue.ids(None, parsed("suggested:GPE")) == []
    assert name_uses(desk.project.db, "ana") == []


def test_only_the_kind_that_is_chosen_is_hidden(desk: Desk) -> None:
    hide(desk, Showing(stance=When.AFTER))
    assert not [each for each in desk.shown() if isinstance(each.mark, Stance)]
    assert len(desk.shown()) == 7
    hidden = desk.labelling.hidden(desk.id)
    assert (hidden.until_done, hidden.for_good) == (("stance",), ())
    assert hidden.said("P") == "Stance suggestions hidden until your own pass is done (P)"


def test_a_mark_that_equals_a_hidden_suggestion_does_not_show_it(desk: Desk, own_pass: OwnPass) -> None:
    hide(desk)
    desk.labelling.add(desk.id, nth("Mira Holt"), "PERSON")
    own = desk.only("Mira Holt")
    assert (own.source, own.provenance) == (Source.ADDED, None)
    assert own.mark == replace(own.mark, name=None)
    own_pass.reveal(desk.id)
    assert desk.only("Mira Holt").source is Source.EDITED  # the suggestion has a name that the mark lacks
    assert saw(desk) == {own.id: False}


def test_what_is_deleted_unseen_is_not_rejected(desk: Desk, own_pass: OwnPass) -> None:
    hide(desk)
    desk.labelling.add(desk.id, nth("Coastal News"), "ORG")
    assert desk.decisions() == [(1, "accept", True, 0)]
    desk.labelling.delete(desk.id, desk.only("Coastal News").id)
    assert desk.decisions() == []
    own_pass.reveal(desk.id)
    assert desk.only("Coastal News").suggested


def test_the_end_of_the_own_pass_shows_what_was_suggested_and_undo_hides_it(
    desk: Desk, own_pass: OwnPass
) -> None:
    hide(desk)
    desk.labelling.add(desk.id, nth("Coastal News"), "ORG")
    shown = own_pass.reveal(desk.id)
    assert len([each for each in shown.now if each.suggested]) == 7
    assert desk.only("Coastal News").source is Source.ACCEPTED
    assert not desk.labelling.hidden(desk.id)
    with refused("No suggestions are hidden here"):
        own_pass.reveal(desk.id)
    undone = desk.labelling.undo()
    assert len(undone.gone) >= 7
    assert [each.mark.span.of(desk.labelling.open(desk.id).article.text) for each in desk.shown()] == [
        "Coastal News"
    ]
    desk.labelling.redo()
    assert len(desk.shown()) == 8


def test_it_is_kept_of_each_mark_and_rejection_whether_suggestions_were_seen(
    desk: Desk, own_pass: OwnPass
) -> None:
    hide(desk)
    desk.labelling.add(desk.id, nth("Coastal News"), "ORG")
    desk.labelling.add_stance(desk.id, nth("would not raise wages"), "AGAINST", holder=Part(nth("Sorrel", 1)))
    news, stance = desk.only("Coastal News").id, desk.only("would not raise wages").id
    own_pass.reveal(desk.id)
    desk.labelling.accept(desk.id, desk.only("Mira Holt").id)
    desk.labelling.annotate(desk.id, stance, "sure?")
    desk.labelling.reject(desk.id, desk.only("Monday").id)
    desk.labelling.relabel(desk.id, news, "GPE")
    rejection = desk.project.db.execute("SELECT id FROM decision WHERE verdict='reject'").fetchone()[0]
    seen = {desk.only("Mira Holt").id: True, rejection: True}
    assert saw(desk) == {news: True, stance: False} | seen
    desk.labelling.undo()  # as it was made: unseen
    assert saw(desk) == {news: False, stance: False} | seen
    desk.labelling.undo()
    assert rejection not in saw(desk)
    desk.project.close()
    assert check(desk.project.path).clean


def test_what_was_seen_stays_seen_when_it_is_hidden_again(desk: Desk, own_pass: OwnPass) -> None:
    hide(desk)
    own_pass.reveal(desk.id)
    desk.labelling.undo()
    desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    assert saw(desk) == {desk.only("Okafor").id: True}


def test_without_a_pipeline_nothing_was_seen(desk: Desk) -> None:
    other = desk.labelling.open(desk.id).place  # the second article has no suggestions
    assert other == 1
    article_id = Queue(desk.project, "ana").ids()[1]
    text = desk.labelling.open(article_id).article.text
    mark = desk.labelling.add(article_id, nth("second", text=text), "EVENT").now[0]
    assert saw(desk) == {mark.id: False}


def test_names_changed_from_another_article_note_nothing(desk: Desk) -> None:
    desk.labelling.accept(desk.id, desk.only("Mira Holt").id)
    before = saw(desk)
    hide(desk)
    Names(desk.project, "ana").rename("Mira Holt", "M. Holt")
    assert saw(desk) == before


def test_a_pass_that_is_finished_unseen_is_kept(desk: Desk) -> None:
    hide(desk, Showing(stance=When.AFTER))
    desk.labelling.set_status(desk.id, Status.DONE)
    passes = "SELECT kind,revealed FROM own_pass WHERE deleted=0"
    assert desk.project.db.execute(passes).fetchall() == [("stance", 0)]
    desk.labelling.undo()
    assert desk.project.db.execute(passes).fetchall() == []


def test_the_blind_sample_stays_hidden(desk: Desk, own_pass: OwnPass) -> None:
    seed = next(n for n in range(1_000) if is_blind(n, annotator="ana", article_id=desk.id))
    hide(desk, Showing(When.SAMPLE, When.SAMPLE, seed))
    assert desk.shown() == []
    assert desk.labelling.hidden(desk.id).said("P") == "Suggestions hidden: blind sample"
    with refused("in the blind sample"):
        own_pass.reveal(desk.id)
    other = next(n for n in range(1_000) if not is_blind(n, annotator="ana", article_id=desk.id))
    hide(desk, Showing(When.SAMPLE, When.SAMPLE, other))
    assert len(desk.shown()) == 8


def test_once_there_is_a_lead_only_a_lead_hides_suggestions(desk: Desk) -> None:
    wanted = replace(choices_of(desk.project), showing=HIDDEN)
    assert may_change(desk.project, "ana")
    desk.project.annotator_id("lee")
    desk.project.db.execute("UPDATE annotator SET role='lead' WHERE name='lee'")
    with refused("Only a lead"):
        choose(desk.project, wanted, by="ana")
    choose(desk.project, Choices(stances=True), by="ana")
    choose(desk.project, replace(wanted, stances=True), by="lee")
    assert choices_of(desk.project).showing == HIDDEN


def test_a_change_is_told_once_to_everybody_but_who_made_it(desk: Desk) -> None:
    assert told_since(desk.project, "ana", 0) is None
    choose(desk.project, Choices(showing=HIDDEN), by="lee")
    told = told_since(desk.project, "ana", 0)
    assert told is not None
    at, said = told
    assert said.startswith("lee changed when suggestions are seen. Entities: after your own pass")
    assert told_since(desk.project, "ana", at) is None
    assert told_since(desk.project, "lee", 0) is None


def test_what_was_seen_survives_the_way_through_a_file(desk: Desk, own_pass: OwnPass, tmp_path: Path) -> None:
    hide(desk)
    desk.labelling.add(desk.id, nth("Coastal News"), "ORG")
    own_pass.reveal(desk.id)
    desk.labelling.accept(desk.id, desk.only("Mira Holt").id)
    desk.labelling.reject(desk.id, desk.only("Monday").id)
    desk.labelling.set_status(desk.id, Status.DONE)
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    exchange.export(desk.project, str(first), of="annotator:ana", statuses=["done"])
    with Project.create(tmp_path / "other.annot", labelset()) as other:
        exchange.import_files(other, [str(first)], annotator="ana", as_="labels")
        assert sorted(row[0] for row in other.db.execute("SELECT saw FROM sight")) == [0, 1, 1]
        exchange.export(other, str(second), of="annotator:ana", statuses=["done"])
    assert first.read_text("utf-8").count('"saw_suggestion":true') == 2
    assert second.read_bytes() == first.read_bytes()


def test_somebody_new_to_the_project_sees_no_more_than_others(tmp_path: Path) -> None:
    project, article_id = project_at(tmp_path / "q.annot")
    with project:
        desk = Desk(project, article_id, "new")
        hide(desk)
        assert desk.shown() == []
