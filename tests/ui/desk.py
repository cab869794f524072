"""A window with a project of three articles, worked by real keys sent to whatever has the focus."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.domain.label_file import parse_label_set
from annotator.domain.marks import Entity, Part, Shown, Stance
from annotator.domain.text import Span
from annotator.places import resource
from annotator.services.importing import Choices, import_files
from annotator.services.suggesting import Suggesting
from annotator.storage.project import Project
from annotator.suggest.client import Answer, Proposal
from annotator.ui.label_page import LabelPage
from annotator.ui.window import Window
from tests.keys import parsed

_ENOUGH_S = 60
STRIKE = """Dockers halt their strike

Union leader Priya Nair told Harbour Radio that the members accept the offer.
Marco Silva of the Green League condemned the deal. Nair said Rotterdam was calm.

Advertisement
"""
FERRY = """Council votes for ferries

Solveig Aasland of Bergen backed the electric ferries on Tuesday.
"""
MUSIC = """Festival moves its stage

Leila Haddad said in Marseille that the music goes on.
"""


def nth(text: str, words: str, n: int = 0) -> Span:
    """The span of the n-th (from 0) place where the words stand."""
    start = -1
    for _ in range(n + 1):
        start = text.index(words, start + 1)
    return Span(start, start + len(words))


def proposals(text: str, *entities: tuple[str, str, float]) -> tuple[Proposal, ...]:
    """Entity proposals of `(words, label, score)`, in the order of the text."""
    found = [Proposal("entity", label, nth(text, words), score) for words, label, score in entities]
    return tuple(sorted(found, key=lambda proposal: proposal.span))


SUGGESTED = {
    STRIKE: (
        *proposals(
            STRIKE,
            ("Priya Nair", "PERSON", 0.97),
            ("Harbour Radio", "ORG", 0.81),
            ("Marco Silva", "ORG", 0.55),
            ("Rotterdam", "GPE", 0.93),
        ),
        Proposal(
            "stance",
            "FAVOR",
            nth(STRIKE, "condemned the deal"),
            0.62,
            holder=Part(nth(STRIKE, "Marco Silva")),
            target=None,
        ),
    ),
    FERRY: proposals(FERRY, ("Solveig Aasland", "PERSON", 0.9), ("Bergen", "GPE", 0.8)),
}


def make_project(folder: Path) -> Path:
    """A project of the three articles with suggestions for the first two; nobody has labelled in it."""
    path = folder / "harbour.annot"
    texts = folder / "texts"
    texts.mkdir()
    for n, text in enumerate((STRIKE, FERRY, MUSIC)):
        (texts / f"{n}.txt").write_bytes(text.encode())
    labels = parse_label_set(resource("labels", "news.toml").read_text("utf-8"))
    with Project.create(path, labels) as project:
        import_files(project, sorted(texts.iterdir()))
        for article_id, text in project.db.execute("SELECT id,text FROM article").fetchall():
            if text in SUGGESTED:
                Suggesting(project).store(Answer(article_id, "test", "1", SUGGESTED[text]))
    return path


@dataclass
class Hands:
    """Someone at the window of a project, who presses keys."""

    window: Window
    path: Path

    def press(self, *keys: str) -> None:
        """Sends keys such as `A`, `Ctrl+Shift+Z`, `Tab`, one after another, to what has the focus."""
        for key in keys:
            focus = QApplication.focusWidget()
            assert focus is not None, f"nothing has the focus for {key}"
            QTest.keyClick(focus, *parsed(key))

    def type(self, text: str) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClicks(focus, text)


class Desk(Hands):
    """Someone at the label page."""

    def bring_in(self, *files: Path) -> None:
        """Imports files as they say, and waits until the window has its project back."""
        before = self.window.project
        self.window.exchange.bring_in(files, Choices())
        self._wait(lambda: self.window.project not in (None, before) and self.window.notice.isVisible())

    def write_out(self, place: Path) -> None:
        """Exports one's own labels by keys, and leaves the dialog when they are written."""
        self.press("Ctrl+E")
        dialog = self.window.exchange.asked()
        dialog.target.setText(str(place))
        dialog.target.setFocus()
        self._wait(dialog.target.hasFocus)
        self.press("Enter")
        self._wait(lambda: not dialog.busy)
        dialog.close()

    def _wait(self, done: Callable[[], bool]) -> None:
        end = time.monotonic() + _ENOUGH_S
        while not done():
            assert time.monotonic() < end
            QTest.qWait(10)

    @property
    def page(self) -> LabelPage:
        return self.window.page

    @property
    def text(self) -> str:
        assert self.page.article is not None
        return self.page.article.text

    @property
    def said(self) -> str:
        """The passing message of the status line."""
        return self.page.line.message.text()

    @property
    def focused(self) -> Shown | None:
        return self.page.marks.get(self.page.view.focused)

    def words(self, shown: Shown | None) -> str:
        assert shown is not None
        return shown.mark.span.of(self.text)

    def mark(self, words: str, kind: type = Entity) -> Shown:
        """The mark on exactly these words."""
        return next(
            shown
            for shown in self.page.marks
            if shown.mark.span.of(self.text) == words and isinstance(shown.mark, kind)
        )

    def stance(self, words: str) -> Stance:
        mark = self.mark(words, Stance).mark
        assert isinstance(mark, Stance)
        return mark

    def select(self, words: str, n: int = 0) -> None:
        """Selects words of the article, as a drag of the mouse would."""
        self.page.view.set_selection(nth(self.text, words, n))

    def stored(self) -> list[str]:
        """What the file holds now for this annotator, read by another connection: `LABEL words`."""
        assert self.page.labelling is not None
        assert self.page.article is not None
        shown = self.page.labelling.open(self.page.article.id).shown
        return [f"{each.mark.label} {each.mark.span.of(self.text)}" for each in shown if not each.suggested]
