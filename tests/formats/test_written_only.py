"""Formats that are only written: other programs' libraries read them; what they leave out is told."""

import csv
import io
from pathlib import Path

import orjson
import pytest

from annotator.domain.articles import Article
from annotator.domain.codec.records import MarkRow, Origin, Record
from annotator.domain.errors import FormatError
from annotator.formats.carrying import Feature
from annotator.formats.contract import Layout, Reading, Writer, Writing
from annotator.formats.registry import format_for, format_named
from annotator.formats.sources import FileSource, FolderSource
from annotator.formats.targets import Target
from tests.formats.samples import LABELS, LAVROV, RUSSIA, TALKS, WANTED

PERSON: MarkRow = ("entity", "PERSON", *LAVROV, None, "Sergei Lavrov", *(None,) * 6)  # type: ignore[assignment]
FOR: MarkRow = ("stance", "FAVOR", *WANTED, 0.5, None, *RUSSIA, None, *LAVROV, None)
AGAINST: MarkRow = ("stance", "AGAINST", *WANTED, None, None, *RUSSIA, None, *LAVROV, None)
LACKING: MarkRow = ("stance", "AGAINST", *WANTED, None, None, *RUSSIA, None, None, None, None)
LACKING_SHORT: MarkRow = ("stance", "FAVOR", 0, 4, None, None, None, None, None, None, None, None)
ARTICLE = Article.of(TALKS, title="A|B", published="2022-03-04", source="BBC", lang="en", meta={"n": 1})
RECORD = Record(ARTICLE, [PERSON, FOR], {0: Origin(None, 'why,\r\n"so"')}, annotator="Ana")


def written(name: str, folder: Path, *records: Record, **options: str) -> tuple[Path, Writer]:
    format_ = format_named(name)
    path = folder / f"o{format_.suffixes[0] if format_.suffixes else ''}"
    in_folder = format_.layout is Layout.FOLDER
    with Target(folder, None if in_folder else path.name) as target:
        writer = format_.writer(target, Writing(LABELS, options=options))
        for n, record in enumerate(records):
            writer.part = ("train", "dev")[n % 2] if format_.splits else ""
            writer.write(record)
        writer.close()
        target.close()
    return folder if in_folder else path, writer


def lost(writer: Writer) -> dict[Feature, int]:
    return {loss.feature: loss.count for loss in writer.losses()}


def test_csv_of_marks_has_a_row_for_each_mark(tmp_path: Path) -> None:
    path, writer = written("csv-marks", tmp_path, RECORD, Record(Article.of("None.")), separator="semicolon")
    with path.open(encoding="utf-8", newline="") as file:
        person, stance = csv.DictReader(file, delimiter=";")
    assert (person["text"], person["name"], person["note"]) == ("Lavrov", "Sergei Lavrov", 'why,\r\n"so"')
    assert (stance["label"], stance["holder_text"], stance["target_start"]) == ("FAVOR", "Russia", "2")
    assert lost(writer) == {Feature.TEXT: 2, Feature.META: 1, Feature.UNMARKED: 1}
    assert format_for("marks.csv") == "csv-marks"


def test_statements_take_names_and_count_as_java_does(tmp_path: Path) -> None:
    path, writer = written("dna", tmp_path, Record(ARTICLE, [PERSON, FOR, AGAINST, LACKING]))
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert [(row["actor"], row["concept"], row["agreement"]) for row in rows] == [
        ("Russia", "Sergei Lavrov", "1"),
        ("Russia", "Sergei Lavrov", "0"),
    ]
    utf16 = TALKS.encode("utf-16-le")
    start, end = int(rows[0]["start"]), int(rows[0]["end"])
    assert utf16[2 * start : 2 * end].decode("utf-16-le") == "wanted talks" == rows[0]["text"]
    assert (rows[0]["time"], rows[0]["source"], rows[0]["document_title"]) == ("2022-03-04", "BBC", "A|B")
    assert lost(writer)[Feature.STANCES] == 1


