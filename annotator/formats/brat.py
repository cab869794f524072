"""brat's stand-off files: a .txt and an .ann for each article in a folder, and annotation.conf.

Several annotators have a folder each, with the same texts; a folder's name is then whose marks they are.
Lines of an .ann begin with their id: T a stretch of text, E an event on a stretch, A an attribute, # a note.
A stance is an event `Stance` with the roles Holder and Target and the attribute Polarity. Its parts are
entities where one stands there, else stretches called Phrase. Names, scores and notes are brat's notes.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from annotator.domain.articles import Article
from annotator.domain.codec.problems import MOST_PROBLEMS, Problem, RecordError, check_text, piece
from annotator.domain.codec.records import MarkRow, Record
from annotator.domain.errors import FormatError
from annotator.domain.labels import LabelSet
from annotator.formats.carrying import Feature
from annotator.formats.contract import Format, Layout, Maker, Option, Piece, Reading, Writer, Writing, faulty
from annotator.formats.foreign import ForeignReader, RawMark, RawPart, RawRecord
from annotator.formats.offset_units import OffsetUnit, RawSpan
from annotator.formats.sources import Source
from annotator.formats.targets import FileNames, Target
from annotator.formats.text import decode

_LONGEST = 32 * 2**20  # bytes of an .ann file: half a million marks, of up to 1,000 bytes of memory each
_COUNTED = (OffsetUnit.CODE_POINTS, OffsetUnit.UTF16, OffsetUnit.CODE_POINTS_LF)
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_STANCE, _PHRASE, _POLARITY = "Stance", "Phrase", "Polarity"
_NOTE, _NAME, _SCORE = "AnnotatorNotes", "Name", "Score"
_JSON = "JSON"  # behind a note's type: its text is a JSON string, because it holds line ends
_ROLES = ("holder", "target")
_FOLDERS, _PEOPLE, _NOTHING = "folders", "annotators", "nothing"  # the option and its choices
_ENDS = "line-ends"
_LINE_ENDS = re.compile(r"[^\r\n]+")
_LEFT_OUT = "relations, attributes, events and roles of brat other than those of stances were left out"
_NOTES_LEFT = "notes of brat other than AnnotatorNotes, Name and Score of a mark were left out"
_KEPT = ("unix", "kept")  # what becomes of CRLF


class Brat(Format):
    name = "brat"
    title = "brat stand-off"
    suffixes = ()
    layout = Layout.FOLDER
    reading_options = (
        Option(
            _FOLDERS,
            "what the name of a file's folder is; without it an annotator where others stand beside it "
            "with the same text",
            (_PEOPLE, _NOTHING),
            usual="found out",
        ),
    )
    writing_options = (
        Option(
            _ENDS,
            "what a Windows line end becomes, behind which brat counts wrongly: a blank and a Unix one, or "
            "itself",
            _KEPT,
        ),
    )
    carries = frozenset(
        {
            *(Feature.ENTITIES, Feature.NESTED, Feature.OVERLAPPING, Feature.STACKED),
            *(Feature.BORDERS, Feature.STANCES, Feature.PARTS, Feature.NAMES, Feature.NOTES, Feature.SCORES),
            Feature.UNMARKED,
        }
    )

    def sniff(self, source: Source, head: bytes) -> int:
        return 90 if source.suffix == ".txt" and _marks_of(source) is not None else 0

    def read(self, source: Source, reading: Reading) -> Iterator[Piece]:
        marks = _marks_of(source)
        foreign = ForeignReader(source, reading, _COUNTED)
        data = source.read()
        try:
            text = check_text(decode(data)[0])
            raw = _Annotations(text).raw(_lines(marks.read(_LONGEST) if marks else b""))
        except RecordError as error:
            yield faulty(len(data), source, None, error)
            return
        whose = _annotator(source, data, reading.options.get(_FOLDERS))
        maker = Maker.PERSON if whose else Maker.UNKNOWN
        yield foreign.piece(replace(raw, annotator=whose, maker=maker), len(data))

    def writer(self, target: Target, writing: Writing) -> "BratWriter":
        ends = writing.options.get(_ENDS, _KEPT[0])
        if ends not in _KEPT:
            raise FormatError(f"{_ENDS} of brat cannot be {ends!r}; use one of {', '.join(_KEPT)}.")
        return BratWriter(target, writing.labelset, unix=ends == _KEPT[0])


class BratWriter(Writer):
    """Two files an article, and what brat must know of the labels."""

    def __init__(self, target: Target, labelset: LabelSet, *, unix: bool = True) -> None:
        super().__init__(Brat.carries)
        self._unix = unix
        self._target = target
        self._names = FileNames()
        self._entities = {label.name: None for label in labelset.entities}
        self._polarities = {label.name: None for label in labelset.polarities}

    def put(self, record: Record) -> Record:
        if self._unix and "\r\n" in record.article.text:
            self.note(Feature.TEXT, record, changed=True)
            record = replace(record, article=Article.of(record.article.text.replace("\r\n", " \n")))
        name = self._names.of(record)
        with self._target.file(f"{name}.txt") as file:
            file.write(record.article.text.encode())
        lines = _Lines(record.article.text)
        for n, row in enumerate(record.marks):
            origin = record.origins.get(n)
            (self._entities if row[0] == "entity" else self._polarities)[_type(row[1])] = None
            lines.mark(row, origin.note if origin else None)
        with self._target.file(f"{name}.ann") as file:
            file.write("".join(f"{line}\n" for line in lines.all()).encode())
        return record

    def close(self) -> Iterable[int]:
        sections = {
            "entities": [*self._entities, _PHRASE],
            "relations": [],
            "events": [f"{_STANCE}\tHolder?:<ENTITY>, Target?:<ENTITY>"],
            "attributes": [f"{_POLARITY}\tArg:<EVENT>, Value:{'|'.join(self._polarities)}"],
        }
        with self._target.file("annotation.conf") as file:
            for section, lines in sections.items():
                file.write("".join(f"{line}\n" for line in (f"[{section}]", *lines, "")).encode())
        return ()


class _Lines:
    """The lines of one .ann file being written."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: list[str] = []
        self._counts = dict.fromkeys("TEA#", 0)
        self._entities: dict[tuple[int, int, str | None], str] = {}
        self._stances: list[tuple[MarkRow, str | None]] = []

    def mark(self, row: MarkRow, note: str | None) -> None:
        if row[0] == "stance":
            self._stances.append((row, note))
            return
        id_ = self._stretch(row[1], row[2], row[3])
        self._entities.setdefault((row[2], row[3], row[5]), id_)
        self._notes(id_, row[5], row[4], note)

    def all(self) -> list[str]:
        """Stances come last: their parts are entities where one stands, wherever that is in the record."""
        for row, note in self._stances:
            parts = [
                f" {role.capitalize()}:{id_}"
                for role, part in zip(_ROLES, (row[6:9], row[9:12]), strict=True)
                if (id_ := self._part(part)) is not None
            ]
            trigger = self._stretch(_STANCE, row[2], row[3])
            event = self._add("E", f"{_STANCE}:{trigger}{''.join(parts)}")
            self._add("A", f"{_POLARITY} {event} {row[1]}")
            self._notes(event, row[5], row[4], note)
        return self._lines

    def _part(self, part: Sequence[object]) -> str | None:
        start, end, name = part
        if not (isinstance(start, int) and isinstance(end, int)):
            return None
        named = name if isinstance(name, str) else None
        id_ = self._entities.get((start, end, named))
        if id_ is None:
            id_ = self._stretch(_PHRASE, start, end)
            self._notes(id_, named, None, None)
        return id_

    def _stretch(self, type_: str, start: int, end: int) -> str:
        """brat has no stretch with a line end inside: it is written in pieces if they show its ends."""
        pieces = [match.span() for match in _LINE_ENDS.finditer(self._text, start, end)]
        if not pieces or (pieces[0][0], pieces[-1][1]) != (start, end):
            pieces = [(start, end)]
        places = ";".join(f"{a} {b}" for a, b in pieces)
        return self._add("T", f"{type_} {places}\t{' '.join(_in_a_line(self._text[a:b]) for a, b in pieces)}")

    def _notes(self, id_: str, name: str | None, score: float | None, note: str | None) -> None:
        for kind, value in ((_NAME, name), (_SCORE, None if score is None else repr(score)), (_NOTE, note)):
            if value is not None:
                simple = _in_a_line(value) == value
                self._add(
                    "#", f"{kind if simple else kind + _JSON} {id_}\t{value if simple else json.dumps(value)}"
                )

    def _add(self, letter: str, content: str) -> str:
        self._counts[letter] += 1
        id_ = f"{letter}{self._counts[letter]}"
        self._lines.append(f"{id_}\t{content}")
        return id_


