"""A merge that is killed at any moment leaves the project as it was or with whole files in it."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from annotator.domain.articles import Article, Status
from annotator.services.labelling import Labelling
from annotator.services.merging import merge
from annotator.services.review_queue import ReviewQueue
from annotator.services.review_reading import GroupReader
from annotator.services.reviewing import Reviewing
from annotator.storage.check import check
from annotator.storage.digest import digest
from annotator.storage.project import Project
from tests.services.labelled import TEXT, nth, project_at

KILLS = 8
ARTICLES = 40

MERGER = """
import sys
from pathlib import Path
from annotator.services.merging import merge
from annotator.storage.project import Project

with Project.open(Path(sys.argv[1])) as project:
    print("ready", flush=True)
    merge(project, [Path(name) for name in sys.argv[2:]])
"""


@pytest.mark.timeout(300)
def test_a_killed_merge_leaves_whole_files_or_nothing(tmp_path: Path) -> None:
    base, script = tmp_path / "base.annot", tmp_path / "merger.py"
    project_at(base, more=tuple(f"{TEXT}\n\nDay {n}." for n in range(ARTICLES)))[0].close()
    script.write_text(MERGER, "utf-8")
    with Project.open(base) as project:
        _label(project, "cem", "GPE")
    others = [
        _worked(base, tmp_path / f"{name}.annot", name, lead)
        for name, lead in (("ana", "lea"), ("ben", "max"))
    ]
    allowed = [_digest_after(base, tmp_path / "whole.annot", others[:count]) for count in range(3)]
    target = tmp_path / "target.annot"
    pick = random.Random(7)
    for kill in range(KILLS):
        shutil.copyfile(base, target)
        _merge_and_die(script, target, others, after=kill / KILLS * 0.4 + pick.uniform(0, 0.05))
        with Project.open(target) as project:
            assert digest(project.db) in allowed
            merge(project, others)
            assert digest(project.db) == allowed[2]
        assert check(target).problems == ()


def _worked(base: Path, path: Path, name: str, lead: str) -> Path:
    """A copy in which an annotator labels and a lead decides on what differs."""
    shutil.copyfile(base, path)
    with Project.open(path) as project:
        _label(project, name, "PERSON")
        reviewing = Reviewing(project, lead)
        for item in ReviewQueue(GroupReader(path).read(1), lead).items:
            reviewing.adopt(item, item.group.marks[0])
    return path


def _label(project: Project, name: str, label: str) -> None:
    labelling = Labelling(project, name)
    for n in range(ARTICLES):
        article = Article.of(f"{TEXT}\n\nDay {n}.").id
        labelling.add(article, nth("Okafor"), label)
        labelling.set_status(article, Status.DONE)


def _digest_after(base: Path, target: Path, others: list[Path]) -> str:
    shutil.copyfile(base, target)
    with Project.open(target) as project:
        merge(project, others)
        return digest(project.db)


def _merge_and_die(script: Path, target: Path, others: list[Path], *, after: float) -> None:
    process = subprocess.Popen(
        [sys.executable, script, target, *others],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(after)
    process.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    process.communicate()
