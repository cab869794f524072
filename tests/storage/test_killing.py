"""A labelling process killed at any moment loses nothing it acknowledged, and leaves no half gesture."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from annotator.storage.check import check
from annotator.storage.project import Project
from tests.storage.samples import make

KILLS = 50

# Labels until it is killed; a line on standard output acknowledges a gesture. Each gesture writes two marks,
# so half of one would show.
LABELLER = """
import random, sys
from pathlib import Path
from annotator.domain.articles import Status
from annotator.storage.journal import Journal
from annotator.storage.project import Project

project = Project.open(Path(sys.argv[1]))
journal = Journal(project, project.annotator_id("Ann"))
pick = random.Random(int(sys.argv[2]))
articles = [row[0] for row in project.db.execute("SELECT id FROM article")]
length = 25
print("ready", flush=True)
while True:
    if journal.next_undo() and pick.random() < 0.2:
        print(journal.undo().gesture, flush=True)
    elif journal.next_redo() and pick.random() < 0.5:
        print(journal.redo().gesture, flush=True)
    else:
        article = pick.choice(articles)
        with journal.gesture("stance", article, "a pair") as gesture:
            for label in ("FAVOR", "AGAINST"):
                start = pick.randrange(length)
                gesture.insert("stance", label=label, start=start, end=start + 1)
            if pick.random() < 0.1:
                gesture.status(article, Status.DONE)
        print(gesture.change.gesture, flush=True)
"""


@pytest.mark.timeout(300)
def test_fifty_kills_lose_no_acknowledged_gesture(path: Path, tmp_path: Path) -> None:
    project, _ = make(path)
    project.close()
    script = tmp_path / "labeller.py"
    script.write_text(LABELLER, "utf-8")
    pick = random.Random(5)
    known: list[str] = []
    for kill in range(KILLS):
        acknowledged = _label_and_die(script, path, kill, after=pick.uniform(0, 0.12))
        with Project.open(path) as project:
            found = [row[0] for row in project.db.execute("SELECT id FROM op ORDER BY id")]
            halves = project.db.execute(
                "SELECT op_id FROM change WHERE tbl='stance' GROUP BY op_id HAVING count(*)<>2"
            ).fetchall()
        assert found[: len(known)] == known
        fresh = found[len(known) :]
        assert fresh[: len(acknowledged)] == acknowledged
        assert len(fresh) - len(acknowledged) in (0, 1)
        assert halves == []
        known = found
    assert len(known) > KILLS
    assert check(path).problems == ()


def _label_and_die(script: Path, path: Path, seed: int, *, after: float) -> list[str]:
    """Kill a labeller this many seconds after it began; the gestures it acknowledged."""
    process = subprocess.Popen(
        [sys.executable, script, path, str(seed)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(after)
    process.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    said, _ = process.communicate()
    # A line cut off by the kill is no acknowledgement.
    return [line.rstrip("\n") for line in said.splitlines(keepends=True) if line.endswith("\n")]
