"""Spans, the map to UTF-16, paragraphs, sentences, words."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotator.domain.text import (
    Span,
    Utf16Map,
    each_paragraph,
    id_of,
    paragraph_at,
    paragraphs,
    sentence_at,
    sentences,
    sha256_of,
    snapped,
    token_at,
    token_edge,
    tokens,
    trimmed,
    word_at,
    word_count,
    words,
)

# What breaks offsets: astral, ZWJ families, flags, combining marks, other scripts, every line end, lone BOM.
TRICKY = [
    *("a", "é", "e\u0301", "😀", "👩\u200d👩\u200d👧", "🇺🇦", "👍🏽", "𝔘", "\u200d", "\ufe0f", "\U0010ffff"),
    *("שלום", "مرحبا", "\u05b8", "漢字", "\u3000", " ", "\t", "\u00a0", ".", "“", "-"),
    *("\r\n", "\n", "\r", "\u2028", "\u2029", "\x0b", "\x0c", "\x85", "\ufeff"),
]
texts = st.lists(st.one_of(st.sampled_from(TRICKY), st.characters(codec="utf-8")), max_size=40).map("".join)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(texts, st.data())
def test_the_map_agrees_with_pythons_utf_16(text: str, data: st.DataObject) -> None:
    mapped = Utf16Map(text)
    offset = data.draw(st.integers(0, len(text)))
    assert mapped.to_utf16(offset) == units(text[:offset])
    assert mapped.to_code_points(units(text[:offset])) == offset


@given(texts)
def test_inside_a_surrogate_pair_is_the_start_of_its_character(text: str) -> None:
    mapped = Utf16Map(text)
    for offset, character in enumerate(text):
        if ord(character) > 0xFFFF:
            assert mapped.to_code_points(units(text[:offset]) + 1) == offset


@given(texts)
def test_the_whole_map_is_monotone_and_ends_with_the_text(text: str) -> None:
    mapped = Utf16Map(text)
    every = [mapped.to_code_points(unit) for unit in range(units(text) + 1)]
    assert every == sorted(every)
    assert every[-1] == len(text)


@pytest.mark.parametrize("bounds", [(0, 0), (3, 2), (-1, 4)])
def test_an_empty_or_backward_span_is_refused(bounds: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="not a span"):
        Span(*bounds)


def test_touching_spans_do_not_overlap() -> None:
    assert not Span(0, 3).overlaps(Span(3, 5))
    assert Span(0, 4).overlaps(Span(3, 5))
    assert Span(0, 5).covers(Span(3, 5))
    assert not Span(0, 4).covers(Span(3, 5))


def naive_paragraphs(text: str) -> list[tuple[int, int]]:
    bounds, start, at = [], 0, 0
    while at < len(text):
        if text[at] in "\n\r\u2028\u2029\x0b\x0c\x85":
            bounds.append((start, at))
            at += 2 if text[at : at + 2] == "\r\n" else 1
            start = at
        else:
            at += 1
    return [*bounds, (start, len(text))]


@given(texts)
@example("\r\n\n\r\r\n\n")
@example("\na\r\n\r\nb\n\n")
def test_paragraphs_are_the_lines_without_their_ends(text: str) -> None:
    assert paragraphs(text) == naive_paragraphs(text)


@given(texts)
@example("\r\n")
@example("x\r\n\ny")
def test_the_paragraph_at_an_offset_is_the_last_that_starts_at_or_before_it(text: str) -> None:
    bounds = paragraphs(text)
    for offset in range(len(text) + 1):
        assert paragraph_at(text, offset) == [pair for pair in bounds if pair[0] <= offset][-1]


def test_the_paragraph_at_is_found_across_long_lines() -> None:
    text = "first\r\n" + "word " * 4_000 + "\u2029last"
    assert paragraph_at(text, 10_000) == (7, 20_007)
    assert paragraph_at(text, len(text)) == (20_008, 20_012)


def split(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text, 0, len(text))]


@pytest.mark.parametrize(
    "wanted",
    [
        ["The vote was close.", "Nobody slept."],
        ["“We won.”", "She smiled."],
        ["Did it pass?", "Yes!", "Nobody knew… Then it rained."],
        ["Mr. Holt met Dr. Okafor on Jan. 3.", "They talked."],
        ["J. R. Holt left the U.S. Army in 1990.", "He moved north."],
        ["Prices rose 3.5 percent to 4.20 a litre.", "Then they fell."],
        ["It was 7 p.m. and dark.", "The ferry left."],
        ["(It rained.)", "[Nobody came.]"],
        ["他走了。", "她没有走。"],
        ["no capital. so no cut"],
    ],
)
def test_sentences(wanted: list[str]) -> None:
    joint = "" if wanted[0].startswith("他") else " "
    if wanted[1:2] == ["Yes!"]:
        text = "Did it pass? Yes! Nobody knew… Then it rained."
        assert split(text) == ["Did it pass?", "Yes!", "Nobody knew…", "Then it rained."]
    else:
        assert split(joint.join(wanted)) == wanted


def test_an_initial_at_the_start_of_a_later_paragraph_ends_no_sentence() -> None:
    text = "A line.\nJ. Holt left. He came back."
    assert [span.of(text) for span in sentences(text, *paragraph_at(text, 10))] == [
        "J. Holt left.",
        "He came back.",
    ]


@given(texts)
def test_sentences_tile_the_ink_of_a_paragraph(text: str) -> None:
    for start, end in paragraphs(text):
        spans = sentences(text, start, end)
        ink = [offset for offset in range(start, end) if not text[offset].isspace()]
        assert all(sum(span.start <= offset < span.end for span in spans) == 1 for offset in ink)
        assert spans == sorted(spans)


def test_the_sentence_at_an_offset() -> None:
    text = "One fell. Two rose.\n\nThree."
    assert sentence_at(text, 3) == Span(0, 9)
    assert sentence_at(text, 10) == Span(10, 19)
    assert sentence_at(text, 19) == Span(10, 19)
    assert sentence_at(text, 20) is None
    assert sentence_at(text, len(text)) == Span(21, 27)


def test_trimmed_keeps_inner_white_space_only() -> None:
    assert trimmed("  a b \u00a0\t", 0, 8) == Span(2, 5)
    assert trimmed(" \t\u2028", 0, 3) is None
    assert trimmed("abc", 1, 1) is None


@pytest.mark.parametrize(
    ("text", "offset", "word"),
    [
        ("Iran-Iraq war", 3, "Iran-Iraq"),
        ("Kyiv’s demand", 5, "Kyiv’s"),
        ("the U.S. army", 5, "U.S."),
        ("the U.S.-led force", 8, "U.S.-led"),
        ("worth 1,000.50, he said", 8, "1,000.50"),
        ("AT&T fell", 1, "AT&T"),
        ("say e\u0301te\u0301 now", 5, "e\u0301te\u0301"),
        ("😀word😀", 1, "word"),
        ("(Holt)", 5, "Holt"),
        ("ends", 4, "ends"),
    ],
)
def test_the_word_at_an_offset(text: str, offset: int, word: str) -> None:
    span = word_at(text, offset)
    assert span is not None
    assert span.of(text) == word


@pytest.mark.parametrize(
    ("text", "offset", "token"),
    [
        ("Iran-Iraq war", 3, "Iran"),
        ("Iran-Iraq war", 5, "Iraq"),
        ("Kyiv’s demand", 4, "Kyiv"),
        ("the U.S.-led force", 8, "U.S."),
        ("the U.S.-led force", 10, "led"),
        ("the U.S.A fell", 5, "U.S.A"),
        ("Moen Inc.’s plan", 6, "Inc."),
        ("We met. Then", 4, "met"),
    ],
)
def test_the_token_at_an_offset(text: str, offset: int, token: str) -> None:
    span = token_at(text, offset)
    assert span is not None
    assert span.of(text) == token


@given(
    st.lists(
        st.sampled_from(
            ["a", "Bc", "U.S.", "Inc.", "Co", "7", "1,000", "é", "e\u0301", ".", ",", "&", "-", "’", " ", "_"]
        ),
        max_size=12,
    ).map("".join)
)
@example("ab&U.S. x.U.S.-led, a.U.S.b Inc.. aU.S.aU.S.U.S.")
def test_tokens_are_what_snapping_takes(text: str) -> None:
    found = tokens(text)
    for token in found:
        edges = [at for at in range(token.start, token.end + 1) if token_edge(text, at)]
        assert edges == [token.start, token.end], token.of(text)
        assert snapped(text, Span(token.start, token.start + 1)) == token
    within = {at for token in found for at in range(token.start, token.end)}
    assert not any(text[at].isalnum() for at in range(len(text)) if at not in within)
    for word in words(text):
        parts = [token for token in found if word.covers(token)]
        assert (parts[0].start, parts[-1].end) == (word.start, word.end)


@pytest.mark.parametrize(("text", "offset"), [("", 0), ("a  b", 2), ("...", 1), ("a\n\nb", 2)])
def test_no_word_between_words(text: str, offset: int) -> None:
    assert word_at(text, offset) is None


def test_words_are_counted() -> None:
    assert word_count("  The U.S. army,\r\nand 3 others. ") == 6


@given(texts, texts)
def test_a_text_is_known_by_its_bytes(one: str, other: str) -> None:
    assert (sha256_of(one) == sha256_of(other)) == (one == other)
    assert 0 <= id_of(sha256_of(one)) < 2**63


def test_a_lone_surrogate_has_an_identity_too() -> None:
    assert sha256_of("\ud800") != sha256_of("\ud801")


@given(st.text("ab \n\r\x0b\x0c\x1c\x85\u2028\u2029", max_size=12))
def test_paragraphs_are_the_same_read_at_once_or_one_by_one(text: str) -> None:
    assert paragraphs(text) == list(each_paragraph(text))
