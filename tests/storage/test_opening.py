"""Every way a file can fail to be a writable project: what the person is told, and that no byte changes."""

import gzip
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from annotator.domain.errors import (
    NotAProject,
    ProjectDamaged,
    ProjectEmpty,
    ProjectError,
    ProjectExists,
    ProjectLocked,
    ProjectMissing,
    ProjectReadOnly,
    ProjectTooNew,
)
from annotator.storage import queries
from annotator.storage.backups import back_up, restore
from annotator.storage.check import check
from annotator.storage.journal import Journal
from annotator.storage.lock import holder_of, lock_path
from annotator.storage.project import Access, Project
from annotator.storage.sharing import sharing_warning
from tests.storage.conftest import Desk
from tests.storage.samples import ALICE, BOB, LABELS, add, make


@pytest.fixture
def closed(path: Path) -> Path:
    """A project with work in it, closed."""
    project, ids = make(path, 40)
    with project:
        journal = Journal(project, project.annotator_id("Ann"))
        for article_id in ids:
            add(journal, article_id, ALICE)
    return path


def refused(path: Path, kind: type[ProjectError], says: str) -> None:
    """Opening raises exactly this error, in one line with the path, and leaves the folder as it is."""
    before = {file.name: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    for access in Access:
        with pytest.raises(ProjectError, match=says) as told:
            Project.open(path, access)
        assert type(told.value) is kind
        assert str(path) in str(told.value)
        assert "\n" not in str(told.value)
    assert {file.name: file.read_bytes() for file in path.parent.iterdir() if file.is_file()} == before


def test_a_whole_project_opens_with_its_labels(closed: Path) -> None:
    with Project.open(closed) as project:
        assert project.labelset == LABELS
        assert project.read_only is None
        assert not project.recovered
        assert project.annotators() == ["Ann"]
    assert [file.name for file in closed.parent.iterdir()] == [closed.name]


def test_the_writers_own_connection_waits_for_the_disk(desk: Desk) -> None:
    def pragma(name: str) -> object:
        return desk.project.db.execute(f"PRAGMA {name}").fetchone()[0]

    assert pragma("synchronous") == 2
    assert pragma("journal_mode") == "wal"
    assert pragma("foreign_keys") == 1
    assert pragma("mmap_size") == 0


def test_a_name_with_signs_that_addresses_use(tmp_path: Path) -> None:
    path = tmp_path / "50% of #1? é.annot"
    Project.create(path, LABELS).close()
    with Project.open(path) as project:
        assert project.path == path
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_new_project_overwrites_nothing(path: Path) -> None:
    path.write_text("mine")
    with pytest.raises(ProjectExists, match="is there already"):
        Project.create(path, LABELS)
    assert path.read_text() == "mine"


def test_missing(path: Path) -> None:
    refused(path, ProjectMissing, "There is no file")
    assert not path.exists()


def test_a_folder(path: Path) -> None:
    path.mkdir()
    refused(path, NotAProject, "is a folder")


def test_empty(path: Path) -> None:
    path.touch()
    refused(path, ProjectEmpty, "a copy may have failed")


def _write_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "text")


