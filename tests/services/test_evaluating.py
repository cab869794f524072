"""Evaluation: gold is read as it is meant, what does not count is told, and only then are marks compared."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.agreement.scores import ALL, Counts
from annotator.domain.choices import Choices, Thresholds
from annotator.domain.errors import FormatError, PipelineError
from annotator.domain.marks import Part
from annotator.domain.suggestions import Run
from annotator.domain.text import Span
from annotator.services.choices import choose
from annotator.services.error_list import read_errors, write_errors
from annotator.services.evaluating import Evaluation, evaluate
from annotator.services.evaluation_report import lines, to_dict
from annotator.services.suggesting import Suggesting, suggest_all
from annotator.storage.project import Project
from annotator.suggest.client import Answer, Proposal
from tests.pipelines import install_odd_components, make_pipeline, project_of

FIRST = "Lavrov in Ukraine\n\nLavrov met Kuleba of NATO."
SECOND = "NATO waits for Lavrov."
ZONED = "Lavrov waits.\n!-- Google tag (gtag.js) Lavrov -->\nKuleba too."
TEXTS = (FIRST, SECOND, ZONED)


def span(text: str, words: str, label: str, n: int = 0) -> dict[str, object]:
    start = -1
    for _ in range(n + 1):
        start = text.index(words, start + 1)
    return {"start": start, "end": start + len(words), "label": label}


def write(path: Path, *records: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with project_of(tmp_path / "p.annot", TEXTS[:1]) as project:
        yield project


@pytest.fixture
def pipeline(tmp_path: Path) -> str:
    return str(make_pipeline(tmp_path / "names"))


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """Of what the pipeline finds, four are right, a label and an edge are wrong, one is spurious."""
    first = [
        span(FIRST, "Lavrov", "PERSON"),
        span(FIRST, "Ukraine", "LOC"),
        span(FIRST, "Lavrov", "PERSON", 1),
        span(FIRST, "Kuleba of", "PERSON"),
        span(FIRST, "NATO", "ORG"),
    ]
    second = [span(SECOND, "waits", "EVENT"), span(SECOND, "Lavrov", "PERSON")]
    return write(tmp_path / "gold.jsonl", {"text": FIRST, "spans": first}, {"text": SECOND, "spans": second})


def evaluated(project: Project, gold: Path, pipeline: str | None = None, **how: bool) -> Evaluation:
    return evaluate(project, gold, pipeline=pipeline, notice=print, **how)


def test_the_texts_of_gold_are_read_whether_or_not_the_project_has_them(
    project: Project, gold: Path, pipeline: str
) -> None:
    done = evaluated(project, gold, pipeline)
    assert (done.run.pipeline, done.run.version) == ("en_names", "1.0")
    assert done.scores.strict[ALL].counts == Counts(right=4, found=7, wanted=7)
    assert done.scores.overlap[ALL].counts == Counts(right=5, found=7, wanted=7)
    assert done.scores.found is None
    assert project.db.execute("SELECT count(*) FROM run").fetchone() == (0,)
    assert (to_dict(done)["gold_articles"], to_dict(done)["in_project"]) == (2, 1)


def test_errors_are_listed_in_the_order_of_gold(
    project: Project, gold: Path, pipeline: str, tmp_path: Path
) -> None:
    done = evaluated(project, gold, pipeline)
    path = tmp_path / "wrong.jsonl"
    assert write_errors(path, done.run, done.mistakes()) == 4
    read = read_errors(path)
    assert read.pipeline == "en_names 1.0"
    assert [
        (mistake.kind.value, mistake.words, mistake.gold, mistake.found) for mistake in read.mistakes
    ] == [
        ("label", "Ukraine", "LOC “Ukraine”", "GPE “Ukraine”"),
        ("edge", "Kuleba of", "PERSON “Kuleba of”", "PERSON “Kuleba”"),
        ("spurious", "NATO", "", "ORG “NATO”"),
        ("missed", "waits", "EVENT “waits”", ""),
    ]
    record = json.loads(path.read_text(encoding="utf-8").splitlines()[1])
    assert (record["before"], record["after"]) == ("Lavrov in Ukraine\n\nLavrov met ", " NATO.")


def test_nothing_is_scored_inside_zones(project: Project, tmp_path: Path, pipeline: str) -> None:
    spans = [span(ZONED, "Lavrov", "PERSON", n) for n in range(2)]
    done = evaluated(project, write(tmp_path / "g.jsonl", {"text": ZONED, "spans": spans}), pipeline)
    assert done.scores.strict[ALL].counts == Counts(right=1, found=2, wanted=1)
    zones = [span(ZONED, "Kuleba too.", "x") | {"kind": "other"}]
    record = {"text": ZONED, "spans": spans, "zones": zones}
    done = evaluated(project, write(tmp_path / "g.jsonl", record), pipeline)
    assert done.scores.strict[ALL].counts == Counts(right=2, found=2, wanted=2)


def test_what_is_repeated_unfinished_or_faulty_does_not_count(
    project: Project, tmp_path: Path, pipeline: str
) -> None:
    good = {"text": SECOND, "spans": [span(SECOND, "NATO", "ORG")]}
    doing = {"text": FIRST, "spans": [], "status": "doing"}
    faulty = {"text": ZONED, "spans": [span(ZONED, "Lavrov", "HERO")]}
    done = evaluated(project, write(tmp_path / "g.jsonl", good, good, doing, faulty), pipeline)
    assert (done.gold.repeated, done.gold.unfinished, len(done.gold.faults)) == (1, 1, 1)
    assert done.scores.strict[ALL].counts == Counts(right=1, found=2, wanted=1)
    assert "1 gold record repeated a text; its first one counts." in lines(done)
    with pytest.raises(FormatError, match="no finished article"):
        evaluated(project, write(tmp_path / "g.jsonl", doing), pipeline)
    with pytest.raises(FormatError, match="cannot be read"):
        evaluated(project, tmp_path / "nothing.jsonl", pipeline)


def test_stored_suggestions_are_scored_without_reading(project: Project, gold: Path, pipeline: str) -> None:
    with pytest.raises(PipelineError, match="annotator suggest"):
        evaluated(project, gold, stored=True)
    suggest_all(project, choices=Choices(pipeline=pipeline), notice=print)
    done = evaluated(project, gold, stored=True)
    assert done.scores.strict[ALL].counts == Counts(right=3, found=5, wanted=5)
    assert [(each.title, each.why) for each in done.unread] == [
        (SECOND, "it is not in the project; import it")
    ]
    with pytest.raises(PipelineError, match="by other"):
        evaluated(project, gold, "other", stored=True)


def test_suggestions_below_their_threshold_are_left_out(
    project: Project, gold: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", install_odd_components(tmp_path / "site"))
    # It scores the first three entities of each article .5, 1 and not at all.
    pipeline = str(make_pipeline(tmp_path / "scored", "scored"))
    choose(project, replace(Choices(), thresholds=Thresholds(entities={"PERSON": 0.6})), by="Ana")
    hidden = evaluated(project, gold, pipeline)
    assert hidden.hidden == 1
    assert hidden.scores.strict[ALL].counts.found == 6
    assert evaluated(project, gold, pipeline, everything=True).scores.strict[ALL].counts.found == 7


def test_labels_that_the_label_set_does_not_have_are_told(
    project: Project, gold: Path, tmp_path: Path
) -> None:
    odd = make_pipeline(tmp_path / "odd", names={"Lavrov": "HERO", "Ukraine": "GPE"})
    done = evaluated(project, gold, str(odd))
    assert done.unknown == {"HERO": 3}
    assert any("HERO (3)" in line for line in lines(done))


def test_a_stance_is_scored_through_the_file(project: Project, tmp_path: Path, pipeline: str) -> None:
    part = span(SECOND, "NATO", "x")
    stance = span(SECOND, "waits", "FAVOR") | {"holder": part, "target": None}
    done = evaluated(project, write(tmp_path / "g.jsonl", {"text": SECOND, "stances": [stance]}), pipeline)
    assert done.scores.whole[ALL].counts == Counts(right=0, found=0, wanted=1)
    assert not done.scores.strict
    assert "Gold has no entities: they are not scored." in lines(done)


def test_stored_stances_are_scored_by_their_parts(project: Project, tmp_path: Path) -> None:
    holder, target = span(FIRST, "Lavrov", "x", 1), span(FIRST, "Kuleba", "x")
    stance = span(FIRST, "met Kuleba", "FAVOR") | {"holder": holder, "target": target}
    (article_id,) = project.db.execute("SELECT id FROM article").fetchone()
    evidence, whole = (Span(FIRST.index(words), FIRST.index(words) + 3) for words in ("met", "of NATO"))
    parts = [Part(Span(int(str(part["start"])), int(str(part["end"])))) for part in (holder, target)]
    proposals = (
        Proposal("stance", "AGAINST", evidence, 0.9, None, *parts),
        Proposal("stance", "FAVOR", whole, 0.8, None, *parts),
    )
    Suggesting(project).store(Answer(article_id, "stances", "1", proposals))
    gold = write(tmp_path / "g.jsonl", {"text": FIRST, "stances": [stance]})
    done = evaluated(project, gold, stored=True)
    # The one in the same sentence is whole, though the other overlaps the evidence.
    assert done.scores.whole[ALL].counts == Counts(right=1, found=2, wanted=1)
    assert done.scores.found is not None
    assert done.scores.found.counts == Counts(right=0, found=2, wanted=1)
    assert [each.kind.value for _, each in done.mistakes()] == ["spurious"]
    without = write(tmp_path / "g.jsonl", {"text": FIRST, "stances": [stance | {"label": "NEUTRAL"}]})
    done = evaluated(project, without, stored=True)
    assert done.scores.found is not None
    assert done.scores.found.counts == Counts(right=1, found=2, wanted=1)
    assert (done.scores.parts["polarity"].right, done.scores.parts["holder"].right) == (0, 1)


@pytest.mark.parametrize("content", ["[1]", '{"kind": "missed"}', "no JSON", '{"kind": "odd"}', "\xff"])
def test_a_file_that_is_no_error_list_is_refused_with_its_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_text(f"\n{content}\n", encoding="latin-1")
    with pytest.raises(FormatError, match="line 2: not a record of an error list"):
        read_errors(path)


def test_an_error_list_takes_no_projects_place(project: Project, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="is a project"):
        write_errors(project.path, Run(1, "p", "1"), [])
    with pytest.raises(FormatError, match="There is no folder"):
        write_errors(tmp_path / "no" / "x.jsonl", Run(1, "p", "1"), [])
