"""The envelope of a spaCy DocBin, read and written a document at a time; for the child process alone.

A DocBin is one zlib stream of one msgpack map: columns of all tokens, of all spaces, and a list of each
other thing with a document a place. spaCy packs and unpacks it whole, in several times its size of memory;
here the columns go through temporary files, and spaCy is given documents one by one.
"""

import struct
import tempfile
import zlib
from array import array
from collections.abc import Callable, Iterator
from mmap import mmap
from pathlib import Path
from typing import Any

import numpy as np
import srsly
from spacy.attrs import ENT_ID, ENT_IOB, ENT_KB_ID, ENT_TYPE, ORTH
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

# What is written and read of tokens: heads and tags of a strange file are never given to spaCy.
_COLUMNS = ("ENT_IOB", "ENT_TYPE", "ENT_KB_ID", "ENT_ID")
_READ = (ORTH, ENT_IOB, ENT_TYPE, ENT_KB_ID, ENT_ID)
_BLOCK = 2**20  # bytes
_LARGEST = 2**32 - 1  # bytes of one value in msgpack
_WORD = 8  # bytes of a token's value in one column
_SHORT = {0xC0: 0, 0xC2: 0, 0xC3: 0, 0xCA: 4, 0xCB: 8, 0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8, 0xD0: 1, 0xD1: 2}
_SHORT |= {0xD2: 4, 0xD3: 8, 0xD4: 2, 0xD5: 3, 0xD6: 5, 0xD7: 9, 0xD8: 17}
_SIZED = {0xC4: (1, 0), 0xC5: (2, 0), 0xC6: (4, 0), 0xC7: (1, 1), 0xC8: (2, 1), 0xC9: (4, 1)}
_SIZED |= {0xD9: (1, 0), 0xDA: (2, 0), 0xDB: (4, 0)}  # bytes of the length, and of a type behind it
_NESTED = {0xDC: (2, 1), 0xDD: (4, 1), 0xDE: (2, 2), 0xDF: (4, 2)}  # bytes of the count, values an entry


class BrokenDocBin(ValueError):
    """The file is no DocBin, or a damaged one; says what is wrong."""


class DocBinWriter:
    """Takes documents and writes them as spaCy would, word for word."""

    def __init__(self) -> None:
        self._spools = {
            key: tempfile.TemporaryFile()  # noqa: SIM115, closed by close
            for key in ("tokens", "spaces", "groups", "data")
        }
        self._lengths = array("i")
        self._attrs = DocBin(attrs=_COLUMNS).attrs
        self._strings: set[str] = set()

    def add(self, doc: Doc) -> None:
        one = DocBin(attrs=_COLUMNS, store_user_data=True, docs=[doc])
        self._spools["tokens"].write(one.tokens[0].astype("<u8").tobytes())
        self._spools["spaces"].write(one.spaces[0].tobytes())
        self._spools["groups"].write(srsly.msgpack_dumps(one.span_groups[0]))
        self._spools["data"].write(srsly.msgpack_dumps(one.user_data[0]))
        self._lengths.append(len(doc))
        self._strings |= one.strings

    def write(self, path: Path) -> None:
        """Raises BrokenDocBin when there is more than a DocBin can hold."""
        count = struct.pack(">BI", 0xDD, len(self._lengths))
        flag, cats = srsly.msgpack_dumps({"has_unknown_spaces": False}), srsly.msgpack_dumps({})
        packed = zlib.compressobj()
        with path.open("wb") as file:

            def put(data: bytes) -> None:
                file.write(packed.compress(data))

            put(bytes([0x80 | 10]))
            for key, value in (
                ("version", "0.1"),
                ("attrs", self._attrs),
                ("strings", sorted(self._strings)),
            ):
                put(srsly.msgpack_dumps(key) + srsly.msgpack_dumps(value))
            lengths = np.asarray(self._lengths, dtype="<i4").tobytes()
            put(srsly.msgpack_dumps("lengths") + srsly.msgpack_dumps(lengths))
            for key, each in (("cats", cats), ("flags", flag)):
                put(srsly.msgpack_dumps(key) + count)
                for _ in self._lengths:
                    put(each)
            for key in ("tokens", "spaces"):
                size = self._spools[key].tell()
                if size > _LARGEST:
                    raise BrokenDocBin("there are more words than one file of this format can hold")
                put(srsly.msgpack_dumps(key) + struct.pack(">BI", 0xC6, size))
                self._copy(key, put)
            for key, spool in (("span_groups", "groups"), ("user_data", "data")):
                put(srsly.msgpack_dumps(key) + count)
                self._copy(spool, put)
            file.write(packed.flush())

    def close(self) -> None:
        for spool in self._spools.values():
            spool.close()

    def _copy(self, key: str, put: Callable[[bytes], None]) -> None:
        spool = self._spools[key]
        spool.seek(0)
        while block := spool.read(_BLOCK):
            put(block)


