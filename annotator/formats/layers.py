"""INCEpTION's layers: marks as annotations of typed spans with features and links, and back.

An entity is DKPro's NamedEntity, its canonical name the `identifier`. A stance is a `Stance` with a polarity,
whose links `holder` and `target` lead to entities where one stands there, else to a `Phrase`. Notes and
scores of entities stand in a `Remark` that links to them: INCEpTION takes no other features for NamedEntity.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from annotator.domain.codec.problems import Problem, RecordError, piece
from annotator.domain.codec.records import Record
from annotator.domain.frozen import frozen
from annotator.formats.foreign import RawMark, RawPart
from annotator.formats.offset_units import RawSpan

_DKPRO = "de.tudarmstadt.ukp.dkpro.core.api."
_NAMED = f"{_DKPRO}ner.type."
ENTITY = f"{_NAMED}NamedEntity"
METADATA = f"{_DKPRO}metadata.type.DocumentMetaData"
STANCE, PHRASE, REMARK = "webanno.custom.Stance", "webanno.custom.Phrase", "webanno.custom.Remark"
ZONE, RECORD = "webanno.custom.Zone", "annotator.Record"
ROLES = ("holder", "target")
MARKED = "mark"  # the link of a Remark
# What every document has, which is no annotation of a person.
_STRUCTURE = ("uima.tcas.DocumentAnnotation", f"{_DKPRO}segmentation.", f"{_DKPRO}metadata.")
_LABELS = ("value", "polarity", "label", "category", "type", "class", "stance")  # features that name one
_POLARITY = ("polarity", "stance", *_LABELS)
_NAMES, _NOTES, _SCORE = ("name", "identifier"), ("note", "comment"), "score"
SAYING = (*_LABELS, *_NAMES, *_NOTES, _SCORE)  # features that lead nowhere, whatever they look like

OTHERS = "annotations of other layers and chains were left out"
_FEATURES = "features other than label, name, note and score were left out"
_LINKS = "links and relations other than holder and target were left out"
_SECOND = "a stance's second holders and targets were left out"
_EMPTY = "annotations that cover nothing were left out"


@frozen
class Link:
    """From the feature of an annotation to another annotation's id."""

    feature: str
    role: str
    target: str


@dataclass(slots=True)
class Annotation:
    """One annotation of a layer. `at` names its place in the file; absent features are not in `features`."""

    id: str
    layer: str
    span: RawSpan
    features: dict[str, str] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    at: str = ""


@frozen
class Arc:
    """A relation between two annotations, by their ids."""

    source: str
    target: str
    features: Mapping[str, str]


def annotations_of(record: Record) -> list[Annotation]:
    """The marks of a record as annotations, in code points, with ids 1, 2, ...; entities come first."""
    made: list[Annotation] = []
    entities: dict[tuple[Any, ...], str] = {}

    def add(layer: str, start: int, end: int, features: Mapping[str, Any], links: Iterable[Link] = ()) -> str:
        said = {
            key: value if isinstance(value, str) else repr(value)
            for key, value in features.items()
            if value is not None
        }
        made.append(Annotation(str(len(made) + 1), layer, RawSpan(start, end), said, list(links)))
        return made[-1].id

    def part(start: int, end: int, name: str | None) -> str:
        return entities.get((start, end, name)) or add(PHRASE, start, end, {"name": name})

    notes = {n: origin.note for n, origin in record.origins.items()}
    for n, row in sorted(enumerate(record.marks), key=lambda item: item[1][0]):
        kind, label, start, end, score, name = row[:6]
        said = {"note": notes.get(n), "score": score}
        if kind == "entity":
            id_ = add(ENTITY, start, end, {"value": label, "identifier": name})
            entities.setdefault((start, end, name), id_)
            if any(value is not None for value in said.values()):
                add(REMARK, start, end, said, [Link(MARKED, MARKED, id_)])
            continue
        links = [
            Link(role, role, part(columns[0], columns[1], columns[2]))
            for role, columns in zip(ROLES, (row[6:9], row[9:12]), strict=True)
            if columns[0] is not None and columns[1] is not None
        ]
        add(STANCE, start, end, {"polarity": label, "name": name, **said}, links)
    return made


