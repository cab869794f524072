"""What a project says about its suggestions: values that hold together and survive JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.choices import Choices, Thresholds

scores = st.dictionaries(st.text(max_size=8), st.floats(0, 1), max_size=4)
thresholds = st.builds(Thresholds, scores, scores)


@given(st.builds(Choices, st.text(), st.booleans(), st.dictionaries(st.text(), st.text()), thresholds))
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
