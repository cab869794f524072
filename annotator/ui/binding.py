"""Imports Qt without what its binding does at each start and nothing here needs: a quarter of the start."""

import builtins
import enum
import marshal
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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


@contextmanager
def quick_enums() -> Iterator[None]:
    """Within it, Qt's enums are made at less than half the cost.

    The binding makes the enums of a class when the class is first used, all 93 of the namespace `Qt` at once,
    by calling `Enum`, `Flag`, `IntEnum` or `IntFlag` with a name and a list of members. That asks of each
    member what only handwritten enums need to be asked. The standard library's own maker for enums that
    come from C, as in `ssl` and `signal`, gives the same classes; where it is missing, nothing changes.
    """
    enum_type: Any = enum.EnumType
    plain_create, quick_maker = vars(enum_type).get("_create_"), getattr(enum, "_simple_enum", None)
    if plain_create is None or quick_maker is None:
        yield
        return

    def create(kind: Any, class_name: str, names: Any, **options: Any) -> Any:
        if not isinstance(names, list) or any(options.get(each) for each in ("module", "qualname", "type")):
            return plain_create(kind, class_name, names, **options)
        return quick_maker(kind, boundary=options["boundary"])(type(class_name, (), dict(names)))

    enum_type._create_ = create
    try:
        if not _makes_enums():
            enum_type._create_ = plain_create
        yield
    finally:
        enum_type._create_ = plain_create


def _makes_enums() -> bool:
    """Whether enums can be made as the binding makes them: an error in it would end the process."""
    kinds: tuple[Any, ...] = (enum.Enum, enum.Flag, enum.IntEnum, enum.IntFlag)
    members = [("NONE", 0), ("ONE", 1), ("FIRST", 1), ("TWO", 2)]
    try:
        for kind in kinds:
            made = kind("Probe", members, boundary=enum.FlagBoundary.KEEP)
            if made(2) is not made.TWO or made["FIRST"] is not made.ONE:
                return False
    except (AttributeError, KeyError, TypeError, ValueError):
        return False
    return True


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