class Layers:
    """The annotations of one document as they are read, by id."""

    def __init__(
        self, annotations: Sequence[Annotation], arcs: Sequence[Arc], polarities: Iterable[str]
    ) -> None:
        self._by_id = {each.id: each for each in annotations}
        self._polarities = frozenset(polarities)
        self._left_out: dict[str, None] = {}
        self._parts: dict[str, dict[str, str]] = {}
        self._remarks: dict[str, Mapping[str, str]] = {}
        for each in annotations:
            self._link(each)
        for arc in arcs:
            self._arc(arc)

    def marks(self) -> tuple[list[RawMark], list[str]]:
        """The marks, and what people should know of what is none. Raises RecordError."""
        marks = [mark for each in self._by_id.values() if (mark := self._mark(each)) is not None]
        return marks, list(self._left_out)

    def _link(self, each: Annotation) -> None:
        for link in each.links:
            role = next((role for role in ROLES if role in (link.role.lower(), link.feature.lower())), None)
            if each.layer == REMARK:
                if self._remarks.setdefault(link.target, each.features) != each.features:
                    self._left_out[_FEATURES] = None
            elif role is not None:
                self._take_part(each.id, role, link.target)
            else:
                self._left_out[_LINKS] = None

    def _arc(self, arc: Arc) -> None:
        """A relation named holder or target; it may have been drawn either way."""
        said = {value.lower() for value in arc.features.values()}
        role = next((role for role in ROLES if role in said), None)
        source, target = self._by_id.get(arc.source), self._by_id.get(arc.target)
        if role is None or source is None or target is None:
            self._left_out[_LINKS] = None
            return
        if self._is_stance(target) and not self._is_stance(source):
            source, target = target, source
        self._take_part(source.id, role, target.id)

    def _take_part(self, of: str, role: str, target: str) -> None:
        if self._parts.setdefault(of, {}).setdefault(role, target) != target:
            self._left_out[_SECOND] = None

    def _is_stance(self, each: Annotation) -> bool:
        return (
            each.layer.endswith(".Stance")
            or "polarity" in each.features
            or each.id in self._parts
            or self._label(each, _LABELS) in self._polarities
        )

    def _mark(self, each: Annotation) -> RawMark | None:
        if each.layer.startswith(_STRUCTURE) or each.layer in (REMARK, PHRASE, ZONE, RECORD):
            return None
        if each.layer.startswith(_DKPRO) and not each.layer.startswith(_NAMED):
            self._left_out[OTHERS] = None
            return None
        if each.span.start == each.span.end:
            self._left_out[_EMPTY] = None
            return None
        is_stance = self._is_stance(each)
        said = {**each.features, **self._remarks.get(each.id, {})}
        label = self._label(each, _POLARITY if is_stance else _LABELS)
        used = {label, *(said.get(name) for name in (*_NAMES, *_NOTES, _SCORE))}
        if any(value not in used for value in each.features.values()):
            self._left_out[_FEATURES] = None
        if label is None and not is_stance:
            label = each.layer.rpartition(".")[2]
        parts = self._parts.get(each.id, {})
        holder, target = (self._part(each, role, parts.get(role)) for role in ROLES)
        return RawMark(
            "stance" if is_stance else "entity",
            label,
            [each.span],
            _first(said, _NAMES),
            _first(said, _NOTES),
            self._score(each, said.get(_SCORE)),
            holder,
            target,
            at=each.at,
        )

    def _label(self, each: Annotation, names: Sequence[str]) -> str | None:
        """The feature that names it: one called so, else the first that is nothing else; None if none is."""
        found = _first(each.features, names)
        known = (*_NAMES, *_NOTES, _SCORE)
        return found or next((value for key, value in each.features.items() if key not in known), None)

    def _score(self, each: Annotation, said: str | None) -> Any:
        """A number; whatever else stands in our own layers, so that it is told; None in those of others."""
        if said is None:
            return None
        try:
            score = float(said)
        except ValueError:
            return said if each.layer in (ENTITY, STANCE) else None
        if each.layer in (ENTITY, STANCE) or 0 <= score <= 1:
            return score
        self._left_out[_FEATURES] = None
        return None

    def _part(self, each: Annotation, role: str, id_: str | None) -> RawPart | None:
        if id_ is None:
            return None
        if id_ not in self._by_id:
            what = f"the {role} of {each.at} is {piece(id_)}, which is no annotation of the file"
            raise RecordError([Problem(what, "correct the link, or leave it out")])
        found = self._by_id[id_]
        if found.span.start == found.span.end:
            self._left_out[_EMPTY] = None
            return None
        return RawPart([found.span], _first(found.features, _NAMES))


