"""Other programs' files with several annotators' work: each one's rows, their differences, and gold."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from annotator.services.agreement import Agreement
from annotator.services.exchange import As, Choices, import_files
from annotator.services.exporting import export
from annotator.services.review_queue import ReviewQueue
from annotator.services.review_reading import GroupReader
from annotator.services.reviewing import Reviewing
from annotator.storage import adjudications
from annotator.storage.check import check
from annotator.storage.gold import gold_marks
from annotator.storage.project import Project
from tests.formats.samples import LABELS, LAVROV, RUSSIA, TALKS

SEED = 1  # no unanimous group of TALKS is in its audit
OTHER = "Lavrov met Lavrov."


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p.annot", LABELS) as project:
        with project.writing() as db:
            adjudications.write_seed(db, SEED)
        yield project


def span(at: tuple[int, int], label: str) -> dict[str, Any]:
    return {"start": at[0], "end": at[1], "label": label}


# Who said what of TALKS: both PERSON, and Russia in two ways.
WORK = {"ana": [(LAVROV, "PERSON"), (RUSSIA, "GPE")], "ben": [(LAVROV, "PERSON"), (RUSSIA, "PERSON")]}


def tasks(folder: Path) -> Path:
    """Prodigy's tasks, a line for each annotator of a text."""
    path = folder / "tasks.jsonl"
    lines = [
        {
            "text": TALKS,
            "spans": [span(*each) for each in marks],
            "answer": "accept",
            "_annotator_id": name,
            "_task_hash": n,
        }
        for n, (name, marks) in enumerate(WORK.items())
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def sessions(folder: Path) -> Path:
    """The same of an older Prodigy, which names sessions alone."""
    path = tasks(folder)
    path.write_text(path.read_text("utf-8").replace("_annotator_id", "_session_id"), "utf-8")
    return path


def review(folder: Path) -> Path:
    """Prodigy's review: versions and who made them, and what the lead settled."""
    path = folder / "review.jsonl"
    settled = [span(LAVROV, "PERSON"), span(RUSSIA, "GPE")]
    versions = [
        {"text": TALKS, "spans": [span(*each) for each in marks], "sessions": [name], "answer": "accept"}
        for name, marks in WORK.items()
    ]
    task = {"text": TALKS, "spans": settled, "answer": "accept", "_view_id": "review", "versions": versions}
    path.write_text(json.dumps(task | {"_annotator_id": "lea"}) + "\n", "utf-8")
    return path


def completions(folder: Path) -> Path:
    """Label Studio's task with a completion of each user."""
    path = folder / "tasks.json"

    def result(marks: list[tuple[tuple[int, int], str]]) -> list[dict[str, Any]]:
        return [
            {
                "id": f"r{n}",
                "from_name": "label",
                "to_name": "text",
                "type": "labels",
                "value": {"start": at[0], "end": at[1], "text": TALKS[slice(*at)], "labels": [label]},
            }
            for n, (at, label) in enumerate(marks)
        ]

    annotations = [{"completed_by": {"email": name}, "result": result(marks)} for name, marks in WORK.items()]
    path.write_text(json.dumps([{"data": {"text": TALKS}, "annotations": annotations}]), "utf-8")
    return path


def folders(folder: Path) -> Path:
    """brat's collection: a folder for each annotator, with the same text."""
    root = folder / "collection"
    for name, marks in WORK.items():
        (root / name).mkdir(parents=True)
        (root / name / "talks.txt").write_text(TALKS, "utf-8")
        lines = [
            f"T{n}\t{label} {at[0]} {at[1]}\t{TALKS[slice(*at)]}\n" for n, (at, label) in enumerate(marks, 1)
        ]
        (root / name / "talks.ann").write_text("".join(lines), "utf-8")
    return root


def zipped(folder: Path) -> Path:
    path = folder / "collection.zip"
    with ZipFile(path, "w") as archive:
        for file in sorted(folders(folder).rglob("*.*")):
            archive.write(file, file.relative_to(folder))
    return path


EVERY = (tasks, sessions, review, completions, folders, zipped)
Making = Callable[[Path], Path]


def queue_of(project: Project, lead: str = "max") -> ReviewQueue:
    reviewing = Reviewing(project, lead)
    return ReviewQueue(GroupReader(project.path).read(reviewing.seed()), lead)


@pytest.mark.parametrize("made", EVERY)
def test_each_annotators_marks_are_rows_of_their_own(project: Project, tmp_path: Path, made: Making) -> None:
    path = made(tmp_path)
    report = import_files(project, [path])
    assert report.faults == ()
    assert report.labels == (6 if made is review else 4)
    assert "Labels of 2 annotators: ana (1 article), ben (1 article)." in report.notes
    again = import_files(project, [path])
    assert (again.articles, again.labels) == (0, 0), "the same files twice add nothing"
    dashboard = Agreement(project).read()
    assert dashboard.layout.annotators == ("ana", "ben")
    assert len(dashboard.ids) == 1
    (item,) = [each for each in queue_of(project).items if not each.audit]
    assert {name: mark.label for name, mark in item.group.votes if mark} == {"ana": "GPE", "ben": "PERSON"}


@pytest.mark.parametrize("made", [tasks, completions, folders])
def test_from_their_file_to_gold(project: Project, tmp_path: Path, made: Making) -> None:
    import_files(project, [made(tmp_path)])
    reviewing, reader = Reviewing(project, "max"), GroupReader(project.path)
    queue = queue_of(project)
    for article_id, digests, gone in queue.unsettled():
        new = [group for group in reader.unanimous(article_id) if group.input in digests]
        reviewing.settle(article_id, new, gone)
    (item,) = [each for each in queue.items if not each.audit]
    (mark,) = [each for each in item.group.marks if each.label == "GPE"]
    reviewing.adopt(item, mark)
    assert queue_of(project).left == 0
    export(project, tmp_path / "gold.jsonl", of="gold")
    (record,) = map(json.loads, (tmp_path / "gold.jsonl").read_text("utf-8").splitlines())
    assert [(one["label"], one["text"]) for one in record["spans"]] == [
        ("PERSON", "Lavrov"),
        ("GPE", "Russia"),
    ]
    assert check(project.path).problems == ()


def test_a_name_for_all_does_not_make_versions_one_persons(project: Project, tmp_path: Path) -> None:
    path = review(tmp_path)
    settled = json.loads(path.read_text("utf-8"))
    del settled["_annotator_id"]
    path.write_text(json.dumps(settled) + "\n", "utf-8")
    (fault,) = import_files(project, [path]).faults
    assert "does not say whose gold" in str(fault)
    import_files(project, [path], choices=Choices(annotator="lea"))
    assert [project.annotators(), len(adjudications.readings(project.db, article_of(project)))] == [
        ["ana", "ben", "lea"],
        2,
    ]


def test_a_name_for_all_is_told_where_files_name_others(project: Project, tmp_path: Path) -> None:
    report = import_files(project, [tasks(tmp_path)], choices=Choices(annotator="cy"))
    assert project.annotators() == ["cy"]
    assert "What the files say is of ana, ben came in as cy's, as was said." in report.notes


@pytest.mark.parametrize("made", [review, completions])
def test_versions_that_name_nobody_are_told_apart(project: Project, tmp_path: Path, made: Making) -> None:
    path = made(tmp_path)
    text = path.read_text("utf-8")
    for name in WORK:
        text = text.replace(f'"sessions": ["{name}"], ', "").replace(
            f'"completed_by": {{"email": "{name}"}}, ', ""
        )
    path.write_text(text, "utf-8")
    report = import_files(project, [path])
    assert "Labels of 2 annotators: annotator 1 (1 article), annotator 2 (1 article)." in report.notes
    assert any("name nobody" in note for note in report.notes)


def truth(folder: Path) -> Path:
    """Label Studio's task with a third annotation, which settles it."""
    path = completions(folder)
    (task,) = json.loads(path.read_text("utf-8"))
    settled = {**task["annotations"][0], "completed_by": {"email": "lea"}, "ground_truth": True}
    task["annotations"].append(settled)
    path.write_text(json.dumps([task]), "utf-8")
    return path


@pytest.mark.parametrize("made", [review, truth])
@pytest.mark.parametrize("as_", [None, As.LABELS])
def test_what_a_file_calls_settled_is_gold_alone(
    project: Project, tmp_path: Path, made: Making, as_: As | None
) -> None:
    report = import_files(project, [made(tmp_path)], choices=Choices(as_=as_))
    assert [mark.label for mark in gold_marks(project.db, article_of(project))] == ["PERSON", "GPE"]
    assert sorted(adjudications.readings(project.db, article_of(project))) == ["ana", "ben"]
    assert Agreement(project).read().layout.annotators == ("ana", "ben")
    settler = next(iter(set(project.annotators()) - {"ana", "ben"}))
    assert "Labels of 2 annotators: ana (1 article), ben (1 article)." in report.notes
    assert f"What files call settled is gold and nobody's labels: {settler} (1 article)." in report.notes


def test_ground_truth_that_stands_alone_may_be_labels(project: Project, tmp_path: Path) -> None:
    path = truth(tmp_path)
    (task,) = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps([{**task, "annotations": task["annotations"][-1:]}]), "utf-8")
    import_files(project, [path], choices=Choices(as_=As.LABELS))
    assert list(adjudications.readings(project.db, article_of(project))) == ["lea"]
    assert gold_marks(project.db, article_of(project)) == []


def test_folders_of_brat_are_annotators_only_where_texts_are_the_same(
    project: Project, tmp_path: Path
) -> None:
    root = folders(tmp_path)
    (root / "ben" / "talks.txt").write_text(OTHER.ljust(len(TALKS.encode())), "utf-8")
    (root / "ben" / "talks.ann").write_text("T1\tPERSON 0 6\tLavrov\n", "utf-8")
    report = import_files(project, [root])
    assert (report.labels, report.suggestions) == (0, 3)
    said = import_files(project, [root], choices=Choices(options={"folders": "annotators"}))
    assert said.labels == 3
    assert project.annotators() == ["ana", "ben"]


def test_folders_of_brat_may_say_nothing(project: Project, tmp_path: Path) -> None:
    report = import_files(project, [folders(tmp_path)], choices=Choices(options={"folders": "nothing"}))
    assert report.labels == 0


def article_of(project: Project) -> int:
    (article_id,) = project.db.execute("SELECT id FROM article").fetchone()
    return int(article_id)
