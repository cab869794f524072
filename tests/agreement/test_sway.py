"""Whether seeing suggestions sways: the difference of shares and its interval."""

import pytest

from annotator.agreement.sway import difference_of_shares


def test_the_difference_is_that_of_all_articles_together() -> None:
    found = difference_of_shares({1: (10, 9, 0, 0), 2: (10, 7, 5, 2), 3: (0, 0, 15, 8)})
    assert found.value == pytest.approx(16 / 20 - 10 / 20)


def test_the_interval_holds_the_value_and_is_the_same_whatever_the_order() -> None:
    counts = {n: (20, 16 + n % 3, 20, 10 + n % 4) for n in range(1, 30)}
    found = difference_of_shares(counts)
    assert found.value is not None
    assert found.interval.low is not None
    assert found.interval.high is not None
    assert found.interval.low < found.value < found.interval.high
    assert difference_of_shares(dict(reversed(counts.items()))) == found


def test_one_article_has_no_interval() -> None:
    found = difference_of_shares({1: (10, 9, 10, 8)})
    assert found.value == pytest.approx(0.1)
    assert found.interval.why == "one article alone says nothing about others"
