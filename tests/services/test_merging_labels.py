"""Label sets that differ between merged files: unknown labels are settled, changes of both are folded."""

from dataclasses import replace
from itertools import permutations
from pathlib import Path

from annotator.domain.articles import Article
from annotator.domain.label_changes import added, edited
from annotator.domain.labels import Kind, LabelSet
from annotator.services.labelling import Labelling
from annotator.services.labelsets import LabelSets
from annotator.services.merging import merge
from annotator.storage.check import check
from annotator.storage.digest import digest
from annotator.storage.project import Project
from tests.services.labelled import add_article, labelset
from tests.services.test_merging import base, copy, marks, only, project, worked

__all__ = ["base", "project"]


def other_labels(rename: str, to: str) -> LabelSet:
    labels = labelset()
    return replace(
        labels,
        version=2,
        labels=tuple(replace(each, name=to) if each.name == rename else each for each in labels.labels),
    )


def file_with_labels(path: Path, labels: LabelSet) -> Path:
    from tests.services.labelled import TEXT

    with Project.create(path, labels) as project, project.writing() as db:
        add_article(db, Article.of(TEXT), 0)
    return path


def test_labels_that_are_unknown_here_have_to_be_settled(project: Project, tmp_path: Path) -> None:
    other = file_with_labels(tmp_path / "ana.annot", other_labels("PERSON", "HUMAN"))
    worked(other, "ana", "Okafor", label="HUMAN")
    report = only(project, other)
    assert report.found is None
    assert "HUMAN (1)" in report.error
    assert "--map HUMAN=OURS" in report.error
    assert marks(project) == []
    assert only(project, other, labels={"HUMAN": "PERSON"}).notes() == ["HUMAN becomes PERSON: 1 mark."]
    assert [label for _, label, _ in marks(project)] == ["PERSON"]
    assert check(project.path).problems == ()
    only(project, worked(other, "ana", "Mira Holt", label="HUMAN"), labels={"HUMAN": "PERSON"})
    assert [label for _, label, _ in marks(project)] == ["PERSON", "PERSON"]


def test_a_label_can_stay_as_it_is(project: Project, tmp_path: Path) -> None:
    other = file_with_labels(tmp_path / "ana.annot", other_labels("PERSON", "HUMAN"))
    worked(other, "ana", "Okafor", label="HUMAN")
    only(project, other, labels={"HUMAN": "HUMAN"})
    assert [label for _, label, _ in marks(project)] == ["HUMAN"]
    assert check(project.path).problems == ()


def test_a_former_name_needs_no_word(tmp_path: Path) -> None:
    labels = other_labels("PERSON", "HUMAN")
    human = labels.find(Kind.ENTITY, "HUMAN")
    assert human is not None
    newer = replace(
        labels,
        labels=tuple(replace(each, former=("PERSON",)) if each is human else each for each in labels.labels),
    )
    other = worked(file_with_labels(tmp_path / "ana.annot", labelset()), "ana", "Okafor")
    with Project.open(file_with_labels(tmp_path / "p.annot", newer)) as project:
        only(project, other)
        assert [label for _, label, _ in marks(project)] == ["HUMAN"]


def test_a_label_renamed_in_one_file_is_renamed_in_both(base: Path, tmp_path: Path) -> None:
    lead, other = (
        copy(base, tmp_path / "lead.annot"),
        worked(copy(base, tmp_path / "ana.annot"), "ana", "Okafor"),
    )
    with Project.open(lead) as project:
        merge(project, [other])
        sets = LabelSets(project, "lea")
        person = sets.held.find(Kind.ENTITY, "PERSON")
        assert person is not None
        sets.apply(edited(sets.held, person, replace(person, name="HUMAN")))
    worked(other, "ana", "Mira Holt")  # as PERSON still
    found = set()
    for first, second in ((lead, other), (other, lead)):
        target = copy(first, tmp_path / "target.annot")
        with Project.open(target) as project:
            merge(project, [second])
            assert [label for _, label, _ in marks(project)] == ["HUMAN", "HUMAN"]
            assert project.labelset.find(Kind.ENTITY, "HUMAN") is not None
            found.add(digest(project.db))
        assert check(target).problems == ()
    assert len(found) == 1


def rename(path: Path, label: str, to: str, who: str = "lea") -> Path:
    with Project.open(path) as project:
        sets = LabelSets(project, who)
        was = sets.held.find(Kind.ENTITY, label)
        assert was is not None
        sets.apply(edited(sets.held, was, replace(was, name=to)))
    return path


def add_label(path: Path, name: str) -> Path:
    with Project.open(path) as project:
        sets = LabelSets(project, "lea")
        sets.apply(added(sets.held, replace(sets.held.labels[0], name=name, key="")))
    return path


