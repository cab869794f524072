"""The house keeps its shape: what each part loads, which way dependencies point, how long files are."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {"numpy", "spacy", "thinc", "sqlite_utils"}  # 0.15 to 2 s of CPU each at import
QT = {"PySide6", "shiboken6"}


def loaded_by(statement: str) -> set[str]:
    """Return the top-level modules in memory after `statement` ran in a process of its own."""
    code = f"import sys\n{statement}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_import_contracts_are_kept() -> None:
    # In a process of its own: the linter sets logging up and switches off every logger there is by then.
    code = (
        "import sys; from importlinter.cli import lint_imports;"
        "sys.exit(lint_imports(config_filename='pyproject.toml', no_cache=True))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "package", ["domain", "places", "storage", "formats", "suggest", "agreement", "services"]
)
def test_nothing_below_the_window_loads_qt_or_what_is_slow(package: str) -> None:
    assert not loaded_by(f"import annotator.{package}") & (HEAVY | QT)


def test_the_domain_loads_only_the_standard_library() -> None:
    modules = [path.stem for path in (ROOT / "annotator" / "domain").glob("*.py") if path.stem != "__init__"]
    plain = loaded_by("pass")
    added = loaded_by("import " + ", ".join(f"annotator.domain.{name}" for name in modules)) - plain
    assert added - sys.stdlib_module_names == {"annotator"}


def test_values_that_never_change_are_made_by_frozen() -> None:
    """`domain.frozen` does the same; a dataclass costs the start of the window four times as much."""
    sources = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "annotator").rglob("*.py")}
    assert [name for name, text in sources.items() if "@dataclass(frozen=True, slots=True" in text] == []


def test_no_module_is_longer_than_500_lines() -> None:
    folders = ("annotator", "packaging", "tests")
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {path: lines for path, lines in lengths.items() if lines > 500} == {}
