"""The window for tasks, as for the tests of its parts."""

from tests.ui.conftest import open_window

__all__ = ["open_window"]
