"""CoNLL-2003 and other columns of words and tags: one flat layer of entities, no text of their own.

A word a line, its tag in a column, an empty line behind a sentence, `-DOCSTART-` before an article. Tags are
IOB1 (as in the data of 2003), IOB2 or BILUO (also written IOBES).
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from annotator.domain.articles import Article
from annotator.domain.codec.problems import Problem, RecordError
from annotator.domain.codec.records import MarkRow, Record
from annotator.domain.errors import FormatError
from annotator.domain.frozen import frozen
from annotator.formats.carrying import Feature, proof_of
from annotator.formats.contract import Format, Option, Piece, Reading, Writer, Writing, faulty
from annotator.formats.foreign import ForeignReader, RawMark, RawRecord
from annotator.formats.offset_units import OffsetUnit, RawSpan
from annotator.formats.sources import Source, lines_of
from annotator.formats.targets import Target

_BORDER = "-DOCSTART-"
_SCHEMES = ("iob2", "iob1", "biluo")
_TAG = re.compile(r"O|[BIESLU]-\S.*")
_LINE = 64 * 1024  # bytes; no word is longer
_MOST_WORDS = 1_000_000  # of an article: five megabytes of text; 300 to 800 bytes of memory each
_LOOKED_AT = 400  # lines from which the columns are found
_BLANKS = "words of columns are joined by blanks, sentences by line ends, as the format has no text"

Entity = tuple[int, int, str]  # words [start, end) of a sentence or article, label
Word = tuple[int, int]  # code points [start, end) of a text


class Conll(Format):
    name = "conll"
    title = "CoNLL columns (IOB2, IOB1, BILUO)"
    suffixes = (".conll", ".iob", ".iob2", ".bio")
    carries = frozenset({Feature.ENTITIES, Feature.UNMARKED})
    reading_options = (
        Option(
            "articles", "where an article ends: at -DOCSTART-, or with its sentence", ("docstart", "sentence")
        ),
    )
    writing_options = (Option("scheme", "how tags are written", _SCHEMES),)

    def sniff(self, source: Source, head: bytes) -> int:
        lines = head.decode("utf-8", "replace").splitlines()[:_LOOKED_AT]
        if any(line.startswith(_BORDER) for line in lines):
            return 90
        rows = [line.split() for line in lines[:-1] if line.strip() and not line.startswith("# ")]
        if len(rows) >= 2 and all(len(row) >= 2 and _TAG.fullmatch(row[-1]) for row in rows):
            return 80
        return super().sniff(source, head)

    def read(self, source: Source, reading: Reading) -> Iterator[Piece]:
        foreign = ForeignReader(source, reading, [OffsetUnit.CODE_POINTS])
        by_sentence = reading.options.get("articles") == "sentence"
        for document in _documents(source, by_sentence=by_sentence):
            if document.problem is not None:
                error = RecordError([document.problem])
                yield faulty(document.read, source, document.line, error)
            elif document.sentences:
                yield foreign.piece(document.raw(), document.read)

    def writer(self, target: Target, writing: Writing) -> "ConllWriter":
        scheme = writing.options.get("scheme", _SCHEMES[0])
        if scheme not in _SCHEMES:
            raise FormatError(f"There is no scheme {scheme!r} of tags; use one of {', '.join(_SCHEMES)}.")
        return ConllWriter(target, scheme)


class ConllWriter(Writer):
    """Four columns as of 2003: word, two that are left open, tag. Marks grow to whole words."""

    def __init__(self, target: Target, scheme: str) -> None:
        super().__init__(Conll.carries)
        self._stream = target.stream
        self._scheme = scheme

    def write(self, record: Record) -> Iterable[int]:
        if not any(map(_words, record.article.text.split("\n"))):
            self.note(Feature.TEXT, record)
            return ()
        return (proof_of(self.put(self.carried(record))),)

    def put(self, record: Record) -> Record:
        text = record.article.text
        sentences = [words for words in _sentences(text) if words]
        place = {start: n for n, (start, _) in enumerate(word for words in sentences for word in words)}
        entities = self._in_words(record, sentences)
        tags = ["O"] * len(place)
        for start, end, label in entities:
            tags[start:end] = _tags(label, end - start, self._scheme)
        if self._scheme == "iob1":
            _only_needed_begins(tags, {place[words[0][0]] for words in sentences})
        lines = [f"{_BORDER} -X- O O", ""]
        for words in sentences:
            lines += [f"{text[start:end]} -X- _ {tags[place[start]]}" for start, end in words] + [""]
        self._stream.write(("\n".join(lines) + "\n").encode())
        return self._as_read(record, sentences, entities)

    def _in_words(self, record: Record, sentences: Sequence[Sequence[Word]]) -> list[Entity]:
        """The entities in words of the article, ended with their sentence.

        One that shares a word with an earlier one is left out.
        """
        words = [(n, *word) for n, sentence in enumerate(sentences) for word in sentence]
        starts, ends = [start for _, start, _ in words], [end for _, _, end in words]
        found: list[Entity] = []
        taken: set[int] = set()
        for row in sorted(record.marks, key=lambda row: (row[2], -row[3], row[1])):
            inside = range(bisect_right(ends, row[2]), bisect_left(starts, row[3]))
            inside = range(
                inside.start, inside.start + sum(words[at][0] == words[inside[0]][0] for at in inside)
            )
            if not inside or taken.intersection(inside):
                self.note(Feature.BORDERS, record, row)
                continue
            if (words[inside[0]][1], words[inside[-1]][2]) != (row[2], row[3]):
                self.note(Feature.BORDERS, record, row, changed=True)
            if any(character.isspace() for character in row[1]):
                raise FormatError(
                    f"CoNLL cannot carry the label {row[1]!r}: rename it to one without blanks."
                )
            taken.update(inside)
            found.append((inside.start, inside.stop, row[1]))
        return found

    def _as_read(self, record: Record, sentences: list[list[Word]], entities: list[Entity]) -> Record:
        text = record.article.text
        joined = "\n".join(" ".join(text[start:end] for start, end in words) for words in sentences)
        if joined != text:
            self.note(Feature.TEXT, record, changed=True)
        places: list[Word] = []
        at = 0
        for words in sentences:
            for start, end in words:
                places.append((at, at + end - start))
                at += end - start + 1
        marks: list[MarkRow] = [
            ("entity", label, places[start][0], places[end - 1][1], *(None,) * 8)
            for start, end, label in entities
        ]
        return replace(record, article=Article.of(joined), marks=marks, origins={})


@dataclass(slots=True)
class _Document:
    """An article being read: its sentences of words and tags; the first thing that is wrong with it.

    `line` is where it begins, or where it is wrong; `read` counts bytes of the file up to its end.
    """

    line: int
    read: int = 0
    sentences: list[list[tuple[str, str]]] = field(default_factory=lambda: [[]])
    problem: Problem | None = None
    words: int = 0

    def add(self, word: tuple[str, str]) -> None:
        """Goes on with the sentence; what is too long an article is forgotten, and told."""
        self.words += 1
        if self.words <= _MOST_WORDS:
            self.sentences[-1].append(word)
            return
        self.sentences = [[]]
        what = f"the article has more than {_MOST_WORDS:,} words, as none has"
        self.problem = self.problem or Problem(what, f"put {_BORDER} lines between its articles")

    def raw(self) -> RawRecord:
        text, marks, schemes = "", [], set[str]()
        for words in self.sentences:
            places: list[Word] = []
            text += "\n" if text else ""
            for word, _ in words:
                text += " " if places else ""
                places.append((len(text), len(text) + len(word)))
                text += word
            tags = [tag for _, tag in words]
            schemes.add(_scheme(tags))
            marks += [
                RawMark("entity", label, [RawSpan(places[start][0], places[end - 1][1])])
                for start, end, label in _entities(tags)
            ]
        scheme = next(name for name in ("BILUO", "IOB1", "IOB2", "") if name in schemes)
        remarks = [_BLANKS, *([f"tags read as {scheme}"] if scheme else [])]
        return RawRecord(text, marks, line=self.line, remarks=remarks)


def _documents(source: Source, *, by_sentence: bool) -> Iterator[_Document]:
    """The articles of a file; the empty ones too."""
    with source.open() as file:
        document = _Document(1)
        columns: _Columns | None = None
        read = 0
        for number, data in enumerate(lines_of(file, _LINE), 1):
            read += len(data)
            try:
                line = data.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
            except UnicodeDecodeError as error:
                bad = Problem(f"byte {error.start} of the line is not UTF-8", "save the file as UTF-8")
                line, document.problem, document.line = "", document.problem or bad, number
            begins = line.startswith(_BORDER)
            if begins or (by_sentence and not line.strip()):
                yield _closed(document, read)
                document = _Document(number)
            if begins:
                continue
            if not line.strip():
                if document.sentences[-1]:
                    document.sentences.append([])
                continue
            columns = columns or _Columns.of(source, line)
            pair = columns.pair(line)
            if pair is not None:
                document.add(pair)
            elif document.problem is None and not line.startswith("# "):
                what = f"the line {line[:60]!r} is no word with a tag like O or B-PERSON"
                document.problem, document.line = Problem(what, "correct the line"), number
        yield _closed(document, read)


def _closed(document: _Document, read: int) -> _Document:
    document.read = read
    document.sentences = [words for words in document.sentences if words]
    return document


@frozen
class _Columns:
    """Where words and tags stand in a line."""

    tabs: bool
    word: int
    tag: int

    @classmethod
    def of(cls, source: Source, first: str) -> "_Columns":
        """By the beginning of a file: the last column that holds tags alone; words behind numbers if any."""
        tabs = "\t" in first
        lines = source.head().decode("utf-8", "replace").splitlines()[:_LOOKED_AT]
        rows = [
            _split(line, tabs)
            for line in lines[:-1] or lines
            if line.strip() and not line.startswith((_BORDER, "# "))
        ]
        rows = rows or [_split(first, tabs)]
        width = min(map(len, rows))
        tagged = [n for n in range(1, width) if all(_TAG.fullmatch(row[n]) for row in rows)]
        tag = tagged[-1] if tagged else -1
        numbered = tag > 1 and all(row[0].isdigit() for row in rows)
        return cls(tabs, int(numbered), tag)

    def pair(self, line: str) -> tuple[str, str] | None:
        """Word and tag; None for a line that has none."""
        row = _split(line, self.tabs)
        if len(row) < 2 or len(row) <= max(self.word, self.tag):
            return None
        word, tag = row[self.word].strip(), row[self.tag]
        return (word, tag) if word and _TAG.fullmatch(tag) else None


def _split(line: str, tabs: bool) -> list[str]:
    return line.split("\t") if tabs else line.split()


def _entities(tags: Sequence[str]) -> Iterator[Entity]:
    """The entities of a sentence's tags in any of the schemes."""
    start = 0
    label = ""
    for n, tag in enumerate([*tags, "O"]):
        kind, _, named = tag.partition("-")
        goes_on = label and kind in "IEL" and named == label
        if label and not goes_on:
            yield start, n, label
            label = ""
        if kind != "O" and not goes_on:
            start, label = n, named
        if label and kind in "ELSU":
            yield start, n + 1, label
            label = ""


