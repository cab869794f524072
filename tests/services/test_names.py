"""Names: renamed and merged across articles in one gesture, given everywhere in one, listed with counts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.domain.articles import Article
from annotator.domain.errors import GestureRefused
from annotator.domain.marks import Entity, Part, Stance
from annotator.domain.names import NameIndex, NamePlace, NameRow, NameUse, folded
from annotator.domain.suggestions import Run
from annotator.services.names import Names
from annotator.storage.check import check
from annotator.storage.digest import digest
from annotator.storage.meeting import Meeting, Terms
from annotator.storage.merging import bring_in
from annotator.storage.names import holds_few
from annotator.storage.project import Project
from annotator.storage.snapshot import joined
from tests.services.conftest import SECOND
from tests.services.labelled import RUN, Desk, entity, labelset, nth, suggest

OTHER = Article.of(SECOND).id


@pytest.fixture
def names(desk: Desk) -> Names:
    return Names(desk.project, "ana")


@pytest.fixture
def named(desk: Desk) -> Desk:
    """Ana has “Holt” on two marks here and on a stance's holder, and on one mark of the other article."""
    desk.labelling.add(desk.id, nth("Mira Holt"), "PERSON")
    for words, n in (("Mira Holt", 0), ("Holt", 1)):
        desk.labelling.rename(desk.id, desk.only(words, n).id, "Holt")
    holder = Part(nth("Mira Holt"), "Holt")
    desk.labelling.add_stance(desk.id, nth("sail for less"), "AGAINST", holder=holder)
    change = desk.labelling.add(OTHER, nth("second", text=SECOND), "PERSON")
    desk.labelling.rename(OTHER, change.now[0].id, "Holt")
    return desk


def said(desk: Desk) -> list[str | None]:
    """The names of the annotator's marks in both articles, by article and place."""
    found: list[str | None] = []
    for article_id in (desk.id, OTHER):
        for shown in desk.labelling.open(article_id).shown:
            if isinstance(shown.mark, Entity) and not shown.suggested:
                found.append(shown.mark.name)
            elif isinstance(shown.mark, Stance) and not shown.suggested:
                found.append(shown.mark.holder and shown.mark.holder.name)
    return found


def test_a_name_is_changed_in_every_article_by_one_gesture_and_one_undo(named: Desk, names: Names) -> None:
    before, rows = said(named), named.rows()
    change = names.rename("Holt", "Mira Holt", here=named.id)
    assert said(named) == ["Mira Holt"] * 4
    assert named.rows()[0] == rows[0] + 1
    assert change.article_id == named.id
    assert len(change.now) == 3
    assert change.summary == "rename “Holt” to “Mira Holt” in 4 marks of 2 articles"
    named.labelling.undo()
    assert said(named) == before
    named.labelling.redo()
    assert said(named) == ["Mira Holt"] * 4
    named.project.close()
    assert check(named.project.path).clean


def test_what_was_accepted_stays_accepted_under_another_name(desk: Desk, names: Names) -> None:
    words = nth("second", text=SECOND)
    suggest(desk.project, OTHER, (Entity("", words, "PERSON", "Holt"),))
    mark = desk.labelling.add(OTHER, words, "PERSON").now[0]
    assert desk.decisions() == [(0, "accept", True, 0)]
    names.rename("Holt", "Mira Holt")
    assert desk.decisions() == [(0, "accept", True, 0)]
    desk.labelling.rename(OTHER, mark.id, "Ms Holt")
    assert desk.decisions() == [(0, "edit", True, 0)]
    desk.labelling.undo()
    desk.labelling.undo()
    assert desk.decisions() == [(0, "accept", True, 0)]


def suggested_names(desk: Desk) -> list[str | None]:
    """The names of entities and holders that are suggested in the first article, by place."""
    return [
        shown.mark.name if isinstance(shown.mark, Entity) else shown.mark.target and shown.mark.target.name
        for shown in desk.shown()
        if shown.suggested
    ]


def test_what_is_suggested_has_a_changed_name_too_and_is_accepted_with_it(desk: Desk, names: Names) -> None:
    desk.labelling.accept(desk.id, desk.only("Mira Holt").id)
    change = names.rename("Mira Holt", "Holt, Mira", here=desk.id)
    pending = desk.only("Holt", 1)
    assert pending.mark in [shown.mark for shown in change.now]  # drawn at once
    assert isinstance(pending.mark, Entity)
    assert (pending.suggested, pending.mark.name) == (True, "Holt, Mira")
    desk.labelling.accept(desk.id, pending.id)
    assert desk.decisions() == [(0, "accept", True, 0), (2, "accept", True, 0)]
    assert [row.name for row in names.read_rows()] == ["Holt, Mira"]
    assert names.read_index().use_of("Mira Holt") is None


