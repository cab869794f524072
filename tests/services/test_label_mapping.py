"""Labels of files: mapped, added, left out or refused, and always told."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.errors import FormatError
from annotator.domain.label_changes import edited
from annotator.domain.labels import Kind
from annotator.services.exchange import Choices, ImportReport, LabelChoices, Others, import_files
from annotator.services.label_mapping import Fate
from annotator.services.labelsets import LabelSets
from annotator.storage.check import check
from annotator.storage.project import Access, Project
from tests.formats.samples import LABELS, LAVROV, RUSSIA, TALKS, WANTED


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p.annot", LABELS) as project:
        yield project


def span(at: tuple[int, int], label: str, **more: Any) -> dict[str, Any]:
    return {"start": at[0], "end": at[1], "label": label, **more}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """One article with a PER, a GPE and a stance that is Pro; a second one with nothing foreign."""
    records = [
        {
            "text": TALKS,
            "spans": [span(LAVROV, "PER"), span(RUSSIA, "GPE")],
            "stances": [span(WANTED, "Pro", holder=None, target=None)],
        },
        {"text": f"{TALKS} 2", "spans": [span(RUSSIA, "GPE")]},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


def imported(project: Project, file: Path, labels: LabelChoices, **more: Any) -> ImportReport:
    dry_run = more.pop("dry_run", False)
    return import_files(project, [file], choices=Choices(labels=labels, **more), dry_run=dry_run)


def stored(project: Project) -> list[tuple[str, str]]:
    return project.db.execute("SELECT kind,label FROM suggestion ORDER BY kind,label").fetchall()


def fates(report: ImportReport) -> dict[str, tuple[str, Fate]]:
    return {row.theirs: (row.ours, row.fate) for row in report.mapping}


def test_unknown_labels_keep_their_record_out_and_each_is_named(project: Project, file: Path) -> None:
    report = imported(project, file, LabelChoices())
    assert stored(project) == [("entity", "GPE")]
    said = [str(fault) for fault in report.faults]
    assert len(said) == 2
    assert 'line 1: the label "PER" of "Lavrov" [2, 8) is not in the label set "news"' in said[0]
    assert "it has GPE, PERSON: map it, leave it out, or have it added" in said[0]
    assert 'the polarity "Pro"' in said[1]
    assert fates(report) == {"PER": ("", Fate.UNKNOWN), "Pro": ("", Fate.UNKNOWN)}


def test_labels_are_mapped_and_left_out_as_chosen(project: Project, file: Path) -> None:
    report = imported(project, file, LabelChoices({"PER": "PERSON", "Pro": ""}))
    assert report.faults == ()
    assert stored(project) == [("entity", "GPE"), ("entity", "GPE"), ("entity", "PERSON")]
    assert fates(report) == {"PER": ("PERSON", Fate.MAPPED), "Pro": ("", Fate.LEFT_OUT)}
    assert "The label PER (1) becomes PERSON." in report.lines()
    assert "The polarity Pro (1) is left out." in report.lines()


def test_labels_are_added_to_the_label_set_as_a_gesture(project: Project, file: Path) -> None:
    before = project.labelset
    report = imported(project, file, LabelChoices(others=Others.ADD), annotator="Ana")
    assert (report.faults, report.labels) == ((), 4)
    added = [label for label in project.labelset.labels if before.find(label.kind, label.name) is None]
    assert [(label.kind, label.name) for label in added] == [(Kind.ENTITY, "PER"), (Kind.POLARITY, "Pro")]
    assert project.labelset.version == before.version + 1
    assert len({label.color for label in project.labelset.labels}) >= 4
    (said,) = project.db.execute("SELECT summary FROM op WHERE kind='labels'").fetchone()
    assert said == "add the labels PER, Pro of imported files"
    assert check(project.path).problems == ()
    with Project.open(project.path, Access.READ) as again:
        assert again.labelset == project.labelset


def test_a_dry_run_shows_all_labels_and_adds_none(project: Project, file: Path) -> None:
    before = project.labelset
    report = imported(project, file, LabelChoices(others=Others.ADD), annotator="Ana", dry_run=True)
    assert fates(report)["GPE"] == ("GPE", Fate.SAME)
    assert {row.theirs: row.count for row in report.mapping} == {"PER": 1, "GPE": 2, "Pro": 1}
    assert project.labelset == before
    assert project.annotators() == []
    assert [record.title for record in report.first] == [TALKS, f"{TALKS} 2"]
    assert report.first[0].marks[0] == ("PER", *LAVROV, "Lavrov")
    assert (report.first[0].as_, report.first[0].whose) == ("labels", "Ana")
    assert json.dumps(report.to_dict())


def test_marks_of_unknown_labels_can_be_left_out(project: Project, file: Path) -> None:
    report = imported(project, file, LabelChoices(others=Others.LEAVE_OUT))
    assert (report.faults, report.articles) == ((), 2)
    assert stored(project) == [("entity", "GPE"), ("entity", "GPE")]


def test_a_former_name_is_the_label_of_now(project: Project, file: Path) -> None:
    label = project.labelset.find(Kind.ENTITY, "GPE")
    assert label is not None
    LabelSets(project, "Ana").apply(edited(project.labelset, label, replace(label, name="PLACE")))
    report = imported(project, file, LabelChoices({"PER": "", "Pro": ""}), annotator="Ana")
    assert fates(report)["GPE"] == ("PLACE", Fate.RENAMED)
    assert project.db.execute("SELECT DISTINCT label FROM entity").fetchall() == [("PLACE",)]


def test_a_label_can_only_become_one_that_there_is(project: Project, file: Path) -> None:
    with pytest.raises(FormatError, match="PER cannot become 'PERSN'"):
        imported(project, file, LabelChoices({"PER": "PERSN"}))
    imported(project, file, LabelChoices({"PER": "Minister"}, Others.ADD))
    assert ("entity", "Minister") in stored(project)
    with pytest.raises(FormatError, match="must start with a letter"):
        imported(project, file, LabelChoices({"PER": "a b"}, Others.ADD))


def test_a_name_that_no_label_can_have_is_not_added(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "b.jsonl"
    path.write_text(json.dumps({"text": TALKS, "spans": [span(LAVROV, "per son")]}) + "\n", "utf-8")
    report = imported(project, path, LabelChoices(others=Others.ADD))
    assert "map it, or leave it out" in str(report.faults[0])


def test_labels_inside_origins_are_mapped_too(project: Project, tmp_path: Path) -> None:
    suggested = span((2, 5), "PER")
    record = {
        "text": TALKS,
        "spans": [span(LAVROV, "PER", source="edited", suggested=suggested, pipeline="p")],
        "rejected": [span(RUSSIA, "PER", pipeline="p")],
    }
    path = tmp_path / "b.jsonl"
    path.write_text(json.dumps(record) + "\n", "utf-8")
    imported(project, path, LabelChoices({"PER": "PERSON"}), annotator="Ana")
    assert set(stored(project)) == {("entity", "PERSON")}
