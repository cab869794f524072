"""Each rule of labelling, on a real project: what is drawn, what is decided, what is refused."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from annotator.domain.articles import Status
from annotator.domain.changes import Change, Progress
from annotator.domain.errors import GestureRefused, ProjectReadOnly
from annotator.domain.marks import Entity, Part, Shown, Source, Stance
from annotator.domain.suggestions import Run
from annotator.domain.text import Span
from annotator.domain.zones import ZoneKind
from annotator.services.labelling import Labelling
from annotator.storage.project import Access, Project
from tests.services.labelled import SUGGESTED, TEXT, content, entity, nth, project_at, suggest

SECOND = "A second article\n\nNothing happens in it."


class Desk:
    """One annotator at one article."""

    def __init__(self, project: Project, article_id: int, annotator: str = "ana") -> None:
        self.project = project
        self.id = article_id
        self.labelling = Labelling(project, annotator)

    def shown(self) -> list[Shown]:
        return self.labelling.open(self.id).shown

    def at(self, words: str, n: int = 0) -> list[Shown]:
        return [each for each in self.shown() if each.mark.span == nth(words, n)]

    def only(self, words: str, n: int = 0) -> Shown:
        (found,) = self.at(words, n)
        return found

    def decisions(self) -> list[tuple[int, str, bool, int]]:
        """`(n, verdict, has a result, ms)` of the live decisions of every annotator."""
        return self.project.db.execute(
            "SELECT n,verdict,result_id IS NOT NULL,ms FROM decision WHERE deleted=0 ORDER BY n,id"
        ).fetchall()

    def rows(self) -> list[int]:
        tables = ("op", "change", "entity", "stance", "decision", "zoning")
        return [self.project.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    project, article_id = project_at(tmp_path / "p.annot", more=(SECOND,))
    with project:
        yield Desk(project, article_id)


def refused(desk: Desk, match: str) -> AbstractContextManager[object]:
    return pytest.raises(GestureRefused, match=match)


# ---------------------------------------------------------------------- opening


def test_an_article_opens_with_its_zones_and_suggestions(desk: Desk) -> None:
    opened = desk.labelling.open(desk.id)
    assert (opened.article.text, opened.status, opened.place, opened.count) == (TEXT, Status.TODO, 1, 2)
    assert [zone.kind for zone in opened.zones] == [ZoneKind.CREDIT]
    assert len(opened.shown) == len(SUGGESTED)
    assert all(shown.suggested for shown in opened.shown)
    assert opened.progress == Progress(0, len(SUGGESTED))


def test_a_new_annotator_of_a_project_opened_to_read_sees_everything_and_changes_nothing(desk: Desk) -> None:
    path = desk.project.path
    desk.project.close()
    with Project.open(path, Access.READ) as project:
        reader = Desk(project, desk.id, "somebody new")
        opened = reader.labelling.open(desk.id)
        assert len(opened.shown) == len(SUGGESTED)
        assert (opened.place, opened.count, opened.status) == (1, 2, Status.TODO)
        with pytest.raises(ProjectReadOnly):
            reader.labelling.add(desk.id, nth("Okafor"), "PERSON")
        assert reader.labelling.next_undo() is None


# ---------------------------------------------------------------------- accepting and rejecting


def test_accepting_makes_the_suggestion_ones_own_with_its_name(desk: Desk) -> None:
    change = desk.labelling.accept(desk.id, desk.only("Mira Holt").id, ms=840)
    assert content(desk.only("Mira Holt")) == ("Mira Holt", "PERSON", "Mira Holt", "accepted")
    assert desk.decisions() == [(0, "accept", True, 840)]
    assert change.summary == "accept PERSON “Mira Holt”"
    assert change.gone == ("101:0",)
    assert [content(shown) for shown in change.now] == [content(desk.only("Mira Holt"))]
    assert change.status is Status.DOING
    assert desk.labelling.open(desk.id).progress == Progress(1, len(SUGGESTED))


def test_accepting_a_stance_keeps_its_parts_and_their_names(desk: Desk) -> None:
    desk.labelling.accept(desk.id, desk.only("backed the deal").id)
    assert content(desk.only("backed the deal")) == (
        "backed the deal",
        "FAVOR",
        ("the union", None),
        ("the deal", "wage deal"),
        "accepted",
    )


def test_accepting_twice_or_ones_own_is_refused(desk: Desk) -> None:
    suggestion = desk.only("Mira Holt").id
    desk.labelling.accept(desk.id, suggestion)
    before = desk.rows()
    with refused(desk, "no longer there"):
        desk.labelling.accept(desk.id, suggestion)
    with refused(desk, "PERSON “Mira Holt” is yours already"):
        desk.labelling.accept(desk.id, desk.only("Mira Holt").id)
    assert desk.rows() == before


def test_a_label_that_the_label_set_lacks_is_not_accepted_but_can_be_changed(
    desk: Desk,
) -> None:
    suggestion = desk.only("raise wages").id
    with refused(desk, "no entity label WORK"):
        desk.labelling.accept(desk.id, suggestion)
    desk.labelling.relabel(desk.id, suggestion, "EVENT")
    assert content(desk.only("raise wages")) == ("raise wages", "EVENT", None, "edited")


def test_rejecting_hides_the_suggestion_and_keeps_the_decision(desk: Desk) -> None:
    change = desk.labelling.reject(desk.id, desk.only("Monday").id, ms=12)
    assert desk.at("Monday") == []
    assert desk.decisions() == [(4, "reject", False, 12)]
    assert (change.gone, change.now, change.summary) == (("101:4",), (), "reject DATE “Monday”")


def test_accepting_all_is_one_gesture_and_leaves_out_what_cannot_be_accepted(desk: Desk) -> None:
    ids = [shown.id for shown in desk.shown()]
    change = desk.labelling.accept_all(desk.id, [*ids, *ids, "101:99"], ms=5)
    assert change.summary == "accept 7 suggestions"
    assert len(change.now) == len(change.gone) == 7
    assert [shown.mark.label for shown in desk.shown() if shown.suggested] == ["WORK"]
    desk.labelling.undo()
    assert [content(shown)[-1] for shown in desk.shown()] == [None] * len(SUGGESTED)


def test_accepting_all_of_nothing_is_refused(desk: Desk) -> None:
    before = desk.rows()
    for ids in ([], [desk.only("raise wages").id]):
        with refused(desk, "no suggestion to accept"):
            desk.labelling.accept_all(desk.id, ids)
    assert desk.rows() == before


def test_two_suggestions_that_say_the_same_become_one_mark(desk: Desk) -> None:
    twins = (entity("Okafor", "PERSON"), entity("Okafor", "PERSON"))
    suggest(desk.project, desk.id, twins, Run(102, "words", "2"))
    desk.labelling.accept_all(desk.id, [shown.id for shown in desk.at("Okafor")])
    assert content(desk.only("Okafor"))[-1] == "accepted"
    assert [verdict for _, verdict, *_ in desk.decisions()] == ["accept", "accept"]


# ---------------------------------------------------------------------- adding


def test_adding_an_entity_trims_white_space(desk: Desk) -> None:
    span = nth("Okafor")
    change = desk.labelling.add(desk.id, Span(span.start - 1, span.end + 1), "PERSON")
    assert content(desk.only("Okafor")) == ("Okafor", "PERSON", None, "added")
    assert change.summary == "add PERSON “Okafor”"
    assert desk.decisions() == []


@pytest.mark.parametrize(
    ("span", "label", "match"),
    [
        (Span(len(TEXT) - 3, len(TEXT) + 1), "PERSON", "beyond the end"),
        (Span(TEXT.index("\n\n"), TEXT.index("\n\n") + 2), "PERSON", "only white space"),
        (nth("Okafor"), "PEOPLE", "no entity label PEOPLE"),
        (nth("Okafor"), "FAVOR", "no entity label FAVOR"),
    ],
)
def test_an_entity_that_cannot_be_is_refused(desk: Desk, span: Span, label: str, match: str) -> None:
    before = desk.rows()
    with refused(desk, match):
        desk.labelling.add(desk.id, span, label)
    assert desk.rows() == before
    assert desk.labelling.open(desk.id).status is Status.TODO


def test_the_same_entity_twice_is_refused_but_another_label_there_is_not(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    before = desk.rows()
    with refused(desk, "PERSON “Okafor” is there already"):
        desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    assert desk.rows() == before
    desk.labelling.add(desk.id, nth("Okafor"), "ORG")
    assert len(desk.at("Okafor")) == 2


def test_adding_what_is_suggested_accepts_the_suggestion(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("Mira Holt"), "PERSON")
    assert content(desk.only("Mira Holt")) == ("Mira Holt", "PERSON", "Mira Holt", "accepted")
    assert desk.decisions() == [(0, "accept", True, 0)]


def test_adding_what_was_rejected_turns_the_decision(desk: Desk) -> None:
    desk.labelling.reject(desk.id, desk.only("Monday").id, ms=7)
    desk.labelling.add(desk.id, nth("Monday"), "DATE")
    assert content(desk.only("Monday"))[-1] == "accepted"
    assert desk.decisions() == [(4, "accept", True, 7)]


def test_adding_a_stance(desk: Desk) -> None:
    desk.labelling.add_stance(
        desk.id,
        nth("would not raise wages"),
        "AGAINST",
        holder=Part(nth("the Holton Line"), "  Holton  "),
        target=Part(nth(" raise wages"), " "),
    )
    assert content(desk.only("would not raise wages")) == (
        "would not raise wages",
        "AGAINST",
        ("the Holton Line", "Holton"),
        ("raise wages", None),
        "added",
    )


def test_a_stance_may_start_without_holder_and_target(desk: Desk) -> None:
    desk.labelling.add_stance(desk.id, nth("was calm"), "NEUTRAL")
    assert content(desk.only("was calm")) == ("was calm", "NEUTRAL", None, None, "added")


def test_a_stance_that_cannot_be_is_refused(desk: Desk) -> None:
    beyond = Part(Span(len(TEXT) - 1, len(TEXT) + 9))
    with refused(desk, "no polarity PERSON"):
        desk.labelling.add_stance(desk.id, nth("was calm"), "PERSON")
    with refused(desk, "beyond the end"):
        desk.labelling.add_stance(desk.id, nth("was calm"), "NEUTRAL", holder=beyond)
    with refused(desk, "beyond the end"):
        desk.labelling.add_stance(desk.id, nth("was calm"), "NEUTRAL", target=beyond)


def test_the_same_evidence_holds_a_stance_in_each_direction_but_not_the_same_twice(desk: Desk) -> None:
    one, other = Part(nth("Okafor")), Part(nth("Holt", 2))
    desk.labelling.add_stance(desk.id, nth("had met"), "NEUTRAL", holder=one, target=other)
    desk.labelling.add_stance(desk.id, nth("had met"), "NEUTRAL", holder=other, target=one)
    with refused(desk, "NEUTRAL “had met” is there already"):
        desk.labelling.add_stance(desk.id, nth("had met"), "NEUTRAL", holder=one, target=other)
    assert len(desk.at("had met")) == 2


# ---------------------------------------------------------------------- editing


def test_relabelling_a_suggestion_is_an_edit_that_keeps_the_rest(desk: Desk) -> None:
    change = desk.labelling.relabel(desk.id, desk.only("Sorrel").id, "GPE", ms=300)
    assert content(desk.only("Sorrel")) == ("Sorrel", "GPE", None, "edited")
    assert desk.decisions() == [(3, "edit", True, 300)]
    assert change.summary == "relabel PERSON “Sorrel” as GPE"


def test_relabelling_an_accepted_mark_and_back_follows_with_the_decision(desk: Desk) -> None:
    desk.labelling.accept(desk.id, desk.only("Monday").id, ms=100)
    desk.labelling.relabel(desk.id, desk.only("Monday").id, "EVENT", ms=50)
    assert content(desk.only("Monday"))[-1] == "edited"
    assert desk.decisions() == [(4, "edit", True, 150)]
    desk.labelling.relabel(desk.id, desk.only("Monday").id, "DATE")
    assert content(desk.only("Monday"))[-1] == "accepted"
    assert desk.decisions() == [(4, "accept", True, 150)]


def test_the_polarity_of_a_stance_is_relabelled(desk: Desk) -> None:
    desk.labelling.relabel(desk.id, desk.only("backed the deal").id, "NEUTRAL")
    assert content(desk.only("backed the deal"))[1:] == (
        "NEUTRAL",
        ("the union", None),
        ("the deal", "wage deal"),
        "edited",
    )
    with refused(desk, "no polarity PERSON"):
        desk.labelling.relabel(desk.id, desk.only("backed the deal").id, "PERSON")


def test_an_added_mark_stays_added_when_it_is_edited(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("Okafor"), "ORG")
    desk.labelling.relabel(desk.id, desk.only("Okafor").id, "PERSON")
    assert content(desk.only("Okafor")) == ("Okafor", "PERSON", None, "added")
    assert desk.decisions() == []


def test_moving_the_edges_of_a_suggestion_is_an_edit(desk: Desk) -> None:
    change = desk.labelling.move(desk.id, desk.only("Holt", 1).id, nth("Holt said"), ms=9)
    assert content(desk.only("Holt said")) == ("Holt said", "PERSON", "Mira Holt", "edited")
    assert desk.at("Holt", 1) == []
    assert change.summary == "move PERSON “Holt” to “Holt said”"


def test_moving_is_refused_to_the_same_place_onto_an_equal_mark_and_out_of_the_text(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    mark = desk.only("Okafor").id
    desk.labelling.add(desk.id, nth("Okafor", 1), "PERSON")
    before = desk.rows()
    with refused(desk, "like that already"):
        desk.labelling.move(desk.id, mark, nth("Okafor "))
    with refused(desk, "PERSON “Okafor” is there already"):
        desk.labelling.move(desk.id, mark, nth("Okafor", 1))
    with refused(desk, "beyond the end"):
        desk.labelling.move(desk.id, mark, Span(3, len(TEXT) + 1))
    with refused(desk, "is there already"):
        desk.labelling.move(desk.id, desk.only("Holt", 1).id, nth("Okafor", 1))
    assert desk.rows() == before


def test_moving_onto_an_open_suggestion_decides_that_one_too(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("on Monday"), "DATE")
    change = desk.labelling.move(desk.id, desk.only("on Monday").id, nth("Monday"))
    assert content(desk.only("Monday"))[-1] == "accepted"
    assert "101:4" in change.gone
    assert desk.decisions() == [(4, "accept", True, 0)]


def test_relabelling_to_an_equal_mark_or_to_the_same_label_is_refused(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    desk.labelling.add(desk.id, nth("Okafor"), "ORG")
    person = next(shown.id for shown in desk.at("Okafor") if shown.mark.label == "PERSON")
    with refused(desk, "ORG “Okafor” is there already"):
        desk.labelling.relabel(desk.id, person, "ORG")
    with refused(desk, "like that already"):
        desk.labelling.relabel(desk.id, person, "PERSON")


def test_naming_trims_and_an_empty_name_takes_it_away(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    mark = desk.only("Okafor").id
    assert desk.labelling.rename(desk.id, mark, "  Ada Okafor ").summary == "name “Okafor” “Ada Okafor”"
    assert content(desk.only("Okafor"))[2] == "Ada Okafor"
    with refused(desk, "like that already"):
        desk.labelling.rename(desk.id, mark, "Ada Okafor")
    desk.labelling.rename(desk.id, mark, "  ")
    assert content(desk.only("Okafor"))[2] is None


def test_naming_a_suggestion_is_an_edit(desk: Desk) -> None:
    desk.labelling.rename(desk.id, desk.only("Coastal News").id, "Coastal News Ltd")
    assert content(desk.only("Coastal News")) == ("Coastal News", "ORG", "Coastal News Ltd", "edited")


def test_the_parts_of_a_stance_are_named(desk: Desk) -> None:
    desk.labelling.rename(desk.id, desk.only("backed the deal").id, "Dockers' union", part="holder")
    desk.labelling.rename(desk.id, desk.only("backed the deal").id, None, part="target")
    assert content(desk.only("backed the deal"))[2:4] == (("the union", "Dockers' union"), ("the deal", None))


def test_naming_what_is_not_there_is_refused(desk: Desk) -> None:
    desk.labelling.add_stance(desk.id, nth("was calm"), "NEUTRAL")
    with refused(desk, "no holder yet"):
        desk.labelling.rename(desk.id, desk.only("was calm").id, "x", part="holder")
    with refused(desk, "A stance has no name"):
        desk.labelling.rename(desk.id, desk.only("was calm").id, "x")
    with refused(desk, "Only a stance has a target"):
        desk.labelling.rename(desk.id, desk.only("Monday").id, "x", part="target")


def test_holder_and_target_of_a_suggestion_are_set_as_an_edit_with_the_other_part_kept(desk: Desk) -> None:
    change = desk.labelling.set_holder(
        desk.id, desk.only("backed the deal").id, Part(nth("Coastal News "), " CN "), ms=70
    )
    assert change.summary == "holder “Coastal News” of FAVOR “backed the deal”"
    assert content(desk.only("backed the deal"))[2:] == (
        ("Coastal News", "CN"),
        ("the deal", "wage deal"),
        "edited",
    )
    assert desk.decisions() == [(5, "edit", True, 70)]
    desk.labelling.set_target(desk.id, desk.only("backed the deal").id, None)
    assert content(desk.only("backed the deal"))[3] is None


def test_setting_a_part_that_changes_nothing_or_of_an_entity_is_refused(desk: Desk) -> None:
    stance = desk.only("backed the deal").id
    with refused(desk, "like that already"):
        desk.labelling.set_holder(desk.id, stance, Part(nth("the union")))
    with refused(desk, "Only a stance has a holder"):
        desk.labelling.set_holder(desk.id, desk.only("Monday").id, Part(nth("the union")))
    with refused(desk, "only white space"):
        desk.labelling.set_target(desk.id, stance, Part(nth("\n\n")))


def test_a_note_on_a_suggestion_accepts_it(desk: Desk) -> None:
    desk.labelling.annotate(desk.id, desk.only("Monday").id, " which one? ")
    shown = desk.only("Monday")
    assert (shown.note, shown.source) == ("which one?", Source.ACCEPTED)
    with refused(desk, "says that already"):
        desk.labelling.annotate(desk.id, shown.id, "which one?")
    desk.labelling.annotate(desk.id, shown.id, "")
    with refused(desk, "no note to take away"):
        desk.labelling.annotate(desk.id, shown.id, None)


def test_editing_keeps_the_note(desk: Desk) -> None:
    desk.labelling.annotate(desk.id, desk.only("Monday").id, "which one?")
    desk.labelling.relabel(desk.id, desk.only("Monday").id, "EVENT")
    assert desk.only("Monday").note == "which one?"


# ---------------------------------------------------------------------- deleting


def test_deleting_an_accepted_mark_turns_its_decision_into_a_rejection(desk: Desk) -> None:
    desk.labelling.accept(desk.id, desk.only("Monday").id, ms=40)
    change = desk.labelling.delete(desk.id, desk.only("Monday").id)
    assert desk.at("Monday") == []
    assert desk.decisions() == [(4, "reject", False, 40)]
    assert change.summary == "delete DATE “Monday”"


def test_deleting_an_edited_mark_rejects_its_suggestion_and_leaves_other_marks_alone(desk: Desk) -> None:
    desk.labelling.relabel(desk.id, desk.only("Sorrel").id, "LOC")
    others = [content(shown) for shown in desk.shown() if shown.mark.span != nth("Sorrel")]
    desk.labelling.delete(desk.id, desk.only("Sorrel").id)
    assert [content(shown) for shown in desk.shown()] == others
    assert desk.decisions() == [(3, "reject", False, 0)]


def test_deleting_a_suggestion_or_rejecting_an_own_mark_does_what_is_meant(desk: Desk) -> None:
    assert desk.labelling.delete(desk.id, desk.only("Monday").id).summary == "reject DATE “Monday”"
    desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    assert desk.labelling.reject(desk.id, desk.only("Okafor").id).summary == "delete PERSON “Okafor”"
    assert desk.at("Okafor") == []


def test_a_later_suggestion_of_a_deleted_mark_does_not_come_up(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    suggest(desk.project, desk.id, (entity("Okafor", "PERSON"),), Run(102, "words", "2"))
    assert content(desk.only("Okafor"))[-1] == "added"
    desk.labelling.delete(desk.id, desk.only("Okafor").id)
    assert desk.at("Okafor") == []
    desk.labelling.undo()
    assert content(desk.only("Okafor"))[-1] == "added"


def test_a_mark_that_is_gone_is_refused_by_every_gesture(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    gone = desk.only("Okafor").id
    desk.labelling.delete(desk.id, gone)
    labelling, before = desk.labelling, desk.rows()
    gestures: list[Callable[[], Change]] = [
        lambda: labelling.accept(desk.id, gone),
        lambda: labelling.reject(desk.id, gone),
        lambda: labelling.delete(desk.id, gone),
        lambda: labelling.relabel(desk.id, gone, "ORG"),
        lambda: labelling.move(desk.id, gone, nth("Sorrel")),
        lambda: labelling.rename(desk.id, gone, "x"),
        lambda: labelling.annotate(desk.id, gone, "x"),
        lambda: labelling.label_equal_mentions(desk.id, gone),
        lambda: labelling.set_holder(desk.id, gone, None),
    ]
    for gesture in gestures:
        with refused(desk, "no longer there"):
            gesture()
    assert desk.rows() == before


# ---------------------------------------------------------------------- equal mentions


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


def test_equal_mentions_are_refused_where_there_is_nothing_to_do(desk: Desk) -> None:
    desk.labelling.add(desk.id, nth("Holton Line"), "ORG")
    before = desk.rows()
    with refused(desk, "No other mention of “Holton Line”"):
        desk.labelling.label_equal_mentions(desk.id, desk.only("Holton Line").id)
    with refused(desk, "Only an entity"):
        desk.labelling.label_equal_mentions(desk.id, desk.only("backed the deal").id)
    assert desk.rows() == before


# ---------------------------------------------------------------------- zones


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
    with refused(desk, "no longer there"):
        desk.labelling.unmark_zone(desk.id, found)
    desk.labelling.mark_zone(desk.id, found.span, ZoneKind.CREDIT)
    assert zones(desk) == [("Photo by Mira Holt", ZoneKind.CREDIT)]
    desk.labelling.undo()
    desk.labelling.undo()
    assert zones(desk) == [("Photo by Mira Holt", ZoneKind.CREDIT)]


def test_a_zone_takes_in_those_it_overlaps_and_is_refused_inside_one(desk: Desk) -> None:
    (found,) = desk.labelling.open(desk.id).zones
    with refused(desk, "a zone already"):
        desk.labelling.mark_zone(desk.id, nth("by Mira"))
    desk.labelling.mark_zone(desk.id, Span(found.span.start - 21, found.span.start + 5))
    assert [zone.span for zone in desk.labelling.open(desk.id).zones] == [
        Span(found.span.start - 21, found.span.end)
    ]
    with refused(desk, "only white space"):
        desk.labelling.mark_zone(desk.id, nth("\n\n"))


# ---------------------------------------------------------------------- status


def test_the_status_is_set_and_the_first_gesture_begins_the_article(desk: Desk) -> None:
    assert desk.labelling.set_status(desk.id, Status.DONE).summary.startswith("finish “Harbour workers vote")
    assert desk.labelling.open(desk.id).status is Status.DONE
    with refused(desk, "status is done already"):
        desk.labelling.set_status(desk.id, Status.DONE)
    desk.labelling.undo()
    assert desk.labelling.open(desk.id).status is Status.TODO
    desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    assert desk.labelling.open(desk.id).status is Status.DOING
    desk.labelling.undo()
    assert desk.labelling.open(desk.id).status is Status.TODO


def test_work_on_a_finished_article_leaves_it_finished(desk: Desk) -> None:
    desk.labelling.set_status(desk.id, Status.DONE)
    desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    assert desk.labelling.open(desk.id).status is Status.DONE


# ---------------------------------------------------------------------- undo and other annotators


def test_undo_and_redo_say_what_they_would_do(desk: Desk) -> None:
    assert (desk.labelling.next_undo(), desk.labelling.next_redo()) == (None, None)
    with refused(desk, "Nothing to undo"):
        desk.labelling.undo()
    with refused(desk, "Nothing to redo"):
        desk.labelling.redo()
    desk.labelling.reject(desk.id, desk.only("Monday").id)
    assert desk.labelling.next_undo() == "reject DATE “Monday”"
    assert "reject DATE “Monday”" in desk.labelling.undo().summary
    assert desk.labelling.next_redo() == "reject DATE “Monday”"
    assert desk.only("Monday").suggested
    desk.labelling.redo()
    assert desk.at("Monday") == []


def test_undo_reaches_another_article_and_past_a_restart(desk: Desk) -> None:
    desk.labelling.accept(desk.id, desk.only("Monday").id)
    second = desk.project.db.execute("SELECT id FROM article WHERE position=1").fetchone()[0]
    desk.labelling.add(second, Span(2, 8), "EVENT")
    path = desk.project.path
    desk.project.close()
    with Project.open(path) as project:
        again = Desk(project, desk.id)
        assert again.labelling.undo().article_id == second
        assert again.labelling.undo().article_id == desk.id
        assert again.only("Monday").suggested
        assert again.labelling.redo().article_id == desk.id


def test_another_annotators_marks_are_not_shown_and_never_change(desk: Desk) -> None:
    other = Desk(desk.project, desk.id, "bo")
    desk.labelling.accept(desk.id, desk.only("Monday").id)
    own = desk.only("Monday").id
    other.labelling.relabel(desk.id, other.only("Monday").id, "EVENT")
    assert content(desk.only("Monday"))[1] == "DATE"
    with refused(other, "no longer there"):
        other.labelling.delete(desk.id, own)
    desk.labelling.undo()
    with refused(desk, "Nothing to undo"):
        desk.labelling.undo()
    assert desk.only("Monday").suggested
    assert content(other.only("Monday")) == ("Monday", "EVENT", None, "edited")
    assert other.labelling.next_undo() == "relabel DATE “Monday” as EVENT"


def test_a_change_says_what_a_stance_became(desk: Desk) -> None:
    change: Change = desk.labelling.set_target(
        desk.id, desk.only("backed the deal").id, Part(nth("the deal"), "pay deal")
    )
    (shown,) = change.now
    assert isinstance(shown.mark, Stance)
    assert shown.mark.target == Part(nth("the deal"), "pay deal")
