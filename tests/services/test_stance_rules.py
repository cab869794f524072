"""Holders and targets by rule, on sentences of our own."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.marks import Entity, Shown
from annotator.domain.text import Span
from annotator.services.stance_rules import holder_candidates, target_candidates

KINDS = {"P": "PERSON", "O": "ORG", "G": "GPE", "N": "NORP", "D": "DATE", "L": "LOC"}


def read(marked: str) -> tuple[str, list[Shown], Span]:
    """A text with `[P Name]` for entities and `{evidence}`, its marks and its evidence."""
    text, shown, start, evidence = "", [], 0, Span(0, 1)
    for piece in re.split(r"(\[\w [^\]]+\]|[{}])", marked):
        if piece == "{":
            start = len(text)
        elif piece == "}":
            evidence = Span(start, len(text))
        elif piece.startswith("["):
            span = Span(len(text), len(text) + len(piece) - 4)
            shown.append(Shown(Entity(str(len(text)), span, KINDS[piece[1]])))
            text += piece[3:-1]
        else:
            text += piece
    return text, shown, evidence


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
        ("[P Holt] said she {would not sign the deal}.", "Holt"),
        ("[P Holt], who met [P Okafor] in [G Sorrel], said she {was willing to talk}.", "Holt"),
        ("[P Holt], who leads the [O Dockside], {rejected the plan}.", "Holt"),
        ("[P Holt], whose brother runs [O Dockside], {rejected the plan}.", "Holt"),
        ("[P Holt] told reporters in [G Sorrel] that she {would not sign}.", "Holt"),
        ("The deal {was a disgrace}, [P Holt] said on Monday.", "Holt"),
        ("The pier {must go}, said [P Holt].", "Holt"),
        ("According to [O Dockside], the strike {should end at once}.", "Dockside"),
        ("In [G Sorrel], the harbour union {rejected the offer}.", "the harbour union"),
        ("The talks failed, with [G Sorrel] {refusing to pay}.", "Sorrel"),
        ("[P Okafor] of [G Sorrel] {rejected the offer}.", "Okafor"),
        ("[P Holt] said in [G Sorrel] she {would not sign}.", "Holt"),
        ("The harbour union {rejected the offer}.", "The harbour union"),
        ("Critics {called the plan reckless}.", "Critics"),
        ("[P Holt] backed the deal. She {praised the mayor}.", "Holt"),
        ("The mayor wept. They {condemned the fire} again.", "They"),
        ("“We {will never sign},” [P Holt] said.", "Holt"),
        (
            "[P Holt] spoke first. “The deal was close. It {must be signed},” she said, and [P Okafor] left.",
            "Holt",
        ),
        ("“They {will never sign}.”\n\n[P Okafor] said so before the vote in [G Sorrel].", "Okafor"),
        ("“I {want [G Sorrel] to pay},” said [P Okafor], who had met [P Holt].", "Okafor"),
        ("[G Sorrel] and [G Marle] {accused the ferry line of fraud}.", "Sorrel and Marle"),
        ("On Friday, [N French] sailors {blocked the port}.", "French sailors"),
    ],
)
def test_the_likeliest_holder_comes_first(marked: str, holder: str) -> None:
    assert holders(marked)[:1] == [holder]


def test_after_the_subject_a_name_before_a_noun_phrase_before_a_pronoun() -> None:
    assert holders("She and the mayor met [P Holt] and {refused to sign}.") == [
        "She and the mayor",
        "Holt",
        "the mayor",
        "She",
    ]


def test_whom_a_pronoun_stands_for_comes_before_it_and_other_names_after() -> None:
    marked = "[P Okafor] came.\n\n[P Holt] came too. He {liked the plan}."
    assert holders(marked) == ["Holt", "He", "Okafor"]


def test_next_to_a_noun_phrase_the_pronoun_comes_before_earlier_names() -> None:
    assert holders("[P Holt] came. The mayor says he {liked the plan}.") == ["The mayor", "he", "Holt"]


def test_a_date_or_a_place_holds_no_stance() -> None:
    assert holders("[D Monday] came and [L Sorrel Bay] {was calm}.") == []


def test_evidence_that_is_a_whole_sentence_holds_its_holder() -> None:
    assert holders("{The council of [G Sorrel] backs the pier.}")[0] == "The council"
    assert holders("{[O Dockside] rejects the pier}")[0] == "Dockside"


def test_a_wording_is_offered_once_and_with_its_name() -> None:
    text = "Holt met Holt and refused."
    shown = [Shown(Entity("1", Span(0, 4), "PERSON")), Shown(Entity("2", Span(9, 13), "PERSON", "Mira Holt"))]
    (holder,) = holder_candidates(text, shown, Span(18, 25))
    assert (holder.span, holder.name) == (Span(9, 13), "Mira Holt")


@pytest.mark.parametrize(
    ("marked", "target"),
    [
        ("[P Holt] {condemned the attack}.", "the attack"),
        ("[P Holt] {would not send troops}.", "send troops"),
        ("[P Holt] {is ready to continue talks}.", "continue talks"),
        ("[P Holt] {called for more time}.", "more time"),
        ("[O Dockside] {accused [G Sorrel] of fraud}.", "Sorrel"),
        ("[O Dockside] {accused the ferry line} of fraud.", "the ferry line"),
        ("[P Holt] {welcomed} the deal with [G Sorrel].", "Sorrel"),
        ("[P Holt] {welcomed} the deal.", "the deal"),
        ("The deal {was a disgrace}, [P Holt] said.", "The deal"),
        ("[P Holt] {praised it}.", "it"),
        ("[O Dockside] {has ruled out paying for a pier}.", "paying for a pier"),
        ("[P Holt] {would be “ready to sign}” it.", "sign"),
    ],
)
def test_the_likeliest_target_comes_first(marked: str, target: str) -> None:
    assert targets(marked)[:1] == [target]


def test_targets_inside_the_evidence_come_before_those_behind_and_before_it() -> None:
    marked = "The mayor and [P Holt] {rejected the offer} of [G Sorrel] and the bank."
    assert targets(marked) == ["the offer", "Sorrel", "the bank", "Holt", "The mayor"]


def test_the_evidence_itself_and_dates_are_no_targets() -> None:
    assert targets("{[O Dockside]} [D Monday]") == []


PIECES = st.sampled_from(
    [
        "[P Holt] ",
        "[G Sorrel] ",
        "said ",
        "that ",
        "the deal ",
        "“",
        "”",
        ". ",
        ", ",
        "He ",
        "\n",
        "😀 ",
        "critics ",
        "\r\n\r\n",
    ]
)


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
