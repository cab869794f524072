"""The key sheet: every action with the key it has now, on the help page and on one sheet of paper."""

import re
from collections.abc import Callable, Sequence
from html import escape, unescape
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPdfWriter,
    QTextDocument,
)
from PySide6.QtWidgets import QWidget

from annotator.domain.labels import Label, LabelSet
from annotator.ui import label_keys
from annotator.ui.actions import ACTIONS, LABEL_KEYS, Action, Menu, shown
from annotator.ui.keymap import Keys, plain
from annotator.ui.wording import titled

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

# The columns of the sheet, read downwards; a menu that is in none would be missing from it.
COLUMNS = (
    (Menu.MARK, Menu.STANCE, Menu.HELP),
    (Menu.MOVE, Menu.EDIT),
    (Menu.LABEL,),
    (Menu.REVIEW, Menu.FILE),
    (Menu.ARTICLE, Menu.VIEW, Menu.ANNOTATOR),
)
# The caret's motions, two a row: they go back and forth by the same step.
_MOTIONS = (
    ("left", "right", "By character"),
    ("word_left", "word_right", "By word"),
    ("up", "down", "By line"),
    ("paragraph_up", "paragraph_down", "By paragraph"),
    ("line_start", "line_end", "To an end of the line"),
    ("page_up", "page_down", "By page"),
    ("start", "end", "To an end of the article"),
)
_NOTE = (
    "Letters, digits, Tab, Space and Delete work while the article has the focus; in a text field they type. "
    "Digits go by their place on the keyboard, so they work on every layout. Settings changes every key."
)
_CAP = re.compile(r'<span class="cap">(.*?)</span>')
_MARGIN_MM = 10.0
_LARGEST_PT, _SMALLEST_PT, _STEP_PT = 9.0, 4.5, 0.25
_PAPER = """
  h1 { font-size: large; margin: 0px; }
  h2 { font-size: small; color: #444444; margin-top: 7px; margin-bottom: 1px; }
  p.dim { color: #444444; margin-top: 0px; margin-bottom: 2px; }
  td.key { padding-right: 8px; }
  .cap { font-weight: 600; }
"""


def keys_html(keys: Keys, labelset: LabelSet | None, *, font: QFont) -> str:
    """The sheet in a font: columns of menus, each row a key and what it does."""
    metrics = QFontMetricsF(_bold(font))
    columns = "".join(_column(column, keys, labelset, metrics) for column in COLUMNS)
    return f'<h1>All keys</h1><p class="dim">{_NOTE}</p><table width="100%"><tr>{columns}</tr></table>'


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.Bold)
    return bold


def _column(menus: Sequence[Menu], keys: Keys, labelset: LabelSet | None, metrics: QFontMetricsF) -> str:
    """The caret, which is in no menu, follows the labels, where there is room."""
    tables = []
    for menu in menus:
        tables.append((plain(menu), _rows(menu, keys, labelset)))
        if menu is Menu.LABEL:
            tables.append(("Caret", _motion_rows(keys)))
    caps = [unescape(cap) for _, rows in tables for keys_said, _ in rows for cap in _CAP.findall(keys_said)]
    if not caps:
        return ""
    # Two keys in a row stand one below the other where they are long.
    width = round(max(map(metrics.horizontalAdvance, caps)) + metrics.horizontalAdvance("00"))
    sections = "".join(_table(title, rows, width) for title, rows in tables)
    return f'<td width="{100 // len(COLUMNS)}%" style="padding-right:16px">{sections}</td>'


def _rows(menu: Menu, keys: Keys, labelset: LabelSet | None) -> list[tuple[str, str]]:
    rows = [
        (caps, escape(_words(row, labelset)))
        for row in ACTIONS
        if row.menu is menu and row.listed and (caps := _caps(keys.of(row.id)))
    ]
    if menu is Menu.LABEL and labelset is not None:
        rows += _label_rows(keys, labelset)
    return rows


