"""Keys on other layouts: digits by place everywhere, letters by place where the layout has no Latin ones."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from annotator.ui.keyboard import by_position
from tests.ui.desk import Desk

PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


def pressed(
    text: str, key: int, *, scan: int = 0, virtual: int = 0, held: Qt.KeyboardModifier = PLAIN
) -> QKeyEvent:
    """A key press as the system reports it, with the place of the key."""
    return QKeyEvent(QEvent.Type.KeyPress, key, held, scan, virtual, 0, text)


@pytest.mark.parametrize(
    ("platform", "event", "expected"),
    [
        ("linux", pressed("&", Qt.Key.Key_Ampersand, scan=10), "1"),  # French: the key of 1 types &
        ("linux", pressed("à", Qt.Key.Key_Agrave, scan=19), "0"),
        ("linux", pressed("+", Qt.Key.Key_Plus, scan=10), "1"),  # Czech
        ("linux", pressed("1", Qt.Key.Key_1, scan=10, held=SHIFT), "Shift+1"),
        ("linux", pressed("ф", 0x0424, scan=38), "A"),  # Russian: the key of A types ф
        ("linux", pressed("Ы", 0x042B, scan=39, held=SHIFT), "Shift+S"),
        ("linux", pressed("τ", 0x03A4, scan=28), "T"),  # Greek
        ("win32", pressed("&", Qt.Key.Key_Ampersand, scan=2), "1"),
        ("win32", pressed("ф", 0x0424, scan=30), "A"),
        ("darwin", pressed("&", Qt.Key.Key_Ampersand, virtual=18), "1"),
        ("darwin", pressed("ф", 0x0424, virtual=0), "A"),
    ],
)
def test_a_key_stands_for_its_place(platform: str, event: QKeyEvent, expected: str) -> None:
    assert by_position(event, platform) == expected


@pytest.mark.parametrize(
    "event",
    [
        pressed("z", Qt.Key.Key_Z, scan=29),  # German: Z where US has Y; letters go by character
        pressed("é", Qt.Key.Key_Eacute, scan=48),
        pressed("ф", 0x0424, scan=38, held=Qt.KeyboardModifier.ControlModifier),
        pressed("ф", 0x0424),
        pressed("", Qt.Key.Key_Shift, scan=50),
    ],
)
def test_other_keys_stand_for_themselves(event: QKeyEvent) -> None:
    assert by_position(event, "linux") is None


@pytest.mark.skipif("sys.platform != 'linux'", reason="key codes of the event are Linux's")
def test_a_french_and_a_russian_keyboard_label_and_accept(desk: Desk) -> None:
    view = desk.page.view
    desk.select("Green League")
    QApplication.sendEvent(view, pressed('"', Qt.Key.Key_QuoteDbl, scan=12))
    assert desk.stored() == ["ORG Green League"]
    desk.press("Ctrl+Z")
    desk.press("Tab")
    QApplication.sendEvent(view, pressed("ф", 0x0424, scan=38))
    assert len(desk.stored()) == 1


def test_a_key_without_a_place_or_meaning_does_nothing(desk: Desk) -> None:
    QApplication.sendEvent(desk.page.view, pressed("ß", Qt.Key.Key_ssharp, scan=20))
    assert desk.stored() == []
