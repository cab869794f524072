"""Flags and notes on articles travel with a person's labels."""

from pathlib import Path

from annotator.domain.articles import Status
from annotator.services.exchange import ExportChoices, export, import_files
from annotator.services.labelling import Labelling
from annotator.services.queue import Queue
from annotator.storage.flags import flagged_count
from annotator.storage.project import Project
from annotator.storage.remarks import remark_row
from tests.services.labelled import project_at


def test_they_come_back_with_the_labels(tmp_path: Path) -> None:
    first, article = project_at(tmp_path / "one.annot")[:2]
    with first:
        desk = Labelling(first, "ana")
        desk.flag(article, on=True)
        desk.remark(article, "ask\nRobin")
        desk.set_status(article, Status.DONE)
        choices = ExportChoices(format_name="jsonl", of="annotator:ana")
        export(first, tmp_path / "ana.jsonl", choices=choices)
    with Project.create(tmp_path / "two.annot", first.labelset) as second:
        for _ in range(2):
            import_files(second, [tmp_path / "ana.jsonl"])
        ana = second.annotator_id("ana")
        found = remark_row(second.db, ana, article)
        assert found is not None
        assert found.note == "ask\nRobin"
        assert flagged_count(second.db, ana) == 1
        assert Queue(second, "ana").ids([Status.DONE], "") == [article]
        choices = ExportChoices(format_name="conll", of="annotator:ana")
        report = export(second, tmp_path / "ana.conll", choices=choices)
    assert ("flags and notes on articles", 2) in [(loss.what, loss.count) for loss in report.losses]
