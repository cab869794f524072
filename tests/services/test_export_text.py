"""Exporting plain text: a folder of the articles as they came in."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.errors import FormatError
from annotator.services.exchange import export, import_files
from annotator.storage.project import Project
from tests.formats.samples import LABELS

TEXTS = {
    "a.txt": "\ufeffHarbour opens\r\n\r\nBoats 👨‍👩‍👧 came.\t\r\n".encode(),
    "b.txt": "שלום / a slash: in the title?\nText\u2028here".encode(),
    "c.txt": b"...\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, data in TEXTS.items():
        (folder / name).write_bytes(data)
    with Project.create(tmp_path / "p.annot", LABELS) as project:
        assert import_files(project, [folder]).articles == 3
        yield project


def test_every_article_is_a_file_byte_for_byte_in_order_with_a_name_that_tells(
    project: Project, tmp_path: Path
) -> None:
    report = export(project, tmp_path / "out", format_name="text")
    files = sorted((tmp_path / "out").iterdir())
    assert [file.read_bytes() for file in files] == list(TEXTS.values())
    assert [file.name for file in files] == [
        "00001-harbour-opens.txt",
        "00002-שלום-a-slash-in-the-title.txt",
        "00003.txt",
    ]
    assert report.records == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "in",
        "out",
        "p.annot",
        "p.annot-shm",
        "p.annot-wal",
        "p.annot.lock",
    ]


def test_what_texts_do_not_carry_is_told(project: Project, tmp_path: Path) -> None:
    source = tmp_path / "marks.jsonl"
    source.write_text(
        '{"text": "Lavrov spoke", "spans": [{"start": 0, "end": 6, "label": "PERSON"}]}\n', "utf-8"
    )
    import_files(project, [source])
    report = export(project, tmp_path / "out", format_name="text")
    assert [(loss.count, loss.what) for loss in report.losses] == [
        (1, "entities"),
        (1, "records' pipelines"),
    ]


def test_only_a_new_or_empty_folder_is_taken(project: Project, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert export(project, tmp_path / "empty", format_name="text").records == 3
    with pytest.raises(FormatError, match="not empty"):
        export(project, tmp_path / "in", format_name="text")
    with pytest.raises(FormatError, match="is a file"):
        export(project, project.path, format_name="text")
    with pytest.raises(FormatError, match="no folder"):
        export(project, tmp_path / "none" / "out", format_name="text")
    with pytest.raises(FormatError, match="needs a folder"):
        export(project, "-", format_name="text")


def test_a_split_is_a_folder_a_part(project: Project, tmp_path: Path) -> None:
    report = export(project, tmp_path / "out", format_name="text", split="train=.5,test=.5")
    parts = [tmp_path / "out-train", tmp_path / "out-test"]
    assert [Path(file) for file, _ in report.files] == parts
    assert sum(len(list(part.iterdir())) for part in parts) == 3


def test_a_disk_that_gives_back_other_bytes_leaves_no_folder(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: _spoil(tmp_path))
    with pytest.raises(FormatError, match="does not read back"):
        export(project, tmp_path / "out", format_name="text")
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".out*"))


def _spoil(folder: Path) -> None:
    for file in folder.glob(".out*/*"):
        file.write_bytes(b"spoilt")
