"""Deciding on many suggestions at once."""

import pytest

from annotator.domain.marks import Part, Stance
from annotator.domain.suggestions import Run
from annotator.services.again import Again
from annotator.storage.check import check
from tests.services.labelled import SUGGESTED, Desk, content, entity, nth, refused, suggest


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


TWICE = (
    entity("Okafor", "PERSON"),
    entity("Okafor", "PERSON", name="Ada Okafor"),
    Stance("", nth("backed the deal"), "FAVOR", Part(nth("the union"), "Union"), Part(nth("the deal"))),
    Stance("", nth("backed the deal"), "FAVOR", Part(nth("the union")), None),
    Stance("", nth("backed the deal"), "FAVOR", Part(nth("the union")), None),
    entity("Monday", "DATE"),
    entity("Coastal News", "PERSON"),
)


@pytest.mark.parametrize("verb", ["accept", "reject"])
def test_many_at_once_are_decided_as_they_would_be_one_by_one(desk: Desk, verb: str) -> None:
    """Two runs, of which the later says some things twice; some are decided and taken back before."""
    desk.labelling.reject(desk.id, desk.only("Monday").id)
    desk.labelling.undo()
    suggest(desk.project, desk.id, TWICE, Run(102, "words", "2"))
    suggest(desk.project, desk.id, SUGGESTED[:4], Run(103, "words", "3"))
    open_, all_ = desk.shown(), written(desk)
    for shown in open_:
        if shown.id in {each.id for each in desk.shown()} and shown.mark.label != "WORK":
            getattr(desk.labelling, verb)(desk.id, shown.id)
    one_by_one = written(desk)
    while written(desk) != all_:
        desk.labelling.undo()
    getattr(again(desk), verb)(desk.id, [shown.id for shown in open_], rule="all")
    assert written(desk) == one_by_one
    desk.labelling.undo()
    assert written(desk) == all_
    desk.labelling.redo()
    assert written(desk) == one_by_one
    desk.labelling.undo()
    desk.labelling.redo()
    assert written(desk) == one_by_one
    assert check(desk.project.path).problems == ()


def written(desk: Desk) -> list[tuple[object, ...]]:
    """The live marks, decisions and what was seen, without ids."""
    db = desk.project.db
    made = {row[0]: row[1:] for row in db.execute('SELECT id,label,start,"end",name FROM entity')}
    made |= {row[0]: row[1:] for row in db.execute('SELECT id,label,start,"end",holder_name FROM stance')}
    live = db.execute(
        "SELECT id,'mark' FROM entity WHERE deleted=0 UNION SELECT id,'mark' FROM stance WHERE deleted=0"
    )
    rows: list[tuple[object, ...]] = [(kind, made[id_]) for id_, kind in live]
    decided = db.execute("SELECT id,run_id,n,verdict,result_id,ms FROM decision WHERE deleted=0").fetchall()
    rows += [(run, n, verdict, made.get(result), ms) for _, run, n, verdict, result, ms in decided]
    named = made | {row[0]: row[1:3] for row in decided}
    seen = db.execute("SELECT id,kind,saw FROM sight WHERE deleted=0")
    return sorted([*rows, *((kind, saw, named[id_]) for id_, kind, saw in seen)], key=str)
