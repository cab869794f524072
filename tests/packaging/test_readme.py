"""README's commands run as they are written."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("bash") is None, reason="the commands are written for a Unix shell")
@pytest.mark.timeout(300)
def test_the_command_line_example_runs_line_by_line(tmp_path: Path) -> None:
    section = README.partition("## The command line")[2]
    block = re.search(r"```\n(.*?)```", section, re.DOTALL)
    assert block is not None
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    program = f'annotator() {{ "{sys.executable}" -m annotator "$@"; }}'
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    script = f"set -euo pipefail\n{program}\n{block[1]}"
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    for name in ("suggestions.jsonl", "labels.jsonl"):
        lines = (tmp_path / name).read_text(encoding="utf-8").splitlines()
        texts = {path.read_bytes().decode() for path in (ROOT / "seeds" / "articles").glob("*.txt")}
        assert {json.loads(line)["text"] for line in lines} == texts
    assert (tmp_path / "window.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("target", ["run", "test", "explore", "check", "bench", "lock", "wheel"])
def test_the_make_targets_it_names_exist(target: str) -> None:
    assert f"`make {target}`" in README or f"\nmake {target}\n" in README
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_the_files_it_links_to_exist() -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / link).exists(), link


@pytest.mark.parametrize(
    "name", ["PySide6", "spaCy", "numpy", "sqlite-utils", "orjson", "platformdirs", "typer"]
)
def test_the_licence_of_what_is_used_is_told(name: str) -> None:
    assert name in README.partition("## Licences")[2]
