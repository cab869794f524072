"""Correcting an article by keys alone: the wrong is mended, the missing added, and the export says so."""

import json
from pathlib import Path

from tests.ui.conftest import desk, open_window  # noqa: F401 - fixtures
from tests.ui.desk import Desk


def test_an_article_is_corrected_and_exported(desk: Desk, tmp_path: Path) -> None:  # noqa: F811
    desk.press("Tab", "A")  # PERSON Priya Nair is right
    desk.press("X")  # ORG Harbour Radio is not wanted
    desk.press("1")  # Marco Silva is a PERSON
    desk.press("V", "G", "H", "T")  # the stance is against, and has both its parts
    desk.press("Ctrl+F")
    desk.type("green league")
    desk.press("Enter", "Esc", "3")
    desk.press("M")
    desk.type("Green League of Rotterdam")
    desk.press("Enter", "Ctrl+Enter", "Enter")
    assert desk.page.header.title.text() == "Council votes for ferries"
    out = tmp_path / "out.jsonl"
    desk.write_out(out)
    record = json.loads(out.read_text(encoding="utf-8").splitlines()[0])
    spans = {(span["label"], span["text"]): span["source"] for span in record["spans"]}
    assert spans == {
        ("PERSON", "Priya Nair"): "accepted",
        ("PERSON", "Marco Silva"): "edited",
        ("ORG", "Green League"): "added",
    }
    (stance,) = record["stances"]
    assert (stance["label"], stance["text"]) == ("AGAINST", "condemned the deal")
    assert stance["holder"] is not None
    assert stance["target"] is not None
    assert record["status"] == "done"
