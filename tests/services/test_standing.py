"""Which decisions stand: of two leads, of one on two machines, on votes that changed or were renamed."""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from annotator.domain.articles import Status
from annotator.domain.label_changes import LabelChange, edited
from annotator.domain.label_changes import merged as merged_labels
from annotator.domain.labels import Kind, Label, LabelSet
from annotator.domain.marks import Entity
from annotator.domain.review import GOLD
from annotator.services.exchange import As, Choices, import_files
from annotator.services.labelling import Labelling
from annotator.services.labelsets import LabelSets
from annotator.services.lead_agreement import lead_agreement
from annotator.services.merging import Terms, merge
from annotator.services.review_items import Item, State
from annotator.services.review_queue import ReviewQueue
from annotator.services.review_reading import GroupReader
from annotator.services.reviewing import Reviewing
from annotator.services.votes import vote_lines
from annotator.storage.check import check
from annotator.storage.digest import digest
from annotator.storage.gold import gold_marks
from annotator.storage.project import Project
from tests.services.labelled import labelset, suggest
from tests.services.reviewed import HARBOUR, Review, entity, nth

HOLT, UNION = ("Mira Holt", "PERSON"), ("Northern Union", "ORG")
Said = list[str]


@pytest.fixture
def review(tmp_path: Path) -> Iterator[Review]:
    """Ana and ben agree on Holt, and not on what the union is."""
    review = Review(tmp_path / "p.annot")
    with review.project:
        review.finish("ana", HOLT, UNION)
        review.finish("ben", HOLT, ("Northern Union", "GPE"))
        yield review


class Desk:
    """A lead at a file."""

    def __init__(self, path: Path, lead: str) -> None:
        self.project = Project.open(path)
        self.reviewing = Reviewing(self.project, lead)
        (self.article,) = self.project.db.execute("SELECT id FROM article").fetchone()

    def item(self, words: str = "Northern Union", *, second: bool = False) -> Item:
        compared = GroupReader(self.project.path).read(self.reviewing.seed())
        items = ReviewQueue(compared, self.reviewing.lead, second=second).items
        (found,) = [item for item in items if item.group.words == words]
        return found

    def adopt(self, label: str, *, second: bool = False) -> None:
        item = self.item(second=second)
        self.reviewing.adopt(item, entity(item, label))

    def gold(self) -> Said:
        return said_of(self.project, self.article)


def said_of(project: Project, article: int) -> Said:
    return [f"{mark.label} {mark.span.of(HARBOUR)}" for mark in gold_marks(project.db, article)]


def decided_in_copies(review: Review, tmp_path: Path, *decisions: tuple[str, str]) -> list[Path]:
    """Copies of the file, in each of which a lead gives the union a label."""
    paths = []
    for n, (lead, label) in enumerate(decisions):
        path = tmp_path / f"copy{n}.annot"
        shutil.copyfile(closed(review), path)
        desk = Desk(path, lead)
        with desk.project:
            desk.adopt(label)
        paths.append(path)
    return paths


def closed(review: Review) -> Path:
    review.project.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return review.project.path


def merged(base: Path, target: Path, others: Sequence[Path]) -> Path:
    shutil.copyfile(base, target)
    with Project.open(target) as project:
        merge(project, others)
        found = digest(project.db)
        merge(project, others)
        assert digest(project.db) == found
    assert check(target).problems == ()
    return target


def test_of_two_leads_the_later_decision_stands_and_the_other_is_an_opinion(
    review: Review, tmp_path: Path
) -> None:
    others = decided_in_copies(review, tmp_path, ("lea", "ORG"), ("max", "GPE"))
    found = set()
    for n, order in enumerate(permutations(others)):
        target = merged(closed(review), tmp_path / f"merged{n}.annot", order)
        with Project.open(target) as project:
            found.add(digest(project.db))
            (article,) = project.db.execute("SELECT id FROM article").fetchone()
            assert said_of(project, article) == ["GPE Northern Union"]
            (agreement,) = lead_agreement(project)
            assert (agreement.both, agreement.same) == (1, 0)
            (line,) = vote_lines(project)
            (union,) = [group for group in line["groups"] if group["start"] == nth(HARBOUR, UNION[0]).start]
            assert (union["lead"], union["gold"]["label"]) == ("max", "GPE")
    assert len(found) == 1
    lea = Desk(target, "lea")
    with lea.project:
        assert lea.item().state is State.DECIDED
        opinion = lea.item(second=True)
        assert opinion.state is State.DECIDED
        assert opinion.own is not None
        assert (opinion.own.lead, opinion.own.overruled) == ("lea", True)
    max_ = Desk(target, "max")
    with max_.project:
        assert max_.item().state is State.DECIDED
        items = ReviewQueue(GroupReader(target).read(1), "max", second=True).items
        assert not items, "there is no decision of another lead that stands"


