"""One child process that runs a pipeline: started, spoken to in lines, ended."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator

from annotator.places import child_environment
from annotator.suggest.messages import Reply, Task, decode_reply, encode_task

# Lines of what the child wrote to standard error that are kept for an error message.
_KEPT_LINES = 40


class Child:
    """A running `annotator.suggest.runtime`. `send` and `replies` may be used by one thread each."""

    def __init__(self, pipeline: str, *, stances: bool = False) -> None:
        # -P: modules in the current folder do not get in the way of installed ones.
        command = [sys.executable, "-P", "-m", "annotator.suggest.runtime", f"--pipeline={pipeline}"]
        self._process = subprocess.Popen(
            [*command, "--stances"] if stances else command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=child_environment(),
            start_new_session=os.name == "posix",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._said: deque[str] = deque(maxlen=_KEPT_LINES)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, task: Task) -> None:
        """Writes a task, waiting while the child cannot take it; one that ended takes nothing."""
        assert self._process.stdin
        with contextlib.suppress(OSError, ValueError):  # ValueError: closed by `end` in the meantime
            self._process.stdin.write(encode_task(task))
            self._process.stdin.flush()

    def replies(self) -> Iterator[Reply]:
        """Every reply until the child ends."""
        assert self._process.stdout
        for line in self._process.stdout:
            reply = decode_reply(line)
            if reply:
                yield reply

    def stop(self) -> None:
        """Ends the child at once: it has nothing of its own to save."""
        self._process.terminate()
        try:
            self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def end(self) -> str:
        """Waits for the end and says how it came, with the last thing the child said; leaves nothing open."""
        code = self._process.wait()
        self._listener.join(timeout=1)
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):  # what was not sent any more cannot be flushed
                if pipe:
                    pipe.close()
        last = next((line for line in reversed(self._said) if line.strip()), "")
        return _ending(code) + (f": {last.strip()[:300]}" if last else "")

    def _listen(self) -> None:
        """Keeps the last lines of standard error; a long line without an end counts as several."""
        assert self._process.stderr
        with self._process.stderr as pipe:
            while line := pipe.readline(10_000):
                self._said.append(line.decode("utf-8", "replace"))


def _ending(code: int) -> str:
    if code >= 0:
        return f"exit status {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"
