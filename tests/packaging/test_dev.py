"""What setting up a checkout says and does, and what its locked files hold."""

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
LOCKED = ("run.txt", "dev.txt")
PYTHONS = ("3.11", "3.12", "3.13")
SYSTEMS = (("linux", "Linux", "posix"), ("darwin", "Darwin", "posix"), ("win32", "Windows", "nt"))


@pytest.fixture
def dev() -> ModuleType:
    """The set-up program as a fresh module, so that a test can change it."""
    spec = importlib.util.spec_from_file_location("dev", ROOT / "packaging" / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def executable(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def locked(name: str) -> list[tuple[Requirement, int]]:
    """Return each pinned requirement of a locked file with the number of its hashes."""
    found = []
    for block in (ROOT / "packaging" / "requirements" / name).read_text().replace("\\\n", " ").splitlines():
        if block and not block.lstrip().startswith("#"):
            requirement, *hashes = block.split(" --hash=")
            found.append((Requirement(requirement), len(hashes)))
    return found


def pins(name: str, python: str, system: tuple[str, str, str]) -> dict[str, str]:
    """Return what a locked file installs on one Python and system: version by package name."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.4",
        "sys_platform": system[0],
        "platform_system": system[1],
        "os_name": system[2],
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }
    wanted = [r for r, _ in locked(name) if r.marker is None or r.marker.evaluate(environment)]
    assert len({r.name for r in wanted}) == len(wanted), "one package pinned twice for one system"
    return {r.name: str(r.specifier).removeprefix("==") for r in wanted}


# The right Python


def test_an_old_python_is_told_what_to_install(dev: ModuleType) -> None:
    fault = dev.version_fault((3, 9))
    assert "3.9" in fault
    assert "python3.11" in fault
    assert "\n" not in fault


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13), (4, 0)])
def test_a_python_new_enough_is_taken(dev: ModuleType, version: tuple[int, int]) -> None:
    assert dev.version_fault(version) is None


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")
def test_the_newest_tested_python_that_starts_is_found(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable(tmp_path, "python3.13", "exit 1")  # a version manager's stand-in for what is not installed
    works = executable(tmp_path, "python3.12", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert dev.newer_python() == works


def test_no_newer_python_is_an_error_in_one_line(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "newer_python", lambda: None)
    monkeypatch.setattr(dev, "version_fault", lambda version: "too old")
    monkeypatch.setattr(sys, "argv", ["dev.py", "setup"])
    assert dev.main() == 1
    assert capsys.readouterr().err == "annotator: too old\n"


# System libraries


@pytest.fixture
def without_xcb(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The set-up program on a Linux that lacks two libraries."""
    gone = {"libxcb-icccm.so.4", "libxcb-cursor.so.0"}
    monkeypatch.setattr(dev, "opens", lambda soname: soname not in gone)
    monkeypatch.setattr(dev.sys, "platform", "linux")
    return dev


def test_missing_libraries_are_one_apt_command(
    without_xcb: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable(tmp_path, "apt-get", "exit 1")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(without_xcb, "apt_prefix", lambda: None)
    with pytest.raises(without_xcb.SetupError) as caught:
        without_xcb.ensure_system(needs_pip=False)
    last = str(caught.value).splitlines()[-1]
    assert last == "sudo apt-get install --no-install-recommends libxcb-cursor0 libxcb-icccm4"


def test_without_apt_the_libraries_are_named(
    without_xcb: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(without_xcb.SetupError, match=r"libxcb-cursor\.so\.0, libxcb-icccm\.so\.4$"):
        without_xcb.ensure_system(needs_pip=False)


def test_a_failed_apt_still_gives_the_command(
    without_xcb: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable(tmp_path, "apt-get", "exit 100")
    executable(tmp_path, "env", "exit 100")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(without_xcb, "apt_prefix", list)
    with pytest.raises(without_xcb.SetupError, match=r"apt-get install .*libxcb-cursor0 libxcb-icccm4$"):
        without_xcb.ensure_system(needs_pip=False)


def test_a_python_without_venv_is_a_missing_package(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev.sys, "platform", "linux")
    monkeypatch.setattr(dev, "opens", lambda soname: True)
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda name: None)
    major, minor = sys.version_info[:2]
    assert dev.missing_packages(needs_pip=True) == [f"python{major}.{minor}-venv"]
    assert dev.missing_packages(needs_pip=False) == []


# The stamp


@pytest.fixture
def checkout(dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The set-up program in an empty checkout where installing works and is counted in `dev.filled`."""
    requirements = tmp_path / "packaging" / "requirements"
    requirements.mkdir(parents=True)
    for name in LOCKED:
        (requirements / name).write_text(name)
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "REQUIREMENTS", requirements)
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "STAMP", tmp_path / ".venv" / "annotator-setup")
    monkeypatch.setattr(dev, "missing_packages", lambda needs_pip: [])
    dev.filled = []  # type: ignore[attr-defined]

    def fill(level: str, uv: str | None) -> bool:
        dev.venv_python().parent.mkdir(parents=True, exist_ok=True)
        dev.venv_python().touch()
        dev.filled.append(level)
        return True

    monkeypatch.setattr(dev, "fill_venv", fill)
    return dev


def test_what_is_set_up_is_not_set_up_again(checkout: ModuleType) -> None:
    checkout.set_up("dev")
    checkout.set_up("dev")
    assert checkout.filled == ["dev"]


def test_running_needs_nothing_more_after_testing(checkout: ModuleType) -> None:
    checkout.set_up("dev")
    checkout.set_up("run")
    assert checkout.filled == ["dev"]


def test_testing_adds_its_tools_after_running(checkout: ModuleType) -> None:
    checkout.set_up("run")
    checkout.set_up("dev")
    assert checkout.filled == ["run", "dev"]


@pytest.mark.parametrize("changed", ["pyproject.toml", "packaging/requirements/dev.txt"])
def test_a_changed_requirement_sets_up_again(checkout: ModuleType, changed: str) -> None:
    checkout.set_up("dev")
    (checkout.ROOT / changed).write_text("something else")
    checkout.set_up("dev")
    assert checkout.filled == ["dev", "dev"]


def test_failed_installing_leaves_no_stamp(checkout: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout.set_up("run")
    (checkout.ROOT / "pyproject.toml").write_text("something else")
    monkeypatch.setattr(checkout, "fill_venv", lambda level, uv: False)
    with pytest.raises(checkout.SetupError, match="network"):
        checkout.set_up("run")
    assert not checkout.is_set_up("run")


def test_pip_takes_over_where_uv_fails(checkout: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    tools: list[str | None] = []
    fill = checkout.fill_venv
    monkeypatch.setattr(checkout.shutil, "which", lambda name: "/somewhere/uv")
    monkeypatch.setattr(
        checkout, "fill_venv", lambda level, uv: tools.append(uv) or (uv is None and fill(level, uv))
    )
    checkout.set_up("run")
    assert tools == ["/somewhere/uv", None]
    assert checkout.is_set_up("run")


# A display


@pytest.mark.parametrize(
    ("variables", "display"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
    ],
)
def test_a_linux_display_is_found(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], display: bool
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(dev.sys, "platform", "linux")
    assert dev.has_display() is display


# The locked files


@pytest.mark.parametrize("name", LOCKED)
def test_every_locked_package_has_one_version_and_hashes(name: str) -> None:
    for requirement, hashes in locked(name):
        assert str(requirement.specifier).startswith("=="), requirement
        assert hashes > 0, requirement


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system[0])
@pytest.mark.parametrize("python", PYTHONS)
def test_locked_packages_meet_what_the_program_asks(python: str, system: tuple[str, str, str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    build = (ROOT / "packaging" / "requirements" / "build.in").read_text().partition("#")[0]
    run = [Requirement(text) for text in (*project["dependencies"], build)]
    dev = [Requirement(text) for text in project["optional-dependencies"]["dev"]]
    for name, wanted in (("run.txt", run), ("dev.txt", run + dev)):
        pinned = pins(name, python, system)
        for requirement in wanted:
            if requirement.marker is None or requirement.marker.evaluate({"python_version": python}):
                version = pinned[requirement.name.lower().replace("_", "-")]
                assert requirement.specifier.contains(version), f"{requirement} in {name}"


def test_testing_uses_the_versions_people_run() -> None:
    run = {str(requirement) for requirement, _ in locked("run.txt")}
    assert run <= {str(requirement) for requirement, _ in locked("dev.txt")}


def test_the_build_backend_is_bounded_alike_in_both_places() -> None:
    requires = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    text = (ROOT / "packaging" / "requirements" / "build.in").read_text()
    assert [line.partition("#")[0].strip() for line in text.splitlines()] == requires


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system[0])
def test_python_311_gets_no_pyside_that_loses_references(system: tuple[str, str, str]) -> None:
    for name in LOCKED:
        version = pins(name, "3.11", system)["pyside6-essentials"]
        assert tuple(map(int, version.split("."))) < (6, 12)


@pytest.mark.parametrize("name", LOCKED)
def test_locked_files_hold_no_address(name: str) -> None:
    text = (ROOT / "packaging" / "requirements" / name).read_text()
    assert "://" not in text
    assert "index-url" not in text


def test_no_tracked_file_names_a_package_index() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    host = re.compile(rb"pypi[.]org|python[h]osted[.]org|://[^/\s]*pypi")  # does not match itself
    names = [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]
    assert [name for name in names if host.search((ROOT / name).read_bytes())] == []
