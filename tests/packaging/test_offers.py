"""What signs weigh is learned from labelled stances, the same again from the same."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from annotator.places import resource

ROOT = Path(__file__).resolve().parents[2]
VERBS = ("condemned", "praised", "rejected", "backed", "feared")


@pytest.fixture(scope="module")
def learn() -> ModuleType:
    spec = importlib.util.spec_from_file_location("learn_offers", ROOT / "packaging" / "offers" / "learn.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """Stances whose target is always what follows the verb, and never the place behind it."""
    path = tmp_path / "labels.jsonl"
    records = []
    for n in range(120):
        verb = VERBS[n % len(VERBS)]
        text = f"Holt {verb} the plan in Sorrel."
        at = 6 + len(verb)
        places = {"holder": {"start": 0, "end": 4}, "target": {"start": at, "end": at + 8}}
        spans = [
            {"start": 0, "end": 4, "label": "PERSON"},
            {"start": at + 12, "end": at + 18, "label": "GPE"},
        ]
        records.append({"text": text, "spans": spans, "stances": [{"start": 5, "end": at + 18, **places}]})
    path.write_text("\n".join(map(json.dumps, records)), "utf-8")
    return path


def test_the_right_stretch_gets_the_highest_score(learn: ModuleType, labels: Path) -> None:
    stances = list(learn.labelled(labels))
    frequent = learn.frequent_words(stances)
    weights = learn.learn(stances, "target", frequent)
    assert weights == learn.learn(stances, "target", frequent)
    first = stances[0]
    offers = learn.Offers(first.text, first.shown, first.evidence, "target", frequent)
    scores = [sum(weights.get(sign, 0.0) for sign in signs) for signs in offers.signs]
    best = offers.parts[scores.index(max(scores))]
    assert best.span.of(first.text).removeprefix("the ") == "plan"  # a determiner makes no difference


def test_evidence_is_shortened_to_what_stands_before_the_target_or_ends_with_it(
    learn: ModuleType, labels: Path
) -> None:
    first = next(learn.labelled(labels))
    less = learn.shorter(first)
    assert less.evidence.of(first.text) == "condemned the plan"
    assert learn.shorter(less).evidence.of(first.text) == "condemned"
    assert learn.shorter(learn.shorter(less)) is None


def test_what_ships_has_weights_for_both_parts() -> None:
    shipped = json.loads(resource("offers", "en.json").read_text("utf-8"))
    assert set(shipped) == {"frequent", "holder", "target"}
    assert all(len(shipped[part]) > 1_000 for part in ("holder", "target"))
