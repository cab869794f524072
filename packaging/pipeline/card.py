"""Fills the model card with what it measures of the packaged pipeline, and puts it into the folder."""

import argparse
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import behaviour
import numpy as np
from bars import UNSEEN, bars, evaluated
from calibrate import (
    Floats,
    area,
    calibration_error,
    chances,
    judged_entities,
    judged_stances,
    reliability,
)
from prepare import HERE
from records import records
from spacy.language import Language
from train import read

from annotator.agreement.scores import Score, Scores
from annotator.suggest.components import EntityScore
from annotator.suggest.encoder.component import ArticleEncoder
from annotator.suggest.loading import Loaded, load

TESTS = {
    "voa_news kept aside (24 texts)": ("voa_test",),
    "unseen news: six articles of our own and 300 sentences of NewsMTSC's test": UNSEEN,
}


def number(score: Score, name: str) -> str:
    value = {"P": score.precision, "R": score.recall, "F1": score.f1}[name].value
    return "-" if value is None else f"{value:.3f}"


def interval(score: Score) -> str:
    limits = score.f1.interval
    return "-" if limits.low is None or limits.high is None else f"{limits.low:.3f} to {limits.high:.3f}"


def scored(by_label: Mapping[str, Score]) -> Iterator[str]:
    """Rows of a table of scores, all labels together first."""
    yield "| | P | R | F1 | 95 % of F1 | n |"
    yield "|---|---|---|---|---|---|"
    for label, score in by_label.items():
        figures = " | ".join(number(score, name) for name in ("P", "R", "F1"))
        yield f"| {label} | {figures} | {interval(score)} | {score.counts.wanted} |"


def tables(scores: Scores) -> Iterator[str]:
    """Entities strictly, stances whole, and the parts of those that were found."""
    yield "\nEntities, span and label equal:\n"
    yield from scored(scores.strict)
    yield "\nStances, whole (polarity equal, holder and target overlap):\n"
    yield from scored(scores.whole)
    if scores.found:
        shares = ", ".join(
            f"{part} {share.right / max(1, share.of):.3f}" for part, share in scores.parts.items()
        )
        yield f"\nEvidence found F1 {number(scores.found, 'F1')}; right among those found: {shares}."


def honest(title: str, scores: Floats, right: Floats) -> Iterator[str]:
    """A reliability table: what suggestions of like score promised, and what they kept."""
    yield f"\n{title}: expected calibration error {calibration_error(scores, right):.3f}, "
    yield f"area under the ROC curve {area(scores, right):.3f}.\n"
    bins = reliability(scores, right)
    yield "| mean score | " + " | ".join(f"{said:.2f}" for said, _, _ in bins) + " |"
    yield "|---|" + "---|" * len(bins)
    yield "| right | " + " | ".join(f"{was:.2f}" for _, was, _ in bins) + " |"


def reliabilities(nlp: Language, prepared: Path) -> Iterator[str]:
    """On the texts kept aside, every suggestion counted, shown or not."""
    scorer, encoder = nlp.get_pipe("entity_score"), nlp.get_pipe("article_encoder")
    assert isinstance(scorer, EntityScore)
    assert isinstance(encoder, ArticleEncoder)
    rows, right = judged_entities(scorer, nlp, read(nlp, prepared / "voa_test.spacy"))
    yield from honest("Entities of voa_news kept aside", chances(rows, scorer.weights), right)
    for title, parts in TESTS.items():
        texts = [record for part in parts for record in records(prepared / f"{part}.jsonl")]
        rows, right = judged_stances(encoder, nlp, texts)
        odds = chances(rows, np.asarray(encoder.odds.weights, dtype=np.float32))
        yield from honest(f"Stances, {title}", odds, right)


def behaved(pipeline: Path) -> Iterator[str]:
    results = behaviour.outcomes(behaviour.read_groups(), str(pipeline))
    yield "| group | checks | passed | of | rate |\n|---|---|---|---|---|"
    for each in results:
        low = " (below its bar)" if each.rate < each.bar else ""
        size = len(each.group.cases)
        yield f"| {each.group.name} | {each.group.checks} | {each.passed} | {size} | {each.rate:.0%}{low} |"
    passed, of = sum(each.passed for each in results), sum(len(each.group.cases) for each in results)
    yield f"| all | | {passed} | {of} | {passed / of:.0%} |"


def figures(loaded: Loaded, folder: Path, prepared: Path) -> dict[str, Iterable[str]]:
    """The parts of the card that are measured, by their names in card.md."""
    return {
        "bars": ["| | bar | measured | |\n|---|---|---|---|", *map(str, bars(loaded, folder, prepared))],
        "tests": [
            line
            for title, parts in TESTS.items()
            for line in (f"\n### {title}", *tables(evaluated(loaded, prepared, *parts)))
        ],
        "reliability": reliabilities(loaded.nlp, prepared),
        "behaviour": behaved(folder),
        "thresholds": [
            f"{label} {score:g}"
            for kind in loaded.thresholds.to_dict().values()
            for label, score in kind.items()
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pipeline", type=Path, help="the folder package.py wrote")
    parser.add_argument("prepared", type=Path, help="the folder prepare.py wrote")
    arguments = parser.parse_args()
    loaded = load(str(arguments.pipeline))
    card = (HERE / "card.md").read_text(encoding="utf-8")
    for name, lines in figures(loaded, arguments.pipeline, arguments.prepared).items():
        joint = ", " if name == "thresholds" else "\n"
        card = card.replace("{" + name + "}", joint.join(lines).strip())
    (arguments.pipeline / "README.md").write_text(card, encoding="utf-8")
    print(card)


if __name__ == "__main__":
    main()
