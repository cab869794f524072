"""Importing Qt without what its binding does in vain: it works as ever, and from what was kept."""

import enum
import json
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.ui.binding import quick_enums

CODE = """
import builtins, sys
from pathlib import Path
from annotator.ui.binding import import_qt
plain = builtins.__import__, builtins.compile
import_qt(Path(sys.argv[1]))
assert (builtins.__import__, builtins.compile) == plain
from PySide6.QtCore import QCoreApplication, QTimer, Qt
QCoreApplication([])
try:
    QTimer.singleShot("soon", None)
except TypeError as error:
    print("Supported signatures" in str(error), Qt.Key.Key_A.name, "argparse" in sys.modules)
"""


def said(folder: Path) -> str:
    command = [sys.executable, "-c", CODE, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_qt_is_whole_the_first_time_and_from_what_was_kept(tmp_path: Path) -> None:
    assert said(tmp_path) == "True Key_A False"
    (kept,) = tmp_path.iterdir()
    written = kept.stat().st_mtime_ns
    assert said(tmp_path) == "True Key_A False"
    assert [path.stat().st_mtime_ns for path in tmp_path.iterdir()] == [written]


def test_what_was_kept_is_made_anew_where_it_is_broken(tmp_path: Path) -> None:
    said(tmp_path)
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    for broken in (b"", whole[:1000], b"nothing", b"N"):
        kept.write_bytes(broken)
        assert said(tmp_path) == "True Key_A False"
        assert kept.read_bytes() == whole


def test_qt_is_imported_where_nothing_can_be_kept(tmp_path: Path) -> None:
    assert said(tmp_path / "not" / "there") == "True Key_A False"


def test_enums_are_the_same_when_made_quickly() -> None:
    plain, quick = (
        subprocess.run(
            [sys.executable, "-m", "tests.ui.every_enum", how], capture_output=True, timeout=120, check=True
        ).stdout
        for how in ("plain", "quick")
    )
    assert len(json.loads(quick)) > 500
    assert quick == plain


@pytest.mark.parametrize("maker", [None, len, lambda *_, **__: lambda kind: kind])
def test_enums_are_made_as_ever_where_the_quick_way_has_changed(
    maker: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = vars(enum.EnumType)["_create_"]
    monkeypatch.setattr(enum, "_simple_enum", maker)
    with quick_enums():
        assert vars(enum.EnumType)["_create_"] is plain
