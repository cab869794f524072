"""The queue of a hundred thousand articles: rows are read only where they are looked at."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from annotator.domain.articles import Status
from annotator.domain.queue_filter import QueueFilter
from annotator.services.labelling import Labelling
from annotator.services.queue import Queue
from annotator.storage.project import Access, Project
from annotator.ui.queue_filter_dialog import FilterDialog
from annotator.ui.queue_model import ROW, QueueModel
from annotator.ui.queue_panel import QueuePanel
from annotator.ui.wording import about
from tests.storage.samples import LABELS, fill
from tests.ui.desk import Desk


@pytest.fixture
def project(tmp_path: Path) -> Project:
    with Project.create(tmp_path / "many.annot", LABELS) as project:
        fill(project, 500)
        yield project


def test_only_the_rows_looked_at_are_read(project: Project, qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    model = QueueModel(parent)
    model.show(Queue(project, "ana"), None, QueueFilter())
    assert model.rowCount() == 500
    asked: list[str] = []
    project.db.set_trace_callback(lambda sql: asked.append(sql) if "FROM article" in sql else None)
    assert model.index(300).data(ROW).title == "Alice praised Bob in Oslo, day 300."
    assert model.index(301).data(ROW) is not None
    assert 0 < len(asked) <= 64
    project.db.set_trace_callback(None)


def test_an_article_that_is_done_leaves_when_another_is_opened(project: Project, qtbot: QtBot) -> None:
    panel = QueuePanel()
    qtbot.addWidget(panel)
    queue = Queue(project, "ana")
    panel.set_queue(queue)
    first, second = queue.ids(None, "")[:2]
    panel.set_current(first)
    Labelling(project, "ana").set_status(first, Status.DONE)
    panel.refresh(first)
    assert panel.model.rowCount() == 500
    panel.set_current(second)
    assert panel.model.rowCount() == 499
    assert panel.neighbour(second, -1) is None
    assert panel.chips[0].accessibleName() == "To do, 499"


def test_the_neighbour_of_a_hidden_article_is_the_nearest_that_is_listed(
    project: Project, qtbot: QtBot
) -> None:
    panel = QueuePanel()
    qtbot.addWidget(panel)
    queue = Queue(project, "ana")
    panel.set_queue(queue)
    ids = queue.ids(None, "")
    panel.set_current(ids[7])
    panel.field.setText('"day 3."')
    panel.reload()
    assert [panel.model.id_at(row) for row in range(panel.model.rowCount())] == [ids[3]]
    assert panel.neighbour(ids[7], -1) == ids[3]
    assert panel.neighbour(ids[7], 1) is None
    panel.type_filter('"day 33."')
    assert panel.neighbour(ids[7], 1) == ids[33]


def test_a_row_that_goes_does_not_have_every_other_asked_for(project: Project, qtbot: QtBot) -> None:
    panel = QueuePanel()
    qtbot.addWidget(panel)
    panel.resize(300, 600)
    queue = Queue(project, "ana")
    panel.set_queue(queue)
    panel.show()
    ids = queue.ids(None, "")
    panel.set_current(ids[0])
    QApplication.processEvents()
    asked: list[int] = []
    count = QueueModel.rowCount
    panel.model.rowCount = lambda *index: asked.append(1) or count(panel.model, *index)
    panel.model.drop(ids[5])
    panel.set_current(ids[9])
    QApplication.processEvents()
    assert 0 < len(asked) < 100


def test_the_least_certain_articles_come_first_and_finishing_goes_down_that_list(desk: Desk) -> None:
    page, panel = desk.page, desk.page.queue_panel
    strike, ferry, music = page.queue.ids(None, "")
    desk.window.bindings["queue.uncertain"].trigger()
    assert [panel.model.id_at(row) for row in range(3)] == [strike, ferry, music]
    for each in [each for each in page.marks if each.score < 0.9]:
        page.labelling.accept(strike, each.id)
    panel.reload()
    assert [panel.model.id_at(row) for row in range(3)] == [ferry, strike, music]
    page.open_article(ferry)
    desk.press("Ctrl+Return", "Return")
    assert page.article.id == strike
    page.open_article(music)
    desk.press("Ctrl+Return")
    assert page.article.id == strike
    desk.window.bindings["queue.file"].trigger()
    assert panel.model.id_at(0) == strike
    assert desk.window.settings.queue_sort == "file"


def test_the_least_certain_article_is_one_key_away(desk: Desk) -> None:
    strike, ferry, music = desk.page.queue.ids(None, "")
    desk.page.open_article(music)
    desk.press("Ctrl+U")
    assert desk.page.article.id == strike
    desk.press("Ctrl+U")
    assert desk.page.article.id == ferry


def listed(desk: Desk) -> list[str]:
    """The second lines of the queue's rows, as a screen reader hears the rows."""
    model = desk.page.queue_panel.model
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def test_a_typed_filter_lists_what_fits_with_the_words_found(desk: Desk) -> None:
    desk.press("Ctrl+L")
    desk.type("text:green")
    desk.press("Down")
    (row,) = listed(desk)
    assert row.startswith("Dockers halt their strike, to do, ")
    assert "Green League" in row
    desk.press("Ctrl+L")
    desk.type("nothing")
    desk.page.queue_panel.reload()
    assert listed(desk) == []
    assert "text:nothing looks in the texts" in desk.page.queue_panel._empty.text()
    desk.page.queue_panel.type_filter("is:strange")
    assert "flagged" in desk.page.queue_panel._empty.text()


