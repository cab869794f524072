"""Offsets of other programs: converted both ways on texts that tell the units apart, and found out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.offset_units import (
    OffsetUnit,
    RawSpan,
    UnitFinder,
    differs,
    from_code_points,
    grapheme_starts,
    to_code_points,
)
from tests.formats.samples import LAVROV, RUSSIA, TALKS, texts

UNITS = tuple(OffsetUnit)
CRLF = "One\r\nTwo\r\nLavrov\r\nRussia"


def encoded(text: str, unit: OffsetUnit) -> int:
    """How long a text is in a unit, reckoned another way."""
    lf = text.replace("\r\n", "\n")
    return {
        OffsetUnit.CODE_POINTS: len(text),
        OffsetUnit.UTF16: len(text.encode("utf-16-le")) // 2,
        OffsetUnit.CODE_POINTS_LF: len(lf),
        OffsetUnit.UTF16_LF: len(lf.encode("utf-16-le")) // 2,
        OffsetUnit.BYTES: len(text.encode()),
        OffsetUnit.GRAPHEMES: len(list(grapheme_starts(text))),
    }[unit]


@pytest.mark.parametrize("unit", UNITS)
@given(text=texts)
def test_every_offset_there_and_back_is_the_same(unit: OffsetUnit, text: str) -> None:
    there, back = from_code_points(text, unit), to_code_points(text, unit)
    for offset in range(len(text) + 1):
        foreign = there(offset)
        if foreign is None:
            assert unit in (OffsetUnit.GRAPHEMES, OffsetUnit.CODE_POINTS_LF, OffsetUnit.UTF16_LF)
        else:
            assert back(foreign) == offset
    assert there(len(text)) == encoded(text, unit)
    assert back(encoded(text, unit) + 1) is None
    assert back(-1) is None
    assert differs(text, unit) or all(there(n) == n for n in range(len(text) + 1))


def test_an_offset_inside_a_character_of_the_unit_is_none() -> None:
    assert to_code_points(TALKS, OffsetUnit.UTF16)(1) is None
    assert to_code_points(TALKS, OffsetUnit.BYTES)(2) is None
    assert from_code_points("e\u0301", OffsetUnit.GRAPHEMES)(1) is None
    assert from_code_points("a\r\n", OffsetUnit.UTF16_LF)(2) is None


def test_flags_and_families_are_one_grapheme() -> None:
    assert list(grapheme_starts("🇺🇦👩\u200d👩\u200d👧e\u0301\r\n")) == [0, 2, 7, 9]


@pytest.mark.parametrize("unit", UNITS)
def test_the_unit_is_found_by_the_covered_text(unit: OffsetUnit) -> None:
    text = "👩\u200d👧 é Lavrov\r\nsaid\r\n👨 Russia"
    there = from_code_points(text, unit)
    spans = []
    for word in ("Lavrov", "Russia"):
        start, end = there(text.index(word)), there(text.index(word) + 6)
        assert start is not None
        assert end is not None
        spans.append(RawSpan(start, end, word))
    found, remark = UnitFinder(UNITS).unit_of(text, spans)
    assert found is unit
    assert (remark is None) == (unit is OffsetUnit.CODE_POINTS)


def test_without_covered_text_the_word_borders_tell_and_are_named() -> None:
    finder = UnitFinder((OffsetUnit.CODE_POINTS, OffsetUnit.UTF16))
    spans = [RawSpan(at + 1, end + 1) for at, end in (LAVROV, RUSSIA)]
    unit, remark = finder.unit_of(TALKS, spans)
    assert unit is OffsetUnit.UTF16
    assert remark == (
        "offsets were UTF-16 units, not code points as the format has it, as the word borders they fall on "
        "show; they are now code points"
    )


DOCUMENTED_UTF16 = (OffsetUnit.UTF16, OffsetUnit.CODE_POINTS, OffsetUnit.GRAPHEMES)


def test_a_unit_that_a_format_does_not_document_is_told_though_it_is_ours() -> None:
    unit, remark = UnitFinder(DOCUMENTED_UTF16).unit_of(TALKS, [RawSpan(*LAVROV), RawSpan(*RUSSIA)])
    assert unit is OffsetUnit.CODE_POINTS
    assert remark is not None
    assert "code points, not UTF-16 units as the format has it" in remark


def test_where_every_unit_leads_to_the_same_place_there_is_nothing_to_tell() -> None:
    assert UnitFinder(DOCUMENTED_UTF16).unit_of("Lavrov spoke. 👨", [RawSpan(0, 6)]) == (
        OffsetUnit.UTF16,
        None,
    )
    assert UnitFinder([OffsetUnit.UTF16]).unit_of(TALKS, [RawSpan(3, 9)]) == (OffsetUnit.UTF16, None)


def test_a_unit_that_nothing_shows_is_told_as_taken() -> None:
    unit, remark = UnitFinder(DOCUMENTED_UTF16).unit_of("👨 abcdef", [RawSpan(4, 6)])
    assert unit is OffsetUnit.UTF16
    assert remark == "nothing tells how offsets are counted: they were taken as UTF-16 units"


def test_what_earlier_texts_showed_holds_for_one_that_shows_nothing() -> None:
    finder = UnitFinder((OffsetUnit.CODE_POINTS, OffsetUnit.UTF16))
    for _ in range(4):
        finder.unit_of(TALKS, [RawSpan(at + 1, end + 1) for at, end in (LAVROV, RUSSIA)])
    assert finder.unit_of("👨👨👨👨", [RawSpan(2, 4)])[0] is OffsetUnit.UTF16


def test_a_unit_under_which_a_span_ends_behind_the_text_is_not_taken() -> None:
    finder = UnitFinder((OffsetUnit.CODE_POINTS, OffsetUnit.UTF16))
    assert finder.unit_of("👨👨👨", [RawSpan(0, 6)])[0] is OffsetUnit.UTF16


def test_texts_on_which_all_units_agree_say_nothing() -> None:
    finder = UnitFinder(UNITS)
    assert finder.unit_of("Lavrov", [RawSpan(0, 6, "other")]) == (OffsetUnit.CODE_POINTS, None)


def test_a_stated_unit_is_not_doubted() -> None:
    finder = UnitFinder(UNITS, OffsetUnit.BYTES)
    assert finder.unit_of(CRLF, [RawSpan(8, 14, "Lavrov")]) == (OffsetUnit.BYTES, None)


@given(texts, st.data())
def test_a_unit_that_every_covered_text_bears_out_is_always_found(text: str, data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(UNITS))
    there = from_code_points(text, unit)
    places = [n for n in range(len(text) + 1) if there(n) is not None]
    spans = []
    for _ in range(data.draw(st.integers(1, 4))):
        start, end = sorted(data.draw(st.tuples(st.sampled_from(places), st.sampled_from(places))))
        if start < end:
            spans.append(RawSpan(there(start), there(end), text[start:end]))  # type: ignore[arg-type]
    found, _ = UnitFinder(UNITS).unit_of(text, spans)
    back = to_code_points(text, found)
    for span in spans:
        first, last = back(span.start), back(span.end)
        assert first is not None
        assert last is not None
        assert text[first:last].replace("\r\n", "\n") == (span.covered or "").replace("\r\n", "\n")
