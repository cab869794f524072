"""UIMA CAS XMI: a file an article, and TypeSystem.xml beside them, as INCEpTION and DKPro read them.

XML 1.0 cannot hold some control characters: they become U+FFFD, which keeps every offset. Files with a
DOCTYPE are refused, as no CAS has one and entities are how XML is made to explode.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from xml.parsers import expat

from annotator.domain.articles import Article
from annotator.domain.codec.problems import Problem, RecordError, piece
from annotator.domain.codec.records import MarkRow, Record
from annotator.formats import layers
from annotator.formats.carrying import Feature
from annotator.formats.contract import Format, Layout, Piece, Reading, Writing, faulty
from annotator.formats.foreign import ForeignReader
from annotator.formats.offset_units import OffsetUnit
from annotator.formats.sources import Source
from annotator.formats.targets import Target
from annotator.formats.uima_cas import CARRIES, LONGEST, SOFA, Cas, CasWriter, Structure

_ROOT = "http://www.omg.org/XMI XMI"
_ID = "http://www.omg.org/XMI id"
_NUMBER = re.compile(r"-?[0-9]{1,10}")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INSTEAD = "\ufffd"


class UimaXmi(Format):
    name = "uima-xmi"
    title = "UIMA CAS XMI (INCEpTION, DKPro)"
    suffixes = (".xmi",)
    layout = Layout.FOLDER
    extra = "uima"
    carries = CARRIES - {Feature.TEXT}

    def sniff(self, source: Source, head: bytes) -> int:
        return 90 if b"http://www.omg.org/XMI" in head else super().sniff(source, head)

    def read(self, source: Source, reading: Reading) -> Iterator[Piece]:
        data = source.read(LONGEST)
        document = _Document()
        try:
            record = document.parsed(data).record(label.name for label in reading.labelset.polarities)
        except RecordError as error:
            yield faulty(len(data), source, document.line, error)
            return
        yield ForeignReader(source, reading, [OffsetUnit.UTF16]).piece(record, len(data))

    def writer(self, target: Target, writing: Writing) -> "XmiWriter":
        return XmiWriter(target, UimaXmi.carries)


class XmiWriter(CasWriter):
    """The files, and beside them the types of what is in them."""

    suffix = ".xmi"

    def put(self, record: Record) -> Record:
        clean = _cleaned(record)
        if clean != record:
            self.note(Feature.TEXT, record, changed=True)
        return super().put(clean)

    def serialized(self, cas: Any) -> str:
        return str(cas.to_xmi())

    def close(self) -> Iterable[int]:
        with self._target.file("TypeSystem.xml") as file:
            file.write(layers.type_system().encode())
        return ()


@dataclass(slots=True)
class _Document:
    """One file as it is parsed; `line` is where it is wrong, None if that is no one line."""

    line: int | None = None
    _depth: int = 0
    _cas: Cas = field(default_factory=Cas)
    _links: set[str] = field(default_factory=set)  # ids of what a feature may lead to besides annotations

    def parsed(self, data: bytes) -> Cas:
        """Raises RecordError."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            self.line = error.lineno
            what = f"the XML is broken at column {error.offset + 1}: {expat.ErrorString(error.code)}"
            raise RecordError([Problem(what, "export the file anew")]) from error
        except (RecordError, LookupError, ValueError) as error:
            self.line = parser.CurrentLineNumber
            if isinstance(error, RecordError):
                raise
            what = f"the XML cannot be decoded: {error}"
            raise RecordError([Problem(what, "save it as UTF-8")]) from error
        for structure in self._cas.structures.values():
            self._refer(structure)
        return self._cas

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 1 and name != _ROOT:
            raise RecordError([Problem(f"the file begins with {piece(name)}, not XMI", "export it as XMI")])
        if self._depth != 2:
            return
        type_ = _type(name)
        if type_ == "uima.cas.View":
            self._cas.views[attributes.get("sofa", "")] = set(attributes.get("members", "").split())
            return
        id_ = attributes.pop(_ID, None)
        if id_ is None:
            raise RecordError([Problem(f"the element {piece(type_)} has no xmi:id", "export the file anew")])
        if id_ in self._cas.structures:
            raise RecordError([Problem(f"the xmi:id {piece(id_)} is there twice", "export the file anew")])
        self._cas.structures[id_] = Structure(id_, type_, _values(attributes))
        if "begin" not in attributes and ("target" in attributes or "elements" in attributes):
            self._links.add(id_)

    def _end(self, name: str) -> None:
        self._depth -= 1

    def _refer(self, each: Structure) -> None:
        """Takes the values that are ids for references: of known features, and of links alone."""
        if each.type in (SOFA, layers.RECORD, layers.METADATA):
            return
        for name, value in list(each.values.items()):
            if name in layers.SAYING or not isinstance(value, str):
                continue
            ids = value.split()
            known = name in ("sofa", "Governor", "Dependent") or name.lower() in layers.ROLES
            known = known or (name in ("target", "elements") and each.id in self._links)
            if ids and (all(map(_NUMBER.fullmatch, ids)) if known else self._links.issuperset(ids)):
                each.references[name] = ids
                del each.values[name]


def _refuse_doctype(*declared: object) -> None:
    what = f"the file declares a DOCTYPE ({piece(declared[0])}), which no CAS has"
    raise RecordError([Problem(what, "remove it if you trust the file")])


def _type(name: str) -> str:
    """The type that an element stands for: its namespace is the package."""
    uri, _, local = name.rpartition(" ")
    package = uri.removeprefix("http:///").removesuffix(".ecore").replace("/", ".")
    return local if package in ("", "uima.noNamespace") else f"{package}.{local}"


def _values(attributes: Mapping[str, str]) -> dict[str, Any]:
    """The features; offsets as numbers where they are some."""
    return {
        name: int(value) if name in ("begin", "end") and _NUMBER.fullmatch(value) else value
        for name, value in attributes.items()
    }


def _cleaned(record: Record) -> Record:
    """The record as XML can hold it."""
    old = record.article
    text = _clean(old.text) or ""
    article = replace(
        old if text == old.text else Article.of(text, meta=old.meta),
        title=_clean(old.title) or "",
        source=_clean(old.source),
        url=_clean(old.url),
        published=_clean(old.published),
        lang=_clean(old.lang),
    )
    return replace(
        record,
        article=article,
        marks=[_clean_row(row) for row in record.marks],
        origins={n: replace(origin, note=_clean(origin.note)) for n, origin in record.origins.items()},
        run=record.run and (_clean(record.run[0]) or "", _clean(record.run[1]) or ""),
        annotator=_clean(record.annotator),
    )


def _clean_row(row: MarkRow) -> MarkRow:
    return (
        *(row[0], _clean(row[1]) or "", *row[2:5], _clean(row[5])),
        *(*row[6:8], _clean(row[8]), *row[9:11], _clean(row[11])),
    )


def _clean(value: str | None) -> str | None:
    return None if value is None else _FORBIDDEN.sub(_INSTEAD, value)