def _table(title: str, rows: list[tuple[str, str]], width: int) -> str:
    if not rows:
        return ""
    lines = "".join(
        f'<tr><td width="{width}" class="key">{caps}</td><td class="what">{text}</td></tr>'
        for caps, text in rows
    )
    return f"<h2>{escape(title)}</h2><table>{lines}</table>"


def _words(row: Action, labelset: LabelSet | None) -> str:
    group, _, n = row.id.partition(".")
    if group == "stance" and n.isdecimal() and labelset is not None:
        label = label_keys.stance_slots(labelset)[int(n) - 1]
        return f"{label.name if label else ''} stance".strip()
    return row.text.rstrip("…")


def _label_rows(keys: Keys, labelset: LabelSet) -> list[tuple[str, str]]:
    rows: list[tuple[Label, str]] = [
        (label, caps)
        for n, label in enumerate(label_keys.entity_slots(labelset)[: len(LABEL_KEYS)], start=1)
        if label and (caps := _caps(keys.of(f"label.{n}")))
    ]
    return [(caps, escape(titled(label))) for label, caps in rows]


def _motion_rows(keys: Keys) -> list[tuple[str, str]]:
    rows = [
        (_caps((*keys.of(f"caret.{back}")[:1], *keys.of(f"caret.{forth}")[:1]), " "), escape(words))
        for back, forth, words in _MOTIONS
    ]
    return [*((caps, words) for caps, words in rows if caps), (cap("Shift"), "with these: selects")]


def _caps(keys: tuple[str, ...], join: str = " or ") -> str:
    """The keys of a row, those that read alike once."""
    return join.join(cap(key) for key in dict.fromkeys(shown(key) for key in keys))


def cap(key: str) -> str:
    return f'<span class="cap">&nbsp;{escape(key).replace(" ", "&nbsp;")}&nbsp;</span>'


# ---------------------------------------------------------------- on paper


def page_layout() -> QPageLayout:
    """A4 across, as the columns want it."""
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    return QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4),
        QPageLayout.Orientation.Landscape,
        margins,
        QPageLayout.Unit.Millimeter,
    )


def draw_sheet(device: QPagedPaintDevice, keys: Keys, labelset: LabelSet | None) -> QTextDocument:
    """Prints the sheet, in the largest letters with which it is one page; the document that was printed."""
    document = sheet(device.pageLayout().paintRect(QPageLayout.Unit.Point).size(), keys, labelset)
    document.print_(device)
    return document


def sheet(size: QSizeF, keys: Keys, labelset: LabelSet | None) -> QTextDocument:
    """The sheet as a document of one page of `size` (points), as large as that allows."""
    document = QTextDocument()
    document.setDocumentMargin(0)
    document.setDefaultStyleSheet(_PAPER)
    points = _LARGEST_PT
    while True:
        font = QFont()
        font.setPointSizeF(points)
        document.setDefaultFont(font)
        document.setHtml(keys_html(keys, labelset, font=font))
        document.setPageSize(size)
        if document.pageCount() == 1 or points <= _SMALLEST_PT:
            return document
        points -= _STEP_PT


def sheet_pdf(keys: Keys, labelset: LabelSet | None) -> bytes:
    """The sheet as a PDF of one page."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageLayout(page_layout())
    writer.setTitle("Annotator keys")
    draw_sheet(writer, keys, labelset)
    del writer  # ends the file
    return bytes(buffer.data().data())


def print_sheet(
    parent: QWidget, keys: Keys, labelset: LabelSet | None, *, then: Callable[["QPrinter"], object]
) -> None:
    """Asks for a printer, or a PDF file in its place, and prints the sheet there; `then` is told where."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # late: it reads the system's printers

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageLayout(page_layout())
    printer.setDocName("Annotator keys")
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle("Print the key sheet")

    def accepted() -> None:
        draw_sheet(printer, keys, labelset)
        then(printer)

    dialog.accepted.connect(accepted)
    dialog.setModal(True)
    dialog.show()
