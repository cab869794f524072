"""Motion by word and paragraph, growth of the selection, lanes and depths: functions over values."""

import pytest

from annotator.domain.text import Span
from annotator.ui.article.blocks import Blocks
from annotator.ui.article.motion import (
    Cursor,
    grown,
    paragraph_down,
    paragraph_up,
    sentence_left,
    sentence_right,
    word_around,
    word_left,
    word_right,
)
from annotator.ui.article.nesting import DEEPEST, LANES, depths, lanes
from tests.ui.article.marking import entity, stance

TEXT = "First words, e\u0301te\u0301.\r\n\r\n  \nשלום 😀 U.S. end\nLast"


@pytest.mark.parametrize("forward", [True, False])
def test_words_are_passed_one_by_one(forward: bool) -> None:
    blocks = Blocks(TEXT)
    at, found = (0 if forward else len(TEXT)), []
    for _ in range(20):
        after = (word_right if forward else word_left)(TEXT, blocks, at)
        if after == at:
            break
        at = after
        found.append(at)
    ends = [match.end for match in _words()] if forward else [match.start for match in reversed(_words())]
    assert found == ends


def _words() -> list[Span]:
    wanted = ["First", "words", "e\u0301te\u0301", "שלום", "U.S.", "end", "Last"]
    return [Span(TEXT.index(word), TEXT.index(word) + len(word)) for word in wanted]


def test_sentences_are_passed_one_by_one() -> None:
    text = "Head\n\nOne is. “Two is?” Mr. Three\n"
    blocks = Blocks(text)
    at, ends = 0, []
    while at < len(text):
        at = sentence_right(text, blocks, at)
        ends.append(text[:at].rsplit(maxsplit=1)[-1] if text[:at].strip() else "")
    assert ends == ["Head", "is.", "is?”", "Three", "Three"]
    starts = []
    while at > 0:
        at = sentence_left(text, blocks, at)
        starts.append(text[at:].split(maxsplit=1)[0])
    assert starts == ["Mr.", "“Two", "One", "Head"]


def test_blank_paragraphs_are_passed_over() -> None:
    blocks = Blocks(TEXT)
    second, last = TEXT.index("שלום"), TEXT.index("Last")
    assert paragraph_down(TEXT, blocks, 3) == second
    assert paragraph_down(TEXT, blocks, second) == last
    assert paragraph_down(TEXT, blocks, last) == len(TEXT)
    assert paragraph_up(TEXT, blocks, last) == second
    assert paragraph_up(TEXT, blocks, second) == 0
    assert paragraph_up(TEXT, blocks, second + 2) == second


@pytest.mark.parametrize(
    ("offset", "word"), [(0, "First"), (5, "First"), (6, "words"), (16, "e\u0301te\u0301")]
)
def test_the_word_around_a_position_may_end_there(offset: int, word: str) -> None:
    span = word_around(TEXT, Blocks(TEXT), offset)
    assert span is not None
    assert span.of(TEXT) == word


def test_there_is_no_word_in_a_blank() -> None:
    assert word_around(TEXT, Blocks(TEXT), TEXT.index("\n  \n") + 2) is None


def test_a_selection_grows_only_to_what_holds_it() -> None:
    text = "One two. Three four.\nFive"
    blocks = Blocks(text)
    assert grown(text, blocks, Cursor(5, 10)) == Span(0, 20)
    assert grown(text, blocks, Cursor(0, 20)) is None
    assert grown(text, blocks, Cursor(0, 23)) is None
    assert grown("", Blocks(""), Cursor()) is None


def test_a_cursor_selects_in_both_directions() -> None:
    assert Cursor(5, 2).span == Cursor(2, 5).span == Span(2, 5)
    assert Cursor(3, 3).span is None
    assert Cursor(2, 5).moved(7, extend=True) == Cursor(2, 7)
    assert Cursor(2, 5).moved(7, extend=False, goal=1.5) == Cursor(7, 7, 1.5)


def test_boxes_grow_around_what_they_overlap() -> None:
    text = "one two three four"
    marks = [
        entity(text, "one two three"),
        entity(text, "two"),
        entity(text, "two three"),
        entity(text, "four"),
    ]
    found = depths(marks)
    assert [found[mark.id] for mark in marks] == [2, 0, 1, 0]
    many = [entity("x" * 40, "x" * size) for size in range(1, 20)]
    assert max(depths(many).values()) == DEEPEST


def test_stances_that_only_touch_share_a_lane_and_lanes_end() -> None:
    text = "one two three four"
    apart = [stance(text, "one "), stance(text, "two "), stance(text, "three")]
    assert set(lanes(apart).values()) == {0}
    crossed = [stance(text, "one two"), stance(text, "two three"), stance(text, "three four")]
    assert list(lanes(crossed).values()) == [0, 1, 0]
    many = [stance("x" * 40, "x" * size) for size in range(30, 10, -1)]
    assert max(lanes(many).values()) == LANES - 1
