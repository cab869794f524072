"""Set up a checkout and run it: `python3 packaging/dev.py TARGET`, one of those of the Makefile.

Standard library only, and readable by Pythons older than the program needs, so that they can say it.
What is done already is not done again: a stamp in .venv holds a hash of all that decides its content.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import importlib.util
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "packaging" / "requirements"
VENV = ROOT / ".venv"
TRAINING = ROOT / "build" / "pipeline-venv"  # what trains the built-in pipeline, apart from what runs it
TORCH = "2.13.0"
STAMP = VENV / "annotator-setup"
BUILD = ROOT / "build"

OLDEST = (3, 11)
TESTED = ("3.13", "3.12", "3.11")

# What PySide6 opens at run time and pip cannot bring: Debian's package for each shared library.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
FONT_PACKAGE = "fonts-noto-core"


class SetupError(Exception):
    """Something a person has to do first; the message says what."""


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def call(*command: str | Path) -> int:
    """Run a command in the checkout and return its exit status."""
    return subprocess.run([str(part) for part in command], cwd=ROOT).returncode


def version_fault(version: Sequence[int]) -> str | None:
    """Say what to install when `version` (major, minor) is too old; None when it will do."""
    if tuple(version) >= OLDEST:
        return None
    return (
        f"Annotator needs Python 3.11, 3.12 or 3.13; this is {version[0]}.{version[1]}. Install one of them "
        "(Debian, Ubuntu: apt-get install python3.11 python3.11-venv; macOS and Windows: python.org) "
        "and run the same command again."
    )


def newer_python() -> Path | None:
    """Find a tested Python on the PATH that really starts (a version manager's stand-in may not)."""
    for version in TESTED:
        found = shutil.which(f"python{version}")
        if found and subprocess.run([found, "-c", ""], capture_output=True).returncode == 0:
            return Path(found)
    return None


def use_right_python() -> None:
    """Go on in a newer Python when this one is too old; raise SetupError when there is none."""
    fault = version_fault(sys.version_info[:2])
    if fault is None:
        return
    newer = newer_python()
    if newer is None:
        raise SetupError(fault)
    sys.exit(call(newer, Path(__file__).resolve(), *sys.argv[1:]))


def opens(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def missing_packages(*, needs_pip: bool) -> list[str]:
    """List Debian's names of what is missing on Linux, sorted; empty elsewhere."""
    if sys.platform != "linux":
        return []
    packages = [package for soname, package in LIBRARIES.items() if not opens(soname)]
    if needs_pip and importlib.util.find_spec("ensurepip") is None:
        packages.append(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")
    return sorted(packages)


def advice(packages: Sequence[str]) -> str:
    """Say in one command how to get `packages`; without apt, which shared libraries they stand for."""
    if shutil.which("apt-get"):
        command = f"sudo apt-get install --no-install-recommends {' '.join(packages)}"
        return f"Annotator needs some system packages. Run this, then the same command again:\n{command}"
    sonames = [soname for soname, package in LIBRARIES.items() if package in packages] or packages
    return f"Annotator needs these libraries; your system's package manager has them: {', '.join(sonames)}"


def apt_prefix() -> list[str] | None:
    """Return what to put before apt-get to be allowed to install, without asking; None when one is not."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    may = shutil.which("sudo") and subprocess.run([*sudo, "true"], capture_output=True).returncode == 0
    return sudo if may else None


def has_text_font() -> bool:
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
    folders += [Path(os.path.expanduser("~/.local/share/fonts"))]
    names = ("NotoSans-*", "Inter*", "LiberationSans-*", "OpenSans-*", "Roboto-*", "Ubuntu*")
    return any(True for folder in folders for name in names for _ in folder.rglob(name))


def ensure_system(*, needs_pip: bool) -> None:
    """Install missing system packages where that needs no question; else say the command in SetupError."""
    packages = missing_packages(needs_pip=needs_pip)
    if not packages:
        return
    prefix = apt_prefix()
    if prefix is None:
        raise SetupError(advice(packages))
    say(f"Installing system packages: {' '.join(packages)}")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    install = [*apt, "install", "-y", "--no-install-recommends"]
    call(*apt, "update")  # without a network the lists already there may do
    failed = call(*install, *packages)
    importlib.invalidate_caches()
    if failed or missing_packages(needs_pip=needs_pip):
        raise SetupError(advice(packages))
    if not has_text_font() and call(*install, FONT_PACKAGE):
        say(f"Note: {FONT_PACKAGE} could not be installed; text is drawn with the fonts that are there.")


def venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def wanted_stamp(level: str) -> str:
    """Hash what decides the content of .venv: locked packages, pyproject.toml, Python and the place."""
    digest = hashlib.sha256(f"{sys.version_info[:3]} {ROOT}".encode())
    for path in (REQUIREMENTS / f"{level}.txt", ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return f"{level} {digest.hexdigest()}"


def is_set_up(level: str) -> bool:
    """Say whether .venv holds what `level` ("run" or "dev") needs; "dev" holds all of "run"."""
    done = STAMP.read_text(encoding="utf-8").strip() if STAMP.is_file() else None
    return venv_python().exists() and done in {wanted_stamp(level), wanted_stamp("dev")}


def runs_this_python() -> bool:
    """Say whether .venv is there, starts, and is of this Python's version."""
    if not venv_python().exists():
        return False
    show = [str(venv_python()), "-c", "import sys; print(sys.version_info[:3])"]
    return subprocess.run(show, capture_output=True, text=True).stdout.strip() == str(sys.version_info[:3])


def fill_venv(level: str, uv: str | None) -> bool:
    """Make .venv if need be, install the locked packages and this checkout; False when that failed."""
    if not runs_this_python():
        shutil.rmtree(VENV, ignore_errors=True)
    if uv:
        made = VENV.exists() or not call(uv, "venv", "--quiet", "--python", sys.executable, VENV)
        install = [uv, "pip", "install", "--quiet", "--python", str(venv_python())]
    else:
        made = not call(sys.executable, "-m", "venv", VENV)  # adds pip to what uv made without it
        install = [str(venv_python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if not made:
        return False
    # The locked file is complete: the build backend comes from it, and of some packages it leaves out what
    # pyproject.toml says is not needed of theirs.
    locked_ones = ("--no-deps", "--require-hashes", "-r", REQUIREMENTS / f"{level}.txt")
    checkout = ("--no-deps", "--no-build-isolation", "-e", ROOT)
    return not call(*install, *locked_ones) and not call(*install, *checkout)


def set_up(level: str) -> None:
    """Make everything ready for `level`: "run" (the program) or "dev" (tests and checks too)."""
    ready, uv = is_set_up(level), shutil.which("uv")
    ensure_system(needs_pip=not ready and uv is None)
    if ready:
        return
    version = ".".join(map(str, sys.version_info[:2]))
    if version not in TESTED:
        say(f"Note: Annotator is tested with Python {', '.join(reversed(TESTED))}; this is {version}.")
    say(f"Setting up .venv with Python {version} and {'uv' if uv else 'pip'}: some minutes the first time")
    STAMP.unlink(missing_ok=True)
    # pip knows proxies and certificates that uv does not.
    if not fill_venv(level, uv) and (uv is None or not fill_venv(level, None)):
        raise SetupError("Installing failed; the lines above say why. The first time needs a network.")
    STAMP.write_text(wanted_stamp(level) + "\n", encoding="utf-8")


def set_up_training() -> Path:
    """Make the environment that trains the built-in pipeline, if need be, and return its Python."""
    python = TRAINING / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    locked_file, stamp = REQUIREMENTS / "training.txt", TRAINING / "annotator-training"
    wanted = hashlib.sha256(f"{sys.version_info[:3]} {TORCH}".encode() + locked_file.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    say(f"Setting up {TRAINING.relative_to(ROOT)} for training: about 2 GB, some minutes")
    if call(sys.executable, "-m", "venv", "--clear", TRAINING):
        raise SetupError("No environment could be made; the lines above say why.")
    install = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
    # The locked file is complete, so nothing else may be drawn in: torch's other builds bring CUDA.
    if call(*install, "--require-hashes", "-r", locked_file):
        raise SetupError("Installing failed; the lines above say why. The first time needs a network.")
    torch = f"torch=={TORCH}+cpu" if sys.platform == "linux" else f"torch=={TORCH}"
    if call(*install, torch):
        raise SetupError(
            f"{torch} is not where pip looks. Put its wheel into a folder that PIP_FIND_LINKS names, or let "
            "PIP_EXTRA_INDEX_URL name PyTorch's index of CPU builds (see its installation page)."
        )
    stamp.write_text(wanted, encoding="utf-8")
    return python


def has_display() -> bool:
    if os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] in {"offscreen", "minimal"}:
        return False
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def run(arguments: Sequence[str]) -> int:
    """Open the sample project; with no display draw its window to build/sample.png."""
    set_up("run")
    annotator = (venv_python(), "-m", "annotator")
    status = call(*annotator, "demo", *arguments) if has_display() else 3
    if status != 3:
        return status
    BUILD.mkdir(exist_ok=True)
    picture = BUILD / "sample.png"
    make = [*map(str, annotator), "demo", "--at", str(BUILD / "sample"), "--no-window"]
    made = subprocess.run(make, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    if made.returncode:
        return made.returncode
    status = call(*annotator, "shot", made.stdout.strip().splitlines()[-1], picture, "--page", "label")
    if status == 0:
        say(f"No display here: the window was drawn to {picture.relative_to(ROOT)} instead.")
    return status


def test(arguments: Sequence[str]) -> int:
    set_up("dev")
    parallel = () if any(part.startswith("-n") for part in arguments) else ("-n", "2")
    return call(venv_python(), "-m", "pytest", *parallel, *arguments)


def explore(arguments: Sequence[str]) -> int:
    """Run the property tests on examples drawn anew, round after round, until one fails or time is over."""
    set_up("dev")
    parser = argparse.ArgumentParser(prog="explore")
    parser.add_argument("--seconds", type=float, default=600, help="begin no round after so many")
    chosen, others = parser.parse_known_args(arguments)
    ends, status = time.monotonic() + chosen.seconds, 0
    while not status and time.monotonic() < ends:
        seed = random.randrange(2**32)
        say(f"Property tests with seed {seed}")
        drawn = ("-m", "hypothesis", "--hypothesis-profile", "explore", "--hypothesis-seed", str(seed))
        status = test([*drawn, *others])
    return status


def check(arguments: Sequence[str]) -> int:
    """Run every check, also after one failed, and return how many did."""
    set_up("dev")
    tools = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",), ("lint-imports",))
    failed = [" ".join(tool) for tool in tools if call(venv_python().with_name(tool[0]), *tool[1:])]
    for tool in failed:
        say(f"Failed: {tool}")
    return len(failed)


def bench(arguments: Sequence[str]) -> int:
    set_up("dev")
    return call(venv_python(), "-m", "tests.benchmarks", *arguments)


def fuzz(arguments: Sequence[str]) -> int:
    """Throw wrong files at readers, ten minutes each; what fails is left in build/fuzz."""
    set_up("dev")
    return call(venv_python(), "-m", "tests.fuzz", *arguments)


def pipeline(arguments: Sequence[str]) -> int:
    """Train the built-in pipeline, or run one step or workflow of packaging/pipeline/project.yml.

    Finished steps whose inputs have not changed are not run again.
    """
    step = arguments or ["all"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    weasel = [str(set_up_training()), "-m", "weasel", "run", *step[:1], "packaging/pipeline", *step[1:]]
    return subprocess.run(weasel, cwd=ROOT, env=environment).returncode


def lock(arguments: Sequence[str]) -> int:
    """Pin and hash what is installed, for all Pythons and systems; `--upgrade` takes newer versions."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(venv_python().parent))
    if uv is None:
        raise SetupError("`lock` needs uv, which resolves for all systems at once: pip install uv")
    options = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url")
    resolve = (uv, "pip", "compile", "--quiet", *options, "--custom-compile-command", "make lock", *arguments)
    sources = ["pyproject.toml", "packaging/requirements/build.in"]
    run_txt, dev_txt = "packaging/requirements/run.txt", "packaging/requirements/dev.txt"
    training_txt = "packaging/requirements/training.txt"
    dev = ("--extra", "dev", "--constraint", run_txt)
    # Training opens no window, and which build of torch is right depends on the machine: set_up_training.
    left_out = ("torch", "pyside6-essentials", "shiboken6")
    training = ("--extra", "training", "--constraint", run_txt, *(f"--no-emit-package={p}" for p in left_out))
    return (
        call(*resolve, *sources, "-o", run_txt)
        or call(*resolve, *dev, *sources, "-o", dev_txt)
        or call(*resolve, *training, *sources, "-o", training_txt)
    )


def setup(arguments: Sequence[str]) -> int:
    set_up("dev")
    return 0


_COMMANDS = (setup, run, test, explore, check, bench, fuzz, pipeline, lock)
COMMANDS = {function.__name__: function for function in _COMMANDS}


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="handed on to the tool")
    chosen = parser.parse_args()
    try:
        use_right_python()
        return COMMANDS[chosen.command](chosen.arguments)
    except SetupError as error:
        say(f"annotator: {error}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
