"""What all mark alike becomes gold in the window: while the review is shown, and before gold is written."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from annotator.ui.export_dialog import ExportDialog
from annotator.ui.window import Window
from tests.services.reviewed import FERRY, HARBOUR, Review
from tests.ui.conftest import open_window  # noqa: F401 - a fixture
from tests.ui.lead import Lead


@pytest.fixture
def lead(open_window: Callable[..., Window], tmp_path: Path) -> Lead:  # noqa: F811
    """Ana at the articles; two others agree on Sorrel in both, and not on the union."""
    made = Review(tmp_path / "p.annot", (HARBOUR, FERRY))
    with made.project:
        for name, label in (("ben", "ORG"), ("cid", "GPE")):
            made.finish(name, ("Northern Union", label), ("Sorrel", "GPE"))
            made.finish(name, ("Sorrel", "GPE"), text=FERRY)
    window = open_window()
    window.files.open(tmp_path / "p.annot")
    return Lead(window, tmp_path / "p.annot")


def dialog(lead: Lead, qtbot: QtBot) -> ExportDialog:
    """The export of gold, looked at."""
    lead.press("Ctrl+E")
    (found,) = lead.window.findChildren(ExportDialog)
    found.fields.of.setCurrentIndex(found.fields.of.findData("gold"))
    qtbot.waitUntil(lambda: found.report is not None and not found.busy)
    return found


def test_what_cannot_be_settled_in_one_article_is_told_and_holds_up_no_other(
    lead: Lead, qtbot: QtBot
) -> None:
    project = lead.window.project
    assert project is not None
    (article,) = project.db.execute("SELECT id FROM article WHERE text=?", (HARBOUR,)).fetchone()
    project.db.execute(
        f"CREATE TEMP TRIGGER refused BEFORE INSERT ON adjudication WHEN NEW.article_id={article} "
        "BEGIN INSERT INTO annotator(id,name) SELECT id,name FROM annotator; END"
    )
    told: list[object] = []
    lead.window.faults.told.connect(told.append)
    lead.press("Ctrl+2")
    qtbot.waitUntil(lambda: not lead.review.settling.active)
    assert lead.gold(FERRY) == ["GPE Sorrel"]
    assert lead.gold() == []
    assert len(told) == 1


def test_exporting_gold_settles_first_and_says_what_is_undecided(lead: Lead, qtbot: QtBot) -> None:
    found = dialog(lead, qtbot)
    assert "becomes gold first: 2 places" in found.said.text()
    found.go.click()
    qtbot.waitUntil(lambda: found.report is not None and not found.report.dry_run and not found.busy)
    assert lead.gold() == lead.gold(FERRY) == ["GPE Sorrel"]
    lines = (lead.window.project.path.parent / "p.jsonl").read_text("utf-8").splitlines()  # type: ignore[union-attr]
    assert [json.loads(line)["status"] for line in lines] == ["doing", "done"]
    assert "1 place in 1 article is still undecided" in found.said.text()
    assert "1 place in 1 article is still undecided" in lead.window.notice.words.text()
    found.close()


def test_gold_that_is_done_can_be_exported_alone(lead: Lead, qtbot: QtBot) -> None:
    found = dialog(lead, qtbot)
    boxes = {status.value: box for status, box in found.fields.statuses.items()}
    assert [name for name, box in boxes.items() if box.isEnabled()] == ["doing", "done"]
    boxes["done"].click()
    found.go.click()
    qtbot.waitUntil(lambda: found.report is not None and not found.report.dry_run and not found.busy)
    (line,) = (lead.window.project.path.parent / "p.jsonl").read_text("utf-8").splitlines()  # type: ignore[union-attr]
    assert json.loads(line)["text"] == FERRY
    found.close()


def test_what_is_stopped_writes_nothing(lead: Lead, qtbot: QtBot) -> None:
    found = dialog(lead, qtbot)
    found.go.click()
    lead.window.background.run(lambda: None, lambda _: None)
    found.reject()
    assert found.said.text() == "Stopped. Nothing was written."
    qtbot.wait(50)
    assert not found.busy
    assert not (lead.window.project.path.parent / "p.jsonl").exists()  # type: ignore[union-attr]
    found.close()
