"""Which dates of a recogniser are dates by the guideline."""

import pytest
import spacy
from spacy.tokens import Span

from annotator.suggest import dates
from annotator.suggest.dates import dates_in

NLP = spacy.blank("en")


def kept(text: str, label: str = "DATE") -> list[str]:
    doc = NLP.make_doc(text)
    return [part.text for part in dates_in(Span(doc, 0, len(doc), label=label))]


@pytest.mark.parametrize(
    "text",
    [
        *("Thursday", "March 2022", "July 11, 1995", "1990s", "2005-07-12", "16th century", "winter", "13"),
        *(
            "last week",
            "earlier this year",
            "recent weeks",
            "the past three years",
            "nearly three decades ago",
        ),
        *("early Monday", "New Year's Day", "Ramadan", "end of July", "10 or 15 years ago", "same day"),
        *("A month later", "first five months of this year", "today", "mid-August", "the weekend"),
    ],
)
def test_calendar_expressions_stay_whole(text: str) -> None:
    assert kept(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        *("24-hour", "three years", "two-year", "2,000 years", "25-year-old", "noon", "2 p.m.", "10:30"),
        *("1400 UTC", "this morning", "tonight", "every year", "each Friday", "Sundays", "daily", "now"),
    ],
)
def test_lengths_clock_times_parts_of_the_day_and_recurrences_go(text: str) -> None:
    assert kept(text) == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2003 to 2005", ["2003", "2005"]),
        ("1999-2001", ["1999", "2001"]),
        ("March 14-17", ["March 14", "17"]),
        ("May and June", ["May", "June"]),
        ("August 18 through early September", ["August 18", "early September"]),
        ("Monday night", ["Monday"]),
        ("July 3 evening", ["July 3"]),
    ],
)
def test_each_end_of_a_range_is_its_own_and_the_part_of_the_day_is_left_out(
    text: str, parts: list[str]
) -> None:
    assert kept(text) == parts


def test_other_entities_are_left_alone() -> None:
    assert kept("24 Hours", "ORG") == ["24 Hours"]


def test_the_component_alters_dates_only() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe(dates.entity_dates.__name__)
    doc = nlp.make_doc("Oslo slept for three years from 2003 to 2005.")
    doc.set_ents(
        [Span(doc, a, b, label=label) for a, b, label in ((0, 1, "GPE"), (3, 5, "DATE"), (6, 9, "DATE"))]
    )
    assert [(entity.text, entity.label_) for entity in nlp(doc).ents] == [
        ("Oslo", "GPE"),
        ("2003", "DATE"),
        ("2005", "DATE"),
    ]
