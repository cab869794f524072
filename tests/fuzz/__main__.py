"""Throws random and mutated files at the readers: `make fuzz FORMAT=csv,pdf SECONDS=600`.

Nothing may come out but pieces and FormatError, each record must be fit to be kept, and no file may take
longer than a person waits. What fails is left in build/fuzz, with how to see it again.
"""

import argparse
import hashlib
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from annotator.domain.codec.reader import RecordReader
from annotator.domain.errors import FormatError
from annotator.formats.contract import Reading
from annotator.formats.jsonl import Encoder
from annotator.formats.registry import all_formats, candidates, format_named
from annotator.formats.sources import Source, source_of
from tests.formats.samples import LABELS
from tests.fuzz.mutations import mutated
from tests.fuzz.samples import ARCHIVES, Files, archives, samples

_KEPT = Path(__file__).resolve().parents[2] / "build" / "fuzz"
_FOUND_OUT = 10  # of so many files every format is asked whether one is its own
_SLOW = 60  # seconds of CPU for one small file
_RANDOM = 0.03  # share of files that are random bytes alone
_DIFFERENT = 10  # failures of a format after which the rest waits


class _TooSlow(BaseException):
    """No reader catches it."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__)
    parser.add_argument("formats", nargs="?", default="", help="with commas between; all without")
    parser.add_argument("--seconds", type=float, default=600, help="for each format")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    chosen = parser.parse_args()
    names = [one.name for one in all_formats() if one.reads] + [ARCHIVES]
    failed = 0
    for name in filter(None, chosen.formats.split(",")) if chosen.formats else names:
        failed += _fuzz(name, chosen.seconds, chosen.seed)
    return int(failed > 0)


def _fuzz(name: str, seconds: float, seed: int) -> int:
    """How many different failures there are."""
    random = Random(f"{name} {seed}")
    failures: set[str] = set()
    count = good = 0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        valid = archives() if name == ARCHIVES else samples(format_named(name), place)
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and len(failures) < _DIFFERENT:
            files = _wrong(valid, random)
            path = place / next(iter(files))
            for file, data in files.items():
                (place / file).write_bytes(data)
            count += 1
            try:
                with _limited():
                    good += _read(name, path, found_out=count % _FOUND_OUT == 0)
            except FormatError:
                pass
            except (Exception, _TooSlow) as error:
                where = traceback.extract_tb(error.__traceback__)[-1]
                key = f"{type(error).__name__} {where.filename}:{where.lineno}"
                if key not in failures:
                    failures.add(key)
                    _keep(name, files)
                    traceback.print_exc(limit=-8)
    print(
        f"{name}: {count:,} files in {seconds:g} s, {good:,} records, {len(failures)} failures, seed {seed}",
        flush=True,
    )
    return len(failures)


def _wrong(valid: list[Files], random: Random) -> Files:
    files = dict(random.choice(valid))
    name = random.choice(list(files))
    if random.random() < _RANDOM:
        return files | {name: random.randbytes(random.choice((0, 1, 7, 300, 5_000)))}
    other = random.choice(list(random.choice(valid).values()))
    return files | {name: mutated(files[name], other, random)}


def _read(name: str, path: Path, *, found_out: bool) -> int:
    """Reads a file as an import does, finding its format if `found_out`; how many records it holds."""
    found = 0
    for source in source_of(path).files():
        reading = Reading(LABELS)
        try:
            likely = candidates(source) if found_out or name == ARCHIVES else []
            format_ = likely[0] if name == ARCHIVES else format_named(name)
            for piece in format_.read(source, reading):
                assert (piece.record is None) == bool(piece.faults)
                for fault in piece.faults:
                    assert fault.what, "a fault says something"
                    assert fault.advice, "and what to do"
                    str(fault).encode()
                if piece.record is not None:
                    _check_kept(Encoder(LABELS).line(piece.record), source)
                    found += 1
        except FormatError:
            continue
    return found


def _check_kept(line: bytes, source: Source) -> None:
    """A record that is written as ours must be one."""
    import orjson

    RecordReader().read(orjson.loads(line))


@contextmanager
def _limited() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise _TooSlow(f"one file took longer than {_SLOW} s of CPU")

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, _SLOW)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _keep(name: str, files: Files) -> None:
    digest = hashlib.sha256(b"".join(files.values())).hexdigest()[:8]
    folder = _KEPT / f"{name}-{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    for file, data in files.items():
        (folder / file).write_bytes(data)
    print(f"{name}: left in {folder}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
