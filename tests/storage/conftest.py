"""A project with three articles, the first with suggestions, and the journal of its annotator."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from annotator.storage.journal import Journal
from annotator.storage.project import Project
from tests.storage.samples import make


@dataclass
class Desk:
    """Someone at work: Ann, who labels a project of three articles."""

    project: Project
    ids: list[int]
    ann: str
    journal: Journal

    def restart(self) -> None:
        """Close the project and open it again, as the next day does."""
        self.project.close()
        self.project = Project.open(self.project.path)
        self.journal = Journal(self.project, self.ann)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "p.annot"


@pytest.fixture
def desk(path: Path) -> Iterator[Desk]:
    project, ids = make(path)
    ann = project.annotator_id("Ann")
    desk = Desk(project, ids, ann, Journal(project, ann))
    yield desk
    desk.project.close()
