"""Labelling: marks added, edited and deleted, and what is refused."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from annotator.domain.articles import Status
from annotator.domain.changes import Change
from annotator.domain.label_changes import added
from annotator.domain.marks import Part, Source
from annotator.domain.suggestions import Run
from annotator.domain.text import Span
from annotator.services.labelsets import LabelSets
from annotator.storage.project import Project
from tests.services.labelled import TEXT, Desk, content, entity, nth, refused, suggest


def test_adding_an_entity_trims_white_space(desk: Desk) -> None:
    span = nth("Okafor")
    change = desk.labelling.add(desk.id, Span(span.start - 1, span.end + 1), "PERSON")
    assert content(desk.only("Okafor")) == ("Okafor", "PERSON", None, "added")
    assert change.summary == "add PERSON “Okafor”"
    assert desk.decisions() == []


@pytest.mark.parametrize(
    ("span", "label", "match"),
    [
        (Span(len(TEXT) - 3, len(TEXT) + 1), "PERSON", "beyond the end"),
        (Span(TEXT.index("\n\n"), TEXT.index("\n\n") + 2), "PERSON", "only white space"),
        (nth("Okafor"), "PEOPLE", "no entity label PEOPLE"),
        (nth("Okafor"), "FAVOR", "no entity label FAVOR"),
    ],
)
def test_an_entity_that_cannot_be_is_refused(desk: Desk, span: Span, label: str, match: str) -> None:
    before = desk.rows()
    with refused(match):
        desk.labelling.add(desk.id, span, label)
    assert desk.rows() == before
    assert desk.labelling.open(desk.id).status is Status.TODO


def test_the_same_entity_twice_is_refused_but_another_label_there_is_not(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    before = desk.rows()
    with refused("PERSON “Okafor” is there already"):
        desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    assert desk.rows() == before
    desk.labelling.add(desk.id, nth("Okafor"), "ORG")
    assert len(desk.at("Okafor")) == 2


def test_adding_what_is_suggested_accepts_the_suggestion(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("Mira Holt"), "PERSON")
    assert content(desk.only("Mira Holt")) == ("Mira Holt", "PERSON", "Mira Holt", "accepted")
    assert desk.decisions() == [(0, "accept", True, 0)]


def test_adding_what_was_rejected_turns_the_decision(desk: Desk) -> None:
    desk.labelling.reject(desk.id, desk.only("Monday").id, ms=7)
    desk.labelling.add(desk.id, nth("Monday"), "DATE")
    assert content(desk.only("Monday"))[-1] == "accepted"
    assert desk.decisions() == [(4, "accept", True, 7)]


def test_adding_a_stance(desk: Desk) -> None:
    desk.labelling.add_stance(
        desk.id,
        nth("would not raise wages"),
        "AGAINST",
        holder=Part(nth("the Holton Line"), "  Holton  "),
        target=Part(nth(" raise wages"), " "),
    )
    assert content(desk.only("would not raise wages")) == (
        "would not raise wages",
        "AGAINST",
        ("the Holton Line", "Holton"),
        ("raise wages", None),
        "added",
    )


def test_a_stance_may_start_without_holder_and_target(desk: Desk) -> None:
    desk.labelling.add_stance(desk.id, nth("was calm"), "NEUTRAL")
    assert content(desk.only("was calm")) == ("was calm", "NEUTRAL", None, None, "added")


def test_a_stance_that_cannot_be_is_refused(desk: Desk) -> None:
    beyond = Part(Span(len(TEXT) - 1, len(TEXT) + 9))
    with refused("no polarity PERSON"):
        desk.labelling.add_stance(desk.id, nth("was calm"), "PERSON")
    with refused("beyond the end"):
        desk.labelling.add_stance(desk.id, nth("was calm"), "NEUTRAL", holder=beyond)
    with refused("beyond the end"):
        desk.labelling.add_stance(desk.id, nth("was calm"), "NEUTRAL", target=beyond)


def test_the_same_evidence_holds_a_stance_in_each_direction_but_not_the_same_twice(desk: Desk) -> None:
    one, other = Part(nth("Okafor")), Part(nth("Holt", 2))
    desk.labelling.add_stance(desk.id, nth("had met"), "NEUTRAL", holder=one, target=other)
    desk.labelling.add_stance(desk.id, nth("had met"), "NEUTRAL", holder=other, target=one)
    with refused("NEUTRAL “had met” is there already"):
        desk.labelling.add_stance(desk.id, nth("had met"), "NEUTRAL", holder=one, target=other)
    assert len(desk.at("had met")) == 2


def test_relabelling_a_suggestion_is_an_edit_that_keeps_the_rest(desk: Desk) -> None:
    change = desk.labelling.relabel(desk.id, desk.only("Sorrel").id, "GPE", ms=300)
    assert content(desk.only("Sorrel")) == ("Sorrel", "GPE", None, "edited")
    assert desk.decisions() == [(3, "edit", True, 300)]
    assert change.summary == "relabel PERSON “Sorrel” as GPE"


def test_relabelling_an_accepted_mark_and_back_follows_with_the_decision(desk: Desk) -> None:
    desk.labelling.accept(desk.id, desk.only("Monday").id, ms=100)
    desk.labelling.relabel(desk.id, desk.only("Monday").id, "EVENT", ms=50)
    assert content(desk.only("Monday"))[-1] == "edited"
    assert desk.decisions() == [(4, "edit", True, 150)]
    desk.labelling.relabel(desk.id, desk.only("Monday").id, "DATE")
    assert content(desk.only("Monday"))[-1] == "accepted"
    assert desk.decisions() == [(4, "accept", True, 150)]


def test_the_polarity_of_a_stance_is_relabelled(desk: Desk) -> None:
    desk.labelling.relabel(desk.id, desk.only("backed the deal").id, "NEUTRAL")
    assert content(desk.only("backed the deal"))[1:] == (
        "NEUTRAL",
        ("the union", None),
        ("the deal", "wage deal"),
        "edited",
    )
    with refused("no polarity PERSON"):
        desk.labelling.relabel(desk.id, desk.only("backed the deal").id, "PERSON")


def test_an_added_mark_stays_added_when_it_is_edited(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("Okafor"), "ORG")
    desk.labelling.relabel(desk.id, desk.only("Okafor").id, "PERSON")
    assert content(desk.only("Okafor")) == ("Okafor", "PERSON", None, "added")
    assert desk.decisions() == []


def test_moving_the_edges_of_a_suggestion_is_an_edit(desk: Desk) -> None:
    change = desk.labelling.move(desk.id, desk.only("Holt", 1).id, nth("Holt said"), ms=9)
    assert content(desk.only("Holt said")) == ("Holt said", "PERSON", "Mira Holt", "edited")
    assert desk.at("Holt", 1) == []
    assert change.summary == "move PERSON “Holt” to “Holt said”"


def test_moving_is_refused_to_the_same_place_onto_an_equal_mark_and_out_of_the_text(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    mark = desk.only("Okafor").id
    desk.labelling.add(desk.id, nth("Okafor", 1), "PERSON")
    before = desk.rows()
    with refused("like that already"):
        desk.labelling.move(desk.id, mark, nth("Okafor "))
    with refused("PERSON “Okafor” is there already"):
        desk.labelling.move(desk.id, mark, nth("Okafor", 1))
    with refused("beyond the end"):
        desk.labelling.move(desk.id, mark, Span(3, len(TEXT) + 1))
    with refused("is there already"):
        desk.labelling.move(desk.id, desk.only("Holt", 1).id, nth("Okafor", 1))
    assert desk.rows() == before


def test_moving_onto_an_open_suggestion_decides_that_one_too(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("on Monday"), "DATE")
    change = desk.labelling.move(desk.id, desk.only("on Monday").id, nth("Monday"))
    assert content(desk.only("Monday"))[-1] == "accepted"
    assert "101:4" in change.gone
    assert desk.decisions() == [(4, "accept", True, 0)]


def test_relabelling_to_an_equal_mark_or_to_the_same_label_is_refused(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    desk.labelling.add(desk.id, nth("Okafor"), "ORG")
    person = next(shown.id for shown in desk.at("Okafor") if shown.mark.label == "PERSON")
    with refused("ORG “Okafor” is there already"):
        desk.labelling.relabel(desk.id, person, "ORG")
    with refused("like that already"):
        desk.labelling.relabel(desk.id, person, "PERSON")


def test_naming_trims_and_an_empty_name_takes_it_away(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    mark = desk.only("Okafor").id
    assert desk.labelling.rename(desk.id, mark, "  Ada Okafor ").summary == "name “Okafor” “Ada Okafor”"
    assert content(desk.only("Okafor"))[2] == "Ada Okafor"
    with refused("like that already"):
        desk.labelling.rename(desk.id, mark, "Ada Okafor")
    desk.labelling.rename(desk.id, mark, "  ")
    assert content(desk.only("Okafor"))[2] is None


def test_naming_a_suggestion_is_an_edit(desk: Desk) -> None:
    desk.labelling.rename(desk.id, desk.only("Coastal News").id, "Coastal News Ltd")
    assert content(desk.only("Coastal News")) == ("Coastal News", "ORG", "Coastal News Ltd", "edited")


def test_the_parts_of_a_stance_are_named(desk: Desk) -> None:
    desk.labelling.rename(desk.id, desk.only("backed the deal").id, "Dockers' union", part="holder")
    desk.labelling.rename(desk.id, desk.only("backed the deal").id, None, part="target")
    assert content(desk.only("backed the deal"))[2:4] == (("the union", "Dockers' union"), ("the deal", None))


def test_naming_what_is_not_there_is_refused(desk: Desk) -> None:
    desk.labelling.add_stance(desk.id, nth("was calm"), "NEUTRAL")
    with refused("no holder yet"):
        desk.labelling.rename(desk.id, desk.only("was calm").id, "x", part="holder")
    with refused("A stance has no name"):
        desk.labelling.rename(desk.id, desk.only("was calm").id, "x")
    with refused("Only a stance has a target"):
        desk.labelling.rename(desk.id, desk.only("Monday").id, "x", part="target")


def test_holder_and_target_of_a_suggestion_are_set_as_an_edit_with_the_other_part_kept(desk: Desk) -> None:
    change = desk.labelling.set_holder(
        desk.id, desk.only("backed the deal").id, Part(nth("Coastal News "), " CN "), ms=70
    )
    assert change.summary == "holder “Coastal News” of FAVOR “backed the deal”"
    assert content(desk.only("backed the deal"))[2:] == (
        ("Coastal News", "CN"),
        ("the deal", "wage deal"),
        "edited",
    )
    assert desk.decisions() == [(5, "edit", True, 70)]
    desk.labelling.set_target(desk.id, desk.only("backed the deal").id, None)
    assert content(desk.only("backed the deal"))[3] is None


def test_setting_a_part_that_changes_nothing_or_of_an_entity_is_refused(desk: Desk) -> None:
    stance = desk.only("backed the deal").id
    with refused("like that already"):
        desk.labelling.set_holder(desk.id, stance, Part(nth("the union")))
    with refused("Only a stance has a holder"):
        desk.labelling.set_holder(desk.id, desk.only("Monday").id, Part(nth("the union")))
    with refused("only white space"):
        desk.labelling.set_target(desk.id, stance, Part(nth("\n\n")))


def test_a_note_on_a_suggestion_accepts_it(desk: Desk) -> None:
    desk.labelling.annotate(desk.id, desk.only("Monday").id, " which one? ")
    shown = desk.only("Monday")
    assert (shown.note, shown.source) == ("which one?", Source.ACCEPTED)
    with refused("says that already"):
        desk.labelling.annotate(desk.id, shown.id, "which one?")
    desk.labelling.annotate(desk.id, shown.id, "")
    with refused("no note to take away"):
        desk.labelling.annotate(desk.id, shown.id, None)


def test_editing_keeps_the_note(desk: Desk) -> None:
    desk.labelling.annotate(desk.id, desk.only("Monday").id, "which one?")
    desk.labelling.relabel(desk.id, desk.only("Monday").id, "EVENT")
    assert desk.only("Monday").note == "which one?"


def test_deleting_an_accepted_mark_turns_its_decision_into_a_rejection(desk: Desk) -> None:
    desk.labelling.accept(desk.id, desk.only("Monday").id, ms=40)
    change = desk.labelling.delete(desk.id, desk.only("Monday").id)
    assert desk.at("Monday") == []
    assert desk.decisions() == [(4, "reject", False, 40)]
    assert change.summary == "delete DATE “Monday”"


def test_deleting_an_edited_mark_rejects_its_suggestion_and_leaves_other_marks_alone(desk: Desk) -> None:
    desk.labelling.relabel(desk.id, desk.only("Sorrel").id, "LOC")
    others = [content(shown) for shown in desk.shown() if shown.mark.span != nth("Sorrel")]
    desk.labelling.delete(desk.id, desk.only("Sorrel").id)
    assert [content(shown) for shown in desk.shown()] == others
    assert desk.decisions() == [(3, "reject", False, 0)]


def test_deleting_a_suggestion_or_rejecting_an_own_mark_does_what_is_meant(desk: Desk) -> None:
    assert desk.labelling.delete(desk.id, desk.only("Monday").id).summary == "reject DATE “Monday”"
    desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    assert desk.labelling.reject(desk.id, desk.only("Okafor").id).summary == "delete PERSON “Okafor”"
    assert desk.at("Okafor") == []


def test_a_later_suggestion_of_a_deleted_mark_does_not_come_up(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    suggest(desk.project, desk.id, (entity("Okafor", "PERSON"),), Run(102, "words", "2"))
    assert content(desk.only("Okafor"))[-1] == "added"
    desk.labelling.delete(desk.id, desk.only("Okafor").id)
    assert desk.at("Okafor") == []
    desk.labelling.undo()
    assert content(desk.only("Okafor"))[-1] == "added"


def test_a_mark_that_is_gone_is_refused_by_every_gesture(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    gone = desk.only("Okafor").id
    desk.labelling.delete(desk.id, gone)
    labelling, before = desk.labelling, desk.rows()
    gestures: list[Callable[[], Change]] = [
        lambda: labelling.accept(desk.id, gone),
        lambda: labelling.reject(desk.id, gone),
        lambda: labelling.delete(desk.id, gone),
        lambda: labelling.relabel(desk.id, gone, "ORG"),
        lambda: labelling.move(desk.id, gone, nth("Sorrel")),
        lambda: labelling.rename(desk.id, gone, "x"),
        lambda: labelling.annotate(desk.id, gone, "x"),
        lambda: labelling.label_equal_mentions(desk.id, gone),
        lambda: labelling.set_holder(desk.id, gone, None),
    ]
    for gesture in gestures:
        with refused("no longer there"):
            gesture()
    assert desk.rows() == before


def test_a_mark_made_under_an_older_label_set_takes_a_label_of_the_newer_one(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    older = desk.project.labelset
    ship = replace(older.entities[0], name="SHIP", key="")
    LabelSets(desk.project, "ana").apply(added(older, ship))
    path = desk.project.path
    desk.project.close()
    with Project.open(path) as project:
        again = Desk(project, desk.id)
        again.labelling.relabel(desk.id, again.only("Okafor").id, "SHIP")
        assert content(again.only("Okafor")) == ("Okafor", "SHIP", None, "added")