@pytest.mark.parametrize(
    ("write", "says"),
    [
        pytest.param(lambda path: path.write_text('{"text": "A b."}\n' * 999), "JSON.*import", id="jsonl"),
        pytest.param(
            lambda path: path.write_text('\ufeff[{"text": "A"}]'), "JSON.*import", id="json with BOM"
        ),
        pytest.param(lambda path: path.write_text("Übung. " * 999, "utf-8"), "text file.*import", id="text"),
        pytest.param(_write_zip, "zip archive.*unpack", id="zip"),
        pytest.param(lambda path: path.write_bytes(gzip.compress(b"{}")), "gzip archive.*unpack", id="gzip"),
        pytest.param(lambda path: path.write_bytes(bytes(range(256)) * 20), "not a project", id="bytes"),
    ],
)
def test_another_sort_of_file(path: Path, write: Callable[[Path], object], says: str) -> None:
    write(path)
    refused(path, NotAProject, says)


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_another_programs_database(path: Path, mode: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA journal_mode={mode}")
        db.execute("CREATE TABLE t(x)")
    refused(path, NotAProject, "another program")


def test_a_newer_version(closed: Path) -> None:
    with closing(sqlite3.connect(closed)) as db:
        db.execute("PRAGMA user_version=99")
    refused(closed, ProjectTooNew, "newer version.*update the program")


@pytest.mark.parametrize("share", [0.999, 0.9, 0.5, 0.05])
def test_cut_short(closed: Path, share: float) -> None:
    whole = closed.stat().st_size
    os.truncate(closed, int(whole * share))
    refused(closed, ProjectDamaged, f"cut short, {int(whole * share):,} bytes instead of {whole:,}.*backup")


def test_cut_in_the_header(closed: Path) -> None:
    os.truncate(closed, 60)
    refused(closed, ProjectDamaged, "ends after 60 bytes")


def test_a_cut_file_is_no_cut_file_while_its_side_file_has_the_pages(closed: Path, tmp_path: Path) -> None:
    """As after a crash between the pages of a checkpoint."""
    whole = closed.stat().st_size
    with Project.open(closed) as project:
        journal = Journal(project, project.annotator_id("Ann"))
        for row in project.db.execute("SELECT id FROM article").fetchall():
            add(journal, row[0], BOB)
        crashed = tmp_path / "crashed.annot"
        shutil.copy(closed, crashed)
        shutil.copy(f"{closed}-wal", f"{crashed}-wal")
        count = project.db.execute("PRAGMA page_count").fetchone()[0]
    with crashed.open("r+b") as file:  # page 1 was written, the new pages at the end were not yet
        file.seek(28)
        file.write(count.to_bytes(4, "big"))
    assert crashed.stat().st_size == whole
    with Project.open(crashed) as project:
        assert project.recovered
        assert project.db.execute("SELECT count(*) FROM entity").fetchone() == (80,)
    assert check(crashed).clean


@pytest.mark.parametrize("page", [0, 1, 2])
def test_zeroed_pages(closed: Path, page: int) -> None:
    """The first pages hold the table of tables: without one the file does not open."""
    _overwrite(closed, page * 4096, bytes(4096))
    if page:
        assert not check(closed).clean
    else:
        refused(closed, ProjectDamaged, "zeros")


def test_damage_met_while_reading_is_told(closed: Path) -> None:
    data = closed.read_bytes()
    # The last place: the title stands in an index too.
    _overwrite(closed, data.rindex(b"Alice praised Bob in Oslo, day 7") // 4096 * 4096, bytes(4096))
    with Project.open(closed) as project:
        ids = [row[0] for row in project.db.execute("SELECT article_id FROM status")]

        def read_all() -> None:
            with project.writing() as db:
                for article_id in ids:
                    queries.article(db, article_id)

        with pytest.raises(ProjectDamaged, match="save what is readable"):
            read_all()
    assert not check(closed).clean


def test_flipped_bits_are_found_by_check(closed: Path) -> None:
    at = closed.read_bytes().rindex(
        b"Alice praised Bob in Oslo, day 7"
    )  # the text; the title stands before it
    _overwrite(closed, at, b"Blice")
    assert any(problem.startswith("texts:") for problem in check(closed).problems)


def _overwrite(path: Path, at: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


@contextmanager
def unwritable(target: Path) -> Iterator[None]:
    """A file or folder that nobody may write to; for root, whom modes do not stop, by a mark on the file."""
    if sys.platform == "win32":
        pytest.skip("Windows has no such permission on folders")
    if os.geteuid() != 0:
        mode = target.stat().st_mode
        target.chmod(mode & ~0o222)
        try:
            yield
        finally:
            target.chmod(mode)
        return
    if subprocess.run(["chattr", "+i", target], capture_output=True, check=False).returncode:
        pytest.skip("this file system cannot refuse root")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", target], check=True)


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_cannot_be_written_is_opened_to_read_and_says_why(closed: Path, what: str) -> None:
    before = closed.read_bytes()
    with unwritable(closed if what == "file" else closed.parent):
        with pytest.raises(ProjectReadOnly, match="can only be read"):
            Project.open(closed)
        with Project.open(closed, Access.WRITE_OR_READ) as project:
            assert project.read_only is not None
            assert "can only be read" in project.read_only
            assert _own(project) == 1
            with pytest.raises(ProjectReadOnly):
                add(Journal(project, _ann(project)), _first(project), BOB)
            with closing(project.reader()) as reader:
                assert reader.execute("SELECT count(*) FROM entity").fetchone() == (40,)
        assert check(closed).clean
    assert closed.read_bytes() == before


def test_unsaved_side_file_in_a_folder_that_cannot_be_written(closed: Path, tmp_path: Path) -> None:
    crashed = _crashed(closed, tmp_path / "locked")
    with unwritable(crashed.parent):
        refused(crashed, ProjectReadOnly, "not closed cleanly.*copy")


def _first(project: Project) -> int:
    return int(project.db.execute("SELECT id FROM article WHERE position=0").fetchone()[0])


def _ann(project: Project) -> str:
    return project.annotator_id("Ann")


def _own(project: Project) -> int:
    """How many marks Ann has in the first article."""
    return sum(not item.suggested for item in queries.shown(project.db, _first(project), _ann(project)))


def _crashed(path: Path, folder: Path) -> Path:
    """A copy of the project as a crash would leave it, with one more gesture in its side file only."""
    folder.mkdir()
    with Project.open(path) as project:
        add(Journal(project, _ann(project)), _first(project), BOB)
        for name in (path.name, f"{path.name}-wal"):
            shutil.copy(path.parent / name, folder)
    return folder / path.name


def test_after_an_unclean_end_the_work_is_there_and_it_is_said(closed: Path, tmp_path: Path) -> None:
    crashed = _crashed(closed, tmp_path / "crash")
    with Project.open(crashed, Access.READ) as project:
        assert _own(project) == 2
    with Project.open(crashed) as project:
        assert project.recovered
        assert _own(project) == 2
    with Project.open(crashed) as project:
        assert not project.recovered
    assert check(crashed).clean


def test_the_second_opener_is_told_who_has_it(desk: Desk) -> None:
    holder = holder_of(desk.project.path)
    assert holder is not None
    assert holder.pid == os.getpid()
    with pytest.raises(
        ProjectLocked, match=f"{holder.host}.*process {os.getpid()}.*since {holder.since[:10]}"
    ):
        Project.open(desk.project.path)
    with Project.open(desk.project.path, Access.WRITE_OR_READ) as second:
        assert second.read_only is not None
        assert str(os.getpid()) in second.read_only
        add(desk.journal, desk.ids[1], ALICE)
        assert len(queries.shown(second.db, desk.ids[1], desk.ann)) == 1
    add(desk.journal, desk.ids[1], BOB)
    assert not desk.project.recovered


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there that few have")
def test_a_link_to_an_open_project_is_no_second_project(desk: Desk, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "link.annot"
    link.parent.mkdir()
    link.symlink_to(desk.project.path)
    with pytest.raises(ProjectLocked):
        Project.open(link)
    with Project.open(link, Access.READ) as project:
        assert project.path == desk.project.path.resolve()


def test_another_process_is_told_who_has_it(desk: Desk) -> None:
    program = (
        "import sys; from pathlib import Path; from annotator.storage.project import Project\n"
        "try: Project.open(Path(sys.argv[1]))\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, desk.project.path], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("ProjectLocked")
    assert f"process {os.getpid()}" in done.stdout


def test_a_lock_file_left_by_a_crash_holds_nobody_up(closed: Path) -> None:
    lock_path(closed).write_bytes(b'\x00{"who":"ghost","pid":1,"host":"h","since":"2020-01-01T00:00:00"}')
    with Project.open(closed) as project:
        holder = holder_of(project.path)
        assert holder is not None
        assert holder.pid == os.getpid()
    assert not lock_path(closed).exists()


def test_reading_beside_a_writer_leaves_its_locks(desk: Desk) -> None:
    """A file closed by hand in this process would drop them: the other one would remove the side file."""
    path = desk.project.path
    add(desk.journal, desk.ids[0], BOB)
    check(path)
    with Project.open(path, Access.READ):
        pass
    program = (
        "import sys, sqlite3; db = sqlite3.connect(sys.argv[1]); db.execute('SELECT 1 FROM meta'); db.close()"
    )
    subprocess.run([sys.executable, "-c", program, path], check=True)
    assert path.with_name(f"{path.name}-wal").stat().st_size > 0
    add(desk.journal, desk.ids[1], BOB)
    assert check(path).clean


@pytest.mark.parametrize(
    ("place", "service"),
    [
        ("/home/a/Dropbox/p.annot", "Dropbox"),
        ("/home/a/OneDrive - University/x/p.annot", "OneDrive"),
        ("/Users/a/Library/Mobile Documents/p.annot", "iCloud"),
        ("/mnt/team/p.annot", r"network drive \(nfs4\)"),
        ("/mnt/with space/p.annot", r"network drive \(cifs\)"),
    ],
)
def test_a_synced_or_network_folder_is_warned_of(place: str, service: str) -> None:
    mounts = "/dev/sda / ext4 rw 0 0\nsrv:/x /mnt/team nfs4 rw 0 0\n//srv/y /mnt/with\\040space cifs rw 0 0\n"
    warning = sharing_warning(Path(place), mounts)
    assert warning is not None
    assert re.search(f"{service}.*merge", warning)


def test_an_ordinary_folder_is_not_warned_of(tmp_path: Path) -> None:
    mounts = "/dev/sda / ext4 rw 0 0\nsrv:/x /mnt/team nfs4 rw 0 0\n/dev/sdb /mnt/team/disk ext4 rw 0 0\n"
    for place in ("/home/a/p.annot", "/mnt/team/disk/p.annot", "/home/a/dropboxes/p.annot"):
        assert sharing_warning(Path(place), mounts) is None


def test_a_project_in_a_synced_folder_opens_with_the_warning(tmp_path: Path) -> None:
    folder = tmp_path / "Dropbox"
    folder.mkdir()
    with Project.create(folder / "p.annot", LABELS) as project:
        assert len(project.warnings) == 1


def test_the_way_back_from_damage_is_a_backup(closed: Path) -> None:
    with Project.open(closed) as project:
        backup = back_up(project, "test")
    os.truncate(closed, 5000)
    aside = restore(backup, closed)
    assert aside is not None
    assert aside.stat().st_size == 5000
    assert check(closed).clean
