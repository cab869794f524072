"""Blocks cover the text; heights add up as a plain list does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.text import paragraphs
from annotator.ui.article.blocks import LONGEST, Blocks, Heights

_TEXTS = st.text(st.sampled_from("ab \r\n\u2028😀e\u0301"), max_size=60)


@given(_TEXTS)
def test_short_paragraphs_are_the_blocks(text: str) -> None:
    blocks = Blocks(text)
    assert list(zip(blocks.starts, blocks.ends, strict=True)) == paragraphs(text)
    assert all(blocks.opens)
    for offset in range(len(text) + 1):
        start = blocks.starts[blocks.at(offset)]
        assert start <= offset
        assert (
            offset <= blocks.ends[blocks.at(offset)] or text[blocks.ends[blocks.at(offset)]] in "\r\n\u2028"
        )


@pytest.mark.parametrize("text", ["word " * 5_000, "x" * 30_000, "e\u0301" * 10_000, "😀" * 9_000])
def test_a_long_paragraph_is_cut_without_a_gap(text: str) -> None:
    blocks = Blocks(f"head\n{text}\ntail")
    assert list(blocks.opens) == [1, 1] + [0] * (len(blocks) - 3) + [1]
    assert list(blocks.starts[2:-1]) == list(blocks.ends[1:-2])
    assert max(blocks.lengths()) <= LONGEST
    assert blocks.paragraph(3) == (5, 5 + len(text))


def test_a_long_paragraph_is_cut_behind_white_space() -> None:
    text = "word " * 5_000
    blocks = Blocks(text)
    assert all(text[end - 1] == " " for end in blocks.ends[:-1])


@given(
    st.lists(st.floats(0, 50), min_size=1, max_size=900),
    st.lists(st.tuples(st.integers(0, 899), st.floats(0, 50)), max_size=20),
    st.floats(-10, 30_000),
)
def test_heights_add_up(plain: list[float], changes: list[tuple[int, float]], y: float) -> None:
    heights = Heights(plain)
    for number, height in changes:
        if number < len(plain):
            heights.set(number, height)
            plain[number] = height
    assert heights.total() == pytest.approx(sum(plain))
    block, below = heights.find(y)
    assert heights.top(block) == pytest.approx(sum(plain[:block]))
    assert heights.top(block) + below == pytest.approx(y, abs=1e-6)
    if 0 <= y < sum(plain) - 1e-6:
        assert -1e-6 <= below <= plain[block] + 1e-6
