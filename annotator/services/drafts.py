"""Files and folders being exported: made beside their place, proven, put there when whole."""

import glob
import os
import shutil
import time
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from annotator.domain.codec.records import Record
from annotator.domain.errors import FormatError
from annotator.formats.contract import Format, Layout, Reading, Writer, Writing
from annotator.formats.sources import FileSource, FolderSource
from annotator.formats.targets import Target
from annotator.services.destinations import refuse_file, refuse_folder
from annotator.storage.durable import sync_folder

_LEFT_ALONE = 3_600  # seconds


@dataclass(slots=True)
class Draft:
    """One file, or one folder, being written for `place`."""

    place: Path
    format: Format
    target: Target
    writer: Writer
    records: int = 0
    _proofs: "array[int]" = field(default_factory=lambda: array("Q"))

    def write(self, record: Record) -> None:
        self._proofs.extend(self.writer.write(record))
        self.records += 1

    def finish(self, reading: Reading, counted: Callable[[Iterable[int]], Iterator[int]] = iter) -> None:
        """Ends the writing and reads all of it back; FormatError when it is not what was written.

        What is read back passes through `counted`.
        """
        self._proofs.extend(self.writer.close())
        self.target.close()
        try:
            back = array("Q")
            for source in self._sources(reading):
                back.extend(counted(self.format.proofs(source, reading)))
        except FormatError as error:
            raise FormatError(f"{self.place} was not written: it does not read back: {error}") from error
        if back != self._proofs and sorted(back) != sorted(self._proofs):
            raise FormatError(
                f"{self.place} was not written: it does not read back as it was written. The disk gave back "
                "other bytes than it was given, or the format has a fault; check the disk, or choose another."
            )

    def take_place(self) -> None:
        """What belongs beside a file goes before it; an empty folder may be in a folder's place."""
        if self.format.layout is Layout.FOLDER:
            if self.place.is_dir():
                self.place.rmdir()
            self.target.folder.rename(self.place)
        else:
            beside = [name for name in self.target.names if name != self.place.name]
            for name in beside:
                refuse_file(self.place.with_name(name))
            for name in (*beside, self.place.name):
                os.replace(self.target.folder / name, self.place.with_name(name))
        sync_folder(self.place)

    def _sources(self, reading: Reading) -> Iterator[FileSource | FolderSource]:
        if self.format.layout is Layout.FILE:
            yield FileSource(self.target.folder / self.place.name)
        elif self.format.reads_folders or not self.format.reads:
            yield FolderSource(self.target.folder)
        else:
            for name in self.target.names:
                source = FileSource(self.target.folder / name)
                if self.format.sniff(source, source.head()) > 1:
                    yield source


@contextmanager
def drafted(place: Path, format_: Format, writing: Writing) -> Iterator[Draft]:
    """A draft for a place; what is left of it afterwards is removed.

    Raises FormatError for a place that none may take.
    """
    is_file = format_.layout is Layout.FILE
    (refuse_file if is_file else refuse_folder)(place)
    real = place.resolve()
    _sweep(real)
    folder = real.with_name(f".{real.name}.{os.getpid()}.part")
    folder.mkdir()
    try:
        with Target(folder, real.name if is_file else None) as target:
            yield Draft(real, format_, target, format_.writer(target, writing))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(place: Path) -> None:
    """Removes drafts for the place whose process was killed; one of another computer is young, and stays."""
    before = time.time() - _LEFT_ALONE
    for draft in place.parent.glob(f".{glob.escape(place.name)}.*.part"):
        pid = draft.name.split(".")[-2]
        if pid.isdecimal() and not _runs(int(pid)) and draft.is_dir() and draft.stat().st_mtime < before:
            shutil.rmtree(draft, ignore_errors=True)


def _runs(pid: int) -> bool:
    """Whether there is such a process, as far as that can be told without touching it."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
