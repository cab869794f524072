"""Records of other programs turned into pieces: one way to check texts, offsets and marks for all formats."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any, Literal

import orjson

from annotator.domain.articles import Article, Status
from annotator.domain.codec.problems import MOST_PROBLEMS, Problem, RecordError, check_text, piece
from annotator.domain.codec.records import MarkRow, Origin, Record, RunName, ZoneRow
from annotator.domain.frozen import frozen
from annotator.domain.marks import Source as MarkSource
from annotator.formats.contract import Maker, Piece, Reading, faulty
from annotator.formats.offset_units import (
    WORDS,
    Convert,
    OffsetUnit,
    RawSpan,
    UnitFinder,
    same_text,
    to_code_points,
)
from annotator.formats.sources import Source

_NUMBERS = (int, float)  # as types, so that a bool is none
_HULL = "marks in several pieces became one stretch from the first to the last piece"
_NOTHING = Origin(None)
_NAMES = (1, 5, 8, 11)  # columns of a mark's row that are texts


@frozen
class RawPart:
    """Holder or target of a stance as a file gives it; several spans are pieces of one."""

    spans: Sequence[RawSpan]
    name: str | None = None


@frozen
class RawMark:
    """A mark as a file gives it, nothing checked yet; several spans are pieces of one.

    `label` is the foreign name. `at` names the mark's place in the file ("T12", "result[3]").
    """

    kind: Literal["entity", "stance"]
    label: Any
    spans: Sequence[RawSpan]
    name: str | None = None
    note: str | None = None
    score: Any = None
    holder: RawPart | None = None
    target: RawPart | None = None
    source: MarkSource | None = None
    run: RunName | None = None
    ms: int = 0
    suggested: "RawMark | None" = None
    at: str = ""


@frozen
class RawRecord:
    """One article and one source's marks as a file gives them; the fields as in Record.

    All offsets count alike. `line` and `place` are where it stands (a Piece's `line` and `at`).
    """

    text: Any
    marks: Sequence[RawMark] = ()
    title: str | None = None
    source: str | None = None
    url: str | None = None
    published: str | None = None
    lang: str | None = None
    meta: Mapping[str, object] = field(default_factory=dict)
    rejected: Sequence[RawMark] = ()
    zones: Sequence[tuple[RawSpan, str]] | None = None
    annotator: str | None = None
    run: RunName | None = None
    status: Status | None = None
    at: int | None = None
    ms: int | None = None
    maker: Maker = Maker.UNKNOWN
    gold: bool = False
    several: bool = False
    line: int | None = None
    place: str = ""
    remarks: Sequence[str] = ()


class ForeignReader:
    """Makes the pieces of one source.

    `candidates` are the units its offsets may count, the documented one first; with one alone there is
    nothing to find out, but covered texts are still compared.
    """

    def __init__(self, source: Source, reading: Reading, candidates: Sequence[OffsetUnit]) -> None:
        self._source = source
        self._units = UnitFinder(candidates, reading.unit)

    def piece(self, raw: RawRecord, read: int) -> Piece:
        """The piece of a record; `read` as in Piece."""
        try:
            text = check_text(raw.text)
            checking = _Checking(text, self._units, raw)
            record = checking.record(raw)
            check_kept(record)
        except RecordError as error:
            return faulty(read, self._source, raw.line, error, at=raw.place)
        return Piece(
            read,
            raw.line,
            record,
            (),
            (*raw.remarks, *checking.remarks),
            raw.maker,
            raw.gold,
            raw.several,
            raw.place,
        )


class _Checking:
    """Checks one record; notes problems and goes on, so that many are told at once."""

    def __init__(self, text: str, units: UnitFinder, raw: RawRecord) -> None:
        self._text = text
        self._problems: list[Problem] = []
        self.remarks: list[str] = []
        spans = [span for span in _spans(raw) if type(span.start) is int and type(span.end) is int]
        self._unit, remark = units.unit_of(text, spans)
        self._convert: Convert = to_code_points(text, self._unit)
        if remark:
            self.remarks.append(remark)

    def record(self, raw: RawRecord) -> Record:
        """Raises RecordError with the problems."""
        marks: list[MarkRow] = []
        origins: dict[int, Origin] = {}
        for mark in raw.marks:
            row = self._row(mark)
            if row is not None:
                if (origin := self._origin(mark)) != _NOTHING:
                    origins[len(marks)] = origin
                marks.append(row)
            elif len(self._problems) >= MOST_PROBLEMS:
                break
        rejected = [
            (row, self._origin(mark)) for mark in raw.rejected if (row := self._row(mark)) is not None
        ]
        zones = self._zones(raw.zones)
        if self._problems:
            raise RecordError(self._problems)
        article = Article.of(
            self._text,
            title=raw.title,
            source=raw.source,
            url=raw.url,
            published=raw.published,
            lang=raw.lang,
            meta=raw.meta,
        )
        return Record(
            article, marks, origins, rejected, zones, raw.run, raw.annotator, raw.status, raw.at, raw.ms
        )

    def _row(self, mark: RawMark) -> MarkRow | None:
        what = f"the {mark.kind} {mark.at}".rstrip()
        if not isinstance(mark.label, str) or not mark.label.strip():
            self._problems.append(Problem(f"{what} has the label {piece(mark.label)}", "give it a name"))
            return None
        score = mark.score
        if score is not None and not (type(score) in _NUMBERS and 0 <= score <= 1):
            self._problems.append(
                Problem(f"{what} has the score {piece(score)}", "give a number from 0 to 1, or none")
            )
            return None
        span = self._span(what, mark.spans)
        parts = [
            self._part(f"the {role} of {what}", part)
            for role, part in (("holder", mark.holder), ("target", mark.target))
        ]
        if span is None or None in parts:
            return None
        holder, target = (part or (None, None, None) for part in parts)
        return (mark.kind, mark.label, *span, score, mark.name, *holder, *target)

    def _part(self, what: str, part: RawPart | None) -> tuple[int | None, int | None, str | None] | None:
        """The three columns of a part; None when it is wrong."""
        if part is None:
            return (None, None, None)
        span = self._span(what, part.spans)
        return None if span is None else (*span, part.name)

    def _span(self, what: str, spans: Sequence[RawSpan]) -> tuple[int, int] | None:
        """From the first piece's start to the last one's end in code points."""
        found = [self._piece(what, span) for span in spans]
        good = [span for span in found if span is not None]
        if len(good) < len(found) or not good:
            if not found:
                self._problems.append(Problem(f"{what} has no span", "give it one, or leave it out"))
            return None
        if len(good) > 1:
            self.remarks.append(_HULL)
        return min(start for start, _ in good), max(end for _, end in good)

    def _piece(self, what: str, span: RawSpan) -> tuple[int, int] | None:
        if type(span.start) is not int or type(span.end) is not int:
            said = f"{what} goes from {piece(span.start)} to {piece(span.end)}"
            self._problems.append(Problem(said, "offsets are whole numbers"))
            return None
        said = f"{what} goes from {span.start} to {span.end}"
        if not 0 <= span.start < span.end:
            self._problems.append(
                Problem(f"{said}: it is empty, backwards or before the text", "correct or leave it out")
            )
            return None
        start, end = self._convert(span.start), self._convert(span.end)
        if start is None or end is None or start >= end:
            unit = WORDS[self._unit]
            self._problems.append(
                Problem(
                    f"{said}, which are no characters of the text, counted in {unit}",
                    "correct the offsets, or say how they are counted",
                )
            )
            return None
        covered = self._text[start:end]
        if span.covered is not None and not same_text(covered, span.covered):
            self._problems.append(
                Problem(
                    f"{said} and covers {piece(covered)}, not {piece(span.covered)}",
                    "correct the offsets, or say how they are counted",
                )
            )
            return None
        return start, end

    def _origin(self, mark: RawMark) -> Origin:
        suggested = self._row(mark.suggested) if mark.suggested is not None else None
        return Origin(mark.source, mark.note, mark.run, mark.ms, suggested)

    def _zones(self, zones: Sequence[tuple[RawSpan, str]] | None) -> list[ZoneRow] | None:
        if zones is None:
            return None
        found = [(self._piece("a zone", span), kind) for span, kind in zones]
        return sorted((*span, kind) for span, kind in found if span is not None)


def check_kept(record: Record) -> None:
    """Raises RecordError when something beside the text cannot be written again."""
    article = record.article
    facts = (article.title, article.source, article.url, article.published, article.lang, record.annotator)
    origins = (*record.origins.values(), *(origin for _, origin in record.rejected))
    runs = {record.run, *(origin.run for origin in origins)}
    suggested = (origin.suggested for origin in origins if origin.suggested is not None)
    rows = (*record.marks, *(row for row, _ in record.rejected), *suggested)
    texts: list[object] = [*facts, *(row[at] for row in rows for at in _NAMES)]
    texts += (origin.note for origin in origins)
    for said in texts:
        if said is not None and not isinstance(said, str):
            raise RecordError([Problem(f"{piece(said)} stands where a text is asked for", "write a text")])
    try:
        orjson.dumps([texts, list(runs), dict(article.meta)])
    except TypeError as error:
        what = f"something beside the text cannot be kept ({error})"
        advice = "numbers have 64 bits, texts no halves of UTF-16 pairs: correct it"
        raise RecordError([Problem(what, advice)]) from error


def _spans(raw: RawRecord) -> list[RawSpan]:
    """Every span of a record: they all count alike."""
    marks = [*raw.marks, *raw.rejected]
    marks += [mark.suggested for mark in marks if mark.suggested is not None]
    spans = [span for mark in marks for span in mark.spans]
    parts = [part for mark in marks for part in (mark.holder, mark.target) if part is not None]
    return spans + [span for part in parts for span in part.spans] + [span for span, _ in raw.zones or ()]
