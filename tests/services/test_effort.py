"""The time an annotator spent: kept beside the log, exported in meta, brought in again."""

import json
from pathlib import Path

from annotator.services.exporting import export
from annotator.services.importing import import_files
from annotator.services.labelling import Labelling
from annotator.storage.project import Project
from tests.services.labelled import labelset, project_at


def test_the_time_spent_travels_in_the_meta_of_an_export(tmp_path: Path) -> None:
    project, article = project_at(tmp_path / "p.annot")
    with project:
        labelling = Labelling(project, "ana")
        labelling.accept(article, labelling.open(article).shown[0].id, ms=1_500)
        labelling.spend(article, 40_000)
        labelling.spend(article, 2_000)
        labelling.undo()
        labelling.redo()
        export(project, tmp_path / "out.jsonl", of="annotator:ana")
    (record,) = map(json.loads, (tmp_path / "out.jsonl").read_text("utf-8").splitlines())
    assert record["meta"]["_effort"] == {"ms": 42_000, "decisions": 1, "decision_ms": 1_500}
    with Project.create(tmp_path / "other.annot", labelset()) as other:
        for _ in range(2):
            import_files(other, [tmp_path / "out.jsonl"], as_="labels", annotator="ana")
        assert Labelling(other, "ana").effort(article).ms == 42_000
        assert "_effort" not in Labelling(other, "ana").open(article).article.meta
