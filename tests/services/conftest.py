"""An annotator at a fresh project."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.labelled import Desk, project_at

SECOND = "A second article\n\nNothing happens in it."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    project, article_id = project_at(tmp_path / "p.annot", more=(SECOND,))
    with project:
        yield Desk(project, article_id)
