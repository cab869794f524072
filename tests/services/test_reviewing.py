"""Reviewing: groups of what differs, a lead's decisions on them, and the gold that follows."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.domain.articles import Status
from annotator.domain.marks import Stance
from annotator.domain.review import Reason, Settled, Type
from annotator.services.labelling import Labelling
from annotator.services.review_items import State, Wanted
from annotator.services.reviewing import Reviewing
from annotator.storage import adjudications
from annotator.storage.check import check
from annotator.storage.gold import gold_marks
from tests.services.labelled import refused
from tests.services.reviewed import FERRY, HARBOUR, Review, entity, nth

MONDAY, HOLT, UNION, SORREL = (
    ("Monday", "DATE"),
    ("Mira Holt", "PERSON"),
    ("Northern Union", "ORG"),
    ("Sorrel", "GPE"),
)
BACKED = ("backed the deal", "FAVOR", "Sorrel", "the deal")


@pytest.fixture
def review(tmp_path: Path) -> Iterator[Review]:
    """Two annotators: a label, a boundary and a missing mark differ, a stance is flipped; one is alike."""
    review = Review(tmp_path / "p.annot", (HARBOUR, FERRY))
    with review.project:
        review.finish("ana", HOLT, UNION, SORREL, ("Okafor", "PERSON"), stances=[BACKED])
        review.finish(
            "ben",
            HOLT,
            ("Northern Union", "GPE"),
            ("port of Sorrel", "FAC"),
            stances=[("backed the deal", "AGAINST", "Sorrel", "the deal")],
        )
        yield review


def test_differences_are_listed_gravest_first(review: Review) -> None:
    assert review.listed() == [
        ("backed the deal", {Type.FLIP}),
        ("Northern Union", {Type.LABEL}),
        ("port of Sorrel", {Type.LABEL, Type.BOUNDARY}),
        ("Okafor", {Type.MISSING}),
    ]


def test_an_article_that_one_has_not_finished_is_not_compared(review: Review) -> None:
    Labelling(review.project, "ben").set_status(review.ids[HARBOUR], Status.DOING)
    assert review.listed() == []


def test_what_is_unanimous_becomes_gold_by_itself(review: Review) -> None:
    review.settle()
    assert review.gold() == ["PERSON Mira Holt"]
    (said,) = review.reviewing.said(review.ids[HARBOUR])
    assert said.settled is Settled.UNANIMOUS
    assert [name for name, mark in said.votes if mark] == ["ana", "ben"]
    review.settle()
    assert review.gold() == ["PERSON Mira Holt"]
    assert check(review.project.path).problems == ()


def test_settling_is_nobodys_gesture(review: Review) -> None:
    item = review.item("Okafor")
    review.reviewing.adopt(item, item.group.marks[0])
    review.settle()
    review.reviewing.undo()
    assert review.gold() == ["PERSON Mira Holt"]
    with refused("Nothing to undo"):
        review.reviewing.undo()


def test_what_is_no_longer_unanimous_is_taken_back(review: Review) -> None:
    review.settle()
    ben = Labelling(review.project, "ben")
    (mark,) = [shown for shown in ben.open(review.ids[HARBOUR]).shown if shown.mark.label == "PERSON"]
    ben.relabel(review.ids[HARBOUR], mark.id, "ORG")
    review.settle()
    assert review.gold() == []
    assert ("Mira Holt", {Type.LABEL}) in review.listed()


def test_adopting_makes_gold_with_its_votes(review: Review) -> None:
    item = review.item("Northern Union")
    review.reviewing.adopt(item, entity(item, "ORG"), blind=False)
    assert review.gold() == ["ORG Northern Union"]
    own = review.item("Northern Union").own
    assert own is not None
    assert (own.settled, own.lead, own.blind) == (Settled.ADOPTED, "lea", False)
    assert {name: mark.label for name, mark in own.votes if mark} == {"ana": "ORG", "ben": "GPE"}
    assert review.queue().left == 3


def test_none_is_a_decision_that_counts(review: Review) -> None:
    item = review.item("Okafor")
    review.reviewing.none(item)
    assert review.gold() == []
    assert review.item("Okafor").state is State.DECIDED
    assert review.queue().left == 3


def test_label_and_edges_can_come_from_two_marks(review: Review) -> None:
    item = review.item("port of Sorrel")
    review.reviewing.mix(item, entity(item, "FAC"), entity(item, "GPE"))
    assert review.gold() == ["FAC Sorrel"]
    own = review.item("port of Sorrel").own
    assert own is not None
    assert own.settled is Settled.EDITED


def test_an_edited_mark_is_gold(review: Review) -> None:
    item = review.item("port of Sorrel")
    wanted = replace(entity(item, "FAC"), span=nth(HARBOUR, "the port of Sorrel"))
    review.reviewing.edit(item, wanted)
    assert review.gold() == ["FAC the port of Sorrel"]


def test_deciding_again_changes_the_gold_that_is_there(review: Review) -> None:
    item = review.item("Northern Union")
    review.reviewing.adopt(item, entity(item, "ORG"))
    review.reviewing.adopt(review.item("Northern Union"), entity(item, "GPE"))
    assert review.gold() == ["GPE Northern Union"]
    review.reviewing.none(review.item("Northern Union"))
    assert review.gold() == []


def test_undo_and_redo_take_decisions_back_and_make_them_again(review: Review) -> None:
    item = review.item("Northern Union")
    review.reviewing.adopt(item, entity(item, "ORG"))
    review.reviewing.none(review.item("Okafor"))
    review.reviewing.undo()
    assert review.item("Okafor").state is State.LEFT
    review.reviewing.undo()
    assert review.gold() == []
    review.reviewing.redo()
    assert review.gold() == ["ORG Northern Union"]
    assert check(review.project.path).problems == ()


def test_a_decision_does_not_begin_the_leads_own_labelling(review: Review) -> None:
    review.reviewing.none(review.item("Okafor"))
    assert Labelling(review.project, "lea").open(review.ids[HARBOUR]).status is Status.TODO


def test_what_is_put_aside_is_still_left(review: Review) -> None:
    review.reviewing.unsure(review.item("Okafor"))
    assert review.item("Okafor").state is State.UNSURE
    assert review.queue().left == 4
    with refused("aside already"):
        review.reviewing.unsure(review.item("Okafor"))


def test_a_reason_can_come_before_or_after_the_decision(review: Review) -> None:
    review.reviewing.give_reason(review.item("Okafor"), Reason.GAP)
    assert review.item("Okafor").state is State.LEFT
    review.reviewing.none(review.item("Okafor"))
    own = review.item("Okafor").own
    assert own is not None
    assert (own.settled, own.reason) == (Settled.NONE, Reason.GAP)
    review.reviewing.give_reason(review.item("Okafor"), Reason.ERROR)
    own = review.item("Okafor").own
    assert own is not None
    assert (own.settled, own.reason) == (Settled.NONE, Reason.ERROR)


def test_other_votes_make_a_decision_stale_and_lose_nothing(review: Review) -> None:
    item = review.item("Northern Union")
    review.reviewing.adopt(item, entity(item, "ORG"))
    review.finish("cid", ("Northern Union", "NORP"))
    stale = review.item("Northern Union")
    assert stale.state is State.STALE
    assert review.gold() == ["ORG Northern Union"]
    review.reviewing.adopt(stale, entity(stale, "NORP"))
    assert review.item("Northern Union").state is State.DECIDED
    assert review.gold() == ["NORP Northern Union"]


def test_a_decision_whose_votes_are_gone_stays_in_the_list(review: Review) -> None:
    item = review.item("Northern Union")
    review.reviewing.adopt(item, entity(item, "ORG"))
    Labelling(review.project, "ben").set_status(review.ids[HARBOUR], Status.DOING)
    stale = review.item("Northern Union")
    assert stale.state is State.STALE
    Labelling(review.project, "ben").set_status(review.ids[HARBOUR], Status.DONE)
    assert review.item("Northern Union").state is State.DECIDED


def test_alike_places_are_decided_as_one_gesture(review: Review) -> None:
    review.finish("ana", UNION, text=FERRY)
    review.finish("ben", ("Northern Union", "GPE"), text=FERRY)
    queue = review.queue()
    here, there = [item for item in queue.items if item.group.words == "Northern Union"]
    assert queue.alike(here) == [there]
    review.reviewing.adopt(here, entity(here, "ORG"), alike=[there])
    assert (review.gold(), review.gold(FERRY)) == (["ORG Northern Union"], ["ORG Northern Union"])
    change = review.reviewing.undo()
    assert (review.gold(), review.gold(FERRY)) == ([], [])
    assert sorted(review.reviewing.touched(change)) == sorted(review.ids.values())


def test_other_readings_of_the_same_words_are_not_alike(review: Review) -> None:
    review.finish("ana", UNION, text=FERRY)
    review.finish("ben", text=FERRY)
    queue = review.queue()
    assert [queue.alike(item) for item in queue.items if item.group.words == "Northern Union"] == [[], []]


def test_a_second_opinion_makes_no_gold(review: Review) -> None:
    item = review.item("Northern Union")
    review.reviewing.adopt(item, entity(item, "ORG"))
    other = Reviewing(review.project, "max")
    assert review.item("Northern Union", lead="max").state is State.DECIDED
    asked = review.item("Northern Union", second=True, lead="max")
    assert asked.state is State.LEFT
    other.adopt(asked, entity(asked, "GPE"))
    assert review.gold() == ["ORG Northern Union"]
    assert review.item("Northern Union", second=True, lead="max").state is State.DECIDED
    assert review.item("Northern Union").state is State.DECIDED


def test_the_later_of_two_leads_overrules(review: Review) -> None:
    before = review.item("Northern Union")
    review.reviewing.adopt(before, entity(before, "ORG"))
    Reviewing(review.project, "max").adopt(review.item("Northern Union", lead="max"), entity(before, "GPE"))
    assert review.gold() == ["GPE Northern Union"]


def test_filters_find_by_type_label_annotator_words_and_state(review: Review) -> None:
    queue = review.queue()

    def found(wanted: Wanted) -> list[str]:
        return [queue.items[n].group.words for n in queue.listed(wanted)]

    assert found(Wanted(types=frozenset({Type.MISSING}))) == ["Okafor"]
    assert found(Wanted(labels=frozenset({"GPE"}))) == ["Northern Union", "port of Sorrel"]
    assert found(Wanted(words="union")) == ["Northern Union"]
    assert len(found(Wanted(annotator="ana"))) == 4
    review.reviewing.none(review.item("Okafor"))
    queue = review.queue()
    assert found(Wanted(states=frozenset({State.DECIDED}))) == ["Okafor"]


def test_whoever_agrees_with_all_stands_nowhere_apart(review: Review) -> None:
    review.finish("cid", UNION)
    queue = review.queue()
    (union,) = [item for item in queue.items if item.group.words == "Northern Union"]
    assert Wanted(annotator="cid").fits(union)
    assert not Wanted(annotator="dora").fits(union)


def test_guideline_notes_keep_their_place(review: Review) -> None:
    review.reviewing.note(review.item("port of Sorrel"), " Is a port a FAC? ")
    (note,) = adjudications.guideline_notes(review.project.db)
    assert (note.note, note.words, set(note.labels)) == (
        "Is a port a FAC?",
        "port of Sorrel",
        {"GPE", "FAC"},
    )
    review.reviewing.undo()
    assert adjudications.guideline_notes(review.project.db) == []


def test_candidates_are_shuffled_by_the_seed_alone(review: Review) -> None:
    group = review.item("backed the deal").group
    orders = {tuple(mark.label for mark in group.shuffled(seed)) for seed in range(40)}
    assert orders == {("AGAINST", "FAVOR"), ("FAVOR", "AGAINST")}
    assert review.reviewing.seed() == Reviewing(review.project, "max").seed()


def test_a_sample_of_what_is_unanimous_is_audited(tmp_path: Path) -> None:
    words = [f"Town{n}" for n in range(400)]
    text = " ".join(words)
    review = Review(tmp_path / "p.annot", (text,))
    with review.project:
        for name in ("ana", "ben"):
            review.finish(name, *((each, "GPE") for each in words[:399:7]), text=text)
        groups = review.reader.unanimous(review.ids[text])
        share = [group.is_audited(seed) for seed in range(100) for group in groups]
        assert 0.03 < sum(share) / len(share) < 0.07


def test_holder_and_target_are_compared_part_by_part(tmp_path: Path) -> None:
    review = Review(tmp_path / "p.annot")
    with review.project:
        review.finish("ana", stances=[("rejected the offer", "AGAINST", "Okafor", "the offer")])
        review.finish("ben", stances=[("rejected", "AGAINST", "Mira Holt", None)])
        (item,) = review.queue().items
        assert item.group.types == {Type.HOLDER, Type.TARGET, Type.BOUNDARY}
        mark = next(mark for mark in item.group.marks if mark.span.of(HARBOUR) == "rejected the offer")
        review.reviewing.adopt(item, mark)
        (gold,) = gold_marks(review.project.db, review.ids[HARBOUR])
        assert isinstance(gold, Stance)
        assert gold.holder is not None
        assert gold.holder.span.of(HARBOUR) == "Okafor"


def test_six_annotators_give_one_group(tmp_path: Path) -> None:
    review = Review(tmp_path / "p.annot")
    labels = ["GPE", "GPE", "LOC", "FAC", "GPE"]
    with review.project:
        for name, label in zip("abcde", labels, strict=True):
            review.finish(name, ("Sorrel", label))
        review.finish("f")
        (item,) = review.queue().items
        assert item.group.types == {Type.LABEL, Type.MISSING}
        assert [mark.label for mark in item.group.marks] == ["FAC", "GPE", "LOC"]
        assert item.group.voters(entity(item, "GPE")) == ["a", "b", "e"]
        assert item.group.voters(None) == ["f"]
        assert item.group.favourite().label == "GPE"


def test_decisions_left_behind_keep_the_words_of_their_own_article(tmp_path: Path) -> None:
    texts = ("Bergen waits.", "Oporto waits.")
    review = Review(tmp_path / "p.annot", texts)
    with review.project:
        for text in texts:
            town = text.split()[0]
            review.finish("ana", (town, "GPE"), text=text)
            review.finish("ben", (town, "ORG"), text=text)
        for item in review.queue().items:
            review.reviewing.adopt(item, entity(item, "GPE"))
        for text in texts:
            for name in ("ana", "ben"):
                labelling = Labelling(review.project, name)
                (shown,) = labelling.open(review.ids[text]).shown
                labelling.delete(review.ids[text], shown.id)
        assert {item.title: item.group.words for item in review.queue().items if item.gone} == {
            "Bergen waits.": "Bergen",
            "Oporto waits.": "Oporto",
        }