class DocBinReader:
    """Gives the documents of an unpacked envelope one after the other."""

    def __init__(self, data: mmap | bytes) -> None:
        """`data` is the msgpack map, best a memory map of a file. Raises BrokenDocBin."""
        self._data = data
        places = self._places()
        self._attrs = self._value(places, "attrs")
        if not isinstance(self._attrs, list) or ORTH not in self._attrs:
            raise BrokenDocBin("its columns hold no words")
        self._lengths = np.frombuffer(self._bytes(places, "lengths"), dtype="<i4")
        self._tokens, tokens = self._stretch(places, "tokens")
        self._spaces, spaces = self._stretch(places, "spaces")
        total = int(self._lengths.astype("i8").sum())
        wrong = bool(len(self._lengths)) and int(self._lengths.min()) < 0
        if wrong or tokens != total * len(self._attrs) * _WORD or spaces < 0:
            raise BrokenDocBin("its words are not as many as it says")
        self._spaced = spaces == total
        self._groups = self._list(places, "span_groups")
        self._user_data = self._list(places, "user_data")
        self._flags = self._list(places, "flags")
        self._classes = self._list(places, "cats")
        self.vocab = Vocab()
        strings = self._value(places, "strings")
        if not isinstance(strings, list) or not all(isinstance(string, str) for string in strings):
            raise BrokenDocBin("its list of words is none")
        for string in strings:
            self.vocab.strings.add(string)

    def __len__(self) -> int:
        return len(self._lengths)

    def docs(self) -> Iterator[tuple[int, int]]:
        """The place of each document's first token, and its number of tokens."""
        at = 0
        for length in self._lengths.tolist():
            yield at, length
            at += length

    def doc(self, n: int, first: int, length: int) -> Doc:
        """The document `n` of so many tokens; ValueError, KeyError or the like when it is damaged."""
        width = len(self._attrs)
        start = self._tokens + first * width * _WORD
        flat = np.frombuffer(self._data, dtype="<u8", count=length * width, offset=start)
        table = flat.reshape(length, width)
        kept = [attr for attr in _READ if attr in self._attrs]
        columns = np.ascontiguousarray(table[:, [self._attrs.index(attr) for attr in kept]])
        spaces = np.frombuffer(
            self._data, dtype="u1", count=length if self._spaced else 0, offset=self._spaces + first
        )
        one = DocBin()
        one.attrs, one.tokens, one.cats = kept, [columns], [{}]
        one.spaces = [(spaces != 0).reshape(-1, 1)]
        one.flags = [{"has_unknown_spaces": self._unknown_spaces(n)}]
        one.span_groups, one.user_data = [self._item(self._groups, n) or b""], [None]
        (doc,) = one.get_docs(self.vocab)
        return doc

    def user_data(self, n: int) -> Any:
        """What the document `n` keeps beside its words; None if it keeps nothing."""
        packed = self._item(self._user_data, n)
        return srsly.msgpack_loads(packed) if packed else None

    def has_classes(self, n: int) -> bool:
        """Whether the document `n` is sorted into classes as a whole."""
        return bool(self._item(self._classes, n))

    def _unknown_spaces(self, n: int) -> bool:
        flags = self._item(self._flags, n)
        return not self._spaced or (isinstance(flags, dict) and bool(flags.get("has_unknown_spaces")))

    def _places(self) -> dict[str, int]:
        """Where the values of the map begin."""
        try:
            kind = self._data[0]
            if 0x80 <= kind <= 0x8F:
                entries, at = kind & 15, 1
            elif kind in (0xDE, 0xDF):
                size = _NESTED[kind][0]
                entries, at = int.from_bytes(self._data[1 : 1 + size], "big"), 1 + size
            else:
                raise BrokenDocBin("it holds no map of documents")
            places = {}
            for _ in range(entries):
                end = _behind(self._data, at)
                key = srsly.msgpack_loads(self._data[at:end])
                at, places[str(key)] = _behind(self._data, end), end
        except IndexError as error:
            raise BrokenDocBin("it is cut off") from error
        return places

    def _value(self, places: dict[str, int], key: str) -> Any:
        if key not in places:
            raise BrokenDocBin(f"it has no {key}")
        return srsly.msgpack_loads(self._data[places[key] : _behind(self._data, places[key])])

    def _bytes(self, places: dict[str, int], key: str) -> bytes:
        value = self._value(places, key)
        if not isinstance(value, bytes) or len(value) % 4:
            raise BrokenDocBin(f"its {key} are no numbers")
        return value

    def _stretch(self, places: dict[str, int], key: str) -> tuple[int, int]:
        """Where the bytes of a value begin, and how many there are."""
        if key not in places:
            raise BrokenDocBin(f"it has no {key}")
        at = places[key]
        kind = self._data[at]
        if 0xA0 <= kind <= 0xBF:
            return at + 1, kind & 31
        if kind not in _SIZED:
            raise BrokenDocBin(f"its {key} are no bytes")
        size = _SIZED[kind][0]
        return at + 1 + size, int.from_bytes(self._data[at + 1 : at + 1 + size], "big")

    def _list(self, places: dict[str, int], key: str) -> "array[int]":
        """Where the items of a list begin, one for each document; empty if there is none."""
        found = array("Q")
        if key not in places:
            return found
        at = places[key]
        kind = self._data[at]
        if 0x90 <= kind <= 0x9F:
            count, at = kind & 15, at + 1
        elif kind in (0xDC, 0xDD):
            size = _NESTED[kind][0]
            count, at = int.from_bytes(self._data[at + 1 : at + 1 + size], "big"), at + 1 + size
        else:
            raise BrokenDocBin(f"its {key} are no list")
        for _ in range(min(count, len(self))):
            found.append(at)
            at = _behind(self._data, at)
        return found

    def _item(self, places: "array[int]", n: int) -> Any:
        if n >= len(places):
            return None
        return srsly.msgpack_loads(self._data[places[n] : _behind(self._data, places[n])])


def _behind(data: mmap | bytes, at: int) -> int:
    """Where the msgpack value at a place ends; IndexError when the data ends before."""
    values = 1
    while values:
        values -= 1
        kind = data[at]
        at += 1
        if kind in _SHORT:
            at += _SHORT[kind]
        elif kind in _SIZED:
            size, more = _SIZED[kind]
            at += size + more + int.from_bytes(data[at : at + size], "big")
        elif kind in _NESTED:
            size, each = _NESTED[kind]
            values += each * int.from_bytes(data[at : at + size], "big")
            at += size
        elif 0x80 <= kind <= 0x8F:
            values += 2 * (kind & 15)
        elif 0x90 <= kind <= 0x9F:
            values += kind & 15
        elif 0xA0 <= kind <= 0xBF:
            at += kind & 31
    if at > len(data):
        raise IndexError(at)
    return at
