"""New projects, label sets from files, the sample."""

from pathlib import Path

import pytest

from annotator.domain.articles import Status
from annotator.domain.errors import LabelSetError, ProjectError, ProjectExists
from annotator.domain.review import Type
from annotator.services.labelling import Labelling
from annotator.services.projects import create, demo, label_set, open_project
from annotator.services.queue import Queue
from annotator.services.review_queue import ReviewQueue
from annotator.services.review_reading import GroupReader
from annotator.storage.project import Access

LABELS = 'name = "harbour"\nversion = 1\n[[entity]]\nname = "SHIP"\ncolor = "#1a5fb4"\n'


def test_a_new_project_has_the_packed_label_set(tmp_path: Path) -> None:
    with create(tmp_path / "p.annot") as project:
        assert project.labelset.name == "news"
    with open_project(tmp_path / "p.annot", Access.READ) as project:
        assert project.labelset == label_set()


def test_a_new_project_takes_the_label_set_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("\ufeff" + LABELS, "utf-8")
    with create(tmp_path / "p.annot", tmp_path / "mine.toml") as project:
        assert [label.name for label in project.labelset.labels] == ["SHIP"]


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (None, r"mine\.toml cannot be read \(No such file"),
        (b"\xff\xfe\x00", r"mine\.toml is not a text file in UTF-8"),
        (LABELS.replace("#1a5fb4", "blue").encode(), r"mine\.toml, line 5: label SHIP: color 'blue'"),
    ],
)
def test_a_wrong_label_set_file_makes_no_project(tmp_path: Path, content: bytes | None, match: str) -> None:
    if content is not None:
        (tmp_path / "mine.toml").write_bytes(content)
    with pytest.raises(LabelSetError, match=match):
        create(tmp_path / "p.annot", tmp_path / "mine.toml")
    assert not (tmp_path / "p.annot").exists()


def test_a_new_project_replaces_nothing(tmp_path: Path) -> None:
    (tmp_path / "p.annot").write_text("mine")
    with pytest.raises(ProjectExists):
        create(tmp_path / "p.annot")
    assert (tmp_path / "p.annot").read_text() == "mine"


def test_the_sample_is_made_once_and_then_left_as_it_is(tmp_path: Path) -> None:
    path = demo(tmp_path / "deep" / "folder")
    assert path == tmp_path / "deep" / "folder" / "sample.annot"
    with open_project(path) as project:
        queue = Queue(project, "ana")
        first = queue.next(None)
        assert first is not None
        Labelling(project, "ana").set_status(first, Status.DONE)
    assert demo(tmp_path / "deep" / "folder") == path
    with open_project(path) as project:
        assert Queue(project, "ana").tally()[Status.DONE] == 1


def test_the_sample_holds_two_annotators_work_and_a_newcomers_queue_is_whole(tmp_path: Path) -> None:
    with open_project(demo(tmp_path)) as project:
        assert project.annotators() == ["Noor", "Robin"]
        for name in project.annotators():
            assert Queue(project, name).tally()[Status.DONE] == 6
        assert Queue(project, "ana").tally()[Status.TODO] == 6
        first = Queue(project, "ana").next(None)
        assert first is not None
        labelling = Labelling(project, "ana")
        assert labelling.undoable() is None
        assert not labelling.open(first).shown  # others' marks and what they were proposed are not hers


def test_the_sample_differs_in_every_way(tmp_path: Path) -> None:
    path = demo(tmp_path)
    queue = ReviewQueue(GroupReader(path).read(1), "ana")
    kinds = [(item.group.is_stance, item.group.types) for item in queue.items]
    for stance, either in (
        (False, {Type.LABEL, Type.MISSING, Type.BOUNDARY}),
        (True, set(Type) - {Type.LABEL}),
    ):
        assert {each for is_stance, types in kinds if is_stance is stance for each in types} == either
    assert (False, frozenset({Type.LABEL, Type.BOUNDARY})) in kinds
    assert any(queue.alike(item) for item in queue.items)


def test_the_sample_leaves_no_draft_behind(tmp_path: Path) -> None:
    path = demo(tmp_path)
    assert {file.name for file in tmp_path.iterdir()} <= {path.name, f"{path.name}.lock"}


def test_a_sample_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ProjectError, match="choose another folder"):
        demo(tmp_path / "file")
