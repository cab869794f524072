"""Sharing articles out: everyone once or all, as many words for each, the same again for the same seed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.handout import shares

articles = st.dictionaries(st.integers(0, 2**62), st.integers(1, 3000), max_size=60)
people = st.lists(st.sampled_from(["ana", "ben", "cem", "dia"]), min_size=1, unique=True)


@given(articles, people, st.floats(0, 1), st.integers(0, 9))
def test_every_article_goes_to_one_or_to_all_and_no_share_is_much_longer(
    words: dict[int, int], names: list[str], overlap: float, seed: int
) -> None:
    found = shares(words, names, overlap=overlap, seed=seed)
    given_out = [*found.shared, *(each for own in found.own.values() for each in own)]
    assert sorted(given_out) == sorted(words)
    assert len(found.shared) == (round(len(words) * overlap) if len(names) > 1 else 0)
    loads = [sum(words[each] for each in own) for own in found.own.values()]
    assert max(loads) - min(loads) <= max(words.values(), default=0)


@given(articles, people, st.randoms())
def test_the_order_of_people_and_articles_does_not_matter(
    words: dict[int, int], names: list[str], draw: object
) -> None:
    turned = dict(reversed(words.items()))
    one = shares(words, names, overlap=0.2, seed=3)
    assert shares(turned, names[::-1], overlap=0.2, seed=3) == one


def test_another_seed_draws_other_articles() -> None:
    words = dict.fromkeys(range(100), 10)
    drawn = {shares(words, ["ana", "ben"], overlap=0.2, seed=seed).shared for seed in range(5)}
    assert len(drawn) == 5


@pytest.mark.parametrize(("count", "own"), [(10, 4), (3, 1)])
def test_a_fifth_is_for_everyone(count: int, own: int) -> None:
    found = shares(dict.fromkeys(range(count), 10), ["ana", "ben"], overlap=0.2, seed=0)
    assert [len(each) for each in found.own.values()] == [own, own]
