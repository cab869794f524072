"""Garbage collection during bulk work."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_AFTER = 500_000  # new objects


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Collects less often while many rows pass; as before afterwards.

    A batch makes some hundred thousand tuples, none of them in a cycle. At the usual threshold Python looks
    through them, and through all else the program holds, again and again: a tenth of an import, a third of an
    export from a process that holds much.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(_AFTER, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
