"""Valid files made wrong: bytes, lines and JSON values changed, left out, doubled, moved."""

import io
import json
import zipfile
import zlib
from collections.abc import Callable
from random import Random
from typing import Any

# What readers have stumbled over: other types, borders of number types, halves of characters, markup.
_VALUES: list[Any] = [
    *(None, True, False, 0, -1, 1, 2.5, 1e308, 2**31, 2**63, 2**64, -(2**70), "", "x", "2", "\0", "\ud83d"),
    *(
        [],
        {},
        [[]],
        [None],
        [1, 2],
        {"": None},
        {"start": 1},
        "👨\u200d👩",
        "\u2028",
        "a\r\nb",
        "../../a",
        "T1",
    ),
]
_PIECES = [
    *(
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xed\xa0\xbd",
        b"\r",
        b"\n",
        b"\r\n",
        b"\t",
        b'"',
        b"\\",
    ),
    *(
        b"[",
        b"]",
        b"{",
        b"}",
        b",",
        b":",
        b"|",
        b"<",
        b">",
        b"&a;",
        b"<!DOCTYPE x>",
        b"-1",
        b"99999999999",
        b"1e999",
    ),
    *(
        b"NaN",
        b"null",
        b"\xf0\x9f\x91\xa8",
        b"\\ud83d",
        b"-DOCSTART-",
        b"T1\t",
        b"E1\t",
        b"#",
        b"%PDF-",
        b"PK\3\4",
    ),
    *(b"1-1\t0-2\t", b"_", b"*[1]", b";", b" 0 obj", b"endstream", b"/Length -1", b"0" * 400, b"[" * 3_000),
]


def mutated(data: bytes, other: bytes, random: Random) -> bytes:
    """The file with some changes; `other` is a file that pieces are taken from."""
    if data.startswith(b"PK") and random.random() < 0.8 and (changed := _packed(data, random)) is not None:
        return changed
    if random.random() < 0.4 and (changed := _json(data, random)) is not None:
        data = changed
        if random.random() < 0.7:
            return data
    for _ in range(random.choice((1, 1, 2, 4, 16))):
        data = random.choice(_WAYS)(data, other, random)
    return data


def _flip(data: bytes, other: bytes, random: Random) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]


def _insert(data: bytes, other: bytes, random: Random) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + random.choice(_PIECES) + data[at + random.choice((0, 0, 1, 3)) :]


def _leave_out(data: bytes, other: bytes, random: Random) -> bytes:
    start, end = _stretch(data, random)
    return data[:start] + data[end:]


def _double(data: bytes, other: bytes, random: Random) -> bytes:
    start, end = _stretch(data, random)
    return data[:end] + data[start:end] * random.choice((1, 1, 2, 50)) + data[end:]


def _splice(data: bytes, other: bytes, random: Random) -> bytes:
    at, (start, end) = random.randrange(len(data) + 1), _stretch(other, random)
    return data[:at] + other[start:end] + data[at:]


def _cut(data: bytes, other: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _lines(data: bytes, other: bytes, random: Random) -> bytes:
    """Lines in another order, or with other ends."""
    lines = data.splitlines(keepends=True)
    if random.random() < 0.5 and len(lines) > 1:
        one, two = random.randrange(len(lines)), random.randrange(len(lines))
        lines[one], lines[two] = lines[two], lines[one]
    elif lines:
        at = random.randrange(len(lines))
        lines[at] = lines[at].rstrip(b"\r\n") + random.choice((b"", b"\r", b"\r\n", b"\n\n"))
    return b"".join(lines)


def _number(data: bytes, other: bytes, random: Random) -> bytes:
    """Another number where there is one."""
    digits = [n for n, byte in enumerate(data[:20_000]) if 48 <= byte <= 57]
    if not digits:
        return data
    at = random.choice(digits)
    return data[:at] + random.choice((b"", b"-", b"9", b"0", b"999999", b".5", b"\xd9\xa3")) + data[at + 1 :]


def _stretch(data: bytes, random: Random) -> tuple[int, int]:
    start = random.randrange(len(data) + 1)
    return start, min(len(data), start + random.choice((1, 2, 8, 64, 1_000)))


_WAYS: list[Callable[[bytes, bytes, Random], bytes]] = [
    *(_flip, _insert, _insert, _leave_out, _double, _splice, _cut, _lines, _number),
]


def _packed(data: bytes, random: Random) -> bytes | None:
    """A zip with a member changed, and its sums right; None for what is none."""
    file = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
            members = {name: old.read(name) for name in old.namelist()}
            wrong = random.choice(list(members))
            for name, member in members.items():
                new.writestr(name, mutated(member, data, random) if name == wrong else member)
    except (zipfile.BadZipFile, OSError, ValueError, zlib.error):
        return None
    return file.getvalue()


def _json(data: bytes, random: Random) -> bytes | None:
    """A JSON file, or one of its lines, with a value changed; None for what is none."""
    lines = data.splitlines(keepends=True)
    for at, part in (
        (None, data),
        *((at, lines[at]) for at in random.sample(range(len(lines)), min(2, len(lines)))),
    ):
        try:
            value = json.loads(part)
        except ValueError:
            continue
        for _ in range(random.choice((1, 1, 2, 3))):
            value = _changed(value, random)
        written = json.dumps(value, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
        if at is None:
            return written
        lines[at] = written + b"\n"
        return b"".join(lines)
    return None


def _changed(value: Any, random: Random) -> Any:
    """A JSON value with something in it other."""
    if isinstance(value, dict) and value and random.random() < 0.85:
        key = random.choice(list(value))
        if random.random() < 0.15:
            return {name: item for name, item in value.items() if name != key}
        return value | {key: _changed(value[key], random)}
    if isinstance(value, list) and value and random.random() < 0.85:
        at = random.randrange(len(value))
        if random.random() < 0.15:
            return [*value, value[at]]
        return [*value[:at], _changed(value[at], random), *value[at + 1 :]]
    return random.choice(_VALUES)
