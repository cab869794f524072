"""JSON values of a file one by one: the items of a top-level list, or objects one behind the other."""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from annotator.domain.codec.problems import Problem, RecordError
from annotator.domain.frozen import frozen
from annotator.formats.record_size import too_large
from annotator.formats.sources import LONGEST

_BLOCK = 2**20  # bytes
_LONGEST = LONGEST  # code points of one value
_NEAR = 64  # code points before the end within which a value that is cut goes wrong
_SEEN = 60  # code points of a broken place that a person is shown
_SPACE = re.compile(r"[ \t\n\r]*")
_BETWEEN = re.compile(r"[ \t\n\r]*(,?)[ \t\n\r]*")


@frozen
class JsonItem:
    """One value; `index` counts from 0 in the list, `line` from 1 where it begins, `read` bytes."""

    value: Any
    index: int
    line: int
    read: int


def json_items(file: BinaryIO) -> Iterator[JsonItem]:
    """The items of a file that is a list, or the one object (or several) it holds; memory for one at a time.

    Raises RecordError where it is no JSON, which ends it, since nobody knows where the next item begins.
    """
    return _Items(file).items()


class _Items:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._scan = json.JSONDecoder(parse_constant=_refuse_constant).raw_decode
        self._text = ""
        self._at = 0
        self._line = 1
        self._read = 0
        self._ended = False

    def items(self) -> Iterator[JsonItem]:
        self._skip(_SPACE)
        listed = self._text[self._at : self._at + 1] == "["
        self._at += listed
        index = 0
        while True:
            self._skip(_SPACE)
            here = self._text[self._at : self._at + 1]
            if not here:
                if listed:
                    raise self._wrong("the list does not end", "the file may be cut short: get it again")
                return
            if listed and here == "]":
                return
            line = self._line
            value = self._value()
            yield JsonItem(value, index, line, self._read)
            index += 1
            self._skip(_BETWEEN)

    def _skip(self, between: re.Pattern[str]) -> None:
        """Moves to the next character that counts."""
        while True:
            match = between.match(self._text, self._at)
            assert match is not None
            if match.end() < len(self._text) or not self._more():
                break
        self._move(match.end())

    def _move(self, to: int) -> None:
        self._line += self._text.count("\n", self._at, to)
        self._at = to

    def _value(self) -> Any:
        while True:
            try:
                value, end = self._scan(self._text, self._at)
            except json.JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated") or error.pos > len(self._text) - _NEAR
                near = self._text[max(error.pos - _SEEN, 0) : error.pos + _SEEN]
                if cut and self._more(len(self._text) - self._at):
                    continue
                raise self._wrong(
                    f"not valid JSON: {error.msg}, near {near!r}", "correct that place, or get the file again"
                ) from error
            except RecursionError as error:
                raise self._wrong("values are nested too deep", "no record is") from error
            except ValueError as error:
                raise self._wrong(f"not valid JSON: {error}", "correct that place") from error
            else:
                self._move(end)
                return value

    def _more(self, least: int = 0) -> bool:
        """Forgets what is behind and reads on.

        `least` is as much again as there is of a long value, so that it is not scanned often.
        """
        if self._ended:
            return False
        self._text = self._text[self._at :]
        self._at = 0
        if (size := too_large(self._text, _LONGEST)) is not None:
            raise self._wrong(f"one record is {size}", "split it into its articles")
        room = max(_BLOCK, _LONGEST + 1 - len(self._text))
        block = self._file.read(min(max(_BLOCK, least), room))
        self._read += len(block)
        self._ended = not block
        try:
            self._text += self._decoder.decode(block, final=self._ended)
        except UnicodeDecodeError as error:
            raise self._wrong(f"not UTF-8: {error.reason}", "save the file as UTF-8") from error
        return bool(block)

    def _wrong(self, what: str, advice: str) -> RecordError:
        return RecordError([Problem(f"{what} (line {self._line} or later)", advice)])


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")
