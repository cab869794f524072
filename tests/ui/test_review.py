"""The Review page, worked by real keys: what is listed, what a key decides, what is told."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.domain.articles import Status
from annotator.domain.review import Reason, Settled
from annotator.services.labelling import Labelling
from annotator.services.review_items import State
from annotator.services.review_queue import ReviewQueue
from annotator.services.review_reading import GroupReader
from annotator.services.reviewing import Reviewing
from annotator.storage import adjudications
from annotator.storage.project import Access, Project
from annotator.ui.alike_dialog import AlikeDialog
from annotator.ui.window import Window
from tests.services.reviewed import FERRY, HARBOUR, Review
from tests.ui.lead import Lead


def previewed(lead: Lead, qtbot: QtBot) -> AlikeDialog:
    """The preview that has just been opened, once keys go to it."""
    dialog = next(each for each in lead.window.findChildren(AlikeDialog) if each.isVisible())
    qtbot.waitUntil(dialog.list.hasFocus)
    return dialog


def back(lead: Lead, qtbot: QtBot) -> None:
    """Keys go to the window again: with no display nothing else gives it the focus of a dialog."""
    with qtbot.waitActive(lead.window):
        lead.window.activateWindow()


def rows(dialog: AlikeDialog) -> list[str]:
    """What is read aloud of each place."""
    model = dialog.model
    return [str(model.data(model.index(row))) for row in range(model.rowCount())]


def test_the_gravest_difference_comes_first_and_tab_goes_on(lead: Lead) -> None:
    page = lead.review.page
    assert page.isVisible()
    assert page.left.text() == "5 of 5 left"
    seen = [lead.words]
    for _ in range(5):
        lead.press("Tab")
        seen.append(lead.words)
    assert seen == [
        "backed the deal",
        "Northern Union",
        "port of Sorrel",
        "Northern Union",
        "Okafor",
        "backed the deal",
    ]
    lead.press("Shift+Tab")
    assert lead.words == "Okafor"


def test_one_key_adopts_and_goes_on(lead: Lead) -> None:
    lead.go("Northern Union")
    lead.press(lead.digit("ORG"))
    assert "ORG Northern Union" in lead.gold()
    assert lead.words == "port of Sorrel"
    assert lead.review.page.left.text() == "4 of 5 left"


def test_one_key_says_that_none_is_right(lead: Lead) -> None:
    lead.go("Okafor")
    lead.press("0")
    own = lead.item("Okafor").own
    assert own is not None
    assert own.settled is Settled.NONE
    assert lead.words == "backed the deal"


def test_label_and_edges_are_taken_apart(lead: Lead) -> None:
    lead.go("port of Sorrel")
    lead.press(f"Shift+{lead.digit('FAC')}")
    assert "FAC Sorrel" in lead.gold()
    lead.press("Ctrl+Z")
    assert lead.words == "port of Sorrel"
    lead.press(f"Alt+{lead.digit('FAC')}")
    assert "GPE port of Sorrel" in lead.gold()


def test_undo_and_redo_show_the_difference_again(lead: Lead) -> None:
    lead.press("1")
    lead.go("Okafor")
    lead.press("0")
    lead.press("Ctrl+Z")
    assert lead.words == "Okafor"
    assert lead.item("Okafor").state is State.LEFT
    lead.press("Ctrl+Z")
    assert lead.words == "backed the deal"
    lead.press("Ctrl+Y")
    assert lead.item("backed the deal").state is State.DECIDED
    assert lead.said.startswith("Redone: adopt")


def test_what_is_unanimous_is_settled_by_itself(lead: Lead) -> None:
    QTest.qWait(120)
    assert lead.gold(FERRY) == ["GPE Sorrel"]


def test_names_and_votes_show_only_when_asked_for(lead: Lead) -> None:
    lead.go("Northern Union")
    rows = lead.review.page.candidates.rows
    assert [row.candidate.note for row in rows] == ["", "", ""]
    lead.press("N")
    rows = lead.review.page.candidates.rows
    assert {row.candidate.note for row in rows} == {"ben", "cid", ""}
    lead.press(lead.digit("ORG"))
    own = lead.item("Northern Union").own
    assert own is not None
    assert not own.blind
    lead.press("N")
    assert lead.window.settings.review_names is False


def test_a_reason_takes_two_keys_before_the_decision(lead: Lead) -> None:
    lead.go("Okafor")
    lead.press("R", "2")
    own = lead.item("Okafor").own
    assert own is not None
    assert own.reason is Reason.GAP
    assert lead.words == "Okafor"
    lead.press("0")
    own = lead.item("Okafor").own
    assert own is not None
    assert (own.settled, own.reason) == (Settled.NONE, Reason.GAP)


def test_esc_closes_the_reasons_and_digits_adopt_again(lead: Lead) -> None:
    lead.go("Okafor")
    lead.press("R", "Esc", "1")
    assert lead.gold() == ["PERSON Okafor"]


def test_alike_places_are_shown_first_and_decided_at_once(lead: Lead, qtbot: QtBot) -> None:
    lead.go("Northern Union")
    lead.press("B")
    assert "1 more place first" in lead.review.page.side.alike.text()
    lead.press(lead.digit("ORG"))
    dialog = previewed(lead, qtbot)
    assert rows(dialog) == ["taken in: The Northern Union met in Sorrel., Ferry plan"]
    assert dialog.title.text() == "ORG “Northern Union”"
    assert lead.gold() == []
    lead.press("Return")
    back(lead, qtbot)
    QTest.qWait(120)
    assert (lead.gold(), sorted(lead.gold(FERRY))) == (
        ["ORG Northern Union"],
        ["GPE Sorrel", "ORG Northern Union"],
    )
    assert lead.review.page.left.text() == "3 of 5 left"
    lead.press("Ctrl+Z")
    assert (lead.gold(), lead.gold(FERRY)) == ([], ["GPE Sorrel"])


def test_space_leaves_an_alike_place_out_and_takes_it_in_again(lead: Lead, qtbot: QtBot) -> None:
    lead.go("Northern Union")
    lead.press("B", lead.digit("ORG"))
    dialog = previewed(lead, qtbot)
    lead.press("Space")
    assert rows(dialog) == ["left out: The Northern Union met in Sorrel., Ferry plan"]
    assert (dialog.facts.text(), dialog.go.text()) == (
        "Decided here alone, as one step for undo.",
        "Decide 1 place",
    )
    lead.press("Space")
    assert dialog.go.text() == "Decide 2 places"
    lead.press("Space", "Return")
    back(lead, qtbot)
    assert lead.gold() == ["ORG Northern Union"]
    assert "ORG Northern Union" not in lead.gold(FERRY)


def test_esc_in_the_preview_decides_nothing(lead: Lead, qtbot: QtBot) -> None:
    lead.go("Northern Union")
    lead.press("B", "0")
    previewed(lead, qtbot)
    lead.press("Escape")
    back(lead, qtbot)
    assert lead.words == "Northern Union"
    assert lead.gold() == []
    assert lead.review.page.left.text() == "5 of 5 left"
    assert lead.review.armed
    lead.press("0")
    assert previewed(lead, qtbot).title.text() == "None of these at “Northern Union”"
    lead.press("Return")
    assert lead.review.page.left.text() == "3 of 5 left"


def test_a_preview_of_hundreds_reads_only_what_is_seen(lead: Lead, qtbot: QtBot) -> None:
    item = lead.item("Northern Union")
    read: list[int] = []

    def text_of(article_id: int) -> str:
        read.append(article_id)
        return HARBOUR

    alike = [replace(item, group=replace(item.group, article_id=n)) for n in range(1, 1_001)]
    dialog = AlikeDialog(
        item, item.group.marks[0], alike, text_of=text_of, theme=lead.window.theme, parent=lead.window
    )
    dialog.open()
    assert previewed(lead, qtbot) is dialog
    dialog.grab()
    assert 0 < len(read) < 100
    lead.press("End", "Space")
    assert dialog.facts.text().startswith("Decided here and at 999 of 1,000 places alike")
    with qtbot.waitSignal(dialog.agreed) as agreed:
        lead.press("Return")
    assert agreed.args is not None
    assert [each.group.article_id for each in agreed.args[0]] == list(range(1, 1_000))


def test_unsure_is_put_aside_and_found_again(lead: Lead) -> None:
    lead.go("Okafor")
    lead.press("S", "Ctrl+L")
    lead.type("is:unsure")
    lead.press("Enter")
    assert lead.words == "Okafor"
    assert lead.review.page.model.rowCount() == 1
    assert lead.review.page.left.text() == "5 of 5 left"


def test_filters_list_what_fits_and_say_when_nothing_does(lead: Lead) -> None:
    lead.press("Ctrl+L")
    lead.type("label:fac")
    lead.press("Enter")
    assert lead.words == "port of Sorrel"
    lead.press("Ctrl+L")
    lead.type("nowhere")
    lead.press("Enter")
    assert lead.review.item is None
    assert lead.review.page.empty.text() == "No difference fits this filter."
    lead.press("Ctrl+L", "Esc")
    lead.type("by:ben")
    lead.press("Enter")
    assert "Names are hidden" in lead.said


def test_what_was_wrong_with_a_filter_is_said_only_while_it_is_wrong(lead: Lead) -> None:
    lead.press("Ctrl+L")
    lead.type("annotator:ben")
    lead.press("Enter")
    assert lead.said.startswith("There is no field “annotator:”")
    lead.press("Ctrl+L")
    lead.type('"port of" label:fac')
    lead.press("Enter")
    assert lead.words == "port of Sorrel"
    assert lead.said == ""


def test_the_list_stays_as_it_was_while_its_filter_cannot_be_understood(lead: Lead) -> None:
    lead.press("Ctrl+L")
    lead.type("label:fac")
    lead.press("Enter", "Ctrl+L", "End")
    lead.type(" is:foo")
    lead.press("Enter")
    assert "“is:foo” is none of those" in lead.said
    lead.press("Ctrl+1", "Ctrl+2")
    assert lead.review.page.model.rowCount() == 1
    lead.press("1")
    assert lead.item("port of Sorrel").state is State.DECIDED


def test_a_filter_by_name_ends_where_names_are_hidden_again(lead: Lead) -> None:
    lead.press("N", "Ctrl+L")
    lead.type("by:ben")
    lead.press("Enter")
    assert lead.review.page.model.rowCount() == 5
    lead.press("N")
    assert lead.said.startswith("Names are hidden")
    assert lead.review.page.model.rowCount() == 5


def test_chips_choose_types(lead: Lead) -> None:
    page = lead.review.page
    next(chip for chip in page.chips if chip.text() == "Missing").click()
    assert page.model.rowCount() == 1
    assert lead.words == "Okafor"


def test_a_guideline_note_is_kept_with_its_place(lead: Lead) -> None:
    lead.go("port of Sorrel")
    lead.press("G")
    lead.type("Ports are facilities")
    lead.press("Enter")
    project = lead.window.project
    assert project is not None
    (note,) = adjudications.guideline_notes(project.db)
    assert (note.note, note.words) == ("Ports are facilities", "port of Sorrel")


def test_a_half_typed_guideline_note_is_kept_when_the_window_closes(lead: Lead) -> None:
    lead.go("port of Sorrel")
    lead.press("G")
    lead.type("Ports are facilities")
    lead.window.close()
    with Project.open(lead.path, Access.READ) as project:
        (note,) = adjudications.guideline_notes(project.db)
    assert (note.note, note.words) == ("Ports are facilities", "port of Sorrel")


def test_changed_votes_make_a_decision_stale_on_screen(lead: Lead) -> None:
    lead.go("Okafor")
    lead.press("1")
    project = lead.window.project
    assert project is not None
    (article,) = project.db.execute("SELECT id FROM article WHERE text=?", (HARBOUR,)).fetchone()
    Labelling(project, "cid").add(article, lead.item("Okafor").group.span, "ORG")
    lead.press("Ctrl+1", "Ctrl+2")
    lead.go("Okafor")
    assert lead.item("Okafor").state is State.STALE
    assert "decided before" in lead.review.page.side.before.text()


def test_with_nothing_shared_it_says_what_to_do(open_window: Callable[..., Window], tmp_path: Path) -> None:
    made = Review(tmp_path / "p.annot")
    with made.project:
        made.finish("ben", ("Okafor", "PERSON"))
    window = open_window()
    window.files.open(tmp_path / "p.annot")
    lead = Lead(window, tmp_path / "p.annot")
    lead.press("Ctrl+2")
    assert lead.review.page.empty.text() == "No two annotators have finished the same article yet."
    lead.press("1")
    assert lead.review.item is None


def test_a_project_that_is_only_read_refuses_decisions(lead: Lead) -> None:
    lead.press("Ctrl+1")
    project = lead.window.project
    assert project is not None
    project.read_only = "somebody else has it"
    lead.press("Ctrl+2", "1")
    assert lead.gold() == []
    assert lead.said.startswith("Read only")


def test_another_lead_gives_a_second_opinion_blind(lead: Lead) -> None:
    lead.go("Okafor")
    lead.press("1")
    lead.press("Ctrl+1")
    lead.window.show_project(lead.window.project, "max")  # type: ignore[arg-type]
    lead.press("Ctrl+2", "O")
    assert lead.words == "Okafor"
    assert lead.review.page.side.before.text() == ""
    lead.press("0")
    assert lead.gold() == ["PERSON Okafor"]
    assert lead.item("Okafor").state is State.DECIDED


def test_the_label_page_stays_where_it_was_when_a_decision_is_undone(lead: Lead) -> None:
    lead.press("Ctrl+1", "Ctrl+PgDown", "Ctrl+2")
    before = lead.window.page.article
    lead.press("1", "Ctrl+Z")
    assert lead.window.page.article == before
    assert lead.window.page.status is Status.TODO


def test_where_leads_decided_otherwise_is_marked_and_can_be_listed_alone(lead: Lead) -> None:
    lead.go("Northern Union")
    lead.press(lead.digit("ORG"))
    page = lead.review.page
    assert not page.leads_differ.isVisible()
    with Project.open(lead.path, Access.READ) as project:
        seed = adjudications.seed_of(project.db)
    lead.window.close_project()
    with Project.open(lead.path) as project:
        lea = Reviewing(project, "lea")
        queue = ReviewQueue(GroupReader(lead.path).read(seed or 0), "lea")
        item = next(each for each in queue.items if each.group.words == "Northern Union" and each.others)
        lea.adopt(item, next(mark for mark in item.group.marks if mark.label == "GPE"))
    lead.window.files.open(lead.path)
    lead.press("Ctrl+2")
    said = [str(page.model.data(page.model.index(row))) for row in range(page.model.rowCount())]
    differ = [each for each in said if each.endswith("decided, leads decided otherwise than each other")]
    assert len(differ) == 1
    assert page.leads_differ.accessibleName() == "Leads differ, 1"
    page.leads_differ.click()
    assert page.model.rowCount() == 1
    lead.press("Tab")
    assert page.side.before.text() == (
        "Another lead decided: GPE “Northern Union”. You said: ORG “Northern Union”."
    )
    page.leads_differ.click()
    page.field.setText("leads:differ")
    page.field.entered.emit("")
    assert page.model.rowCount() == 1
