"""UIMA's CAS as a document of our marks, read from its feature structures, and written through dkpro-cassis.

Reading needs no library and no type system: what is a link shows in what it leads to. Offsets stay UTF-16
units until they are checked, so that one inside a character is told and never moved.
"""

import json
import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from annotator.domain.articles import Status
from annotator.domain.codec.problems import Problem, RecordError
from annotator.domain.codec.records import Record
from annotator.domain.zones import ZoneKind
from annotator.formats import layers
from annotator.formats.carrying import Feature
from annotator.formats.contract import Maker, Writer, needed
from annotator.formats.foreign import RawRecord
from annotator.formats.layers import Annotation, Arc, Layers, Link
from annotator.formats.offset_units import OffsetUnit, RawSpan, from_code_points
from annotator.formats.targets import FileNames, Target

LONGEST = 32 * 2**20  # bytes of a file: an article of a hundred thousand words with all their layers
CARRIES = frozenset(Feature) - {Feature.DECISIONS, Feature.RULINGS, Feature.REJECTED, Feature.REMARKS}
SOFA = "uima.cas.Sofa"
_FIRST_VIEW = "_InitialView"
_NO_LANGUAGE = "x-unspecified"
_ENDS = ("Governor", "Dependent")  # of a relation layer, from and to
_WHOLE = re.compile(r"[0-9]{1,15}")
_VIEWS = "views other than the first were left out"
_FACTS = ("title", "source", "url", "published", "lang")


@dataclass(slots=True)
class Structure:
    """A feature structure: values as the file gives them, and the ids that features lead to."""

    id: str
    type: str
    values: dict[str, Any] = field(default_factory=dict)
    references: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_annotation(self) -> bool:
        return "begin" in self.values and "end" in self.values

    def said(self) -> dict[str, str]:
        """The values as text, without offsets."""
        return {
            name: _text(value)
            for name, value in self.values.items()
            if name not in ("begin", "end") and value is not None
        }


@dataclass(slots=True)
class Cas:
    """The structures of one file by id, and the members of each view by the id of its text."""

    structures: dict[str, Structure] = field(default_factory=dict)
    views: dict[str, set[str]] = field(default_factory=dict)

    def record(self, polarities: Iterable[str]) -> RawRecord:
        """Raises RecordError when it holds no text, or a link leads nowhere."""
        sofa, others = self._sofa()
        members = self.views.get(sofa.id)
        annotations: list[Annotation] = []
        arcs: list[Arc] = []
        for each in self.structures.values():
            if not each.is_annotation or each.references.get("sofa", [sofa.id]) != [sofa.id]:
                continue
            if all(end in each.references for end in _ENDS):
                source, target = (each.references[end][0] for end in _ENDS)
                arcs.append(Arc(source, target, each.said()))
                continue
            layer = each.type if members is None or each.id in members else layers.PHRASE
            annotations.append(self._annotation(each, layer))
        marks, remarks = Layers(annotations, arcs, polarities).marks()
        facts = self._facts()
        return RawRecord(
            sofa.values["sofaString"],
            marks,
            zones=_zones(annotations),
            maker=Maker.PERSON if "annotator" in facts else Maker.MODEL if "run" in facts else Maker.UNKNOWN,
            remarks=[*remarks, *([_VIEWS] if others else [])],
            **facts,
        )

    def _sofa(self) -> tuple[Structure, bool]:
        """The text of the first view, and whether there are others."""
        texts = [
            each for each in self.structures.values() if each.type == SOFA and "sofaString" in each.values
        ]
        if not texts:
            raise RecordError([Problem("the file holds no text (sofaString)", "export it with its text")])
        first = next((each for each in texts if each.values.get("sofaID") == _FIRST_VIEW), texts[0])
        return first, len(texts) > 1

    def _annotation(self, each: Structure, layer: str) -> Annotation:
        span = RawSpan(each.values["begin"], each.values["end"])
        links = [link for feature, ids in each.references.items() for link in self._links(feature, ids)]
        at = f"{each.type.rpartition('.')[2]} {each.id}"
        return Annotation(each.id, layer, span, each.said(), links, at)

    def _links(self, feature: str, ids: Iterable[str]) -> Iterator[Link]:
        """What a feature leads to: over links with a role, through an array of them, or straight."""
        for id_ in self._expanded(ids):
            found = self.structures.get(id_)
            if found is None:
                if feature in layers.ROLES:
                    yield Link(feature, feature, id_)
            elif found.is_annotation:
                if feature.lower() in layers.ROLES:
                    yield Link(feature, feature, id_)
            elif "target" in found.references:
                role = found.said().get("role", "")
                yield from (Link(feature, role, target) for target in found.references["target"])

    def _expanded(self, ids: Iterable[str]) -> Iterator[str]:
        """The ids, and instead of that of an array those of its elements; arrays in arrays hold no links."""
        for id_ in ids:
            found = self.structures.get(id_)
            yield from found.references.get("elements", [id_]) if found is not None else [id_]

    def _facts(self) -> dict[str, Any]:
        """The fields of a record besides its text and marks."""
        own: dict[str, str] = {}
        for each in self.structures.values():
            if each.type == layers.RECORD:
                return _own_facts(each.said())
            if each.type.endswith((".DocumentMetaData", ".DocumentAnnotation")):
                said = each.said()
                own |= {"title": said["documentTitle"]} if said.get("documentTitle") else {}
                own |= (
                    {"lang": said["language"]} if said.get("language", _NO_LANGUAGE) != _NO_LANGUAGE else {}
                )
        return dict(own)


