"""The key sheet: on two pages, with the keys that hold."""

from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QPdfWriter, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

from annotator.ui.actions import ACTIONS
from annotator.ui.key_sheet import draw_sheet, keys_html, label_sections, other_sections, page_layout
from tests.ui.desk import Desk


def test_the_sheet_is_printed_on_two_pages_in_letters_that_can_be_read(desk: Desk, tmp_path: Path) -> None:
    assert desk.window.project is not None
    labelset = desk.window.project.labelset
    out = tmp_path / "keys.pdf"
    writer = QPdfWriter(str(out))
    writer.setPageLayout(page_layout())
    document = draw_sheet(writer, desk.window.keys, labelset)
    del writer
    assert document.pageCount() == 2
    assert out.read_bytes().count(b"/Type /Page\n") == 2
    assert document.defaultFont().pointSizeF() >= 8
    second = document.find("The keys of the other pages")
    layout = document.documentLayout()
    top = layout.blockBoundingRect(second.block()).top()
    assert top == pytest.approx(document.pageSize().height(), abs=1)  # the label page is on one side


@pytest.mark.parametrize("points", [10, 20])
def test_no_key_is_broken_and_what_it_does_has_room(desk: Desk, points: int) -> None:
    assert desk.window.project is not None
    document = QTextDocument()
    document.setDocumentMargin(0)
    font = QFont()
    font.setPointSize(points)
    document.setDefaultFont(font)
    document.setHtml(keys_html(desk.window.keys, desk.window.project.labelset, font=font, width=1380))
    document.setTextWidth(1380)
    assert document.idealWidth() <= 1380
    for words in ("Ctrl+Shift+Enter", "Ctrl+Page Down", "Ctrl+Shift+A", "Accept, go to", "Skip and go on"):
        found = document.find(words)
        assert not found.isNull(), words
        layout = found.block().layout()
        at = found.selectionStart() - found.block().position()
        first, last = (layout.lineForTextPosition(n).lineNumber() for n in (at, at + len(words) - 1))
        assert first == last, words


def test_each_key_stands_under_its_page(desk: Desk) -> None:
    keys = desk.window.keys
    others = {section.title: dict(section.rows) for section in other_sections(keys, None)}
    assert "Export the chart or table as a picture" in others["Dashboard"].values()
    assert "Sort the marks of a split label" in others["Labels"].values()
    label = [what for section in label_sections(keys, None) for _, what in section.rows]
    assert "Reopen" in label
    assert "By sentence" in label
    assert not set(label) & {*others["Dashboard"].values(), *others["Labels"].values()}


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
    body = keys_html(desk.window.keys, desk.window.project.labelset, font=QFont(), width=1380)
    for row in ACTIONS:
        if row.listed and row.keys and not row.id.startswith("stance."):
            assert row.text.rstrip("…").replace("&", "&amp;") in body, row.id


def test_the_sheet_shows_changed_keys(desk: Desk) -> None:
    desk.window.keys.assign("mark.accept", ("Y",))
    desk.press("F1")
    assert "&nbsp;Y&nbsp;" in keys_html(desk.window.keys, None, font=QFont(), width=1380)
    desk.press("Esc")
    assert desk.page.view.hasFocus()
