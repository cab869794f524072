"""PDF: the text of its pages in the order in which it is drawn, line by line.

Pages are joined by a line end within a sentence, by an empty line behind one. Words that are divided at the
end of a line are mended unless asked otherwise, as no mark could cover them whole.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, BinaryIO

from annotator.domain.codec.problems import Problem, RecordError
from annotator.domain.codec.records import Record
from annotator.formats.contract import Format, Option, Piece, Reading, faulty
from annotator.formats.documents import PUBLISHED, fact, parsing, record_of, tidy
from annotator.formats.sources import LONGEST_FILE, Source

if TYPE_CHECKING:
    from pypdf import PdfReader

_WITHIN = 1_024  # bytes before the mark that readers pass over (ISO 32000, annex H)
_END_WITHIN = 64 * 1024  # bytes; readers look in the last 1,024 (ISO 32000, annex H), servers add some
_MOST_PAGES = 5_000
_LONGEST_TEXT = 32 * 2**20  # code points
_SENTENCE_END = re.compile(r"[.!?…:。！？][\"'”’»)\]]*$")
_DIVIDED = re.compile(r"(?<![\w-])([^\W\d_]+)([-\u2010\u00ad])\n([^\W\d_]+)")
# First parts that keep their hyphen: "anti-government" is divided there oftener than it is written in one.
_KEEPS_HYPHEN = frozenset({"anti", "co", "ex", "non", "post", "pre", "pro", "self", "semi", "vice", "well"})
_NO_TITLE = re.compile(
    r"(?i)^(untitled|microsoft word\s*-.*|.*\.(docx?|pdf|indd|qxd|odt|rtf|txt|tex|html?))$"
)
_SCANNED = Problem(
    "no page has text that can be read: it may be scanned, or its fonts name no characters",
    "run text recognition (OCR) over it first",
)
_SOFT = "\u00ad"  # a soft hyphen, which stands only where a word may be divided
_DATE = re.compile(r"(?:D:)?(\d{4})(\d{2})?(\d{2})?")
_DATES = {"created": "/CreationDate", "modified": "/ModDate"}
_LOCKED = Problem("it is encrypted", "save a copy without a password")
_FACTS = {"author": "/Author", "subject": "/Subject", "keywords": "/Keywords", "creator": "/Creator"}


class Pdf(Format):
    name = "pdf"
    title = "PDF"
    suffixes = (".pdf",)
    writes = False
    carries_marks = False
    reading_options = (
        Option("hyphens", "whether words divided at line ends are mended", ("mend", "keep")),
        PUBLISHED,
    )

    def sniff(self, source: Source, head: bytes) -> int:
        return 90 if b"%PDF-" in head[:_WITHIN] else super().sniff(source, head)

    def read(self, source: Source, reading: Reading) -> Iterator[Piece]:
        try:
            with source.open() as file:
                stream = file if file.seekable() else io.BytesIO(source.read(LONGEST_FILE))
                record, remarks = _read(stream, source, reading)
        except RecordError as error:
            yield faulty(source.size, source, None, error)
            return
        yield Piece(source.size, record=record, remarks=remarks)


def _read(file: BinaryIO, source: Source, reading: Reading) -> tuple[Record, tuple[str, ...]]:
    """The record, and what the person should know of it. Raises RecordError."""
    reader = _opened(file)
    pages = list(_pages(reader))
    if not any(pages):
        raise RecordError([_SCANNED])
    text, mended = tidy(_joined(pages)), 0
    if reading.options.get("hyphens") != "keep":
        text, mended = _mended(text)
    with parsing("PDF"):
        said: Mapping[str, object] = reader.metadata or {}
        title = fact(said.get("/Title"))
        facts: dict[str, object] = {name: fact(said.get(key)) for name, key in _FACTS.items()}
        dates = {name: _date(said.get(key)) for name, key in _DATES.items()}
    record = record_of(
        text,
        title=None if title is None or _NO_TITLE.match(title) else title,
        published=dates.get(reading.options.get("published", "")),
        meta={"file": source.path.name, "pages": len(pages)} | facts | dates,
    )
    remarks = []
    if mended:
        remarks.append("words divided at line ends were mended (hyphens=keep leaves them)")
    if not all(pages):
        remarks.append("some pages have no text: they may be scanned or pictures alone")
    return record, tuple(remarks)


def _opened(file: BinaryIO) -> "PdfReader":
    _check_end(file)
    with parsing("PDF", "pypdf"):
        import pypdf  # slow to import
        from pypdf.errors import DependencyError, FileNotDecryptedError

        try:
            reader = pypdf.PdfReader(file)
            count = len(reader.pages)
        except (DependencyError, FileNotDecryptedError) as error:
            raise RecordError([_LOCKED]) from error
    if count > _MOST_PAGES:
        what = f"it has {count:,} pages, as no article does"
        raise RecordError([Problem(what, "split it into its articles")])
    return reader


def _check_end(file: BinaryIO) -> None:
    """Raises RecordError for a file that is too long, or has no end, which pypdf would look for in all of it.

    Of one that is cut, what it mends has lost pages without a word.
    """
    size = file.seek(0, io.SEEK_END)
    if size > LONGEST_FILE:
        what = f"it is longer than {LONGEST_FILE // 2**20} MiB"
        raise RecordError([Problem(what, "split it into its articles")])
    file.seek(max(0, size - _END_WITHIN))
    if b"%%EOF" not in file.read():
        what = "the PDF is broken (it does not end as one does, so it may be cut short)"
        raise RecordError([Problem(what, "get or save the file anew")])
    file.seek(0)


def _pages(reader: "PdfReader") -> Iterator[str]:
    """The text of each page, "" for one without. Raises RecordError that names a broken page."""
    length = 0
    for number, page in enumerate(reader.pages, 1):
        with parsing(f"PDF, on page {number},"):
            text = tidy(page.extract_text())
        length += len(text)
        if length > _LONGEST_TEXT:
            what = f"its text is longer than {_LONGEST_TEXT // 2**20} Mi characters"
            raise RecordError([Problem(what, "split it into its articles")])
        yield text


def _joined(pages: Sequence[str]) -> str:
    text = ""
    for page in filter(None, pages):
        between = "" if not text else "\n\n" if _SENTENCE_END.search(text[-8:]) else "\n"
        text += between + page
    return text


def _mended(text: str) -> tuple[str, int]:
    """The text with words divided at line ends in one, and how many those were.

    A hyphen stays where the text has the word with one elsewhere, behind a first part that keeps it, and
    before a capital or a digit; the line end goes.
    """
    spelled = set(re.findall(r"[^\W\d_]+-[^\W\d_]+", text.casefold()))

    def whole(match: re.Match[str]) -> str:
        first, hyphen, second = match.groups()
        keeps = (
            f"{first}-{second}".casefold() in spelled
            or first.casefold() in _KEEPS_HYPHEN
            or not second[0].islower()
        )
        return f"{first}{'-' if keeps and hyphen != _SOFT else ''}{second}"

    return _DIVIDED.subn(whole, text)


def _date(value: object) -> str | None:
    """As ISO 8601 writes a date of ISO 32000, section 7.9.4; None for what is none."""
    match = _DATE.match(value) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