def _scheme(tags: Sequence[str]) -> str:
    """What a sentence's tags are written in; "" when there is none but O."""
    kinds = {tag[0] for tag in tags} - {"O"}
    if kinds & set("ESLU"):
        return "BILUO"
    for before, tag in zip(["O", *tags], tags, strict=False):
        if tag[0] == "I" and before[1:] != tag[1:]:
            return "IOB1"
    return "IOB2" if kinds else ""


def _tags(label: str, length: int, scheme: str) -> list[str]:
    """The tags of an entity of so many words; of IOB1 with a B- that may not be needed."""
    if scheme == "biluo":
        kinds = "U" if length == 1 else "B" + "I" * (length - 2) + "L"
    else:
        kinds = "B" + "I" * (length - 1)
    return [f"{kind}-{label}" for kind in kinds]


def _only_needed_begins(tags: list[str], sentences: set[int]) -> None:
    """Leaves B- only where another entity of the same label ends, as IOB1 has it."""
    written = list(tags)
    for n, tag in enumerate(written):
        follows = n > 0 and n not in sentences and written[n - 1][1:] == tag[1:]
        if tag[0] == "B" and not follows:
            tags[n] = "I" + tag[1:]


def _sentences(text: str) -> list[list[Word]]:
    """The words of each line."""
    found, at = [], 0
    for line in text.split("\n"):
        found.append([(at + start, at + end) for start, end in _words(line)])
        at += len(line) + 1
    return found


def _words(line: str) -> list[Word]:
    """Runs of letters and digits, and single others; combining marks stay with what they follow."""
    found: list[Word] = []
    run = joined = False
    for n, character in enumerate(line):
        word = character.isalnum() or character == "_"
        clings = unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf") or joined
        if character.isspace():
            run = False
        elif found and found[-1][1] == n and (clings or (run and word)):
            found[-1] = (found[-1][0], n + 1)
        else:
            found.append((n, n + 1))
            run = word
        joined = character == "\u200d"
    return found
