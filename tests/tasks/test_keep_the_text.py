"""Whatever a text holds, it comes out as it went in, and a word marked on screen comes out as that word."""

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from annotator.domain.text import Span
from annotator.services import projects
from annotator.services.importing import import_files
from annotator.ui.window import Window
from tests.ui.desk import Desk, nth

ODD = (
    "\ufeffTitle 👍 Aldo\r\n\r\n"
    "Astral 😀😀 Anna, tab\tBoris, ZWJ 👨\u200d👩\u200d👧 Clara, flags 🇩🇪🇫🇷 Dora\r\n"
    "Combining e\u0301e\u0323\u0302 Emil, no-break\u00a0Frieda, line\u2028Gustav, paragraph\u2029Hanna\r\n"
    "שלום עולם Ida\n\nمرحبا بالعالم Jens, soft\u00ad Karl, letters 𝒳𝒴 Lena, \x01 Mona, CR\rNora, \x85Otto\n"
)
NAMES = [
    "Aldo",
    "Anna",
    "Boris",
    "Clara",
    "Dora",
    "Emil",
    "Frieda",
    "Gustav",
    "Hanna",
    "Ida",
    "Jens",
    "Karl",
    "Lena",
    "Mona",
    "Nora",
    "Otto",
]


def double_click(desk: Desk, words: str) -> None:
    """On the middle of the words, as they stand on the screen."""
    view = desk.page.view
    middle = nth(desk.text, words).start + len(words) // 2
    view.set_selection(Span(middle, middle + 1))
    rect = view.caret_rect()
    view.set_selection(None)
    assert rect is not None
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    view._clicking.stop()  # the next one is not the third click in a row


def test_an_odd_text_and_its_marks_come_out_as_they_are(
    open_window: Callable[..., Window], tmp_path: Path
) -> None:
    (tmp_path / "odd.txt").write_bytes(ODD.encode())
    path = tmp_path / "odd.annot"
    with projects.create(path) as project:
        assert import_files(project, [tmp_path / "odd.txt"]).articles == 1
    window = open_window()
    window.files.open(path)
    desk = Desk(window, path)
    for name in NAMES:
        double_click(desk, name)
        desk.press("1")
    desk.press("Ctrl+Enter")
    out = tmp_path / "out.jsonl"
    desk.write_out(out)
    record = json.loads(out.read_text(encoding="utf-8"))
    assert record["text"].encode() == ODD.encode()
    assert [span["text"] for span in record["spans"]] == NAMES
    assert [ODD[span["start"] : span["end"]] for span in record["spans"]] == NAMES
