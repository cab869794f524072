"""The article view against plain `QPainter.drawText`: a page, one mark, a key press to its highlight.

CPU time of the process, in ratios of one run: the machine may be busy.
"""

import gc
import os
import random
import statistics
import time
from collections.abc import Callable
from itertools import count

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from annotator.domain.changes import Change
from annotator.domain.label_file import parse_label_set
from annotator.domain.labels import LabelSet
from annotator.domain.marks import Entity, Part, Provenance, Shown, Source, Stance
from annotator.domain.text import Span, words
from annotator.places import resource
from annotator.ui.article import ArticleView
from annotator.ui.article.display import display_copy
from annotator.ui.theme import Theme
from tests.benchmarks.line import Line

SIZE = (1180, 900)
ROUNDS = 60
TURNS = 12  # of each subject, so that a busy machine slows all alike
PRESSES = 25  # in a turn
# Name, code points, marks, and whether there are line ends.
SUBJECTS = (
    ("3 KB / 40 marks", 3_000, 40, True),
    ("1 MB / 10,000 marks", 1_000_000, 10_000, True),
    ("1 MB in one paragraph", 1_000_000, 10_000, False),
    ("10 MB / 100,000 marks", 10_000_000, 100_000, True),
)
_VOCABULARY = """ministers talks delegation said harbour council would not sign before winter while observers
welcomed an agreement on grain and prisoners that Velia had long refused because of Aldery where the border
runs""".split()  # noqa: SIM905


def run() -> list[Line]:
    app = QApplication.instance() or QApplication([])
    app.setStyle("Fusion")
    lines: list[Line] = []
    subjects: dict[str, Subject] = {}
    for name, length, marks, paragraphs in SUBJECTS:
        subject = subjects[name] = Subject(length, marks, paragraphs=paragraphs)
        page, mark = subject.repaints()
        lines.append(Line(f"page repaint / drawText, {name}", page, "x", "<= 2.0", page <= 2.0))
        lines.append(Line(f"one-mark repaint / drawText, {name}", mark, "x", "<= 1.0", mark <= 1.0))
    gc.freeze()  # what the subjects hold is not looked through in the midst of a key press, as in the window
    costs: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(TURNS):
        for name, subject in subjects.items():
            costs[name] += subject.presses()
    presses = {name: statistics.quantiles(each, n=20)[-1] * 1000 for name, each in costs.items()}
    for name, slow in presses.items():
        key_press = f"key press to painted highlight, p95, {name}"
        lines.append(Line(key_press, slow, "ms CPU", "<= 16", slow <= 16))
    smallest, *others = presses
    for name in others:
        growth = presses[name] / presses[smallest]
        what = f"key press to highlight, p95, {name} / {smallest}"
        lines.append(Line(what, growth, "x", "<= 1.5", growth <= 1.5))
    return lines


