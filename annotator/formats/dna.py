"""A table of statements as Discourse Network Analyzer exports them: actor, concept, agreement. Not read.

Its statements have the variables person or organization (here the actor), concept and agreement, 1 or 0,
https://github.com/leifeld/dna; an agreement is empty for a polarity that is neither. Offsets are UTF-16
units, as Java counts.
"""

from collections.abc import Iterator

from annotator.domain.codec.records import Record, parts_of
from annotator.domain.labels import LabelSet
from annotator.formats.carrying import Feature
from annotator.formats.contract import Format, Reading, Writing
from annotator.formats.csv_marks import SEPARATOR, Row, TableWriter, table_proofs
from annotator.formats.offset_units import OffsetUnit, from_code_points
from annotator.formats.sources import Source
from annotator.formats.statements import Statement, statements_of
from annotator.formats.targets import Target

COLUMNS: Row = (
    *("statement_id", "document_id", "document_title", "time", "source", "url", "coder"),
    *("start", "end", "text", "actor", "concept", "agreement"),
    *("polarity", "actor_words", "concept_words", "lang", "article"),
)


class Dna(Format):
    name = "dna"
    title = "Statements (Discourse Network Analyzer)"
    reads = False
    # Not STANCES: one that lacks a part is left out.
    carries = frozenset(
        {
            *(Feature.TITLE, Feature.FACTS, Feature.PARTS, Feature.NAMES, Feature.BORDERS),
            Feature.ANNOTATOR,
        }
    )
    writing_options = (SEPARATOR,)

    def sniff(self, source: Source, head: bytes) -> int:
        return 90 if head.startswith(COLUMNS[0].encode()) else 0

    def writer(self, target: Target, writing: Writing) -> "DnaWriter":
        return DnaWriter(target, writing)

    def proofs(self, source: Source, reading: Reading) -> Iterator[int]:
        return table_proofs(source, reading, COLUMNS)


class DnaWriter(TableWriter):
    """A row for each stance that has a holder and a target; articles and statements count from 1."""

    def __init__(self, target: Target, writing: Writing) -> None:
        super().__init__(Dna.carries | {Feature.STANCES}, target, writing, COLUMNS)
        self._labelset: LabelSet = writing.labelset
        self._documents: dict[int, int] = {}
        self._statements = 0

    def rows(self, carried: Record, record: Record) -> Iterator[Row]:
        for found in statements_of(carried, record, self._labelset):
            if isinstance(found, Statement):
                yield self._row(found, carried, record)
            else:
                self.note(Feature.STANCES, record, found)

    def _row(self, found: Statement, carried: Record, record: Record) -> Row:
        self._statements += 1
        article, text = record.article, record.article.text
        document = self._documents.setdefault(article.id, len(self._documents) + 1)
        in_utf16 = from_code_points(text, OffsetUnit.UTF16)
        start, end = found.row[2:4]
        actor, concept = (text[first:last] for first, last, _ in parts_of(found.row))
        agreement = "" if found.agreement is None else str(int(found.agreement))
        cells = (
            *(self._statements, document, article.title, article.published, article.source, article.url),
            *(carried.annotator, in_utf16(start), in_utf16(end), text[start:end]),
            *(found.actor, found.concept, agreement, found.polarity),
            *(actor, concept, article.lang, article.sha256.hex()),
        )
        return tuple("" if cell is None else str(cell) for cell in cells)
