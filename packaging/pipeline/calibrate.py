"""Fits the scores of entities: a linear reader of token vectors, and the odds of being right."""

from collections.abc import Iterable

import numpy as np
from evaluate import spans
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from annotator.suggest.components import EntityScore, neighbourhoods

Floats = NDArray[np.float32]

SEED = 20
STEPS = 3000
BATCH = 512


def gold_tags(scorer: EntityScore, doc: Doc) -> list[int]:
    """The tag column of each token."""
    tags = [0] * len(doc)
    for entity in doc.ents:
        for i in range(entity.start, entity.end):
            tags[i] = scorer.tag_of(entity.label_, begins=i == entity.start)
    return tags


def fit_probe(scorer: EntityScore, nlp: Language, docs: Iterable[Doc]) -> None:
    """Fits the reader to the documents' labels: softmax regression by Adam."""
    docs = list(docs)
    vectors = np.vstack([neighbourhoods(nlp(doc.text).tensor) for doc in docs])
    tags = np.array([tag for doc in docs for tag in gold_tags(scorer, doc)])
    random_ = np.random.default_rng(SEED)
    probe = np.zeros((vectors.shape[1], 1 + 2 * len(scorer.labels)), dtype=np.float32)
    mean, square = np.zeros_like(probe), np.zeros_like(probe)
    for step in range(1, STEPS + 1):
        chosen = random_.integers(len(tags), size=BATCH)
        logits = vectors[chosen] @ probe
        chances = np.exp(logits - logits.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        chances[np.arange(BATCH), tags[chosen]] -= 1
        gradient = vectors[chosen].T @ chances / BATCH + 1e-5 * probe
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        rate = 0.02 * (1 - step / (STEPS + 1))
        probe -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    scorer.probe = probe.astype(np.float32)


def judged(scorer: EntityScore, nlp: Language, docs: list[Doc]) -> tuple[Floats, Floats]:
    """The features of every entity the pipeline proposes, and 1 for each that is right, else 0."""
    rows: list[Floats] = []
    right: list[bool] = []
    for gold, doc in zip(docs, nlp.pipe(doc.text for doc in docs), strict=True):
        if doc.ents:
            wanted = spans(gold)
            rows.append(scorer.features(doc))
            right += [(e.start_char, e.end_char, e.label_) in wanted for e in doc.ents]
    return np.vstack(rows), np.array(right, dtype=np.float32)


def fit_odds(scorer: EntityScore, features: Floats, right: Floats, weight: Floats) -> None:
    """Fits the logistic model by Newton's method with a small ridge; `weight` says what a row counts."""
    weights = np.zeros(features.shape[1])
    ridge = np.eye(len(weights))
    for _ in range(30):
        chances = 1 / (1 + np.exp(-features @ weights))
        gradient = features.T @ (weight * (right - chances)) - ridge @ weights
        curvature = (features * (weight * chances * (1 - chances))[:, None]).T @ features + ridge
        weights += np.linalg.solve(curvature, gradient)
    scorer.weights = weights.astype(np.float32)


def reliability(scorer: EntityScore, features: Floats, right: Floats) -> tuple[float, float]:
    """How honest the scores are on other texts: the expected calibration error in ten bins of equal
    size (Naeini et al. 2015), and the area under the ROC curve."""
    scores = 1 / (1 + np.exp(-features @ scorer.weights))
    order = np.argsort(scores)
    bins = [b for b in np.array_split(order, 10) if len(b)]
    error = sum(abs(scores[b].mean() - right[b].mean()) * len(b) for b in bins) / len(right)
    ranks = np.empty(len(right))
    ranks[order] = np.arange(1, len(right) + 1)
    good = right.sum()
    area = (ranks[right == 1].sum() - good * (good + 1) / 2) / (good * (len(right) - good))
    return float(error), float(area)
