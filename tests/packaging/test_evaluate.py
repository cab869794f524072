"""The figures of training are those of `annotator evaluate`, for real pipelines."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import spacy
from spacy.language import Language

from annotator.agreement.scores import ALL, Counts
from annotator.domain.choices import Thresholds
from annotator.domain.codec.problems import RecordError
from annotator.services.evaluating import evaluate
from tests.pipelines import make_pipeline, project_of

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "packaging" / "pipeline" / "evaluate.py"
TEXT = "Lavrov in Ukraine. NATO waits for Kuleba.\n!-- Google tag (gtag.js) Lavrov -->"
RECORD = {
    "id": "one",
    "text": TEXT,
    "spans": [
        {"start": 0, "end": 6, "label": "PERSON"},
        {"start": 10, "end": 17, "label": "LOC"},
        {"start": 19, "end": 29, "label": "ORG"},
    ],
    "stances": [
        {
            "start": 24,
            "end": 40,
            "label": "FAVOR",
            "holder": {"start": 19, "end": 23},
            "target": {"start": 34, "end": 40},
        }
    ],
}


def _module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pipeline_evaluate", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


training = _module()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_pipeline(tmp_path / "names")


@pytest.fixture
def nlp(folder: Path) -> Language:
    return spacy.load(folder)


def test_records_score_as_on_the_command_line(nlp: Language, folder: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps(RECORD) + "\n", encoding="utf-8")
    with project_of(tmp_path / "p.annot", []) as project:
        wanted = evaluate(project, gold, pipeline=str(folder), notice=print).scores
    scores = training.evaluate(nlp, [RECORD])
    assert scores == wanted
    assert scores.strict[ALL].counts == Counts(right=1, found=4, wanted=3)
    assert scores.overlap[ALL].counts == Counts(right=2, found=4, wanted=3)
    assert scores.whole[ALL].counts == Counts(right=0, found=0, wanted=1)


def test_a_record_that_is_wrong_is_told(nlp: Language) -> None:
    with pytest.raises(RecordError, match="HERO"):
        training.evaluate(nlp, [{"text": TEXT, "spans": [{"start": 0, "end": 6, "label": "HERO"}]}])


def test_what_a_threshold_hides_does_not_count(nlp: Language) -> None:
    Language.component("sure", func=_sure)
    nlp.add_pipe("sure")
    hidden = training.evaluate(nlp, [RECORD], thresholds=Thresholds(entities={"PERSON": 0.9}))
    assert hidden.strict[ALL].counts.found == 2
    assert training.evaluate(nlp, [RECORD]).strict[ALL].counts.found == 4


def _sure(doc: spacy.tokens.Doc) -> spacy.tokens.Doc:
    if not spacy.tokens.Span.has_extension("score"):
        spacy.tokens.Span.set_extension("score", default=None)
    for entity in doc.ents:
        entity._.score = 0.8
    return doc


def test_prepared_documents_score_strictly_by_label(nlp: Language) -> None:
    doc = nlp.make_doc("Lavrov in Ukraine with NATO")
    doc.set_ents([doc.char_span(0, 6, label="PERSON"), doc.char_span(10, 17, label="LOC")])
    scores = training.scores(nlp, [doc])
    assert {label: (each.right, each.proposed, each.wanted) for label, each in scores.items()} == {
        "GPE": (0, 1, 0),
        "LOC": (0, 0, 1),
        "ORG": (0, 1, 0),
        "PERSON": (1, 1, 1),
        "ALL": (1, 3, 2),
    }
    assert scores["ALL"].f1 == 0.4
    merged = training.scores(nlp, [doc], ["GPE"], merged=True)
    assert (merged["ALL"].right, merged["ALL"].proposed, merged["ALL"].wanted) == (1, 1, 1)


def test_the_script_prints_the_table(folder: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps(RECORD) + "\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, SCRIPT, folder, gold],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "Stances, whole" in done.stdout
