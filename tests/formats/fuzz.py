"""Feeds a format's reader broken files for some minutes: `make fuzz FORMAT=brat [SECONDS=600] [FILES=...]`.

The files are written by the format itself from random records, or given, and then damaged. A reader may give
pieces and raise FormatError; anything else, and memory that grows, is a defect: it ends 1 and says where the
damaged file is kept.
"""

import random
import resource
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Sequence
from pathlib import Path

from hypothesis.errors import NonInteractiveExampleWarning

from annotator.domain.errors import FormatError
from annotator.formats.contract import Format, Layout, Reading, Writing
from annotator.formats.registry import format_named
from annotator.formats.sources import FileSource
from annotator.formats.targets import Target
from tests.formats.samples import LABELS, label_records, suggestion_records

_SEEDS = 40
_MOST_MEMORY = 512 * 2**20  # bytes more than at the start
# What breaks readers: ends, halves of pairs, numbers out of range, markup, line ends.
_PIECES = [
    *(b"\0", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r", b"\n", b"\r\n", b"\t", b"\xe2\x80\xa8"),
    *(b"-1", b"1e999", b"0.5", b"99999999999999999999", b"NaN", b"null", b"true", b"[]", b"{}", b'""'),
    *(b"[" * 2_000, b"{" * 200, b"<", b"&amp;", b"&#0;", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"|", b";", b"#"),
]


def main(arguments: Sequence[str]) -> int:
    format_ = format_named(arguments[0])
    seconds = float(arguments[1]) if len(arguments) > 1 else 600.0
    chance = random.Random()
    with tempfile.TemporaryDirectory() as folder:
        seeds = [Path(name) for name in arguments[2:]] or _written(format_, Path(folder))
        if not seeds:
            print(f"{format_.name} is only read: name some files to damage, FILES=...")
            return 2
        return _fuzz(format_, seeds, Path(folder) / "damaged", seconds, chance)


def _fuzz(format_: Format, seeds: list[Path], folder: Path, seconds: float, chance: random.Random) -> int:
    """Damages one of the seeds after the other until the time is over or something is wrong."""
    folder.mkdir()
    begun, memory, tried = time.monotonic(), _peak(), 0
    while time.monotonic() - begun < seconds:
        seed = chance.choice(seeds)
        path = folder / seed.name
        # Companions of stand-off formats are damaged, too.
        for beside in {seed, *seed.parent.glob(f"{seed.stem}.*")}:
            damaged = (
                _damaged(beside.read_bytes(), chance) if beside == seed or chance.random() < 0.5 else None
            )
            (folder / beside.name).write_bytes(beside.read_bytes() if damaged is None else damaged)
        tried += 1
        try:
            for piece in format_.read(FileSource(path), Reading(LABELS)):
                assert (piece.record is None) or not piece.faults, "a piece has a record and faults"
                assert all(str(fault) for fault in piece.faults)
        except FormatError:
            pass
        except BaseException:
            return _kept(format_, path, tried)
        if _peak() - memory > _MOST_MEMORY:
            print(f"memory grew by {(_peak() - memory) // 2**20} MiB")
            return _kept(format_, path, tried)
    print(f"{format_.name}: {tried:,} damaged files in {seconds:g} s, nothing but pieces and FormatError")
    return 0


def _written(format_: Format, folder: Path) -> list[Path]:
    """Files of the format itself."""
    if not format_.writes:
        return []
    warnings.simplefilter("ignore", NonInteractiveExampleWarning)
    records = label_records() | suggestion_records()  # one object, as it makes its examples by the hundred
    seeds = []
    for n in range(_SEEDS):
        place = folder / str(n)
        place.mkdir()
        name = f"talks{format_.suffixes[0] if format_.suffixes else ''}"
        with Target(place, name if format_.layout is Layout.FILE else None) as target:
            writer = format_.writer(target, Writing(LABELS))
            for _ in range(3):
                writer.write(records.example())
            writer.close()
            target.close()
        files = [FileSource(place / name) for name in target.names]
        seeds += [file.place for file in files if format_.sniff(file, file.head()) > 1]
    return seeds


def _damaged(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 1, 2, 5))):
        at, length = chance.randint(0, len(data)), chance.randint(0, 12)
        match chance.randrange(6):
            case 0:
                data = data[:at]
            case 1:
                data = data[:at] + data[at + length :]
            case 2:
                data = data[:at] + chance.choice(_PIECES) + data[at:]
            case 3:
                data = data[:at] + chance.choice(_PIECES) + data[at + length :]
            case 4:
                other = chance.randint(0, len(data))
                data = data[:at] + data[other : other + 40] + data[at:]
            case 5:
                data = data[:at] + chance.randbytes(length) + data[at + length :]
    return data


def _kept(format_: Format, path: Path, tried: int) -> int:
    traceback.print_exc()
    kept = Path(tempfile.mkdtemp(prefix=f"fuzz-{format_.name}-"))
    for file in path.parent.iterdir():
        (kept / file.name).write_bytes(file.read_bytes())
    print(f"{format_.name}: wrong at the damaged file number {tried:,}, kept as {kept / path.name}")
    return 1


def _peak() -> int:
    """The most memory this process has had, in bytes; macOS counts in bytes, Linux in KiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
