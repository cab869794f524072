"""Exporting: what was saved and nothing else, in a file that takes its place only when it is whole."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.domain.codec.records import Record
from annotator.domain.errors import FormatError
from annotator.domain.text import Span
from annotator.formats.jsonl import Encoder
from annotator.services.exchange import export, import_files
from annotator.services.labelling import Labelling
from annotator.storage.project import Access, Project
from tests.formats.samples import LABELS, LAVROV, RUSSIA, TALKS, label_records, suggestion_records


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """One article with two suggestions; Ana accepted one and added a third mark."""
    source = tmp_path / "source.jsonl"
    spans = [
        {"start": LAVROV[0], "end": LAVROV[1], "label": "PERSON", "score": 0.5},
        {"start": RUSSIA[0], "end": RUSSIA[1], "label": "GPE", "pipeline": "en_test", "version": "1"},
    ]
    run = {"pipeline": "en_test", "version": "1"}
    source.write_text(json.dumps({"text": TALKS, "spans": spans} | run) + "\n", "utf-8")
    with Project.create(tmp_path / "p.annot", LABELS) as project:
        assert import_files(project, [source]).suggestions == 2
        labelling = Labelling(project, "Ana")
        (article_id,) = (row[0] for row in project.db.execute("SELECT id FROM article"))
        labelling.accept(article_id, labelling.open(article_id).shown[0].id, ms=7)
        labelling.add(article_id, Span(9, 13), "PERSON")
        yield project


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "o.jsonl"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_labels_are_exported_and_undecided_suggestions_are_not(project: Project, out: Path) -> None:
    report = export(project, out)
    assert (report.of, report.records) == ("annotator:Ana", 1)
    (record,) = lines(out)
    assert record["text"] == TALKS
    assert record["spans"] == [
        {"start": 2, "end": 8, "label": "PERSON", "text": "Lavrov", "score": 0.5}
        | {"source": "accepted", "pipeline": "en_test", "version": "1", "ms": 7, "saw_suggestion": True},
        {"start": 9, "end": 13, "label": "PERSON", "text": "said", "source": "added", "saw_suggestion": True},
    ]
    assert (record["status"], record["answer"], record["_annotator_id"]) == ("doing", "ignore", "Ana")
    assert record["labelset"] == {"name": "news", "version": 1, "id": LABELS.id}
    assert isinstance(record["_timestamp"], int)


def test_suggestions_are_exported_whole(project: Project, out: Path) -> None:
    export(project, out, of="suggestions")
    (record,) = lines(out)
    assert [span["text"] for span in record["spans"]] == ["Lavrov", "Russia"]
    assert {span["pipeline"] for span in record["spans"]} == {"en_test"}
    assert "status" not in record
    assert "_annotator_id" not in record


def test_marks_stand_in_reading_order_the_longer_first(tmp_path: Path, out: Path) -> None:
    places = [(20, 21, "GPE"), (2, 8, "PERSON"), (2, 13, "PERSON"), (2, 8, "GPE")]
    spans = [{"start": start, "end": end, "label": label} for start, end, label in places]
    source = tmp_path / "mixed.jsonl"
    source.write_text(json.dumps({"text": TALKS, "spans": spans}) + "\n", "utf-8")
    with Project.create(tmp_path / "mixed.annot", LABELS) as project:
        import_files(project, [source])
        import_files(project, [source], annotator="Ana")
        for of in ("suggestions", "annotator:Ana"):
            export(project, out, of=of)
            (record,) = lines(out)
            assert [(span["start"], span["end"], span["label"]) for span in record["spans"]] == [
                *((2, 13, "PERSON"), (2, 8, "GPE"), (2, 8, "PERSON"), (20, 21, "GPE"))
            ]


def test_the_same_export_is_the_same_file(project: Project, out: Path) -> None:
    export(project, out)
    first = out.read_bytes()
    export(project, out)
    assert out.read_bytes() == first


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(label_records() | suggestion_records(), min_size=1, max_size=4))
def test_what_is_exported_and_imported_elsewhere_exports_the_same(
    tmp_path: Path, records: list[Record]
) -> None:
    files = [tmp_path / name for name in ("first.jsonl", "second.jsonl", "third.jsonl")]
    encoder = Encoder(LABELS)
    files[0].write_bytes(b"".join(encoder.line(record) for record in records))
    labelled = any(record.annotator for record in records)
    for source, target in pairwise(files):
        path = tmp_path / "round.annot"
        path.unlink(missing_ok=True)
        with Project.create(path, LABELS) as project:
            assert import_files(project, [source]).faults == ()
            export(project, target, of="annotator:Ana 👩" if labelled else "suggestions")
    assert files[1].read_bytes() == files[2].read_bytes()
    texts = [record["text"] for record in lines(files[2])]
    assert texts == list(dict.fromkeys(record.article.text for record in records))


def test_only_articles_with_the_wanted_status_are_exported(project: Project, out: Path) -> None:
    assert export(project, out, statuses=["done"]).records == 0
    assert export(project, out, statuses=["done", "doing"]).records == 1
    with pytest.raises(FormatError, match="no status 'finished'"):
        export(project, out, statuses=["finished"])
    with pytest.raises(FormatError, match="Suggestions have no status"):
        export(project, out, of="suggestions", statuses=["done"])


def test_whose_labels_must_be_said_when_there_are_several(project: Project, out: Path) -> None:
    project.annotator_id("Bob")
    assert export(project, out).of == "annotator:Ana"  # Bob has done nothing yet
    Labelling(project, "Bob").add(
        project.db.execute("SELECT id FROM article").fetchone()[0], Span(0, 1), "GPE"
    )
    with pytest.raises(FormatError, match="--of annotator:Ana; --of annotator:Bob; --of suggestions"):
        export(project, out)


@pytest.mark.parametrize("of", ["annotator:Eve", "annotator:", "gold", "everything"])
def test_what_cannot_be_exported_is_said_with_what_can(project: Project, out: Path, of: str) -> None:
    with pytest.raises(FormatError, match="--of annotator:Ana; --of suggestions"):
        export(project, out, of=of)


def test_a_split_is_by_content_and_whole(tmp_path: Path, out: Path) -> None:
    source = tmp_path / "many.jsonl"
    words = ["".join(random.Random(n).choices("abcdefgh ", k=90)) for n in range(300)]
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in words), "utf-8")
    with Project.create(tmp_path / "many.annot", LABELS) as project:
        import_files(project, [source])
        report = export(project, out, of="suggestions", split="train=.8,dev=.1,test=.1")
    sizes = {Path(file).name: count for file, count in report.files}
    assert list(sizes) == ["o-train.jsonl", "o-dev.jsonl", "o-test.jsonl"]
    assert sum(sizes.values()) == 300
    assert 210 <= sizes["o-train.jsonl"] <= 270
    assert not out.exists()
    parts = [{record["text"] for record in lines(Path(file))} for file, _ in report.files]
    assert len(set.union(*parts)) == 300


@pytest.mark.parametrize("split", ["train", "train=.8", "a=.5,a=.5", "a=x,b=1", ""])
def test_a_split_that_makes_no_sense_is_refused(project: Project, out: Path, split: str) -> None:
    with pytest.raises(FormatError, match=r"write it like train=\.8"):
        export(project, out, split=split)


def test_standard_output_gets_the_lines(project: Project, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert export(project, "-").records == 1
    assert json.loads(capfdbinary.readouterr().out)["text"] == TALKS
    with pytest.raises(FormatError, match="needs files"):
        export(project, "-", split="a=.5,b=.5")


def test_standard_output_gets_nothing_of_what_is_only_foreseen_or_does_not_read_back(
    project: Project, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert export(project, "-", dry_run=True).records == 1
    monkeypatch.setattr("annotator.formats.jsonl.Encoder.line", lambda *_: b"{}\n")
    with pytest.raises(FormatError, match="does not read back"):
        export(project, "-")
    assert capfdbinary.readouterr().out == b""


def test_a_reader_that_has_seen_enough_ends_the_export(tmp_path: Path) -> None:
    """As `annotator export ... - | head -n 1`, in a process of its own."""
    source = tmp_path / "many.jsonl"
    source.write_text("".join(json.dumps({"text": f"{TALKS * 50} {n}"}) + "\n" for n in range(300)), "utf-8")
    path = tmp_path / "many.annot"
    with Project.create(path, LABELS) as project:
        import_files(project, [source])
    code = (
        "import sys; from pathlib import Path; from annotator.services.exchange import export;"
        "from annotator.storage.project import Access, Project;"
        "export(Project.open(Path(sys.argv[1]), Access.READ), '-', of='suggestions')"
    )
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.readline().startswith(b"{")
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait() == 0


def test_an_export_that_fails_leaves_the_old_file(
    project: Project, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out.write_text("before", "utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FormatError, match="No space left"):
        export(project, out)
    assert out.read_text("utf-8") == "before"
    assert os.listdir(out.parent) == [out.name]


def test_an_interrupted_export_leaves_the_old_file(project: Project, out: Path) -> None:
    out.write_text("before", "utf-8")

    def interrupt(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(project, out, progress=interrupt)
    assert out.read_text("utf-8") == "before"
    assert os.listdir(out.parent) == [out.name]


def test_bytes_that_come_back_otherwise_are_refused(
    project: Project, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damage(handle: int) -> None:
        os.pwrite(handle, b"#", 5)

    monkeypatch.setattr(os, "fsync", damage)
    with pytest.raises(FormatError, match="does not read back"):
        export(project, out)
    assert os.listdir(out.parent) == []


def test_places_that_no_export_may_take(project: Project, out: Path) -> None:
    with pytest.raises(FormatError, match="is a project"):
        export(project, project.path)
    with pytest.raises(FormatError, match="is a folder"):
        export(project, out.parent)
    with pytest.raises(FormatError, match="no folder"):
        export(project, out.parent / "none" / "o.jsonl")


def test_a_link_stays_a_link_and_a_device_a_device(project: Project, out: Path) -> None:
    real = out.with_name("real.jsonl")
    real.write_text("before", "utf-8")
    out.symlink_to(real)
    export(project, out)
    assert out.is_symlink()
    assert len(lines(real)) == 1
    export(project, os.devnull)
    assert not Path(os.devnull).is_file()


def test_a_project_open_elsewhere_can_be_exported(project: Project, out: Path) -> None:
    with Project.open(project.path, Access.READ) as beside:
        assert export(beside, out).records == 1


def test_an_export_of_nothing_says_whose_work_there_is(tmp_path: Path, out: Path) -> None:
    with Project.create(tmp_path / "empty.annot", LABELS) as project:
        with pytest.raises(FormatError, match="Nobody has labelled"):
            export(project, out)
        assert export(project, out, of="suggestions").records == 0
    assert out.read_bytes() == b""


@pytest.mark.skipif(os.name != "posix", reason="processes are asked for as Unix does")
def test_what_a_killed_export_left_is_swept_up_by_the_next(project: Project, out: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    left, young, alive, foreign = (
        out.with_name(f".{name}.part")
        for name in (f"{out.name}.{ended.pid}", f"{out.name}.999999999", f"{out.name}.1", "else.999999999")
    )
    for folder in (left, young, alive, foreign):
        folder.mkdir()
        (folder / "o.jsonl").write_text("half", "utf-8")
        os.utime(folder, (0, 0))
    os.utime(young)
    export(project, out)
    assert sorted(out.parent.iterdir()) == sorted([out, young, alive, foreign])
