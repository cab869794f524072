"""Equal mentions as whole words, and marks in a few words."""

import pytest

from annotator.domain.marks import Entity, Shown, Source
from annotator.domain.text import Span
from annotator.services.mentions import mentions_of
from annotator.services.wording import counted, described, quoted


def places(
    text: str, words: str, *shown: Shown, zones: tuple[Span, ...] = (), any_case: bool = False
) -> list[int]:
    """Where the other mentions of the first place of `words` start."""
    at = text.index(words)
    entity = Entity("x", Span(at, at + len(words)), "PERSON")
    found = mentions_of(text, entity, shown, zones, any_case=any_case)
    return [mention.mark.span.start for mention in found]


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Bo, Bo.", "Bo", [4]),
        ("Bo and Bob, Jumbo, Bo_1 and Bo2", "Bo", []),
        ("Bo: (Bo) “Bo” Bo’s Bo-Anna", "Bo", [5, 10, 14, 19]),
        ("Bo bo BO", "Bo", []),
        ("Bo Bo\u0301", "Bo", []),
        ("😀Bo😀 Bo", "Bo", [5]),
        ("U.S. and U.S. again", "U.S.", [9]),
        ("C++ or C++11 or C++", "C++", [7, 16]),
        ("東京と東京", "東京", []),
        ("Bo (a.k.a. Bo)", "Bo", [11]),
    ],
)
def test_mentions_are_whole_words(text: str, words: str, found: list[int]) -> None:
    assert places(text, words) == found


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Minister: the minister, MINISTER, ministers", "Minister", [14, 24]),
        ("Ärzte und ärzte, ÄRZTE", "Ärzte", [10, 17]),
        ("Οδός ΟΔΌΣ οδός", "Οδός", [5, 10]),
        ("İstanbul said: bo, Bo and BO", "Bo", [15, 26]),
        ("İzmir, izmir, İZMIR", "İzmir", [7, 14]),
        ("Straße, STRASSE, straße", "Straße", [17]),
    ],
)
def test_mentions_in_any_case_are_found_where_they_stand(text: str, words: str, found: list[int]) -> None:
    assert places(text, words, any_case=True) == found


def test_zones_and_longer_entities_are_left_alone_and_shorter_ones_are_not() -> None:
    text = "Bo met Bo Lee. Bo Lee and Bo left."
    longer = Shown(Entity("1:1", Span(7, 13), "PERSON"))
    shorter = Shown(Entity("a", Span(18, 21), "PERSON"), Source.ADDED)
    assert places(text, "Bo", longer, shorter) == [15, 26]
    assert places(text, "Bo", longer, shorter, zones=(Span(14, 20),)) == [26]


def test_a_mark_is_described_on_one_line_and_cut_when_long() -> None:
    text = "The\r\n  old   harbour " + "x" * 100
    assert quoted(text, Span(0, 21)) == "“The old harbour”"
    assert quoted(text, Span(0, 121)) == "“The old harbour xxxxxxxxxxxxxxxxxxxxxxx…”"
    assert len(quoted("y" * 10_000, Span(0, 10_000))) == 42
    assert described(text, Entity("", Span(13, 20), "FAC")) == "FAC “harbour”"


def test_counting_words() -> None:
    assert (counted(1, "suggestion"), counted(3, "suggestion")) == ("1 suggestion", "3 suggestions")
