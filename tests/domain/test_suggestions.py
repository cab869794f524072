"""How marks and suggestions are named and shown."""

import pytest

from annotator.domain.marks import Entity, Provenance, Shown, Source
from annotator.domain.suggestions import Decision, Verdict, key_of
from annotator.domain.text import Span


def test_the_id_of_a_suggestion_names_run_and_number() -> None:
    assert key_of("123456789012345678:7") == (123456789012345678, 7)
    assert key_of("01ARZ3NDEKTSV4RRFFQ69G5FAV") is None


def test_a_mark_without_a_source_is_suggested() -> None:
    mark = Entity("1:0", Span(0, 3), "PERSON")
    suggested = Shown(mark, provenance=Provenance("words", "1", 0.25))
    assert (suggested.suggested, suggested.score, suggested.id) == (True, 0.25, "1:0")
    own = Shown(mark, Source.ADDED)
    assert (own.suggested, own.score) == (False, None)


def test_a_decision_leads_to_a_mark_unless_it_rejects() -> None:
    assert Decision("d", Verdict.ACCEPT, "m", 900).result_id == "m"
    with pytest.raises(ValueError, match="reject"):
        Decision("d", Verdict.REJECT, "m", 900)
    with pytest.raises(ValueError, match="accept"):
        Decision("d", Verdict.ACCEPT, None, 900)
