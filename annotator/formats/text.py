"""Plain text: one file is one article, kept character for character."""

import codecs
import re
from collections.abc import Iterator

from annotator.domain.articles import Article
from annotator.domain.codec.problems import Problem, RecordError, check_text
from annotator.domain.codec.records import Record
from annotator.formats.carrying import Feature
from annotator.formats.contract import Format, Layout, Piece, Reading, Writer, Writing, faulty
from annotator.formats.sources import LONGEST, Source
from annotator.formats.targets import FileNames, Target

# Those that news and editors are found in, the likeliest first: short texts read equally well in several.
_ENCODINGS = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("iso8859_2", "koi8_r", "koi8_u", "cp932", "euc_jp", "gb18030", "big5", "euc_kr"),
)
# UTF-32 before UTF-16: the mark of the one begins with the mark of the other.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Control characters that no text has and no other encoding turns into letters.
_BINARY = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")
_ENDING = re.compile(r"\.[a-z][a-z0-9_+-]{0,15}")  # of a kind of file, not the end of a title or a date
_MARKED_UP = (".md", ".markdown", ".rst")  # texts that people read as they stand; of a folder none is taken
_JSON = re.compile(rb'\s*(?:\{\s*"[^"\n]*"\s*:|\[\s*(?:[\[{"]|\]\s*$))')
_UNMARKED_UTF16 = re.compile(rb"(?:[\t\n\r -~]\0){8}|(?:\0[\t\n\r -~]){8}")


class PlainText(Format):
    name = "text"
    title = "Plain text"
    suffixes = (".txt", ".text")
    carries_marks = False
    carries = frozenset({Feature.TEXT, Feature.UNMARKED})
    layout = Layout.FOLDER

    def sniff(self, source: Source, head: bytes) -> int:
        """A fallback for what nothing speaks against: other files, and JSON, are no articles."""
        if by_name := super().sniff(source, head):
            return by_name
        is_other = _ENDING.fullmatch(source.suffix) and source.suffix not in _MARKED_UP
        return 0 if is_other or _JSON.match(head.removeprefix(codecs.BOM_UTF8)) else 1

    def read(self, source: Source, reading: Reading) -> Iterator[Piece]:
        if source.size > LONGEST:
            what = f"the file is longer than {LONGEST // 2**20} MiB, and one file is one article"
            error = RecordError([Problem(what, "split it into its articles")])
            yield faulty(source.size, source, None, error)
            return
        data = source.read(LONGEST)
        try:
            text, encoding = decode(data)
            record = Record(Article.of(check_text(text)))
        except RecordError as error:
            yield faulty(len(data), source, None, error)
            return
        remarks = (f"not UTF-8: read as {encoding}; look whether its letters are right",) if encoding else ()
        yield Piece(len(data), record=record, remarks=remarks)

    def writer(self, target: Target, writing: Writing) -> "TextWriter":
        return TextWriter(target)


class TextWriter(Writer):
    """The texts alone, in UTF-8, a file each: what came in as UTF-8 comes out byte for byte."""

    def __init__(self, target: Target) -> None:
        super().__init__(PlainText.carries)
        self._target = target
        self._names = FileNames()

    def put(self, record: Record) -> Record:
        with self._target.file(self._names.of(record) + ".txt") as file:
            file.write(record.article.text.encode())
        return record


def decode(data: bytes) -> tuple[str, str | None]:
    """The text of a file, byte order mark and line ends as they stand; and its encoding if that was guessed.

    Raises RecordError when it is no text.
    """
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    try:
        return data.decode(marked or "utf-8"), None
    except UnicodeDecodeError as error:
        if marked:
            bad = f"byte {error.start} is not {marked.upper()}, which the file's mark says it is"
            raise RecordError([Problem(bad, "save it anew as UTF-8")]) from error
    if _UNMARKED_UTF16.search(data):
        raise RecordError([Problem("the file looks like UTF-16 without a mark", "save it as UTF-8")])
    if _BINARY.search(data):
        raise RecordError([Problem("the file is not text", "convert it to text, or leave it out")])
    return _guessed(data)


def _guessed(data: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes  # slow to import, and nearly all files are UTF-8

    matches = from_bytes(data, cp_isolation=list(_ENCODINGS))
    best = matches.best()
    if best is None:
        raise RecordError([Problem("the encoding of the file cannot be told", "save it as UTF-8")])
    as_good = {
        name
        for match in matches
        if (match.chaos, match.coherence) == (best.chaos, best.coherence)
        for name in match.could_be_from_charset
    }
    encoding = next((name for name in _ENCODINGS if name in as_good), best.encoding)
    return data.decode(encoding), encoding
