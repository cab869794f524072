"""UIMA CAS JSON: a file an article, which holds the types of what is in it (uimaj-io-jsoncas, 0.4)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from annotator.domain.codec.problems import Problem, RecordError, piece
from annotator.formats.contract import Format, Layout, Piece, Reading, Writing, faulty
from annotator.formats.foreign import ForeignReader
from annotator.formats.offset_units import OffsetUnit
from annotator.formats.sources import Source
from annotator.formats.targets import Target
from annotator.formats.uima_cas import CARRIES, LONGEST, Cas, CasWriter, Structure

_STRUCTURES, _VIEWS, _TYPES = "%FEATURE_STRUCTURES", "%VIEWS", "%TYPES"


class UimaJson(Format):
    name = "uima-json"
    title = "UIMA CAS JSON (INCEpTION, DKPro)"
    suffixes = ()
    layout = Layout.FOLDER
    extra = "uima"
    carries = CARRIES

    def sniff(self, source: Source, head: bytes) -> int:
        begins = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        named = (f'"{name}"'.encode() in head for name in (_TYPES, _STRUCTURES))
        return 90 if begins.startswith(b"{") and any(named) else 0

    def read(self, source: Source, reading: Reading) -> Iterator[Piece]:
        data = source.read(LONGEST)
        try:
            record = _parsed(data).record(label.name for label in reading.labelset.polarities)
        except orjson.JSONDecodeError as error:
            what = f"the JSON is broken at column {error.colno}: {error.msg}"
            broken = RecordError([Problem(what, "export the file anew")])
            yield faulty(len(data), source, error.lineno, broken)
            return
        except RecordError as error:
            yield faulty(len(data), source, None, error)
            return
        yield ForeignReader(source, reading, [OffsetUnit.UTF16]).piece(record, len(data))

    def writer(self, target: Target, writing: Writing) -> "JsonCasWriter":
        return JsonCasWriter(target, UimaJson.carries)


class JsonCasWriter(CasWriter):
    suffix = ".json"

    def serialized(self, cas: Any) -> str:
        return str(
            cas.to_json()
        )  # with all types: those of links are missing when only used ones are asked for


def _parsed(data: bytes) -> Cas:
    """Raises orjson.JSONDecodeError and RecordError."""
    whole = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    if not isinstance(whole, dict) or _STRUCTURES not in whole:
        raise RecordError([Problem(f"{piece(whole)} is no CAS", f"export it with {_STRUCTURES}")])
    cas = Cas()
    for id_, fields in _listed(whole[_STRUCTURES]):
        structure = _structure(id_, fields)
        if structure.id in cas.structures:
            raise RecordError([Problem(f"the %ID {structure.id} is there twice", "export the file anew")])
        cas.structures[structure.id] = structure
    views = whole.get(_VIEWS)
    for view in views.values() if isinstance(views, dict) else ():
        if isinstance(view, dict) and isinstance(view.get("%MEMBERS"), list):
            cas.views[str(view.get("%SOFA"))] = set(map(str, view["%MEMBERS"]))
    return cas


def _listed(structures: Any) -> Iterable[tuple[Any, Any]]:
    """Ids and fields; both ways of writing them are allowed: a list, and an object by id."""
    if isinstance(structures, dict):
        return structures.items()
    if not isinstance(structures, list):
        what = f"{_STRUCTURES} is {piece(structures)}"
        raise RecordError([Problem(what, "make it a list of feature structures")])
    return ((each.get("%ID") if isinstance(each, dict) else None, each) for each in structures)


def _structure(id_: Any, fields: Any) -> Structure:
    if not isinstance(fields, dict) or id_ is None or not isinstance(fields.get("%TYPE"), str):
        raise RecordError([Problem(f"{piece(fields)} is no feature structure", "give it a %ID and a %TYPE")])
    return Structure(str(id_), fields["%TYPE"], _values(fields), _references(fields))


def _values(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The features that lead nowhere; `#` marks numbers that JSON cannot write, `^` old anchors."""
    return {
        name.removeprefix("#"): value
        for name, value in fields.items()
        if not name.startswith(("%", "@", "^")) and not isinstance(value, dict | list)
    }


def _references(fields: Mapping[str, Any]) -> dict[str, list[str]]:
    found = {name[1:]: [str(value)] for name, value in fields.items() if name.startswith("@")}
    if isinstance(elements := fields.get("%ELEMENTS"), list):
        found["elements"] = [str(each) for each in elements]
    return found
