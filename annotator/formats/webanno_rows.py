"""The rows of WebAnno TSV: its escapes, and a file of it read into a text, annotations and relations.

After INCEpTION's user guide, "WebAnno TSV 3.3 File format". The text is put together as INCEpTION does it: a
line end between two sentences, none if they touch, blanks where the offsets leave a gap.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from annotator.domain.codec.problems import Problem, RecordError, piece
from annotator.domain.frozen import frozen
from annotator.formats.layers import Annotation, Arc, Link
from annotator.formats.offset_units import Convert, OffsetUnit, RawSpan, from_code_points, to_code_points

HEADER = "#FORMAT=WebAnno TSV "
NOTHING, NO_VALUE = "_", "*"  # no annotation; an annotation without a value
ANY = "uima.tcas.Annotation"
_VERSIONS = ("3.0", "3.1", "3.2", "3.3")
_LARGEST_GAP = 100_000  # units between two sentences
_LINE = re.compile(r"[^\r\n]*(\r\n|\r|\n|\Z)")
_ROW = re.compile(r"([0-9]{1,9}-[0-9]{1,9}(?:\.[0-9]{1,9})?)")
_OFFSETS = re.compile(r"([0-9]{1,12})-([0-9]{1,12})")
_NUMBER = re.compile(r"\[([0-9]{1,9})\]\Z")
_NUMBERS = re.compile(r"\[([0-9]{1,9})_([0-9]{1,9})\]\Z")
_VALUE_ESCAPES = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}  # the last is ours: INCEpTION knows no such value
_RESERVED = re.compile(r"->|[\\\[\]|_;*\t\n\r]")
_ESCAPED = re.compile(r"\\(->|[\\\[\]|_;*tnr])")
_TEXT_ESCAPES = {"\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r", "\b": r"\b", "\\": r"\\"}
_TEXT_RESERVED = re.compile("[\x01-\x07\t\n\f\r\b\x0e-\x1f\\\\]")
_TEXT_ESCAPED = re.compile("\\\\([\x01-\x07\x0e-\x1ftnfrb\\\\])")
_JAVA_ESCAPED = re.compile(r"\\(u+[0-9a-fA-F]{4}|[tnfrb\\\"'/])")
_MEANT = {"t": "\t", "n": "\n", "f": "\f", "r": "\r", "b": "\b"}


class TsvError(RecordError):
    """A line that is wrong; `line` counts from 1."""

    def __init__(self, line: int, what: str, advice: str) -> None:
        super().__init__([Problem(what, advice)])
        self.line = line


def escape_value(value: str) -> str:
    """A feature's value as a cell holds it."""
    return _RESERVED.sub(lambda match: _VALUE_ESCAPES.get(match[0], f"\\{match[0]}"), value)


def unescape_value(value: str) -> str:
    return _ESCAPED.sub(lambda match: _MEANT.get(match[1], match[1]), value)


def escape_text(text: str) -> str:
    """A line of a sentence as `#Text=` holds it."""
    return _TEXT_RESERVED.sub(lambda match: _TEXT_ESCAPES.get(match[0], f"\\{match[0]}"), text)


def unescape_text(text: str, version: str) -> str:
    """The versions 3.0 and 3.1 escape as Java's source does, by UTF-16 units."""
    if version in ("3.0", "3.1"):
        units = _JAVA_ESCAPED.sub(lambda match: _java(match[1]), text)
        return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _TEXT_ESCAPED.sub(lambda match: _MEANT.get(match[1], match[1]), text)


def _java(escaped: str) -> str:
    return chr(int(escaped[-4:], 16)) if len(escaped) > 1 else _MEANT.get(escaped, escaped)


@frozen
class _Column:
    """A column: of a span layer ("SP"), of relations ("RL") or of chains ("CH").

    `use` is value, nothing (a layer without features), role, target or base; `type` is what a target or base
    has.
    """

    kind: str
    layer: str
    use: str
    feature: str = ""
    type: str = ANY


