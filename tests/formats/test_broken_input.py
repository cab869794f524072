"""Broken files of every kind: each fault names its place, and only what is good comes in."""

import gzip
import io
import json
import os
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from annotator.services.exchange import ImportReport, import_files
from annotator.services.importing import Choices
from annotator.storage.project import Project
from tests.formats.pdfs import pdf
from tests.formats.samples import LABELS, TALKS

Files = Mapping[str, bytes | str]


@dataclass(frozen=True, slots=True)
class Broken:
    """Files of which the first is imported; the place that the first fault names, and what it says.

    `good` articles of it come in nevertheless. `place` is what follows the file's name.
    """

    name: str
    files: Files
    place: str
    said: str
    good: int = 0
    format: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[Path], object] = lambda folder: None


def record(**fields: object) -> str:
    return json.dumps({"text": TALKS} | fields) + "\n"


def span(start: object, end: object, **fields: object) -> str:
    return record(spans=[{"start": start, "end": end, "label": "PERSON"} | fields])


GOOD = json.dumps({"text": "Good talks.", "spans": [{"start": 0, "end": 4, "label": "PERSON"}]}) + "\n"


def lines(bad: str | bytes) -> Files:
    """Native JSONL: a good line, a bad one, a good one."""
    middle = bad.encode() if isinstance(bad, str) else bad
    return {"a.jsonl": GOOD.encode() + middle + GOOD.replace("Good", "More").encode()}


def label_studio(*results: object, text: object = TALKS) -> Files:
    """A broken task and a good one."""
    bad = {"id": 1, "data": {"text": text}, "annotations": [{"result": list(results)}]}
    good = {"id": 2, "data": {"text": "Good talks."}, "annotations": [{"result": []}]}
    return {"a.json": json.dumps([bad, good])}


def region(start: object, end: object, key: str = "r1", **value: object) -> dict[str, object]:
    said = {"start": start, "end": end, "labels": ["PERSON"]} | value
    return {"id": key, "from_name": "label", "to_name": "text", "type": "labels", "value": said}


def brat(ann: str | bytes, text: str = TALKS) -> Files:
    return {"a.txt": text, "a.ann": ann}


def doccano(bad: object) -> Files:
    good = {"text": "Good talks.", "label": [[0, 4, "PERSON"]]}
    return {
        "a.jsonl": "".join(json.dumps(item) + "\n" for item in (good, bad, good | {"text": "More talks."}))
    }