def test_a_later_run_is_read_under_the_names_of_now_after_reopening(desk: Desk, names: Names) -> None:
    desk.labelling.accept(desk.id, desk.only("Mira Holt").id)
    names.rename("Mira Holt", "Holt, Mira")
    names.rename("Holt, Mira", "M. Holt")
    path = desk.project.path
    desk.project.close()
    with Project.open(path) as project:
        again = Desk(project, desk.id)
        suggest(project, desk.id, (entity("Okafor", "PERSON", name="Mira Holt"),), Run(102, "words", "2"))
        assert suggested_names(again) == ["M. Holt"]
        again.labelling.undo()
        assert suggested_names(again) == ["Holt, Mira"]
        again.labelling.undo()
        assert suggested_names(again) == ["Mira Holt"]
        again.labelling.redo()
        assert suggested_names(again) == ["Holt, Mira"]
        other = Desk(project, desk.id, "ben")
        assert suggested_names(other) == ["Mira Holt"]


def test_a_name_merged_into_another_is_suggested_as_that(desk: Desk, names: Names) -> None:
    desk.labelling.accept(desk.id, desk.only("Mira Holt").id)
    deal = next(shown for shown in desk.shown() if isinstance(shown.mark, Stance))
    desk.labelling.add(desk.id, nth("port"), "FAC")
    desk.labelling.rename(desk.id, desk.only("port").id, "wage deal")
    names.rename("wage deal", "Mira Holt", here=desk.id)
    assert suggested_names(desk) == [None, "Mira Holt", "Mira Holt", None, None, None, None]
    names.rename("Mira Holt", "wage deal")  # and back: both are that now
    assert set(suggested_names(desk)) == {None, "wage deal"}
    desk.labelling.accept(desk.id, deal.id)
    assert [row.name for row in names.read_rows()] == ["wage deal"]


def test_a_changed_name_comes_along_when_files_are_merged(desk: Desk, names: Names, tmp_path: Path) -> None:
    with Project.create(tmp_path / "other.annot", labelset()) as other:
        with joined(other, desk.project.path), other.writing():
            bring_in(other, Meeting(other, Terms()), source="theirs")
        desk.labelling.accept(desk.id, desk.only("Mira Holt").id)
        names.rename("Mira Holt", "Holt, Mira")
        with joined(other, desk.project.path), other.writing():
            bring_in(other, Meeting(other, Terms()), source="theirs")
        assert digest(other.db) == digest(desk.project.db)
        assert Desk(other, desk.id).only("Holt", 1).mark == desk.only("Holt", 1).mark
    assert check(tmp_path / "other.annot").clean


def test_a_suggestion_that_came_later_is_decided_in_its_own_article(named: Desk, names: Names) -> None:
    suggest(named.project, OTHER, (Entity("", nth("second", text=SECOND), "PERSON", "Mira Holt"),))
    names.rename("Holt", "Mira Holt", here=named.id)
    found = named.project.db.execute(
        "SELECT article_id,verdict FROM decision WHERE deleted=0 AND run_id=? AND article_id=?",
        (RUN.id, OTHER),
    ).fetchall()
    assert found == [(OTHER, "accept")]


def test_two_names_become_one(named: Desk, names: Names) -> None:
    other = named.labelling.add(OTHER, nth("article", text=SECOND), "PERSON").now[0]
    named.labelling.rename(OTHER, other.id, "Mira")
    assert names.rename("Mira", "Holt").summary == "merge “Mira” into “Holt” in 1 mark of 1 article"
    assert said(named) == ["Holt"] * 5
    named.labelling.undo()
    assert sorted(map(str, said(named))) == ["Holt"] * 4 + ["Mira"]


def test_only_ones_own_marks_are_renamed_and_listed(named: Desk, names: Names) -> None:
    ben = Desk(named.project, named.id, "ben")
    ben.labelling.rename(ben.id, ben.only("Mira Holt").id, "Holt")
    names.rename("Holt", "Mira Holt")
    assert [shown.mark.name for shown in ben.at("Mira Holt") if isinstance(shown.mark, Entity)] == ["Holt"]
    assert [row.name for row in names.read_rows()] == ["Mira Holt"]


@pytest.mark.parametrize(
    ("refused", "why"),
    [
        (lambda names: names.rename("Holt", " "), "at least one letter"),
        (lambda names: names.rename("Holt", "Holt "), "already"),
        (lambda names: names.rename("Nobody", "Holt"), "No mark of yours"),
    ],
)
def test_renaming_that_changes_nothing_is_refused(
    named: Desk, names: Names, refused: Callable[[Names], object], why: str
) -> None:
    rows = named.rows()
    with pytest.raises(GestureRefused, match=why):
        refused(names)
    assert named.rows() == rows


