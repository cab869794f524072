"""Votes as soft labels, guideline notes as Markdown, leads compared, a pipeline as a reviewer."""

import json
import os
from pathlib import Path

import pytest

from annotator.domain.articles import Status
from annotator.domain.errors import FormatError
from annotator.domain.review import GOLD, Scope, Type
from annotator.domain.suggestions import Run
from annotator.services.exchange import ExportChoices, Split
from annotator.services.exporting import export
from annotator.services.guideline_notes import export_notes
from annotator.services.lead_agreement import lead_agreement
from annotator.services.review_items import State
from annotator.services.review_queue import ReviewQueue
from annotator.services.review_reading import GroupReader
from annotator.services.reviewing import Reviewing
from annotator.services.votes import export_votes, vote_lines
from tests.services.labelled import suggest
from tests.services.reviewed import HARBOUR, Review, entity, nth


@pytest.fixture
def review(tmp_path: Path) -> Review:
    review = Review(tmp_path / "p.annot")
    review.finish("ana", ("Northern Union", "ORG"), ("Okafor", "PERSON"), ("Sorrel", "GPE"))
    review.finish("ben", ("Northern Union", "GPE"), ("Sorrel", "GPE"))
    review.finish("cid", ("Northern Union", "ORG"), ("Sorrel", "GPE"))
    review.finish("dan", ("Northern Union", "ORG"), ("Sorrel", "GPE"))
    return review


def test_soft_labels_add_up_to_one_with_those_who_have_nothing(review: Review, tmp_path: Path) -> None:
    item = review.item("Northern Union")
    review.reviewing.adopt(item, entity(item, "ORG"))
    assert export_votes(review.project, tmp_path / "votes.jsonl") == 1
    (line,) = [json.loads(each) for each in (tmp_path / "votes.jsonl").read_text("utf-8").splitlines()]
    assert line["annotators"] == ["ana", "ben", "cid", "dan"]
    labels = {line["text"][each["start"] : each["end"]]: each["labels"] for each in line["groups"]}
    assert labels == {
        "Northern Union": {"GPE": 0.25, "ORG": 0.75},
        "Okafor": {"ABSENT": 0.75, "PERSON": 0.25},
        "Sorrel": {"GPE": 1.0},
    }
    assert all(sum(each["labels"].values()) == 1 for each in line["groups"])
    union = next(each for each in line["groups"] if each["differs"] == ["label"])
    assert (union["gold"]["label"], union["lead"], union["settled"]) == ("ORG", "lea", "adopted")
    assert union["votes"]["ben"]["label"] == "GPE"


def test_votes_that_cannot_be_written_leave_nothing(review: Review, tmp_path: Path) -> None:
    (tmp_path / "votes").mkdir()
    with pytest.raises(FormatError, match="could not be written"):
        export_votes(review.project, tmp_path / "votes")
    assert list(tmp_path.glob(".votes*")) == []


def test_two_leads_are_compared_on_what_both_decided(review: Review) -> None:
    assert lead_agreement(review.project) == []
    for words in ("Northern Union", "Okafor"):
        item = review.item(words)
        review.reviewing.adopt(item, item.group.marks[-1])
    other = Reviewing(review.project, "max")
    for words in ("Northern Union", "Okafor"):
        item = review.item(words, second=True, lead="max")
        if words == "Okafor":
            other.none(item)
        else:
            other.adopt(item, item.group.marks[-1])
    (found,) = lead_agreement(review.project)
    assert (found.one, found.other, found.both, found.same) == ("lea", "max", 2, 1)
    assert found.said() == "lea and max: 1 of 2 the same (1 the same label)"


def test_notes_are_written_under_their_labels(review: Review, tmp_path: Path) -> None:
    review.reviewing.note(review.item("Northern Union"), "Unions of states?")
    assert export_notes(review.project, tmp_path / "notes.md") == 1
    text = (tmp_path / "notes.md").read_text("utf-8")
    assert "## GPE or ORG" in text
    assert "- Unions of states?\n  > Northern Union" in text


def against(review: Review, whom: str) -> tuple[Reviewing, ReviewQueue]:
    reviewing = Reviewing(review.project, "lea", against=whom)
    compared = GroupReader(review.project.path, against=whom).read(reviewing.seed())
    return reviewing, ReviewQueue(compared, "lea")


