"""The key sheet: every action with the key it has now, by page; in the help and on both sides of a paper."""

import re
from collections.abc import Callable, Sequence
from html import escape, unescape
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPdfWriter,
    QTextDocument,
)
from PySide6.QtWidgets import QWidget

from annotator.domain.frozen import frozen
from annotator.domain.labels import Label, LabelSet
from annotator.ui import label_keys
from annotator.ui.actions import ACTIONS, LABEL_KEYS, Action, Menu, Page, shown
from annotator.ui.keymap import Keys, plain
from annotator.ui.wording import titled

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

# The sections of the first page, in this order; what holds on every page stands behind them.
_MENUS = (
    Menu.MARK,
    Menu.LABEL,
    Menu.STANCE,
    Menu.MOVE,
    Menu.ARTICLE,
    Menu.EDIT,
    Menu.VIEW,
    Menu.FILE,
    Menu.ANNOTATOR,
    Menu.REVIEW,
    Menu.HELP,
)
_EVERYWHERE = (Page.ANY, Page.PROJECT)
_OTHERS = (
    ("Review", (Page.REVIEW,)),
    ("Labels", (Page.LABELSET,)),
    ("Dashboard", (Page.DASHBOARD,)),
    ("Names", (Page.NAMES, Page.NAMING)),
)
# The caret's motions, two a row: they go back and forth by the same step.
_MOTIONS = (
    ("left", "right", "By character"),
    ("word_left", "word_right", "By word"),
    ("up", "down", "By line"),
    ("sentence_left", "sentence_right", "By sentence"),
    ("paragraph_up", "paragraph_down", "By paragraph"),
    ("line_start", "line_end", "To an end of the line"),
    ("page_up", "page_down", "By page"),
    ("start", "end", "To an end of the article"),
)
_NOTE = (
    "Letters, digits, Tab, Space and Delete work while the article has the focus; in a text field they type. "
    "Digits go by their place on the keyboard, so they work on every layout. "
    "Every key can be changed in the settings."
)
_NEW_PAGE = "page-break-before: always"
PAPER_PAGES = 2
_CAP = re.compile(r'<span class="cap">(.*?)</span>')
_MARGIN_MM = 10.0
_LARGEST_PT, _SMALLEST_PT, _STEP_PT = 10.0, 6.0, 0.25
_MOST_COLUMNS, _LEAST_WORDS = 5, 20  # columns side by side; letters of what a key does, in a line
_PAPER = """
  h1 { font-size: large; margin: 0px; }
  h2 { font-size: small; color: #444444; margin-top: 7px; margin-bottom: 1px; }
  p.dim { color: #444444; margin-top: 0px; margin-bottom: 2px; }
  .cap { font-weight: 600; }
"""


@frozen
class Section:
    """Rows of the sheet under one title: the keys, as HTML, and what they do."""

    title: str
    rows: list[tuple[str, str]]


def keys_html(keys: Keys, labelset: LabelSet | None, *, font: QFont, width: float) -> str:
    """The sheet in a font, `width` pixels wide: the keys of the label page, then those of the others."""
    label, others = label_sections(keys, labelset), other_sections(keys, labelset)
    first = f'<h1>The keys of the label page</h1><p class="dim">{_NOTE}</p>'
    second = f'<h1 style="{_NEW_PAGE}">The keys of the other pages</h1>'
    return f"{first}{_columns_html(label, font, width)}{second}{_columns_html(others, font, width)}"


def label_sections(keys: Keys, labelset: LabelSet | None) -> list[Section]:
    """What can be done on the label page, by menu; the caret, which is in no menu; what every page does."""
    found = []
    for menu in _MENUS:
        rows = _rows(keys, labelset, (Page.LABEL, Page.NAMING), menu)
        if menu is Menu.LABEL and labelset is not None:
            rows += _label_rows(keys, labelset)
        found.append(Section(plain(menu), rows))
        if menu is Menu.MOVE:
            found.append(Section("Caret", _motion_rows(keys)))
    found.append(Section("On every page", _rows(keys, labelset, _EVERYWHERE)))
    return [section for section in found if section.rows]


def other_sections(keys: Keys, labelset: LabelSet | None) -> list[Section]:
    """What can be done on each of the other pages."""
    found = [Section(title, _rows(keys, labelset, pages)) for title, pages in _OTHERS]
    return [section for section in found if section.rows]


