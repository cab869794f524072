"""A report in Markdown: each article with its entities in bold, and tables of its marks. Not read."""

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence

from annotator.domain.codec.records import MarkRow, Origin, Record, parts_of
from annotator.formats.carrying import Feature
from annotator.formats.contract import Format, Reading, Writer, Writing
from annotator.formats.sources import Source, lines_of
from annotator.formats.targets import Target

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&$])")
_AT_LINE_START = re.compile(r"^(\s*(?:\d+(?=[.)]))?)([-+=.)])")  # of lists and underlined headings
_BREAK = re.compile("\r\n|[\n\r\u2028\u2029\x0b\x0c\x85]")


class Markdown(Format):
    name = "markdown"
    title = "Markdown report"
    suffixes = (".md", ".markdown")
    reads = False
    carries = frozenset(
        {
            *(Feature.TITLE, Feature.FACTS, Feature.ANNOTATOR, Feature.STATUS, Feature.UNMARKED),
            *(Feature.ENTITIES, Feature.NESTED, Feature.OVERLAPPING, Feature.STACKED, Feature.BORDERS),
            *(Feature.STANCES, Feature.PARTS, Feature.NAMES, Feature.NOTES, Feature.SCORES),
        }
    )

    def writer(self, target: Target, writing: Writing) -> "MarkdownWriter":
        return MarkdownWriter(target)

    def proofs(self, source: Source, reading: Reading) -> Iterator[int]:
        """Of each line: nobody can tell a heading of ours from one that an article holds."""
        with source.open() as file:
            yield from map(zlib.crc32, lines_of(file))


class MarkdownWriter(Writer):
    """A section an article."""

    def __init__(self, target: Target) -> None:
        super().__init__(Markdown.carries)
        self._stream = target.stream

    def write(self, record: Record) -> Iterable[int]:
        self.note(Feature.TEXT, record, changed=True)
        section = _section(self.carried(record)).encode()
        self._stream.write(section)
        return [zlib.crc32(line) for line in section.splitlines(keepends=True)]

    def put(self, record: Record) -> Record:
        self._stream.write(_section(record).encode())
        return record


def _section(record: Record) -> str:
    article = record.article
    facts = (article.source, article.published, article.lang, article.url)
    who = [record.annotator and f"labelled by {record.annotator}", record.status and record.status.value]
    told = " · ".join(_in_line(fact) for fact in (*facts, *who) if fact)
    blocks = [f"# {_in_line(article.title)}", told, _text(record), *_tables(record)]
    return "\n\n".join(filter(None, blocks)) + "\n\n"


def _text(record: Record) -> str:
    """As a quotation, a paragraph a line, the longest entities that do not overlap in bold."""
    text, at = record.article.text, 0
    parts: list[str] = []
    for start, end, label in _flat(record.marks):
        words = _BREAK.sub(" ", text[start:end])
        parts += [_escaped(text[at:start]), f"**{_escaped(words)}**<sub>{_escaped(label)}</sub>"]
        at = end
    lines = _BREAK.split("".join([*parts, _escaped(text[at:])]))
    quoted = [_AT_LINE_START.sub(r"\1\\\2", line.strip()) for line in lines]
    return "\n>\n".join(f"> {line}" for line in quoted if line)


def _flat(marks: Sequence[MarkRow]) -> list[tuple[int, int, str]]:
    """Entities in the order of the text that bold can show: none over another, none around white space."""
    taken: list[tuple[int, int, str]] = []
    entities = [(row[2], row[3], row[1]) for row in marks if row[0] == "entity"]
    for start, end, label in sorted(entities, key=lambda entity: (entity[0] - entity[1], entity)):
        if all(end <= other[0] or other[1] <= start for other in taken):
            taken.append((start, end, label))
    return sorted(taken)


def _tables(record: Record) -> Iterator[str]:
    text = record.article.text
    entities, stances = [], []
    for n, row in enumerate(record.marks):
        kind, label, start, end, score, name = row[:6]
        note = record.origins.get(n, Origin(None)).note
        last = ("" if score is None else f"{score:.2f}", note or "", f"{start}–{end}")
        if kind == "entity":
            entities.append((label, text[start:end], name or "", *last))
        else:
            holder, target = (_part(text, *part) for part in parts_of(row))
            stances.append((label, holder, target, text[start:end], *last))
    if entities:
        yield _table("Entities", ("label", "words", "name", "score", "note", "place"), entities)
    if stances:
        columns = ("polarity", "holder", "target", "words", "score", "note", "place")
        yield _table("Stances", columns, stances)
    if not record.marks:
        yield "*No marks.*"


def _part(text: str, start: int | None, end: int | None, name: str | None) -> str:
    if start is None:
        return ""
    return text[start:end] if name is None else f"{text[start:end]} ({name})"


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"## {title}", "", _row(columns), _row(["---"] * len(columns))]
    return "\n".join(lines + [_row([_in_line(cell) for cell in row]) for row in rows])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _in_line(words: str) -> str:
    return _escaped(" ".join(words.split()))


def _escaped(words: str) -> str:
    return _SPECIAL.sub(r"\\\1", words)
