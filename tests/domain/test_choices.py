"""What a project says about its suggestions: values that hold together and survive JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.choices import Choices, Showing, Thresholds, When, is_blind

scores = st.dictionaries(st.text(max_size=8), st.floats(0, 1), max_size=4)
thresholds = st.builds(Thresholds, scores, scores)
whens = st.sampled_from(When)
showings = st.builds(Showing, whens, whens, st.integers(0, 2**32 - 1))


@given(
    st.builds(Choices, st.text(), st.booleans(), st.dictionaries(st.text(), st.text()), thresholds, showings)
)
def test_choices_come_back_from_json_as_they_were(choices: Choices) -> None:
    assert Choices.from_dict(json.loads(json.dumps(choices.to_dict()))) == choices


@given(thresholds, thresholds, st.text(max_size=8))
def test_ones_own_thresholds_go_before_those_offered(
    own: Thresholds, offered: Thresholds, label: str
) -> None:
    expected = own.entities.get(label, offered.entities.get(label, 0.0))
    assert own.over(offered).of("entity", label) == expected


@pytest.mark.parametrize("score", [-0.1, 1.01, float("nan"), float("inf")])
def test_a_score_that_is_none_is_refused(score: float) -> None:
    with pytest.raises(ValueError, match="ORG"):
        Thresholds({"ORG": score})


def test_an_empty_object_is_what_a_project_has_that_chose_nothing() -> None:
    assert Choices.from_dict({}) == Choices()


def test_the_blind_sample_is_a_tenth_of_the_articles_and_another_one_for_everybody() -> None:
    articles = range(0, 2_000_000_000_000, 1_000_000_007)
    ana, ben = (
        {at for at in articles if is_blind(1, annotator=who, article_id=at)} for who in ("ana", "ben")
    )
    again = {at for at in articles if is_blind(2, annotator="ana", article_id=at)}
    for sample in (ana, ben, again):
        assert 0.07 < len(sample) / len(articles) < 0.13
    assert 0 < len(ana & ben) < len(ana) / 2
    assert ana != again


def test_the_blind_sample_is_the_same_on_every_machine() -> None:
    found = [at for at in range(40) if is_blind(7, annotator="Ana", article_id=at)]
    assert found == [3, 7, 13, 16]


def test_a_seed_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        Showing(seed=-1)
