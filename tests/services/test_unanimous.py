"""What becomes gold by itself, and what of an article is gold at all."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.errors import FormatError, GestureRefused
from annotator.domain.marks import Entity, Stance
from annotator.domain.review import GOLD, Settled, Type
from annotator.services.export_choices import ExportChoices
from annotator.services.exporting import export
from annotator.services.review_items import State
from annotator.services.review_queue import ReviewQueue
from annotator.services.review_reading import GroupReader
from annotator.services.reviewing import Reviewing
from annotator.services.settling import GoldState, GoldStates, settle_all
from annotator.services.votes import vote_lines
from annotator.storage.check import check
from annotator.storage.gold import gold_marks
from annotator.storage.project import Access, Project
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


def exported(review: Review, tmp_path: Path, **choices: object) -> list[dict[str, object]]:
    export(review.project, tmp_path / "gold.jsonl", of="gold", **choices)  # type: ignore[arg-type]
    return [json.loads(line) for line in (tmp_path / "gold.jsonl").read_text("utf-8").splitlines()]


def two_articles(review: Review) -> None:
    """One in which two of three places differ, one in which all agree."""
    for name, label in (("ana", "ORG"), ("ben", "GPE")):
        review.finish(name, ("Mira Holt", "PERSON"), ("Northern Union", label), ("Sorrel", label))
        review.finish(name, ("Northern Union", "ORG"), text=FERRY)


def test_an_article_with_places_left_is_not_exported_as_done(review: Review, tmp_path: Path) -> None:
    two_articles(review)
    review.settle()
    assert [record["status"] for record in exported(review, tmp_path)] == ["doing", "done"]
    report = export(review.project, tmp_path / "gold.jsonl", of="gold")
    assert report.lines()[1:] == [
        "2 places in 1 article are still undecided; "
        "an article with such places has the status doing, not done."
    ]
    assert report.to_dict()["gold"] == {"undecided": 2, "undecided_articles": 1, "unsettled": 0}
    (done,) = exported(review, tmp_path, statuses=["done"])
    assert done["text"] == FERRY
    for item in review.queue().items:
        review.reviewing.adopt(item, item.group.marks[0])
    assert [record["status"] for record in exported(review, tmp_path)] == ["done", "done"]
    assert export(review.project, tmp_path / "gold.jsonl", of="gold").gold_told() == []


def test_places_are_undecided_whoever_is_the_lead(review: Review) -> None:
    two_articles(review)
    first, second = review.queue().items
    review.reviewing.adopt(first, first.group.marks[0])
    other = Reviewing(review.project, "max")
    other.adopt(second, second.group.marks[0])
    review.settle()
    assert GoldStates(review.project.path).read() == GoldState({}, [])
    review.relabel("ana", second.group.words, "LOC")
    assert GoldStates(review.project.path).read().undecided == {review.ids[HARBOUR]: 1}, (
        "its votes have changed"
    )
    other.unsure(review.item(second.group.words, lead="max"))
    assert GoldStates(review.project.path).read().undecided == {review.ids[HARBOUR]: 1}


def test_what_a_lead_only_looks_at_again_is_decided(review: Review) -> None:
    review.finish("ana", ("Mira Holt", "PERSON"))
    review.finish("ben", ("Mira Holt", "PERSON"))
    (group,) = review.reader.unanimous(review.ids[HARBOUR])
    seed = next(seed for seed in range(200) if group.is_audited(seed))
    with review.project.writing() as db:
        db.execute("UPDATE meta SET value=? WHERE key='review seed'", (str(seed),))
    review.settle()
    assert review.item("Mira Holt").audit
    assert GoldStates(review.project.path).read().undecided == {}


def test_settling_needs_nobody_to_look_at_the_review(review: Review, tmp_path: Path) -> None:
    two_articles(review)
    path = review.project.path
    looked = export(review.project, tmp_path / "gold.jsonl", of="gold", dry_run=True)
    assert looked.gold_told()[1:] == ["What all mark alike becomes gold first: 2 places."]
    review.project.close()
    told: list[tuple[int, int]] = []
    settle_all(path, "lea", lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]
    assert check(path).problems == ()
    with Project.open(path) as project:
        gold = {text: gold_marks(project.db, review.ids[text]) for text in (HARBOUR, FERRY)}
        assert [mark.span.of(text) for text, marks in gold.items() for mark in marks] == [
            "Mira Holt",
            "Northern Union",
        ]
        (said,) = Reviewing(project, "lea").said(review.ids[FERRY])
        assert (said.settled, said.lead) == (Settled.UNANIMOUS, "lea")
    settle_all(path, "nobody new")
    with Project.open(path) as project:
        assert "nobody new" not in project.annotators(), "with nothing to settle nothing is written"


def test_a_project_open_elsewhere_says_what_is_not_settled(review: Review, tmp_path: Path) -> None:
    two_articles(review)
    path = review.project.path
    settle_all(path, "lea")
    with Project.open(path, Access.READ) as reading:
        report = export(reading, tmp_path / "gold.jsonl", of="gold")
    assert "not gold yet at 2 places" in report.lines()[-1]


def test_gold_says_how_it_was_settled_by_whom_and_on_which_votes(review: Review, tmp_path: Path) -> None:
    for name, label in (("ana", "ORG"), ("ben", "GPE")):
        review.finish(name, ("Mira Holt", "PERSON"), ("Northern Union", label))
    review.settle()
    item = review.item("Northern Union")
    review.reviewing.adopt(item, entity(item, "ORG"))
    (record,) = exported(review, tmp_path)
    unanimous, adopted = (span["decided"] for span in record["spans"])  # type: ignore[attr-defined]
    assert (unanimous["how"], unanimous["votes"]) == ("unanimous", {"ana": "PERSON", "ben": "PERSON"})
    assert (adopted["how"], adopted["by"], adopted["votes"]) == (
        "adopted",
        "lea",
        {"ana": "ORG", "ben": "GPE"},
    )
    export(review.project, tmp_path / "hidden.jsonl", choices=ExportChoices(of="gold", pseudonyms=True))
    hidden = json.loads((tmp_path / "hidden.jsonl").read_text("utf-8"))
    assert not {"ana", "ben", "lea"} & {*_strings(hidden)}


def _strings(value: object) -> Iterator[str]:
    """Every name and text in a value of JSON."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    elif isinstance(value, str):
        yield value


