"""Reading comfort: the look of the text, what is drawn on it, and what stands around it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QWidget

from annotator.ui import settings as remembered
from annotator.ui.article.layers import Hidden, Layer
from annotator.ui.article.typography import FIXED, SANS, SERIF, USUAL_LETTERS, USUAL_PITCH, Look
from annotator.ui.wording import listed

if TYPE_CHECKING:
    from annotator.ui.reader_pane import ReaderPane
    from annotator.ui.window import Window

_PITCHES = (
    ("Close", 1.25),
    ("Usual", USUAL_PITCH),
    ("One and a half, and some air", 1.7),
    ("Double", 2.0),
    ("Two and a half", 2.5),
)
_COLUMNS = (
    ("Narrow, 50 letters", 50),
    ("Book, 66 letters", 66),
    (f"Usual, {USUAL_LETTERS} letters", USUAL_LETTERS),
    ("Wide, 110 letters", 110),
    ("As wide as the window", remembered.WIDEST_COLUMN),
)
_FACES = (("Serif, the usual one", SERIF), ("Sans-serif", SANS), ("Monospaced", FIXED))


class Reading(QObject):
    """What one person has chosen for reading; kept in the settings, at once."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._settings = window.settings
        self._page = window.page
        self._view = window.page.view
        self._pane: ReaderPane | None = None
        self._view.layersNeeded.connect(self._show_layers)
        window.stack.currentChanged.connect(lambda _: self._surround())
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(lambda _, now: self._came_back(now))

    def larger_text(self) -> None:
        self.set_text(self._settings.text_size * 1.1)

    def smaller_text(self) -> None:
        self.set_text(self._settings.text_size / 1.1)

    def usual_text(self) -> None:
        self.set_text(remembered.USUAL_TEXT)

    def set_text(self, points: float) -> None:
        points = round(min(max(points, remembered.SMALLEST_TEXT), remembered.LARGEST_TEXT), 1)
        self._settings.text_size = points
        self.set_look()
        self._page.line.say(f"Text size {points:g} points.")

    def restore(self) -> None:
        """Takes the choices of the settings over."""
        self._view.set_overview(self._settings.overview)
        self.set_look()
        self._view.set_layers(self._hidden)
        self._surround()
        if self._settings.reader_pane:
            self._show_pane()
        self._show_choices()

    def set_look(self) -> None:
        settings = self._settings
        look = Look(settings.text_size, settings.font, settings.line_pitch, settings.column)
        self._view.set_look(look)
        self._window.dressed.emit()
        if self._pane is not None:
            self._pane.set_look(look)

    # ---------------------------------------------------------------- the look of the text

    def choose_font(self) -> None:
        """Offers three kinds of letters and every font of the system."""
        families = [name for name in QFontDatabase.families() if not QFontDatabase.isPrivateFamily(name)]
        offered = (*_FACES, *((name, name) for name in families))
        self._offer("Font of the article", offered, self._settings.font, "font")

    def choose_pitch(self) -> None:
        self._offer("Line spacing", _PITCHES, self._settings.line_pitch, "line_pitch")

    def choose_column(self) -> None:
        self._offer("Width of the column", _COLUMNS, self._settings.column, "column")

    def _offer(
        self, prompt: str, offered: tuple[tuple[str, str | float], ...], now: str | float, setting: str
    ) -> None:
        from annotator.ui.finder import Choice

        choices = [
            Choice(text, partial(self._choose, setting, value, text), "✓" if value == now else "")
            for text, value in offered
        ]
        self._window.finder().offer(choices, prompt)

    def _choose(self, setting: str, value: str | float, text: str) -> None:
        setattr(self._settings, setting, value)
        self.set_look()
        self._keep(f"{text}.")

    # ---------------------------------------------------------------- layers

    @property
    def _hidden(self) -> Hidden:
        return frozenset(Layer(name) for name in self._settings.hidden_layers)

    def toggle_layer(self, name: str) -> None:
        """Hides or shows entities, stances, suggestions or zones; what is hidden is passed by, never lost."""
        hidden = self._hidden ^ {Layer(name)}
        self._set_hidden(hidden)
        self._keep(f"{name.capitalize()} are {'hidden' if Layer(name) in hidden else 'shown'}.")

    def _show_layers(self, needed: Hidden) -> None:
        """Shows the layers again in which something was made: what is saved is seen."""
        self._set_hidden(self._hidden - needed)
        self._keep(f"{listed(sorted(needed)).capitalize()} are shown again.")

    def _set_hidden(self, hidden: Hidden) -> None:
        self._settings.hidden_layers = sorted(hidden)
        self._view.set_layers(hidden)

    # ---------------------------------------------------------------- around the article

    def toggle_overview(self) -> None:
        self._settings.overview = not self._settings.overview
        self._view.set_overview(self._settings.overview)
        self._keep("")

    def toggle_only_article(self) -> None:
        """Puts everything but the article and the status line away, or back."""
        self._settings.only_article = not self._settings.only_article
        self._surround()
        self._view.setFocus()
        back = self._window.keys.told("view.article")
        alone = self._settings.only_article
        self._keep(f"Only the article; {back} brings the rest back." if alone else "All is shown again.")

    def _surround(self) -> None:
        """Shows what stands around the article, or does not; other pages keep their bars."""
        alone = self._settings.only_article and self._window.stack.currentWidget() is self._page
        for part in self._around():
            part.setVisible(not alone)
        self._view.set_centred(alone)

    def _around(self) -> tuple[QWidget, ...]:
        page, window = self._page, self._window
        return (page.queue_panel, page.inspector, page.header, window.top, window.menuBar())

    def _came_back(self, now: QWidget | None) -> None:
        """Puts away what showed itself for a moment (an editor, the queue's filter), once work goes on."""
        if self._settings.only_article and now is self._view:
            for part in self._around():
                part.hide()

    def toggle_reader_pane(self) -> None:
        """Shows or hides the sentence and the mark at the caret as plain words."""
        self._settings.reader_pane = not self._settings.reader_pane
        if self._settings.reader_pane:
            self._show_pane()
        elif self._pane is not None:
            self._pane.hide()
            self._view.setFocus()
        self._keep("")

    def _show_pane(self) -> None:
        from annotator.ui.reader_pane import ReaderPane

        if self._pane is None:
            self._pane = ReaderPane(self._view, self._page)
            self._page.add_pane(self._pane)
        self._pane.set_look(self._view.look)
        self._pane.show()

    # ---------------------------------------------------------------- what is told

    def _keep(self, said: str) -> None:
        remembered.save(self._settings)
        self._show_choices()
        if said:
            self._page.line.say(said)

    def _show_choices(self) -> None:
        bindings, settings = self._window.bindings, self._settings
        for layer in Layer:
            bindings[f"layer.{layer}"].setChecked(layer not in settings.hidden_layers)
        bindings["view.article"].setChecked(settings.only_article)
        bindings["view.overview"].setChecked(settings.overview)
        bindings["view.reader"].setChecked(settings.reader_pane)
