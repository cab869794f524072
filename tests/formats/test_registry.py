"""Formats by name, by file and by content; those of other packages, whole and broken."""

from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from annotator.domain.articles import Article
from annotator.domain.codec.records import Record
from annotator.domain.errors import FormatError
from annotator.formats import registry
from annotator.formats.contract import Format, Piece, Reading, needed
from annotator.formats.registry import (
    all_formats,
    broken_plugins,
    candidates,
    format_for,
    format_named,
    suffixes,
)
from annotator.formats.sources import FileSource, Source

HERE = __name__


class Shout(Format):
    """A format of another package: a file of words that are shouted."""

    name = "shout"
    title = "Shouts"
    suffixes = (".shout",)
    writes = False

    def read(self, source: Source, reading: Reading) -> Iterator[Piece]:
        yield Piece(source.size, record=Record(Article.of(source.read().decode().upper())))


class NoFormat:
    pass


@pytest.fixture
def plugins(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One whole plug-in, and three that are broken each in its way."""
    points = {
        "shout": f"{HERE}:Shout",
        "gone": "no_such_package.here:Format",
        "odd": f"{HERE}:NoFormat",
        "broken": f"{HERE}:raises",
        "jsonl": f"{HERE}:NoFormat",  # ours keep their names
    }
    found = [EntryPoint(name, value, registry.GROUP) for name, value in points.items()]
    monkeypatch.setattr(registry, "entry_points", lambda group: found)
    clear()
    yield
    clear()


def clear() -> None:
    for cached in (registry.all_formats, registry.broken_plugins, registry._plugins, registry._other):
        cached.cache_clear()


def raises() -> Format:
    raise RuntimeError("boom")


def test_every_format_has_what_the_contract_wants() -> None:
    names = [format_.name for format_ in all_formats()]
    assert len(set(names)) == len(names)
    assert names[:2] == ["jsonl", "text"]
    for format_ in all_formats():
        assert format_.title
        assert format_.reads or format_.writes
        assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in format_.suffixes)
        assert format_named(format_.name) is format_


def test_an_unknown_name_lists_those_there_are() -> None:
    with pytest.raises(FormatError, match=r"no format 'xml'; use one of jsonl, text"):
        format_named("xml")


@pytest.mark.usefixtures("plugins")
def test_a_format_of_another_package_works_like_ours(tmp_path: Path) -> None:
    path = tmp_path / "a.shout"
    path.write_text("talks", "utf-8")
    assert ".shout" in suffixes()
    assert [one.name for one in candidates(FileSource(path))] == ["shout"]
    assert isinstance(format_named("shout"), Shout)
    assert "shout" in [one.name for one in all_formats()]


@pytest.mark.usefixtures("plugins")
@pytest.mark.parametrize(
    ("name", "why"),
    [("gone", "ModuleNotFoundError"), ("odd", "is no annotator"), ("broken", "RuntimeError: boom")],
)
def test_a_broken_format_of_another_package_says_why_and_stops_nothing(name: str, why: str) -> None:
    with pytest.raises(FormatError, match=why) as caught:
        format_named(name)
    assert "Update or remove the package" in str(caught.value)
    assert name not in [one.name for one in all_formats()]
    assert any(repr(name) in fault for fault in broken_plugins())
    assert format_named("jsonl").title == "JSON Lines"


def test_the_likeliest_format_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text('{"text": "a", "stances": []}', "utf-8")
    assert [one.name for one in candidates(FileSource(path))][:2] == ["jsonl", "text"]
    path.write_text("Talks", "utf-8")
    assert candidates(FileSource(path))[0].name == "text"


def test_a_file_to_be_written_is_in_the_format_of_its_ending() -> None:
    assert format_for("out.JSONL") == "jsonl"
    assert format_for("out") == format_for("-") == "jsonl"


def test_what_is_not_installed_says_how_to_install_it() -> None:
    with pytest.raises(FormatError, match=r"needs nothing-such.*pip install 'annotator\[none\]'"):
        needed("nothing_such", "nothing-such", "none")
