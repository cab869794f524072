"""Help: every key, drawn from the table of actions, and the pages of resources/help."""

import re
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from annotator import places
from annotator.domain.labels import Label, LabelSet
from annotator.ui import label_keys, style
from annotator.ui.actions import ACTIONS, LABEL_KEYS, Action, Menu, action, shown
from annotator.ui.article.typography import READING
from annotator.ui.chrome import Chip, TextButton
from annotator.ui.guard import guarded
from annotator.ui.wording import titled

_MARGIN = 26  # pixels
_COLUMN = 820  # pixels of a line of running text
PAGES = ("keys", "labels", "first-steps")
_NAMES = {"keys": "All keys", "labels": "What the labels mean", "first-steps": "First steps"}
_MENTION = re.compile(r"\{([a-z_.0-9]+)\}")
# The columns of the key sheet, read downwards; a menu that is in none would be missing from the help.
COLUMNS = (
    (Menu.MARK, Menu.STANCE, Menu.VIEW, Menu.HELP),
    (Menu.MOVE, Menu.ARTICLE),
    (Menu.LABEL, Menu.EDIT, Menu.FILE, Menu.ANNOTATOR),
)


class HelpPage(QWidget):
    """`left` says that the person goes back (Esc)."""

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._labelset: LabelSet | None = None
        self.page = "keys"
        self.browser = QTextBrowser(self)
        self.browser.setFrameShape(QFrame.Shape.NoFrame)
        self.browser.setOpenExternalLinks(False)
        self.browser.viewport().setBackgroundRole(style.BACKGROUND)
        self._chips = {name: Chip(_NAMES[name], self) for name in PAGES}
        back = TextButton("Back to work", "Esc", self)
        back.clicked.connect(self.left)
        head = QHBoxLayout()
        head.setContentsMargins(28, 10, 16, 8)
        head.setSpacing(6)
        for name, chip in self._chips.items():
            chip.clicked.connect(lambda _=False, name=name: self.show_page(name))
            head.addWidget(chip)
        head.addStretch(1)
        head.addWidget(back)
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
        wrap = QTextBrowser.LineWrapMode
        self.browser.setLineWrapMode(wrap.WidgetWidth if keys else wrap.FixedPixelWidth)
        self.browser.setLineWrapColumnOrWidth(0 if keys else _COLUMN)
        if keys:
            body = keys_html(self._labelset, self.palette())
        elif name == "labels":
            body = labels_html(self._labelset)
        else:
            body = page_html(name)
        self.browser.document().setDefaultStyleSheet(_sheet(self.palette()))
        self.browser.document().setDocumentMargin(_MARGIN)
        self.browser.setHtml(body)
        self.browser.setFocus()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def keys_html(labelset: LabelSet | None, palette: QPalette) -> str:
    """The key sheet: three columns of menus, each row a key and what it does."""
    columns = "".join(
        f'<td width="33%" style="padding-right:26px">{sections}</td>'
        for column in COLUMNS
        if (sections := "".join(_section(menu, labelset) for menu in column))
    )
    note = (
        "Letters, digits, Tab, Space and Delete work while the article has the focus; in a text field they "
        "type. Digits go by their place on the keyboard, so they work on every layout."
    )
    return f'<h1>All keys</h1><p class="dim">{note}</p><table width="100%"><tr>{columns}</tr></table>'


def _section(menu: Menu, labelset: LabelSet | None) -> str:
    rows = [
        (" or ".join(_cap(key) for key in keys), escape(row.text.rstrip("…")))
        for row in ACTIONS
        if row.menu is menu and row.listed and (keys := _told(row))
    ]
    if menu is Menu.LABEL and labelset is not None:
        rows += _label_rows(labelset)
    if menu is Menu.STANCE and labelset is not None:
        names = [label.name if label else "" for label in label_keys.stance_slots(labelset)]
        rows[: len(names)] = [
            (cap, f"{escape(name)} stance on the selection")
            for (cap, _), name in zip(rows, names, strict=False)
        ]
    if not rows:
        return ""
    lines = "".join(
        f'<tr><td width="164" class="key">{cap}</td><td class="what">{text}</td></tr>' for cap, text in rows
    )
    return f"<h2>{escape(menu.value.replace('&', ''))}</h2><table>{lines}</table>"


def _label_rows(labelset: LabelSet) -> list[tuple[str, str]]:
    rows: list[tuple[Label, str]] = [
        (label, key)
        for key, label in zip(LABEL_KEYS, label_keys.entity_slots(labelset), strict=True)
        if label
    ]
    return [(_cap(key), escape(titled(label))) for label, key in rows]


def _told(row: Action) -> tuple[str, ...]:
    """The keys of a row, those that read alike once."""
    return tuple(dict.fromkeys(shown(key) for key in row.keys))


def _cap(key: str) -> str:
    return f'<span class="cap">&nbsp;{escape(key)}&nbsp;</span>'


def labels_html(labelset: LabelSet | None) -> str:
    """The guideline of every label; without a project, of nothing."""
    if labelset is None:
        return "<h1>What the labels mean</h1><p>Open a project first: the labels are the project's.</p>"
    keys = label_keys.keys_of(labelset)
    parts = [
        f"<h1>What the labels mean</h1><p class='dim'>{escape(labelset.name)}, version {labelset.version}</p>"
    ]
    for label in labelset.labels:
        key = keys.get((label.kind, label.name), "")
        glyph = f"{escape(label.glyph)} " if label.glyph else ""
        cap = f" &nbsp;{_cap(key)}" if key else ""
        parts.append(f"<h2>{glyph}{escape(titled(label))}{cap}</h2>")
        parts.append(f"<p>{escape(label.guideline or 'The label set says nothing about it.')}</p>")
    return "".join(parts)


def page_html(name: str) -> str:
    """A page of resources/help; `{action.id}` in it becomes the keys of that action."""
    from PySide6.QtGui import QTextDocument

    text = places.resource("help", f"{name}.md").read_text(encoding="utf-8")
    document = QTextDocument()
    document.setMarkdown(_MENTION.sub(lambda match: f"**{told(match[1])}**", text))
    body = re.search(r"<body[^>]*>(.*)</body>", document.toHtml(), re.DOTALL)
    return re.sub(r' style="[^"]*font-size:[^"]*"', "", body[1]) if body else ""


def told(id_: str) -> str:
    """The first key of an action as people read it, or its menu and text if it has none."""
    row = action(id_)
    if row.keys:
        return shown(row.keys[0])
    return f"{row.menu.value.replace('&', '')}, {row.text}"


def mentioned(text: str) -> set[str]:
    """The ids of actions that a help page names."""
    return set(_MENTION.findall(text))


def _sheet(palette: QPalette) -> str:
    def colour(role: style.Role) -> str:
        return palette.color(role).name()

    families = ", ".join(f"'{family}'" for family in READING)
    return f"""
      h1 {{ font-family: {families}; font-size: x-large; margin-bottom: 4px; }}
      h2 {{ color: {colour(style.DIM)}; font-size: small; margin-top: 16px; margin-bottom: 4px; }}
      p, li {{ margin-top: 6px; margin-bottom: 6px; line-height: 130%; }}
      p.dim {{ margin-bottom: 12px; }}
      td.key, td.what {{ padding-top: 2px; padding-bottom: 2px; }}
      td.key {{ padding-right: 12px; }}
      .dim {{ color: {colour(style.DIM)}; }}
      .cap {{ background-color: {colour(style.HOVER)}; color: {colour(style.TEXT)}; font-weight: 600; }}
      a {{ color: {colour(style.ACCENT)}; }}
    """