def in_every_order(tmp_path: Path, *paths: Path) -> tuple[list[str], list[str]]:
    """The labels of the marks and the entity labels that hold, which are the same in all orders."""
    found = set()
    target = tmp_path / "target.annot"
    for first, *rest in permutations(paths):
        with Project.open(copy(first, target)) as project:
            assert not merge(project, rest).failed
            assert not merge(project, rest).failed
            held = tuple(label.name for label in project.labelset.labels if label.kind is Kind.ENTITY)
            found.add((digest(project.db), tuple(label for _, label, _ in marks(project)), held))
        assert check(target).problems == ()
    ((_, given, held),) = found
    return list(given), list(held)


def test_marks_have_the_new_name_also_where_only_the_label_set_came_in(base: Path, tmp_path: Path) -> None:
    lead = rename(copy(base, tmp_path / "lead.annot"), "FAC", "SITE")
    other = worked(copy(base, tmp_path / "ben.annot"), "ben", "Okafor", label="FAC")
    assert in_every_order(tmp_path, lead, other)[0] == ["SITE"]


def test_labels_renamed_in_two_files_all_have_their_new_names(base: Path, tmp_path: Path) -> None:
    one, two = (copy(base, tmp_path / f"{name}.annot") for name in "12")
    for path, who in ((one, "ana"), (two, "ben")):
        worked(worked(path, who, "Okafor", label="ORG"), who, "Sorrel", label="GPE")
    rename(one, "ORG", "FIRM", "ana")
    rename(two, "GPE", "PLACE", "ben")
    given, held = in_every_order(tmp_path, one, two)
    assert sorted(given) == ["FIRM", "FIRM", "PLACE", "PLACE"]
    assert {"FIRM", "PLACE"} < set(held)
    assert not {"ORG", "GPE"} & set(held)


def test_of_two_names_for_one_label_the_later_stands(base: Path, tmp_path: Path) -> None:
    one, two, three = (copy(base, tmp_path / f"{name}.annot") for name in "123")
    for path, who in ((one, "ana"), (two, "ben"), (three, "cem")):
        worked(path, who, "Okafor", label="ORG")
    rename(one, "ORG", "COMPANY", "ana")
    rename(two, "ORG", "FIRM", "ben")
    given, held = in_every_order(tmp_path, one, two, three)
    assert given == ["FIRM"] * 3
    assert "COMPANY" not in held


def test_marks_follow_a_renaming_that_was_taken_back_meanwhile(base: Path, tmp_path: Path) -> None:
    one = rename(copy(base, tmp_path / "one.annot"), "ORG", "FIRM")
    two = worked(copy(one, tmp_path / "two.annot"), "ben", "Okafor", label="FIRM")
    with Project.open(one) as project:
        Labelling(project, "lea").undo()
    given, held = in_every_order(tmp_path, one, two)
    assert given == ["ORG"]
    assert "ORG" in held


def test_labels_added_in_two_files_are_both_there(base: Path, tmp_path: Path) -> None:
    one = worked(add_label(copy(base, tmp_path / "one.annot"), "SHIP"), "ana", "Okafor", label="SHIP")
    two = worked(add_label(copy(base, tmp_path / "two.annot"), "BOAT"), "ben", "Okafor", label="BOAT")
    given, held = in_every_order(tmp_path, one, two)
    assert given == ["SHIP", "BOAT"]
    assert {"SHIP", "BOAT"} < set(held)


def test_a_gesture_on_a_folded_label_set_is_not_undone_by_what_was_folded(base: Path, tmp_path: Path) -> None:
    one = rename(copy(base, tmp_path / "one.annot"), "ORG", "COMPANY")
    two = rename(worked(copy(base, tmp_path / "two.annot"), "ben", "Okafor", label="ORG"), "ORG", "FIRM")
    with Project.open(two) as project:
        merge(project, [one])
    rename(two, "FIRM", "ORG")
    given, held = in_every_order(tmp_path, one, two)
    assert given == ["ORG"]
    assert not {"FIRM", "COMPANY"} & set(held)


def test_labels_of_marks_here_that_would_be_unknown_have_to_be_settled_too(tmp_path: Path) -> None:
    mine = worked(file_with_labels(tmp_path / "mine.annot", labelset()), "ana", "Okafor")
    other = file_with_labels(tmp_path / "other.annot", other_labels("PERSON", "HUMAN"))
    rename(other, "ORG", "FIRM", "ben")
    with Project.open(mine) as project:
        before = digest(project.db)
        report = only(project, other)
        assert "PERSON (1)" in report.error
        assert digest(project.db) == before
        assert only(project, other, labels={"PERSON": "HUMAN"}).notes()[-1] == "PERSON becomes HUMAN: 1 mark."
        assert [label for _, label, _ in marks(project)] == ["HUMAN"]
    assert check(mine).problems == ()
