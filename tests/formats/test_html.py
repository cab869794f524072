"""Web pages: the article in one, what the page says of it, and pages that hold none."""

import gzip
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from annotator.formats.contract import Piece, Reading
from annotator.formats.html import Html
from annotator.formats.sources import Source, source_of
from tests.formats.samples import LABELS

SAID = "Sergei Lavrov said on Thursday that Russia wanted talks to go on 👨 and that no date had been set."
REJECTED = (
    "Ukraine's foreign minister, Dmytro Kuleba, rejected the demand &amp; said that it would not surrender."
)
ARTICLE = f"Talks collapse\n{SAID}\n{REJECTED.replace('&amp;', '&')}"
PAGE = f"""<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Talks collapse - The Daily</title>
<meta property="og:title" content="Talks collapse"><meta property="og:site_name" content="The Daily">
<meta property="article:published_time" content="2022-03-10T09:00:00Z">
<meta name="author" content="Ann Other">
<link rel="canonical" href="https://example.org/talks"></head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>Talks collapse</h1><p>{SAID}</p><p>{REJECTED}</p></article>
<footer>Copyright</footer></body></html>"""


def pieces(path: Path) -> list[Piece]:
    return [piece for source in source_of(path).files() for piece in read(source)]


def read(source: Source) -> list[Piece]:
    assert Html().sniff(source, source.head()) >= 50
    return list(Html().read(source, Reading(LABELS)))


def page(folder: Path, data: str | bytes, name: str = "a.html") -> Piece:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    (piece,) = pieces(path)
    return piece


def test_the_article_comes_without_menus_with_what_the_page_says_of_it(tmp_path: Path) -> None:
    piece = page(tmp_path, PAGE)
    assert piece.record is not None
    article = piece.record.article
    assert (article.text, article.title) == (ARTICLE, "Talks collapse")
    assert (article.source, article.url) == ("The Daily", "https://example.org/talks")
    assert (article.published, article.lang) == ("2022-03-10", "en-GB")
    assert article.meta == {"file": "a.html", "hostname": "example.org", "author": "Ann Other"}
    assert piece.remarks == ()


def test_pages_in_a_gz_and_a_zip_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("news/a.html", PAGE)
    for name in ("a.html.gz", "a.zip"):
        (piece,) = pieces(tmp_path / name)
        assert piece.record is not None
        assert piece.record.article.text == ARTICLE


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "utf-16"])
def test_the_charset_that_a_page_names_is_believed(tmp_path: Path, charset: str) -> None:
    markup = PAGE.replace("👨", "переговоры").replace("utf-8", charset)
    piece = page(tmp_path, markup.encode(charset))
    assert piece.record is not None
    assert "переговоры" in piece.record.article.text
    assert piece.remarks == ()


def test_a_charset_that_nothing_names_is_guessed_and_told(tmp_path: Path) -> None:
    markup = PAGE.replace('<meta charset="utf-8">', "").replace("👨", "über Öl, “so” he said")
    piece = page(tmp_path, markup.encode("cp1252"))
    assert piece.record is not None
    assert "über Öl, “so” he said" in piece.record.article.text
    assert "read as cp1252" in piece.remarks[0]


def test_the_page_of_an_archive_is_read(tmp_path: Path) -> None:
    archive = EmailMessage()
    archive["Snapshot-Content-Location"] = "https://example.org/saved"
    archive.set_content(PAGE.replace('<link rel="canonical" href="https://example.org/talks">', ""), "html")
    archive.add_related(b"\x89PNG", "image", "png")
    piece = page(tmp_path, bytes(archive), "a.mhtml")
    assert piece.record is not None
    assert piece.record.article.text == ARTICLE
    assert piece.record.article.url == "https://example.org/saved"


def test_where_a_page_was_saved_from_is_its_address(tmp_path: Path) -> None:
    said = "<!-- saved from url=(0025)https://example.org/saved -->"
    markup = PAGE.replace('<link rel="canonical" href="https://example.org/talks">', "")
    piece = page(tmp_path, markup.replace("<html", f"{said}\n<html"))
    assert piece.record is not None
    assert piece.record.article.url == "https://example.org/saved"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("", "no article was found"),
        ("<!DOCTYPE html><html><body></body></html>", "no article was found"),
        ("<html><body><img src='a.png'><script>var a = 1;</script></body></html>", "no article was found"),
        (b"<html>\x00\x01\x02\xff\xd8", "not text"),
        ("<html>" + "a" * 17_000_000, "longer than 16 Mi characters"),
    ],
)
def test_a_page_without_an_article_is_a_fault_that_says_so(
    tmp_path: Path, data: str | bytes, what: str
) -> None:
    piece = page(tmp_path, data)
    assert piece.record is None
    (fault,) = piece.faults
    assert what in fault.what
    assert fault.file == str(tmp_path / "a.html")


def test_an_archive_without_a_page_is_a_fault(tmp_path: Path) -> None:
    piece = page(tmp_path, b"Content-Type: multipart/related; boundary=x\r\n\r\n--x\r\n", "a.mht")
    assert "holds no page" in piece.faults[0].what