class Plain(QWidget):
    """The lines of a page drawn by `drawText`, on the same kind of surface as the view's."""

    def __init__(self, view: ArticleView) -> None:
        super().__init__()
        self.resize(view.viewport().size())
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._font = view._typography.text
        self._lines: list[tuple[QPointF, str]] = []
        for seen in view._page.visible(view.viewport().height()):
            layout = seen.laid.layout
            for number in range(layout.lineCount()):
                line = layout.lineAt(number)
                text = layout.text()[line.textStart() : line.textStart() + line.textLength()]
                self._lines.append((QPointF(28, seen.y + line.y() + line.ascent()), display_copy(text)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(event.rect(), Qt.GlobalColor.white)
            painter.setFont(self._font)
            for at, text in self._lines:
                painter.drawText(at, text)
        finally:
            painter.end()


class Subject:
    """A view that shows a made-up article of some size, scrolled to its middle."""

    def __init__(self, length: int, marks: int, *, paragraphs: bool) -> None:
        labels = parse_label_set(resource("labels", "news.toml").read_text(encoding="utf-8"))
        text = made_up(length) if paragraphs else made_up(length).replace("\n\n", "  ")
        self.view = ArticleView()
        self.view.resize(*SIZE)
        self.view.set_labels(labels)
        self.view.set_theme(Theme.of("light", labels))
        self.view.show()
        self.view.set_article(text, (), made_up_marks(text, marks, labels))
        middle = text.index(".", length // 2) + 3 if length > 10_000 else 0
        self.view.set_selection(Span(middle, middle + 1))
        self.view.set_selection(None)
        QApplication.processEvents()
        ids = self.view.visible_ids()
        shown = [self.view.mark(mark_id) for mark_id in ids]
        self.entities = [mark for mark in shown if isinstance(mark.mark, Entity)]
        self._free = self._unmarked(text)
        self._rolls = random.Random(7)
        self._numbers = count()
        QShortcut(QKeySequence("1"), self.view).activated.connect(self._label)

    def repaints(self) -> tuple[float, float]:
        """Ratios to drawText of the same page: of a page, and of one changed mark."""
        plain = Plain(self.view)
        plain.show()
        QApplication.processEvents()
        states = count()

        def one_mark() -> None:
            state = next(states)
            shown = self.entities[state // 2 % len(self.entities)]
            source = Source.ACCEPTED if state % 2 else None
            self.apply(Shown(shown.mark, source, shown.provenance))

        costs: list[list[float]] = [[], [], []]
        jobs: tuple[Callable[[], None], ...] = (plain.repaint, self.view.viewport().repaint, one_mark)
        for _ in range(ROUNDS):
            for job, cost in zip(jobs, costs, strict=True):
                cost.append(cpu(job))
        plain.close()
        text, page, mark = (statistics.median(cost) for cost in costs)
        return page / text, mark / text

    def presses(self) -> list[float]:
        """Seconds of CPU from a key press that labels a word to its highlight on the screen, of one turn."""
        self.view.activateWindow()
        self.view.setFocus()
        QTest.qWaitForWindowActive(self.view)
        costs = []
        for _ in range(PRESSES):
            costs.append(cpu(lambda: QTest.keyClick(self.view, Qt.Key.Key_1)))
            made = next(self._numbers) - 1
            if f"new{made}" not in self.view.visible_ids():
                raise RuntimeError("the key did not reach the view")
            self.view.apply(Change("undo", 1, "", 0, gone=(f"new{made}",)))
            QApplication.processEvents()
        return costs

    def _unmarked(self, text: str) -> list[Span]:
        """Words in view that are in no entity, but for the last lines: a longer one may push these out."""
        seen = [shown.mark.span for shown in self.entities]
        start, end = seen[0].start, seen[-1 - len(seen) // 4].end
        found = (Span(start + word.start, start + word.end) for word in words(text[start:end]))
        return [word for word in found if not any(span.start <= word.start < span.end for span in seen)]

    def _label(self) -> None:
        span = self._rolls.choice(self._free)
        self.apply(Shown(Entity(f"new{next(self._numbers)}", span, "PERSON"), Source.ADDED))

    def apply(self, shown: Shown) -> None:
        """One change, painted."""
        self.view.apply(Change("gesture", 1, "", 0, now=(shown,)))
        QApplication.processEvents()


def cpu(job: Callable[[], object]) -> float:
    start = time.process_time()
    job()
    QApplication.processEvents()
    return time.process_time() - start


def made_up(length: int) -> str:
    """Paragraphs of 200 to 600 letters with a blank line between."""
    rolls = random.Random(3)
    parts: list[str] = []
    size = 0
    while size < length:
        sentence = " ".join(rolls.choices(_VOCABULARY, k=rolls.randint(35, 100))).capitalize() + "."
        parts.append(sentence)
        size += len(sentence) + 2
    return "\n\n".join(parts)[:length]


def made_up_marks(text: str, wanted: int, labels: LabelSet) -> list[Shown]:
    """Marks spread evenly: of ten, eight entities (half of them suggested), two stances."""
    rolls = random.Random(5)
    found: list[Shown] = []
    step = len(text) // wanted
    for number in range(wanted):
        window = text[number * step : number * step + step]
        near = [word for word in words(window) if word.end < len(window)]
        first = rolls.choice(near[: max(1, len(near) // 2)])
        start = number * step + first.start
        paragraph = text.find("\n", start)
        limit = paragraph if paragraph >= 0 else len(text)
        proposed = rolls.random() < 0.5
        provenance = Provenance("en_news", "1.0", 0.83) if proposed else None
        source = None if proposed else Source.ADDED
        if number % 10 in (3, 8) and limit - start > 60:
            part = Part(Span(start, start + len(first)))
            label = rolls.choice(labels.polarities).name
            stance = Stance(f"m{number}", Span(start, start + 50), label, part, part)
            found.append(Shown(stance, source, provenance))
        else:
            entity = Entity(
                f"m{number}", Span(start, number * step + first.end), rolls.choice(labels.entities).name
            )
            found.append(Shown(entity, source, provenance))
    return found
