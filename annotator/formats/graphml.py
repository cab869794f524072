"""GraphML: the network of holders and targets, for Gephi, visone, igraph, networkx. Not read.

A node is a name; a directed edge goes from a holder to a target for each polarity between them. Its weight
counts stances, `articles` the articles they are in. The file is a few kinds of elements in a fixed order, so
it is written here: networkx would be one more package for what these lines do.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from annotator.domain.codec.records import Record
from annotator.domain.errors import FormatError
from annotator.domain.labels import LabelSet
from annotator.formats.carrying import Feature, proof_of
from annotator.formats.contract import Format, Reading, Writer, Writing
from annotator.formats.sources import Source
from annotator.formats.statements import Statement, statements_of
from annotator.formats.targets import Target

_SPACE = "http://graphml.graphdrawing.org/xmlns"
# Of a node and of an edge: name and type of each attribute. Agreement is 1, -1 or 0.
_NODE = (("label", "string"), ("as_holder", "int"), ("as_target", "int"))
_EDGE = (("polarity", "string"), ("agreement", "int"), ("weight", "int"), ("articles", "int"))
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML 1.0

Row = tuple[str, ...]  # an element's attributes, then its data, as they stand in the file


@dataclass(slots=True)
class _Node:
    number: int
    as_holder: int = 0
    as_target: int = 0


@dataclass(slots=True)
class _Edge:
    agreement: bool | None
    weight: int = 0
    articles: set[int] = field(default_factory=set)


class GraphMl(Format):
    name = "graphml"
    title = "GraphML network of holders and targets"
    suffixes = (".graphml",)
    reads = False
    # Not STANCES: one that lacks a part is left out.
    carries = frozenset({Feature.PARTS, Feature.NAMES})

    def writer(self, target: Target, writing: Writing) -> "GraphMlWriter":
        return GraphMlWriter(target, writing)

    def proofs(self, source: Source, reading: Reading) -> Iterator[int]:
        try:
            with source.open() as file:
                for _, element in ElementTree.iterparse(file):
                    if element.tag in (f"{{{_SPACE}}}node", f"{{{_SPACE}}}edge"):
                        values = [data.text or "" for data in element]
                        yield proof_of((*element.attrib.values(), *values))
                        element.clear()
        except ElementTree.ParseError as error:
            raise FormatError(f"{source.name} is no XML: {error}.") from error


class GraphMlWriter(Writer):
    """Counts while records come, and writes the network when all have come: memory goes by its size."""

    def __init__(self, target: Target, writing: Writing) -> None:
        super().__init__(GraphMl.carries | {Feature.STANCES})
        self._stream = target.stream
        self._labelset: LabelSet = writing.labelset
        self._nodes: dict[str, _Node] = {}
        self._edges: dict[tuple[str, str, str], _Edge] = {}

    def write(self, record: Record) -> Iterable[int]:
        carried = self.carried(record)
        self.note(Feature.TEXT, record)
        if not carried.marks:
            self.note(Feature.UNMARKED, record)
        self.put(carried, record)
        return ()

    def put(self, record: Record, whole: Record | None = None) -> Record:
        """Counts a record; `whole` is it with its entities, whose names holders and targets may have."""
        for found in statements_of(record, whole or record, self._labelset):
            if isinstance(found, Statement):
                self._count(found, record)
            else:
                self.note(Feature.STANCES, record, found)
        return record

    def close(self) -> Iterable[int]:
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<graphml xmlns="{_SPACE}">']
        for owner, attributes in (("node", _NODE), ("edge", _EDGE)):
            lines += [
                f'  <key id="{owner}_{name}" for="{owner}" attr.name="{name}" attr.type="{kind}"/>'
                for name, kind in attributes
            ]
        self._put(*lines, '  <graph id="stances" edgedefault="directed">')
        proofs = []
        for row in self._node_rows():
            proofs.append(proof_of(row))
            self._put(_element("node", ("id",), row, _NODE))
        for row in self._edge_rows():
            proofs.append(proof_of(row))
            self._put(_element("edge", ("id", "source", "target"), row, _EDGE))
        self._put("  </graph>", "</graphml>")
        return proofs

    def _count(self, found: Statement, record: Record) -> None:
        actor, concept = (_FORBIDDEN.sub("\ufffd", name) for name in (found.actor, found.concept))
        if (actor, concept) != (found.actor, found.concept):
            self.note(Feature.TEXT, record, found.row, changed=True)
        polarity = _FORBIDDEN.sub("\ufffd", " ".join(found.polarity.split()))
        self._node(actor).as_holder += 1
        self._node(concept).as_target += 1
        edge = self._edges.setdefault((actor, concept, polarity), _Edge(found.agreement))
        edge.weight += 1
        edge.articles.add(record.article.id)

    def _node(self, name: str) -> _Node:
        return self._nodes.setdefault(name, _Node(len(self._nodes) + 1))

    def _node_rows(self) -> Iterator[Row]:
        for name, node in self._nodes.items():
            yield f"n{node.number}", name, str(node.as_holder), str(node.as_target)

    def _edge_rows(self) -> Iterator[Row]:
        for number, ((actor, concept, polarity), edge) in enumerate(self._edges.items(), 1):
            ends = f"n{self._nodes[actor].number}", f"n{self._nodes[concept].number}"
            agreement = 0 if edge.agreement is None else 1 if edge.agreement else -1
            counts = (agreement, edge.weight, len(edge.articles))
            yield f"e{number}", *ends, polarity, *map(str, counts)

    def _put(self, *lines: str) -> None:
        self._stream.write(("\n".join(lines) + "\n").encode())


def _element(kind: str, names: Row, row: Row, attributes: tuple[tuple[str, str], ...]) -> str:
    head = " ".join(f'{name}="{value}"' for name, value in zip(names, row, strict=False))
    data = "".join(
        f'<data key="{kind}_{name}">{escape(value)}</data>'
        for (name, _), value in zip(attributes, row[len(names) :], strict=True)
    )
    return f"    <{kind} {head}>{data}</{kind}>"
