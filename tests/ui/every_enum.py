"""Writes what can be asked of every enum of Qt to standard output, made `plain` or `quick` as it is told."""

import enum
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

from annotator.ui.binding import quick_enums


def enums(owner: object, seen: set[type]) -> Iterator[type[enum.Enum]]:
    """The enums of a module or class, and those of the classes in it."""
    for name in dir(owner):
        each = getattr(owner, name, None)
        if not isinstance(each, type) or each in seen or not each.__module__.startswith("PySide6"):
            continue
        seen.add(each)
        if isinstance(each, enum.EnumType):
            yield each
        else:
            yield from enums(each, seen)


def told(kind: Any) -> list[str]:
    """Its members and what comes of asking for them, or the error that comes of it."""
    named = kind.__members__
    for name, each in named.items():
        assert kind[name] is each
        assert getattr(kind, name) is each
        assert kind(each.value) is each
        assert kind(each) is each
    first, last = next(iter(named.values()), None), next(reversed(named.values()), None)
    questions: list[Callable[[], object]] = [
        lambda: kind.__bases__,
        lambda: [(name, each.name, each.value, str(each)) for name, each in named.items()],
        lambda: (list(kind), len(kind)),
        lambda: kind(-12_345),
        lambda: kind(1 << 30),
        lambda: kind(0),
        lambda: kind["no such name"],
        lambda: first | last,
        lambda: first & last,
        lambda: first ^ last,
        lambda: ~last,
        lambda: list(~last),
        lambda: list(first | last),
        lambda: last in first | last,
        lambda: first < last,
        lambda: bool(first),
    ]
    return [_answer(question) for question in questions]


def _answer(question: Callable[[], object]) -> str:
    try:
        return repr(question())
    except (ValueError, TypeError, KeyError) as error:
        return repr(error)


if __name__ == "__main__":
    plain = vars(enum.EnumType)["_create_"]
    with quick_enums() if sys.argv[1] == "quick" else nullcontext():
        from PySide6 import QtCore, QtGui, QtWidgets

        seen: set[type] = set()
        found = [each for module in (QtCore, QtGui, QtWidgets) for each in enums(module, seen)]
    assert vars(enum.EnumType)["_create_"] is plain
    json.dump({f"{each.__module__}.{each.__qualname__}": told(each) for each in found}, sys.stdout)