def test_an_empty_list_says_how_else_to_look(desk: Desk) -> None:
    panel = desk.page.queue_panel
    panel.type_filter("number 77")
    assert panel._empty.text().endswith("text:number text:77 looks in the texts.")
    panel.type_filter('"no such thing"')
    assert panel._empty.text().endswith('text:"no such thing" looks in the texts.')
    panel.type_filter("titel:ferry")
    assert "“titel:” is no field; these are text, label, suggested," in panel._empty.text()
    assert "text:titel" not in panel._empty.text()
    panel.type_filter("title:ferries")
    assert len(listed(desk)) == 1


def test_what_there_is_not_is_told_with_what_there_is(desk: Desk) -> None:
    panel = desk.page.queue_panel
    told = {}
    for typed in ("label:NOPE", "suggested:nope", "label:flagged", "name:Nair", "source:radio", "flagged"):
        panel.type_filter(typed)
        assert listed(desk) == []
        told[typed] = panel._empty.text()
    labels = "Labels are PERSON, NORP, ORG, GPE, LOC, FAC, EVENT, DATE, FAVOR, AGAINST and NEUTRAL."
    assert told["label:NOPE"] == f"No label is called NOPE.\n\n{labels}"
    assert labels in told["suggested:nope"]
    assert told["label:flagged"].endswith("is:flagged goes by the status.")
    assert told["name:Nair"] == "None of your marks has a name yet."
    assert told["source:radio"] == "No article here has a source."
    assert told["flagged"].endswith("is:flagged goes by the status.")
    panel.type_filter("label:PERSON")
    assert panel._empty.text().endswith("label: goes by your own marks; suggested:PERSON by suggestions.")
    desk.press("Tab", "A")
    panel.type_filter("label:person")
    assert len(listed(desk)) == 1


def test_a_field_without_a_value_says_what_it_goes_with(desk: Desk) -> None:
    panel = desk.page.queue_panel
    desk.press("Tab", "A", "Shift+Tab", "M")
    desk.type("Nair, Priya")
    desk.press("Return", "Ctrl+L")
    told = {}
    for typed in ("label:", "name:", "source:", "status:", "date:", "text:", "note:", "-label:NOPE"):
        panel.type_filter(typed)
        assert listed(desk), typed
        assert panel._hint.isVisible()
        told[typed] = panel._hint.text()
    assert told["label:"].startswith("label: goes with PERSON, NORP,")
    assert told["name:"] == "name: goes with Nair, Priya."
    assert told["source:"] == "No article here has a source."
    assert "todo" in told["status:"]
    panel.type_filter("name:Zz")
    assert panel._empty.text() == "No name of your marks has “Zz” in it.\n\nNames are Nair, Priya."
    assert told["-label:NOPE"].startswith("No label is called NOPE.")
    assert all("2024-01-31" in told[typed] for typed in ("date:",))
    for typed in ("", '"', "-", "label:PERSON", "is:todo"):
        panel.type_filter(typed)
        assert not panel._hint.isVisible(), typed


