"""The steps of `project.yml` name all that they read, so that a change of it runs them again."""

import ast
from pathlib import Path
from typing import Any

import srsly

PIPELINE = Path(__file__).resolve().parents[2] / "packaging" / "pipeline"
PROJECT: dict[str, Any] = srsly.read_yaml(PIPELINE / "project.yml")
COMMANDS: list[dict[str, Any]] = PROJECT["commands"]


def modules_of(script: str) -> set[str]:
    """The recipe's modules that a script imports, itself included."""
    found: set[str] = set()
    waiting = [script]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        for node in ast.walk(ast.parse((PIPELINE / name).read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            waiting += [f"{each}.py" for each in names if (PIPELINE / f"{each}.py").is_file()]
    return found


def test_every_step_depends_on_the_modules_it_runs() -> None:
    missing = {
        command["name"]: sorted(
            {module for line in command["script"] for module in modules_of(line.split()[1])}
            - set(command["deps"])
        )
        for command in COMMANDS
        if not command.get("no_skip")
    }
    assert {name: modules for name, modules in missing.items() if modules} == {}


def test_what_a_step_depends_on_is_there_or_made_by_an_earlier_one() -> None:
    made: set[str] = set()
    for command in COMMANDS:
        unmade = [dep for dep in command["deps"] if dep not in made and not (PIPELINE / dep).exists()]
        assert unmade == [], command["name"]
        made.update(command.get("outputs", ()))


def test_the_whole_recipe_runs_every_step_in_order() -> None:
    names = [command["name"] for command in COMMANDS]
    steps = PROJECT["workflows"]["all"]
    assert steps == [name for name in names if name in steps]
    assert set(names) - set(steps) == {"agreement"}
