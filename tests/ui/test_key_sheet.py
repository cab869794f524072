"""The key sheet: one page, with the keys that hold."""

from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QPageLayout, QPdfWriter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

from annotator.ui.actions import ACTIONS
from annotator.ui.key_sheet import draw_sheet, keys_html, page_layout, sheet
from tests.ui.desk import Desk


def test_the_sheet_is_one_page_and_printed(desk: Desk, tmp_path: Path) -> None:
    assert desk.window.project is not None
    labelset = desk.window.project.labelset
    out = tmp_path / "keys.pdf"
    writer = QPdfWriter(str(out))
    writer.setPageLayout(page_layout())
    document = draw_sheet(writer, desk.window.keys, labelset)
    del writer
    assert document.pageCount() == 1
    assert out.read_bytes().count(b"/Type /Page\n") == 1
    size = page_layout().paintRect(QPageLayout.Unit.Point).size()
    assert sheet(size, desk.window.keys, labelset).defaultFont().pointSizeF() >= 5


def test_printing_asks_for_a_printer_or_a_file_and_prints_there(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: ["Upstairs"])
    desk.press("Ctrl+P")
    (dialog,) = desk.window.findChildren(QPrintDialog)
    assert dialog.isVisible()
    assert dialog.windowTitle() == "Print the key sheet"
    out = tmp_path / "keys.pdf"
    dialog.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    dialog.printer().setOutputFileName(str(out))
    dialog.accepted.emit(dialog.printer())  # accept() would choose a printer of the system
    assert out.read_bytes().startswith(b"%PDF")
    assert f"The key sheet went to {out}." in desk.window.notice.words.text()


def test_without_a_printer_the_sheet_is_offered_as_a_file(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", list)
    out = tmp_path / "keys.pdf"
    monkeypatch.setattr(desk.window.files, "ask_save", lambda *_: out)
    desk.press("Ctrl+P")
    assert "no printer" in desk.window.notice.words.text()
    desk.press("Enter")
    assert out.read_bytes().startswith(b"%PDF")
    assert f"The key sheet is in {out}." in desk.window.notice.words.text()
    monkeypatch.setattr(desk.window.files, "ask_save", lambda *_: tmp_path / "nowhere" / "keys.pdf")
    desk.press("Ctrl+P", "Enter")
    assert "nowhere" in desk.window.notice.words.text()


def test_the_sheet_tells_every_action_that_has_a_key(desk: Desk) -> None:
    assert desk.window.project is not None
    body = keys_html(desk.window.keys, desk.window.project.labelset, font=QFont())
    for row in ACTIONS:
        if row.listed and row.keys and not row.id.startswith("stance."):
            assert row.text.rstrip("…").replace("&", "&amp;") in body, row.id


def test_the_sheet_shows_changed_keys(desk: Desk) -> None:
    desk.window.keys.assign("mark.accept", ("Y",))
    desk.press("F1")
    assert "&nbsp;Y&nbsp;" in keys_html(desk.window.keys, None, font=QFont())
    desk.press("Esc")
    assert desk.page.view.hasFocus()
