"""The sentence of a place, as a lead reads it before a decision is made there too."""

import pytest

from annotator.domain.text import Span
from annotator.services.alike_places import Sentence, sentence_of

TEXT = """Ferry plan

The union met. It was
in Sorrel that they met.  Nobody spoke.
"""


def span(words: str, text: str = TEXT) -> Span:
    return Span(text.index(words), text.index(words) + len(words))


def test_a_place_stands_in_its_sentence_on_one_line() -> None:
    text = "One came. Ana saw\tthe  port of Sorrel at night. Two went."
    assert sentence_of(text, span("port of Sorrel", text)) == Sentence(
        "Ana saw the ", "port of Sorrel", " at night."
    )


@pytest.mark.parametrize(("words", "said"), [("Ferry", "Ferry plan"), ("Nobody spoke.", "Nobody spoke.")])
def test_the_ends_of_the_text_are_ends_of_a_sentence(words: str, said: str) -> None:
    assert str(sentence_of(TEXT, span(words))) == said


def test_a_place_over_two_sentences_has_both() -> None:
    assert str(sentence_of(TEXT, span("union met. It"))) == "The union met. It was"


def test_of_a_sentence_without_an_end_only_what_is_near_is_read() -> None:
    text = "a " * 200_000 + "Sorrel" + " b" * 200_000
    found = sentence_of(text, span("Sorrel", text))
    assert found.words == "Sorrel"
    assert 250 < len(found.before) <= 300
    assert 250 < len(found.after) <= 300