def test_how_far_gold_is_is_found_out_again_only_where_something_has_changed(review: Review) -> None:
    review.finish("ana", ("Sorrel", "GPE"), ("Okafor", "PERSON"))
    review.finish("ben", ("Sorrel", "GPE"), ("Okafor", "ORG"))
    gold, compared = GoldStates(review.project.path), list[int]()

    def told(done: int, total: int) -> None:
        compared.append(done)

    first = gold.read(told)
    assert (first.undecided, first.waiting, compared) == ({review.ids[HARBOUR]: 1}, 1, [1])
    assert gold.read(told) == first
    assert compared == [1]
    review.settle()
    item = review.item("Okafor")
    review.reviewing.adopt(item, entity(item, "ORG"))
    assert gold.read(told) == GoldState({}, []) == GoldStates(review.project.path).read()
    review.relabel("ben", "Sorrel", "LOC")
    assert gold.read().undecided == {review.ids[HARBOUR]: 1}


def test_finding_out_how_far_gold_is_can_be_ended(review: Review) -> None:
    review.finish("ana", ("Sorrel", "GPE"))
    review.finish("ben", ("Sorrel", "GPE"))
    gold = GoldStates(review.project.path)

    def ended(done: int, total: int) -> None:
        raise GestureRefused("Stopped.")

    with pytest.raises(GestureRefused):
        gold.read(ended)
    assert gold.read().waiting == 1
