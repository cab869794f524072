"""The look of the window's chrome: palette, fonts, style sheet, all from one theme."""

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from annotator.places import resource
from annotator.ui.theme import Theme, ThemeName, mixed

Role = QPalette.ColorRole

# The chrome's colours as roles of the palette: painted widgets ask it, so a new theme reaches them all.
BACKGROUND, SIDE, TEXT, DIM = Role.Base, Role.Window, Role.WindowText, Role.PlaceholderText
LINE, ACCENT, HOVER, CHOSEN = Role.Mid, Role.Link, Role.Midlight, Role.Highlight
CAP, GOOD, WARN = Role.Light, Role.LinkVisited, Role.BrightText

_SANS = ("Noto Sans", "Segoe UI", "Cantarell", "Ubuntu", "DejaVu Sans")
_POINT_SIZE = 10.0
_USUAL_HEIGHT = 18.0  # pixels of a line at that size


def theme_name(setting: str) -> ThemeName:
    """The theme of a setting; `automatic` follows the desktop, light where the desktop does not say."""
    if setting == "contrast":
        return "contrast"
    wants_dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return "dark" if setting == "dark" or (setting != "light" and wants_dark) else "light"


def dress(app: QApplication, theme: Theme) -> None:
    """Gives every widget of the program the theme's colours."""
    app.setPalette(palette_of(theme))
    sheet = _SHEET.replace("ICONS", resource("icons").as_posix())
    app.setStyleSheet(sheet)  # also when it is the same: its palette(...) are looked up again


def palette_of(theme: Theme) -> QPalette:
    """The palette of a theme; disabled text is dim."""
    palette = QPalette()
    colours = {
        BACKGROUND: theme.bg,
        SIDE: theme.side,
        TEXT: theme.fg,
        DIM: theme.dim,
        LINE: theme.line,
        ACCENT: theme.accent,
        HOVER: theme.hover,
        CHOSEN: theme.sel,
        CAP: theme.cap,
        GOOD: theme.ok,
        WARN: theme.warn,
        Role.Text: theme.fg,
        Role.HighlightedText: theme.fg,
        Role.Button: theme.cap,
        Role.ButtonText: theme.fg,
        Role.ToolTipBase: theme.side,
        Role.ToolTipText: theme.fg,
        Role.AlternateBase: theme.side,
        Role.Accent: theme.accent,
        Role.Dark: theme.line,
        Role.Shadow: theme.line,
    }
    for role, colour in colours.items():
        palette.setColor(role, QColor(colour))
    for role in (Role.WindowText, Role.Text, Role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, mixed(theme.dim, theme.side, 0.5))
    return palette


def chrome_font() -> QFont:
    """The desktop's own font; without a desktop, the first of a few good ones that is there."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    if QGuiApplication.platformName() in ("offscreen", "minimal") or sys.platform.startswith("linux"):
        own = font.family()
        if own == "DejaVu Sans" or not QFontDatabase.hasFamily(own):
            font.setFamily(next(filter(QFontDatabase.hasFamily, _SANS), own))
    if QGuiApplication.platformName() in ("offscreen", "minimal"):
        font.setPointSizeF(_POINT_SIZE)
    return font


def sized(font: QFont, factor: float, *, bold: bool = False) -> QFont:
    """A font `factor` times as large."""
    other = QFont(font)
    if font.pointSizeF() > 0:
        other.setPointSizeF(font.pointSizeF() * factor)
    else:
        other.setPixelSize(round(font.pixelSize() * factor))
    other.setBold(bold)
    return other


def scaled(widget: QWidget, pixels: int) -> int:
    """A length that is `pixels` at the usual size of the font, at another size in proportion."""
    return round(pixels * max(1.0, QFontMetricsF(widget.font()).height() / _USUAL_HEIGHT))


# The colours are the palette's roles, so one sheet serves every theme.
_SHEET = """
QMainWindow, QDialog { background: palette(window); }
QSplitter::handle { background: palette(mid); }
ReaderPane { border: none; border-top: 1px solid palette(mid); }
QFrame[line="true"] { background: palette(mid); border: none; }
QLineEdit {
  background: palette(base); color: palette(text); border: 1px solid palette(mid); border-radius: 7px;
  padding: 5px 9px; placeholder-text-color: palette(placeholder-text);
  selection-background-color: palette(highlight);
  selection-color: palette(highlighted-text); }
