"""Word files (DOCX): paragraphs and headings, a line each; rows of tables, their cells parted by tabs."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from annotator.domain.codec.problems import Problem, RecordError
from annotator.domain.codec.records import Record
from annotator.formats.contract import Format, Piece, Reading, faulty
from annotator.formats.documents import PUBLISHED, fact, parsing, record_of, tidy
from annotator.formats.sources import LONGEST_FILE, Source

if TYPE_CHECKING:
    from docx.document import Document

_MOST = 256 * 2**20  # bytes that the parts of a file may unpack to: python-docx holds all of them in memory
_MOST_MARKUP = 64 * 2**20  # bytes of one part that is a tree; a tree takes some ten times as much
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # OLE: Word of before 2007, and files locked with a password
_NS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHARACTERS = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "\u2011",
    "softHyphen": "\u00ad",
}
# Text that was struck out, and what stands twice or beside the text.
_PASSED_OVER = {"del", "moveFrom", "instrText", "pPr", "rPr", "tblPr", "sectPr"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LEFT_OUT = {
    "ins": "changes were tracked: read as if all of them were accepted",
    "del": "changes were tracked: read as if all of them were accepted",
    "footnoteReference": "footnotes and endnotes were left out",
    "endnoteReference": "footnotes and endnotes were left out",
    "commentReference": "comments were left out",
}
_FACTS = ("author", "subject", "keywords", "category", "comments", "identifier")


class Docx(Format):
    name = "docx"
    title = "Word (DOCX)"
    suffixes = (".docx",)
    writes = False
    carries_marks = False
    reading_options = (PUBLISHED,)

    def sniff(self, source: Source, head: bytes) -> int:
        if head.startswith(b"PK\x03\x04") and (source.suffix in self.suffixes or b"word/" in head):
            return 90
        return super().sniff(source, head)

    def read(self, source: Source, reading: Reading) -> Iterator[Piece]:
        try:
            with source.open() as file:
                stream = file if file.seekable() else io.BytesIO(source.read(LONGEST_FILE))
                document = _opened(stream)
                record, remarks = _read(document, source, reading.options.get("published", ""))
        except RecordError as error:
            yield faulty(source.size, source, None, error)
            return
        yield Piece(source.size, record=record, remarks=remarks)


def _opened(file: BinaryIO) -> "Document":
    """Raises RecordError for what is no file of Word, or one that no honest person made."""
    if file.read(len(_OLD)) == _OLD:
        what = "it is a file of Word before 2007, or locked with a password"
        raise RecordError([Problem(what, "save it as DOCX without a password")])
    with parsing("Word file", "docx"):
        _check_size(file)
        import docx  # slow to import

        file.seek(0)
        document = docx.Document(file)
        if document.element.getroottree().docinfo.doctype:
            raise RecordError([Problem("it declares entities, as no Word file does", "save it anew in Word")])
        return document


def _check_size(file: BinaryIO) -> None:
    """What the zip says of itself is enough: its members end where they become longer."""
    with zipfile.ZipFile(file) as archive:
        sizes = {info.filename: info.file_size for info in archive.infolist()}
    markup = max((size for name, size in sizes.items() if name.endswith((".xml", ".rels"))), default=0)
    if sum(sizes.values()) > _MOST or markup > _MOST_MARKUP:
        what = f"it would unpack to {sum(sizes.values()):,} bytes, as no article does"
        raise RecordError([Problem(what, "save its text as .txt")])


def _read(document: "Document", source: Source, published: str) -> tuple[Record, tuple[str, ...]]:
    """The record, and what the person should know of it."""
    with parsing("Word file"):
        lines: list[str] = []
        _Body(lines).walk(document.element.body)
        told = {
            _LEFT_OUT[name]: None
            for node in document.element.body.iter()
            if (name := _name(node)) in _LEFT_OUT
        }
        properties = document.core_properties
        dates = {name: _date(getattr(properties, name)) for name in ("created", "modified")}
        meta: dict[str, object] = {"file": source.path.name}
        meta |= {name: fact(getattr(properties, name)) for name in _FACTS} | dates
        title, lang = properties.title, properties.language
    text = tidy("\n".join(lines))
    if not text:
        raise RecordError([Problem("it has no text", "leave it out, or export its pictures' text as .txt")])
    record = record_of(text, title=title, published=dates.get(published), lang=lang, meta=meta)
    return record, tuple(told)


class _Body:
    """Writes the lines of a part of the document."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def walk(self, node: Any) -> None:
        """All below a node that holds paragraphs and tables, also within content controls."""
        for child in node:
            match _name(child):
                case "p":
                    self._lines.append(self._text(child))
                case "tbl":
                    self._lines += ["", *self._rows(child), ""]
                case name if name not in _PASSED_OVER and child.tag != _FALLBACK:
                    self.walk(child)

    def _rows(self, table: Any) -> Iterator[str]:
        for row in table.iter(f"{_NS}tr"):
            if next(row.iterancestors(f"{_NS}tbl")) is not table:
                continue  # of a table within a cell, which is part of that cell
            cells = []
            for cell in row.iter(f"{_NS}tc"):
                if next(cell.iterancestors(f"{_NS}tr")) is row:
                    lines: list[str] = []
                    _Body(lines).walk(cell)
                    cells.append(" ".join(" ".join(lines).split()))
            yield "\t".join(cells)

    def _text(self, paragraph: Any) -> str:
        """Its characters; the paragraphs of a text box in it follow as lines of their own."""
        said: list[str] = []
        boxes: list[str] = []
        self._collect(paragraph, said, boxes)
        return "\n".join(["".join(said), *boxes])

    def _collect(self, node: Any, said: list[str], boxes: list[str]) -> None:
        for child in node:
            name = _name(child)
            if name == "t":
                said.append(child.text or "")
            elif name in _CHARACTERS:
                said.append(_CHARACTERS[name])
            elif name == "txbxContent":
                _Body(boxes).walk(child)
            elif name not in _PASSED_OVER and child.tag != _FALLBACK:
                self._collect(child, said, boxes)


def _name(node: Any) -> str:
    """Of an element of Word's own; "" of others, which are looked into."""
    tag = node.tag
    return tag[len(_NS) :] if isinstance(tag, str) and tag.startswith(_NS) else ""


def _date(value: object) -> str | None:
    return value.date().isoformat() if isinstance(value, datetime) else None
