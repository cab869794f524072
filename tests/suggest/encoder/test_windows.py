"""An article cut into windows for the encoder."""

import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.suggest.encoder.pieces import WordPieces
from annotator.suggest.encoder.windows import (
    AFTER,
    BEFORE,
    CURRENT,
    Window,
    Words,
    windows,
    words_of,
    words_of_doc,
)

VOCABULARY = ("[CLS]", "[SEP]", "[UNK]", "a", "##a", ".")
PIECES = WordPieces(VOCABULARY)
POSITIONS = 512  # of the encoder


@st.composite
def articles(draw: st.DrawFn) -> Words:
    """Words of one to six pieces, with full stops and paragraphs or with none."""
    kinds = draw(st.sampled_from((("a", "aaaaaa"), ("a", "aaa", ".", "”"), ("aaaaaaaaa",))))
    run = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=40))
    texts = (run * draw(st.integers(1, 40)))[:1200]
    borders = {0, *draw(st.sets(st.integers(0, len(texts)), max_size=5))}
    return words_of(texts, [i in borders for i in range(len(texts))])


@given(articles())
@settings(max_examples=60, deadline=None)
def test_every_word_is_labelled_once_within_what_the_encoder_can_read(words: Words) -> None:
    labelled: list[int] = []
    for window in windows(words, PIECES):
        labelled += range(window.start, window.end)
        assert window.low <= window.start < window.end <= window.high
        assert len(window.pieces) == len(window.shapes) <= POSITIONS
        assert len(window.pieces) <= CURRENT + BEFORE + AFTER + 2
        assert len(window.first) == window.high - window.low
        check_pieces(window, words)
    assert labelled == list(range(len(words.texts)))


def check_pieces(window: Window, words: Words) -> None:
    assert window.pieces[0] == PIECES.first
    assert window.pieces[-1] == PIECES.border
    ends = [*window.first[1:], len(window.pieces)]
    for i, first, end in zip(range(window.low, window.high), window.first, ends, strict=True):
        own = PIECES(words.texts[i])
        assert tuple(window.pieces[first : first + len(own)]) == own
        assert all(number == PIECES.border for number in window.pieces[first + len(own) : end])


def test_windows_end_behind_a_sentence_where_they_can() -> None:
    texts = (["a"] * 99 + ["."]) * 6
    words = words_of(texts, [i == 0 for i in range(len(texts))])
    assert [window.end for window in windows(words, PIECES)] == [200, 400, 600]


def test_a_window_is_read_with_what_stands_around_it() -> None:
    words = words_of(["a"] * 1000, [i == 0 for i in range(1000)])
    second = list(windows(words, PIECES))[1]
    assert (second.start, second.end) == (CURRENT - 1, 2 * CURRENT - 1)  # the border takes a place
    assert (second.start - second.low, second.high - second.end) == (BEFORE, AFTER)


def test_no_words_have_no_window() -> None:
    assert list(windows(words_of([], []), PIECES)) == []


def test_a_sentence_ends_behind_its_stop_and_quotes_and_with_its_paragraph() -> None:
    texts = ["a", ".", "”", "a", "?", "a", "a", "”", "a"]
    borders = [i in (0, 6) for i in range(len(texts))]
    assert words_of(texts, borders).sentences == [1, 1, 1, 2, 2, 3, 4, 4, 4]


def test_words_of_a_document_are_its_tokens_but_white_space() -> None:
    doc = spacy.blank("en").make_doc("\n\nOslo  slept.\n\n\nRome did not.\n")
    words, kept = words_of_doc(doc)
    assert words.texts == ["Oslo", "slept", ".", "Rome", "did", "not", "."]
    assert [doc[i].text for i in kept] == words.texts
    assert words.borders == [True, False, False, True, False, False, False]
    assert words.sentences == [1, 1, 1, 2, 2, 2, 2]