def _first(features: Mapping[str, str], names: Iterable[str]) -> str | None:
    return next((features[name] for name in names if name in features), None)


_STRING, _LONG, _FLOAT = "uima.cas.String", "uima.cas.Long", "uima.cas.Float"
_SPAN, _TOP = "uima.tcas.Annotation", "uima.cas.TOP"
# Types by name: what they extend, and their features with ranges; a link's range is its own type.
_TYPES: dict[str, tuple[str, dict[str, str]]] = {
    ENTITY: (_SPAN, {"value": _STRING, "identifier": _STRING}),
    STANCE: (
        _SPAN,
        {
            "polarity": _STRING,
            "name": _STRING,
            "note": _STRING,
            "score": _FLOAT,
            **dict.fromkeys(ROLES, "link"),
        },
    ),
    PHRASE: (_SPAN, {"name": _STRING}),
    REMARK: (_SPAN, {"note": _STRING, "score": _FLOAT, MARKED: "link"}),
    ZONE: (_SPAN, {"kind": _STRING}),
    METADATA: (
        "uima.tcas.DocumentAnnotation",
        dict.fromkeys(("documentTitle", "documentId", "documentUri"), _STRING),
    ),
    RECORD: (
        _TOP,
        {
            **dict.fromkeys(("title", "source", "url", "published", "lang", "meta"), _STRING),
            **dict.fromkeys(("annotator", "pipeline", "version", "status"), _STRING),
            **dict.fromkeys(("savedAt", "spent"), _LONG),
        },
    ),
}


def link_type(layer: str, feature: str) -> str:
    """The type of a layer's links, as INCEpTION names it."""
    return f"{layer}{feature.capitalize()}Link"


def features_of(layer: str) -> list[str]:
    """The features of one of our layers that are no links."""
    return [name for name, range_ in _TYPES[layer][1].items() if range_ != "link"]


def links_of(layer: str) -> list[str]:
    return [name for name, range_ in _TYPES[layer][1].items() if range_ == "link"]


def type_system() -> str:
    """UIMA's description of the types, in XML, from which INCEpTION makes its layers."""
    types = []
    for name, (parent, features) in _TYPES.items():
        described = []
        for feature, range_ in features.items():
            if range_ != "link":
                described.append(_feature(feature, range_))
                continue
            link = link_type(name, feature)
            types.append(_type(link, _TOP, [_feature("role", _STRING), _feature("target", _SPAN)]))
            described.append(_feature(feature, "uima.cas.FSArray", link))
        types.append(_type(name, parent, described))
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier">',
            "  <types>",
            *types,
            "  </types>",
            "</typeSystemDescription>",
            "",
        ]
    )


def _type(name: str, parent: str, features: Sequence[str]) -> str:
    return "\n".join(
        [
            "    <typeDescription>",
            f"      <name>{escape(name)}</name>",
            f"      <supertypeName>{parent}</supertypeName>",
            *("      <features>", *features, "      </features>"),
            "    </typeDescription>",
        ]
    )


def _feature(name: str, range_: str, elements: str = "") -> str:
    inline = "<multipleReferencesAllowed>false</multipleReferencesAllowed>" if elements else ""
    element = f"<elementType>{elements}</elementType>{inline}" if elements else ""
    return (
        f"        <featureDescription><name>{name}</name><rangeTypeName>{range_}</rangeTypeName>"
        f"{element}</featureDescription>"
    )