def test_networkx_reads_the_network(tmp_path: Path) -> None:
    networkx = pytest.importorskip("networkx")
    other = Record(Article.of(TALKS + "!"), [PERSON, FOR])
    broken: MarkRow = (*FOR[:8], "a\x01<&", *FOR[9:])
    path, writer = written(
        "graphml", tmp_path, Record(ARTICLE, [PERSON, FOR, AGAINST]), other, Record(ARTICLE, [broken])
    )
    graph = networkx.read_graphml(path, force_multigraph=True)
    label = graph.nodes(data="label")
    edges = {
        (label[one], label[two], data["polarity"]): (data["weight"], data["articles"], data["agreement"])
        for one, two, data in graph.edges(data=True)
    }
    assert edges == {
        ("Russia", "Sergei Lavrov", "FAVOR"): (2, 2, 1),
        ("Russia", "Sergei Lavrov", "AGAINST"): (1, 1, -1),
        ("a\ufffd<&", "Lavrov", "FAVOR"): (1, 1, 1),
    }
    assert any(loss.feature is Feature.TEXT and loss.changed for loss in writer.losses())


def test_markdown_shows_text_as_it_is(tmp_path: Path) -> None:
    text = "Lavrov *said*:\n1. <b>no</b>\n# yes"
    person: MarkRow = ("entity", "PERSON", 0, 6, None, None, None, None, None, None, None, None)
    path, _ = written("markdown", tmp_path, Record(Article.of(text), [person]), RECORD)
    report = path.read_text(encoding="utf-8")
    assert "> **Lavrov**<sub>PERSON</sub> \\*said\\*:\n>\n> 1\\. \\<b\\>no\\</b\\>\n>\n> \\# yes\n" in report
    assert "# A\\|B" in report
    assert "| FAVOR | Russia | Lavrov | wanted talks | 0.50 |  | 21–33 |" in report


def test_parquet_holds_an_article_a_row(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    many = [Record(Article.of(f"{TALKS} {n}"), [PERSON]) for n in range(450)]
    path, _ = written("parquet", tmp_path, RECORD, *many)
    table = parquet.read_table(path)
    assert table.num_rows == 451
    row = table.slice(0, 1).to_pylist()[0]
    assert (row["text"], row["meta"], row["annotator"]) == (TALKS, '{"n": 1}', "Ana")
    assert row["stances"][0]["holder"] == {"start": 14, "end": 20, "text": "Russia", "name": None}
    assert row["entities"][0]["note"] == 'why,\r\n"so"'


def test_a_damaged_parquet_does_not_prove(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path, _ = written("parquet", tmp_path, RECORD)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(FormatError, match="no Parquet"):
        list(format_named("parquet").proofs(FileSource(path), Reading(LABELS)))


def test_datasets_loads_the_folder_without_a_complaint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    datasets = pytest.importorskip("datasets")
    folder, _ = written("hf", tmp_path / "set", RECORD, Record(Article.of("None."), [LACKING_SHORT]))
    monkeypatch.setattr(datasets.logging.get_logger(), "propagate", True)
    loaded = datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))
    assert caplog.messages == []
    assert {name: split.num_rows for name, split in loaded.items()} == {"train": 1, "dev": 1}
    row = loaded["train"][0]
    assert (row["text"], row["entities"][0]["name"], row["stances"][0]["target"]["text"]) == (
        TALKS,
        "Sergei Lavrov",
        "Lavrov",
    )
    assert loaded["dev"][0]["stances"][0]["holder"] is None
    assert loaded["dev"].features["stances"].feature["score"].dtype == "float64"


def test_a_line_in_another_split_does_not_prove(tmp_path: Path) -> None:
    other = Record(Article.of("None."), [])
    folder, _ = written("hf", tmp_path, RECORD, other)
    before = sorted(format_named("hf").proofs(FolderSource(folder), Reading(LABELS)))
    train, dev = folder / "data/train.jsonl", folder / "data/dev.jsonl"
    one, two = train.read_bytes(), dev.read_bytes()
    train.write_bytes(two)
    dev.write_bytes(one)
    assert sorted(format_named("hf").proofs(FolderSource(folder), Reading(LABELS))) != before
    assert orjson.loads(one)["title"] == "A|B"


def test_the_card_counts_and_says_that_nobody_named_a_licence(tmp_path: Path) -> None:
    folder, _ = written("hf", tmp_path, RECORD)
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "| train | 1 | 1 | 1 |" in card
    assert 'language:\n- "en"' in card
    assert "license: unknown" in card
    assert "| PERSON | entity | PERSON |" in card