def packed(*members: tuple[str | zipfile.ZipInfo, bytes | str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def said_to_be(data: bytes, size: int) -> bytes:
    """A zip of one member of 3,000 bytes that calls itself longer."""
    return data.replace(struct.pack("<I", 3_000), struct.pack("<I", size))


def _as_pipe(folder: Path) -> None:
    (folder / "a.txt").unlink()
    os.mkfifo(folder / "a.txt")


ENTITIES = '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PDF = pdf(["Talks in Kyiv."])

CASES = [
    # Native JSONL
    Broken("cut JSON", lines('{"text": "Talks\n'), ", line 2", "not valid JSON", 2),
    Broken("cut in the last line", {"a.jsonl": GOOD + '{"text": "Ta'}, ", line 2", "not valid JSON", 1),
    Broken("no object", lines("[1, 2]\n"), ", line 2", "the line is [1, 2]", 2),
    Broken("a number", lines("7\n"), ", line 2", "the line is 7", 2),
    Broken("NaN", lines('{"text": "a", "spans": NaN}\n'), ", line 2", "not valid JSON", 2),
    Broken(
        "nested too deep",
        lines('{"text": ' + "[" * 5_000 + "]" * 5_000 + "}\n"),
        ", line 2",
        "depth limit",
        2,
    ),
    Broken("no text", lines('{"spans": []}\n'), ", line 2", 'has no "text"', 2),
    Broken("text that is a number", lines('{"text": 7}\n'), ", line 2", '"text" is 7', 2),
    Broken("text that is null", lines('{"text": null}\n'), ", line 2", '"text" is null', 2),
    Broken("empty text", lines('{"text": ""}\n'), ", line 2", "the text is empty", 2),
    Broken("NUL in the text", lines('{"text": "a\\u0000b"}\n'), ", line 2", "NUL character at 1", 2),
    Broken("bare NUL", lines('{"text": "a\0b"}\n'), ", line 2", "not valid JSON", 2),
    Broken("half a surrogate pair", lines('{"text": "a\\ud83d"}\n'), ", line 2", "no low surrogate", 2),
    Broken("bytes that are no UTF-8", lines(b'{"text": "caf\xe9"}\n'), ", line 2", "not valid JSON", 2),
    Broken("UTF-16", {"a.jsonl": GOOD.encode("utf-16")}, "", "the file is UTF-16"),
    Broken(
        "lone CR between records", lines('{"text": "a"}\r{"text": "b"}\n'), ", line 2", "not valid JSON", 2
    ),
    Broken("offsets past the end", lines(span(2, 99)), ", line 2", "ends at 99", 2),
    Broken("inverted offsets", lines(span(8, 2)), ", line 2", "backwards", 2),
    Broken("empty span", lines(span(2, 2)), ", line 2", "is empty", 2),
    Broken("negative offsets", lines(span(-3, 2)), ", line 2", "before the text", 2),
    Broken("offsets that are floats", lines(span(2.0, 8.0)), ", line 2", "no whole numbers", 2),
    Broken("offsets that are strings", lines(span("2", "8")), ", line 2", "no whole numbers", 2),
    Broken("offsets that are booleans", lines(span(False, True)), ", line 2", "no whole numbers", 2),
    Broken("offsets without bounds", lines(span(2, 10**30)), ", line 2", "no whole numbers", 2),
    Broken("another text than covered", lines(span(2, 8, text="Russia")), ", line 2", 'not "Russia"', 2),
    Broken(
        "spans that are no list", lines(record(spans={"start": 1})), ", line 2", '"spans" is {"start": 1}', 2
    ),
    Broken(
        "a span that is no object", lines(record(spans=[7])), ", line 2", "the entity 7 is not an object", 2
    ),
    Broken("a label that is a number", lines(span(2, 8, label=7)), ", line 2", "the label 7", 2),
    Broken("an unknown label", lines(span(2, 8, label="WIZARD")), ", line 2", "WIZARD", 2),
    Broken("a score of 7", lines(span(2, 8, score=7)), ", line 2", "from 0 to 1", 2),
    Broken(
        "a holder past the end",
        lines(
            record(stances=[{"start": 21, "end": 33, "label": "FAVOR", "holder": {"start": 2, "end": 99}}])
        ),
        ", line 2",
        "the holder of a stance",
        2,
    ),
    Broken(
        "a zone of no kind",
        lines(record(zones=[{"start": 2, "end": 8, "kind": "x"}])),
        ", line 2",
        "one of debris",
        2,
    ),
    # Label Studio
    Broken("a list that is cut", {"a.json": label_studio()["a.json"][:-20]}, "", "not valid JSON", 1),  # type: ignore[index]
    Broken("a task without text", label_studio(text=None), "[0]", "hold no text", 1),
    Broken("a region past the end", label_studio(region(2, 99)), "[0]", "from 2 to 99", 1),
    Broken("a region inverted", label_studio(region(8, 2)), "[0]", "from 8 to 2", 1),
    Broken("a region of floats", label_studio(region(2.5, 8)), "[0]", "whole numbers", 1),
    Broken("a region of strings", label_studio(region("2", "8")), "[0]", "whole numbers", 1),
    Broken(
        "half a pair in a task",
        {"a.json": '[{"data":{"text":"a\\ud83d"},"annotations":[]}]'},
        "[0]",
        "U+D83D",
    ),
    # doccano
    Broken(
        "doccano: past the end", doccano({"text": TALKS, "label": [[2, 99, "PERSON"]]}), ", line 2", "99", 2
    ),
    Broken("doccano: negative", doccano({"text": TALKS, "label": [[-2, 9, "PERSON"]]}), ", line 2", "-2", 2),
    Broken(
        "doccano: two numbers",
        doccano({"text": TALKS, "label": [[2, 9]]}),
        ", line 2",
        "label[0] is [2, 9]",
        2,
    ),
    Broken(
        "doccano: unknown label",
        doccano({"text": TALKS, "label": [[3, 9, "WIZARD"]]}),
        ", line 2",
        "WIZARD",
        2,
    ),
    # brat
    Broken("brat: no offsets", brat("T1\tPERSON two 8\tLavrov\n"), "", "line 1 of the .ann file"),
    Broken("brat: past the end", brat("T1\tPERSON 2 99\tLavrov\n"), "", "99"),
    Broken("brat: an id twice", brat("T1\tPERSON 2 8\tLavrov\nT1\tGPE 14 20\tRussia\n"), "", "the second T1"),
    Broken("brat: an event without its words", brat("E1\tStance:T9 Holder:T8\n"), "", "the holder of E1"),
    Broken("brat: a line of nothing known", brat("Z1 what\n"), "", "line 1 of the .ann file"),
    Broken(
        "brat: marks that are no UTF-8", brat(b"T1\tPERSON 2 8\tLavr\xf6v\n"), "", "byte 18 of the .ann file"
    ),
    # CoNLL, W3C, WebAnno
    Broken(
        "CoNLL: a word without a tag",
        {"a.conll": "-DOCSTART- O\n\nGood O\n\n-DOCSTART- O\n\nLavrov\n"},
        ", line 7",
        "the line 'Lavrov'",
        1,
    ),
    Broken("CoNLL: no UTF-8", {"a.conll": b"-DOCSTART- O\n\nLavr\xf6v O\n"}, ", line 3", "not UTF-8"),
    Broken(
        "W3C: cut",
        {"a.jsonld": '{"@context": "http://www.w3.org/ns/anno.jsonld", "items": ['},
        "",
        "not valid JSON",
    ),
    Broken(
        "WebAnno: offsets of another text",
        {"a.tsv": "#FORMAT=WebAnno TSV 3.3\n\n\n#Text=Hi\n1-1\t0-9\tHi\t\n"},
        ", line 5",
        "from 0 to 9",
    ),
    # Plain text
    Broken("an empty file", {"a.txt": b""}, "", "the text is empty"),
    Broken("NUL in a text", {"a.txt": b"a\0b"}, "", "NUL character at 1"),
    Broken("a picture", {"a.txt": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xd8"}, "", "not text"),
    Broken(
        "UTF-16 without a mark", {"a.txt": "\xe9clair et talks".encode("utf-16-le")}, "", "UTF-16 without"
    ),
    Broken("half a UTF-16 pair", {"a.txt": b"\xff\xfe\x3d\xd8"}, "", "not UTF-16"),
    # Tables
    Broken(
        "rows of other lengths",
        {"a.csv": "id,text\n1,Good\n2,a,b\n3,Fine\n"},
        ", line 3",
        "3 cells, not 2",
        2,
    ),
    Broken(
        "quotes that do not end", {"a.csv": 'id,text\n1,Good\n2,"Talks\n'}, ", line 3", "quotes of the row", 1
    ),
    Broken(
        "quotes within a cell", {"a.csv": 'id,text\n2,"Ta"lks"\n1,Good\n'}, ", line 2", "quotes of the row", 1
    ),
    Broken("no column of texts", {"a.csv": "id,titel\n1,Good\n"}, "", "no column is called text"),
    Broken(
        "a column that is not there",
        {"a.csv": "id,text\n1,Good\n"},
        "",
        "no column 'body'",
        0,
        "csv",
        {"text": "body"},
    ),
    Broken("NUL in a cell", {"a.csv": "id,text\n1,Good\n2,Ta\0lks\n"}, ", line 3", "NUL", 1),
    # Documents
    Broken("a page of nothing", {"a.html": "<html><body><img src='a.png'></body></html>"}, "", "no article"),
    Broken(
        "a page of entities",
        {
            "a.html": f"{ENTITIES}<html><p>&c;</p></html>",
        },
        "",
        "no article",
    ),
    Broken("a cut PDF", {"a.pdf": PDF[:400]}, "", "cut short"),
    Broken("a scanned PDF", {"a.pdf": pdf([])}, "", "no page has text"),
    Broken("a locked PDF", {"a.pdf": pdf(["Talks."], password="x")}, "", "encrypted"),
    Broken(
        "a cut Word file", {"a.docx": packed(("word/document.xml", "x"))[:-30]}, "", "the Word file is broken"
    ),
    Broken(
        "a Word file of entities",
        {
            "a.docx": packed(
                (
                    "[Content_Types].xml",
                    f'{ENTITIES}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">&c;</Types>',
                ),
                ("word/document.xml", "x"),
            )
        },
        "",
        "the Word file is broken",
    ),
    Broken(
        "a Word file that is a bomb",
        {"a.docx": packed(("word/document.xml", bytes(70_000_000)))},
        "",
        "would unpack",
    ),
    # Archives and places
    Broken("a cut zip", {"a.zip": packed(("a.txt", "Good"))[:-30]}, "", "no zip that can be read"),
    Broken(
        "a path out of a zip",
        {"a.zip": packed(("good.txt", "Good"), ("../../a.txt", "Talks"))},
        "",
        "a path out of it",
    ),
    Broken("a link in a zip", {"a.zip": packed((link("a.txt"), "/etc/passwd"))}, "", "the link"),
    Broken(
        "a zip that is a bomb",
        {"a.zip": said_to_be(packed(("a.txt", bytes(3_000))), 4_000_000_000)},
        "",
        "no honest zip",
    ),
    Broken(
        "a zip in a zip", {"a.zip": packed(("a.txt", "Good"), ("b.zip", "x"))}, "b.zip", "packed twice", 1
    ),
    Broken(
        "a broken file in a zip",
        {"a.zip": packed(("a.txt", "Good"), ("b.jsonl", '{"text": 7}\n'))},
        "b.jsonl, line 1",
        '"text" is 7',
        1,
    ),
    Broken("a cut gz", {"a.txt.gz": gzip.compress(b"Talks." * 100)[:-12]}, "", "cannot be unpacked"),
    Broken(
        "a gz that is a bomb", {"a.txt.gz": gzip.compress(bytes(70_000_000))}, "", "more bytes than it may"
    ),
    Broken(
        "a link out of a folder",
        {"news/a.txt": "Good"},
        "b.txt",
        "a link out of the folder",
        1,
        prepare=lambda folder: (folder / "news" / "b.txt").symlink_to("/etc/hostname"),
    ),
    Broken(
        "a link to nothing",
        {"news/a.txt": "Good"},
        "b.txt",
        "leads to no file",
        1,
        prepare=lambda folder: (folder / "news" / "b.txt").symlink_to("none"),
    ),
    Broken("a pipe", {"a.txt": ""}, "", "a pipe or a device", prepare=_as_pipe),
    Broken("a folder of nothing", {"news/a.png": "x"}, "", "no file that ends in"),
    Broken(
        "a file that is not there",
        {"a.txt": ""},
        "",
        "no such file",
        prepare=lambda folder: (folder / "a.txt").unlink(),
    ),
    Broken("a gz that is none", {"a.txt.gz": b"Talks"}, "", "cannot be unpacked"),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    with Project.create(tmp_path_factory.mktemp("broken") / "p.annot", LABELS) as project:
        yield project


def state(project: Project) -> tuple[list[str], list[int]]:
    """What the project holds: texts, suggestions, labels and label sets."""
    texts = sorted(text for (text,) in project.db.execute("SELECT text FROM article"))
    tables = ("suggestion", "entity", "stance", "labelset")
    return texts, [project.db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables]


def imported(project: Project, case: Broken, path: Path, *, strict: bool) -> ImportReport:
    choices = Choices(case.format, options=case.options)
    return import_files(project, [path], choices=choices, strict=strict)


def written(case: Broken, folder: Path) -> Path:
    for name, data in case.files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    case.prepare(folder)
    return folder / Path(next(iter(case.files))).parts[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_broken_input_is_named_and_only_what_is_good_comes_in(
    project: Project, tmp_path: Path, case: Broken
) -> None:
    path = written(case, tmp_path)
    before = state(project)
    report = imported(project, case, path, strict=True)
    assert state(project) == before, "with --strict nothing comes in"
    first = str(report.faults[0])
    assert first.startswith(str(path))
    assert case.place in first.removeprefix(str(path)).partition(": ")[0]
    assert case.said in first
    assert len(first) < 1_000
    report = imported(project, case, path, strict=False)
    assert report.articles + report.duplicates == case.good
    count, new = len(before[0]), len(state(project)[0])
    assert new == count + report.articles
