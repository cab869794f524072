"""Importing as a person does it: files, folders, globs, mistakes, interruptions."""

import gzip
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.articles import Status
from annotator.domain.errors import FormatError, ProjectReadOnly
from annotator.formats.contract import Maker, Piece, Reading
from annotator.formats.jsonl import Jsonl
from annotator.formats.offset_units import OffsetUnit
from annotator.formats.sources import Source
from annotator.services import import_report, importing
from annotator.services.exchange import As, Choices, ImportReport, LabelChoices, Models, import_files
from annotator.storage import queries
from annotator.storage.check import check
from annotator.storage.project import Access, Project
from annotator.storage.queue_search import queue_ids
from tests.formats.samples import LABELS, LAVROV, RUSSIA, TALKS


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p.annot", LABELS) as project:
        yield project


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    return folder


def line(n: int = 0, **more: Any) -> dict[str, Any]:
    spans = [{"start": LAVROV[0], "end": LAVROV[1], "label": "PERSON", "text": "Lavrov", "score": 0.9}]
    return {"text": f"{TALKS} {n}", "spans": spans} | more


def write(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.articles, report.duplicates, report.suggestions, report.labels


def texts(project: Project) -> list[str]:
    return [text for (text,) in project.db.execute("SELECT text FROM article ORDER BY position")]


def test_a_text_file_is_one_article_byte_for_byte(project: Project, folder: Path) -> None:
    data = "\ufeffTalks 👨\r\n\r\nשלום\u2028مرحبا\t\u00a0e\u0301\r\n".encode()
    (folder / "a.txt").write_bytes(data)
    report = import_files(project, [folder / "a.txt"])
    assert counts(report) == (1, 0, 0, 0)
    assert texts(project)[0].encode() == data


def test_the_same_text_twice_is_one_article(project: Project, folder: Path) -> None:
    for name in "ab":
        (folder / f"{name}.txt").write_text("Talks", "utf-8")
    report = import_files(project, [folder / "a.txt", folder / "b.txt", folder / "a.txt"])
    assert (report.files, *counts(report)) == (2, 1, 1, 0, 0)
    assert counts(import_files(project, [folder / "a.txt"])) == (0, 1, 0, 0)


def test_folders_and_globs_are_taken_in_order(project: Project, folder: Path) -> None:
    (folder / "deep").mkdir()
    for name in ("b.txt", "a.txt", "deep/c.TXT", ".hidden.txt", "picture.png"):
        (folder / name).write_text(name, "utf-8")
    write(folder / "d.jsonl", line())
    report = import_files(project, [folder])
    assert (report.files, report.articles) == (4, 4)
    assert texts(project)[:3] == ["a.txt", "b.txt", f"{TALKS} 0"]
    assert import_files(project, [str(folder / "*.txt")]).duplicates == 2
    assert import_files(project, [str(folder / "**" / "*.TXT")]).duplicates == 1


@pytest.mark.parametrize("packed", [False, True])
def test_of_a_folder_those_json_files_are_taken_that_a_format_knows(
    project: Project, folder: Path, tmp_path: Path, packed: bool
) -> None:
    task = {"data": {"text": "One."}, "annotations": [{"result": []}]}
    page = {"@context": "http://www.w3.org/ns/anno.jsonld", "type": "AnnotationPage", "items": []}
    (folder / "tasks.json").write_text(json.dumps([task]), "utf-8")
    (folder / "page.JSON").write_text(json.dumps(page), "utf-8")
    (folder / "package.json").write_text('{"name": "x", "text": "no article"}', "utf-8")
    (folder / "records.json").write_text(json.dumps([line()]), "utf-8")
    (folder / "broken.json").write_bytes(b"\xff\0")
    source = folder
    if packed:
        source = tmp_path / "news.zip"
        with zipfile.ZipFile(source, "w") as archive:
            for file in folder.iterdir():
                archive.write(file, file.name)
    report = import_files(project, [source])
    assert [(Path(name).name, format_) for name, format_ in report.formats] == [
        ("page.JSON", "w3c"),
        ("records.json", "jsonl"),
        ("tasks.json", "label-studio"),
    ]
    assert texts(project) == [line()["text"], "One."]
    named = import_files(project, [source], format_name="label-studio")
    assert [Path(name).name for name, _ in named.formats] == ["tasks.json"]


def test_a_file_named_like_a_glob_is_that_file(project: Project, folder: Path) -> None:
    (folder / "[1].txt").write_text("one", "utf-8")
    (folder / "1.txt").write_text("two", "utf-8")
    import_files(project, [folder / "[1].txt"])
    assert texts(project) == ["one"]


@pytest.mark.parametrize("name", ["none.txt", "*.nothing", "empty"])
def test_what_is_not_there_is_named_and_the_rest_comes_in(project: Project, folder: Path, name: str) -> None:
    (folder / "empty").mkdir()
    (folder / "a.txt").write_text("Talks", "utf-8")
    report = import_files(project, [folder / name, folder / "a.txt"])
    assert report.articles == 1
    (fault,) = report.faults
    assert name in str(fault)


def test_a_file_without_a_known_ending_is_known_by_its_beginning(project: Project, folder: Path) -> None:
    write(folder / "one", line())
    (folder / "two.md").write_text("Talks", "utf-8")
    assert counts(import_files(project, [folder / "one", folder / "two.md"])) == (2, 0, 1, 0)


def test_an_unknown_format_is_refused(project: Project, folder: Path) -> None:
    with pytest.raises(FormatError, match="use one of jsonl, text"):
        import_files(project, [folder], format_name="xml")
    with pytest.raises(FormatError, match="suggestions, labels, gold"):
        import_files(project, [folder], as_="truth")


def test_good_lines_come_in_and_bad_ones_are_named(project: Project, folder: Path) -> None:
    path = write(folder / "a.jsonl", line(1), {"text": ""}, line(2), {"spans": []}, line(3))
    report = import_files(project, [path])
    assert counts(report) == (3, 0, 3, 0)
    assert [(fault.file, fault.line) for fault in report.faults] == [(str(path), 2), (str(path), 4)]
    assert report.to_dict()["faults"][0]["line"] == 2  # type: ignore[index]
    assert json.dumps(report.to_dict())


def test_strict_takes_nothing_and_still_names_every_fault(
    project: Project, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_BATCH_RECORDS", 1)  # good lines are written before a bad one is read
    path = write(folder / "a.jsonl", line(1), {"text": ""}, line(2), {"spans": []})
    report = import_files(project, [path], strict=True)
    assert counts(report) == (0, 0, 0, 0)
    assert len(report.faults) == 2
    assert "all or nothing" in report.lines()[-1]
    assert texts(project) == []
    assert counts(import_files(project, [write(path, line(1), line(2))], strict=True)) == (2, 0, 2, 0)


def test_a_dry_run_counts_and_changes_nothing(project: Project, folder: Path) -> None:
    path = write(folder / "a.jsonl", line(1), line(1), line(2), {"text": ""})
    report = import_files(project, [path], annotator="Ana", dry_run=True)
    assert (*counts(report), len(report.faults)) == (2, 1, 0, 2, 1)
    assert report.lines()[0].startswith("Would import 2 articles")
    assert texts(project) == []
    assert project.annotators() == []


def test_the_same_file_twice_adds_nothing(project: Project, folder: Path) -> None:
    path = write(folder / "a.jsonl", line(1), line(2, _annotator_id="ana"))
    assert counts(import_files(project, [path])) == (2, 0, 1, 1)
    assert counts(import_files(project, [path])) == (0, 2, 0, 0)
    assert check(project.path).problems == ()


def test_marks_are_labels_of_whom_the_record_names_and_else_suggestions(
    project: Project, folder: Path
) -> None:
    path = write(folder / "a.jsonl", line(1), line(2, _annotator_id="ana", status="doing"))
    import_files(project, [path])
    assert project.annotators() == ["ana"]
    ana = project.annotator_id("ana")
    first, second = queue_ids(project.db, ana)
    assert [queries.status_of(project.db, each, ana) for each in (first, second)] == [
        Status.TODO,
        Status.DOING,
    ]
    (suggested,) = queries.shown(project.db, first, ana)
    assert suggested.suggested
    assert suggested.provenance is not None
    assert (suggested.provenance.pipeline, suggested.score) == ("a.jsonl", 0.9)
    (own,) = queries.shown(project.db, second, ana)
    assert not own.suggested


def test_the_annotator_named_by_the_person_wins(project: Project, folder: Path) -> None:
    path = write(folder / "a.jsonl", line(1), line(2, _annotator_id="bot"))
    assert import_files(project, [path], as_="labels", annotator="Ana").labels == 2
    assert project.annotators() == ["Ana"]
    ana = project.annotator_id("Ana")
    assert queries.tally(project.db, ana)[Status.DONE] == 2


def test_labels_without_a_name_are_a_fault(project: Project, folder: Path) -> None:
    report = import_files(project, [write(folder / "a.jsonl", line(1))], as_="labels")
    assert report.articles == 0
    assert "whose labels" in str(report.faults[0])
    with pytest.raises(FormatError, match="no name"):
        import_files(project, [folder], annotator=" ")


def test_a_text_file_is_never_done(project: Project, folder: Path) -> None:
    (folder / "a.txt").write_text("Talks", "utf-8")
    import_files(project, [folder / "a.txt"], annotator="Ana")
    ana = project.annotator_id("Ana")
    assert queries.tally(project.db, ana)[Status.TODO] == 1


def test_what_a_person_should_know_is_told_and_counted(project: Project, folder: Path) -> None:
    utf16 = [{"start": RUSSIA[0] + 1, "end": RUSSIA[1] + 1, "label": "GPE", "text": "Russia"}]
    path = write(folder / "a.jsonl", line(1, spans=utf16), line(2, spans=utf16), line(3, relations=[]))
    report = import_files(project, [path])
    assert [note.removeprefix(f"{path}: ") for note in report.notes] == [
        "offsets were UTF-16 units, not code points as the format has it, as the texts they cover show; "
        "they are now code points (2 records).",
        'the field "relations" is not read (1 record).',
    ]


def test_many_faults_are_counted_and_the_first_listed(
    project: Project, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_report, "_MOST_FAULTS", 3)
    path = write(folder / "a.jsonl", line(1), *[{"text": ""}] * 7)
    report = import_files(project, [path])
    assert (len(report.faults), report.more_faults) == (3, 4)


def test_an_interruption_keeps_whole_batches(
    project: Project, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_BATCH_RECORDS", 10)
    monkeypatch.setattr(importing, "_TELL", 1)
    path = write(folder / "a.jsonl", *(line(n, _annotator_id="ana") for n in range(35)))
    size = path.stat().st_size

    def interrupt(done: int, total: int | None) -> None:
        assert total == size
        if done > 0.7 * size:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_files(project, [path], progress=interrupt)
    assert len(texts(project)) == 20
    assert check(project.path).problems == ()
    assert import_files(project, [path]).articles == 15


def test_progress_ends_at_its_total(project: Project, folder: Path) -> None:
    told: list[tuple[int, int | None]] = []
    for name in "ab":
        write(folder / f"{name}.jsonl", line(1))
    import_files(project, [folder], progress=lambda done, total: told.append((done, total)))
    assert told
    assert told[-1][0] == told[-1][1]


def test_a_project_that_is_read_only_is_not_imported_into(project: Project, folder: Path) -> None:
    write(folder / "a.jsonl", line(1))
    project.close()
    with Project.open(project.path, Access.READ) as reading, pytest.raises(ProjectReadOnly):
        import_files(reading, [folder])


def test_archives_come_in_like_folders_and_what_is_wrong_in_them_is_named(
    project: Project, folder: Path
) -> None:
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("deep/a.jsonl", json.dumps(line(1)) + "\n" + json.dumps({"text": ""}))
        archive.writestr("b.txt", "Talks in a zip")
        archive.writestr("picture.png", b"\x89PNG")
        archive.writestr("inner.zip", b"PK")
    (folder / "c.jsonl.gz").write_bytes(gzip.compress(json.dumps(line(2)).encode()))
    (folder / "d.txt.gz").write_bytes(b"no gz")
    report = import_files(project, [folder])
    assert counts(report) == (3, 0, 2, 0)
    said = [str(fault) for fault in report.faults]
    assert len(said) == 3
    assert any("a.zip/deep/a.jsonl, line 2: the text is empty" in fault for fault in said)
    assert any("inner.zip: it is packed twice" in fault for fault in said)
    assert any("d.txt.gz: " in fault and "cannot be unpacked" in fault for fault in said)
    assert counts(import_files(project, [folder / "a.zip", folder / "c.jsonl.gz"]))[:2] == (0, 3)


def test_a_model_s_marks_stay_suggestions_beside_a_person_s(
    project: Project, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(folder / "a.jsonl", line(1, _annotator_id="Ana"), line(2, pipeline="bot"))
    read = Jsonl.read

    def told(self: Jsonl, source: Source, reading: Reading) -> Iterator[Piece]:
        for piece in read(self, source, reading):
            maker = Maker.MODEL if piece.record and piece.record.run else Maker.PERSON
            yield replace(piece, maker=maker)

    monkeypatch.setattr(Jsonl, "read", told)
    labelled = Choices(annotator="Ben", as_=As.LABELS)
    for models, expected in (
        (Models.SUGGESTIONS, (2, 0, 1, 1)),
        (Models.LABELS, (2, 0, 0, 2)),
        (Models.LEAVE_OUT, (2, 0, 0, 1)),
    ):
        report = import_files(project, [path], choices=replace(labelled, models=models), dry_run=True)
        assert counts(report) == expected


def test_what_suggestions_cannot_hold_is_told(project: Project, folder: Path) -> None:
    noted = line()
    noted["spans"][0]["note"] = "why"
    rejected = line(1, rejected=[{"start": RUSSIA[0], "end": RUSSIA[1], "label": "GPE"}])
    path = write(folder / "a.jsonl", noted, rejected)
    told = [import_files(project, [path], dry_run=dry_run).notes for dry_run in (True, False)]
    assert told[0] == told[1]
    assert told[0] == (
        "1 note left out, as suggestions have none: name the annotator to keep them with labels.",
        "1 rejected suggestion left out, as nobody is named who rejected them.",
    )
    assert import_files(project, [path], annotator="Ana").notes == ()


def test_an_article_that_comes_again_with_other_facts_is_told(project: Project, folder: Path) -> None:
    import_files(project, [write(folder / "a.jsonl", line(title="Talks", meta={"source": "AP"}))])
    same = write(folder / "same.jsonl", line(), line(title="Talks", meta={"source": "AP"}))
    assert import_files(project, [same]).notes == ()
    other = write(folder / "other.jsonl", line(title="Letters"))
    with Project.open(project.path, Access.READ) as reader:
        foreseen = import_files(reader, [other], dry_run=True)
    report = import_files(project, [other])
    (told,) = report.notes
    assert "came with another title or other facts: what was here stays" in told
    assert foreseen.notes == report.notes
    other = write(folder / "meta.jsonl", line(meta={"n": 1}))
    assert import_files(project, [other]).notes == (told,)


def test_what_is_to_be_said_of_many_files_is_said_once(project: Project, folder: Path) -> None:
    for n in range(3):
        (folder / f"{n}.txt").write_bytes(f"Caf\xe9 {n}".encode("latin-1"))
    (note,) = import_files(project, [folder]).notes
    assert note.startswith("Not UTF-8: read as cp1252")
    assert note.endswith(f"(3 records in 3 files, the first {folder / '0.txt'}).")


def test_marks_that_are_gold_are_counted_and_told_once(project: Project, folder: Path) -> None:
    value = {"start": LAVROV[0], "end": LAVROV[1], "text": "Lavrov", "labels": ["PERSON"]}
    result = [{"id": "a", "from_name": "label", "to_name": "text", "type": "labels", "value": value}]
    annotation = {"completed_by": 3, "ground_truth": True, "result": result}
    path = folder / "export.json"
    path.write_text(json.dumps([{"data": {"text": TALKS}, "annotations": [annotation]}]), "utf-8")
    report = import_files(project, [path], dry_run=True)
    assert [(row.theirs, row.count) for row in report.mapping] == [("PERSON", 1)]
    value["labels"] = ["PLACE"]
    path.write_text(json.dumps([{"data": {"text": TALKS}, "annotations": [annotation]}]), "utf-8")
    assert len(import_files(project, [path]).faults) == 1


def test_choices_that_meet_nothing_are_told(project: Project, folder: Path) -> None:
    path = write(folder / "a.jsonl", line())
    choices = Choices(labels=LabelChoices({"ZZZ": "PERSON", "QQQ": "", "PERSON": "PERSON"}))
    assert import_files(project, [path], choices=choices).notes == (
        "No file has a label ZZZ, which was to become PERSON.",
        "No file has a label QQQ, which was to become nothing.",
    )
    (folder / "b.txt").write_text("Talks", "utf-8")
    counted = Choices(unit=OffsetUnit.UTF16)
    with pytest.raises(FormatError, match="--offsets says how marks are counted"):
        import_files(project, [folder / "b.txt"], choices=counted)
    assert import_files(project, [folder], choices=counted).articles == 1