def test_finishing_goes_to_the_next_article_of_the_filter(desk: Desk) -> None:
    strike, ferry, music = desk.page.queue.ids(None, "")
    desk.page.queue_panel.type_filter("text:marseille")
    desk.page.open_article(strike)
    desk.press("Ctrl+Return", "Return")
    assert desk.page.article.id == music
    desk.press("Ctrl+Return")
    assert desk.page.article.id == music
    assert desk.said == "No article of this filter is left to do."
    assert ferry in desk.page.queue.ids({Status.TODO}, "")


def test_the_next_of_a_filter_is_asked_for_by_the_dozen(project: Project, qtbot: QtBot) -> None:
    panel = QueuePanel()
    qtbot.addWidget(panel)
    queue = Queue(project, "ana")
    panel.set_queue(queue)
    panel.type_filter("text:praised")
    labelling = Labelling(project, "ana")
    ids = queue.ids(None, "")
    for each in ids[:100]:
        labelling.set_status(each, Status.DONE)
    asked: list[str] = []
    project.db.set_trace_callback(lambda sql: asked.append(sql) if sql.startswith("SELECT") else None)
    assert panel.following(ids[0]) == ids[100]
    assert panel.following(ids[499]) == ids[100]
    assert len(asked) <= 4
    assert panel.following(ids[200]) == ids[201]
    project.db.set_trace_callback(None)


def test_before_the_next_article_stands_the_one_that_was_finished(desk: Desk) -> None:
    strike, ferry, music = desk.page.queue.ids(None, "")
    desk.press("Ctrl+Return", "Return", "Ctrl+Shift+Return")
    assert desk.page.article.id == music
    desk.press("Ctrl+PgUp")
    assert desk.page.article.id == ferry
    desk.press("Ctrl+PgUp")
    assert desk.page.article.id == strike
    desk.press("Ctrl+PgUp")
    assert desk.page.article.id == strike
    assert desk.said == "This is the first article of “To do”."
    desk.press("Ctrl+PgDown")
    assert desk.page.article.id == music, "finished and skipped ones are not to do"
    desk.press("Ctrl+PgDown")
    assert desk.said == "This is the last article of “To do”."
    desk.page.queue_panel.type_filter("text:marseille")
    desk.press("Ctrl+PgDown")
    assert desk.said == "This is the last article of this filter."


def test_an_article_is_skipped_reopened_and_noted_by_keys(desk: Desk) -> None:
    strike, ferry, _ = desk.page.queue.ids(None, "")
    desk.press("Shift+I")
    desk.type("ask Priya")
    desk.press("Enter")
    assert desk.page.queue.row(strike).note == "ask Priya"
    desk.press("Ctrl+Shift+Return")
    assert desk.page.article.id == ferry
    assert desk.page.queue.row(strike).status is Status.SKIPPED
    desk.page.open_article(strike)
    desk.press("Ctrl+R")
    assert desk.page.queue.row(strike).status is Status.DOING
    desk.press("Ctrl+Z", "Ctrl+Z", "Ctrl+Z")
    assert desk.page.queue.row(strike).note is None


def test_a_half_typed_note_on_an_article_is_kept_by_all_but_escape(desk: Desk) -> None:
    strike, ferry, _ = desk.page.queue.ids(None, "")

    def note() -> str | None:
        return desk.page.queue.row(strike).note

    desk.press("Shift+I")
    desk.type("never")
    desk.press("Esc")
    assert note() is None
    desk.press("Shift+I")
    desk.type("ask Priya")
    desk.page.open_article(ferry)
    assert (note(), desk.page.article.id) == ("ask Priya", ferry)
    desk.page.open_article(strike)
    desk.press("Shift+I", "End")
    desk.type(" Nair")
    desk.window.annotators.ask()
    assert note() == "ask Priya Nair"
    desk.press("Esc", "Shift+I", "End")
    desk.type(" again")
    desk.window.close()
    with Project.open(desk.path, Access.READ) as project:
        assert Queue(project, "ana").row(strike).note == "ask Priya Nair again"


