"""Label sets: every change is a new version and one gesture, with the marks of everyone and an undo."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.domain.articles import Article
from annotator.domain.changes import Change
from annotator.domain.errors import GestureRefused, LabelSetError
from annotator.domain.label_changes import (
    LabelChange,
    added,
    brought_back,
    edited,
    merged,
    moved,
    replaced,
    retired,
    split,
)
from annotator.domain.label_file import label_set_toml, parse_label_set
from annotator.domain.labels import Kind, Label, LabelSet
from annotator.domain.marks import Part
from annotator.services.choices import choices_of, choose, with_thresholds
from annotator.services.labelsets import Fate, LabelSets
from annotator.storage.backups import list_backups
from annotator.storage.check import check
from annotator.storage.project import Project
from tests.services.conftest import SECOND
from tests.services.labelled import RUN, Desk, entity, nth, refused, suggest

OTHER = Article.of(SECOND).id


@pytest.fixture
def labels(desk: Desk) -> LabelSets:
    return LabelSets(desk.project, "ana")


@pytest.fixture
def ben(desk: Desk) -> Desk:
    """Someone else at the same article, with a mark of their own."""
    ben = Desk(desk.project, desk.id, "ben")
    ben.labelling.add(ben.id, nth("Okafor"), "PERSON")
    return ben


def label(labels: LabelSets, name: str) -> Label:
    found = labels.held.find(Kind.ENTITY, name) or labels.held.find(Kind.POLARITY, name)
    assert found is not None
    return found


def renamed(labels: LabelSets, name: str, to: str) -> LabelChange:
    before = label(labels, name)
    return edited(labels.held, before, replace(before, name=to))


def own(desk: Desk) -> list[str]:
    return [f"{each.mark.label}" for each in desk.shown() if not each.suggested]


def open_labels(desk: Desk) -> list[str]:
    return [each.mark.label for each in desk.shown() if each.suggested]


def sound(project: Project) -> bool:
    project.close()
    return check(project.path).problems == ()


def test_a_renamed_label_takes_the_marks_of_everyone_and_the_suggestions_along(
    desk: Desk, ben: Desk, labels: LabelSets
) -> None:
    desk.labelling.accept(desk.id, desk.only("Mira Holt").id)
    before = open_labels(desk)
    change = labels.apply(renamed(labels, "PERSON", "HUMAN"))
    assert (own(desk), own(ben)) == (["HUMAN"], ["HUMAN"])
    assert open_labels(desk) == ["HUMAN" if each == "PERSON" else each for each in before]
    assert change.summary == "rename PERSON to HUMAN, 2 marks changed"
    assert change.labelset == labels.held
    assert change.article_id is None
    assert (labels.held.version, label(labels, "HUMAN").former) == (2, ("PERSON",))
    assert [(each.version, each.holds) for each in labels.versions()] == [(2, True), (1, False)]
    assert desk.decisions() == [(0, "accept", True, 0)]
    assert sound(desk.project)


def test_suggestions_are_accepted_under_the_new_name_without_being_edited(
    desk: Desk, labels: LabelSets
) -> None:
    labels.apply(renamed(labels, "PERSON", "HUMAN"))
    desk.labelling.accept(desk.id, desk.only("Mira Holt").id)
    desk.labelling.add(desk.id, nth("Holt", 1), "HUMAN")
    assert own(desk) == ["HUMAN", "HUMAN"]
    assert [row[1] for row in desk.decisions()] == ["accept", "accept"]
    desk.labelling.reject(desk.id, desk.only("Mira Holt").id)
    assert desk.decisions()[0][1] == "reject"


def test_renaming_is_undone_and_redone_in_one_step_after_a_restart(
    desk: Desk, ben: Desk, labels: LabelSets
) -> None:
    labels.apply(renamed(labels, "PERSON", "HUMAN"))
    path = desk.project.path
    desk.project.close()
    with Project.open(path) as project:
        ana, ben = Desk(project, desk.id), Desk(project, desk.id, "ben")
        assert ana.labelling.undoable() == "rename PERSON to HUMAN, 1 mark changed"
        change = ana.labelling.undo()
        assert change.labelset == project.labelset
        assert project.labelset.version == 1
        assert own(ben) == ["PERSON"]
        assert "PERSON" in open_labels(ana)
        ana.labelling.redo()
        assert project.labelset.version == 2
        assert own(ben) == ["HUMAN"]
    assert check(path).problems == ()


def test_what_others_did_since_stays_when_a_renaming_is_undone(
    desk: Desk, ben: Desk, labels: LabelSets
) -> None:
    labels.apply(renamed(labels, "PERSON", "HUMAN"))
    ben.labelling.move(ben.id, ben.only("Okafor").id, nth("met Okafor"))
    ben.labelling.add(ben.id, nth("Photo"), "HUMAN")
    desk.labelling.undo()
    assert [(each.mark.span, each.mark.label) for each in ben.shown() if not each.suggested] == [
        (nth("met Okafor"), "PERSON"),
        (nth("Photo"), "PERSON"),
    ]
    ben.labelling.undo()
    ben.labelling.undo()
    assert [each.mark.span for each in ben.shown() if not each.suggested] == [nth("Okafor")]
    assert sound(desk.project)


def test_undo_of_a_gesture_before_a_renaming_goes_by_the_new_name(
    desk: Desk, ben: Desk, labels: LabelSets
) -> None:
    ben.labelling.move(ben.id, ben.only("Okafor").id, nth("met Okafor"))
    ben.labelling.relabel(ben.id, ben.only("met Okafor").id, "ORG")
    ben.labelling.relabel(ben.id, ben.only("met Okafor").id, "PERSON")
    ben.labelling.delete(ben.id, ben.only("met Okafor").id)
    labels.apply(renamed(labels, "PERSON", "HUMAN"))
    seen = []
    for _ in range(4):
        ben.labelling.undo()
        seen += [(each.mark.span, each.mark.label) for each in ben.shown() if not each.suggested]
    whole = nth("met Okafor")
    assert seen == [(whole, "HUMAN"), (whole, "ORG"), (whole, "HUMAN"), (nth("Okafor"), "HUMAN")]
    assert sound(desk.project)


def test_merged_labels_leave_one_mark_where_two_said_the_same(desk: Desk, labels: LabelSets) -> None:
    desk.labelling.accept(desk.id, desk.only("Coastal News").id)
    desk.labelling.annotate(desk.id, desk.only("Coastal News").id, "a paper")
    person = desk.labelling.add(desk.id, nth("Coastal News"), "PERSON").now[0]
    desk.labelling.rename(desk.id, person.id, "The Coastal News")
    desk.labelling.annotate(desk.id, person.id, "or its editor")
    before = [str(each) for each in desk.shown()]
    labels.apply(merged(labels.held, [label(labels, "PERSON")], label(labels, "ORG")))
    (kept,) = desk.at("Coastal News")
    assert (kept.mark.label, kept.note) == ("ORG", "a paper\nor its editor")
    assert getattr(kept.mark, "name", None) == "The Coastal News"
    assert labels.held.find(Kind.ENTITY, "PERSON") is None
    assert set(open_labels(desk)) & {"PERSON", "ORG"} == {"ORG"}
    desk.labelling.undo()
    assert [str(each) for each in desk.shown()] == before
    assert sound(desk.project)


def test_decisions_go_over_to_the_mark_that_stays(desk: Desk, labels: LabelSets) -> None:
    desk.labelling.accept(desk.id, desk.only("Coastal News").id)
    desk.labelling.add(desk.id, nth("Coastal News"), "PERSON")
    labels.apply(merged(labels.held, [label(labels, "ORG")], label(labels, "PERSON")))
    (kept,) = desk.at("Coastal News")
    assert (kept.mark.label, str(kept.source)) == ("PERSON", "accepted")
    assert sound(desk.project)


def test_merged_polarities_leave_one_stance_of_two_with_the_same_parts(desk: Desk, labels: LabelSets) -> None:
    evidence, holder = nth("sail for less"), Part(nth("Mira Holt"))
    for polarity in ("FAVOR", "AGAINST"):
        desk.labelling.add_stance(desk.id, evidence, polarity, holder=holder)
    desk.labelling.add_stance(desk.id, evidence, "AGAINST")
    labels.apply(merged(labels.held, [label(labels, "FAVOR")], label(labels, "AGAINST")))
    found = [each.mark for each in desk.shown() if not each.suggested]
    assert [(mark.label, getattr(mark, "holder", None)) for mark in found] == [
        ("AGAINST", holder),
        ("AGAINST", None),
    ]
    desk.labelling.undo()
    assert sorted(own(desk)) == ["AGAINST", "AGAINST", "FAVOR"]


def test_a_retired_label_is_not_offered_and_its_marks_stay(desk: Desk, labels: LabelSets) -> None:
    desk.labelling.accept(desk.id, desk.only("Mira Holt").id)
    labels.apply(retired(labels.held, label(labels, "PERSON"), drop=False))
    assert own(desk) == ["PERSON"]
    assert "PERSON" not in open_labels(desk)
    mark = desk.only("Mira Holt")
    desk.labelling.annotate(desk.id, mark.id, "kept")
    with refused("PERSON is retired"):
        desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    labels.apply(brought_back(labels.held, label(labels, "PERSON")))
    assert "PERSON" in open_labels(desk)
    assert sound(desk.project)


def test_a_label_is_retired_with_its_marks_and_both_come_back(
    desk: Desk, ben: Desk, labels: LabelSets
) -> None:
    desk.labelling.accept(desk.id, desk.only("Mira Holt").id)
    change = retired(labels.held, label(labels, "PERSON"), drop=True)
    assert (labels.touches(change).marks, labels.touches(change).annotators) == (2, 2)
    labels.apply(change)
    assert (own(desk), own(ben)) == ([], [])
    assert desk.decisions() == [(0, "reject", False, 0)]
    desk.labelling.undo()
    assert (own(desk), own(ben)) == (["PERSON"], ["PERSON"])
    assert desk.decisions() == [(0, "accept", True, 0)]
    assert sound(desk.project)


def test_the_marks_of_a_split_label_are_sorted_one_by_one_by_their_makers(
    desk: Desk, ben: Desk, labels: LabelSets
) -> None:
    for words, n in (("Mira Holt", 0), ("Holt", 1)):
        desk.labelling.accept(desk.id, desk.only(words, n).id)
    parts = [replace(label(labels, "PERSON"), name=name, key="") for name in ("WOMAN", "MAN")]
    labels.apply(split(labels.held, label(labels, "PERSON"), parts))
    person = label(labels, "PERSON")
    assert (person.into, person.offered) == (("WOMAN", "MAN"), False)
    assert labels.left(person) == [("ana", 2), ("ben", 1)]
    assert "PERSON" not in [each.name for each in labels.held.entities]
    with refused("split into WOMAN, MAN"):
        ben.labelling.accept(ben.id, ben.only("Mira Holt").id)
    first, second = labels.unsorted(person)
    assert (first.words, second.words) == ("Mira Holt", "Holt")
    change = labels.sort(first, person, "WOMAN")
    assert change.summary == "sort PERSON “Mira Holt” as WOMAN"
    labels.sort(second, person, None)
    assert own(desk) == ["WOMAN"]
    desk.labelling.undo()
    assert own(desk) == ["WOMAN", "PERSON"]
    assert labels.left(person) == [("ana", 1), ("ben", 1)]
    assert sound(desk.project)


def test_a_sorted_mark_that_is_there_already_becomes_one_with_it(desk: Desk, labels: LabelSets) -> None:
    desk.labelling.add(desk.id, nth("Okafor"), "PERSON")
    desk.labelling.add(desk.id, nth("Okafor"), "ORG")
    desk.labelling.add(desk.id, nth("Photo"), "PERSON")
    labels.apply(split(labels.held, label(labels, "PERSON"), [label(labels, "ORG"), label(labels, "GPE")]))
    labels.sort(labels.unsorted(label(labels, "PERSON"))[0], label(labels, "PERSON"), "ORG")
    assert own(desk) == ["ORG", "PERSON"]
    assert sound(desk.project)


def test_another_look_or_guideline_writes_no_mark_and_makes_no_backup(
    desk: Desk, ben: Desk, labels: LabelSets
) -> None:
    changes = desk.rows()[1]
    person = label(labels, "PERSON")
    labels.apply(edited(labels.held, person, replace(person, color="#123456", guideline="*Names*")))
    assert desk.rows()[1] == changes + 1
    assert list_backups(desk.project.path) == []
    assert label(labels, "PERSON").guideline == "*Names*"
    labels.apply(renamed(labels, "PERSON", "HUMAN"))
    assert [backup.reason for backup in list_backups(desk.project.path)] == ["labels"]


def test_a_key_of_another_label_is_exchanged(labels: LabelSets) -> None:
    person, org = label(labels, "PERSON"), label(labels, "ORG")
    labels.apply(edited(labels.held, person, replace(person, key=org.key)))
    assert (label(labels, "PERSON").key, label(labels, "ORG").key) == (org.key, person.key)


def test_labels_change_places(labels: LabelSets) -> None:
    names = [each.name for each in labels.held.entities]
    labels.apply(moved(labels.held, labels.held.entities[1], -1))
    assert [each.name for each in labels.held.entities] == [names[1], names[0], *names[2:]]
    with pytest.raises(LabelSetError, match="is the first already"):
        moved(labels.held, labels.held.entities[0], -1)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda it: renamed(it, "PERSON", "ORG"), "ORG is there already"),
        (lambda it: renamed(it, "PERSON", "1st"), "must start with a letter"),
        (lambda it: edited(it.held, label(it, "ORG"), replace(label(it, "ORG"), color="red")), "must look"),
        (lambda it: edited(it.held, label(it, "ORG"), label(it, "ORG")), "like that already"),
        (lambda it: added(it.held, label(it, "ORG")), "there already"),
        (lambda it: merged(it.held, [label(it, "FAVOR")], label(it, "ORG")), "one kind"),
        (lambda it: split(it.held, label(it, "ORG"), [label(it, "GPE")]), "at least two"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(
    labels: LabelSets, change: Callable[[LabelSets], LabelChange], why: str
) -> None:
    with pytest.raises(LabelSetError, match=why):
        change(labels)


def test_a_former_name_is_not_given_to_another_label(labels: LabelSets) -> None:
    labels.apply(renamed(labels, "PERSON", "HUMAN"))
    with pytest.raises(LabelSetError, match="was the name of HUMAN"):
        added(labels.held, replace(label(labels, "ORG"), name="PERSON"))
    labels.apply(renamed(labels, "HUMAN", "PERSON"))
    assert label(labels, "PERSON").former == ("HUMAN",)


def test_the_last_label_stays(desk: Desk, labels: LabelSets) -> None:
    one = LabelSet("one", 1, (label(labels, "ORG"),))
    with pytest.raises(LabelSetError, match="no label to mark with"):
        retired(one, one.labels[0], drop=False)


def test_a_label_set_comes_in_from_a_file_with_what_was_chosen_for_each_label(
    desk: Desk, labels: LabelSets, tmp_path: Path
) -> None:
    desk.labelling.accept(desk.id, desk.only("Mira Holt").id)
    desk.labelling.accept(desk.id, desk.only("Coastal News").id)
    other = parse_label_set(
        'name = "other"\nversion = 9\n[[entity]]\nname = "HUMAN"\ncolor = "#0072b2"\nformer = ["PERSON"]\n'
        '[[entity]]\nname = "THING"\ncolor = "#d55e00"\n'
    )
    fates = {fate.label.name: fate.to for fate in labels.fates(other)}
    assert (fates["PERSON"], fates["ORG"]) == ("HUMAN", None)
    chosen = [
        Fate(fate.label, "THING" if fate.label.name == "ORG" else fate.to) for fate in labels.fates(other)
    ]
    labels.apply(replaced(labels.held, other, chosen))
    assert sorted(own(desk)) == ["HUMAN", "THING"]
    assert [each.name for each in labels.held.offered] == ["HUMAN", "THING"]
    assert label(labels, "FAVOR").retired
    file = tmp_path / "labels.toml"
    labels.write(file)
    assert replace(parse_label_set(file.read_text("utf-8")), version=1) == replace(labels.held, version=1)
    with pytest.raises(LabelSetError, match="already"):
        labels.read(file)
    desk.labelling.undo()
    assert sorted(own(desk)) == ["ORG", "PERSON"]
    assert sound(desk.project)


def test_marks_that_come_in_under_a_former_name_catch_up(desk: Desk, ben: Desk, labels: LabelSets) -> None:
    labels.apply(renamed(labels, "PERSON", "HUMAN"))
    older = labels.versions()[1].id
    with desk.project.writing() as db:  # as a merged file brings them in
        db.execute("UPDATE entity SET label='PERSON',labelset_id=?,op_id=op_id", (older,))
    change = labels.catch_up()
    assert change is not None
    assert own(ben) == ["HUMAN"]
    assert labels.catch_up() is None


def test_marks_of_a_label_that_the_set_never_had_are_taken_as_one_of_its_own(
    desk: Desk, ben: Desk, labels: LabelSets
) -> None:
    whole = labels.held
    without = replace(whole, labels=tuple(each for each in whole.labels if each.name != "PERSON"))
    labels.apply(LabelChange(without, "lose PERSON"))
    assert list(labels.strays()) == [(Kind.ENTITY, "PERSON")]
    labels.adopt((Kind.ENTITY, "PERSON"), "ORG")
    assert own(ben) == ["ORG"]
    assert labels.strays() == {}


def test_thresholds_and_labels_of_pipelines_follow_a_renaming_and_its_undo(
    desk: Desk, labels: LabelSets
) -> None:
    choose(desk.project, with_thresholds(choices_of(desk.project), labels.held, {"PERSON": 0.9}), by="ana")
    assert "PERSON" not in open_labels(desk)
    labels.apply(renamed(labels, "PERSON", "HUMAN"))
    assert "HUMAN" not in open_labels(desk)
    assert choices_of(desk.project).thresholds.entities == {"HUMAN": 0.9}
    desk.labelling.undo()
    assert choices_of(desk.project).thresholds.entities == {"PERSON": 0.9}
    assert "PERSON" not in open_labels(desk)


def test_a_change_by_somebody_else_must_be_taken_back_first(desk: Desk, labels: LabelSets) -> None:
    labels.apply(renamed(labels, "PERSON", "HUMAN"))
    LabelSets(desk.project, "ben").apply(renamed(labels, "HUMAN", "SOUL"))
    with pytest.raises(GestureRefused, match="changed the label set since"):
        desk.labelling.undo()
    Desk(desk.project, desk.id, "ben").labelling.undo()
    desk.labelling.undo()
    assert labels.held.version == 1


def test_a_new_run_is_shown_under_the_names_of_now(desk: Desk, labels: LabelSets) -> None:
    labels.apply(renamed(labels, "PERSON", "HUMAN"))
    suggest(desk.project, OTHER, (entity("Mira Holt", "PERSON"),), replace(RUN, id=RUN.id + 1))
    assert [each.mark.label for each in desk.labelling.open(OTHER).shown] == ["HUMAN"]


def test_right_to_left_titles_and_guidelines_survive_a_file(labels: LabelSets) -> None:
    person = label(labels, "PERSON")
    odd = replace(person, title="אדם", guideline='قال "نعم"\n\n- *two*\t"""\\', name="Ärztin")
    change: Change = labels.apply(edited(labels.held, person, odd))
    assert change.labelset is not None
    assert parse_label_set(label_set_toml(change.labelset)) == change.labelset
