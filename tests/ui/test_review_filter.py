"""Taking apart what is typed to filter the differences of a review."""

import pytest

from annotator.domain.errors import GestureRefused
from annotator.domain.review import Type
from annotator.services.behind import GroupsBehind
from annotator.services.review_items import ABSENT, State, Wanted
from annotator.ui.review_filter import wanted_of

LABELS = ("GPE", "GROUP", "Person", "Place of work", "PERSON_2")
NAMES = ("Mary Ann", "cid", "mario")


def wanted(typed: str, *, blind: bool = False) -> Wanted:
    names = None if blind else lambda: NAMES
    return wanted_of(typed, frozenset(), labels=lambda: LABELS, names=names)


@pytest.mark.parametrize("typed", ["label:Person", "label:person", "LABEL:PERSON", 'label:"person"'])
def test_a_label_is_found_however_it_is_written(typed: str) -> None:
    assert wanted(typed) == Wanted(labels=frozenset({"Person"}))


@pytest.mark.parametrize(
    ("typed", "annotator"), [('by:"Mary Ann"', "Mary Ann"), ("by:ci", "cid"), ("by:MARY", "Mary Ann")]
)
def test_names_have_blanks_and_are_known_by_their_beginning(typed: str, annotator: str) -> None:
    assert wanted(typed).annotator == annotator


def test_quotation_marks_hold_words_together() -> None:
    assert wanted('"port of" label:"Place of work"') == Wanted(
        words="port of", labels=frozenset({"Place of work"})
    )
    assert wanted('"said: no"').words == "said: no"
    assert wanted("the -elect at 10:30 said:").words == "the -elect at 10:30 said:"


def test_types_and_states_are_known_by_their_beginning() -> None:
    found = wanted("type:flip type:bound is:dec leads:differ label:absent")
    assert found.types == {Type.FLIP, Type.BOUNDARY}
    assert found.states == {State.DECIDED}
    assert found.labels == {ABSENT}
    assert found.leads_differ


def test_a_field_without_a_value_yet_says_nothing() -> None:
    assert wanted("label: by: type: is: leads:") == Wanted()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("annotator:ben", "There is no field “annotator:”; there are label:, by:, type:, is: and leads:."),
        ("-label:GPE", "a minus takes nothing out"),
        ("label:XYZ", "is none of those there are: ABSENT, GPE, GROUP"),
        ("label:G", "“label:G” can be GPE or GROUP."),
        ("by:mar", "“by:mar” can be Mary Ann or mario."),
        ("is:foo", "decided, left, stale or unsure"),
        ("type:colour", "boundary, flip, holder"),
    ],
)
def test_what_cannot_be_asked_is_told(typed: str, told: str) -> None:
    with pytest.raises(GestureRefused) as refused:
        wanted(typed)
    assert told in str(refused.value)


def test_hidden_names_are_not_filtered_by() -> None:
    with pytest.raises(GestureRefused, match="Names are hidden"):
        wanted("by:cid", blind=True)


def test_what_the_dashboard_types_asks_for_its_own_labels_and_words() -> None:
    behind = GroupsBehind("", labels=("Place of work", "Person", "Person"), words='He said: "not now, Re:x"')
    found = wanted(behind.typed)
    assert found.labels == {"Place of work", "Person"}
    assert found.words == "not now, Re:x"
