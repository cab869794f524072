"""Differences: one for each thing that is wrong, none for what is right."""

from hypothesis import given

from annotator.agreement.alignment import compare
from annotator.agreement.differences import differences
from annotator.agreement.scores import ALL, score
from annotator.domain.marks import Mark, Stance
from tests.agreement.marks import WORDS, marks
from tests.agreement.test_scores import FOUND, GOLD


def test_the_differences_of_a_worked_example() -> None:
    found = differences(compare(WORDS, GOLD, FOUND))
    assert [(each.kind.value, each.span.of(WORDS)) for each in found] == [
        ("label", "Oslo"),
        ("polarity", "welcomed the deal"),
        ("edge", "Lavrov"),
        ("missed", "rejected it"),
        ("spurious", "army"),
        ("missed", "Chad"),
        ("spurious", "fled"),
    ]


def test_a_stance_can_be_wrong_in_several_ways() -> None:
    gold, found = GOLD[5], FOUND[6]
    assert isinstance(gold, Stance)
    assert isinstance(found, Stance)
    other = Stance("", gold.span, "FAVOR", found.holder, None)
    kinds = [each.kind.value for each in differences(compare(WORDS, [gold], [other]))]
    assert kinds == ["polarity", "holder", "target"]


@given(marks())
def test_equal_readings_have_none(gold: list[Mark]) -> None:
    assert differences(compare(WORDS, gold, gold)) == []


@given(marks(), marks())
def test_there_are_as_many_as_the_scores_say(gold: list[Mark], found: list[Mark]) -> None:
    compared = compare(WORDS, gold, found)
    wrong = differences(compared)
    whole = score([compared]).whole
    if ALL in whole:
        counts = whole[ALL].counts
        missed = sum(each.kind == "missed" and isinstance(each.gold, Stance) for each in wrong)
        others = {id(each.gold) for each in wrong if isinstance(each.gold, Stance) and each.found}
        assert missed + len(others) == counts.wanted - counts.right
