"""Data sets are taken from a folder given or from their addresses, and never believed unchecked."""

import hashlib
import importlib.util
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

PIPELINE = Path(__file__).resolve().parents[2] / "packaging" / "pipeline"
GOOD = b"word O\n" * 40_000


@dataclass
class Site:
    """A server of files; each answer can be cut short."""

    address: str
    files: dict[str, bytes]
    asked: list[str] = field(default_factory=list)
    cut: int | None = None


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = served.files.get(self.path)
            served.asked.append(self.path)
            if content is None:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: served.cut])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Site(f"http://127.0.0.1:{server.server_port}", {"/owner/set/raw/c0ffee/data/train.txt": GOOD})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield served
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def table(tmp_path: Path, site: Site) -> Path:
    path = tmp_path / "assets.toml"
    path.write_text(
        f'[set]\nsource = "{site.address}/owner/set"\ncommit = "c0ffee"\n'
        f'files = {{ "data/train.txt" = "{hashlib.sha256(GOOD).hexdigest()}" }}\n'
    )
    return path


def fetch(table: Path) -> subprocess.CompletedProcess[str]:
    folder = table.parent
    command = [sys.executable, str(PIPELINE / "assets.py"), str(folder / "data")]
    given = ["--given", str(folder / "given"), "--table", str(table)]
    return subprocess.run([*command, *given], capture_output=True, text=True)


def test_a_file_is_downloaded_once(table: Path, site: Site) -> None:
    assert fetch(table).returncode == 0
    assert (table.parent / "data" / "set" / "train.txt").read_bytes() == GOOD
    assert fetch(table).returncode == 0
    assert len(site.asked) == 1


def test_a_file_in_the_folder_given_is_taken_from_there(table: Path, site: Site) -> None:
    given = table.parent / "given" / "set" / "train.txt"
    given.parent.mkdir(parents=True)
    given.write_bytes(GOOD)
    assert fetch(table).returncode == 0
    assert (table.parent / "data" / "set" / "train.txt").read_bytes() == GOOD
    assert site.asked == []


def test_a_damaged_file_is_got_again(table: Path, site: Site) -> None:
    here = table.parent / "data" / "set" / "train.txt"
    here.parent.mkdir(parents=True)
    here.write_bytes(GOOD[:-1])
    assert fetch(table).returncode == 0
    assert here.read_bytes() == GOOD


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("content", "another content"),
        ("cut", "broke off"),
        ("missing", "404"),
        ("silence", "a network"),
    ],
)
def test_what_went_wrong_is_said_in_one_line_and_nothing_is_left(
    table: Path, site: Site, fault: str, said: str
) -> None:
    if fault == "content":
        site.files = dict.fromkeys(site.files, b"sold out")
    elif fault == "cut":
        site.cut = 100_000
    elif fault == "missing":
        site.files = {}
    else:
        table.write_text(table.read_text().replace(site.address, "http://127.0.0.1:1"))
    done = fetch(table)
    assert done.returncode == 1
    assert said in done.stderr
    assert "data/train.txt" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not list((table.parent / "data").rglob("*.*"))


def test_an_archive_is_packed_from_listed_files_got_once_each(table: Path, site: Site) -> None:
    files = {"a b.conllu": b"one", "lists/files.dev": b"two"}
    lines = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    (table.parent / "trees.sha256").write_text("".join(lines))
    table.write_text(
        f'[trees]\nsource = "{site.address}/t"\ncommit = "1"\n'
        'archive = "trees.tar.gz"\nlist = "trees.sha256"\n'
    )
    site.files = {"/t/raw/1/a%20b.conllu": b"one"}
    assert fetch(table).returncode == 1
    site.files["/t/raw/1/lists/files.dev"] = b"two"
    assert fetch(table).returncode == 0
    assert fetch(table).returncode == 0
    assert site.asked == ["/t/raw/1/a%20b.conllu", *["/t/raw/1/lists/files.dev"] * 2]
    with tarfile.open(table.parent / "data" / "trees" / "trees.tar.gz") as archive:
        read = {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]
    assert read == files


def test_every_asset_has_an_address_a_licence_and_sums() -> None:
    spec = importlib.util.spec_from_file_location("assets", PIPELINE / "assets.py")
    assert spec is not None
    assert spec.loader is not None
    assets = importlib.util.module_from_spec(spec)
    sys.modules["assets"] = assets  # dataclasses look their module up
    spec.loader.exec_module(assets)
    del sys.modules["assets"]
    found = assets.read_assets(PIPELINE / "assets.toml")
    assert all(asset.files and asset.address.startswith("https://") for asset in found)
    assert all(len(digest) == 64 for asset in found for digest in asset.files.values())
    assert (PIPELINE / "assets.toml").read_text().count("\nlicence = ") == len(found)
