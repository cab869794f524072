"""Exports as a person chooses them: whose marks, of which articles, under which names, with which texts."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.articles import Status
from annotator.domain.errors import FormatError
from annotator.domain.text import Span
from annotator.services.exchange import Choices, ExportChoices, Split, export, import_files
from annotator.services.labelling import Labelling
from annotator.storage.project import Project
from tests.formats.samples import LABELS, LAVROV, RUSSIA, TALKS, WANTED

OTHER = "Russia wanted talks with nobody at all, Lavrov wrote in a long letter."


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Ana accepted a suggestion, rejected one and added a mark; Ben marked the other of two articles."""
    spans = [
        {"start": LAVROV[0], "end": LAVROV[1], "label": "PERSON", "score": 0.5},
        {"start": RUSSIA[0], "end": RUSSIA[1], "label": "GPE"},
    ]
    source = tmp_path / "source.jsonl"
    records = [{"text": TALKS, "spans": spans, "pipeline": "p"}, {"text": OTHER, "meta": {"source": "AP"}}]
    source.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    with Project.create(tmp_path / "p.annot", LABELS) as project:
        import_files(project, [source])
        first, second = (id_ for (id_,) in project.db.execute("SELECT id FROM article ORDER BY position"))
        ana = Labelling(project, "Ana")
        shown = ana.open(first).shown
        ana.accept(first, shown[0].id)
        ana.reject(first, shown[1].id)
        ana.add(first, Span(*WANTED), "PERSON")
        Labelling(project, "Ben").add(second, Span(0, 6), "GPE")
        yield project


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "o.jsonl"


ANA = ExportChoices(of="annotator:Ana")


def test_only_what_answers_a_suggestion_is_kept(project: Project, out: Path) -> None:
    export(project, out, choices=replace(ANA, decided=True))
    marks = [span["text"] for record in lines(out) for span in record["spans"]]
    assert marks == ["Lavrov"]
    assert [item["text"] for item in lines(out)[0]["rejected"]] == ["Russia"]


def test_rejected_suggestions_can_stay_out(project: Project, out: Path) -> None:
    export(project, out, choices=replace(ANA, rejected=False))
    assert all("rejected" not in record for record in lines(out))


def test_a_filter_chooses_articles_as_over_the_queue(project: Project, out: Path) -> None:
    assert export(project, out, choices=replace(ANA, filter="source:AP")).records == 1
    assert lines(out)[0]["text"] == OTHER
    assert export(project, out, choices=replace(ANA, filter="label:PERSON")).records == 1
    assert lines(out)[0]["text"] == TALKS
    assert export(project, out, choices=ExportChoices(of="suggestions", filter="source:AP")).records == 1
    with pytest.raises(FormatError, match="a date is like 2024"):
        replace(ANA, filter="before:soon")


def test_votes_are_a_record_of_each_annotator_who_began(project: Project, out: Path) -> None:
    report = export(project, out, choices=ExportChoices(of="votes"))
    assert report.records == 2
    assert [(record["_annotator_id"], record["text"]) for record in lines(out)] == [
        ("Ana", TALKS),
        ("Ben", OTHER),
    ]


def test_annotators_can_go_by_other_names(project: Project, out: Path) -> None:
    export(project, out, choices=ExportChoices(of="votes", pseudonyms=True))
    assert [record["_annotator_id"] for record in lines(out)] == ["annotator-1", "annotator-2"]
    assert b"Ana" not in out.read_bytes()


def test_gold_is_exported_with_who_settled_it(project: Project, tmp_path: Path, out: Path) -> None:
    with pytest.raises(FormatError, match="Nothing is gold"):
        export(project, out, of="gold")
    gold = tmp_path / "gold.jsonl"
    stance = {"start": WANTED[0], "end": WANTED[1], "label": "FAVOR", "target": None, "note": "why"}
    stance["holder"] = {"start": RUSSIA[0], "end": RUSSIA[1], "name": "Russia"}
    span = {"start": LAVROV[0], "end": LAVROV[1], "label": "PERSON", "name": "Sergei Lavrov"}
    gold.write_text(json.dumps({"text": TALKS, "spans": [span], "stances": [stance]}) + "\n", "utf-8")
    import_files(project, [gold], annotator="Lea", as_="gold")
    assert export(project, out, of="gold").records == 1
    (record,) = lines(out)
    assert (record["_annotator_id"], record["status"], record["answer"]) == ("Lea", "done", "accept")
    assert record["spans"] == [span | {"text": "Lavrov"}]
    assert record["stances"][0]["note"] == "why"
    assert record["stances"][0]["holder"] == {"start": 14, "end": 20, "text": "Russia", "name": "Russia"}


def test_marks_without_texts_fit_a_project_that_has_them(project: Project, tmp_path: Path, out: Path) -> None:
    export(project, out, choices=replace(ANA, with_text=False))
    assert b"Lavrov" not in out.read_bytes()
    assert b"wanted" not in out.read_bytes()
    with Project.create(tmp_path / "other.annot", LABELS) as other:
        report = import_files(other, [out])
        assert "import the article's text first" in str(report.faults[0])
        (tmp_path / "texts").mkdir()
        for n, text in enumerate((TALKS, OTHER)):
            (tmp_path / "texts" / f"{n}.txt").write_text(text, "utf-8")
        import_files(other, [tmp_path / "texts"])
        report = import_files(other, [out])
        assert (report.faults, report.labels) == ((), 2)
        again = tmp_path / "again.jsonl"
        export(other, again, of="annotator:Ana")
    export(project, out, choices=ANA)
    assert [record["spans"] for record in lines(again)] == [record["spans"] for record in lines(out)]
    with pytest.raises(FormatError, match="needs the texts"):
        export(project, tmp_path / "x", choices=ExportChoices("text", with_text=False))


