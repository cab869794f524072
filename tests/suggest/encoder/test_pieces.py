"""Words cut into pieces of a vocabulary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.suggest.encoder.pieces import LONGEST, READ, SHAPES, WordPieces, shape

VOCABULARY = (
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]"),
    *("a", "##a", "##s", "un", "##aff", "##able", "oslo", "'", "-", "中", "文", "u", ".", "s"),
)
UNKNOWN = VOCABULARY.index("[UNK]")


@pytest.fixture
def pieces() -> WordPieces:
    return WordPieces(VOCABULARY)


def cut(pieces: WordPieces, word: str) -> list[str]:
    return [VOCABULARY[number] for number in pieces(word)]


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("unaffable", ["un", "##aff", "##able"]),
        ("OSLO", ["oslo"]),
        ("Ósló", ["oslo"]),
        ("Oslo’s", ["oslo", "'", "s"]),
        ("Oslo—a", ["oslo", "-", "a"]),
        ("U.S.", ["u", ".", "s", "."]),
        ("中文", ["中", "文"]),
        ("oslox", ["[UNK]"]),
        ("😀", ["[UNK]"]),
        ("\u0301", ["[UNK]"]),
        ("\x00", ["[UNK]"]),
        ("שלום", ["[UNK]"]),
    ],
)
def test_a_word_is_cut_as_the_encoder_learnt_it(pieces: WordPieces, word: str, wanted: list[str]) -> None:
    assert cut(pieces, word) == wanted


def test_a_word_of_many_pieces_is_cut_short(pieces: WordPieces) -> None:
    assert cut(pieces, "a" * 50) == ["a", *["##a"] * (LONGEST - 1)]


def test_a_huge_word_is_read_at_its_beginning_and_not_remembered(pieces: WordPieces) -> None:
    assert cut(pieces, "a" * READ + "x" * 1_000_000) == ["a", *["##a"] * (LONGEST - 1)]
    assert not pieces._known


@given(st.text(min_size=1, max_size=40))
def test_every_word_has_pieces_of_the_vocabulary(word: str) -> None:
    pieces = WordPieces(VOCABULARY)
    numbers = pieces(word)
    assert 1 <= len(numbers) <= LONGEST
    assert all(0 <= number < len(VOCABULARY) for number in numbers)
    assert pieces(word) == numbers
    assert 0 <= shape(word) < SHAPES


def test_casings_are_told_apart() -> None:
    words = ("said", "NATO", "Oslo", "2003", "McCain", "...", "U.S.", "A")
    assert len({shape(word) for word in words}) == SHAPES
    assert shape("iPhone") == shape("McCain")
