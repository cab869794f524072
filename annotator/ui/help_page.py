"""Help: the key sheet, what the labels mean, and the pages of resources/help."""

import re
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from annotator import places
from annotator.domain.labels import LabelSet
from annotator.ui import label_keys, style
from annotator.ui.article.typography import READING
from annotator.ui.chrome import Chip, TextButton
from annotator.ui.focus_edge import FocusEdge
from annotator.ui.guard import guarded
from annotator.ui.key_sheet import cap, keys_html
from annotator.ui.keymap import Keys
from annotator.ui.markdown import markdown_html
from annotator.ui.wording import titled

_MARGIN = 26  # pixels
_COLUMN = 820  # pixels of a line of running text
_NAMES = {
    "keys": "All keys",
    "labels": "What the labels mean",
    "tour": "A tour",
    "first-steps": "First steps",
    "team": "Working together",
    "review": "Reviewing",
    "dashboard": "Dashboard",
    "formats": "In and out",
}
PAGES = tuple(_NAMES)
_MENTION = re.compile(r"\{([a-z_.0-9]+)\}")


class HelpPage(QWidget):
    """`left` says that the person goes back (Esc)."""

    left = Signal()

    def __init__(self, keys: Keys, parent: QWidget) -> None:
        super().__init__(parent)
        self._keys = keys
        self._labelset: LabelSet | None = None
        self.page = "keys"
        self.browser = QTextBrowser(self)
        self.browser.setAccessibleName("Help")
        self.browser.setFrameShape(QFrame.Shape.NoFrame)
        self.browser.setOpenExternalLinks(False)
        self.browser.viewport().setBackgroundRole(style.BACKGROUND)
        FocusEdge(self.browser)
        self._chips = {name: Chip(_NAMES[name], self) for name in PAGES}
        back = TextButton("Back to work", "Esc", self)
        self.printing = TextButton("Print…", keys.first("help.print"), self)
        keys.changed.connect(lambda: self._rekey())
        back.clicked.connect(self.left)
        chips, buttons = QHBoxLayout(), QHBoxLayout()
        chips.setSpacing(6)
        for name, chip in self._chips.items():
            chip.clicked.connect(lambda _=False, name=name: self.show_page(name))
            chips.addWidget(chip)
        chips.addStretch(1)
        buttons.addStretch(1)
        buttons.addWidget(self.printing)
        buttons.addWidget(back)
        self._head = head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        head.setContentsMargins(28, 10, 16, 8)
        head.setSpacing(6)
        head.addLayout(chips)
        head.addLayout(buttons)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(self.browser, 1)

    def set_labels(self, labelset: LabelSet | None) -> None:
        self._labelset = labelset

    def show_page(self, name: str) -> None:
        """Shows `keys`, `labels` or a page of resources/help by its file's stem."""
        self.page = name
        self._chips[name].setChecked(True)
        keys = name == "keys"
        self.printing.setVisible(keys)
        wrap = QTextBrowser.LineWrapMode
        self.browser.setLineWrapMode(wrap.WidgetWidth if keys else wrap.FixedPixelWidth)
        self.browser.setLineWrapColumnOrWidth(0 if keys else _COLUMN)
        if keys:
            width = self.browser.viewport().width() - 2 * _MARGIN
            body = keys_html(self._keys, self._labelset, font=self.browser.font(), width=width)
        elif name == "labels":
            body = labels_html(self._keys, self._labelset)
        else:
            body = page_html(self._keys, name)
        if name == "formats":
            body += formats_html()
        self.browser.document().setDefaultStyleSheet(_sheet(self.palette()))
        self.browser.document().setDocumentMargin(_MARGIN)
        self.browser.setHtml(body)
        self.browser.setFocus()

    def _rekey(self) -> None:
        self.printing.set_key(self._keys.first("help.print"))
        if self.isVisible():
            self.show_page(self.page)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._head.setDirection(QBoxLayout.Direction.LeftToRight)
        if self._head.sizeHint().width() > self.width():
            self._head.setDirection(QBoxLayout.Direction.TopToBottom)
        if self.page == "keys" and self.isVisible():
            self.show_page(self.page)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def labels_html(keys: Keys, labelset: LabelSet | None) -> str:
    """The guideline of every label; without a project, of nothing."""
    if labelset is None:
        return "<h1>What the labels mean</h1><p>Open a project first: the labels are the project's.</p>"
    caps = label_keys.keys_of(labelset, keys)
    parts = [
        f"<h1>What the labels mean</h1><p class='dim'>{escape(labelset.name)}, version {labelset.version}</p>"
    ]
    for label in labelset.labels:
        key = caps.get((label.kind, label.name), "")
        glyph = f"{escape(label.glyph)} " if label.glyph else ""
        shown = f" &nbsp;{cap(key)}" if key else ""
        parts.append(f"<h2>{glyph}{escape(titled(label))}{shown}</h2>")
        parts.append(markdown_html(label.guideline or "The label set says nothing about it."))
    return "".join(parts)


def page_html(keys: Keys, name: str) -> str:
    """A page of resources/help; `{action.id}` in it becomes the keys of that action."""
    text = places.resource("help", f"{name}.md").read_text(encoding="utf-8")
    return markdown_html(_MENTION.sub(lambda match: f"**{keys.told(match[1])}**", text))


def formats_html() -> str:
    """The table of what each format carries, made from the formats themselves."""
    from annotator.services.format_table import COLUMNS, format_rows

    head = "".join(f"<th class='cell'>{escape(column)}</th>" for column in ("", "", *COLUMNS))
    body = ""
    for row in format_rows():
        ways = "in and out" if row.reads and row.writes else "only in" if row.reads else "only out"
        cells = "".join(f"<td class='cell'>{cell}</td>" for cell in row.cells())
        name = f"<td class='cell'><b>{escape(row.name)}</b></td><td class='cell dim'>{ways}</td>"
        body += f"<tr>{name}{cells}</tr>"
    return f"<table cellspacing='0' cellpadding='4'><tr>{head}</tr>{body}</table>"


def mentioned(text: str) -> set[str]:
    """The ids of actions that a help page names."""
    return set(_MENTION.findall(text))


def _sheet(palette: QPalette) -> str:
    def colour(role: style.Role) -> str:
        return palette.color(role).name()

    families = ", ".join(f"'{family}'" for family in READING)
    return f"""
      h1 {{ font-family: {families}; font-size: x-large; margin-bottom: 4px; }}
      h2 {{ color: {colour(style.ACCENT)}; font-size: small; margin-top: 16px; margin-bottom: 4px; }}
      p, li {{ margin-top: 6px; margin-bottom: 6px; line-height: 130%; }}
      p.dim {{ margin-bottom: 12px; }}
      td.key, td.what {{ padding-top: 1px; padding-bottom: 1px; }}
      th.cell {{ color: {colour(style.DIM)}; font-weight: 400; font-size: small; text-align: left; }}
      th.cell {{ white-space: nowrap; }}
      td.cell {{ font-size: small; white-space: nowrap; }}
      .dim {{ color: {colour(style.DIM)}; }}
      .cap {{ background-color: {colour(style.HOVER)}; color: {colour(style.TEXT)}; font-weight: 600; }}
      a {{ color: {colour(style.ACCENT)}; }}
    """
