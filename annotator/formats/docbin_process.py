"""The process that reads and writes DocBin files with spaCy, which must not be loaded in the window's.

Requests and replies are objects, one JSON line each; `do` names what is asked:
ping -> {}; check a language -> {} or fault; begin a file (no reply); add `fields` of native JSONL in words of
a language, with marks grown or (`contract`) shrunk -> spans, stances in their order with their new places, or
fault; write all to a path -> {} or fault; read a path -> n, record, remarks or n, fault for each document, or
broken; then end.
"""

import os
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import orjson

from annotator.domain.errors import FormatError
from annotator.places import child_environment

_SAID = 300  # code points of the child's last words


class DocBinProcess:
    """One child; FormatError when it ends before it has answered."""

    def __init__(self) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115, closed by _ended
        # -P: modules in the current folder do not get in the way of installed ones.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "annotator.formats.docbin_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env=child_environment(),
            start_new_session=os.name == "posix",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._end = weakref.finalize(self, _ended, self._process, self._said)

    def send(self, **request: object) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(orjson.dumps(request) + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise self._died() from error

    def reply(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise self._died()
        found = orjson.loads(line)
        assert isinstance(found, dict)
        if "errno" in found:
            raise OSError(found["errno"], found["strerror"])
        return found

    def ask(self, **request: object) -> dict[str, Any]:
        self.send(**request)
        return self.reply()

    def close(self) -> None:
        """Ends the child, which has nothing to save."""
        self._end()

    def _died(self) -> FormatError:
        code = self._process.wait()
        self._said.seek(0)
        lines = self._said.read().decode("utf-8", "replace").strip().splitlines()
        last = f": {lines[-1][:_SAID]}" if lines else ""
        return FormatError(f"The process of spaCy ended (exit status {code}){last}. Try again.")


class Processes:
    """Children that wait for the next file, since spaCy takes a second or two to start.

    Each ends by itself when it has waited for a minute, and with this process.
    """

    def __init__(self) -> None:
        self._waiting: list[DocBinProcess] = []
        self._lock = threading.Lock()

    def take(self) -> DocBinProcess:
        """A child that nobody else has."""
        while True:
            with self._lock:
                process = self._waiting.pop() if self._waiting else None
            if process is None:
                return DocBinProcess()
            try:
                process.ask(do="ping")
            except FormatError:  # it has waited long enough
                process.close()
            else:
                return process

    def give_back(self, process: DocBinProcess) -> None:
        """For a child that has answered all it was asked."""
        with self._lock:
            self._waiting.append(process)

    @contextmanager
    def one(self) -> Iterator[DocBinProcess]:
        """A child that waits again afterwards, or is ended if something went wrong."""
        process = self.take()
        try:
            yield process
        except BaseException:
            process.close()
            raise
        self.give_back(process)


def _ended(process: "subprocess.Popen[bytes]", said: IO[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        try:
            pipe.close()
        except OSError:  # what was not sent any more cannot be flushed
            continue
    said.close()
