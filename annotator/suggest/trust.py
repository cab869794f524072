"""Which pipelines may run their code here: by the content of their folders, as the person allowed them."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from annotator import places
from annotator.domain.errors import PipelineError

_FILE = "trusted-pipelines.json"
# The largest pipelines have some hundred files; a home folder chosen by mistake has no end of them.
_MOST_FILES = 50_000


def content_digest(folder: Path) -> str:
    """The sha256, in hex, of the paths and bytes of all files below a folder.

    Links are followed, as a pipeline that is loaded follows them; one that leads back up counts by its target
    only. What is no file (a pipe, a device) counts by its path. What Python compiles there is left out: it
    comes and goes. Raises PipelineError if a file cannot be read or there is no end of them.
    """
    whole = hashlib.sha256()
    try:
        for count, (name, path) in enumerate(_files(folder, "", (os.path.realpath(folder),))):
            if count >= _MOST_FILES:
                raise PipelineError(
                    f"{folder} has more than {_MOST_FILES:,} files, as no pipeline has. "
                    "Give the folder that holds its config.cfg and no other files."
                )
            whole.update(hashlib.sha256(os.fsencode(name)).digest())
            whole.update(_digest(path))
    except OSError as error:
        raise PipelineError(
            f"{error.filename or folder} cannot be read ({error.strerror}). Check its permissions, "
            "or copy the pipeline again."
        ) from error
    return whole.hexdigest()


def is_trusted(digest: str) -> bool:
    """Whether the person allowed the pipeline of this content."""
    return digest in _trusted()


def trust(digest: str, folder: str) -> None:
    """Keeps that the pipeline of this content may run; `folder` is for those who read the file."""
    path = places.config_dir() / _FILE
    draft = path.with_name(f".{_FILE}.{os.getpid()}")
    try:
        draft.write_text(
            json.dumps(_trusted() | {digest: folder}, indent=1, ensure_ascii=False), encoding="utf-8"
        )
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise PipelineError(
            f"{path} cannot be written ({error.strerror}), so that no pipeline but the built-in one can run. "
            "Check its permissions."
        ) from error


def _trusted() -> dict[str, str]:
    """Nothing where the file is missing or holds something else: then everything is asked again."""
    try:
        content = json.loads((places.config_dir() / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _files(folder: Path, below: str, above: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    """`(path below the pipeline's folder, file)` in an order that only the paths make."""
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        name, path = f"{below}{entry.name}", folder / entry.name
        if not entry.is_dir():
            yield name, path
        elif (real := os.path.realpath(path)) in above:
            yield f"{name} -> {os.readlink(path)}", path
        elif entry.name != "__pycache__":
            yield from _files(path, f"{name}/", (*above, real))


def _digest(path: Path) -> bytes:
    """Of the bytes of a regular file, read piece by piece; of nothing for anything else."""
    if not path.is_file():
        return hashlib.sha256().digest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
