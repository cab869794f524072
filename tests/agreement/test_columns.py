"""Columns of numbers: their rows in order, as numpy's own sort by several keys has them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from annotator.agreement.columns import sorted_rows

SMALL = st.integers(-1, 3)
LARGE = st.integers(-1, 2**40)


@given(st.lists(st.tuples(SMALL, LARGE, SMALL, LARGE, SMALL), max_size=40))
def test_rows_stand_by_their_first_column_then_the_next(rows: list[tuple[int, ...]]) -> None:
    columns = np.array(rows, np.int64).reshape(-1, 5).T
    assert sorted_rows(*columns).tolist() == np.lexsort(columns[::-1]).tolist()


@given(st.lists(st.tuples(SMALL, SMALL), max_size=40))
def test_equal_rows_keep_their_order(rows: list[tuple[int, ...]]) -> None:
    columns = np.array(rows, np.int64).reshape(-1, 2).T
    assert sorted_rows(*columns).tolist() == sorted(range(len(rows)), key=rows.__getitem__)
