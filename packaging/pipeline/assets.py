"""Gets the data sets that `assets.toml` lists: from a folder given, else from their addresses.

A file that is there with the right sha256 stays, so a fetch that broke off goes on where it was. An archive
is made of the files of a repository that its list names, each with its sha256; all are checked inside it.
"""

import argparse
import gzip
import hashlib
import http.client
import shutil
import sys
import tarfile
import tomllib
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

HERE = Path(__file__).parent
GIVEN = HERE.parents[1] / ".." / "shared" / "data"
TIMEOUT = 60  # seconds without a byte
CHUNK = 1 << 16  # bytes


class AssetError(Exception):
    """A data set cannot be had; the text is one line that says which, where, and what to do."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A data set: where its files lie, and the sha256 of each by its path there."""

    name: str
    address: str
    files: Mapping[str, str]
    archive: str | None = None  # the file they are packed into


def read_assets(table: Path) -> list[Asset]:
    """The data sets of a list like `assets.toml`."""
    with table.open("rb") as file:
        found = tomllib.load(file)
    assets = []
    for name, entry in found.items():
        files = entry.get("files") or listed(table.parent / entry["list"])
        address = f"{entry['source']}/raw/{entry['commit']}"
        assets.append(Asset(name, address, files, entry.get("archive")))
    return assets


def listed(path: Path) -> dict[str, str]:
    """The files of a list as `sha256sum` writes it."""
    lines = (line.split("  ", 1) for line in path.read_text(encoding="utf-8").splitlines())
    return {name: digest for digest, name in lines}


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_good(path: Path, digest: str) -> bool:
    return path.is_file() and sha256(path) == digest


def is_whole(path: Path, files: Mapping[str, str]) -> bool:
    """Whether an archive holds all the files."""
    try:
        with tarfile.open(path) as archive:
            wanted = dict(files)
            for member in archive:
                file = archive.extractfile(member) if member.name in wanted else None
                if file and hashlib.file_digest(file, "sha256").hexdigest() == wanted[member.name]:
                    del wanted[member.name]
            return not wanted
    except (OSError, tarfile.TarError, EOFError):
        return False


def download(address: str, path: Path, digest: str) -> None:
    """Stores what lies at the address; nothing is left at `path` unless it is whole and right."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT) as answer, part.open("wb") as out:
            expected = answer.headers.get("Content-Length")
            shutil.copyfileobj(answer, out, CHUNK)
        size = part.stat().st_size
        if expected is not None and size < int(expected):
            raise AssetError(f"{address}: broke off after {size} of {expected} bytes; run again")
        if (found := sha256(part)) != digest:
            raise AssetError(f"{address}: the file has another content (sha256 {found}, expected {digest})")
        part.replace(path)
    except urllib.error.HTTPError as error:
        raise AssetError(f"{address}: the server answered {error.code} {error.reason}") from None
    except (OSError, http.client.HTTPException) as error:
        raise AssetError(f"{address}: {error or type(error).__name__}; is there a network?") from None
    finally:
        part.unlink(missing_ok=True)


def fetch(asset: Asset, folder: Path, given: Path) -> None:
    """Puts a data set into its folder below `folder`."""
    if asset.archive is not None:
        fetch_archive(asset, folder / asset.name, given / asset.name)
        return
    for path, digest in asset.files.items():
        file = path.rpartition("/")[2]
        here, there = folder / asset.name / file, given / asset.name / file
        if is_good(here, digest):
            continue
        if is_good(there, digest):
            copy(there, here)
        else:
            download(f"{asset.address}/{quote(path)}", here, digest)


def fetch_archive(asset: Asset, folder: Path, given: Path) -> None:
    assert asset.archive is not None
    here, there = folder / asset.archive, given / asset.archive
    if is_whole(here, asset.files):
        return
    if is_whole(there, asset.files):
        copy(there, here)
        return
    parts = folder / "parts"
    for path, digest in asset.files.items():
        if not is_good(parts / path, digest):
            download(f"{asset.address}/{quote(path)}", parts / path, digest)
    pack(parts, asset.files, here)
    shutil.rmtree(parts)


def copy(there: Path, here: Path) -> None:
    here.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(there, here)


def pack(folder: Path, paths: Mapping[str, str], archive: Path) -> None:
    """The files as one archive, without times and owners: the same bytes for the same files."""
    with gzip.GzipFile(archive, "wb", mtime=0) as squeezed, tarfile.open(fileobj=squeezed, mode="w") as out:
        for path in sorted(paths):
            content = (folder / path).read_bytes()
            member = tarfile.TarInfo(path)
            member.size = len(content)
            out.addfile(member, BytesIO(content))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path, help="where the data sets go")
    parser.add_argument("--given", type=Path, default=GIVEN, help="a folder that may have them")
    parser.add_argument("--table", type=Path, default=HERE / "assets.toml")
    arguments = parser.parse_args()
    try:
        for asset in read_assets(arguments.table):
            fetch(asset, arguments.folder, arguments.given)
            print(f"{asset.name}: {len(asset.files)} files, checked", flush=True)
    except AssetError as error:
        print(f"assets: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
