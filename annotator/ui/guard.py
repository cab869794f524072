"""Guard for Qt's event overrides: an exception is logged and reported, never raised into C++ (a crash)."""

import functools
import logging
import sys
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

_log = logging.getLogger(__name__)

P = ParamSpec("P")
S = TypeVar("S")
R = TypeVar("R")


def guarded_as(returned: R) -> Callable[[Callable[Concatenate[S, P], R]], Callable[Concatenate[S, P], R]]:
    """Decorate an override whose result Qt needs: after an exception Qt gets `returned`."""

    def decorate(override: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
        @functools.wraps(override)
        def run(widget: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return override(widget, *args, **kwargs)
            except Exception:  # the top: above this is only Qt
                _log.exception("%s of %s failed", override.__name__, type(widget).__name__)
                kind, error, trace = sys.exc_info()
                if kind is not None and error is not None:
                    sys.excepthook(kind, error, trace)
                return returned

        return run

    return decorate


def guarded(override: Callable[Concatenate[S, P], None]) -> Callable[Concatenate[S, P], None]:
    """Decorate an override that returns nothing; the exception goes to the log and to `sys.excepthook`."""
    return guarded_as(None)(override)
