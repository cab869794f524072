"""Scores: worked examples counted by hand, and what must hold whatever the marks are."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings

from annotator.agreement.alignment import compare
from annotator.agreement.bootstrap import intervals
from annotator.agreement.scores import ALL, PARTS, Counts, Scores, score
from annotator.domain.marks import Entity, Mark, Part, Stance
from annotator.domain.text import Span
from tests.agreement.marks import WORDS, entity, marks, stance

GOLD = [
    entity("France", "GPE"),
    entity("Oslo", "GPE"),
    entity("Lavrov", "PERSON"),
    entity("Chad", "GPE"),
    entity("NATO", "ORG"),
    stance("would not send troops", "AGAINST", "France", "send troops"),
    stance("welcomed the deal", "FAVOR", "Oslo", "the deal"),
    stance("rejected it", "AGAINST", "President Lavrov", "it"),
]
FOUND = [
    entity("France", "GPE"),
    entity("Oslo", "ORG"),  # another label
    entity("President Lavrov", "PERSON"),  # other edges
    entity("army", "ORG"),  # spurious; Chad is missed
    entity("NATO", "ORG"),
    stance("not send troops", "AGAINST", "France", "troops"),  # whole
    stance("welcomed the deal", "AGAINST", "Oslo", "deal"),  # polarity
    stance("fled", "FAVOR", "The army of Chad", None),  # spurious; the third is missed
]


def counted(gold: list[Mark], found: list[Mark], text: str = WORDS) -> Scores:
    return score([compare(text, gold, found)])


def test_entities_of_a_worked_example() -> None:
    scores = counted(GOLD, FOUND)
    strict, overlap = scores.strict, scores.overlap
    assert strict[ALL].counts == Counts(right=2, found=5, wanted=5)
    assert strict[ALL].f1.value == 0.4
    assert overlap[ALL].counts == Counts(right=3, found=5, wanted=5)
    assert strict["GPE"].counts == Counts(right=1, found=1, wanted=3)
    assert (strict["GPE"].precision.value, strict["GPE"].recall.value) == (1.0, 1 / 3)
    assert strict["GPE"].f1.value == 0.5
    assert strict["ORG"].counts == Counts(right=1, found=3, wanted=1)
    assert strict["PERSON"].counts == Counts(right=0, found=1, wanted=1)
    assert overlap["PERSON"].counts == Counts(right=1, found=1, wanted=1)


def test_stances_of_a_worked_example() -> None:
    scores = counted(GOLD, FOUND)
    assert scores.found is not None
    assert scores.found.counts == Counts(right=2, found=3, wanted=3)
    assert {part: (scores.parts[part].right, scores.parts[part].of) for part in PARTS} == {
        "polarity": (1, 2),
        "holder": (2, 2),
        "target": (2, 2),
    }
    assert scores.whole[ALL].counts == Counts(right=1, found=3, wanted=3)
    assert scores.whole["AGAINST"].counts == Counts(right=1, found=2, wanted=2)
    assert scores.whole["FAVOR"].counts == Counts(right=0, found=1, wanted=1)


def test_what_is_undefined_says_why() -> None:
    scores = counted([entity("France", "GPE")], [entity("NATO", "ORG")])
    precision, recall = scores.strict["GPE"].precision, scores.strict["ORG"].recall
    assert (precision.value, precision.why) == (None, "nothing was found")
    assert (recall.value, recall.why) == (None, "gold has none")
    assert precision.to_dict() == {"value": None, "why": "nothing was found"}
    assert scores.strict["GPE"].recall.value == 0.0
    assert scores.strict["GPE"].recall.interval.why == "one article alone says nothing about others"


def test_a_kind_that_gold_has_nowhere_is_not_scored() -> None:
    scores = counted([entity("France", "GPE")], FOUND)
    assert scores.found is None
    assert not scores.parts
    assert not scores.whole
    assert score([]).strict == {}


def test_labels_come_in_the_order_asked_for() -> None:
    scores = score([compare(WORDS, GOLD, FOUND)], labels=["PERSON", "DATE", "ORG"])
    assert list(scores.strict) == [ALL, "PERSON", "ORG", "GPE"]


@given(marks())
def test_equal_readings_score_one(gold: list[Mark]) -> None:
    scores = counted(gold, [replace(mark, id="other") for mark in gold])
    rows = [*scores.strict.values(), *scores.overlap.values(), *scores.whole.values()]
    for row in rows:
        assert (row.precision.value, row.recall.value, row.f1.value) == (1.0, 1.0, 1.0)
    for share in scores.parts.values():
        assert share.right == share.of


@given(marks(), marks())
def test_the_other_way_round_precision_is_recall(one: list[Mark], other: list[Mark]) -> None:
    there, back = counted(one, other), counted(other, one)
    for figure in ("strict", "overlap", "whole"):
        rows, turned = getattr(there, figure), getattr(back, figure)
        for label in rows.keys() & turned.keys():
            counts, reverse = rows[label].counts, turned[label].counts
            assert counts == Counts(reverse.right, found=reverse.wanted, wanted=reverse.found)
            assert rows[label].precision.value == turned[label].recall.value
            assert rows[label].f1.value == turned[label].f1.value
    for part in there.parts.keys() & back.parts.keys():
        assert there.parts[part].right == back.parts[part].right


@given(marks(), marks())
def test_overlap_never_finds_less_than_strict(gold: list[Mark], found: list[Mark]) -> None:
    scores = counted(gold, found)
    for label, row in scores.strict.items():
        assert row.counts.right <= scores.overlap[label].counts.right


@given(marks(), marks())
def test_where_in_the_text_marks_stand_does_not_matter(gold: list[Mark], found: list[Mark]) -> None:
    before = "😀 A paragraph before it.\n\n"
    moved = [[shifted(mark, len(before)) for mark in reading] for reading in (gold, found)]
    assert counted(*moved, text=before + WORDS) == counted(gold, found)


@given(marks(), marks())
def test_articles_without_marks_change_no_figure(gold: list[Mark], found: list[Mark]) -> None:
    alone = counted(gold, found)
    among = score([compare(WORDS, [], []), compare(WORDS, gold, found), compare(WORDS, [], [])])
    assert {label: row.counts for label, row in among.whole.items()} == {
        label: row.counts for label, row in alone.whole.items()
    }
    assert [row.f1.value for row in among.strict.values()] == [row.f1.value for row in alone.strict.values()]


@settings(max_examples=20)
@given(marks(), marks())
def test_the_same_seed_gives_the_same_intervals_that_hold_the_figure(
    gold: list[Mark], found: list[Mark]
) -> None:
    articles = [compare(WORDS, gold, found), compare(WORDS, gold, gold), compare(WORDS, found, gold)] * 3
    first = score(articles)
    assert first == score(articles)
    for row in first.strict.values():
        low, high = row.f1.interval.low, row.f1.interval.high
        assert low is not None
        assert high is not None
        assert 0 <= low <= high <= 1


def test_intervals_equal_those_resampled_one_by_one() -> None:
    numbers = random.Random(3)
    tops = [[numbers.randint(0, 5), 0] for _ in range(30)]
    bottoms = [[top[0] + numbers.randint(1, 5), 0] for top in tops]
    ratio, nothing = intervals(tops, bottoms, seed=7, resamples=4_000)
    assert (nothing.low, nothing.high, nothing.why) == (None, None, "there is nothing to divide by")
    drawn = []
    for _ in range(4_000):
        chosen = [numbers.randrange(30) for _ in range(30)]
        drawn.append(sum(tops[n][0] for n in chosen) / sum(bottoms[n][0] for n in chosen))
    drawn.sort()
    assert ratio.low == pytest.approx(drawn[100], abs=0.01)
    assert ratio.high == pytest.approx(drawn[3_899], abs=0.01)


def test_blocks_of_resamples_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    tops, bottoms = [[n % 3] for n in range(10)], [[3]] * 10
    at_once = intervals(tops, bottoms, seed=1, resamples=100)
    monkeypatch.setattr("annotator.agreement.bootstrap._AT_ONCE", 70)
    assert intervals(tops, bottoms, seed=1, resamples=100) == at_once


def shifted(mark: Mark, by: int) -> Mark:
    def moved(span: Span) -> Span:
        return Span(span.start + by, span.end + by)

    if isinstance(mark, Entity):
        return replace(mark, span=moved(mark.span))
    holder, target = (Part(moved(part.span)) if part else None for part in (mark.holder, mark.target))
    return Stance(mark.id, moved(mark.span), mark.label, holder, target)
