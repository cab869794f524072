"""Alignment: equal marks find each other, near ones too, each at most once, whatever order they come in."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.agreement.alignment import compare, entity_pairs, stance_pairs
from annotator.agreement.phrases import core
from annotator.domain.marks import Entity, Mark, Stance
from annotator.domain.text import Span, sentences
from tests.agreement.marks import WORDS, at, entities, entity, marks, stance, stances


def test_equal_entities_go_together_before_nearer_ones() -> None:
    gold = [entity("President Lavrov", "PERSON"), entity("Lavrov", "PERSON")]
    pairs = entity_pairs(gold, [entity("Lavrov", "PERSON")])
    assert [(pair.strict, pair.found is None) for pair in pairs] == [(False, True), (True, False)]


def test_the_same_label_goes_before_the_same_edges() -> None:
    found = [entity("Lavrov", "ORG"), entity("President Lavrov", "PERSON")]
    pairs = entity_pairs([entity("Lavrov", "PERSON")], found)
    assert [pair.found for pair in pairs if pair.gold] == [found[1]]


def test_another_label_at_the_same_place_is_a_pair_too() -> None:
    (pair,) = entity_pairs([entity("NATO", "ORG")], [entity("NATO", "GPE")])
    assert not pair.same_label


def test_a_stance_is_whole_when_polarity_holder_and_target_agree() -> None:
    gold = stance("would not send troops", "AGAINST", "France", "send troops")
    (pair,) = stance_pairs([gold], [stance("not send", "AGAINST", "France", "troops")], text=WORDS)
    assert pair.whole
    assert pair.evidence
    (pair,) = stance_pairs([gold], [stance("not send", "FAVOR", "it", None)], text=WORDS)
    assert (pair.evidence, pair.polarity, pair.holder, pair.target) == (True, False, False, False)


def test_other_evidence_in_the_same_sentence_makes_a_pair_if_holder_and_target_agree() -> None:
    gold, said = (stance(words, "AGAINST", "France", "troops") for words in ("would not send", "said"))
    (pair,) = stance_pairs([gold], [said], text=WORDS)
    assert pair.whole
    assert not pair.evidence
    other = stance("said", "AGAINST", "France", "it")
    assert len(stance_pairs([gold], [other], text=WORDS)) == 2
    elsewhere = stance("rejected", "AGAINST", "France", "troops")
    assert len(stance_pairs([gold], [elsewhere], text=WORDS)) == 2


def test_a_missing_holder_agrees_with_a_missing_one_only() -> None:
    gold = stance("rejected it", "AGAINST", None, "it")
    (pair,) = stance_pairs([gold], [gold], text=WORDS)
    assert pair.holder
    (pair,) = stance_pairs([gold], [stance("rejected it", "AGAINST", "Lavrov", "it")], text=WORDS)
    assert not pair.holder


def test_titles_and_determiners_before_a_name_do_not_make_phrases_overlap() -> None:
    gold = stance("rejected it", "AGAINST", "President Lavrov", "The army of Chad")
    (pair,) = stance_pairs([gold], [stance("rejected it", "AGAINST", "President", "The")], text=WORDS)
    assert not pair.holder
    assert not pair.target
    (pair,) = stance_pairs([gold], [stance("rejected it", "AGAINST", "Lavrov", "army")], text=WORDS)
    assert pair.holder
    assert pair.target


@pytest.mark.parametrize(
    ("phrase", "left"),
    [
        ("the Chancellor Angela Merkel", "Angela Merkel"),
        ("Prime Minister Olmert", "Olmert"),
        ("the president", "president"),
        ("Prime Minister", "Prime Minister"),
        ("Dr. Ngo", "Ngo"),
        ("The", "The"),
        ("…", "…"),
    ],
)
def test_the_core_of_a_phrase(phrase: str, left: str) -> None:
    text = f"So {phrase} said"
    assert core(text, Span(3, 3 + len(phrase))).of(text) == left


def test_what_touches_a_zone_does_not_count() -> None:
    gold = [entity("NATO", "ORG"), entity("France", "GPE"), stance("said", "FAVOR", "France", None)]
    zone = Span(0, len("France said"))
    compared = compare(WORDS, gold, [], [zone])
    assert [pair.mark.span for pair in compared.entities] == [at("NATO")]
    assert compared.stances == ()


@given(marks(), marks(), st.randoms(use_true_random=False))
def test_input_order_does_not_matter(gold: list[Mark], found: list[Mark], random: Random) -> None:
    before = compare(WORDS, gold, found)
    random.shuffle(gold)
    random.shuffle(found)
    assert compare(WORDS, gold, found) == before


@given(marks(), marks())
def test_every_mark_is_in_one_pair(gold: list[Mark], found: list[Mark]) -> None:
    compared = compare(WORDS, gold, found)
    pairs = [*compared.entities, *compared.stances]
    for side, wanted in (("gold", gold), ("found", found)):
        got = [getattr(pair, side) for pair in pairs if getattr(pair, side)]
        assert sorted(got, key=repr) == sorted(wanted, key=repr)


@given(st.lists(entities(), max_size=6), st.lists(entities(), max_size=6))
def test_of_what_is_not_equal_no_choice_gives_more_of_the_same_label(
    gold: list[Entity], found: list[Entity]
) -> None:
    left, right = list(gold), list(found)
    for mark in gold:
        if mark in right:
            left.remove(mark)
            right.remove(mark)
    pairs = entity_pairs(gold, found)
    assert sum(pair.strict for pair in pairs) == len(gold) - len(left)
    best = most(left, right, lambda a, b: a.label == b.label and a.span.overlaps(b.span))
    assert sum(pair.same_label for pair in pairs) - sum(pair.strict for pair in pairs) == best


@given(st.lists(stances(), max_size=5), st.lists(stances(), max_size=5))
def test_no_choice_of_pairs_has_more_whole_stances(gold: list[Stance], found: list[Stance]) -> None:
    def sentence(mark: Stance) -> int:
        first = WORDS.index("\n")
        spans = [*sentences(WORDS, 0, first), *sentences(WORDS, first + 2, len(WORDS))]
        return sum(span.start <= mark.span.start for span in spans)

    def whole(a: Stance, b: Stance) -> bool:
        for one, other in ((a.holder, b.holder), (a.target, b.target)):
            if one is None or other is None:
                if one is not other:
                    return False
            elif not core(WORDS, one.span).overlaps(core(WORDS, other.span)):
                return False
        return a.label == b.label and (a.span.overlaps(b.span) or sentence(a) == sentence(b))

    pairs = stance_pairs(gold, found, text=WORDS)
    assert sum(pair.whole for pair in pairs) == most(gold, found, whole)


def most(left: list[Any], right: list[Any], fits: Callable[[Any, Any], bool]) -> int:
    """The most pairs that fit, by trying all choices: the first goes alone, or with each that fits it."""
    if not left:
        return 0
    fitting = [n for n, other in enumerate(right) if fits(left[0], other)]
    taken = [1 + most(left[1:], right[:n] + right[n + 1 :], fits) for n in fitting]
    return max([most(left[1:], right, fits), *taken])
