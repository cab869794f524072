"""Starting: what the window's process loads, no display, the log, and pictures beside an open window."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.domain.errors import AnnotatorError, NoDisplay
from annotator.storage.project import Project
from annotator.ui.app import require_display
from annotator.ui.shot import shot
from tests.ui.desk import make_project

SLOW = {"numpy", "spacy", "thinc", "sqlite_utils", "typer", "rich", "argparse"}
# What a page, a dialog or a gesture imports when it is wanted.
LATER = {
    *("annotator.ui.finder", "annotator.ui.help_page", "annotator.ui.key_sheet", "annotator.ui.names_page"),
    *("annotator.ui.settings_page", "annotator.ui.history_pane", "annotator.ui.error_panel"),
    *("annotator.ui.suggestions_dialog", "annotator.ui.queue_filter_dialog", "annotator.ui.reader_pane"),
    *("annotator.services.importing", "annotator.services.exporting", "annotator.services.names"),
    *("annotator.services.stances", "annotator.services.phrases", "annotator.formats"),
    *("annotator.ui.naming", "annotator.ui.labelsets", "annotator.ui.bulk", "annotator.ui.safety"),
    *("annotator.ui.displaced", "annotator.ui.telling", "annotator.storage.presence"),
    *("annotator.ui.looking_back", "annotator.ui.error_list", "annotator.domain.history"),
}
# Classes of Qt with so many values of enums that the binding takes milliseconds to make them.
LARGE = {"QStyle", "QIcon", "QGradient", "QAccessible", "QTextEdit", "QMessageBox", "QFileDialog"}
MOST_MODULES = 122  # of the program's own; each costs the start half a millisecond
TURNS = 5  # of the event loop until the window is painted
START = """
import sys
from pathlib import Path
from annotator.ui import app
made = app.application
def application():
    from PySide6 import QtGui, QtWidgets
    from PySide6.QtCore import QTimer
    from annotator.ui import prefetch
    from annotator.ui.article import overview
    app._ICON_MS = prefetch._FIRST_MS = overview._SETTLE_MS = 60_000  # a busy machine paints later than these
    whole = made()
    def turn(left):
        if left:
            QTimer.singleShot(0, lambda: turn(left - 1))
            return
        print(*{name.partition(".")[0] for name in sys.modules})
        print(*(name for name in sys.modules if name.startswith("annotator.")))
        print(*vars(QtGui), *vars(QtWidgets))
        whole.closeAllWindows()
        whole.quit()
    turn(int(sys.argv[2]))
    return whole
app.application = application
sys.exit(app.run(Path(sys.argv[1])))
"""


def test_the_window_starts_without_what_is_slow(tmp_path: Path) -> None:
    path = make_project(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", START, str(path), str(TURNS)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert {"PySide6", "annotator", "QPainter", "QMainWindow"} <= loaded
    assert loaded & SLOW == set()
    assert loaded & LATER == set()
    assert loaded & LARGE == set()
    own = sorted(name for name in loaded if name.startswith("annotator."))
    assert len(own) <= MOST_MODULES, f"import what is not seen at once in the slot that opens it: {own}"


def test_without_a_display_there_is_one_line_of_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(NoDisplay, match="annotator shot"):
        require_display()
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    require_display()
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    require_display()


@pytest.mark.parametrize("page", ["label", "start", "keys"])
def test_a_picture_has_the_size_asked_for(tmp_path: Path, page: str) -> None:
    from PySide6.QtGui import QImage

    out = tmp_path / "out.png"
    project = None if page == "start" else make_project(tmp_path)
    shot(project, out, page=page, theme="dark", size=(1280, 800), font_size=20, annotator="ana")
    picture = QImage(str(out))
    assert (picture.width(), picture.height()) == (1280, 800)


def test_a_picture_is_drawn_beside_an_open_window_and_changes_nothing(tmp_path: Path) -> None:
    path = make_project(tmp_path)
    with Project.open(path) as open_elsewhere:
        before = open_elsewhere.annotators()
        shot(path, tmp_path / "out.png", article=2)
        assert open_elsewhere.annotators() == before
    assert (tmp_path / "out.png").stat().st_size > 10_000


def test_a_picture_of_an_article_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnnotatorError, match="no article 9"):
        shot(make_project(tmp_path), tmp_path / "out.png", article=9)
    assert not (tmp_path / "out.png").exists()


def test_a_picture_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(AnnotatorError, match="cannot be written"):
        shot(make_project(tmp_path), tmp_path / "none" / "out.png")


def test_the_log_goes_to_the_state_folder(tmp_path: Path) -> None:
    code = (
        "import logging; from annotator.ui.app import start_log; start_log();"
        "logging.getLogger('annotator.ui').warning('written')"
    )
    environment = os.environ | {"XDG_STATE_HOME": str(tmp_path), "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    (log,) = tmp_path.rglob("annotator.log")
    assert "written" in log.read_text(encoding="utf-8")


DAMAGED = """
import sys
from pathlib import Path
from annotator import places
from annotator.ui import app
from PySide6.QtCore import QTimer
made = app.application
def application():
    whole = made()
    def tell():
        window = next(each for each in whole.topLevelWidgets() if hasattr(each, "notice"))
        print(window.notice.said)
        window.close()
        whole.quit()
    QTimer.singleShot(0, tell)
    return whole
app.application = application
places.config_dir = lambda: Path(sys.argv[1]).parent
sys.exit(app.run(Path(sys.argv[1])))
"""


def test_damaged_settings_are_told_of_over_the_project_and_kept(tmp_path: Path) -> None:
    path = make_project(tmp_path)
    (tmp_path / "settings.json").write_text('{"theme": ', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", DAMAGED, str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "settings.json are not readable" in done.stdout
    assert (tmp_path / "settings.json.bad").read_text(encoding="utf-8") == '{"theme": '
