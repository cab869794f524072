"""The TOML text of a label set, read and checked, every fault told with its line; and written."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from annotator.domain.errors import LabelSetError
from annotator.domain.label_rules import color_fault, key_fault, name_fault
from annotator.domain.labels import Kind, Label, LabelSet

_LONG_STRING = re.compile(r'"{3}(?:\\.|(?!"{3}).)*"{3}' r"|'{3}.*?'{3}", re.DOTALL)
_LATEST = 2**31 - 1  # version
_TABLES = {"entity": "entity", "polarity": "polarity"}
_TEXTS = ("name", "title", "color", "key", "guideline", "glyph")
_LISTS = ("former", "into")
_FIELDS = (*_TEXTS, *_LISTS, "retired")


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


def label_set_toml(labelset: LabelSet) -> str:
    """The TOML text that `parse_label_set` reads the same label set from."""
    lines = [f"name = {_quoted(labelset.name)}", f"version = {labelset.version}"]
    # The reader takes one table after the other: entities come before polarities.
    for label in sorted(labelset.labels, key=lambda label: list(Kind).index(label.kind)):
        lines += ["", f"[[{label.kind}]]"]
        for field in _TEXTS:
            value = getattr(label, field)
            if value and not (field == "title" and value == label.name):
                lines.append(f"{field} = {_long(value) if field == 'guideline' else _quoted(value)}")
        for field in _LISTS:
            if names := getattr(label, field):
                lines.append(f"{field} = [{', '.join(map(_quoted, names))}]")
        if label.retired:
            lines.append("retired = true")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(char) or _escaped(char) for char in text) + '"'


def _long(text: str) -> str:
    body = "\n".join(
        "".join(char if char == "\t" else _ESCAPES.get(char) or _escaped(char) for char in line)
        for line in text.split("\n")
    )
    return f'"""\n{body}"""'


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x20 or ord(char) == 0x7F else char


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


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
        if not any(label.offered for label in labels):
            raise self._fault(1, "has no labels; add a table [[entity]] or [[polarity]]")
        self._refuse_twins(labels)
        self._refuse_stray_names(labels)
        return LabelSet(name, version, tuple(labels))

    def _label(self, table: str, kind: Kind, index: int, entry: Mapping[str, Any]) -> Label:
        def fault(field: str, what: str) -> LabelSetError:
            return self._fault(self._line(field, table, index), what)

        for field, value in entry.items():
            if field not in _FIELDS:
                raise fault(field, f"does not know {field!r}; a label has {', '.join(_FIELDS)}")
            if wrong := _wrong_type(field, value):
                raise fault(field, wrong)
        name = entry.get("name", "")
        if wrong := name_fault(name):
            raise fault("name", wrong)
        color, key = entry.get("color", "").lower(), entry.get("key", "")
        for field, wrong in (("color", color_fault(color)), ("key", key_fault(key))):
            if wrong:
                raise fault(field, f"label {name}: {wrong}")
        return Label(
            kind,
            name,
            entry.get("title") or name,
            color,
            key,
            entry.get("guideline", "").strip(),
            entry.get("glyph", ""),
            tuple(entry.get("former", ())),
            tuple(entry.get("into", ())),
            entry.get("retired", False),
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
            keyed = label.key and label.offered
            other = keys.setdefault(label.key.lower(), label.name) if keyed else label.name
            if other != label.name:
                raise self._fault(
                    self._line("key", label.kind, index),
                    f"labels {other} and {label.name} share the key {label.key!r}",
                )

    def _refuse_stray_names(self, labels: list[Label]) -> None:
        """A former name means one label, and a label is split into some that are there."""
        names = {(label.kind, label.name) for label in labels}
        seen = {Kind.ENTITY: 0, Kind.POLARITY: 0}
        former: set[tuple[Kind, str]] = set()
        for label in labels:
            index = seen[label.kind]
            seen[label.kind] += 1
            for name in label.former:
                if (label.kind, name) in names | former:
                    what = f"label {label.name}: the former name {name} is that of another label"
                    raise self._fault(self._line("former", label.kind, index), what)
                former.add((label.kind, name))
            for name in label.into:
                if (label.kind, name) not in names or name == label.name:
                    what = f"label {label.name} is split into {name}, which is no other label"
                    raise self._fault(self._line("into", label.kind, index), what)

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


def _wrong_type(field: str, value: object) -> str:
    if field in _LISTS:
        named = isinstance(value, list) and all(isinstance(each, str) for each in value)
        return "" if named else f"{field} must be a list of names in quotes"
    if field == "retired":
        return "" if isinstance(value, bool) else "retired must be true or false"
    return "" if isinstance(value, str) else f"{field} must be text in quotes"