def test_a_name_is_given_to_every_mention_in_the_article(desk: Desk, names: Names) -> None:
    for n in (0, 1, 2):
        desk.labelling.add(desk.id, nth("Holt", n), "PERSON")
    desk.labelling.add(desk.id, nth("Sorrel"), "GPE")
    holder = Part(nth("Holt", 1))
    desk.labelling.add_stance(desk.id, nth("sail for less"), "AGAINST", holder=holder)
    mark = desk.only("Holt", 2)
    assert len(names.everywhere(desk.id, mark.id)) == 4
    change = names.name_everywhere(desk.id, mark.id, "Mira Holt")
    assert change.summary == "name 3 mentions of “Holt” “Mira Holt”"  # one took it from its suggestion
    own = [shown.mark for shown in desk.shown() if not shown.suggested]
    assert [mark.name for mark in own if isinstance(mark, Entity)] == ["Mira Holt"] * 3 + [None]
    assert [mark.holder for mark in own if isinstance(mark, Stance)] == [Part(holder.span, "Mira Holt")]
    desk.labelling.undo()
    assert len(names.everywhere(desk.id, mark.id)) == 4
    assert [
        shown.mark.name for shown in desk.shown() if not shown.suggested and isinstance(shown.mark, Entity)
    ] == [None, "Mira Holt", None, None]


def test_other_labels_and_open_suggestions_keep_their_names(desk: Desk, names: Names) -> None:
    desk.labelling.add(desk.id, nth("Sorrel"), "GPE")
    desk.labelling.add(desk.id, nth("Sorrel", 2), "ORG")
    mark = next(shown for shown in desk.at("Sorrel") if not shown.suggested)
    change = names.name_everywhere(desk.id, mark.id, "Port of Sorrel")
    assert change.summary == "name 1 mention of “Sorrel” “Port of Sorrel”"
    assert desk.only("Sorrel", 1).suggested


def test_suggested_mentions_under_another_name_are_told_of(desk: Desk, names: Names) -> None:
    desk.labelling.add(desk.id, nth("Sorrel", 2), "GPE")
    (own,) = (each for each in desk.shown() if each.mark.span == nth("Sorrel", 2))
    names.name_everywhere(desk.id, own.id, "Port of Sorrel")
    with pytest.raises(GestureRefused, match="2 suggestions have not: accepted first, they can be named too"):
        names.name_everywhere(desk.id, own.id, "Port of Sorrel")


def test_naming_a_suggestion_everywhere_accepts_it(desk: Desk, names: Names) -> None:
    names.name_everywhere(desk.id, desk.only("Coastal News").id, "Coastal News Ltd")
    assert desk.decisions() == [(1, "edit", True, 0)]
    with pytest.raises(GestureRefused, match="already"):
        names.name_everywhere(desk.id, desk.only("Coastal News").id, "Coastal News Ltd")


def test_the_names_of_a_project_with_their_use(named: Desk, names: Names) -> None:
    suggest(named.project, OTHER, (entity("Okafor", "ORG", name="Okafor & Co"),))
    assert names.read_rows() == [NameRow("Holt", 4, 2, ("PERSON", "holder"))]
    assert names.row("Holt") == NameRow("Holt", 4, 2, ("PERSON", "holder"))
    assert names.row("Okafor & Co") is None
    places = names.read_places("Holt")
    title = named.labelling.open(named.id).article.title
    assert [(place.article_id, place.title, place.mentions) for place in places] == [
        (named.id, title, 3),
        (OTHER, "A second article", 1),
    ]
    assert isinstance(places[0], NamePlace)
    assert names.first_place("Holt") == (named.id, places[0].mark_id)
    assert names.first_place("Nobody") is None
    assert [(use.name, use.label) for use in names.read_index().find("", 9)] == [
        ("Holt", "PERSON"),
        ("Mira Holt", "PERSON"),
        ("Okafor & Co", "ORG"),
        ("wage deal", ""),
    ]


def test_a_small_project_has_few_names(named: Desk, names: Names) -> None:
    assert names.few()
    count = sum(
        named.project.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("entity", "stance", "suggestion")
    )
    assert holds_few(named.project.db, count)
    assert not holds_few(named.project.db, count - 1)


def test_names_are_found_whatever_their_case_and_accents() -> None:
    uses = [NameUse(name, "", 0, 0) for name in ("Ángel Peña", "Los Angeles", "Evangel", "Bo", "angelo")]
    index = NameIndex(uses)
    assert [use.name for use in index.find("ANGEL", 9)] == ["Ángel Peña", "angelo", "Los Angeles", "Evangel"]
    assert [use.name for use in index.find("pena", 9)] == ["Ángel Peña"]
    assert index.find("", 2) == uses[:2]
    assert folded("  Straße\n 1 ") == "strasse 1"


def test_a_holder_has_every_label_of_the_entities_on_its_words(desk: Desk, names: Names) -> None:
    holt = nth("Mira Holt")
    desk.labelling.add(desk.id, holt, "PERSON")
    desk.labelling.add(desk.id, holt, "ORG")
    change = desk.labelling.add_stance(desk.id, nth("sail for less"), "AGAINST", holder=Part(holt))
    names.name_everywhere(desk.id, change.now[0].id, "Mira Holt", part="holder")
    named = {shown.mark.label for shown in desk.at("Mira Holt") if getattr(shown.mark, "name", None)}
    assert named == {"PERSON", "ORG"}
