"""The `annotator` command: a verb, or the window of a project."""

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from annotator.domain.errors import AnnotatorError, NoDisplay

VERBS = (
    "demo",
    "new",
    "import",
    "suggest",
    "export",
    "formats",
    "hand-out",
    "merge",
    "labels",
    "evaluate",
    "agreement",
    "check",
    "shot",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command and exits: 0 done, 1 an error in one line, 2 wrong usage, 3 no display."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # names of files hold what a terminal or a pipe may not take
            stream.reconfigure(errors="backslashreplace")
    try:
        _run(arguments)
    except NoDisplay as error:
        _say(error)
        sys.exit(3)
    except AnnotatorError as error:
        _say(error)
        sys.exit(1)
    except KeyboardInterrupt:
        kept = "the project is whole and keeps what was saved so far"
        if arguments[:1] == ["export"]:
            kept = "nothing was written"
        print(f"annotator: stopped; {kept}.", file=sys.stderr)
        sys.exit(1)


def _run(arguments: Sequence[str]) -> NoReturn:
    # The window does without the command line's library, which takes as long to import as the window to show.
    match arguments:
        case []:
            _show(None)
        case [project, *rest] if project not in VERBS and not project.startswith("-"):
            if not rest:
                _show(Path(project))
            if len(rest) == 2 and rest[0] == "--errors":
                _show(Path(project), errors=Path(rest[1]))
    import signal
    import threading

    from annotator.cli.verbs import application

    if threading.current_thread() is threading.main_thread():
        # It ends as by Ctrl+C, and leaves nothing behind.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    application(arguments)


def _show(project: Path | None, *, errors: Path | None = None) -> NoReturn:
    from annotator.ui.app import run

    sys.exit(run(project, errors=errors))


def _say(error: AnnotatorError) -> None:
    print(f"annotator: {' '.join(str(error).split())}", file=sys.stderr)
