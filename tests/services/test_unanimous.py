"""What becomes gold by itself, and what of an article is gold at all."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.errors import FormatError
from annotator.domain.marks import Entity, Stance
from annotator.domain.review import GOLD, Type
from annotator.services.exporting import export
from annotator.services.review_queue import ReviewQueue, State
from annotator.services.review_reading import GroupReader
from annotator.services.reviewing import Reviewing
from annotator.services.votes import vote_lines
from annotator.storage.gold import gold_marks
from tests.services.labelled import suggest
from tests.services.reviewed import FERRY, HARBOUR, Review, entity, nth

DEAL = "backed the deal"


@pytest.fixture
def review(tmp_path: Path) -> Iterator[Review]:
    review = Review(tmp_path / "p.annot", (HARBOUR, FERRY))
    with review.project:
        yield review


def test_stances_that_are_the_same_but_for_the_words_of_a_part_wait_for_a_lead(review: Review) -> None:
    review.finish("ana", stances=[(DEAL, "FAVOR", "Mira Holt", "the deal")])
    review.finish("ben", stances=[(DEAL, "FAVOR", "Mira Holt of the Northern Union", "the deal")])
    review.settle()
    assert review.gold() == []
    item = review.item(DEAL)
    assert (item.group.types, item.state, item.audit) == ({Type.PART}, State.LEFT, False)
    (line,) = vote_lines(review.project)
    assert [group["differs"] for group in line["groups"]] == [["part boundary"]]
    whole = next(mark for mark in item.group.marks if isinstance(mark, Stance) and mark.holder is not None)
    review.reviewing.adopt(item, whole)
    assert gold_marks(review.project.db, review.ids[HARBOUR])[0].span == whole.span


def test_what_differs_in_the_words_of_a_part_alone_is_listed_last(review: Review) -> None:
    stances = [[(DEAL, "FAVOR", holder, "the deal")] for holder in ("Mira Holt", "Mira Holt of")]
    review.finish("ana", ("Monday", "DATE"), stances=stances[0])
    review.finish("ben", ("on Monday", "DATE"), stances=stances[1])
    assert [types for _, types in review.listed()] == [{Type.BOUNDARY}, {Type.PART}]


def test_one_place_decided_before_all_agree_holds_up_nothing_else(review: Review) -> None:
    """Ana and ben come to say otherwise than the lead; elsewhere, also inside, they agree."""
    for name, label in (("ana", "PERSON"), ("ben", "ORG")):
        review.finish(name, ("Mira Holt", label), ("Sorrel", "GPE"))
        review.finish(name, ("Northern Union", "ORG"), ("Union", "PERSON"), text=FERRY)
    item = review.item("Mira Holt")
    review.reviewing.adopt(item, entity(item, "PERSON"))
    review.relabel("ana", "Mira Holt", "ORG")
    review.settle()
    assert review.gold() == ["PERSON Mira Holt", "GPE Sorrel"]
    assert review.gold(FERRY) == ["ORG Northern Union", "PERSON Union"]
    assert review.item("Mira Holt").state is State.STALE
    review.settle()
    assert review.gold() == ["PERSON Mira Holt", "GPE Sorrel"]


def test_a_decision_holds_up_no_agreement_on_what_lies_within(review: Review) -> None:
    """A lead has decided on the whole name before what all marked in it is settled."""
    for name, label in (("ana", "ORG"), ("ben", "PERSON")):
        review.finish(name, ("Mira Holt of the Northern Union", label), ("Union", "ORG"), ("Okafor", label))
    for words in ("Mira Holt of the Northern Union", "Okafor"):
        item = review.item(words)
        review.reviewing.adopt(item, entity(item, "PERSON"))
    review.relabel("ana", "Okafor", "GPE")
    review.settle()
    assert "ORG Union" in review.gold()


def pipeline_finds(review: Review, words: str, label: str) -> None:
    suggest(review.project, review.ids[HARBOUR], (Entity("", nth(HARBOUR, words), label),))


def against(review: Review, name: str) -> tuple[Reviewing, ReviewQueue]:
    reader = GroupReader(review.project.path, against=name)
    return Reviewing(review.project, "lea", against=name), ReviewQueue(reader.read(1), "lea")


def test_reviewing_an_annotator_against_a_pipeline_makes_no_article_gold(
    review: Review, tmp_path: Path
) -> None:
    review.finish("ana", ("Mira Holt", "PERSON"))
    pipeline_finds(review, "Mira Holt", "ORG")
    reviewing, queue = against(review, "ana")
    reviewing.adopt(queue.items[0], queue.items[0].group.marks[0])
    with pytest.raises(FormatError, match="Nothing is gold"):
        export(review.project, tmp_path / "gold.jsonl", of="gold")


def test_gold_that_a_pipeline_showed_to_be_wrong_leaves_a_settled_article(
    review: Review, tmp_path: Path
) -> None:
    for name in ("ana", "ben"):
        review.finish(name, ("Mira Holt", "PERSON"))
    review.settle()
    pipeline_finds(review, "Mira Holt", "ORG")
    reviewing, queue = against(review, GOLD)
    reviewing.none(queue.items[0])
    export(review.project, tmp_path / "gold.jsonl", of="gold")
    (record,) = map(json.loads, (tmp_path / "gold.jsonl").read_text("utf-8").splitlines())
    assert (record["spans"], record["_annotator_id"]) == ([], "lea")
