"""A full disk: the gesture is refused, nothing else is lost, and labelling goes on when there is room."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.errors import DiskFull, ProjectError
from annotator.storage.backups import back_up, list_backups, save_copy
from annotator.storage.check import check
from annotator.storage.journal import Journal
from annotator.storage.project import Project
from tests.storage.conftest import Desk
from tests.storage.samples import ALICE, LABELS, add, make


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one MiB, where the system lets us have one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this system lets us mount no small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


def _eat(folder: Path) -> Path:
    """Fill the disk to the last byte."""
    filler = folder / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in (64 * 1024, 512, 1):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                continue
    return filler


def _fill_with_gestures(desk: Desk) -> list[str]:
    """Add marks until the disk is full; the ids of those that were saved."""
    saved: list[str] = []
    spans = [(start, start + size) for size in range(1, 12) for start in range(12)]

    def label_on() -> None:
        for article_id in desk.ids:
            for span in spans:
                saved.append(add(desk.journal, article_id, span))

    with pytest.raises(DiskFull, match=r"last gesture was not saved.*nothing else is lost.*Make room"):
        label_on()
    return saved


def _saved(desk: Desk) -> list[str]:
    return [row[0] for row in desk.project.db.execute("SELECT id FROM entity ORDER BY id")]


def test_when_the_file_may_not_grow(desk: Desk) -> None:
    (pages,) = desk.project.db.execute("PRAGMA page_count").fetchone()
    desk.project.db.execute(f"PRAGMA max_page_count={pages + 3}")
    saved = _fill_with_gestures(desk)
    assert _saved(desk) == saved
    assert not desk.project.db.in_transaction
    desk.project.db.execute("PRAGMA max_page_count=1000000")
    saved.append(add(desk.journal, desk.ids[2], (3, 23)))
    desk.restart()
    assert _saved(desk) == saved
    assert check(desk.project.path).clean


def test_when_the_disk_is_full(small_disk: Path) -> None:
    project, ids = make(small_disk / "p.annot")
    ann = project.annotator_id("Ann")
    desk = Desk(project, ids, ann, Journal(project, ann))
    filler = _eat(small_disk)
    saved = _fill_with_gestures(desk)
    assert _saved(desk) == saved
    filler.unlink()
    saved.append(add(desk.journal, ids[2], (3, 23)))
    assert desk.journal.undo().summary == "undo add PERSON at 3"
    _eat(small_disk)
    desk.project.close()  # no room to bring the side file home
    with Project.open(desk.project.path) as project:
        desk.project = project
        assert _saved(desk) == saved
    assert check(desk.project.path).clean


def test_a_new_project_on_a_full_disk_leaves_nothing(small_disk: Path) -> None:
    filler = _eat(small_disk)
    with pytest.raises(ProjectError, match="disk is full"):
        Project.create(small_disk / "p.annot", LABELS)
    assert list(small_disk.iterdir()) == [filler]


def test_opening_on_a_full_disk_is_told(small_disk: Path) -> None:
    project, _ = make(small_disk / "p.annot")
    project.close()
    before = project.path.read_bytes()
    _eat(small_disk)
    with pytest.raises(DiskFull, match="cannot be opened"):
        Project.open(project.path)
    assert project.path.read_bytes() == before


def test_a_copy_that_does_not_fit_leaves_nothing_but_the_project(desk: Desk, small_disk: Path) -> None:
    filler = _eat(small_disk)
    with pytest.raises(DiskFull, match=r"not (made|written)"):
        save_copy(desk.project, small_disk / "copy.annot")
    assert list(small_disk.iterdir()) == [filler]
    add(desk.journal, desk.ids[0], ALICE)


def test_a_backup_that_does_not_fit_leaves_the_older_ones(
    desk: Desk, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.places.backup_dir", lambda: small_disk)
    first = back_up(desk.project, "first")
    add(desk.journal, desk.ids[0], ALICE)
    _eat(small_disk)
    with pytest.raises(DiskFull):
        back_up(desk.project, "second")
    assert [backup.path for backup in list_backups(desk.project.path)] == [first]


LABELLER = """
import json, resource, signal, sys
from pathlib import Path
from annotator.domain.errors import DiskFull
from annotator.storage.journal import Journal
from annotator.storage.project import Project
from tests.storage.samples import add

project = Project.open(Path(sys.argv[1]))
journal = Journal(project, project.annotator_id("Ann"))
article = project.db.execute("SELECT id FROM article WHERE position=0").fetchone()[0]
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
saved, error = [], ""
for start in range(20):
    for end in range(start + 1, 24):
        try:
            saved.append(add(journal, article, (start, end)))
        except Exception as fault:
            error = error or f"{type(fault).__name__}: {fault}"
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
saved.append(add(journal, article, (0, 25)))
project.close()
print(json.dumps({"saved": saved, "error": error}))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on a file's size")
def test_when_the_system_refuses_a_longer_file(path: Path) -> None:
    project, _ = make(path)
    project.close()
    done = subprocess.run([sys.executable, "-c", LABELLER, path], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    with Project.open(path) as project:
        found = [row[0] for row in project.db.execute("SELECT id FROM entity ORDER BY id")]
    assert found == told["saved"]
    assert "what was saved before is safe" in told["error"] or told["error"].startswith("DiskFull")
    assert check(path).clean
