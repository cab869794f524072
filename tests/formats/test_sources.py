"""Files, folders, zips and gz as sources: what archives may hold, and how much of it is read."""

import gzip
import random
import stat
import zipfile
from pathlib import Path

import pytest

from annotator.domain.errors import FormatError
from annotator.formats import sources
from annotator.formats.sources import Source, source_of

NOISE = random.Random(7).randbytes(500)
TEXT = "שלום 👨\r\n".encode()


def pack(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/") + ".txt", data)
    return path


def read_all(source: Source) -> bytes:
    with source.open() as file:
        return file.read()


def test_a_file_a_gz_and_a_zip_give_the_same_bytes(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.txt", tmp_path / "a.txt.gz"
    plain.write_bytes(TEXT)
    packed.write_bytes(gzip.compress(TEXT))
    (member,) = source_of(pack(tmp_path / "a.zip", a=TEXT)).files()
    for source in (source_of(plain), source_of(packed), member):
        assert (source.read(), source.head(3), source.suffix, source.stem) == (TEXT, TEXT[:3], ".txt", "a")
        assert source.digest() == source_of(plain).digest()
    assert source_of(packed).name == str(packed)


def test_what_stands_beside_a_file_is_found_in_a_folder_and_in_a_zip(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT)
    (tmp_path / "b.txt").write_bytes(b"b")
    archive = source_of(pack(tmp_path / "a.zip", sub__a=TEXT, sub__b=b"b", b=b"other"))
    inside = next(file for file in archive.files() if file.name.endswith("sub/a.txt"))
    for source in (source_of(tmp_path / "a.txt"), inside):
        beside = source.sibling("b.txt")
        assert beside is not None
        assert beside.read() == b"b"
        assert source.sibling("c.txt") is None


def test_files_of_a_folder_come_by_name_without_what_systems_add(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("b.txt", "a/c.txt", "__MACOSX/a/c.txt", "a/.DS_Store"):
            archive.writestr(name, "x")
    assert [str(file.path) for file in source_of(tmp_path / "a.zip").files()] == ["a/c.txt", "b.txt"]


@pytest.mark.parametrize("name", ["../a.txt", "/etc/a.txt", "a/../../b.txt", "..\\a.txt", "C:/a.txt"])
def test_a_path_out_of_a_zip_is_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("good.txt", "x")
        archive.writestr(zipfile.ZipInfo(name), "x")
    with pytest.raises(FormatError, match="a path out of it"):
        source_of(tmp_path / "a.zip")


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(FormatError, match=r"the link 'a\.txt'"):
        source_of(tmp_path / "a.zip")


def test_a_link_out_of_a_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (folder / "a.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "b.txt").symlink_to(folder / "none.txt")
    (folder / "c.txt").write_bytes(TEXT)
    (folder / "d.txt").symlink_to(folder / "c.txt")
    out, broken, plain, within = source_of(folder).files()
    with pytest.raises(FormatError, match="a link out of the folder"):
        out.open()
    with pytest.raises(FormatError, match="leads to no file"):
        broken.open()
    assert plain.read() == within.read() == TEXT


def test_a_zip_that_would_unpack_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "_FREE", 10_000)
    with pytest.raises(FormatError, match="as no honest zip"):
        source_of(pack(tmp_path / "a.zip", a=b"0" * 3_000_000))


def test_a_gz_that_unpacks_to_too_much_ends_at_its_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "_FREE", 10_000)
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"0" * 3_000_000))
    with source_of(path).open() as file:
        assert len(file.read(10_000)) == 10_000
        with pytest.raises(FormatError, match="more bytes than it may"):
            file.read()


def test_a_member_longer_than_the_zip_says_is_refused(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", a=b"0" * 100_000)
    data = path.read_bytes()
    # The length that is written in both headers: 100,000 becomes 1,000.
    path.write_bytes(data.replace((100_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")))
    (member,) = source_of(path).files()
    with pytest.raises(FormatError):
        read_all(member)


@pytest.mark.parametrize("cut", [5, 30, 60])
def test_a_cut_archive_says_so(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(NOISE)[:cut])
    with pytest.raises(FormatError, match="cannot be unpacked"):
        read_all(source_of(path))
    whole = pack(tmp_path / "a.zip", a=NOISE)
    whole.write_bytes(whole.read_bytes()[:-cut])
    with pytest.raises(FormatError, match="no zip that can be read"):
        source_of(whole)


def test_what_is_packed_twice_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("inner.zip", "x")
    (inner,) = source_of(tmp_path / "a.zip").files()
    with pytest.raises(FormatError, match="packed twice"):
        inner.open()


def test_a_file_that_is_too_long_to_be_one_article_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"0" * 1_000)
    assert len(source_of(path).read(1_000)) == 1_000
    with pytest.raises(FormatError, match="longer than 999 bytes"):
        source_of(path).read(999)


def test_a_zip_with_a_file_before_its_beginning_is_refused(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", a=NOISE)
    data = bytearray(path.read_bytes())
    at = (
        data.rfind(b"PK\5\6") + 16
    )  # where the list of files is said to begin; zipfile mends what is too much
    data[at : at + 4] = (int.from_bytes(data[at : at + 4], "little") + 10).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(FormatError, match="before its beginning"):
        source_of(path)
