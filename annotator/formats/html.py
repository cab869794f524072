"""Web pages as they were saved: the article that stands in one, without menus, advertisements and comments.

HTML files, and the one-file archives (MHTML) of browsers, of which the page itself is read.
"""

import codecs
import email
import email.policy
import re
from collections.abc import Iterator

from annotator.domain.codec.problems import Problem, RecordError
from annotator.domain.codec.records import Record
from annotator.domain.frozen import frozen
from annotator.formats.contract import Format, Piece, Reading, faulty
from annotator.formats.documents import fact, parsing, record_of, tidy
from annotator.formats.sources import Source
from annotator.formats.text import decode

_LONGEST = 64 * 2**20  # bytes of a file, with its pictures
_LONGEST_PAGE = 16 * 2**20  # code points without them; trees of pages take 50 times as much memory
_ARCHIVES = (".mhtml", ".mht")
_BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_ARCHIVE_BEGINS = re.compile(rb"content-type:\s*multipart/related", re.I)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_CHARSET_WITHIN = 4_096  # bytes; the standard asks for 1,024
_INLINE = re.compile(r"data:[\w.+/-]+(?:;[\w=-]+)*;base64,[A-Za-z0-9+/=\s]{256,}")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_LANG = re.compile(r"<html\b[^>]{0,2000}?\slang\s*=\s*[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)", re.I)
_NOTHING = Problem("no article was found in the page", "save the article's own page, or its text as .txt")
_META = ("hostname", "author", "description", "categories", "tags", "license")


@frozen
class _Page:
    """A page's markup, where it came from if that is known, and its encoding if it was guessed."""

    markup: str
    url: str | None
    guessed: str | None


class Html(Format):
    name = "html"
    title = "Web page"
    suffixes = (".html", ".htm", ".xhtml", *_ARCHIVES)
    writes = False
    carries_marks = False

    def sniff(self, source: Source, head: bytes) -> int:
        if _BEGINS.match(head) or (source.suffix in _ARCHIVES and _ARCHIVE_BEGINS.search(head)):
            return 90
        return super().sniff(source, head)

    def read(self, source: Source, reading: Reading) -> Iterator[Piece]:
        data = source.read(_LONGEST)
        try:
            page = _page(data, archive=bool(_ARCHIVE_BEGINS.search(data[:_CHARSET_WITHIN])))
            piece = Piece(len(data), record=_record(page, source), remarks=_remarks(page))
        except RecordError as error:
            piece = faulty(len(data), source, None, error)
        yield piece


def _record(page: _Page, source: Source) -> Record:
    if len(page.markup) > _LONGEST_PAGE:
        what = f"the page is longer than {_LONGEST_PAGE // 2**20} Mi characters"
        raise RecordError([Problem(what, "save its text as .txt")])
    with parsing("page", "trafilatura", "htmldate", "courlan", "justext"):
        from trafilatura import bare_extraction  # slow to import
        from trafilatura.settings import Document

        found = bare_extraction(page.markup, url=page.url, with_metadata=True, include_comments=False)
    if not isinstance(found, Document) or not (text := tidy(found.text or "")):
        raise RecordError([_NOTHING])
    lang = _LANG.search(page.markup)
    return record_of(
        text,
        title=found.title,
        source=found.sitename or found.hostname,
        url=found.url or page.url,
        published=found.date,
        lang=found.language or (lang and lang[1]),
        meta={"file": source.path.name} | {name: _said(getattr(found, name)) for name in _META},
    )


def _said(value: object) -> object:
    """A fact of the page: a line, or a list of some."""
    if isinstance(value, list):
        return [said for item in value if (said := fact(item))]
    return fact(value)


def _remarks(page: _Page) -> tuple[str, ...]:
    if page.guessed is None:
        return ()
    return (f"not UTF-8 and without a charset: read as {page.guessed}; look whether its letters are right",)


def _page(data: bytes, *, archive: bool) -> _Page:
    """Raises RecordError when there is none."""
    url, charset = None, None
    if archive:
        data, url, charset = _archived(data)
    markup, guessed = _decoded(data, charset)
    if saved := _SAVED_FROM.search(markup):
        url = url or saved[1]
    return _Page(_INLINE.sub("data:,", markup), url, guessed)


def _archived(data: bytes) -> tuple[bytes, str | None, str | None]:
    """The first page of an MHTML archive, its address and its charset."""
    with parsing("archive of the page"):
        archive = email.message_from_bytes(data, policy=email.policy.default)
        for part in archive.walk():
            if part.get_content_type() in ("text/html", "application/xhtml+xml"):
                content = part.get_payload(decode=True)
                if isinstance(content, bytes):
                    address = archive["Snapshot-Content-Location"] or part["Content-Location"]
                    return content, fact(str(address)) if address else None, part.get_content_charset()
    raise RecordError([Problem("the archive holds no page", "save the page anew")])


def _decoded(data: bytes, charset: str | None) -> tuple[str, str | None]:
    """The markup, and its encoding if nothing in the file named it."""
    declared = _CHARSET.search(data[:_CHARSET_WITHIN])
    marked = data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for name in (charset, declared and declared[1].decode("ascii", "replace")):
        if name and not marked:
            try:
                return data.decode(_as_browsers_do(name)), None
            except (UnicodeError, LookupError):
                continue  # pages often name another than theirs
    markup, guessed = decode(data)
    return markup.removeprefix("\ufeff"), guessed


def _as_browsers_do(name: str) -> str:
    """What browsers take a charset for (WHATWG Encoding, section 4.2); they write Latin-1 and mean this."""
    if name.lower() in ("iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii"):
        return "cp1252"
    codec = codecs.lookup(name).name
    return "utf-8" if codec.startswith("utf-16") else codec