def test_the_same_decision_of_two_leads_is_one_mark_of_gold(review: Review, tmp_path: Path) -> None:
    others = decided_in_copies(review, tmp_path, ("lea", "ORG"), ("max", "ORG"))
    target = merged(closed(review), tmp_path / "merged.annot", others)
    desk = Desk(target, "lea")
    with desk.project:
        assert desk.gold() == ["ORG Northern Union"]
        (agreement,) = lead_agreement(desk.project)
        assert (agreement.both, agreement.same) == (1, 1)


def test_one_lead_on_two_machines_has_one_word(review: Review, tmp_path: Path) -> None:
    others = decided_in_copies(review, tmp_path, ("lea", "ORG"), ("lea", "GPE"))
    target = merged(closed(review), tmp_path / "merged.annot", others)
    desk = Desk(target, "lea")
    with desk.project:
        assert desk.gold() == ["GPE Northern Union"]
        assert desk.item().state is State.DECIDED
        desk.adopt("ORG")
        assert desk.gold() == ["ORG Northern Union"]
        assert desk.item().state is State.DECIDED
        desk.reviewing.undo()
        assert desk.gold() == ["GPE Northern Union"]


def test_who_was_overruled_can_decide_again(review: Review, tmp_path: Path) -> None:
    others = decided_in_copies(review, tmp_path, ("lea", "ORG"), ("max", "GPE"))
    desk = Desk(merged(closed(review), tmp_path / "merged.annot", others), "lea")
    with desk.project:
        desk.adopt("ORG")
        assert desk.gold() == ["ORG Northern Union"]
        item = desk.item()
        assert item.own is not None
        assert not item.own.overruled
        assert [other.overruled for other in item.others] == [True]


def test_an_overruled_decision_changed_as_an_opinion_stays_one(review: Review, tmp_path: Path) -> None:
    others = decided_in_copies(review, tmp_path, ("lea", "ORG"), ("max", "GPE"))
    desk = Desk(merged(closed(review), tmp_path / "merged.annot", others), "lea")
    with desk.project:
        item = desk.item(second=True)
        desk.reviewing.none(item)
        assert desk.gold() == ["GPE Northern Union"]
        assert desk.item(second=True).state is State.DECIDED


def test_what_answers_the_votes_as_they_are_stands_before_what_is_later(
    review: Review, tmp_path: Path
) -> None:
    """Cid's work came to lea before she decided; max decided after her, without it."""
    old = tmp_path / "old.annot"
    shutil.copyfile(closed(review), old)
    review.finish("cid", ("Northern Union", "NORP"))
    item = review.item("Northern Union")
    review.reviewing.adopt(item, entity(item, "NORP"))
    desk = Desk(old, "max")
    with desk.project:
        desk.adopt("GPE")
    target = merged(closed(review), tmp_path / "merged.annot", [old])
    for lead in ("lea", "max"):
        desk = Desk(target, lead)
        with desk.project:
            assert desk.item().state is State.DECIDED
            assert desk.gold() == ["NORP Northern Union"]


def test_renaming_and_merging_labels_leaves_decisions_as_they_are(review: Review) -> None:
    item = review.item("Northern Union")
    review.reviewing.adopt(item, entity(item, "ORG"))
    labels = LabelSets(review.project, "lea")
    labels.apply(renamed(labels, "ORG", "GROUP"))
    item = review.item("Northern Union")
    assert item.state is State.DECIDED
    assert review.gold() == ["GROUP Northern Union"]
    gpe, group = (label_of(labels, name) for name in ("GPE", "GROUP"))
    labels.apply(merged_labels(labels.held, [gpe], group))
    assert review.queue().left == 0
    review.settle()
    assert review.gold() == ["PERSON Mira Holt", "GROUP Northern Union"]
    review.reviewing.undo()
    assert review.item("Northern Union").state is State.DECIDED
    assert check(review.project.path).problems == ()


def label_of(labels: LabelSets, name: str) -> Label:
    found = labels.held.find(Kind.ENTITY, name)
    assert found is not None
    return found


def renamed(labels: LabelSets, name: str, to: str) -> LabelChange:
    before = label_of(labels, name)
    return edited(labels.held, before, replace(before, name=to))


def relabel(review: Review, name: str, words: str, label: str) -> None:
    labelling, article = Labelling(review.project, name), review.ids[HARBOUR]
    (mark,) = [shown for shown in labelling.open(article).shown if shown.mark.span.of(HARBOUR) == words]
    labelling.relabel(article, mark.id, label)


