"""What the command says when something is wrong: one line, the right exit status, never a traceback."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.pipelines import install_odd_components, make_pipeline

ROOT = Path(__file__).resolve().parents[2]
linux = pytest.mark.skipif(sys.platform != "linux", reason="as Linux names files and devices")


def environment(**more: str) -> dict[str, str]:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return os.environ | {"PYTHONPATH": path} | more


def annotator(
    *arguments: str | bytes | Path, stdout: int = subprocess.PIPE, **more: str
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "annotator", *arguments]
    return subprocess.run(
        command, stdout=stdout, stderr=subprocess.PIPE, env=environment(**more), timeout=60, check=False
    )


def one_line(done: subprocess.CompletedProcess[bytes]) -> str:
    """What was said of the error that ended the command."""
    said = done.stderr.decode(errors="replace")
    assert done.returncode == 1, said
    assert said.startswith("annotator: ")
    assert said.count("\n") == 1, said
    return said


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path, text = tmp_path / "p.annot", tmp_path / "a.txt"
    text.write_text("Ms Lavrov spoke in Ukraine.\n" * 400, "utf-8")
    assert annotator("new", path).returncode == 0
    assert annotator("import", path, text).returncode == 0
    return path


@linux
def test_ctrl_c_is_told_and_leaves_a_whole_project(project: Path, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("A sleepy text.", "utf-8")
    annotator("import", project, tmp_path / "b.txt")
    pipeline = make_pipeline(tmp_path / "pipeline", "sleeper")
    site = install_odd_components(tmp_path / "site")
    running = subprocess.Popen(
        [sys.executable, "-m", "annotator", "suggest", project, "--pipeline", pipeline],
        stderr=subprocess.PIPE,
        env=environment(PYTHONPATH=os.pathsep.join([str(ROOT), site])),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    lock = project.with_name("p.annot.lock")
    while not lock.exists():
        time.sleep(0.02)
    time.sleep(0.5)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert said.decode() == "annotator: stopped; the project is whole and keeps what was saved so far.\n"
    assert running.returncode == 1
    assert annotator("check", project).returncode == 0


@linux
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_export_that_is_ended_leaves_nothing_and_says_so(
    project: Path, tmp_path: Path, number: signal.Signals
) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text("".join(f'{{"text": "Ms Lavrov spoke {n} times."}}\n' for n in range(4_000)), "utf-8")
    annotator("import", project, many)
    before = sorted(tmp_path.iterdir())
    running = subprocess.Popen(
        [sys.executable, "-m", "annotator", "export", project, tmp_path / "out", "--format", "text"],
        stderr=subprocess.PIPE,
        env=environment(),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while not any(tmp_path.glob(".out.*.part/*")) and running.poll() is None:
        time.sleep(0.002)
    running.send_signal(number)
    _, said = running.communicate(timeout=30)
    assert said.decode() == "annotator: stopped; nothing was written.\n"
    assert running.returncode == 1
    assert sorted(tmp_path.iterdir()) == before


@linux
def test_a_name_that_is_no_unicode_does_all_the_same(project: Path, tmp_path: Path) -> None:
    odd = os.fsencode(tmp_path) + b"/odd\xff"
    os.rename(project, odd + b".annot")
    with open(odd + b".txt", "wb") as file:
        file.write("Zürich ist schön, sagt der Präsident am Dienstag.".encode("cp1252"))
    done = annotator("import", odd + b".annot", odd + b".txt", "--json")
    assert done.returncode == 0, done.stderr
    assert "odd\udcff.txt: not UTF-8" in json.loads(done.stdout)["notes"][0]
    assert annotator("import", odd + b".annot", odd + b".txt").returncode == 0
    assert annotator("export", odd + b".annot", odd + b".jsonl", "--of", "suggestions").returncode == 0
    assert annotator("check", odd + b".annot").returncode == 0


def test_output_takes_names_that_its_encoding_lacks(tmp_path: Path) -> None:
    path = tmp_path / "ж😀.annot"
    assert annotator("new", path, PYTHONIOENCODING="cp1252").returncode == 0
    done = annotator("check", path, "--json", PYTHONIOENCODING="cp1252")
    assert json.loads(done.stdout)["clean"] is True


def test_damage_met_on_the_way_is_told(project: Path, tmp_path: Path) -> None:
    content = project.read_bytes()
    pages = [content[at : at + 4096] for at in range(0, len(content), 4096)]
    project.write_bytes(b"".join(bytes(4096) if b"Ms Lavrov spoke" in page else page for page in pages))
    for verb in (
        ("export", project, tmp_path / "out.jsonl", "--of", "suggestions"),
        ("suggest", project, "--pipeline", make_pipeline(tmp_path / "pipeline")),
        ("shot", project, tmp_path / "out.png"),
    ):
        said = one_line(annotator(*verb))
        assert "is damaged" in said
        assert "annotator check p.annot --save-readable NEW.annot" in said
    assert not (tmp_path / "out.jsonl").exists()


def test_a_text_that_is_not_the_one_that_came_in_is_not_exported(project: Path, tmp_path: Path) -> None:
    content = bytearray(project.read_bytes())
    content[content.rindex(b"Ms Lavrov spoke")] ^= 1
    project.write_bytes(content)
    said = one_line(annotator("export", project, tmp_path / "out.jsonl", "--of", "suggestions"))
    assert "the text of “Ms Lavrov spoke in Ukraine.” is not the one that came in" in said
    assert not (tmp_path / "out.jsonl").exists()


def test_what_is_readable_of_a_damaged_project_is_saved(project: Path, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Another one, which stays whole.", "utf-8")
    annotator("import", project, tmp_path / "b.txt")
    content = bytearray(project.read_bytes())
    content[content.rindex(b"Ms Lavrov spoke")] ^= 1
    project.write_bytes(content)
    saved = tmp_path / "saved.annot"
    assert annotator("check", project).returncode == 1
    done = annotator("check", project, "--save-readable", saved, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["saved"]["article"] == 1
    assert annotator("check", saved).returncode == 0
    assert "is there already" in one_line(annotator("check", project, "--save-readable", saved))


def test_of_a_sound_project_nothing_is_saved(project: Path, tmp_path: Path) -> None:
    done = annotator("check", project, "--save-readable", tmp_path / "saved.annot")
    assert done.returncode == 0
    assert not (tmp_path / "saved.annot").exists()


@linux
def test_a_full_standard_output_is_told(project: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = annotator("export", project, "-", "--of", "suggestions", stdout=full.fileno())
    assert "Standard output took no more (No space left on device)" in one_line(done)


@linux
def test_what_is_no_file_is_not_read(project: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    for name in (tmp_path / "pipe.txt", tmp_path / "pi*.txt", Path("/dev/zero")):
        done = annotator("import", project, name)
        assert done.returncode == 1
        assert "it is no file but a pipe or a device" in done.stderr.decode()
    assert "is a pipe or a device, not a project" in one_line(annotator("check", tmp_path / "pipe.txt"))


@linux
def test_a_home_that_cannot_be_written_is_told_or_done_without(project: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("no folder")
    nowhere = {f"XDG_{name}_HOME": str(home / name) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    said = one_line(annotator("demo", "--no-window", **nowhere))
    assert "cannot be made (Not a directory). Check that your home folder is writable." in said
    assert annotator("shot", project, tmp_path / "p.png", "--page", "start", **nowhere).returncode == 0
