"""The TOML text of a label set, read and checked: every fault is told with its line."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from annotator.domain.errors import LabelSetError
from annotator.domain.labels import Kind, Label, LabelSet

_COLOR = re.compile(r"#[0-9a-f]{6}\Z")
_NAME = re.compile(r"[A-Za-z][\w\-]{0,39}\Z")
_LONG_STRING = re.compile(r'"{3}(?:\\.|(?!"{3}).)*"{3}' r"|'{3}.*?'{3}", re.DOTALL)
_LATEST = 2**31 - 1  # version
_TABLES = {"entity": "entity", "polarity": "polarity"}


def parse_label_set(toml: str, *, file: str = "label set") -> LabelSet:
    """The label set of a TOML text.

    Raises LabelSetError that names `file`, the line and the fault.
    """
    try:
        content = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = f"line {line[1]}" if line else "the last line"
        raise LabelSetError(
            f"{file}, {where}: not valid TOML: {error}. Correct that line and try again."
        ) from error
    return _Reader(toml, file).read(content)


class _Reader:
    """Checks the parsed TOML; finds the line of a faulty table again, since tomllib keeps no positions."""

    def __init__(self, toml: str, file: str) -> None:
        # Guidelines may say anything, "color = red" too: their lines are emptied.
        bare = _LONG_STRING.sub(lambda match: '""' + "\n" * match[0].count("\n"), toml)
        self._lines = bare.split("\n")
        self._file = file

    def read(self, content: Mapping[str, Any]) -> LabelSet:
        name, version = content.get("name"), content.get("version")
        if not isinstance(name, str) or not name.strip():
            raise self._fault(self._line("name"), 'needs name = "..." at the top')
        if isinstance(version, bool) or not isinstance(version, int) or not 1 <= version <= _LATEST:
            raise self._fault(self._line("version"), "needs version = 1 (a whole number from 1) at the top")
        known = {"name", "version", *_TABLES}
        for key in content:
            if key not in known:
                raise self._fault(
                    self._line(key), f"does not know {key!r}; it knows {', '.join(sorted(known))}"
                )
        labels: list[Label] = []
        for table, kind in _TABLES.items():
            entries = content.get(table, [])
            if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
                raise self._fault(self._line(table), f"write each label as a table [[{table}]]")
            labels += [self._label(table, Kind(kind), index, entry) for index, entry in enumerate(entries)]
        if not labels:
            raise self._fault(1, "has no labels; add a table [[entity]] or [[polarity]]")
        self._refuse_twins(labels)
        return LabelSet(name, version, tuple(labels))

    def _label(self, table: str, kind: Kind, index: int, entry: Mapping[str, Any]) -> Label:
        def fault(field: str, what: str) -> LabelSetError:
            return self._fault(self._line(field, table, index), what)

        fields = ("name", "title", "color", "key", "guideline", "glyph")
        for field, value in entry.items():
            if field not in fields:
                raise fault(field, f"does not know {field!r}; a label has {', '.join(fields)}")
            if not isinstance(value, str):
                raise fault(field, f"{field} must be text in quotes")
        name = entry.get("name", "")
        if not _NAME.match(name):
            raise fault(
                "name",
                f"label name {name!r} must start with a letter and hold up to 40 letters, digits, _ or -",
            )
        color = entry.get("color", "").lower()
        if not _COLOR.match(color):
            raise fault("color", f"label {name}: color {color!r} must look like #1a5fb4")
        key = entry.get("key", "")
        if len(key) > 1 or key.isspace():
            raise fault("key", f"label {name}: key {key!r} must be one character or empty")
        title = entry.get("title") or name
        return Label(
            kind, name, title, color, key, entry.get("guideline", "").strip(), entry.get("glyph", "")
        )

    def _refuse_twins(self, labels: list[Label]) -> None:
        names: set[tuple[Kind, str]] = set()
        keys: dict[str, str] = {}
        seen = {Kind.ENTITY: 0, Kind.POLARITY: 0}
        for label in labels:
            index = seen[label.kind]
            seen[label.kind] += 1
            if (label.kind, label.name) in names:
                raise self._fault(self._line("name", label.kind, index), f"label {label.name} is there twice")
            names.add((label.kind, label.name))
            other = keys.setdefault(label.key.lower(), label.name) if label.key else label.name
            if other != label.name:
                raise self._fault(
                    self._line("key", label.kind, index),
                    f"labels {other} and {label.name} share the key {label.key!r}",
                )

    def _line(self, field: str, table: str | None = None, index: int = 0) -> int:
        """The line (from 1) of a field in the index-th `[[table]]`, or of a field or table at the top.

        The table's own line, or the first, when the field is absent.
        """
        heads = [n for n, line in enumerate(self._lines) if line.lstrip().startswith("[")]
        start, stop = 0, heads[0] if heads else len(self._lines)
        if table is not None:
            own = [n for n in heads if re.match(rf"\s*\[\[\s*{table}\s*\]\]", self._lines[n])]
            if index >= len(own):
                return 1
            start = own[index]
            stop = next((n for n in heads if n > start), len(self._lines))
        assigned = re.compile(rf"\s*[\"']?{re.escape(field)}[\"']?\s*[=.]")
        opened = re.compile(rf"\s*\[+\s*[\"']?{re.escape(field)}\b")
        places = [n for n in range(start, stop) if assigned.match(self._lines[n])]
        if table is None:
            places += [n for n in heads if opened.match(self._lines[n])]
        return (places[0] if places else start) + 1

    def _fault(self, line: int, what: str) -> LabelSetError:
        return LabelSetError(f"{self._file}, line {line}: {what}")