def test_what_a_lead_decided_is_not_settled_when_all_come_to_say_the_same(review: Review) -> None:
    item = review.item("Northern Union")
    review.reviewing.adopt(item, entity(item, "ORG"))
    relabel(review, "ana", "Northern Union", "GPE")
    review.settle()
    assert review.gold() == ["PERSON Mira Holt", "ORG Northern Union"]
    stale = review.item("Northern Union")
    assert stale.state is State.STALE
    queue = review.queue()
    review.reviewing.adopt(stale, entity(stale, "GPE"))
    (at,) = queue.refresh(review.ids[HARBOUR], review.reviewing.said(review.ids[HARBOUR]))
    assert queue.items[at].state is State.DECIDED
    assert queue.left == review.queue().left == 0
    assert review.gold() == ["PERSON Mira Holt", "GPE Northern Union"]


def test_what_all_come_to_say_as_the_lead_did_is_decided(review: Review) -> None:
    item = review.item("Northern Union")
    review.reviewing.adopt(item, entity(item, "ORG"))
    relabel(review, "ben", "Northern Union", "ORG")
    review.settle()
    assert review.queue().left == 0
    assert review.gold() == ["PERSON Mira Holt", "ORG Northern Union"]


def test_a_decision_and_what_became_unanimous_elsewhere_are_one_mark_of_gold(
    review: Review, tmp_path: Path
) -> None:
    """In one copy a lead decides; in the other both annotators mend the edges, and it settles itself."""
    copy = tmp_path / "copy.annot"
    shutil.copyfile(closed(review), copy)
    item = review.item("Northern Union")
    review.reviewing.adopt(item, entity(item, "ORG"))
    other = Desk(copy, "max")
    with other.project:
        for name in ("ana", "ben"):
            labelling = Labelling(other.project, name)
            (mark,) = [
                shown for shown in labelling.open(other.article).shown if shown.mark.label in ("ORG", "GPE")
            ]
            labelling.move(other.article, mark.id, nth(HARBOUR, "the Northern Union"))
            if mark.mark.label == "GPE":
                labelling.relabel(other.article, mark.id, "ORG")
        reader = GroupReader(copy)
        queue = ReviewQueue(reader.read(1), "max")
        for article, digests, gone in queue.unsettled():
            new = [group for group in reader.unanimous(article) if group.input in digests]
            other.reviewing.settle(article, new, gone)
        assert other.gold() == ["PERSON Mira Holt", "ORG the Northern Union"]
    target = merged(closed(review), tmp_path / "merged.annot", [copy])
    desk = Desk(target, "lea")
    with desk.project:
        assert desk.gold() == ["PERSON Mira Holt", "ORG Northern Union"]
        stale = desk.item("the Northern Union")
        assert stale.state is State.STALE
        desk.reviewing.adopt(stale, stale.group.marks[0])
        assert desk.gold() == ["PERSON Mira Holt", "ORG the Northern Union"]


def test_gold_of_which_nobody_has_a_mark_any_more_waits_for_a_word(review: Review) -> None:
    item = review.item("Northern Union")
    review.reviewing.adopt(item, entity(item, "ORG"))
    for name in ("ana", "ben"):
        labelling = Labelling(review.project, name)
        (mark,) = [
            shown
            for shown in labelling.open(review.ids[HARBOUR]).shown
            if shown.mark.span.of(HARBOUR) == "Northern Union"
        ]
        labelling.reject(review.ids[HARBOUR], mark.id)
    gone = review.item("Northern Union")
    assert (gone.state, gone.gone) == (State.STALE, True)
    review.reviewing.adopt(gone, entity(gone, "ORG"))
    assert review.item("Northern Union").state is State.DECIDED
    assert review.gold() == ["ORG Northern Union"]
    review.reviewing.none(review.item("Northern Union"))
    assert review.gold() == []
    assert review.listed() == []


