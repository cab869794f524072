"""Fits the scores of entities and stances to how often they are right, and tells how honest they are."""

from collections.abc import Sequence

import numpy as np
from evaluate import spans
from numpy.typing import NDArray
from records import Record, words_between
from spacy.language import Language
from spacy.tokens import Doc

from annotator.suggest.components import EntityScore
from annotator.suggest.encoder.component import ArticleEncoder
from annotator.suggest.encoder.decoding import FoundStance
from annotator.suggest.encoder.odds import features
from annotator.suggest.encoder.windows import words_of_doc

Floats = NDArray[np.float32]
RIDGE = 1.0


def logistic(rows: Floats, right: Floats, weight: Floats | None = None) -> Floats:
    """Weights of a logistic model by Newton's method with a small ridge; `weight` says what a row counts."""
    weights = np.zeros(rows.shape[1])
    counts = np.ones(len(rows)) if weight is None else weight
    ridge = RIDGE * np.eye(len(weights))
    for _ in range(30):
        chances = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        gradient = rows.T @ (counts * (right - chances)) - ridge @ weights
        curvature = (rows * (counts * chances * (1 - chances))[:, None]).T @ rows + ridge
        weights += np.linalg.solve(curvature, gradient)
    return weights.astype(np.float32)


def chances(rows: Floats, weights: Floats) -> Floats:
    result: Floats = 1 / (1 + np.exp(-(rows @ weights)))
    return result


def judged_entities(scorer: EntityScore, nlp: Language, docs: list[Doc]) -> tuple[Floats, Floats]:
    """The features of every entity the pipeline proposes, and 1 for each that is right, else 0."""
    rows: list[Floats] = []
    right: list[bool] = []
    for gold, doc in zip(docs, nlp.pipe(doc.text for doc in docs), strict=True):
        if doc.ents:
            wanted = spans(gold)
            rows.append(scorer.features(doc))
            right += [(e.start_char, e.end_char, e.label_) in wanted for e in doc.ents]
    return np.vstack(rows), np.array(right, dtype=np.float32)


def judged_stances(
    encoder: ArticleEncoder, nlp: Language, records: Sequence[Record]
) -> tuple[Floats, Floats]:
    """The features of every stance the encoder points out, and 1 for each that is right, else 0."""
    rows: list[NDArray[np.float64]] = []
    right: list[bool] = []
    for record in records:
        doc = nlp.make_doc(record["text"])
        words, kept = words_of_doc(doc)
        wanted = [
            (
                stance["label"],
                words_between(doc, kept, stance["holder"]),
                words_between(doc, kept, stance["target"]),
            )
            for stance in record["stances"]
        ]
        found = [
            (stance, seen.window.low)
            for seen in encoder.read(words)
            for stance in encoder.stances_of(seen, words)
        ]
        for stance, low in sorted(found, key=lambda pair: -float(np.prod(pair[0].chances))):
            match = next((gold for gold in wanted if same(stance, low, gold)), None)
            if match is not None:
                wanted.remove(match)
            rows.append(features(stance))
            right.append(match is not None)
    return np.vstack(rows).astype(np.float32), np.array(right, dtype=np.float32)


def same(stance: FoundStance, low: int, wanted: tuple[str, tuple[int, int], tuple[int, int]]) -> bool:
    """Whether polarity is equal, and holder and target overlap."""
    parts = zip((stance.holder, stance.target), wanted[1:], strict=True)
    return stance.polarity == wanted[0] and all(a + low < d and c < b + low for (a, b), (c, d) in parts)


def least_score(scores: Floats, right: Floats, wanted: int, precision: float) -> float:
    """The least score to show: the one of best F1 among those that keep the precision on these texts.

    `wanted` counts what is to be found, right ones included.
    """
    order = np.argsort(-scores)
    shown = np.arange(1, len(order) + 1)
    hits = np.cumsum(right[order])
    f1 = np.where(hits / shown >= precision, 2 * hits / (shown + wanted), 0)
    return round(float(scores[order[f1.argmax()]]), 3)


def reliability(scores: Floats, right: Floats, bins: int = 10) -> list[tuple[float, float, int]]:
    """Mean score, share that was right, and number, in bins of equal size, lowest first."""
    order = np.argsort(scores)
    return [
        (float(scores[b].mean()), float(right[b].mean()), len(b))
        for b in np.array_split(order, bins)
        if len(b)
    ]


def calibration_error(scores: Floats, right: Floats) -> float:
    """The expected calibration error over ten bins of equal size (Naeini et al. 2015)."""
    return sum(abs(said - was) * n for said, was, n in reliability(scores, right)) / len(right)


def area(scores: Floats, right: Floats) -> float:
    """The area under the ROC curve: the chance that a right suggestion scores above a wrong one."""
    ranks = np.empty(len(right))
    ranks[np.argsort(scores)] = np.arange(1, len(right) + 1)
    good = right.sum()
    return float((ranks[right == 1].sum() - good * (good + 1) / 2) / (good * (len(right) - good)))
