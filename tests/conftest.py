"""Every test: no display, no settings of the person who runs it, and no fault that passes unseen."""

import atexit
import gc
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Set at import: Qt reads its platform once, and child processes inherit all of it.
_HOME = Path(tempfile.mkdtemp(prefix="annotator-tests-"))
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["HOME"] = os.environ["USERPROFILE"] = str(_HOME)
for _name in ("CONFIG", "DATA", "STATE", "CACHE"):
    os.environ[f"XDG_{_name}_HOME"] = str(_HOME / _name.lower())
    (_HOME / _name.lower()).mkdir()
os.environ["XDG_RUNTIME_DIR"] = str(_HOME / "runtime")
(_HOME / "runtime").mkdir(mode=0o700)
for _name in ("LOCAL_APPDATA", "APPDATA"):
    os.environ[f"WIN_PD_OVERRIDE_{_name}"] = str(_HOME / "data")  # platformdirs asks Windows, not HOME

# Examples are slow on a busy machine without being wrong. A change is judged on the same examples as the
# one before it; `make explore` draws new ones, and what it finds becomes an explicit example of its test.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("annotator", _PATIENT, derandomize=True, database=None)
settings.register_profile("explore", _PATIENT)
settings.load_profile("annotator")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests tell (`record_property("told", ...)`), also those run by other processes."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "told":
                terminalreporter.write_line(f"{report.head_line}: {value}")


@pytest.fixture(autouse=True)
def no_unexpected_error(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test that logs an error, unless marked `logs_errors`: errors in the log are our own bugs."""
    yield
    if request.node.get_closest_marker("logs_errors"):
        return
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    errors = [record.getMessage() for record in records if record.levelno >= logging.ERROR]
    if errors:
        pytest.fail("logged as an error: " + "; ".join(errors), pytrace=False)


@pytest.fixture(autouse=True)
def no_leftover_window() -> Iterator[None]:
    """Close the top-level widgets a test leaves behind, so that none takes the keys of the next test."""
    before = set(_windows())
    yield
    for widget in _windows():
        if widget not in before:
            widget.close()
            widget.deleteLater()
    if "PySide6.QtWidgets" in sys.modules:
        from PySide6.QtCore import QCoreApplication, QEvent

        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect(0)  # wrappers of what was deleted go now, not in the middle of the next test


def _windows() -> list:
    """List the top-level widgets; Qt is not loaded for a test that does not use it."""
    if "PySide6.QtWidgets" not in sys.modules:
        return []
    from PySide6.QtWidgets import QApplication

    return QApplication.topLevelWidgets() if QApplication.instance() else []