@dataclass(slots=True)
class _Event:
    """An event as the file gives it; the first argument of each role (small letters), `more` if there are."""

    type: str
    trigger: str
    arguments: dict[str, str]
    more: bool


@dataclass(slots=True)
class _Annotations:
    """The lines of one .ann file as they are read, by id."""

    text: str
    stretches: dict[str, tuple[str, list[RawSpan]]] = field(default_factory=dict)
    events: dict[str, _Event] = field(default_factory=dict)
    polarities: dict[str, str] = field(default_factory=dict)
    notes: dict[tuple[str, str], str] = field(default_factory=dict)  # (type, id) -> text
    left_out: dict[str, None] = field(default_factory=dict)  # remarks in order

    def raw(self, lines: Iterable[tuple[int, str]]) -> RawRecord:
        """Raises RecordError with the lines that are wrong."""
        problems: list[Problem] = []
        for number, line in lines:
            try:
                self._line(line)
            except (ValueError, KeyError) as error:
                what = error.args[0] if isinstance(error, KeyError) else f"no {error} of brat"
                problems.append(
                    Problem(f"line {number} of the .ann file, {piece(line)}, is {what}", "correct it")
                )
                if len(problems) >= MOST_PROBLEMS:
                    break
        if problems:
            raise RecordError(problems)
        stances = {id_: event for id_, event in self.events.items() if self._is_stance(id_, event)}
        if len(stances) < len(self.events) or self.polarities.keys() - stances.keys():
            self.left_out[_LEFT_OUT] = None
        if any(event.more or event.arguments.keys() - set(_ROLES) for event in stances.values()):
            self.left_out[_LEFT_OUT] = None
        used = {event.trigger for event in stances.values()}
        used |= {
            id_ for event in stances.values() for id_ in event.arguments.values() if self._is_phrase(id_)
        }
        entities = [id_ for id_ in self.stretches if id_ not in used]
        if any(not self._is_said(kind, id_, {*entities, *stances}) for kind, id_ in self.notes):
            self.left_out[_NOTES_LEFT] = None
        marks = [self._entity(id_) for id_ in entities]
        marks += [self._stance(id_, event) for id_, event in stances.items()]
        return RawRecord(self.text, marks, remarks=list(self.left_out))

    def _line(self, line: str) -> None:
        """Raises ValueError or KeyError with what the line is not."""
        id_, _, rest = line.partition("\t")
        head, _, tail = rest.partition("\t")
        match id_[:1]:
            case "T":
                self._once(id_, self.stretches)
                self.stretches[id_] = _stretch(self.text, head, tail)
            case "E":
                self._once(id_, self.events)
                self.events[id_] = _event(head)
            case "A" | "M":
                name, _, value = head.partition(" ")
                of, _, value = value.partition(" ")
                if name.lower() == _POLARITY.lower() and value and of not in self.polarities:
                    self.polarities[of] = value
                else:
                    self.left_out[_LEFT_OUT] = None
            case "#":
                kind, _, of = head.partition(" ")
                self._note(kind.removesuffix(_JSON), of, _from_json(tail) if kind.endswith(_JSON) else tail)
            case "R" | "*" | "N":
                self.left_out[_LEFT_OUT] = None
            case _:
                raise ValueError("line")

    def _note(self, kind: str, of: str, said: str) -> None:
        """Several comments of one mark are one of several lines."""
        before = self.notes.get((kind, of))
        if before is None:
            self.notes[kind, of] = said
        elif kind == _NOTE:
            self.notes[kind, of] = f"{before}\n{said}"
        else:
            self.left_out[_NOTES_LEFT] = None

    def _is_said(self, kind: str, id_: str, marks: Collection[str]) -> bool:
        """Whether a note says something of a mark, or names a part of one."""
        if kind == _NAME and self._is_phrase(id_):
            return True
        return kind in (_NOTE, _NAME, _SCORE) and id_ in marks

    def _once(self, id_: str, among: Iterable[str]) -> None:
        if id_ in among:
            raise KeyError(f"the second {id_}")

    def _is_stance(self, id_: str, event: _Event) -> bool:
        return event.type == _STANCE or id_ in self.polarities

    def _is_phrase(self, id_: str) -> bool:
        return id_ in self.stretches and self.stretches[id_][0] == _PHRASE

    def _entity(self, id_: str) -> RawMark:
        label, spans = self.stretches[id_]
        return RawMark("entity", label, spans, *self._said(id_), at=id_)

    def _stance(self, id_: str, event: _Event) -> RawMark:
        holder, target = (self._part(id_, role, event.arguments.get(role)) for role in _ROLES)
        spans = self._spans(f"trigger of {id_}", event.trigger)
        name, note, score = self._said(id_)
        return RawMark(
            "stance", self.polarities.get(id_), spans, name, note, score, holder=holder, target=target, at=id_
        )

    def _part(self, of: str, role: str, id_: str | None) -> RawPart | None:
        if id_ is None:
            return None
        name = self.notes.get((_NAME, id_))
        if id_ in self.events:  # brat lets events take part in others
            id_ = self.events[id_].trigger
        return RawPart(self._spans(f"{role} of {of}", id_), name)

    def _spans(self, of: str, id_: str) -> list[RawSpan]:
        if id_ not in self.stretches:
            what = f"the {of} is {piece(id_)}, which the file does not have"
            raise RecordError([Problem(what, "correct the line")])
        return self.stretches[id_][1]

    def _said(self, id_: str) -> tuple[str | None, str | None, float | None]:
        """Name, note and score of a mark."""
        score = self.notes.get((_SCORE, id_))
        try:
            number = None if score is None else float(score)
        except ValueError:
            number = None
        return self.notes.get((_NAME, id_)), self.notes.get((_NOTE, id_)), number