@pytest.fixture
def suggested(review: Review) -> Review:
    marks = (
        entity(review.item("Northern Union"), "GPE"),
        *(mark for item in review.queue().items if item.group.words == "Okafor" for mark in item.group.marks),
    )
    suggest(review.project, review.ids[HARBOUR], marks, Run(77, "model", "1"))
    return review


def test_an_annotator_is_compared_with_a_pipeline_apart_from_people(suggested: Review) -> None:
    reviewing, queue = against(suggested, "cid")
    found = {item.group.words: item for item in queue.items}
    assert {words: set(item.group.types) for words, item in found.items()} == {
        "Northern Union": {Type.LABEL},
        "Okafor": {Type.MISSING},
        "Sorrel": {Type.MISSING},
    }
    reviewing.adopt(found["Okafor"], found["Okafor"].group.marks[0])
    assert suggested.gold() == []
    assert [each.scope for each in reviewing.said(suggested.ids[HARBOUR])] == [Scope.MODEL]
    assert suggested.reviewing.said(suggested.ids[HARBOUR]) == []
    assert suggested.queue().left == 2


def test_gold_with_an_error_that_a_pipeline_finds_is_put_right(suggested: Review) -> None:
    item = suggested.item("Northern Union")
    suggested.reviewing.adopt(item, entity(item, "ORG"))
    reviewing, queue = against(suggested, GOLD)
    (union,) = [each for each in queue.items if each.group.words == "Northern Union"]
    assert union.group.types == {Type.LABEL}
    reviewing.adopt(union, entity(union, "GPE"))
    assert suggested.gold() == ["GPE Northern Union"]
    queue.refresh(union.group.article_id, reviewing.said(union.group.article_id))
    assert [each.state for each in queue.items if each.group.words == "Northern Union"] == [State.DECIDED]
    _, again = against(suggested, GOLD)
    assert [each for each in again.items if each.group.words == "Northern Union"] == []
    reviewing.undo()
    assert suggested.gold() == ["ORG Northern Union"]


def test_lines_of_votes_have_offsets_of_their_text(review: Review) -> None:
    (line,) = vote_lines(review.project)
    group = next(each for each in line["groups"] if "PERSON" in each["labels"])
    assert (group["start"], group["end"]) == (nth(HARBOUR, "Okafor").start, nth(HARBOUR, "Okafor").end)


def test_soft_labels_are_exported_as_any_other_work(review: Review, tmp_path: Path) -> None:
    report = export(review.project, tmp_path / "soft.jsonl", of="soft")
    assert (report.of, report.records) == ("soft", 1)


def test_soft_labels_go_to_standard_output_and_through_a_pipe(
    review: Review, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    export(review.project, tmp_path / "soft.jsonl", of="soft")
    report = export(review.project, "-", of="soft")
    written = (tmp_path / "soft.jsonl").read_bytes()
    assert (report.files, capfdbinary.readouterr().out) == ((("-", 1),), written)
    os.mkfifo(pipe := tmp_path / "pipe")
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    export(review.project, pipe, of="soft")
    assert os.read(reader, len(written) + 1) == written
    os.close(reader)
    assert pipe.is_fifo()
    assert export(review.project, "-", of="soft", dry_run=True).records == 1
    assert capfdbinary.readouterr().out == b""


def test_soft_labels_are_foreseen_and_leave_nothing(review: Review, tmp_path: Path) -> None:
    report = export(review.project, tmp_path / "soft.jsonl", of="soft", dry_run=True)
    assert (report.of, report.records, report.dry_run) == ("soft", 1, True)
    assert not (tmp_path / "soft.jsonl").exists()


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        (ExportChoices("spacy", of="soft"), "--format spacy"),
        (ExportChoices(of="soft", pseudonyms=True), "--pseudonyms"),
        (ExportChoices(of="soft", filter="is:done", statuses=(Status.DONE,)), "--status, --filter"),
        (ExportChoices(of="soft", split=Split.parsed("a=.5,b=.5")), "--split"),
    ],
)
def test_soft_labels_are_never_other_than_asked(
    review: Review, tmp_path: Path, choices: ExportChoices, said: str
) -> None:
    with pytest.raises(FormatError, match=f"{said} cannot be had"):
        export(review.project, tmp_path / "soft.jsonl", choices=choices)
    assert not (tmp_path / "soft.jsonl").exists()