def _columns_html(sections: Sequence[Section], font: QFont, width: float) -> str:
    """Sections in as many columns as have room for the longest key and some words, all about as long."""
    metrics, bold = QFontMetricsF(font), QFontMetricsF(_bold(font))
    gap = round(metrics.height())
    widest = _widest([row for section in sections for row in section.rows], bold)
    least = widest + metrics.averageCharWidth() * _LEAST_WORDS + gap
    count = max(1, min(_MOST_COLUMNS, int(width // least)))
    room = width / count - widest - gap
    heights = [_lines(section, metrics, room) for section in sections]
    columns, found = "", _balanced(sections, heights, count)
    for column in found:
        wide = _widest([row for section in column for row in section.rows], bold)
        tables = "".join(_table(section, round(wide)) for section in column)
        columns += f'<td width="{100 // len(found)}%" style="padding-right:{gap}px">{tables}</td>'
    return f'<table width="99%" cellspacing="0" style="margin-top:{gap}px"><tr>{columns}</tr></table>'


def _lines(section: Section, metrics: QFontMetricsF, room: float) -> int:
    """About how many lines a section takes, with its title, where what a key does has `room` pixels."""
    rows = (max(1, ceil(metrics.horizontalAdvance(unescape(words)) / room)) for _, words in section.rows)
    return 2 + sum(rows)


def _balanced(sections: Sequence[Section], heights: Sequence[int], count: int) -> list[list[Section]]:
    """Sections in their order in at most `count` columns, the longest as short as can be."""
    limit = max(heights)
    while True:
        columns: list[list[Section]] = [[]]
        filled = 0
        for section, height in zip(sections, heights, strict=True):
            if columns[-1] and filled + height > limit:
                columns.append([])
                filled = 0
            columns[-1].append(section)
            filled += height
        if len(columns) <= count:
            return columns
        limit += 1


def _widest(rows: Sequence[tuple[str, str]], bold: QFontMetricsF) -> float:
    """The room for keys that no key is broken in; two of a row may stand one below the other."""
    caps = [unescape(found) for said, _ in rows for found in _CAP.findall(said)]
    return max(map(bold.horizontalAdvance, caps)) + bold.height()


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.Bold)
    return bold


def _rows(
    keys: Keys, labelset: LabelSet | None, pages: Sequence[Page], menu: Menu | None = None
) -> list[tuple[str, str]]:
    """The rows of some pages, of one menu or of all."""
    return [
        (caps, escape(_words(row, labelset)))
        for row in ACTIONS
        if row.page in pages and menu in (None, row.menu) and row.listed and (caps := _caps(keys.of(row.id)))
    ]


def _table(section: Section, width: int) -> str:
    lines = "".join(
        f'<tr><td width="{width}" class="key">{caps}</td><td class="what">{text}</td></tr>'
        for caps, text in section.rows
    )
    return f"<h2>{escape(section.title)}</h2><table>{lines}</table>"


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
    """Prints the sheet in the largest letters with which it is two pages; the document that was printed."""
    document = sheet(device.pageLayout().paintRect(QPageLayout.Unit.Inch).size(), keys, labelset)
    document.print_(device)
    return document


def sheet(size: QSizeF, keys: Keys, labelset: LabelSet | None) -> QTextDocument:
    """The sheet as a document of two pages of `size` (inches), the label page's keys on the first.

    Its letters are as large as that allows, and no larger than those of a book.
    """
    document = QTextDocument()
    document.setDocumentMargin(0)
    document.setDefaultStyleSheet(_PAPER)
    pixels = size * QGuiApplication.primaryScreen().logicalDotsPerInch()
    points = _LARGEST_PT
    while True:
        font = QFont()
        font.setPointSizeF(points)
        document.setDefaultFont(font)
        document.setHtml(keys_html(keys, labelset, font=font, width=pixels.width()))
        document.setPageSize(pixels)
        if document.pageCount() <= PAPER_PAGES or points <= _SMALLEST_PT:
            return document
        points -= _STEP_PT


def sheet_pdf(keys: Keys, labelset: LabelSet | None) -> bytes:
    """The sheet as a PDF."""
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
