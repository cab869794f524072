"""Opens a project in a window of a new process and presses keys.

`python -m tests.tasks.again PROJECT KEY...` prints what the status line said after each key, a JSON list.
"""

import json
import sys
from pathlib import Path

from PySide6.QtTest import QTest

from annotator.ui.app import application
from annotator.ui.faults import Faults
from annotator.ui.settings import Settings
from annotator.ui.window import Window
from tests.tasks.keyboard import press


def main() -> None:
    project, *keys = sys.argv[1:]
    application()
    window = Window(Settings(annotator="ana", suggestions=False), Faults())
    window.files.open(Path(project))
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    said = []
    for key in keys:
        press(key)
        said.append(window.page.line.message.text())
    window.close()
    print(json.dumps(said))


if __name__ == "__main__":
    main()
