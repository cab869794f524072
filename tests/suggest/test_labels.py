"""What pipelines call their labels."""

import pytest

from annotator.suggest.labels import known_as

NEWS = ["PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "DATE"]


@pytest.mark.parametrize(
    ("label", "known"),
    [
        ("GPE", "GPE"),
        ("PER", "PERSON"),
        ("persName", "PERSON"),
        ("FACILITY", "FAC"),
        ("date", "DATE"),
        ("MISC", None),
        ("MONEY", None),
    ],
)
def test_a_label_goes_by_the_name_the_label_set_gives_it(label: str, known: str | None) -> None:
    assert known_as(label, NEWS) == known


def test_a_label_the_label_set_has_is_never_translated() -> None:
    assert known_as("PER", ["PERSON", "PER"]) == "PER"
    assert known_as("PERSON", ["PER"]) == "PER"
