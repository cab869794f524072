"""The table of formats: what it says of each is what the format says of itself."""

import json

from annotator.formats.carrying import EVERYTHING, WORDS, Feature
from annotator.formats.registry import all_formats
from annotator.services.format_table import COLUMNS, format_rows


def test_every_format_has_a_row_that_says_what_it_carries() -> None:
    rows = {row.name: row for row in format_rows()}
    assert list(rows) == sorted(format_.name for format_ in all_formats())
    for format_ in all_formats():
        row = rows[format_.name]
        assert row.carries == (format_.carries if format_.writes else frozenset())
        said = dict(zip(COLUMNS, row.cells(), strict=True))
        for column, features in COLUMNS.items():
            if format_.writes:
                assert (said[column] == "yes") == (features <= format_.carries)
                assert (said[column] == "–") == (not features & format_.carries)
            else:
                assert said[column] == ""
        assert json.dumps(row.to_dict())
        assert row.lines()[0].startswith(f"{row.name}: ")


def test_every_feature_has_words_and_a_column() -> None:
    assert set(WORDS) == set(Feature)
    assert frozenset().union(*COLUMNS.values()) == EVERYTHING


def test_what_is_not_carried_is_named() -> None:
    (text,) = (row for row in format_rows() if row.name == "text")
    assert "does not carry titles" in text.lines()[1]
    (jsonl,) = (row for row in format_rows() if row.name == "jsonl")
    assert jsonl.lines()[1] == "    carries everything"