def _annotator(source: Source, data: bytes, said: str | None) -> str | None:
    """Whose marks a file holds by the name of its folder, None if that says nothing; `said` is the option."""
    folder = source.path.parent.name
    if said == _NOTHING or not folder or not folder.isprintable():
        return None
    if said == _PEOPLE:
        return folder
    others = (other for other in source.cousins() if _marks_of(other) is not None)
    return folder if any(other.read() == data for other in others) else None


def _marks_of(source: Source) -> Source | None:
    return source.sibling(f"{source.stem}.ann")


def _lines(data: bytes) -> Iterator[tuple[int, str]]:
    """The lines of an .ann file that are not empty, by number; RecordError when it is not UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"byte {error.start} of the .ann file is not UTF-8"
        raise RecordError([Problem(what, "save it as UTF-8")]) from error
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip("\r"):
            yield number, line.removesuffix("\r")


def _stretch(text: str, head: str, covered: str) -> tuple[str, list[RawSpan]]:
    """Label and pieces of a T line. brat writes blanks for line ends inside a stretch."""
    label, _, places = head.partition(" ")
    pairs = [pair.split() for pair in places.split(";")] if label else []
    if not pairs or any(len(pair) != 2 or not all(map(_NUMBER.fullmatch, pair)) for pair in pairs):
        raise ValueError("stretch")
    spans = [RawSpan(int(start), int(end)) for start, end in pairs]
    if covered:
        spans = [
            RawSpan(span.start, span.end, said)
            for span, said in zip(spans, _covered(text, spans, covered), strict=True)
        ]
    return label, spans


def _covered(text: str, spans: Sequence[RawSpan], covered: str) -> list[str]:
    """What each piece covers by a line that gives all pieces with a blank between, in either unit.

    Line ends that the line gives as blanks are given back where the offsets are code points.
    """
    own = [text[span.start : span.end] for span in spans]
    if _in_a_line(" ".join(own)) == covered:
        return own
    units, said = covered.encode("utf-16-le", "surrogatepass"), []
    for span in spans[:-1]:
        size = 2 * max(span.end - span.start, 0)
        said.append(units[:size].decode("utf-16-le", "replace"))
        units = units[size + 2 :]
    return [*said, units.decode("utf-16-le", "replace")]


def _from_json(said: str) -> str:
    """What a note says in JSON, which we write for line ends and tabs."""
    try:
        value = json.loads(said)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, str):
        raise ValueError("note")
    return value


def _event(head: str) -> _Event:
    trigger, *given = head.split()
    type_, colon, id_ = trigger.partition(":")
    pairs = [argument.partition(":") for argument in given]
    if not colon or any(not between for _, between, _ in pairs):
        raise ValueError("event")
    arguments: dict[str, str] = {}
    for role, _, of in pairs:
        arguments.setdefault(role.lower(), of)
    return _Event(type_, id_, arguments, len(arguments) < len(pairs))


def _in_a_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")


def _type(label: str) -> str:
    """A label as brat can have it; FormatError for one that its lines would divide."""
    if any(character.isspace() or character in ",|:;" for character in label):
        raise FormatError(f"brat cannot carry the label {label!r}: rename it without blanks and , | : ;")
    return label
