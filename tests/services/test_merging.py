"""Files of several people brought together: what comes in, what stands, what is told, what is left alone."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from annotator.domain.articles import Article, Status
from annotator.domain.errors import GestureRefused, ProjectReadOnly
from annotator.services.labelling import Labelling
from annotator.services.merging import FileReport, Terms, look, merge
from annotator.storage import schema
from annotator.storage.backups import list_backups
from annotator.storage.check import check
from annotator.storage.digest import digest
from annotator.storage.project import Access, Project
from tests.services.labelled import add_article, nth, project_at

MORE = "Quiet day in Sorrel\n\nNothing happened to Okafor."


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "base.annot"
    project_at(path)[0].close()
    return path


@pytest.fixture
def project(base: Path, tmp_path: Path) -> Iterator[Project]:
    with Project.open(copy(base, tmp_path / "project.annot")) as project:
        yield project


def copy(base: Path, to: Path) -> Path:
    shutil.copyfile(base, to)
    return to


def desk(project: Project, name: str) -> tuple[Labelling, int]:
    return Labelling(project, name), project.db.execute(
        "SELECT id FROM article ORDER BY position"
    ).fetchone()[0]


def worked(path: Path, name: str, *words: str, label: str = "PERSON") -> Path:
    """The file at `path` after somebody labelled some words in its first article."""
    with Project.open(path) as project:
        labelling, article = desk(project, name)
        for each in words:
            labelling.add(article, nth(each), label)
    return path


def marks(project: Project) -> list[tuple[str, str, int]]:
    return project.db.execute(
        "SELECT a.name,m.label,m.start FROM entity m JOIN annotator a ON a.id=m.annotator_id "
        "WHERE m.deleted=0 ORDER BY 1,3,2"
    ).fetchall()


def only(project: Project, other: Path, **terms: object) -> FileReport:
    (report,) = merge(project, [other], terms=Terms(**terms)).files  # type: ignore[arg-type]
    return report


def test_the_work_of_several_people_comes_together(project: Project, base: Path, tmp_path: Path) -> None:
    others = [
        worked(copy(base, tmp_path / f"{name}.annot"), name, "Okafor", "Mira Holt") for name in ("ana", "ben")
    ]
    before = [other.read_bytes() for other in others]
    report = merge(project, others)
    assert [line.partition(": ")[2] for line in report.lines()[:2]] == [
        "2 gestures of ana.",
        "2 gestures of ben.",
    ]
    okafor, holt = nth("Okafor").start, nth("Mira Holt").start
    assert marks(project) == [
        (name, "PERSON", at) for name in ("ana", "ben") for at in sorted((okafor, holt))
    ]
    assert check(project.path).problems == ()
    assert [other.read_bytes() for other in others] == before


def test_merging_again_brings_nothing_and_makes_no_backup(
    project: Project, base: Path, tmp_path: Path
) -> None:
    other = worked(copy(base, tmp_path / "ana.annot"), "ana", "Okafor")
    assert merge(project, [other]).backup is not None
    found = digest(project.db)
    report = merge(project, [other, other])
    assert report.backup is None
    assert [file.merged for file in report.files] == [None, None]
    assert digest(project.db) == found
    assert [backup.reason for backup in list_backups(project.path)] == ["merge"]


def test_more_work_in_the_same_file_comes_in_later(project: Project, base: Path, tmp_path: Path) -> None:
    other = worked(copy(base, tmp_path / "ana.annot"), "ana", "Okafor")
    merge(project, [other])
    report = only(project, worked(other, "ana", "Mira Holt"))
    assert report.found is not None
    assert (report.found.gestures, report.found.gestures_there) == (1, 1)
    assert len(marks(project)) == 2


def test_one_person_on_two_machines_is_one_person(project: Project, base: Path, tmp_path: Path) -> None:
    for machine, words in (("one", "Okafor"), ("two", "Mira Holt")):
        report = only(project, worked(copy(base, tmp_path / f"{machine}.annot"), "ana", words))
    assert project.annotators() == ["ana"]
    assert len(marks(project)) == 2
    assert "ana there and ana here are one person: the names are equal." in report.notes()
    assert check(project.path).problems == ()


def test_a_namesake_kept_apart_stays_another_person(project: Project, base: Path, tmp_path: Path) -> None:
    merge(project, [worked(copy(base, tmp_path / "one.annot"), "ana", "Okafor")])
    other = worked(copy(base, tmp_path / "two.annot"), "ana", "Okafor")
    only(project, other, apart={"ana": "Ana of Oslo"})
    assert project.annotators() == ["ana", "Ana of Oslo"]
    assert len(marks(project)) == 2
    only(project, worked(other, "ana", "Mira Holt"))  # now she is known by her id
    assert [name for name, _, _ in marks(project)] == ["Ana of Oslo", "Ana of Oslo", "ana"]


def test_the_same_mark_made_on_two_machines_stands_once(project: Project, base: Path, tmp_path: Path) -> None:
    for machine in ("one", "two"):
        merge(project, [worked(copy(base, tmp_path / f"{machine}.annot"), "ana", "Okafor")])
    assert len(marks(project)) == 1
    assert project.db.execute("SELECT count(*) FROM op WHERE kind='add'").fetchone() == (2,)
    assert check(project.path).problems == ()


def test_of_two_decisions_on_a_suggestion_the_later_stands(
    project: Project, base: Path, tmp_path: Path
) -> None:
    for machine in ("one", "two"):
        with Project.open(copy(base, tmp_path / f"{machine}.annot")) as copied:
            labelling, article = desk(copied, "ana")
            shown = next(
                each for each in labelling.open(article).shown if each.mark.span == nth("Coastal News")
            )
            if machine == "one":
                labelling.accept(article, shown.id)
            else:
                labelling.move(article, shown.id, nth("Coastal"))
    for machine in ("two", "one"):
        merge(project, [tmp_path / f"{machine}.annot"])
    labelling, article = desk(project, "ana")
    own = [each.mark.span for each in labelling.open(article).shown if not each.suggested]
    assert own == [nth("Coastal")]
    assert check(project.path).problems == ()


def test_a_deleted_mark_does_not_come_back_with_its_twin(
    project: Project, base: Path, tmp_path: Path
) -> None:
    one, two = (worked(copy(base, tmp_path / f"{n}.annot"), "ana", "Okafor") for n in "12")
    with Project.open(two) as copied:
        merge(copied, [one])
        labelling, article = desk(copied, "ana")
        (mark,) = [each for each in labelling.open(article).shown if not each.suggested]
        labelling.delete(article, mark.id)
    for order in ((one, two), (two, one)):
        target = copy(base, tmp_path / "target.annot")
        with Project.open(target) as fresh:
            merge(fresh, order)
            assert marks(fresh) == []
        assert check(target).problems == ()


def test_undo_reaches_no_gesture_that_a_merge_brought(project: Project, base: Path, tmp_path: Path) -> None:
    labelling, article = desk(project, "lea")
    labelling.add(article, nth("Okafor"), "PERSON")
    merge(project, [worked(copy(base, tmp_path / "ana.annot"), "ana", "Okafor")])
    ana = Labelling(project, "ana")
    with pytest.raises(GestureRefused, match="Nothing to undo"):
        ana.undo()
    ana.add(article, nth("Mira Holt"), "PERSON")
    ana.undo()
    assert ("ana", "PERSON", nth("Okafor").start) in marks(project)
    labelling.undo()  # who was not touched goes on as before
    assert [name for name, _, _ in marks(project)] == ["ana"]


def test_new_articles_come_in_or_stay_out(base: Path, tmp_path: Path) -> None:
    other = copy(base, tmp_path / "ana.annot")
    with Project.open(other) as theirs:
        with theirs.writing() as db:
            add_article(db, Article.of(MORE), 1)
        labelling, article = desk(theirs, "ana")
        labelling.add(article, nth("Okafor"), "PERSON")
        labelling.set_status(Article.of(MORE).id, Status.DONE)
    digests = []
    for first in (False, True):
        with Project.open(copy(base, tmp_path / "p.annot")) as project:
            report = only(project, other, new_articles=first)
            assert report.found is not None
            assert (report.found.articles, report.found.left_out) == ((1, 0) if first else (0, 1))
            assert report.notes() == (
                [] if first else ["Left out: 1 gesture on 1 article that is not in the project."]
            )
            merge(project, [other])
            digests.append(digest(project.db))
        assert check(tmp_path / "p.annot").problems == ()
    assert digests[0] == digests[1]


def test_a_file_that_cannot_be_read_is_told_and_the_rest_comes_in(
    project: Project, base: Path, tmp_path: Path
) -> None:
    newer, foreign, broken = (
        copy(base, tmp_path / f"{name}.annot") for name in ("newer", "foreign", "broken")
    )
    for path, pragma in ((newer, "user_version=99"), (foreign, "application_id=7")):
        with closing(sqlite3.connect(path)) as db:
            db.execute(f"PRAGMA {pragma}")
    size = broken.stat().st_size
    with broken.open("rb+") as file:
        file.seek(size // 2)
        file.write(b"\xff" * 4096 * 3)
    text = tmp_path / "text.annot"
    text.write_text("no project", "utf-8")
    good = worked(copy(base, tmp_path / "ana.annot"), "ana", "Okafor")
    others = [newer, foreign, broken, text, tmp_path / "missing.annot", project.path, good]
    before = [path.read_bytes() for path in others[:4]]
    report = merge(project, others)
    for file, said in zip(
        report.files,
        ("newer version", "another program", "damaged", "text file", "no file", "itself"),
        strict=False,
    ):
        assert said in file.error, file
    assert report.files[-1].merged is not None
    assert report.failed
    assert len(marks(project)) == 1
    assert [path.read_bytes() for path in others[:4]] == before


def test_a_text_that_was_changed_does_not_come_in(project: Project, base: Path, tmp_path: Path) -> None:
    other = copy(base, tmp_path / "ana.annot")
    article = Article.of(MORE)
    with closing(sqlite3.connect(other)) as db, db:
        db.execute(
            "INSERT INTO article(id,position,sha256,title,length,words,text) VALUES(?,1,?,'',?,1,?)",
            (article.id, article.sha256, len(MORE), MORE.replace("Quiet", "Noisy")),
        )
    assert "is not the one that came in" in only(project, other).error
    assert project.db.execute("SELECT count(*) FROM article").fetchone() == (1,)


def test_a_file_that_is_open_elsewhere_is_read_as_it_is_saved(
    project: Project, base: Path, tmp_path: Path
) -> None:
    with Project.open(copy(base, tmp_path / "ana.annot")) as theirs:
        labelling, article = desk(theirs, "ana")
        labelling.add(article, nth("Okafor"), "PERSON")
        merge(project, [theirs.path])
        labelling.add(article, nth("Mira Holt"), "PERSON")
    assert len(marks(project)) == 1


def test_time_spent_is_the_larger_figure(project: Project, base: Path, tmp_path: Path) -> None:
    other = copy(base, tmp_path / "ana.annot")
    for ms in (500, 700):
        with Project.open(other) as theirs:
            labelling, article = desk(theirs, "ana")
            labelling.spend(article, ms)
        merge(project, [other, other])
    assert project.db.execute("SELECT ms FROM effort").fetchall() == [(1200,)]


def test_a_project_that_can_only_be_read_takes_nothing_in(project: Project, base: Path) -> None:
    with Project.open(base, Access.READ) as reader, pytest.raises(ProjectReadOnly):
        merge(reader, [project.path])


def test_who_cancels_leaves_the_project_as_it_was(project: Project, base: Path, tmp_path: Path) -> None:
    other = worked(copy(base, tmp_path / "ana.annot"), "ana", "Okafor")
    found = digest(project.db)

    def cancel(done: int, total: int | None) -> None:
        raise GestureRefused("stopped")

    with pytest.raises(GestureRefused, match="stopped"):
        merge(project, [other], progress=cancel)
    assert digest(project.db) == found
    assert merge(project, [other]).files[0].merged is not None


def test_looking_changes_nothing(project: Project, base: Path, tmp_path: Path) -> None:
    other = worked(copy(base, tmp_path / "ana.annot"), "ana", "Okafor")
    found = look(project, other)
    assert [(person.name, person.new, person.gestures) for person in found.people] == [("ana", True, 1)]
    assert project.annotators() == []


@pytest.mark.parametrize("version", [1, 2])
def test_a_file_of_an_earlier_version_comes_in_and_stays_as_it_is(
    project: Project, base: Path, tmp_path: Path, version: int
) -> None:
    other = worked(copy(base, tmp_path / "other.annot"), "ana", "Okafor")
    earlier = tmp_path / f"{version}.annot"
    make_earlier(other, earlier, version)
    before = earlier.read_bytes()
    report = only(project, earlier)
    assert report.error == ""
    assert [name for name, _, _ in marks(project)] == ["ana"]
    assert check(project.path).problems == ()
    assert earlier.read_bytes() == before


def make_earlier(source: Path, target: Path, version: int) -> None:
    """A file of an earlier version with the rows of one of this."""
    with closing(sqlite3.connect(target, isolation_level=None)) as db:
        db.execute("BEGIN")
        schema._run(db, "schema.sql")
        for number in range(2, version + 1):
            schema._run(db, f"migrations/{number}.sql")
        db.execute(f"PRAGMA user_version={version}")
        db.execute(f"PRAGMA application_id={schema.APPLICATION_ID}")
        db.execute("COMMIT")
        db.execute("ATTACH ? AS source", (str(source),))
        for table in ("meta", "labelset", "label", "annotator", "article", "run", "suggested", "suggestion"):
            db.execute(f"INSERT INTO main.{table} SELECT * FROM source.{table}")
        db.execute("INSERT INTO main.op SELECT * FROM source.op")
        db.execute("INSERT INTO main.entity SELECT * FROM source.entity")
        db.execute("INSERT INTO main.change SELECT * FROM source.change WHERE tbl IN('entity','status')")
        db.execute(
            "UPDATE main.status SET status='doing',op_id=(SELECT id FROM main.op) "
            "WHERE EXISTS(SELECT 1 FROM source.status s WHERE s.op_id IS NOT NULL)"
        )
