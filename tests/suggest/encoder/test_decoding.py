"""From the encoder's numbers to entities and stances."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from annotator.suggest.encoder.decoding import (
    Floats,
    FoundStance,
    Pointing,
    SpanNumbers,
    _matched,
    best_tags,
    entities,
    log_softmax,
    possible,
    stances,
    together,
)
from annotator.suggest.encoder.layout import ENTITY_TAGS, LONGEST, PARTS, POINTERS, POLARITIES, REACH

TAGS = len(ENTITY_TAGS)
KEY, PAIR = 2, 2
finite = st.floats(-20, 20, width=32)


def scores(longest: int) -> st.SearchStrategy[Floats]:
    shapes = st.tuples(st.integers(0, longest), st.just(TAGS))
    return shapes.flatmap(lambda shape: arrays(np.float32, shape, elements=finite))


def is_legal(tags: tuple[int, ...] | list[int]) -> bool:
    """Whether every I- follows B- or I- of its label."""
    return all(not tag or tag % 2 or (i > 0 and tags[i - 1] in (tag - 1, tag)) for i, tag in enumerate(tags))


@given(scores(30))
def test_tags_are_always_a_legal_row(numbers: Floats) -> None:
    tags = best_tags(log_softmax(numbers))
    assert len(tags) == len(numbers)
    assert is_legal(tags)


@given(scores(3))
@settings(max_examples=20, deadline=None)
def test_tags_are_the_likeliest_of_all_legal_rows(numbers: Floats) -> None:
    chances = log_softmax(numbers)

    def total(tags: tuple[int, ...]) -> float:
        return float(sum(chances[i, tag] for i, tag in enumerate(tags)))

    best = max(total(tags) for tags in product(range(TAGS), repeat=len(chances)) if is_legal(tags))
    assert total(tuple(best_tags(chances))) == pytest.approx(best, abs=1e-3)


def test_a_row_that_wants_to_be_illegal_all_along_stays_legal() -> None:
    numbers = np.full((2000, TAGS), -60, dtype=np.float32)
    numbers[:, 2] = numbers[:, 4] = 0
    numbers[1::2, 2] = -60
    assert is_legal(best_tags(log_softmax(numbers)))


def test_entities_side_by_side_are_two() -> None:
    numbers = np.zeros((5, TAGS), dtype=np.float32)
    for i, tag in enumerate(("B-GPE", "B-GPE", "I-GPE", "O", "B-DATE")):
        numbers[i, ENTITY_TAGS.index(tag)] = 9
    found = [(entity.start, entity.end, entity.label) for entity in entities(numbers)]
    assert found == [(0, 1, "GPE"), (1, 3, "GPE"), (4, 5, "DATE")]


def pointing() -> Pointing:
    return Pointing(
        np.zeros((len(POLARITIES), len(POINTERS), KEY), dtype=np.float32),
        np.zeros((len(POINTERS), 2 * REACH + 1), dtype=np.float32),
        np.zeros((len(PARTS), LONGEST), dtype=np.float32),
    )


@st.composite
def read(draw: st.DrawFn) -> tuple[Floats, SpanNumbers, list[int]]:
    """Anchors, numbers for spans, and sentences of up to 40 words."""
    lengths = draw(st.lists(st.integers(1, 8), max_size=5))
    sentences = [n for n, length in enumerate(lengths) for _ in range(length)]
    seed = np.random.default_rng(draw(st.integers(0, 1_000_000)))

    def rows(width: int, scale: float) -> Floats:
        return (seed.normal(size=(len(sentences), width)) * scale).astype(np.float32)

    wide, narrow = len(POINTERS) * KEY, len(PARTS) * PAIR
    spans = SpanNumbers(rows(wide, 2), rows(wide, 2), rows(narrow, 2), rows(narrow, 2))
    return rows(len(POLARITIES), 3), spans, sentences


@given(read())
@settings(max_examples=60, deadline=None)
def test_parts_of_a_stance_lie_in_their_sentences(
    article: tuple[Floats, SpanNumbers, list[int]],
) -> None:
    anchors, spans, sentences = article
    for stance in stances(anchors, spans, sentences, pointing()):
        parts = (stance.evidence, stance.holder, stance.target)
        for start, end in parts:
            assert 0 <= start < end <= len(sentences)
            assert end - start <= LONGEST
            assert len(set(sentences[start:end])) == 1
        assert sentences[stance.evidence[0]] == sentences[stance.target[0]] == sentences[stance.anchor]
        assert stance.evidence[0] <= stance.anchor < stance.evidence[1]
        assert stance.holder != stance.target
        assert all(0 <= chance <= 1 for chance in stance.chances)


@given(read())
@settings(max_examples=20, deadline=None)
def test_scores_of_spans_are_the_sum_of_their_ends_and_their_pair(
    article: tuple[Floats, SpanNumbers, list[int]],
) -> None:
    _, numbers, sentences = article
    given = pointing()
    rng = np.random.default_rng(1)
    given.polar[:], given.distance[:], given.length[:] = (
        rng.normal(size=each.shape) for each in (given.polar, given.distance, given.length)
    )
    words = len(sentences)
    if not words:
        return
    anchor = words // 2
    asked = numbers.queries[anchor].reshape(-1, KEY) + given.polar[1]
    found = given.spans(numbers, given.pairs(numbers), anchor, 1)
    for part, start, length in product(range(len(PARTS)), range(words), range(LONGEST)):
        end = start + length
        if end >= words:
            assert found[part, start, length] == -np.inf
            continue
        first, last = numbers.starts[start].reshape(-1, PAIR)[part], numbers.ends[end].reshape(-1, PAIR)[part]
        wanted = given.length[part, length] + first @ last / PAIR**0.5
        for pointer, word in ((2 * part, start), (2 * part + 1, end)):
            wanted += asked[pointer] @ numbers.keys[word].reshape(-1, KEY)[pointer] / KEY**0.5
            wanted += given.distance[pointer, np.clip(word - anchor, -REACH, REACH) + REACH]
        assert found[part, start, length] == pytest.approx(wanted, abs=1e-3)


def test_possible_spans_are_those_of_one_sentence_around_the_anchor() -> None:
    evidence, holder, target = possible(np.array([0, 0, 1, 1]), 3)

    def spans(allowed: Floats) -> list[tuple[int, int]]:
        return [(int(start), int(start + length + 1)) for start, length in np.argwhere(allowed)]

    assert spans(evidence) == [(2, 4), (3, 4)]
    assert spans(target) == [(2, 3), (2, 4), (3, 4)]
    assert spans(holder) == [(0, 1), (0, 2), (1, 2), (2, 3), (2, 4), (3, 4)]


span_pairs = st.tuples(st.integers(0, 6), st.integers(1, 3)).map(lambda pair: (pair[0], pair[0] + pair[1]))
found_stances = st.builds(
    FoundStance,
    st.integers(0, 6),
    st.sampled_from(POLARITIES[:2]),
    span_pairs,
    span_pairs,
    span_pairs,
    st.tuples(*[st.sampled_from((0.1, 0.5, 0.9))] * 3),
)


@given(st.lists(found_stances, max_size=8), st.randoms(use_true_random=False))
def test_joining_is_idempotent_and_takes_stances_in_any_order(found: list[FoundStance], random) -> None:
    joined = together(found)
    assert together(joined) == joined
    random.shuffle(found)
    assert together(found) == joined


def test_two_anchors_of_one_stance_share_its_chance_once() -> None:
    one = FoundStance(1, "FAVOR", (1, 3), (0, 1), (4, 5), (0.5, 0.9, 0.8))
    same = FoundStance(2, "FAVOR", (2, 3), (0, 1), (4, 6), (0.4, 0.9, 0.8))
    again = FoundStance(2, "FAVOR", (2, 3), (0, 2), (4, 5), (0.4, 0.5, 0.8))
    other = FoundStance(2, "AGAINST", (2, 3), (0, 1), (6, 7), (0.3, 0.9, 0.8))
    first, second = together([other, again, same, one])
    assert first.evidence == (1, 3)
    assert first.chances == pytest.approx((0.7, 0.9, 0.8))
    assert second == other


def test_the_weaker_of_two_polarities_for_the_same_goes() -> None:
    strong = FoundStance(1, "AGAINST", (1, 3), (0, 1), (4, 6), (0.7, 0.9, 0.8))
    weak = FoundStance(1, "FAVOR", (1, 3), (0, 1), (4, 5), (0.6, 0.9, 0.8))
    elsewhere = FoundStance(7, "FAVOR", (7, 8), (0, 1), (4, 5), (0.6, 0.9, 0.8))
    assert together([weak, strong, elsewhere]) == [strong, elsewhere]


@pytest.mark.parametrize("target_first", [True, False])
def test_holders_that_are_each_others_targets_share_the_chance_of_both(target_first: bool) -> None:
    here, there = ((0, 1), 0.5), ((3, 4), 0.4)
    targets = [((3, 4), 0.45), ((0, 1), 0.35)][:: 1 if target_first else -1]
    assert list(_matched([here, there], targets)) == [
        (((0, 1), pytest.approx(0.9)), ((3, 4), pytest.approx(0.8))),
        (((3, 4), pytest.approx(0.9)), ((0, 1), pytest.approx(0.8))),
    ]


def test_two_targets_that_the_holder_names_together_are_for_or_against_each_other() -> None:
    both, targets = ((0, 3), 0.9), [((2, 3), 0.6), ((0, 1), 0.3)]
    assert list(_matched([both, ((7, 8), 0.1)], targets)) == [
        (((2, 3), pytest.approx(0.9)), ((0, 1), pytest.approx(0.9))),
        (((0, 1), pytest.approx(0.9)), ((2, 3), pytest.approx(0.9))),
    ]


def test_an_unlikely_exchange_of_parts_is_no_stance() -> None:
    holders, targets = [((0, 1), 0.9), ((3, 4), 0.05)], [((3, 4), 0.2), ((0, 1), 0.1)]
    assert list(_matched(holders, targets)) == [(holders[0], targets[0])]


def test_a_likely_second_holder_has_a_stance_of_its_own() -> None:
    holders, target = [((0, 1), 0.5), ((3, 4), 0.4)], ((6, 8), 0.9)
    assert list(_matched(holders, [target])) == [(holders[0], target), (holders[1], target)]
