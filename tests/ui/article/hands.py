"""A text with marks, and a person's keys and mouse on the view that shows it."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from annotator.domain.marks import Shown
from annotator.ui.article import ArticleView
from tests.ui.article.marking import entity, span_of, stance

TEXT = """Delegations meet in Aldery

The Velian minister, Mira Tolan, said her government would not withdraw troops before a truce. She left.

Observers welcomed the useful first step. They warned that winter was close.
"""
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def press(view: ArticleView, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(view, key, modifiers)


def marks() -> list[Shown]:
    return [
        entity(TEXT, "Aldery"),
        entity(TEXT, "Velian", "NORP", suggested=True),
        entity(TEXT, "Mira Tolan", "PERSON"),
        stance(
            TEXT, "would not withdraw troops", "AGAINST", holder="her government", target="withdraw troops"
        ),
        stance(TEXT, "welcomed the useful first step", holder="Observers", target="the useful first step"),
    ]


def middle(view: ArticleView, words: str) -> QPoint:
    """The middle of some words in the viewport."""
    was = view._cursor
    span = span_of(TEXT, words)
    view._cursor = was.moved((span.start + span.end) // 2, extend=False)
    rect = view.caret_rect()
    view._cursor = was
    assert rect is not None
    return rect.center().toPoint()


def click(view: ArticleView, at: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifiers, at)
    view._clicking.stop()  # the next click is not the second of a double click


def word(view: ArticleView) -> str:
    return view.selection.of(TEXT) if view.selection else ""
