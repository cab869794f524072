"""Figures, review and soft votes make the same groups, however labels and annotators are numbered."""

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import krippendorff
import numpy as np
import pytest

from annotator.agreement.measures import Key
from annotator.domain.labels import LabelSet
from annotator.domain.review import mark_to_dict
from annotator.services.agreement import Agreement
from annotator.services.votes import ABSENT, vote_lines
from tests.services.labelled import labelset
from tests.services.reviewed import FERRY, HARBOUR, Held, Marked, Review

WHO = ("ana", "ben", "cem", "dora")
WORDS = ("Northern Union", "Northern", "Union", "Sorrel")
LABELS = ("ORG", "GPE", "PERSON")
POLARITIES = ("FAVOR", "AGAINST", "NEUTRAL")
EVIDENCE = {
    HARBOUR: ("Okafor rejected the offer", "rejected"),
    FERRY: ("The mayor opposed the plan", "opposed"),
}
Work = dict[tuple[str, str], tuple[list[Marked], list[Held]]]


def crowded(seed: int) -> Work:
    """What each of them says of each text, several labels on one stretch among it."""
    draw = random.Random(seed)
    work: Work = {}
    for who in WHO:
        for text, evidence in EVIDENCE.items():
            entities = [(words, label) for words in WORDS for label in LABELS if draw.random() < 0.4]
            held = [(each, polarity, None, None) for each in evidence for polarity in POLARITIES]
            stances = [each for each in held if draw.random() < 0.3]
            draw.shuffle(entities)
            work[who, text] = entities, stances
    return work


def review_of(path: Path, work: Work, *, who: tuple[str, ...], labels: LabelSet) -> Review:
    review = Review(path, EVIDENCE, labels=labels)
    for name in who:
        for text in EVIDENCE:
            entities, stances = work[name, text]
            review.finish(name, *entities, text=text, stances=stances)
    return review


def turned(labels: LabelSet) -> LabelSet:
    return replace(labels, labels=labels.labels[::-1])


@pytest.mark.parametrize("seed", range(4))
def test_the_same_work_is_read_the_same_in_any_order(tmp_path: Path, seed: int) -> None:
    work = crowded(seed)
    straight = review_of(tmp_path / "a.annot", work, who=WHO, labels=labelset())
    other = review_of(tmp_path / "b.annot", work, who=WHO[::-1], labels=turned(labelset()))
    boards = [Agreement(each.project).read() for each in (straight, other)]
    assert boards[0].layout.labels == boards[1].layout.labels[::-1]
    figures = [{each.key: each.to_dict() for each in board.figures()} for board in boards]
    assert figures[0] == figures[1]
    votes = [sorted(map(repr, vote_lines(each.project))) for each in (straight, other)]
    assert votes[0] == votes[1]
    assert differing(straight) == differing(other)


@pytest.mark.parametrize("seed", range(4))
def test_dashboard_review_and_votes_tell_the_same_groups(tmp_path: Path, seed: int) -> None:
    review = review_of(tmp_path / "p.annot", crowded(seed), who=WHO, labels=turned(labelset()))
    board = Agreement(review.project).read()
    groups = [group for line in vote_lines(review.project) for group in line["groups"]]
    for kind, stances in (("entity", False), ("stance", True)):
        counted = board.all_differences(stances=stances)
        of_kind = [group for group in groups if group["kind"] == kind]
        types = Counter(each for group in of_kind for each in group["differs"])
        names = ("missing", "boundary", "label")
        assert [counted[name] for name in names] == [types[name] for name in names]
        assert counted["groups"] == len(of_kind)
    alpha = next(each for each in board.figures() if each.key == Key("alpha"))
    entities = [group["votes"] for group in groups if group["kind"] == "entity"]
    assert alpha.figure.value == pytest.approx(alpha_of(entities), abs=1e-12)
    assert differing(review) == sorted(repr(each["votes"]) for each in groups if each["differs"])


def differing(review: Review) -> list[str]:
    """The votes of every group under review in which marks differ."""
    found = [item.group for item in review.queue().items if item.group.types]
    return sorted(repr({name: mark_to_dict(mark) for name, mark in group.votes}) for group in found)


def alpha_of(votes: list[dict[str, dict[str, str] | None]]) -> float:
    """Krippendorff's alpha of the labels that soft labels are made of, by another's code."""
    values = [*LABELS, ABSENT]
    table = [
        [
            values.index(each[name]["label"] if each[name] else ABSENT) if name in each else np.nan
            for each in votes
        ]
        for name in WHO
    ]
    return krippendorff.alpha(reliability_data=table, level_of_measurement="nominal")