def test_the_filter_is_put_together_by_controls_and_taken_back_by_escape(desk: Desk, qtbot: QtBot) -> None:
    panel = desk.page.queue_panel
    desk.press("Ctrl+Shift+L")
    dialog = desk.window.findChild(FilterDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    desk.type("dockers")
    assert panel.field.text() == "dockers"
    desk.press("Tab")
    desk.type("green league")
    assert panel.field.text() == "dockers text:green text:league"
    assert dialog.found.text() == "1 article found in “To do”"
    dialog.label.setCurrentText("PERSON")
    assert panel.model.rowCount() == 0
    desk.press("Esc")
    assert panel.field.text() == ""
    panel.type_filter('text:"electric ferries" is:unfinished -name:Nair')
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)
    desk.page.view.setFocus()
    desk.press("Ctrl+Shift+L")
    again = desk.window.findChildren(FilterDialog)[-1]
    qtbot.waitUntil(again.isActiveWindow)
    assert again.text() == '-name:Nair text:"electric ferries" is:unfinished'
    desk.press("Enter")
    assert panel.model.rowCount() == 1


def test_titles_of_texts_from_right_to_left_begin_at_the_right(desk: Desk, tmp_path: Path) -> None:
    article = tmp_path / "hebrew.txt"
    article.write_text("שר האוצר הודיע\n\nהשר אמר אתמול.\n", "utf-8")
    desk.bring_in(article)
    ids = desk.page.queue.ids()
    desk.page.open_article(ids[-1])
    header = desk.page.header
    for line in (header.title, header.facts):
        assert first_inked(line.grab().toImage()) > line.width() / 2
    QApplication.processEvents()
    ends = header.title.geometry().right() + 1
    assert ends == round(desk.page.view._text_right), "above the text, not above the cards"
    desk.page.open_article(ids[0])
    for line in (header.title, header.facts):
        assert first_inked(line.grab().toImage()) < line.width() / 2


def test_a_source_in_right_to_left_letters_turns_no_number_behind_it(project: Project) -> None:
    queue = Queue(project, "ana")
    row = queue.row(queue.ids()[0])
    assert row is not None
    assert about(replace(row, source="הארץ")).startswith("\u2068הארץ\u2069 · ")
    assert about(replace(row, source="Harbour Radio")).startswith("Harbour Radio · ")


def first_inked(picture: QImage) -> int:
    """The first column of a picture that has a pixel unlike its corner."""
    columns, rows = range(picture.width()), range(picture.height())
    return next(x for x in columns if any(picture.pixel(x, y) != picture.pixel(0, 0) for y in rows))


def test_the_list_is_gone_through_by_the_keys_of_every_list(project: Project, qtbot: QtBot) -> None:
    panel = QueuePanel()
    qtbot.addWidget(panel)
    panel.resize(300, 500)
    panel.set_queue(Queue(project, "ana"))
    panel.show()
    panel.list.setFocus()
    qtbot.waitUntil(panel.list.hasFocus)

    def after(*keys: Qt.Key) -> int:
        for key in keys:
            QTest.keyClick(panel.list, key)
        return panel.list.currentIndex().row()

    assert after(Qt.Key.Key_End) == 499
    assert after(Qt.Key.Key_Home) == 0
    screen = after(Qt.Key.Key_PageDown)
    assert 1 < screen < 20
    assert after(Qt.Key.Key_PageDown) > screen
    assert after(Qt.Key.Key_PageUp, Qt.Key.Key_PageUp) == 0


def test_letters_go_to_the_next_title_that_begins_so(desk: Desk) -> None:
    usual = QApplication.keyboardInputInterval()
    rows = desk.page.queue_panel.list
    titles = [desk.page.queue_panel.model.index(row).data(ROW).title for row in range(3)]
    assert [title.partition(" ")[0] for title in titles] == ["Dockers", "Council", "Festival"]
    desk.press("Ctrl+L", "Down")
    try:
        QApplication.setKeyboardInputInterval(60_000)
        desk.type("fes")
        assert rows.currentIndex().row() == 2
        QApplication.setKeyboardInputInterval(0)
        desk.type("c")
        assert rows.currentIndex().row() == 1
        desk.type("x")
        assert rows.currentIndex().row() == 1, "nothing begins so"
        desk.type("d")
        assert rows.currentIndex().row() == 0
    finally:
        QApplication.setKeyboardInputInterval(usual)
    assert desk.page.article is not None
    assert desk.page.article.title == titles[0], "only Enter opens one"
