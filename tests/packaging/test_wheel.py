"""The wheel carries all the program needs: resources, seeds, the pipeline."""

import importlib.util
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("hatchling") is None,
    reason="hatchling, which builds the wheel, is not installed",
)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's files in a folder outside the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(site: Path, *arguments: object) -> str:
    """Runs the command from the wheel's files; the interpreter's own packages serve as dependencies."""
    done = subprocess.run(
        [sys.executable, "-m", "annotator", *map(str, arguments)],
        cwd=site.parent,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_makes_suggests_exports_and_draws_outside_the_checkout(
    unpacked: Path, tmp_path: Path
) -> None:
    sample = Path(run(unpacked, "demo", "--no-window", "--at", tmp_path).strip())
    assert sample.parent == tmp_path
    report = json.loads(run(unpacked, "suggest", sample, "--json"))
    assert report["skipped"] == 6, "the demo has them read"
    run(unpacked, "export", sample, tmp_path / "out.jsonl", "--of", "suggestions")
    records = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert len(records) == 6
    assert all(record["spans"] for record in records)
    run(unpacked, "shot", sample, tmp_path / "label.png")
    assert (tmp_path / "label.png").read_bytes().startswith(b"\x89PNG")


def test_the_wheels_own_files_are_used(unpacked: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from annotator import places; print(places.resource(), places.seeds())"],
        cwd=unpacked.parent,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [str(unpacked / "annotator/resources"), str(unpacked / "annotator/seeds")]
