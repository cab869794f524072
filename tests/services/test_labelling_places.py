"""Labelling: equal mentions and zones."""

from annotator.domain.marks import Entity, Source
from annotator.domain.suggestions import Run
from annotator.domain.text import Span
from annotator.domain.zones import ZoneKind
from tests.services.labelled import SUGGESTED, TEXT, Desk, content, entity, nth, refused, suggest


def test_equal_mentions_are_whole_words_outside_zones_and_longer_names(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("Holt", 2), "PERSON")
    desk.labelling.rename(desk.id, desk.only("Holt", 2).id, "Mira Holt")
    change = desk.labelling.label_equal_mentions(desk.id, desk.only("Holt", 2).id)
    assert change.summary == "label 2 more mentions of PERSON “Holt”"
    own = [shown for shown in desk.shown() if not shown.suggested]
    # The open suggestion at "Holt said" is accepted; "Mira Holt", "Holton" and the credit line stay.
    assert [(shown.mark.span.start, shown.source) for shown in own] == [
        (nth("Holt said").start, Source.ACCEPTED),
        (nth("Holt had").start, Source.ADDED),
        (nth("Holt’s").start, Source.ADDED),
    ]
    assert [shown.mark.name for shown in own if isinstance(shown.mark, Entity)] == ["Mira Holt"] * 3
    desk.labelling.undo()
    assert len([shown for shown in desk.shown() if not shown.suggested]) == 1


def test_equal_mentions_relabel_open_suggestions_and_leave_ones_own_and_rejected_ones(desk: Desk) -> None:
    # Sorrel stands four times: suggested as PERSON, suggested as GPE, and twice plain.
    desk.labelling.add(desk.id, nth("Sorrel", 2), "ORG")
    desk.labelling.reject(desk.id, desk.only("Sorrel", 1).id)
    desk.labelling.add(desk.id, nth("Sorrel", 3), "GPE")
    desk.labelling.label_equal_mentions(desk.id, desk.only("Sorrel", 3).id)
    assert [content(shown)[1:] for n in range(4) for shown in desk.at("Sorrel", n)] == [
        ("GPE", None, "edited"),
        ("ORG", None, "added"),
        ("GPE", None, "added"),
    ]


def test_equal_mentions_of_a_suggestion_accept_it_in_the_same_gesture(desk: Desk) -> None:
    suggestion = desk.only("Sorrel", 1).id
    desk.labelling.label_equal_mentions(desk.id, suggestion)
    assert content(desk.only("Sorrel", 1)) == ("Sorrel", "GPE", None, "accepted")
    assert len([shown for shown in desk.shown() if not shown.suggested]) == 4
    desk.labelling.undo()
    assert all(shown.suggested for shown in desk.shown())


def test_equal_mentions_settle_what_an_earlier_run_suggested_too_and_come_back_with_redo(desk: Desk) -> None:
    suggest(
        desk.project,
        desk.id,
        (entity("Sorrel", "GPE", 2), entity("Sorrel", "GPE", 1)),
        Run(102, "words", "2"),
    )
    suggest(desk.project, desk.id, SUGGESTED, Run(103, "words", "3"))
    desk.labelling.label_equal_mentions(desk.id, desk.only("Sorrel", 1).id)
    labelled, decided = [content(shown) for shown in desk.shown()], desk.decisions()
    assert len(decided) == 5  # two of the run that is shown, two of the one before, one of the first
    desk.labelling.undo()
    assert all(shown.suggested for shown in desk.shown())
    desk.labelling.redo()
    assert ([content(shown) for shown in desk.shown()], desk.decisions()) == (labelled, decided)


def test_equal_mentions_are_refused_where_there_is_nothing_to_do(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("Holton Line"), "ORG")
    before = desk.rows()
    with refused("No other mention of “Holton Line”"):
        desk.labelling.label_equal_mentions(desk.id, desk.only("Holton Line").id)
    with refused("Only an entity"):
        desk.labelling.label_equal_mentions(desk.id, desk.only("backed the deal").id)
    assert desk.rows() == before


def zones(desk: Desk) -> list[tuple[str, ZoneKind]]:
    return [(zone.span.of(TEXT), zone.kind) for zone in desk.labelling.open(desk.id).zones]


def test_a_zone_is_marked_hides_its_suggestions_and_is_unmarked(desk: Desk) -> None:
    sentence = nth("Holt had met Okafor in Sorrel on Monday.")
    change = desk.labelling.mark_zone(desk.id, sentence)
    assert change.summary.startswith("mark zone “Holt had met Okafor in Sorrel")
    assert (sentence.of(TEXT), ZoneKind.OTHER) in zones(desk)
    assert set(change.gone) == {"101:3", "101:4"}
    assert change.zones == tuple(desk.labelling.open(desk.id).zones)
    marked = next(zone for zone in desk.labelling.open(desk.id).zones if zone.span == sentence)
    change = desk.labelling.unmark_zone(desk.id, marked)
    assert {shown.id for shown in change.now} == {"101:3", "101:4"}
    assert zones(desk) == [("Photo by Mira Holt", ZoneKind.CREDIT)]


def test_a_found_zone_is_unmarked_and_marked_again(desk: Desk) -> None:
    (found,) = desk.labelling.open(desk.id).zones
    desk.labelling.unmark_zone(desk.id, found)
    assert zones(desk) == []
    with refused("no longer there"):
        desk.labelling.unmark_zone(desk.id, found)
    desk.labelling.mark_zone(desk.id, found.span, ZoneKind.CREDIT)
    assert zones(desk) == [("Photo by Mira Holt", ZoneKind.CREDIT)]
    desk.labelling.undo()
    desk.labelling.undo()
    assert zones(desk) == [("Photo by Mira Holt", ZoneKind.CREDIT)]


def test_a_zone_takes_in_those_it_overlaps_and_is_refused_inside_one(desk: Desk) -> None:
    (found,) = desk.labelling.open(desk.id).zones
    with refused("a zone already"):
        desk.labelling.mark_zone(desk.id, nth("by Mira"))
    desk.labelling.mark_zone(desk.id, Span(found.span.start - 21, found.span.start + 5))
    assert [zone.span for zone in desk.labelling.open(desk.id).zones] == [
        Span(found.span.start - 21, found.span.end)
    ]
    with refused("only white space"):
        desk.labelling.mark_zone(desk.id, nth("\n\n"))
