"""The display copy keeps every position; scripts are told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.directions import has_right_to_left
from annotator.ui.article.display import bears_room, display_copy, reads_right_to_left

_ANY = st.text(st.characters(exclude_categories=()))  # lone surrogates too
_ODD = st.text(
    st.sampled_from("a\x00\t\x1f\x7f\x85\xad\u2028\ufeff\ufffc\ufdd0\uffff\ud83d\ude00😀e\u0301שع")
)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(st.one_of(_ANY, _ODD))
def test_the_copy_has_the_same_code_points_and_utf_16_units(text: str) -> None:
    copy = display_copy(text)
    assert len(copy) == len(text)
    assert [_units(character) for character in copy] == [_units(character) for character in text]


@given(st.one_of(_ANY, _ODD))
def test_qt_takes_the_copy_as_it_is(text: str) -> None:
    from PySide6.QtGui import QTextLayout

    copy = display_copy(text)
    assert QTextLayout(copy).text() == copy


def test_ordinary_text_is_its_own_copy() -> None:
    text = "Zürich\t“talks” – 東京 שלום 😀 e\u0301\u00a0."
    assert display_copy(text) is text


def test_what_cannot_be_seen_is_shown() -> None:
    assert display_copy("a\x00b\ufeffc\xadd\u2028e") == "a␀b\u2060c‐d↵e"


@pytest.mark.parametrize(
    ("text", "mixed", "base"),
    [
        ("Talks", False, False),
        ("שלום Paris", True, True),
        ("Paris שלום", True, False),
        ("123 «سلام»", True, True),
        ("", False, False),
    ],
)
def test_direction_is_that_of_the_first_strong_letter(text: str, mixed: bool, base: bool) -> None:
    assert has_right_to_left(text) is mixed
    assert reads_right_to_left(text) is base


@pytest.mark.parametrize(
    ("text", "at", "bears"),
    [
        ("Paris", 4, True),
        ("Αθήνα", 4, True),
        ("東京", 1, True),
        ("Zu\u0308rich", 1, False),  # the next mark belongs to it
        ("e\u0301", 1, False),
        ("👨\u200d👩", 0, False),
        ("سلام", 2, False),
        ("हिन्दी", 0, False),
    ],
)
def test_room_is_made_only_where_nothing_joins(text: str, at: int, bears: bool) -> None:
    assert bears_room(text, at) is bears
