"""The article view starts without what is slow to load."""

import subprocess
import sys


def test_the_view_loads_neither_numpy_nor_spacy_nor_sqlite_utils() -> None:
    code = (
        "import sys, annotator.ui.article, annotator.ui.theme;"
        "print([name for name in ('numpy', 'spacy', 'sqlite_utils', 'pandas') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