def test_a_lead_overrules_gold_of_another_against_a_pipeline_and_changes_no_row_of_theirs(
    review: Review,
) -> None:
    item = review.item("Northern Union")
    review.reviewing.adopt(item, entity(item, "ORG"))
    article = review.ids[HARBOUR]
    suggest(review.project, article, (Entity("", nth(HARBOUR, "Northern Union"), "GPE"),))
    before = review.project.db.execute("SELECT * FROM entity WHERE gold=1").fetchall()
    max_ = Reviewing(review.project, "max", against=GOLD)

    def asked(lead: str) -> Item:
        compared = GroupReader(review.project.path, against=GOLD).read(1)
        (found,) = ReviewQueue(compared, lead).items
        return found

    item = asked("max")
    max_.adopt(item, entity(item, "GPE"))
    assert review.gold() == ["GPE Northern Union"]
    rows = review.project.db.execute("SELECT * FROM entity WHERE gold=1").fetchall()
    assert set(before) <= set(rows), "the other's gold is as it was"
    max_.undo()
    assert review.gold() == ["ORG Northern Union"]
    max_.none(asked("max"))
    assert review.gold() == []
    again = review.item("Northern Union")
    review.reviewing.adopt(again, entity(again, "ORG"))
    assert review.gold() == ["ORG Northern Union"]
    assert check(review.project.path).problems == ()


def gold_file(folder: Path, *spans: tuple[str, str]) -> Path:
    path = folder / "gold.jsonl"
    marks = [
        {"start": nth(HARBOUR, words).start, "end": nth(HARBOUR, words).end, "label": label}
        for words, label in spans
    ]
    path.write_text(json.dumps({"text": HARBOUR, "spans": marks, "_annotator_id": "rex"}) + "\n", "utf-8")
    return path


def test_gold_that_came_in_is_a_decision_until_a_lead_decides(review: Review, tmp_path: Path) -> None:
    import_files(
        review.project, [gold_file(tmp_path, UNION, ("Sorrel", "GPE"))], choices=Choices(as_=As.GOLD)
    )
    item = review.item("Northern Union")
    assert item.state is State.DECIDED
    assert [(other.lead, other.outcome and other.outcome.label) for other in item.others] == [("rex", "ORG")]
    review.settle()
    assert review.gold() == ["ORG Northern Union", "GPE Sorrel"], "nothing is added to it by itself"
    missed = review.item("Mira Holt")
    assert (missed.state, missed.missed) == (State.LEFT, True)
    review.reviewing.adopt(missed, missed.group.marks[0])
    review.reviewing.adopt(item, entity(item, "GPE"))
    assert review.gold() == ["PERSON Mira Holt", "GPE Northern Union", "GPE Sorrel"]
    review.reviewing.undo()
    assert review.gold() == ["PERSON Mira Holt", "ORG Northern Union", "GPE Sorrel"]


def test_a_lead_can_decide_what_is_in_their_own_gold_file(review: Review, tmp_path: Path) -> None:
    import_files(review.project, [gold_file(tmp_path, UNION)], choices=Choices("jsonl", "lea", As.GOLD))
    item = review.item("Northern Union")
    review.reviewing.adopt(item, entity(item, "ORG"))
    assert review.gold() == ["ORG Northern Union"]
    review.reviewing.none(review.item("Northern Union"))
    assert review.gold() == []
    review.reviewing.undo()
    review.reviewing.undo()
    assert review.gold() == ["ORG Northern Union"]


def other_labels() -> LabelSet:
    """Of somebody who calls ORG otherwise, and knows nothing of ours."""
    labels = labelset().labels
    return LabelSet(
        "theirs", 1, tuple(replace(each, name="FIRM") if each.name == "ORG" else each for each in labels)
    )


def test_what_is_said_of_labels_at_a_merge_holds_for_decisions_and_for_the_next_merge(
    review: Review, tmp_path: Path
) -> None:
    other = Review(tmp_path / "other.annot", lead="max", labels=other_labels())
    with other.project:
        for name, label in (("cid", "FIRM"), ("dan", "GPE")):
            other.finish(name, ("Sorrel", label))
        item = other.item("Sorrel")
        other.reviewing.adopt(item, entity(item, "FIRM"))
    (file,) = merge(review.project, [other.project.path]).files
    assert "--map FIRM=OURS" in file.error
    terms = Terms(labels={"FIRM": "ORG"})
    (file,) = merge(review.project, [other.project.path], terms=terms).files
    assert file.error == ""
    for name in ("ana", "ben"):
        Labelling(review.project, name).set_status(review.ids[HARBOUR], Status.DOING)
    item = review.item("Sorrel")
    assert item.state is State.DECIDED
    assert review.gold() == ["ORG Sorrel"]
    with Project.open(other.project.path) as project:
        Labelling(project, "dan").add(review.ids[HARBOUR], nth(HARBOUR, "Okafor"), "FIRM")
    (file,) = merge(review.project, [other.project.path]).files
    assert file.error == "", "what was said before is known"
    assert file.notes() == ["FIRM becomes ORG: 1 mark."]
    with review.project.writing() as db:
        db.execute("DELETE FROM meta WHERE key LIKE 'merged label/%'")
    assert review.item("Sorrel").state is State.STALE, "it was decided on a label that is none here"
