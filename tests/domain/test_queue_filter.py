"""Taking apart what is typed to filter the queue."""

from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.articles import Status
from annotator.domain.queue_filter import STATES, Field, Term, parsed


def test_words_and_fields_are_told_apart() -> None:
    wanted = parsed('ferry label:PERSON -name:"Sergei Lavrov" before:2024-01')
    assert wanted.problem == ""
    assert wanted.terms == (
        Term(Field.TITLE, "ferry"),
        Term(Field.LABEL, "PERSON"),
        Term(Field.NAME, "Sergei Lavrov", negated=True, phrase=True),
        Term(Field.BEFORE, "2024-01"),
    )
    assert str(wanted) == 'ferry label:PERSON -name:"Sergei Lavrov" before:2024-01'


def test_a_field_without_a_value_says_nothing_yet_and_an_unknown_one_is_a_word() -> None:
    assert parsed("label: text:").terms == ()
    assert parsed("Update:strike").terms == (Term(Field.TITLE, "Update:strike"),)
    assert parsed('text:"never clos').terms == (Term(Field.TEXT, "never clos", phrase=True),)


def test_a_word_may_say_that_it_is_of_the_title() -> None:
    assert parsed('title:ferry -Title:"two words"').terms == (
        Term(Field.TITLE, "ferry"),
        Term(Field.TITLE, "two words", negated=True, phrase=True),
    )
    assert parsed("title:").terms == ()


def test_a_state_is_known_by_its_beginning() -> None:
    assert parsed("is:fl").terms[0].statuses() == (Status.FLAGGED,)
    assert parsed("is:unfinished").terms[0].statuses() == (Status.TODO, Status.DOING)
    assert "unfinished" in parsed("is:strange").problem


def test_fields_are_also_known_by_what_people_call_them() -> None:
    assert parsed("status:done").terms == (Term(Field.IS, "done"),)
    assert parsed("date:2024 -Date:2023-12").terms == (
        Term(Field.ON, "2024"),
        Term(Field.ON, "2023-12", negated=True),
    )
    assert parsed("date:>2024 date:<2025-06").terms == (
        Term(Field.AFTER, "2024"),
        Term(Field.BEFORE, "2025-06"),
    )
    assert "after:" in parsed("date:2024..2025").problem
    assert "2024-01-31" in parsed("date:>").problem


def test_the_field_that_waits_for_a_value_is_known() -> None:
    assert parsed("ferry label:").awaited is Field.LABEL
    assert parsed("status:").awaited is Field.IS
    assert parsed("label: ferry").awaited is None
    assert parsed('" -').awaited is None
    assert parsed("title:").awaited is None


def test_what_is_no_date_is_told() -> None:
    assert "2024-01-31" in parsed("after:march").problem
    assert parsed("on:2024").problem == ""


_VALUES = st.text(
    st.characters(codec="utf-8", exclude_characters='"', exclude_categories=["C", "Z"]), min_size=1
)


_FIELDS = [Field.TEXT, Field.LABEL, Field.NAME, Field.SOURCE, Field.NOTE]
_TERMS = st.builds(
    Term,
    st.sampled_from(_FIELDS),
    st.lists(_VALUES, min_size=1).map(" ".join),
    st.booleans(),
    st.just(True),
)


@given(st.lists(_TERMS))
def test_what_is_shown_is_read_as_the_same(terms: list[Term]) -> None:
    assert parsed(" ".join(map(str, terms))).terms == tuple(terms)


@given(st.text())
def test_any_text_is_a_filter(typed: str) -> None:
    parsed(typed)


def test_no_two_states_hide_each_other() -> None:
    assert all(parsed(f"is:{state}").problem == "" for state in STATES)
