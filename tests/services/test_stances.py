"""Holders and targets in the order that was learned, on sentences of our own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.marks import Entity, Shown
from annotator.domain.text import Span
from annotator.services import stance_rules
from annotator.services.phrases import without_determiner
from annotator.services.stances import holder_candidates, target_candidates
from tests.services.test_stance_rules import PIECES, read


def holders(marked: str) -> list[str]:
    text, shown, evidence = read(marked)
    return [part.span.of(text) for part in holder_candidates(text, shown, evidence)]


def targets(marked: str) -> list[str]:
    text, shown, evidence = read(marked)
    return [part.span.of(text) for part in target_candidates(text, shown, evidence)]


@pytest.mark.parametrize(
    ("marked", "holder"),
    [
        ("[P Holt] {would not sign the deal}.", "Holt"),
        ("[P Holt] said that [O Dockside] {wants a new pier}.", "Dockside"),
        ("The deal {was a disgrace}, [P Holt] said on Monday.", "Holt"),
        ("According to [O Dockside], the strike {should end at once}.", "Dockside"),
        ("In [G Sorrel], the harbour union {rejected the offer}.", "the harbour union"),
        ("[P Holt] backed the deal. She {praised the mayor}.", "Holt"),
        ("“We {will never sign},” [P Holt] said.", "Holt"),
        ("[P Holt]’s lawyers {have questioned the deal}.", "Holt’s lawyers"),
    ],
)
def test_the_likeliest_holder_comes_first(marked: str, holder: str) -> None:
    assert holders(marked)[:1] == [holder]


@pytest.mark.parametrize(
    ("marked", "target"),
    [
        ("[P Holt] {condemned the attack}.", "the attack"),
        ("[P Holt] {called for more time}.", "more time"),
        ("[O Dockside] {accused [G Sorrel] of fraud}.", "Sorrel"),
        ("[P Holt] {welcomed} the deal.", "the deal"),
        ("The deal {was a disgrace}, [P Holt] said.", "The deal"),
        ("[O Dockside] {is seeking its own pier}.", "its own pier"),
        ("[O Dockside] {has declined to discuss the new pier}.", "discuss the new pier"),
        ("Sailors {marched to criticize the closing of ports}.", "the closing of ports"),
    ],
)
def test_the_likeliest_target_comes_first(marked: str, target: str) -> None:
    assert targets(marked)[:1] == [target]


def test_a_wording_is_offered_once_whatever_its_determiner() -> None:
    found = targets("Holt {backed the deal}. The deal.")
    offered = [words.casefold().removeprefix("the ") for words in found]
    assert len(set(offered)) == len(offered)


def test_neither_part_is_offered_the_words_of_the_other() -> None:
    text, shown, evidence = read("The talks {made no progress}, said [P Holt] of the Holt family.")
    for first in holder_candidates(text, shown, evidence):
        words = without_determiner(first.span.of(text)).casefold()
        others = target_candidates(text, shown, evidence, holder=first)
        assert words not in [without_determiner(part.span.of(text)).casefold() for part in others]
        for second in others:
            again = holder_candidates(text, shown, evidence, target=second)
            assert second.span not in [part.span for part in again]


def test_another_mention_of_the_holder_by_name_is_not_offered_either() -> None:
    text = "Mira Holt said Holt would {praise the plan of Holt}."
    shown = [
        Shown(Entity(str(start), Span(start, end), "PERSON", "Mira Holt"))
        for start, end in ((0, 9), (15, 19), (text.rindex("Holt"), len(text) - 1))
    ]
    evidence = Span(text.index("praise"), len(text) - 1)
    holder = holder_candidates(text, shown, evidence)[0]
    assert holder.name == "Mira Holt"
    assert all(part.name is None for part in target_candidates(text, shown, evidence, holder=holder))


@pytest.mark.parametrize(
    "marked",
    [
        "“{I’m ready to go on with these talks},” [P Holt] said.",
        "“We {will not give up the harbour},” said [P Holt].",
        "{I am ready}, [P Holt] said.",
    ],
)
def test_who_speaks_is_the_last_to_be_a_target(marked: str) -> None:
    found = targets(marked)
    speakers = [words.casefold() in ("i", "we", "us") for words in found]
    assert speakers == sorted(speakers)
    assert len(found) > sum(speakers)


def test_a_stretch_has_the_name_of_the_entity_on_it() -> None:
    text = "Holt refused."
    shown = [Shown(Entity("1", Span(0, 4), "PERSON", "Mira Holt"))]
    assert holder_candidates(text, shown, Span(5, 12))[0].name == "Mira Holt"


def test_what_the_rules_offer_stays_within_reach() -> None:
    text, shown, evidence = read(
        "[P Okafor] came. [P Holt] met the mayor and {liked the plan} of [G Sorrel]."
    )
    for ruled, offered in (
        (stance_rules.holder_candidates, holder_candidates),
        (stance_rules.target_candidates, target_candidates),
    ):
        spans = [part.span for part in offered(text, shown, evidence)]
        assert {part.span for part in ruled(text, shown, evidence)} <= set(spans)


def test_a_page_without_a_full_stop_costs_no_more_than_a_sentence() -> None:
    text, shown, evidence = read("[P Holt] met " * 20_000 + "and {refused it}")
    assert len(holder_candidates(text, shown[-200:], evidence)) <= 12
    assert target_candidates(text, shown[-200:], Span(0, len(text))) is not None


@settings(deadline=None)
@given(st.lists(PIECES, max_size=12), st.lists(PIECES, max_size=8))
def test_any_text_gives_candidates_inside_it_and_always_the_same(before: list[str], after: list[str]) -> None:
    text, shown, evidence = read("".join(before) + "{rejected it}" + "".join(after))
    for offered in (holder_candidates, target_candidates):
        parts = offered(text, shown, evidence)
        assert parts == offered(text, shown, evidence)
        assert len(parts) <= 12
        assert all(part.span.of(text).strip() == part.span.of(text) for part in parts)
        assert len({part.span.of(text).casefold() for part in parts}) == len(parts)
