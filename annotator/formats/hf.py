"""A folder that Hugging Face's `datasets` loads: JSON lines a split, and a card on them. Not read.

`datasets.load_dataset(folder)` takes splits, columns and their types from the card's first block, YAML whose
strings are JSON strings. https://huggingface.co/docs/hub/datasets-cards
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, BinaryIO

import orjson

from annotator.domain.codec.records import Record
from annotator.domain.errors import FormatError
from annotator.domain.labels import Label, LabelSet
from annotator.formats.article_rows import CARRIES, MEANINGS, SHAPE, Shape, row_of
from annotator.formats.contract import Format, Layout, Reading, Writer, Writing
from annotator.formats.sources import Source, lines_of
from annotator.formats.targets import Target

_CARD = "README.md"
_DATA = "data"
_ONLY = "train"  # the split of an export that has none
_SPLIT = re.compile(r"\w+")
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_LANGUAGE = re.compile("[a-z]{2,3}")


class HuggingFace(Format):
    name = "hf"
    title = "Hugging Face dataset"
    reads = False
    carries = CARRIES
    layout = Layout.FOLDER
    splits = True

    def writer(self, target: Target, writing: Writing) -> "HuggingFaceWriter":
        return HuggingFaceWriter(target, writing.labelset)

    def proofs(self, source: Source, reading: Reading) -> Iterator[int]:
        """Of each line of each split, and of the card."""
        for file in source.files():
            if file.path.name == _CARD:
                yield zlib.crc32(file.read())
            else:
                with file.open() as stream:
                    for line in lines_of(stream):
                        yield zlib.crc32(line, _seed(file.stem))


class HuggingFaceWriter(Writer):
    """Appends each record to its split; the card, which counts them, comes last."""

    def __init__(self, target: Target, labelset: LabelSet) -> None:
        super().__init__(CARRIES)
        self._target = target
        self._labelset = labelset
        self._files: dict[str, BinaryIO] = {}
        self._counts: Counter[tuple[str, str]] = Counter()  # by split and what is counted
        self._languages: set[str] = set()

    def write(self, record: Record) -> Iterable[int]:
        part = self.part or _ONLY
        return (zlib.crc32(self._line(self.carried(record), part), _seed(part)),)

    def put(self, record: Record) -> Record:
        self._line(record, self.part or _ONLY)
        return record

    def close(self) -> Iterable[int]:
        if not self._files:
            self._file(_ONLY)
        card = _card(list(self._files), self._counts, self._languages, self._labelset)
        with self._target.file(_CARD) as file:
            file.write(card.encode())
        return (zlib.crc32(card.encode()),)

    def _line(self, record: Record, part: str) -> bytes:
        row = row_of(record)
        line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
        self._file(part).write(line)
        for key, count in (
            ("articles", 1),
            ("entities", len(row["entities"])),
            ("stances", len(row["stances"])),
        ):
            self._counts[part, key] += count
        if _LANGUAGE.fullmatch(record.article.lang or ""):
            self._languages.add(str(record.article.lang))
        return line

    def _file(self, part: str) -> BinaryIO:
        if part not in self._files:
            if not _SPLIT.fullmatch(part):
                raise FormatError(f"A split cannot be named {part!r} here: use letters, digits and _.")
            self._files[part] = self._target.lasting(str(PurePosixPath(_DATA, f"{part}.jsonl")))
        return self._files[part]


def _seed(part: str) -> int:
    """So that a line in another split is another proof."""
    return zlib.crc32(part.encode())


def _card(
    parts: list[str],
    counts: Mapping[tuple[str, str], int],
    languages: set[str],
    labelset: LabelSet,
) -> str:
    total = sum(counts[part, "articles"] for part in parts)
    block = [
        "---",
        *_front(total, languages),
        "configs:",
        "- config_name: default",
        "  data_files:",
        *(f"  - split: {part}\n    path: {_DATA}/{part}.jsonl" for part in parts),
        "dataset_info:",
        "  features:",
        *_features(SHAPE, "  "),
        "---",
    ]
    keys = ("articles", "entities", "stances")
    tables = [
        _table(("split", *keys), [(part, *(str(counts[part, key]) for key in keys)) for part in parts]),
        _table(("label", "marks", "means"), [_label(label) for label in labelset.offered]),
        _table(("field", "holds"), list(MEANINGS.items())),
    ]
    return "\n".join(block) + _WORDS.format(labelset.name, labelset.version, *tables)


_WORDS = """

# News articles with entities and stances

Entities are spans with a label; a stance says whose words they are, towards what, and whether for or against.
Labels are from the label set {0}, version {1}. Made with Annotator.

## Counts

{2}

## Label set

{3}

## Fields

Offsets `start` and `end` are code points of `text`, as Python counts; `end` is one behind the last. `text` of
a span is what it covers. A stance without a holder or target has none there.

{4}

## Licence

Nobody has said under which licence these texts and marks may be passed on. The articles belong to their
publishers: ask before you publish this data set, and name the licence here and in `license` above.
"""


def _front(total: int, languages: set[str]) -> Iterator[str]:
    if languages:
        yield "language:"
        yield from (f"- {orjson.dumps(language).decode()}" for language in sorted(languages))
    yield from ("license: unknown", "task_categories:", "- token-classification", "tags:")
    yield from ("- named-entity-recognition", "- stance-detection", "- news")
    yield "size_categories:"
    yield f"- {next((size for most, size in _SIZES if total < most), 'n>1M')}"


def _features(shape: Mapping[str, Shape], indent: str) -> Iterator[str]:
    for name, field in shape.items():
        yield f"{indent}- name: {name}"
        inner = f"{indent}  "
        if isinstance(field, str):
            yield f"{inner}dtype: {field}"
        else:
            fields: Mapping[str, Any] = field[0] if isinstance(field, list) else field
            yield f"{inner}{'list' if isinstance(field, list) else 'struct'}:"
            yield from _features(fields, inner)


def _label(label: Label) -> tuple[str, str, str]:
    return label.name, label.kind.value, label.title


def _table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [columns, ("---",) * len(columns), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines)
