"""What other programs do to the file of an open project: delete, replace or move it."""

import os
import shutil
from pathlib import Path


def delete(path: Path) -> None:
    path.unlink()


def delete_with_side_files(path: Path) -> None:
    for file in path.parent.iterdir():
        file.unlink()


def replace(path: Path) -> None:
    """By an older copy, as a program does that syncs folders."""
    older = path.with_name("older")
    shutil.copy(path, older)
    os.replace(older, path)


def move_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("moved"))
