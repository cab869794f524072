"""Files that are handed out: what is in them, who has what, and how they come back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.articles import Article, Status
from annotator.domain.choices import Choices
from annotator.domain.errors import ProjectError, ProjectExists
from annotator.services.choices import choices_of
from annotator.services.handout import HandoutReport, Progress, hand_out, plan, progress
from annotator.services.labelling import Labelling
from annotator.services.merging import merge
from annotator.storage.check import check
from annotator.storage.choices import write_choices
from annotator.storage.digest import digest
from annotator.storage.project import Project
from tests.services.labelled import SUGGESTED, TEXT, add_article, nth, project_at

MORE = tuple(f"Day {n} in Sorrel\n\nOkafor wrote {'a word ' * n}." for n in range(1, 10))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project, _ = project_at(tmp_path / "talks.annot", more=MORE)
    with project:
        yield project


def handed(project: Project, folder: Path, *people: str) -> list[Path]:
    return [each.path for each in hand_out(project, folder, people or ("ana", "ben")).handed]


def articles(path: Path) -> set[int]:
    with Project.open(path) as project:
        return {row[0] for row in project.db.execute("SELECT id FROM article")}


def test_everyone_gets_a_file_with_a_fair_share(project: Project, tmp_path: Path) -> None:
    report = hand_out(project, tmp_path / "out", ["ana", "Zoë K./ö"], overlap=0.2, seed=1)
    assert [each.path.name for each in report.handed] == ["talks-ana.annot", "talks-Zoë-K.-ö.annot"]
    ana, zoe = (articles(each.path) for each in report.handed)
    assert len(ana | zoe) == len(MORE) + 1
    assert len(ana & zoe) == 2
    assert [(each.articles, each.shared) for each in report.handed] == [(6, 2), (6, 2)]
    assert all(check(each.path).problems == () for each in report.handed)


def test_a_file_is_its_annotators_and_has_what_the_work_needs(project: Project, tmp_path: Path) -> None:
    with project.writing() as db:
        write_choices(db, Choices(stances=False))
    (path,) = handed(project, tmp_path / "out", "ana")
    assert project.made_for() is None
    with Project.open(path) as copy:
        assert copy.made_for() == "ana"
        assert copy.annotators() == ["ana"]
        assert copy.annotator_id("ana") == project.annotator_id("ana")
        assert copy.labelset == project.labelset
        assert choices_of(copy) == choices_of(project)
        assert copy.db.execute("SELECT count(*) FROM suggestion").fetchone() == (len(SUGGESTED),)


def test_earlier_work_of_an_annotator_goes_along_and_others_work_stays(
    project: Project, tmp_path: Path
) -> None:
    (first,) = project.db.execute("SELECT id FROM article ORDER BY position").fetchone()
    for name in ("ana", "ben"):
        Labelling(project, name).add(first, nth("Okafor"), "PERSON")
    ana, ben = handed(project, tmp_path / "out", "ana", "ben")
    for path, name in ((ana, "ana"), (ben, "ben")):
        with Project.open(path) as copy:
            found = copy.db.execute("SELECT a.name FROM entity m JOIN annotator a ON a.id=m.annotator_id")
            there = copy.db.execute("SELECT 1 FROM article WHERE id=?", (first,)).fetchone()
            assert found.fetchall() == ([(name,)] if there else [])


def test_a_second_handing_out_takes_new_articles_only(project: Project, tmp_path: Path) -> None:
    first = handed(project, tmp_path / "out")
    with pytest.raises(ProjectError, match="handed out before"):
        handed(project, tmp_path / "out")
    new = Article.of("New in Sorrel\n\nOkafor.")
    with project.writing() as db:
        add_article(db, new, 99)
    (path,) = handed(project, tmp_path / "out", "ana")
    assert path.name == "talks-ana-2.annot"
    assert articles(path) == {new.id}
    assert new.id not in articles(first[0])


def test_what_is_finished_already_is_told_or_left_out(project: Project, tmp_path: Path) -> None:
    rows = project.db.execute("SELECT id FROM article ORDER BY position LIMIT 3").fetchall()
    done = {article_id for (article_id,) in rows}
    for name in ("ben", "cem"):
        for article_id in done:
            Labelling(project, name).set_status(article_id, Status.DONE)
    told = plan(project, ["ana"], overlap=0, seed=0)
    assert told.finished_told() == "3 of them are finished already, by ben, cem."
    assert len(told.words) == len(MORE) + 1
    fresh = hand_out(project, tmp_path / "out", ["ana"], unfinished=True)
    assert fresh.lines()[1] == "3 articles that were finished already, by ben, cem, stayed out."
    assert articles(fresh.handed[0].path).isdisjoint(done)
    assert fresh.before == 0
    with pytest.raises(ProjectError, match="all that nobody was given is finished"):
        plan(project, ["ana"], overlap=0, seed=0, unfinished=True)
    again = hand_out(project, tmp_path / "out", ["ana"])
    assert again.lines()[1].startswith(f"{len(MORE) + 1 - 3} articles had been handed out before")
    assert again.lines()[2].startswith("3 of these articles were finished already, by ben, cem;")
    assert articles(again.handed[0].path) == done


def test_nothing_is_overwritten_and_nothing_is_half_handed_out(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "talks-ben.annot").write_bytes(b"mine")
    before = digest(project.db)
    with pytest.raises(ProjectExists, match="talks-ben"):
        handed(project, folder)
    assert [path.name for path in folder.iterdir()] == ["talks-ben.annot"]
    assert digest(project.db) == before
    assert progress(project) == []


@pytest.mark.parametrize("people", [(), ("",), ("ana", "ana"), ("a b", "a-b")])
def test_names_that_cannot_be_told_apart_are_refused(
    project: Project, tmp_path: Path, people: tuple[str, ...]
) -> None:
    with pytest.raises(ProjectError):
        hand_out(project, tmp_path / "out", people)
    assert project.annotators() == []


def test_who_is_where_follows_what_comes_back(project: Project, tmp_path: Path) -> None:
    ana, _ = handed(project, tmp_path / "out")
    assert {(each.name, each.handed, each.done) for each in progress(project)} == {
        ("ana", 6, 0),
        ("ben", 6, 0),
    }
    with Project.open(ana) as copy:
        labelling = Labelling(copy, "ana")
        for (article_id,) in copy.db.execute("SELECT id FROM article LIMIT 2").fetchall():
            labelling.set_status(article_id, Status.DONE)
    merge(project, [ana])
    found = {each.name: each for each in progress(project)}
    assert (found["ana"].done, found["ana"].left) == (2, 4)
    assert found["ana"].worked_at is not None
    assert found["ana"].merged_at is not None
    assert (found["ben"].done, found["ben"].merged_at) == (0, None)


def test_somebody_without_a_share_is_listed_once_they_worked(project: Project) -> None:
    (first,) = project.db.execute("SELECT id FROM article WHERE text=?", (TEXT,)).fetchone()
    Labelling(project, "ana").set_status(first, Status.DONE)
    (found,) = progress(project)
    assert (found.name, found.handed, found.done) == ("ana", None, 1)


def test_a_lost_project_gets_its_lists_back_from_the_files(project: Project, tmp_path: Path) -> None:
    files = handed(project, tmp_path / "out")
    fresh, _ = project_at(tmp_path / "fresh.annot", more=MORE)
    with fresh:
        merge(fresh, files)
        assert [without_times(each) for each in progress(fresh)] == [
            without_times(each) for each in progress(project)
        ]


def without_times(found: Progress) -> tuple[object, ...]:
    return found.name, found.handed, found.done, found.left, found.words_left


def test_the_report_says_who_got_what(project: Project, tmp_path: Path) -> None:
    report = hand_out(project, tmp_path / "out", ["ana", "ben"])
    assert isinstance(report, HandoutReport)
    assert report.lines()[0].startswith("ana: 6 articles (4 alone, 2 with everyone)")
    people = report.to_dict()["annotators"]
    assert isinstance(people, list)
    assert [each["shared"] for each in people] == [2, 2]