@dataclass(slots=True)
class Document:
    """What one file holds. Offsets count `unit`s of `text`."""

    unit: OffsetUnit
    text: str = ""
    annotations: list[Annotation] = field(default_factory=list)  # in the order of their first rows
    has_chains: bool = False
    _version: str = ""
    _columns: list[_Column] = field(default_factory=list)
    _line: int = 0
    _parts: list[str] = field(default_factory=list)  # of the text
    _length: int = 0  # of the parts, in units
    _fragments: list[str] = field(default_factory=list)  # of a sentence that has no token yet
    _in_rows: bool = False  # of the sentence
    _sentence: str = ""
    _begin: int = 0  # where the sentence begins, in units
    _convert: Convert = lambda offset: None
    _stacks: dict[str, dict[str, list[Annotation]]] = field(default_factory=dict)  # by row and layer
    _numbered: dict[int, Annotation] = field(default_factory=dict)
    _slots: dict[tuple[str, str], "_Slot"] = field(default_factory=dict)
    _relations: dict[tuple[str, str], list["_Relation"]] = field(default_factory=dict)

    @classmethod
    def of(cls, data: bytes, unit: OffsetUnit) -> "Document":
        """Raises TsvError at the first line that is wrong."""
        try:
            whole = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise TsvError(
                line, f"byte {error.start} of the file is not UTF-8", "save it as UTF-8"
            ) from error
        document = cls(unit)
        document._read(_lines(whole))
        return document

    def arcs(self) -> list[Arc]:
        """The relations; what one leads to that is no annotation of a layer (a word, say) has the id ""."""
        return [
            Arc(self._end(each.source, each.base), self._end(each.target, each.base), each.features)
            for relations in self._relations.values()
            for each in relations
        ]

    def _read(self, lines: Iterator[str]) -> None:
        first = self._next(lines)
        self._version = first.removeprefix(HEADER).strip() if first.startswith(HEADER) else ""
        if self._version not in _VERSIONS:
            self._fail(f"the file begins with {piece(first)}", "export it as WebAnno TSV 3.3")
        in_header = True
        for line in lines:
            self._line += 1
            if in_header and line.startswith("#T_"):
                self._columns += self._declared(line)
                continue
            in_header = in_header and not line
            if not line:
                self._end_sentence()
            elif line.startswith("#") and not self._in_rows:
                if line.startswith("#Text="):
                    self._fragments.append(unescape_text(line.removeprefix("#Text="), self._version))
            else:
                self._row(line)
        self._end_sentence()
        self.text = "".join(self._parts).removesuffix("\n")
        for (_, feature), slot in self._slots.items():
            self._line = slot.line
            slot.of.links += [
                Link(feature, role, self._target(target, slot.type).id)
                for role, target in zip(slot.roles, slot.targets, strict=False)
                if target not in (NOTHING, NO_VALUE)
            ]

    def _next(self, lines: Iterator[str]) -> str:
        self._line += 1
        return next(lines, "")

    def _declared(self, line: str) -> list[_Column]:
        """The columns that a line of the header declares: `#T_SP=LAYER|FEATURE|...`."""
        kind, _, rest = line.removeprefix("#T_").partition("=")
        layer, *features = [name for name in rest.split("|") if name] or [""]
        if kind not in ("SP", "RL", "CH") or not layer:
            self._fail(f"{piece(line)} declares no layer", "export the file anew")
        columns: list[_Column] = []
        for name in features:
            if kind == "SP" and name.startswith("ROLE_"):
                feature = name.removeprefix("ROLE_").partition(":")[2].partition("_")[0]
                columns.append(_Column(kind, layer, "role", feature))
            elif kind == "RL" and name.startswith("BT_"):
                columns.append(_Column(kind, layer, "base", type=name.removeprefix("BT_")))
            elif columns and columns[-1].use == "role":
                columns.append(_Column(kind, layer, "target", columns[-1].feature, name))
            else:
                columns.append(_Column(kind, layer, "value", name))
        return columns or [_Column(kind, layer, "nothing")]

    def _end_sentence(self) -> None:
        if self._fragments:
            self._fail(f"the sentence {piece(self._fragments[0])} has no words", "export the file anew")
        self._in_rows = False

    def _row(self, line: str) -> None:
        row, *cells = line.split("\t")
        if not _ROW.fullmatch(row) or len(cells) < 2 + len(self._columns):
            what = f"the line {piece(line)} is no row of {3 + len(self._columns)} columns"
            self._fail(what, "export the file anew, or put its tabs back")
        match = _OFFSETS.fullmatch(cells[0])
        if match is None:
            self._fail(f"the row {row} has the offsets {piece(cells[0])}", "write them as 3-9")
        begin, end = int(match[1]), int(match[2])
        if self._fragments:
            self._begin_sentence(row, begin)
        if not self._in_rows:
            self._fail(f"the row {row} stands before any sentence", "put its #Text= line before it")
        self._check_covered(row, begin, end, cells[1])
        for column, cell in zip(self._columns, cells[2:], strict=False):
            if cell != NOTHING:
                self._cell(row, RawSpan(begin, end), column, cell)

    def _begin_sentence(self, row: str, begin: int) -> None:
        """Puts a sentence where its first word begins."""
        text = "\n".join(self._fragments)
        self._fragments = []
        if self._length == begin + 1 and self._parts:
            self._parts[-1] = self._parts[-1].removesuffix("\n")
        elif self._length <= begin <= self._length + _LARGEST_GAP:
            self._parts.append(" " * (begin - self._length))
        else:
            what = f"the row {row} begins at {begin}, but the text before it ends at {self._length}"
            self._fail(what, "correct the offsets: they count UTF-16 units of the whole text")
        length = from_code_points(text, self.unit)(len(text))
        assert length is not None
        self._parts.append(f"{text}\n")
        self._sentence, self._begin, self._length, self._in_rows = text, begin, begin + length + 1, True
        self._convert = to_code_points(text, self.unit)

    def _check_covered(self, row: str, begin: int, end: int, form: str) -> None:
        start, stop = self._convert(begin - self._begin), self._convert(end - self._begin)
        if start is None or stop is None or start > stop:
            what = f"the row {row} goes from {begin} to {end}, which are no characters of its sentence"
            self._fail(what, "correct the offsets: they count UTF-16 units of the whole text")
        covered = self._sentence[start:stop]
        if form not in (covered, escape_text(covered)):
            what = f"the row {row} goes from {begin} to {end} and covers {piece(covered)}, not {piece(form)}"
            self._fail(what, "correct the offsets: they count UTF-16 units of the whole text")

    def _cell(self, row: str, span: RawSpan, column: _Column, cell: str) -> None:
        if column.kind == "CH":
            self.has_chains = True
            return
        for index, value in enumerate(_split(cell, "|")):
            if column.kind == "RL":
                self._related(row, column, index, value)
                continue
            number = None if column.use == "target" else _NUMBER.search(value)
            each = self._annotation(row, span, column.layer, index, int(number[1]) if number else 0)
            self._say(each, column, value[: number.start()] if number else value)

    def _annotation(self, row: str, span: RawSpan, layer: str, index: int, number: int) -> Annotation:
        """The one that stands there already, the one of that number made longer, or a new one."""
        stack = self._stacks.setdefault(row, {}).setdefault(layer, [])
        if index < len(stack):
            return stack[index]
        if index > len(stack):
            self._fail(
                f"the columns of {layer} in the row {row} differ in their values", "export the file anew"
            )
        each = self._numbered.get(number)
        if each is None:
            id_ = f"[{number}]" if number else f"{row} {layer} {index}"
            each = Annotation(id_, layer, span, at=f"{row} {layer.rpartition('.')[2]}")
            self.annotations.append(each)
            if number:
                self._numbered[number] = each
        elif each.layer != layer:
            self._fail(f"the number [{number}] stands for {each.layer} and {layer}", "export the file anew")
        else:
            each.span = RawSpan(each.span.start, span.end)
        stack.append(each)
        return each

    def _say(self, each: Annotation, column: _Column, value: str) -> None:
        match column.use:
            case "value" if value != NO_VALUE:
                each.features[column.feature] = unescape_value(value)
            case "role":
                roles = [] if value == NOTHING else [_role(role) for role in _split(value, ";")]
                self._slots[each.id, column.feature] = _Slot(self._line, each, roles)
            case "target":
                slot = self._slots.get((each.id, column.feature))
                if slot is not None:
                    slot.type, slot.targets = column.type, _split(value, ";")

    def _related(self, row: str, column: _Column, index: int, value: str) -> None:
        relations = self._relations.setdefault((row, column.layer), [])
        while len(relations) <= index:
            relations.append(_Relation(target=(row, 0)))
        each = relations[index]
        if column.use == "base":
            numbers = _NUMBERS.search(value)
            source, target = (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)
            each.base = column.type
            each.source, each.target = (value[: numbers.start()] if numbers else value, source), (row, target)
        elif value != NO_VALUE:
            each.features[column.feature] = unescape_value(value)

    def _target(self, value: str, type_: str) -> Annotation:
        number = _NUMBER.search(value)
        row = value[: number.start()] if number else value
        found = self._found(row, int(number[1]) if number else 0, type_)
        if found is None:
            self._fail(f"a link leads to {piece(value)}, where no annotation is", "correct the link")
        return found

    def _end(self, end: tuple[str, int], type_: str) -> str:
        found = self._found(*end, type_)
        return found.id if found else ""

    def _found(self, row: str, number: int, type_: str) -> Annotation | None:
        """The annotation of a number; without one the first of its type in a row."""
        if number:
            return self._numbered.get(number)
        of_row = self._stacks.get(row, {})
        if type_ == ANY:
            return next((stack[0] for stack in of_row.values() if stack), None)
        return next(iter(of_row.get(type_, ())), None)

    def _fail(self, what: str, advice: str) -> NoReturn:
        raise TsvError(self._line, what, advice)


@dataclass(slots=True)
class _Slot:
    """The links of one feature of an annotation, as the row in `line` gives them."""

    line: int
    of: Annotation
    roles: list[str]
    targets: list[str] = field(default_factory=list)
    type: str = ANY


@dataclass(slots=True)
class _Relation:
    """A relation; its ends are rows with the annotation's number, 0 if it has none."""

    target: tuple[str, int]
    source: tuple[str, int] = ("", 0)
    base: str = ANY
    features: dict[str, str] = field(default_factory=dict)


def _role(value: str) -> str:
    return "" if value == NO_VALUE else unescape_value(value)


def _split(cell: str, separator: str) -> list[str]:
    """The values of a cell between separators that are not escaped."""
    if "\\" not in cell:
        return cell.split(separator)
    values = [""]
    for part in re.findall(r"\\.|[^\\]|\\", cell):
        if part == separator:
            values.append("")
        else:
            values[-1] += part
    return values


def _lines(text: str) -> Iterator[str]:
    """Lines as Java reads them: they end at a line feed, a carriage return or both."""
    for match in _LINE.finditer(text):
        if match[0]:
            yield match[0][: len(match[0]) - len(match[1])]