def test_a_title_that_is_not_from_the_text_goes_without_it(
    project: Project, tmp_path: Path, out: Path
) -> None:
    titled = tmp_path / "titled.jsonl"
    titled.write_text(json.dumps({"text": OTHER + " Again.", "title": "A letter", "spans": []}), "utf-8")
    import_files(project, [titled], annotator="Cem")
    assert export(project, out, choices=ExportChoices(of="annotator:Cem", with_text=False)).losses == ()
    assert not any("text" in record for record in lines(out))
    assert [record["title"] for record in lines(out) if "title" in record] == ["A letter"]


def test_copies_of_an_article_are_in_the_same_part(tmp_path: Path, out: Path) -> None:
    words = ["".join(random.Random(n).choices("abcdefghijk", k=6)) for n in range(500)]
    texts = [" ".join(random.Random(n).choices(words, k=80)) for n in range(40)]
    source = tmp_path / "many.jsonl"
    every = [*texts, *(text + " (Corrects a name)" for text in texts)]
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in every), "utf-8")
    with Project.create(tmp_path / "many.annot", LABELS) as project:
        import_files(project, [source])
        choices = ExportChoices(of="suggestions", split=Split.parsed("a=.5,b=.5", seed=3))
        report = export(project, out, choices=choices)
    parts = [{record["text"][:100] for record in lines(Path(file))} for file, _ in report.files]
    assert all(parts)
    assert not parts[0] & parts[1]


def test_a_dry_run_tells_the_losses_and_leaves_nothing(project: Project, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    report = export(project, tmp_path / "x", choices=ExportChoices("text", of="annotator:Ana"), dry_run=True)
    assert sorted(tmp_path.iterdir()) == before
    assert (report.records, report.dry_run) == (2, True)
    facts, entities = report.losses[:2]
    assert facts.examples[0].article == OTHER
    assert (entities.count, entities.what, entities.examples[0].text) == (2, "entities", "Lavrov")
    assert (
        "Not carried: 2 entities (first “Lavrov” in 👨 Lavrov said Russia wanted talks.)." in report.lines()
    )
    assert report.to_dict()["losses"][1]["kind"] == "entities"  # type: ignore[index]


def test_progress_reaches_its_total_over_splitting_writing_and_reading_back(
    project: Project, out: Path
) -> None:
    told: list[tuple[int, int | None]] = []
    choices = replace(ANA, split=Split.parsed("a=.5,b=.5"))
    export(project, out, choices=choices, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (6, 6)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_the_ending_of_the_file_says_the_format(project: Project, tmp_path: Path) -> None:
    assert export(project, tmp_path / "o.ndjson", choices=ANA).format == "jsonl"
    assert export(project, tmp_path / "o.strange", choices=ANA).format == "jsonl"


def test_an_option_that_a_format_lacks_is_refused(project: Project, tmp_path: Path, out: Path) -> None:
    with pytest.raises(FormatError, match="jsonl has no option 'scheme'"):
        export(project, out, choices=replace(ANA, options={"scheme": "iob1"}))
    (tmp_path / "a.txt").write_text("a", "utf-8")
    with pytest.raises(FormatError, match="No file's format has an option 'scheme'"):
        import_files(project, [tmp_path / "a.txt"], choices=Choices(options={"scheme": "iob1"}))


def test_articles_not_begun_are_no_examples_where_nobody_would_see_it(
    project: Project, tmp_path: Path, out: Path
) -> None:
    report = export(project, tmp_path / "ana.conll", choices=ANA)
    assert report.records == 1
    assert report.notes == (
        "1 article not begun left out: --status todo,... writes them.",
        "1 article not done written as if done: --status done leaves them out.",
    )
    assert set(report.notes) < set(report.lines())
    assert report.to_dict()["notes"] == list(report.notes)
    asked = replace(ANA, statuses=tuple(Status))
    assert export(project, tmp_path / "all.conll", choices=asked).records == 2
    assert export(project, out, choices=ANA).records == 2
    assert [record["answer"] for record in lines(out)] == ["ignore", "ignore"]


@pytest.mark.parametrize("of", ["suggestions", "gold"])
def test_what_answers_nothing_is_no_choice(project: Project, out: Path, of: str) -> None:
    if of == "gold":
        record = {"text": TALKS, "spans": [{"start": LAVROV[0], "end": LAVROV[1], "label": "PERSON"}]}
        gold = out.with_name("gold.jsonl")
        gold.write_text(json.dumps(record), "utf-8")
        import_files(project, [gold], annotator="Lea", as_="gold")
    with pytest.raises(FormatError, match=f"and there are none in {of}"):
        export(project, out, choices=ExportChoices(of=of, decided=True))
    assert not out.exists()


@pytest.mark.parametrize("name", ["x.pdf", "x.docx", "x.html"])
def test_an_ending_of_files_that_are_only_read_is_refused(
    project: Project, tmp_path: Path, name: str
) -> None:
    with pytest.raises(FormatError, match=r"can only be read: give .* another ending"):
        export(project, tmp_path / name, of="annotator:Ana")
    assert export(project, tmp_path / name, of="annotator:Ana", format_name="jsonl").records == 2


def test_votes_on_an_article_stand_together(project: Project, tmp_path: Path) -> None:
    (first,) = project.db.execute("SELECT min(position), id FROM article").fetchone()[1:]
    Labelling(project, "Ben").add(first, Span(*LAVROV), "GPE")
    out = tmp_path / "votes.json"
    export(project, out, choices=ExportChoices("label-studio", of="votes"))
    tasks = json.loads(out.read_bytes())
    assert [[one["annotator"] for one in task["annotations"]] for task in tasks] == [["Ana", "Ben"], ["Ben"]]
