"""Links between annotations of INCEpTION's layers: what is no part of a stance is told."""

from annotator.formats.layers import ENTITY, REMARK, STANCE, Annotation, Layers, Link
from annotator.formats.offset_units import RawSpan


def annotation(id_: str, layer: str, **more: str) -> Annotation:
    return Annotation(id_, layer, RawSpan(int(id_), int(id_) + 1), dict(more))


def test_the_first_holder_counts_and_a_second_is_told() -> None:
    stance = annotation("3", STANCE, polarity="FAVOR")
    stance.links = [Link("holder", "holder", "1"), Link("holder", "holder", "2")]
    entities = [annotation(id_, ENTITY, value="GPE") for id_ in ("1", "2")]
    marks, remarks = Layers([*entities, stance], [], ["FAVOR"]).marks()
    (found,) = [mark for mark in marks if mark.kind == "stance"]
    assert found.holder is not None
    assert found.holder.spans == [RawSpan(1, 2)]
    assert remarks == ["a stance's second holders and targets were left out"]


def test_a_second_remark_on_an_entity_is_told() -> None:
    entity = annotation("1", ENTITY, value="GPE")
    remarks_on = [annotation("2", REMARK, note="why"), annotation("3", REMARK, note="again")]
    for each in remarks_on:
        each.links = [Link("mark", "mark", "1")]
    (mark,), told = Layers([entity, *remarks_on], [], []).marks()
    assert mark.note == "why"
    assert len(told) == 1
