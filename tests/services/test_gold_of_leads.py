"""What leads decided is gold, whoever decided before and wherever; what is not decided is found by all."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from annotator.domain.articles import Status
from annotator.domain.label_changes import edited, retired
from annotator.domain.labels import Kind
from annotator.domain.review import Reason
from annotator.services.annotators import annotator_id
from annotator.services.labelling import Labelling
from annotator.services.labelsets import LabelSets
from annotator.services.merging import merge
from annotator.services.review_items import State
from annotator.services.reviewing import Reviewing
from annotator.services.settling import GoldStates
from annotator.storage.check import check
from annotator.storage.digest import digest
from annotator.storage.journal import Journal
from annotator.storage.project import Project
from tests.services.reviewed import HARBOUR, SEED, Review, entity, nth
from tests.services.sound_gold import wrong

UNION = "Northern Union"
LEADS = ("lea", "max", "new")


@pytest.fixture
def review(tmp_path: Path) -> Iterator[Review]:
    """Ana and ben differ on what the union is."""
    review = Review(tmp_path / "p.annot")
    review.finish("ana", (UNION, "ORG"))
    review.finish("ben", (UNION, "GPE"))
    with review.project:
        yield review


def opened(review: Review, path: Path, lead: str) -> Review:
    """A lead at another file of the same articles."""
    there = object.__new__(Review)
    there.project, there.ids = Project.open(path), review.ids
    there.reader, there.reviewing = type(review.reader)(path), Reviewing(there.project, lead)
    return there


def copied(review: Review, path: Path, lead: str, work: Callable[[Review], object]) -> Path:
    """A copy of the file in which a lead did something."""
    review.project.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(review.project.path, path)
    there = opened(review, path, lead)
    with there.project:
        work(there)
    return path


def merged(review: Review, copies: Sequence[Path]) -> Iterator[Review]:
    """The copies brought together, one into the other and the other way round: always the same."""
    digests = set()
    for n, (first, *others) in enumerate(permutations(copies)):
        path = first.with_name(f"merged{n}.annot")
        shutil.copyfile(first, path)
        there = opened(review, path, "lea")
        with there.project:
            merge(there.project, others)
            there.settle()
            digests.add(digest(there.project.db))
            assert wrong(there.project, there.ids[HARBOUR], LEADS, SEED) == []
            yield there


def adopt(label: str, lead: str | None = None) -> Callable[[Review], None]:
    def work(there: Review) -> None:
        item = there.item(UNION, lead=lead)
        there.reviewing.adopt(item, entity(item, label))

    return work


def none(there: Review) -> None:
    there.reviewing.none(there.item(UNION))


def undo(there: Review) -> None:
    there.reviewing.undo()


def then(*works: Callable[[Review], None]) -> Callable[[Review], None]:
    def work(there: Review) -> None:
        for each in works:
            each(there)

    return work


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (adopt("GPE"), then(adopt("GPE"), undo)),
        (then(adopt("GPE"), none, undo, undo), adopt("GPE")),
        (then(adopt("GPE"), undo), adopt("GPE")),
        (adopt("GPE"), then(adopt("GPE"), none, undo)),
    ],
)
def test_what_one_machine_takes_back_stays_gold_by_the_same_decision_on_another(
    review: Review,
    tmp_path: Path,
    here: Callable[[Review], None],
    there: Callable[[Review], None],
) -> None:
    copies = [copied(review, tmp_path / f"{n}.annot", "lea", work) for n, work in enumerate((here, there))]
    for together in merged(review, copies):
        assert together.gold() == [f"GPE {UNION}"]
        assert together.item(UNION).state is State.DECIDED
        assert GoldStates(together.project.path).read().undecided == {}


@pytest.mark.parametrize("lead", ["lea", "max"])
def test_what_all_came_to_say_elsewhere_waits_beside_what_a_lead_decided(
    review: Review, tmp_path: Path, lead: str
) -> None:
    def agree(there: Review) -> None:
        there.relabel("ana", UNION, "GPE")
        there.settle()
        assert there.gold() == [f"GPE {UNION}"]

    copies = [
        copied(review, tmp_path / "0.annot", "lea", agree),
        copied(review, tmp_path / "1.annot", lead, adopt("ORG")),
    ]
    for together in merged(review, copies):
        assert together.gold() == [f"ORG {UNION}"]
        assert {each: together.item(UNION, lead=each).state for each in LEADS} == dict.fromkeys(
            LEADS, State.STALE
        )
        adopt("GPE")(together)
        assert together.gold() == [f"GPE {UNION}"]
        assert [together.queue(lead=each).left for each in LEADS] == [0, 0, 0]


def test_a_mark_that_its_maker_has_beside_another_keeps_its_decision(review: Review) -> None:
    """Ana has both marks now: one that the lead adopted, and one that all have."""
    adopt("ORG")(review)
    ana = Labelling(review.project, "ana")
    item = review.item(UNION)
    ana.add(review.ids[HARBOUR], item.group.span, "GPE")
    review.settle()
    assert review.gold() == [f"GPE {UNION}", f"ORG {UNION}"]
    stale = review.item(UNION, lead="max")
    assert (stale.state, [mark.label for mark in stale.group.marks]) == (State.STALE, ["ORG"])


def test_what_votes_left_behind_is_found_by_every_lead_and_any_of_them_decides_it(review: Review) -> None:
    ana = Labelling(review.project, "ana")
    ana.add(review.ids[HARBOUR], nth(HARBOUR, "Sorrel"), "GPE")
    for words in (UNION, "Sorrel"):
        item = review.item(words)
        review.reviewing.adopt(item, item.group.marks[0])
    review.relabel("ben", UNION, "LOC")
    (sorrel,) = [
        each for each in ana.open(review.ids[HARBOUR]).shown if each.mark.span.of(HARBOUR) == "Sorrel"
    ]
    ana.reject(review.ids[HARBOUR], sorrel.id)
    for lead in LEADS:
        items = {item.group.words: (item.state, item.gone) for item in review.queue(lead=lead).items}
        assert items == {UNION: (State.STALE, False), "Sorrel": (State.STALE, True)}
    new = Reviewing(review.project, "new")
    gone = review.item("Sorrel", lead="new")
    new.adopt(gone, gone.group.marks[0])
    assert [review.item("Sorrel", lead=lead).state for lead in LEADS] == [State.DECIDED] * 3
    queue = review.queue(lead="new")
    new.none(review.item("Sorrel", lead="new"))
    queue.refresh(review.ids[HARBOUR], new.said(review.ids[HARBOUR]))
    assert queue.left == review.queue(lead="new").left == 1
    item = review.item(UNION, lead="new")
    new.adopt(item, entity(item, "LOC"))
    assert review.gold() == [f"LOC {UNION}"]
    assert [review.queue(lead=lead).left for lead in LEADS] == [0, 0, 0]
    assert wrong(review.project, review.ids[HARBOUR], LEADS, SEED) == []


def test_what_was_decided_before_all_agreed_and_is_put_aside_is_left_for_every_lead(review: Review) -> None:
    adopt("ORG")(review)
    review.relabel("ana", UNION, "GPE")
    review.settle()
    review.reviewing.unsure(review.item(UNION))
    review.settle()
    assert review.gold() == []
    assert [review.item(UNION, lead=lead).state for lead in LEADS] == [State.UNSURE, State.LEFT, State.LEFT]
    assert wrong(review.project, review.ids[HARBOUR], LEADS, SEED) == []


def test_a_decision_stands_though_one_before_it_was_made_with_somebody_who_is_at_work_again(
    review: Review,
) -> None:
    review.finish("cid")
    max_ = Reviewing(review.project, "max")
    item = review.item(UNION, lead="max")
    max_.adopt(item, entity(item, "ORG"))
    Labelling(review.project, "cid").set_status(review.ids[HARBOUR], Status.DOING)
    for decide, gold in ((adopt("GPE"), [f"GPE {UNION}"]), (none, []), (adopt("ORG"), [f"ORG {UNION}"])):
        decide(review)
        assert review.gold() == gold
        assert review.item(UNION).state is State.DECIDED
        assert [review.queue(lead=lead).left for lead in LEADS] == [0, 0, 0]
    item = review.item(UNION, lead="max")
    max_.none(item)
    assert review.gold() == []


def test_a_decision_shared_with_one_that_is_taken_back_elsewhere_stays_gold(
    review: Review, tmp_path: Path
) -> None:
    """One mark of gold for two places: an edit gave the second what the first has."""
    ana = Labelling(review.project, "ana")
    ana.add(review.ids[HARBOUR], nth(HARBOUR, "Sorrel"), "GPE")
    adopt("ORG")(review)

    def edit(there: Review) -> None:
        union = there.item(UNION)
        there.reviewing.edit(there.item("Sorrel"), entity(union, "ORG"))

    copies = [
        copied(review, tmp_path / "0.annot", "lea", edit),
        copied(review, tmp_path / "1.annot", "lea", adopt("GPE")),
    ]
    for together in merged(review, copies):
        assert together.gold() == [f"GPE {UNION}", f"ORG {UNION}"]


def test_a_decision_counts_beside_a_reason_given_later_on_another_machine(
    review: Review, tmp_path: Path
) -> None:
    def give_reason(there: Review) -> None:
        there.reviewing.give_reason(there.item(UNION), Reason.GAP)

    copies = [
        copied(review, tmp_path / f"{n}.annot", "lea", work)
        for n, work in enumerate((adopt("ORG"), give_reason))
    ]
    for together in merged(review, copies):
        assert together.item(UNION).state is State.DECIDED
        assert together.gold() == [f"ORG {UNION}"]


def test_a_label_that_is_renamed_and_then_retired_leaves_decisions_as_they_are(review: Review) -> None:
    adopt("ORG")(review)
    labels = LabelSets(review.project, "lea")
    org = labels.held.find(Kind.ENTITY, "ORG")
    assert org is not None
    labels.apply(edited(labels.held, org, replace(org, name="GROUP")))
    group = labels.held.find(Kind.ENTITY, "GROUP")
    assert group is not None
    labels.apply(retired(labels.held, group, drop=False))
    assert review.gold() == [f"GROUP {UNION}"]
    assert review.item(UNION).state is State.DECIDED
    assert wrong(review.project, review.ids[HARBOUR], LEADS, SEED) == []


def test_a_check_names_gold_that_a_decision_lacks_and_deciding_again_brings_it_back(review: Review) -> None:
    adopt("ORG")(review)
    lose_gold(review)
    (problem,) = check(review.project.path).problems
    assert problem == (
        "gold: lea decided on ORG at 38 to 52 of “Harbour strike ends”, and it is not gold; "
        "open the place in the Review and decide on it again"
    )
    adopt("ORG")(review)
    assert check(review.project.path).problems == ()
    assert review.gold() == [f"ORG {UNION}"]


def test_a_check_says_how_what_all_marked_becomes_gold_again(review: Review) -> None:
    review.relabel("ben", UNION, "ORG")
    review.settle()
    lose_gold(review)
    (problem,) = check(review.project.path).problems
    assert problem.endswith("; as ana give it another label, open the Review, and take that back")
    review.relabel("ana", UNION, "LOC")
    review.settle()
    Labelling(review.project, "ana").undo()
    review.settle()
    assert check(review.project.path).problems == ()
    assert review.gold() == [f"ORG {UNION}"]


def lose_gold(review: Review) -> None:
    """As merging did in former versions."""
    (gold_id,) = [said.gold_id for said in review.reviewing.said(review.ids[HARBOUR])]
    journal = Journal(review.project, annotator_id(review.project, "lea"))
    with journal.gesture("delete", review.ids[HARBOUR], "lose it", begins=False) as gesture:
        gesture.update("entity", str(gold_id), deleted=1)
