"""Deciding on many suggestions at once."""

from annotator.domain.suggestions import Run
from annotator.services.again import Again
from tests.services.labelled import SUGGESTED, Desk, content, entity, refused, suggest


def again(desk: Desk) -> Again:
    return Again(desk.project, desk.labelling.annotator)


def test_accepting_all_is_one_gesture_and_leaves_out_what_cannot_be_accepted(desk: Desk) -> None:
    ids = [shown.id for shown in desk.shown()]
    change = again(desk).accept(desk.id, [*ids, *ids, "101:99"], rule="all")
    assert change.summary == "accept 7 suggestions (all)"
    assert len(change.now) == len(change.gone) == 7
    assert [shown.mark.label for shown in desk.shown() if shown.suggested] == ["WORK"]
    desk.labelling.undo()
    assert [content(shown)[-1] for shown in desk.shown()] == [None] * len(SUGGESTED)


def test_accepting_all_of_nothing_is_refused(desk: Desk) -> None:
    before = desk.rows()
    for ids in ([], [desk.only("raise wages").id]):
        with refused("no suggestion to accept"):
            again(desk).accept(desk.id, ids, rule="all")
    assert desk.rows() == before


def test_two_suggestions_that_say_the_same_become_one_mark(desk: Desk) -> None:
    twins = (entity("Okafor", "PERSON"), entity("Okafor", "PERSON"))
    suggest(desk.project, desk.id, twins, Run(102, "words", "2"))
    again(desk).accept(desk.id, [shown.id for shown in desk.at("Okafor")], rule="all")
    assert content(desk.only("Okafor"))[-1] == "accepted"
    assert [verdict for _, verdict, *_ in desk.decisions()] == ["accept", "accept"]
