"""The formats there are: ours and those of other packages, by name, by file name and by content."""

import importlib
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import PurePath

from annotator.domain.errors import FormatError
from annotator.formats.contract import Format
from annotator.formats.sources import Source

GROUP = "annotator.formats"
_SETTLED = 90  # see Format.sniff
# Name: where its class is. Loaded when files come in or go out, not before.
_OURS = {
    "jsonl": "annotator.formats.jsonl:Jsonl",
    "text": "annotator.formats.text:PlainText",
    "html": "annotator.formats.html:Html",
    "csv": "annotator.formats.csv:Csv",
    "pdf": "annotator.formats.pdf:Pdf",
    "docx": "annotator.formats.docx:Docx",
    "prodigy": "annotator.formats.prodigy:Prodigy",
    "conll": "annotator.formats.conll:Conll",
    "doccano": "annotator.formats.doccano:Doccano",
    "label-studio": "annotator.formats.label_studio:LabelStudio",
    "brat": "annotator.formats.brat:Brat",
    "w3c": "annotator.formats.w3c:W3c",
    "webanno-tsv": "annotator.formats.webanno_tsv:WebAnnoTsv",
    "uima-xmi": "annotator.formats.uima_xmi:UimaXmi",
    "uima-json": "annotator.formats.uima_json:UimaJson",
    "spacy": "annotator.formats.spacy_docbin:SpacyDocBin",
    "csv-marks": "annotator.formats.csv_marks:CsvMarks",
    "parquet": "annotator.formats.parquet:Parquet",
    "hf": "annotator.formats.hf:HuggingFace",
    "dna": "annotator.formats.dna:Dna",
    "graphml": "annotator.formats.graphml:GraphMl",
    "markdown": "annotator.formats.markdown:Markdown",
}


@cache
def all_formats() -> tuple[Format, ...]:
    """Every format that can be loaded, ours first."""
    ours = tuple(_ours(name) for name in _OURS)
    others = (_other(point) for name, point in _plugins().items() if name not in _OURS)
    return ours + tuple(format_ for format_ in others if isinstance(format_, Format))


@cache
def broken_plugins() -> tuple[str, ...]:
    """What is wrong with formats of other packages that cannot be loaded, one line each."""
    tried = (_other(point) for name, point in _plugins().items() if name not in _OURS)
    return tuple(str(fault) for fault in tried if isinstance(fault, FormatError))


def format_named(name: str) -> Format:
    """Raises FormatError that lists the names, or says why another package's format cannot be loaded."""
    if name in _OURS:
        return _ours(name)
    if name in _plugins():
        found = _other(_plugins()[name])
        if isinstance(found, FormatError):
            raise found
        return found
    names = ", ".join([*_OURS, *_plugins()])
    raise FormatError(f"There is no format {name!r}; use one of {names}.")


def candidates(source: Source) -> list[Format]:
    """The formats that a source may be in, the likeliest first.

    Raises OSError or FormatError when it cannot be read.
    """
    return [format_ for sureness, format_ in sorted(_sniffed(source), key=lambda pair: -pair[0]) if sureness]


def is_settled(source: Source, named: Format | None = None) -> bool:
    """Whether the content of a file, whatever it is called, shows that it is `named`'s, or some format's.

    Raises as `candidates` does.
    """
    if named is not None:
        return named.sniff(source, source.head()) > 0
    return any(sureness >= _SETTLED for sureness, _ in _sniffed(source))


def format_for(name: str) -> str:
    """The name of the format of a file to be written, by its ending; jsonl where that says nothing."""
    suffix = PurePath(name).suffix.lower()
    fitting = (one.name for one in all_formats() if one.writes and suffix and suffix in one.suffixes)
    return next(fitting, "jsonl")


def only_read(name: str) -> Format | None:
    """The format of a file's ending if nothing with that ending is written."""
    suffix = PurePath(name).suffix.lower()
    if not suffix or suffix in written_suffixes():
        return None
    return next((one for one in all_formats() if one.reads and suffix in one.suffixes), None)


def suffixes() -> tuple[str, ...]:
    """Of the files that are taken from a folder."""
    return tuple(dict.fromkeys(suffix for one in all_formats() if one.reads for suffix in one.suffixes))


def written_suffixes() -> frozenset[str]:
    """The endings of files that some format writes."""
    written = (one for one in all_formats() if one.writes)
    return frozenset(suffix for one in written for suffix in (*one.suffixes, one.usual_suffix) if suffix)


def _sniffed(source: Source) -> list[tuple[int, Format]]:
    head = b"" if source.is_folder else source.head()
    return [
        (format_.sniff(source, head), format_)
        for format_ in all_formats()
        if format_.reads and (format_.reads_folders or not source.is_folder)
    ]


@cache
def _ours(name: str) -> Format:
    module, _, class_ = _OURS[name].partition(":")
    format_ = getattr(importlib.import_module(module), class_)()
    assert isinstance(format_, Format)
    return format_


@cache
def _plugins() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


@cache
def _other(point: EntryPoint) -> Format | FormatError:
    """A format of another package, or what is wrong with it."""
    try:
        format_ = point.load()()
    except Exception as error:  # other people's code: whatever it raises is told
        return FormatError(
            f"The format {point.name!r} ({point.value}) cannot be loaded: {type(error).__name__}: {error}. "
            "Update or remove the package it comes from."
        )
    if isinstance(format_, Format):
        return format_
    return FormatError(
        f"The format {point.name!r} ({point.value}) is no annotator.formats.contract.Format. "
        "Update or remove the package it comes from."
    )
