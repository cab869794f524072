"""Stances made and mended by keys: one unit, of which any part changes and the others stay."""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest

from annotator.domain.label_file import parse_label_set
from annotator.domain.marks import Part, Stance
from annotator.domain.text import Span
from annotator.places import resource
from annotator.services.importing import import_files
from annotator.services.suggesting import Suggesting
from annotator.storage.project import Project
from annotator.suggest.client import Answer, Proposal
from annotator.ui.article.arrangement import Arrangement
from annotator.ui.window import Window
from tests.tasks.keyboard import find, press
from tests.ui.desk import nth, proposals

TEXT = """Mill stays open

On Monday the mayor of Torvik, Elna Strand, said that the harbour board rejected the offer of Norsk Mill.
Dan Lie welcomed the decision. The union was silent about the offer.
"""
SUGGESTED = (
    *proposals(TEXT, ("Elna Strand", "PERSON", 0.95), ("Norsk Mill", "ORG", 0.9), ("Dan Lie", "PERSON", 0.8)),
    Proposal(
        "stance",
        "FAVOR",
        nth(TEXT, "welcomed the decision"),
        0.7,
        holder=Part(nth(TEXT, "Dan Lie"), "Lie, Dan"),
        target=Part(nth(TEXT, "the decision"), "the sale"),
    ),
)
ARABIC = "رفض المجلس العرض.\n\nوقالت رئيسة البلدية إن القرار صائب."
CROWD = "Anna backed the plan. Ben rejected it all. " * 100


def open_text(
    open_window: Callable[..., Window], folder: Path, text: str, suggested: tuple[Proposal, ...] = ()
) -> Window:
    path = folder / "mill.annot"
    (folder / "mill.txt").write_bytes(text.encode())
    labels = parse_label_set(resource("labels", "news.toml").read_text("utf-8"))
    with Project.create(path, labels) as project:
        import_files(project, [folder / "mill.txt"])
        ((article_id,),) = project.db.execute("SELECT id FROM article").fetchall()
        if suggested:
            Suggesting(project).store(Answer(article_id, "test", "1", suggested))
    window = open_window()
    window.files.open(path)
    return window


@pytest.fixture
def window(open_window: Callable[..., Window], tmp_path: Path) -> Window:
    return open_text(open_window, tmp_path, TEXT, SUGGESTED)


def current(window: Window) -> Stance:
    """The focused stance, as the file has it."""
    page = window.page
    assert page.labelling is not None
    assert page.article is not None
    shown = page.labelling.open(page.article.id).shown
    mark = next(each.mark for each in shown if each.id == page.view.focused)
    assert isinstance(mark, Stance)
    return mark


def words(part: Part | Stance | None, text: str = TEXT) -> str | None:
    return part.span.of(text) if part else None


def arranged(window: Window) -> Arrangement:
    page = window.page.view._page
    assert page is not None
    return window.page.view._cards(page)


def test_four_keys_make_a_whole_stance_of_a_selection(window: Window) -> None:
    find("rejected the offer of Norsk Mill")
    press("G", "H", "T", "T")
    stance = current(window)
    assert (stance.label, words(stance.holder)) == ("AGAINST", "the harbour board")
    assert words(stance.target) in ("the offer of Norsk Mill", "the offer")


def test_the_candidates_are_numbered_in_the_text_until_something_else_is_done(window: Window) -> None:
    find("rejected the offer of Norsk Mill")
    press("G", "H")
    offered = window.page.view.offered
    assert len(offered) > 1
    seen = [current(window).holder]
    for place in range(1, len(offered)):
        press("H")
        assert window.page.view.offered == offered
        seen.append(current(window).holder)
        assert f"({place + 1} of {len(offered)}" in window.page.line.message.text()
    assert [part.span for part in seen if part] == list(offered)
    press("H")
    assert current(window).holder == seen[0], "after the last one the first comes again"
    press("T")
    assert window.page.view.offered != offered
    press("Right")
    assert window.page.view.offered == ()
    assert (current(window).holder, words(current(window).target)) != (None, None)


