"""What the verbs of the command line say and ask, and how they end."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import typer

from annotator.domain.errors import PipelineNotTrusted

Read = TypeVar("Read")


def with_trust(read: Callable[[], Read], *, trust: bool) -> Read:
    """What `read` gives, called again once the person has allowed the pipeline's code; `trust` allows it."""
    from annotator.services.choices import allow

    try:
        return read()
    except PipelineNotTrusted as refused:
        if not (trust or _allows(refused)):
            raise
        allow(refused.digest, refused.folder)
    return read()


def _allows(refused: PipelineNotTrusted) -> bool:
    """Asks at a terminal whether a pipeline may run its code; without one the answer is no."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return typer.confirm(
        f"Loading the pipeline in {refused.folder} runs its code. Do you trust where it comes from?", err=True
    )


def notice(text: str) -> None:
    print(f"annotator: {text}", file=sys.stderr)


def end(*, failed: bool) -> None:
    if failed:
        raise typer.Exit(1)


def tell(content: Mapping[str, Any], lines: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(content))  # in ASCII: whatever standard output is, what comes out of it is JSON
    else:
        print("\n".join(lines))


@contextmanager
def progress_bar(what: str, *, hidden: bool, in_bytes: bool = False) -> Iterator[Any]:
    """A function `(done, total | None)` that moves a bar on standard error, if that is a terminal."""
    if hidden or not sys.stderr.isatty():
        yield lambda done, total=None: None
        return
    from rich import progress
    from rich.console import Console

    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.DownloadColumn() if in_bytes else progress.MofNCompleteColumn(),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)

        def moved(done: int, total: int | None = None) -> None:
            bar.update(task, completed=done, total=total)

        yield moved