QLineEdit:focus { border-color: palette(link); }
QPushButton { background: palette(light); color: palette(button-text); border: 1px solid palette(mid);
  border-radius: 7px; padding: 5px 14px; }
QPushButton:hover { background: palette(midlight); }
QPushButton:focus { border-color: palette(link); }
QPushButton:default, QPushButton[strong="true"] { border-color: palette(link); font-weight: 600; }
QPushButton:disabled { color: palette(placeholder-text); }
QComboBox, QSpinBox { background: palette(base); color: palette(text); border: 1px solid palette(mid);
  border-radius: 7px; padding: 4px 9px; selection-background-color: palette(highlight);
  selection-color: palette(highlighted-text); }
QComboBox:focus, QSpinBox:focus { border-color: palette(link); }
QComboBox:disabled, QSpinBox:disabled { background: palette(window); color: palette(placeholder-text); }
QComboBox QLineEdit, QSpinBox QLineEdit { background: transparent; border: none; padding: 0; }
QSpinBox QLineEdit { margin-left: 9px; }
QComboBox QAbstractItemView { background: palette(base); border: 1px solid palette(mid);
  selection-background-color: palette(highlight); selection-color: palette(text); }
QComboBox::drop-down { border: none; width: 26px; }
QComboBox::down-arrow, QSpinBox::down-arrow { image: url("ICONS/down.svg"); width: 10px; height: 10px; }
QSpinBox::up-arrow { image: url("ICONS/up.svg"); width: 10px; height: 10px; }
QSpinBox::up-button, QSpinBox::down-button { border: none; width: 22px; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid palette(placeholder-text);
  border-radius: 4px; background: palette(base); }
QCheckBox::indicator:checked { image: url("ICONS/check.svg"); border-color: palette(link); }
QCheckBox::indicator:disabled { border-color: palette(mid); }
QCheckBox:focus { color: palette(link); }
QDialog QPlainTextEdit { background: palette(base); border: 1px solid palette(mid); border-radius: 7px;
  padding: 4px; }
QDialog QPlainTextEdit:focus { border-color: palette(link); }
QMenuBar { background: palette(window); color: palette(window-text); padding: 2px 8px;
  border-bottom: 1px solid palette(mid); }
QMenuBar::item { padding: 4px 9px; border-radius: 5px; background: transparent; }
QMenuBar::item:disabled { color: palette(placeholder-text); }
QMenuBar::item:selected, QMenuBar::item:pressed { background: palette(midlight); }
QMenu { background: palette(window); color: palette(window-text); border: 1px solid palette(mid);
  padding: 5px; }
QMenu::item { padding: 5px 26px 5px 22px; border-radius: 5px; }
QMenu::item:selected { background: palette(highlight); }
QMenu::item:disabled { color: palette(placeholder-text); }
QMenu::separator { height: 1px; background: palette(mid); margin: 5px 8px; }
QMenu::indicator { width: 12px; height: 12px; left: 6px; }
QHeaderView { background: palette(window); border: none; }
QHeaderView::section { background: palette(window); color: palette(placeholder-text); border: none;
  padding: 2px 3px; }
QToolTip { background: palette(window); color: palette(window-text); border: 1px solid palette(mid);
  padding: 4px; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
QScrollBar::handle { background: palette(mid); border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 34px; }
QScrollBar::handle:horizontal { min-width: 34px; }
QScrollBar::handle:hover { background: palette(placeholder-text); }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""