def test_holder_and_target_are_an_entity_free_words_or_absent(window: Window) -> None:
    find("Dan Lie")
    press("1")
    find("was silent about the offer")
    press("N", "Ctrl+Up", "H")
    stance = current(window)
    assert (words(stance.holder), stance.target) == ("Dan Lie", None)
    find("The union")
    press("H")
    find("Norsk Mill")
    press("T")
    stance = current(window)
    assert (words(stance.holder), words(stance.target)) == ("The union", "Norsk Mill")
    press("Shift+H")
    assert (current(window).holder, words(current(window).target)) == (None, "Norsk Mill")
    press("Shift+H")
    assert window.page.line.message.text() == "This stance has no holder."
    press("Shift+T")
    assert (current(window).holder, current(window).target) == (None, None)
    press("Ctrl+Z", "Ctrl+Z")
    assert (words(current(window).holder), words(current(window).target)) == ("The union", "Norsk Mill")


EDITS = {
    "polarity": ("G",),
    "evidence": ("E", "Ctrl+Left", "Enter"),
    "holder": ("H",),
    "no holder": ("Shift+H",),
    "no target": ("Shift+T",),
    "note": ("I", "X", "Enter"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_editing_a_part_of_a_suggested_stance_keeps_the_rest_and_is_an_edit(
    window: Window, edit: str
) -> None:
    press("V")
    shown = window.page.marks.get(window.page.view.focused)
    assert shown is not None
    assert shown.suggested
    before = shown.mark
    assert isinstance(before, Stance)
    press(*EDITS[edit])
    after = current(window)
    changed = {
        "polarity": after.label != before.label,
        "evidence": after.span != before.span,
        "holder": after.holder is not None and after.holder != before.holder,
        "no holder": after.holder is None,
        "no target": after.target is None,
    }
    kept = {
        "polarity": after.label == before.label,
        "evidence": after.span == before.span,
        "holder": after.holder == before.holder,
        "target": after.target == before.target,
    }
    part = edit.removeprefix("no ")
    assert changed.get(edit, True)
    assert [name for name, same in kept.items() if not same] == ([part] if part in kept else [])
    project = window.project
    assert project is not None
    rows = project.db.execute("SELECT verdict,result_id FROM decision WHERE deleted=0").fetchall()
    assert rows == [("accept" if edit == "note" else "edit", after.id)]


def test_an_article_written_from_right_to_left_has_stances_too(
    open_window: Callable[..., Window], tmp_path: Path
) -> None:
    window = open_text(open_window, tmp_path, ARABIC)
    press("Ctrl+Home", "S", "G")
    assert words(current(window), ARABIC) == "رفض"
    press("Ctrl+Down", "S", "H")
    press("Ctrl+Down", "S", "T")
    stance = current(window)
    assert stance.holder is not None
    assert stance.target is not None
    assert len(arranged(window).cards) == 1
    assert not window.grab().isNull()


def test_of_two_hundred_stances_each_is_reached_by_key_and_no_cards_meet(
    open_window: Callable[..., Window], tmp_path: Path
) -> None:
    crowd = tuple(
        Proposal("stance", label, nth_of(words, n), 0.5)
        for n in range(100)
        for words, label in (("backed the plan", "FAVOR"), ("rejected it all", "AGAINST"))
    )
    window = open_text(open_window, tmp_path, CROWD, crowd)
    window.resize(1200, 800)
    for points, key in ((None, "V"), (20.0, "V"), (None, "Shift+V")):
        if points:
            window.reading.set_text(points)
        for _ in range(12):
            press(key)
            cards = arranged(window)
            assert any(card.brief for card in cards.cards)
            assert window.page.view.focused in [card.shown.id for card in cards.cards]
            assert not any(one.rect.intersects(other.rect) for one, other in combinations(cards.cards, 2))
    press("Ctrl+End", "Esc", "Shift+V")
    last = window.page.marks.get(window.page.view.focused)
    assert last is not None
    assert last.mark.span == nth_of("rejected it all", 99)


def nth_of(found: str, n: int) -> Span:
    return nth(CROWD, found, n)
