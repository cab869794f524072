"""How marks and suggestions are named and shown."""

from annotator.domain.marks import Entity, Provenance, Shown, Source
from annotator.domain.suggestions import key_of
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