def _own_facts(said: Mapping[str, str]) -> dict[str, Any]:
    facts: dict[str, Any] = {name: said[name] for name in (*_FACTS, "annotator") if name in said}
    if "pipeline" in said:
        facts["run"] = (said["pipeline"], said.get("version", ""))
    if said.get("status") in set(Status):
        facts["status"] = Status(said["status"])
    for field_, name in (("at", "savedAt"), ("ms", "spent")):
        if _WHOLE.fullmatch(said.get(name, "")):
            facts[field_] = int(said[name])
    try:
        meta = json.loads(said.get("meta", "{}"))
    except (ValueError, RecursionError):
        meta = {"meta": said["meta"]}
    return facts | {"meta": meta if isinstance(meta, dict) else {"meta": meta}}


def _zones(annotations: Iterable[Annotation]) -> list[tuple[RawSpan, str]] | None:
    zones = [(each.span, each.features.get("kind", "")) for each in annotations if each.layer == layers.ZONE]
    return [(span, kind if kind in set(ZoneKind) else ZoneKind.OTHER.value) for span, kind in zones] or None


def _text(value: Any) -> str:
    """A value as XMI writes it."""
    if isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else repr(value)


class CasWriter(Writer):
    """A file an article. FormatError when dkpro-cassis is not installed."""

    suffix: str

    def __init__(self, target: Target, carries: Iterable[Feature]) -> None:
        super().__init__(carries)
        self._target = target
        self._names = FileNames()
        self._cassis = needed("cassis", "dkpro-cassis", "uima")
        self._types = self._cassis.load_typesystem(layers.type_system())

    def put(self, record: Record) -> Record:
        with self._target.file(f"{self._names.of(record)}{self.suffix}") as file:
            file.write(self.serialized(self._cas(record)).encode())
        return record

    @abstractmethod
    def serialized(self, cas: Any) -> str:
        """A cassis.Cas as the file holds it."""

    def _cas(self, record: Record) -> Any:
        text = record.article.text
        cas = self._cassis.Cas(typesystem=self._types)
        sofa = cas.get_sofa()
        # Its property would map each character of the text, for 9 µs and 200 bytes; offsets are UTF-16 here.
        sofa._sofaString, sofa.mimeType = text, "text/plain"
        utf16 = from_code_points(text, OffsetUnit.UTF16)
        self._add_facts(cas, record, utf16(len(text)))
        made: dict[str, Any] = {}
        annotations = layers.annotations_of(record)
        for each in annotations:
            said = {name: float(value) if name == "score" else value for name, value in each.features.items()}
            type_ = self._types.get_type(each.layer)
            made[each.id] = type_(begin=utf16(each.span.start), end=utf16(each.span.end), **said)
            cas.add(made[each.id])
        for each in annotations:
            for link in each.links:
                type_ = self._types.get_type(layers.link_type(each.layer, link.feature))
                self._link(made[each.id], link.feature, type_(role=link.role, target=made[link.target]))
        for start, end, kind in record.zones or ():
            cas.add(self._types.get_type(layers.ZONE)(begin=utf16(start), end=utf16(end), kind=kind))
        return cas

    def _link(self, host: Any, feature: str, link: Any) -> None:
        array = self._types.get_type("uima.cas.FSArray")
        setattr(host, feature, array(elements=[link]))

    def _add_facts(self, cas: Any, record: Record, end: int | None) -> None:
        article = record.article
        metadata = self._types.get_type(layers.METADATA)
        cas.add(
            metadata(
                begin=0,
                end=end,
                language=article.lang or _NO_LANGUAGE,
                documentTitle=article.title,
                documentId=article.sha256.hex(),
                documentUri=article.url,
            )
        )
        facts = {name: getattr(article, name) for name in _FACTS}
        facts["meta"] = json.dumps(article.meta) if article.meta else None
        facts |= {"annotator": record.annotator, "status": record.status and record.status.value}
        facts |= {"savedAt": record.at, "spent": record.ms}
        if record.run is not None:
            facts["pipeline"], facts["version"] = record.run
        cas.add(self._types.get_type(layers.RECORD)(**facts))
