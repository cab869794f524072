"""Imports Qt without what its binding does at each start and nothing here needs: a sixth of the start."""

import builtins
import marshal
import sys
import zlib
from contextlib import suppress
from pathlib import Path
from types import CodeType
from typing import Any

_OWN = "shibokensupport/"  # where the binding says that its own sources are
_STUB_WRITERS = (f"{_OWN}signature/lib/pyi_generator.py", f"{_OWN}signature/lib/enum_sig.py")


def import_qt(folder: Path) -> None:
    """Imports QtCore; what is compiled on the way is kept in `folder` for the next start.

    The binding holds its own modules as sources in an archive and compiles them each time, among them those
    that write type stubs, which are left out. And its import reads the source of every module, to see whether
    it asks for `snake_case` and `true_property`; that is switched off.
    """
    plain_import, plain_compile = builtins.__import__, builtins.compile
    path = folder / f"binding.{sys.implementation.cache_tag}-{sys.hexversion:x}"
    kept = _read(path)
    found: dict[str, tuple[int, CodeType]] = {}

    def compile_once(source: Any, filename: Any, *rest: Any, **options: Any) -> Any:
        if not (isinstance(filename, str) and filename.startswith(_OWN) and isinstance(source, bytes)):
            return plain_compile(source, filename, *rest, **options)
        if filename in _STUB_WRITERS:
            return plain_compile(b"", filename, *rest, **options)
        proof = zlib.crc32(source)
        known = kept.get(filename)
        if known is None or known[0] != proof:
            known = proof, plain_compile(source, filename, *rest, **options)
        found[filename] = known
        return known[1]

    builtins.compile = compile_once
    try:
        import PySide6.QtCore  # noqa: F401
    finally:
        builtins.__import__, builtins.compile = plain_import, plain_compile
    if found != kept:
        _write(path, found)


def _read(path: Path) -> dict[str, tuple[int, CodeType]]:
    """The code of the sources by name, each with its checksum; nothing where there is none to read."""
    try:
        content = marshal.loads(path.read_bytes())
    except (OSError, ValueError, EOFError, TypeError):
        return {}
    return content if isinstance(content, dict) else {}


def _write(path: Path, found: dict[str, tuple[int, CodeType]]) -> None:
    draft = path.with_name(f"{path.name}.new")
    with suppress(OSError):
        draft.write_bytes(marshal.dumps(found))
        draft.replace(path)
