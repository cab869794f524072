"""The Dashboard page, worked by real keys: what its numbers say, and what is behind each of them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.domain.review import is_audited
from annotator.services.projects import demo
from annotator.services.review_reading import GroupReader
from annotator.storage.adjudications import write_seed
from annotator.ui import style
from annotator.ui.dashboard import Dashboard
from annotator.ui.figure_table import Cell, FigureTable, Layout
from annotator.ui.window import Window
from tests.keys import parsed
from tests.ui.desk import make_project


@dataclass
class Lead:
    """Someone at the window, who presses keys and reads the dashboard."""

    window: Window
    qtbot: QtBot

    def press(self, *keys: str) -> None:
        for key in keys:
            focus = QApplication.focusWidget()
            assert focus is not None, f"nothing has the focus for {key}"
            QTest.keyClick(focus, *parsed(key))

    @property
    def dashboard(self) -> Dashboard:
        return self.window.dashboard

    def open(self) -> None:
        """Ctrl+3, and the wait until the figures are there."""
        self.press("Ctrl+3")
        self.qtbot.waitUntil(lambda: self.dashboard.overview is not None)

    def table(self, name: str) -> FigureTable:
        body = self.dashboard.page.sections[name].body
        assert isinstance(body, FigureTable)
        return body

    def cell(self, table: FigureTable, row: str, column: str) -> Cell:
        found = next(each for each in table.table.rows if each.head == row and each.cells)
        return found.cells[table.table.columns.index(column)]

    def go(self, table: FigureTable, row: str, column: str) -> Cell:
        """Walks to a number with Tab and the arrows."""
        for _ in range(40):
            if QApplication.focusWidget() is table:
                break
            self.press("Tab")
        rows = [each.head if each.cells else None for each in table.table.rows]
        wanted = (rows.index(row), table.table.columns.index(column))
        for _ in range(80):
            at = table._at
            assert at is not None
            if at == wanted:
                break
            down, right = wanted[0] - at[0], wanted[1] - at[1]
            self.press("Down" if down > 0 else "Up" if down else "Right" if right > 0 else "Left")
        found = table.cell()
        assert found is self.cell(table, row, column)
        return found

    def behind(self) -> list[str]:
        """Enter, and what is then listed."""
        self.press("Return")
        self.qtbot.waitUntil(lambda: self.dashboard._looking is None)
        return [place.words or place.title for place in self.dashboard.page.pane.places()]


@pytest.fixture
def lead(open_window: Callable[..., Window], tmp_path: Path, qtbot: QtBot) -> Lead:
    """Ana at the sample, in which Noor and Robin have finished everything."""
    window = open_window()
    window.files.open(demo(tmp_path))
    return Lead(window, qtbot)


def test_the_number_that_differ_stands_with_how_many_the_review_has(lead: Lead) -> None:
    lead.open()

    def said() -> tuple[str, str]:
        table = lead.dashboard.page.head.table
        number, below = (row.cells[table.columns.index("Marks that differ")] for row in table.rows)
        return number.said, below.text

    assert said()[1] == "differ; Review adds 2 and audits"
    assert "adds 2 in the edges of a holder or target alone, and an audit of what all mark alike" in said()[0]
    lead.press("Ctrl+2")
    review = lead.window.review
    lead.qtbot.waitUntil(lambda: review.queue is not None and not review.settling.active)
    assert review.queue is not None
    listed = len(review.queue.items)
    lead.press("Ctrl+3")
    lead.qtbot.waitUntil(lambda: said()[1] == f"differ; {listed} in the Review")
    assert f"The review has {listed} places: 50 that differ, 2 in the edges" in said()[0]


def test_the_caveat_is_read_also_where_many_are_compared(lead: Lead) -> None:
    lead.open()
    overview = lead.dashboard.overview
    assert overview is not None
    assert overview.agreed is not None
    facts, names = lead.dashboard.page.facts, tuple(f"annotator {n}" for n in range(20))
    assert facts.text().startswith("Below 10 articles, intervals are too narrow · 6 articles")
    assert facts.text().endswith("· Noor and Robin")
    many = replace(overview, agreed=replace(overview.agreed, annotators=names))
    lead.dashboard.page.show_overview(many, pair=(), advice="")
    assert facts.text().endswith("· 20 annotators")
    assert facts.toolTip().endswith("annotator 18 and annotator 19")


def test_the_key_opens_it_and_goes_back(lead: Lead) -> None:
    lead.open()
    assert lead.window.stack.currentWidget() is lead.dashboard.page
    assert QApplication.focusWidget() is lead.dashboard.page.head
    lead.press("Ctrl+3")
    assert lead.window.stack.currentWidget() is lead.window.page


def test_a_cell_of_the_confusion_lists_its_places_and_opens_the_review_at_one(lead: Lead) -> None:
    lead.open()
    table = lead.table("entities")
    assert lead.go(table, "GPE", "LOC").text == "6"
    words = lead.behind()
    assert len(words) == 6
    assert words.count("Flores") == 2
    assert {place.said for place in lead.dashboard.page.pane.places()} == {"GPE · LOC"}, "not who said it"
    assert QApplication.focusWidget() is lead.dashboard.page.pane.list
    lead.press("Down", "Return")
    review = lead.window.review
    assert lead.window.stack.currentWidget() is review.page
    assert review.item is not None
    assert review.item.group.words == words[1]
    assert review.page.model.rowCount() == 6, "the review lists the same cases"


def test_what_all_agree_on_opens_in_the_article(lead: Lead) -> None:
    lead.open()
    assert lead.go(lead.table("entities"), "PERSON", "PERSON").text == "48"
    words = lead.behind()
    lead.press("Return")
    page = lead.window.page
    assert lead.window.stack.currentWidget() is page
    assert page.view.selection is not None
    assert page.view.selection.of(page.text()) == words[0]


def test_without_two_annotators_it_says_what_to_do(
    open_window: Callable[..., Window], tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    window.files.open(make_project(tmp_path))
    lead = Lead(window, qtbot)
    lead.open()
    page = lead.dashboard.page
    assert page.why.isVisible()
    assert page.why.text() == "Nobody has finished an article yet."
    assert "Ctrl+Shift+H" in page.advice.text()
    assert not page.head.isVisible()
    lead.press("Escape")
    assert window.stack.currentWidget() is window.page


def test_new_work_is_counted_when_the_page_is_opened_again(lead: Lead) -> None:
    lead.open()
    assert lead.dashboard.overview is not None
    assert lead.dashboard.overview.agreed is not None
    assert lead.dashboard.overview.agreed.annotators == ("Noor", "Robin")
    lead.press("Ctrl+3", "Ctrl+Return")
    first = lead.dashboard.overview
    lead.press("Ctrl+3")
    lead.qtbot.waitUntil(lambda: lead.dashboard.overview is not first)
    assert lead.dashboard.overview.agreed is not None
    assert lead.dashboard.overview.agreed.annotators == ("Noor", "Robin", "ana")


def test_a_dot_of_the_chart_lists_its_articles(lead: Lead) -> None:
    lead.open()
    chart = lead.dashboard.page.sections["over_time"].body
    lead.press("Tab")
    assert QApplication.focusWidget() is chart
    lead.press("Right", "Down")
    agreed = lead.dashboard.overview and lead.dashboard.overview.agreed
    assert agreed is not None
    assert chart.accessibleDescription().startswith("Stances, F1 whole, 20 Nov to 21 Nov, 2 articles: .8")
    titles = lead.behind()
    assert len(titles) == 2
    lead.press("Return")
    assert lead.window.page.article is not None
    assert lead.window.page.article.id == agreed.points[1].articles[0]


def test_escape_goes_from_the_places_to_the_number_and_then_to_the_articles(lead: Lead) -> None:
    lead.open()
    table = lead.table("labels")
    lead.go(table, "LOC", "marks")
    lead.behind()
    lead.press("Escape")
    assert QApplication.focusWidget() is table
    lead.press("F6")
    assert QApplication.focusWidget() is lead.dashboard.page.pane.list
    lead.press("F6", "Escape")
    assert lead.window.stack.currentWidget() is lead.window.page


def test_two_annotators_are_chosen_by_key(lead: Lead) -> None:
    lead.press("Ctrl+Return")
    lead.open()
    lead.press("C")
    QTest.keyClicks(QApplication.focusWidget(), "Robin and ana")
    lead.press("Return")
    lead.qtbot.waitUntil(lambda: lead.dashboard.overview is not None)
    agreed = lead.dashboard.overview and lead.dashboard.overview.agreed
    assert agreed is not None
    assert agreed.annotators == ("Robin", "ana")
    assert len(agreed.articles) == 1
    assert lead.table("entities").table.corner == "Robin ↓  ana →"


def test_the_report_and_pictures_are_written(
    lead: Lead, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead.open()
    wanted = [
        tmp_path / name for name in ("r.html", "r.md", "time.svg", "confusion.svg", "confusion.png", "r.json")
    ]
    paths = iter(wanted)
    monkeypatch.setattr(lead.window.files, "ask_save", lambda *_: next(paths))
    lead.press("Ctrl+E", "Ctrl+E", "P")
    lead.go(lead.table("entities"), "GPE", "LOC")
    lead.press("P", "P", "Ctrl+E")
    html, markdown = (path.read_text("utf-8") for path in wanted[:2])
    assert "<svg" in html
    assert "Noor and Robin; 6 of 6 articles" in html
    assert "| F1, strict | .899 | [.875, .912] | 396 marks |" in markdown
    assert "Dawid-Skene, MACE: undefined, because" in markdown
    assert "Agreement over time" in wanted[2].read_text("utf-8")
    assert "EVENT" in wanted[3].read_text("utf-8")
    assert wanted[4].read_bytes().startswith(b"\x89PNG")
    figures = {json.dumps(each) for each in json.loads(wanted[5].read_text("utf-8"))["figures"]}
    assert any('"figure": "f1_strict"' in each and '"n": 396' in each for each in figures)
    assert markdown.count(" | 2 articles | ") == 3
    assert "Stances, F1, strict" in markdown


def test_a_table_too_wide_for_its_place_cuts_words_and_no_column(lead: Lead) -> None:
    lead.open()
    for section in lead.dashboard.page.sections.values():
        if isinstance(section.body, FigureTable) and section.body.table.rows:
            layout = Layout.of(section.body.table, section.body.font(), 320)
            assert layout.lefts[-1] + layout.widths[-1] <= 320.5, section.body.table.name


def test_reading_can_be_ended_and_begun_again(lead: Lead) -> None:
    lead.press("Ctrl+3", "Escape")
    assert lead.window.stack.currentWidget() is lead.dashboard.page, "the first Esc ends the reading"
    assert lead.dashboard.overview is None
    lead.press("F5")
    lead.qtbot.waitUntil(lambda: lead.dashboard.overview is not None)


def test_the_frame_of_the_first_large_number_is_whole(lead: Lead) -> None:
    lead.open()
    head = lead.dashboard.page.head
    lead.window.setFocus()
    plain = head.grab().toImage()
    head.setFocus()
    framed = head.grab().toImage()
    ratio = round(framed.devicePixelRatio())
    columns = [
        x
        for x in range(framed.width())
        if any(framed.pixel(x, y) != plain.pixel(x, y) for y in range(framed.height()))
    ]
    assert columns
    assert columns[0] > ratio, "its left edge stands within the table"


def test_the_audit_says_what_is_left_of_it_and_opens_it_in_the_review(lead: Lead) -> None:
    project = lead.window.project
    assert project is not None
    unanimous = GroupReader(project.path).read(0).unanimous
    keys = [(article, digest) for article, digests in unanimous.items() for digest in digests]
    drawing = next(seed for seed in count() if any(is_audited(seed, *key) for key in keys))
    with project.writing() as db:
        db.execute("DELETE FROM meta WHERE key='review seed'")
        write_seed(db, drawing)
    lead.press("Ctrl+2")
    review = lead.window.review
    lead.qtbot.waitUntil(lambda: review.queue is not None and not review.settling.active)
    assert review.queue is not None
    drawn = [item for item in review.queue.items if item.audit]
    lead.open()
    table = lead.table("audit")
    kind = "Stances" if drawn[0].group.is_stance else "Entities"
    of_kind = sorted(item.group.words for item in drawn if item.group.is_stance is drawn[0].group.is_stance)
    assert lead.cell(table, kind, "looked at").text == "0"
    lead.go(table, kind, "left")
    assert sorted(lead.behind()) == of_kind
    lead.press("Return")
    item = review.item
    assert item is not None
    assert item.audit
    lead.press("0")
    lead.press("Ctrl+3")
    lead.qtbot.waitUntil(lambda: lead.cell(lead.table("audit"), kind, "overturned").text == "1")


@pytest.mark.parametrize(("width", "least"), [(900, 178.0), (640, 100.0)])
def test_large_numbers_share_the_room_so_that_no_word_is_cut(lead: Lead, width: int, least: float) -> None:
    lead.open()
    head = lead.dashboard.page.head
    layout = Layout.of(head.table, head.font(), width)
    small = QFontMetricsF(style.sized(head.font(), 0.66))
    for n, column in enumerate(head.table.columns):
        words = [column, *(row.cells[n].text for row in head.table.rows if row.cells and row.cells[n].dim)]
        assert layout.widths[n] > max(small.horizontalAdvance(each) for each in words)
        assert layout.widths[n] >= least
    assert layout.lefts[-1] + layout.widths[-1] <= width + 1e-6
