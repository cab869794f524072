"""What can be wrong with a record, said so that a person can put it right."""

import json
from typing import Any, NamedTuple

from annotator.domain.errors import FormatError

MOST_PROBLEMS = 100  # of one record; whoever has corrected these looks again
_LONGEST_PIECE = 80


class Problem(NamedTuple):
    """What is wrong, with the offending piece, and what to do about it."""

    what: str
    advice: str


class RecordError(FormatError):
    """A record cannot come in; `problems` has at least one entry."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{what}: {advice}" for what, advice in problems))
        self.problems = problems


def piece(value: object) -> str:
    """A JSON value as the file writes it, shortened in the middle."""
    try:
        written = json.dumps(value, ensure_ascii=False)
    except (RecursionError, ValueError):
        return "a value nested too deep"
    written = written.encode("utf-8", "backslashreplace").decode()  # halves of pairs cannot be printed
    if len(written) <= _LONGEST_PIECE:
        return written
    return f"{written[: _LONGEST_PIECE - 20]} ... {written[-15:]}"


def check_text(text: object) -> str:
    """The text if it can be an article.

    Raises RecordError when it is no string, is empty, holds NUL, or cannot be written as UTF-8.
    """
    if not isinstance(text, str):
        raise RecordError([Problem(f'"text" is {piece(text)}', "give the article's text as a string")])
    if not text:
        raise RecordError([Problem("the text is empty", "leave it out")])
    nul = text.find("\0")
    if nul >= 0:
        raise RecordError([Problem(f"the text holds a NUL character at {nul}", "no text has one: remove it")])
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        half = f"the text holds U+{ord(text[error.start]):04X}, half of a UTF-16 pair, at {error.start}"
        raise RecordError([Problem(half, "write the whole character; half of one means nothing")]) from error
    return text


def span_problem(what: str, item: Any, text: str, otherwise: str) -> Problem:
    """Why an object is no good span of a text; when its offsets are good, the advice is `otherwise`."""
    if not isinstance(item, dict):
        return Problem(f"the {what} {piece(item)} is not an object", 'write {"start": ..., "end": ...}')
    start, end, covered = item.get("start"), item.get("end"), item.get("text")
    named = f"the {what} {piece(item)}"
    if type(start) is not int or type(end) is not int:
        return Problem(f'{named} has no whole numbers "start" and "end"', "give offsets in code points")
    if not 0 <= start < end:
        return Problem(
            f"{named} is empty, backwards or before the text: [{start}, {end})",
            '"start" counts from 0 and "end" is one behind the last character',
        )
    if end > len(text):
        return Problem(
            f"{named} ends at {end}, but the text has {len(text)} code points",
            "count offsets in code points of the text as it stands",
        )
    if covered is not None and text[start:end] != covered:
        return Problem(
            f"{named} covers {piece(text[start:end])}, not {piece(covered)}",
            'correct the offsets (code points), or remove its "text"',
        )
    return Problem(f"{named} has a wrong field", otherwise)
