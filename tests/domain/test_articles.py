"""Titles and the identity of an article."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.articles import Article, title_of


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Harbour vote\n\nIt passed.", "Harbour vote"),
        ("\ufeffHarbour vote\r\nIt passed.", "Harbour vote"),
        ("\n \t\n  Harbour vote  \nIt passed.", "Harbour vote"),
        ("!-- Google tag (gtag.js) -->\nHarbour vote\nIt passed.", "Harbour vote"),
        ("IMAGE SOURCE: AP\n\nHarbour vote\nIt passed.", "Harbour vote"),
        ("Updated March 4, 2021\nHarbour vote", "Harbour vote"),
        ("Harbour vote<!-- x -->\nIt passed.", "Harbour vote<!-- x -->"),
        ("x" * 300, "x" * 200),
        (" \n\t", "Untitled"),
    ],
)
def test_the_title_is_the_first_line_of_prose(text: str, title: str) -> None:
    assert title_of(text) == title


@given(st.text(min_size=1, max_size=200))
def test_every_text_has_a_title_without_outer_white_space(text: str) -> None:
    title = title_of(text)
    assert title
    assert title == title.strip()


def test_a_given_title_is_kept_and_the_text_is_left_as_it_stands() -> None:
    article = Article.of("\ufeffOne\r\nTwo", title="Mine", meta={"page": 3})
    assert (article.title, article.text, article.meta) == ("Mine", "\ufeffOne\r\nTwo", {"page": 3})
    assert article.id == Article.of("\ufeffOne\r\nTwo").id != Article.of("One\nTwo").id
