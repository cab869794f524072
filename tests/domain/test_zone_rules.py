"""Zones on pieces in our own words: what is found, what is left alone, and that offsets hold."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.zone_rules import find_zones, kind_of_line
from annotator.domain.zones import ZoneKind

HEADLINE = "Harbour workers vote to end their strike"
PROSE = "The vote came after a night of talks in the union hall."


def found(text: str) -> list[tuple[str, ZoneKind]]:
    return [(zone.span.of(text), zone.kind) for zone in find_zones(text)]


@pytest.mark.parametrize(
    "debris",
    [
        "!-- Google tag (gtag.js) -->",
        "<!-- advert slot 3 -->",
        "<!-- never closed",
        "!-- comment tail with -- dashes inside -->",
        "<script async src='x.js'></script>",
        "<script>\nwindow.dataLayer = [];\nrun();\n</script>",
        "<iframe src='map.html'>",
        '<div class="share">',
        "window.dataLayer = window.dataLayer || [];",
        "gtag('js', new Date());",
        "googletag.cmd.push(show);",
        "{{ article.related }}",
        "[advertisement]",
        "[Embedded content]",
    ],
)
def test_template_debris_is_found_as_a_line(debris: str) -> None:
    text = f"{HEADLINE}\n\n{PROSE}\n{debris}\n{PROSE}\n"
    assert (debris, ZoneKind.DEBRIS) in found(text)
    assert all(PROSE not in piece for piece, _ in found(text))


def test_debris_glued_to_a_sentence_leaves_the_sentence() -> None:
    text = f"{HEADLINE}\n\n{PROSE}!-- Google tag (gtag.js) -->\n\nMore prose follows."
    assert found(text) == [("!-- Google tag (gtag.js) -->", ZoneKind.DEBRIS)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
@pytest.mark.parametrize(
    "line",
    ["Advertisement", "STORY CONTINUES BELOW", "Read more:", "Share this article", "Click here to subscribe"],
)
def test_page_furniture_is_found_whatever_ends_the_line(line: str, end: str) -> None:
    text = end.join([HEADLINE, "", PROSE, line, PROSE])
    assert found(text) == [(line, ZoneKind.DEBRIS)]


@pytest.mark.parametrize(
    "line",
    [
        "IMAGE SOURCE: AP",
        "Image source: Harbour Press Agency",
        "Photo: Mira Holt/Harbour Press",
        "Photo by Mira Holt",
        "Photos courtesy of the artist",
        "Picture: H. Okafor / Coastal News",
        "Credit: Mira Holt",
        "© 2021 Harbour Press",
        "(c) Harbour Press",
        "Copyright 2021 Harbour Press",
        "Mira Holt/Getty Images",
    ],
)
def test_a_credit_line_alone_is_found(line: str) -> None:
    assert found(f"{HEADLINE}\n\n{PROSE}\n\n{line}\n\n{PROSE}") == [(line, ZoneKind.CREDIT)]


@pytest.mark.parametrize(
    "line",
    [
        "Update 04/11/21 07.15a.m. C.T.: This piece has a new last paragraph.",
        "UPDATE: The union has since named a new date.",
        "Update (6:30 p.m.): The ferry sails again.",
        "Updated March 4, 2021",
        "Updated on 4 March with the union's reply.",
        "Last updated: 12 May",
        "Correction: The hall holds 300 people, not 3,000.",
        "Editor’s note: The writer is a member of the union.",
        "This article was updated to include the mayor's reply.",
        "An earlier version of this story misstated the number of ferries.",
        "[Update 2021-04-11] The ferry sails again.",
    ],
)
def test_an_update_note_is_found(line: str) -> None:
    assert found(f"{HEADLINE}\n\n{PROSE}\n\n{line}") == [(line, ZoneKind.UPDATE)]


def test_a_repeated_headline_is_found_whatever_its_case_and_punctuation() -> None:
    again = "HARBOUR WORKERS VOTE TO END THEIR STRIKE."
    assert found(f"\ufeff{HEADLINE}\n\n{PROSE}\n\n{again}\n\n{PROSE}") == [(again, ZoneKind.HEADLINE)]


def test_the_headline_is_looked_for_behind_debris() -> None:
    text = f"<!-- top -->\n{HEADLINE}\n\n{PROSE}\n\n{HEADLINE}\n"
    assert found(text) == [("<!-- top -->", ZoneKind.DEBRIS), (HEADLINE, ZoneKind.HEADLINE)]


@pytest.mark.parametrize(
    "prose",
    [
        "Update on the war: the minister gave one every morning, and nobody listened to it any more.",
        "Update meetings were held every morning.",
        "Updated plans for the harbour were shown to the council on Monday.",
        "Updated, the plan now costs 40 million and covers both piers.",
        "Updated (and cheaper) plans were shown.",
        "Corrections officers joined the strike on Tuesday.",
        "Correction fluid was thrown at the mayor.",
        "The story was updated for the stage by two students.",
        "Photo: A man carries a box of herring past the closed gate of the harbour.",
        "Pictures by the lake were sold to the museum last week.",
        "Source: the ministry says that it did not know of the plan before Friday.",
        "Copyright reform passed the lower house.",
        "He showed a photo: Holt, smiling, at the gate.",
        "The photo by Mira Holt shows the hall at noon, when the vote was counted by hand.",
        "Video games are the town's main export.",
        "Click here, he told her, and everything will be sold.",
        "They chanted “Read more: burn less” in front of the library.",
        "Prices rose by < 2 % and fell again [sic] after the vote.",
        "The function () of the harbour master is to say no.",
        HEADLINE + " after eleven weeks",
    ],
)
def test_prose_is_left_alone(prose: str) -> None:
    assert found(f"{HEADLINE}\n\n{prose}\n\n{PROSE}") == []


def test_a_short_headline_may_stand_again_as_prose() -> None:
    assert found(f"Opinion\n\n{PROSE}\n\nOpinion\n") == []


def test_a_caption_with_its_credit_inside_is_text() -> None:
    caption = "Dockers wait for the result at the east gate on Friday. Photo: Mira Holt"
    assert found(f"{HEADLINE}\n\n{caption}\n\n{PROSE}") == []


def test_the_first_line_is_never_a_repeated_headline_nor_an_update() -> None:
    assert found(f"Update: ferry sails again\n\n{PROSE}") == []


def test_the_kind_of_a_line_needs_no_article() -> None:
    assert kind_of_line("IMAGE SOURCE: AP") is ZoneKind.CREDIT
    assert kind_of_line(PROSE) is None


PIECES = st.sampled_from(
    [
        HEADLINE,
        PROSE,
        "!-- tag -->",
        "IMAGE SOURCE: AP",
        "Updated March 4",
        "<script>",
        "</script>",
        "😀 e\u0301",
        " ",
        "",
    ]
)


@given(st.lists(PIECES, max_size=12), st.sampled_from(["\n", "\r\n", "\n\n", " ", "\u2029"]))
def test_zones_are_in_order_never_overlap_and_start_and_end_on_ink(pieces: list[str], joint: str) -> None:
    text = joint.join(pieces)
    zones = find_zones(text)
    for zone, following in pairwise(zones):
        assert zone.span.end <= following.span.start
    for zone in zones:
        assert zone.span.of(text) == zone.span.of(text).strip()
        assert zone.id == f"found:{zone.span.start}:{zone.span.end}"


@given(st.text(max_size=300))
def test_any_text_can_be_searched(text: str) -> None:
    assert all(zone.span.end <= len(text) for zone in find_zones(text))


def test_a_long_text_of_debris_is_searched_in_one_pass() -> None:
    text = HEADLINE + "\n" + "<br>\nA short line of prose.\n" * 20_000
    assert len(find_zones(text)) == 20_000
