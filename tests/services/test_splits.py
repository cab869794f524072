"""Splits: seeded, by content, with copies of an article in the same part."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.articles import Article
from annotator.domain.errors import FormatError
from annotator.services.near_duplicates import groups_of
from annotator.services.splits import Split, Splitter

WORDS = ["".join(random.Random(n).choices("abcdefghijklmnop", k=3 + n % 7)) for n in range(2_000)]


def text_of(seed: int, words: int = 300) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def test_copies_with_small_changes_are_found_and_others_are_not() -> None:
    texts = [text_of(n) for n in range(60)]
    copies = [
        texts[3] + " Corrected: a name.",
        "By our own reporter\n" + texts[7],
        texts[9].upper().replace(" ", "  "),
        " ".join(texts[11].split()[:280]),
    ]
    groups = groups_of([*texts, *copies])
    assert groups[:60] == list(range(60))
    assert groups[60:] == [3, 7, 9, 11]


def test_texts_that_share_half_their_words_groups_are_apart() -> None:
    first, second = text_of(1), text_of(2)
    mixed = " ".join([*first.split()[:150], *second.split()[150:]])
    assert groups_of([first, mixed]) == [0, 1]


@pytest.mark.parametrize("text", ["", "…", "one", "one two three"])
def test_the_shortest_texts_have_sketches(text: str) -> None:
    assert groups_of([text, text, text_of(1)]) == [0, 0, 2]


@given(st.lists(st.text(max_size=200), max_size=6))
def test_a_group_goes_by_its_first_text(texts: list[str]) -> None:
    for n, first in enumerate(groups_of(texts)):
        assert first <= n
        assert groups_of(texts)[first] == first


def test_an_article_stays_in_its_part_and_another_seed_splits_otherwise() -> None:
    articles = [Article.of(text_of(n, 20)) for n in range(400)]
    parts = [
        [Splitter(Split.parsed("a=.5,b=.5", seed)).part_of(article) for article in articles]
        for seed in (0, 1, 1, 2)
    ]
    assert parts[1] == parts[2]
    assert len({tuple(part) for part in parts}) == 3
    assert all(150 < sum(part) < 250 for part in parts)


def test_a_copy_goes_where_its_original_goes() -> None:
    articles = [Article.of(text_of(n, 20)) for n in range(50)]
    same = {article.sha256: articles[0].sha256 for article in articles[1:]}
    splitter = Splitter(Split.parsed("a=.5,b=.5"), same)
    assert len({splitter.part_of(article) for article in articles}) == 1


@pytest.mark.parametrize("typed", ["train", "train=.8", "a=.5,a=.5", "a=x,b=1", ""])
def test_a_split_that_makes_no_sense_is_refused(typed: str) -> None:
    with pytest.raises(FormatError, match=r"write it like train=\.8"):
        Split.parsed(typed)


def test_no_split_is_one_part(tmp_path: Path) -> None:
    assert not Split.parsed(None)
    assert Split.parsed("all=1")
    assert Splitter(Split()).part_of(Article.of("a")) == 0
