"""Values that never change: what `dataclass(frozen=True, slots=True)` makes, at a sixth of its cost.

A dataclass compiles six methods of its own for each class; for those that the first window needs, that was a
tenth of its start. Here one is compiled, and the others are the same for all.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, field
from functools import partial
from operator import attrgetter, ge, gt, le, lt
from typing import Any, NoReturn, TypeVar, cast, dataclass_transform, overload

T = TypeVar("T")
_Names = dict[str, Any]
_FIELD = vars(dataclasses)["_FIELD"]  # what `fields`, `asdict` and `replace` know a field by


@overload
def frozen(cls: type[T], /) -> type[T]: ...
@overload
def frozen(*, order: bool) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T] | None = None, /, *, order: bool = False) -> type[T] | Callable[[type[T]], type[T]]:
    """Makes a class with annotations a frozen, slotted one; with `order` its values can be sorted.

    Every annotation is a field, in the order of the parameters; `dataclasses.field` may give it a factory.
    `dataclasses.replace` and `asdict` take its values. Such a class is no base of another.
    """
    return partial(_made, order=order) if cls is None else _made(cls, order=order)


def _made(cls: type[T], *, order: bool) -> type[T]:
    fields = {name: _field(name, cls.__dict__.get(name, MISSING)) for name in cls.__annotations__}
    own = {name: value for name, value in cls.__dict__.items() if name not in fields}
    own.pop("__dict__", None)
    own.pop("__weakref__", None)
    usual = {"__repr__": _repr, "__setattr__": _refuse_set, "__delattr__": _refuse_delete}
    usual |= _comparing(_values_of(*fields), order=order)
    names = {"__slots__": tuple(fields), "__match_args__": tuple(fields), "__dataclass_fields__": fields}
    made: Any = type(cls.__name__, cls.__bases__, usual | own | names)
    made.__init__ = _first_init(made, fields)
    return cast(type[T], made)


def _field(name: str, default: Any) -> "Field[Any]":
    made: Any = default if isinstance(default, Field) else field(default=default)
    made.name, made._field_type = name, _FIELD
    return cast("Field[Any]", made)


def _values_of(*names: str) -> Callable[[Any], tuple[Any, ...]]:
    """What gives the values of some attributes; `attrgetter` gives a single one bare, and none not at all."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda self: tuple(getattr(self, name) for name in names)


def _first_init(cls: Any, fields: "dict[str, Field[Any]]") -> Callable[..., None]:
    """What compiles the `__init__` of a class when its first value is made: at the start few have any."""

    def first(self: Any, *values: Any, **named: Any) -> None:
        cls.__init__ = _init(cls, fields)
        cls.__init__(self, *values, **named)

    return first


def _init(cls: type, fields: "dict[str, Field[Any]]") -> Callable[..., None]:
    """An `__init__` that sets the slots of a class, which refuse to be set from outside."""
    known: _Names = {"_missing": MISSING}
    parameters, lines = ["self"], []
    for name, each in fields.items():
        known[f"_set_{name}"] = cls.__dict__[name].__set__
        value = name
        if each.default is not MISSING:
            known[f"_usual_{name}"] = each.default
            parameters.append(f"{name}=_usual_{name}")
        elif each.default_factory is not MISSING:
            known[f"_usual_{name}"] = each.default_factory
            parameters.append(f"{name}=_missing")
            value = f"_usual_{name}() if {name} is _missing else {name}"
        else:
            parameters.append(name)
        lines.append(f" _set_{name}(self, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append(" self.__post_init__()")
    made: _Names = {}
    exec(f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines or [" pass"]), known, made)
    function: Callable[..., None] = made["__init__"]
    function.__qualname__ = f"{cls.__qualname__}.__init__"
    return function


def _comparing(values: Callable[[Any], tuple[Any, ...]], *, order: bool) -> _Names:
    """The methods that go by all values of a class."""

    def equal(self: Any, other: Any) -> Any:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Any]:
        def compared(self: Any, other: Any) -> Any:
            same = other.__class__ is self.__class__
            return compare(values(self), values(other)) if same else NotImplemented

        return compared

    methods: _Names = {
        "__eq__": equal,
        "__hash__": lambda self: hash(values(self)),
        "__reduce__": lambda self: (self.__class__, values(self)),  # copied and pickled: made anew
    }
    return methods | ({f"__{each.__name__}__": ordered(each) for each in (lt, le, gt, ge)} if order else {})


def _repr(self: Any) -> str:
    said = (f"{name}={getattr(self, name)!r}" for name in self.__slots__)
    return f"{self.__class__.__qualname__}({', '.join(said)})"


def _refuse_set(self: object, name: str, value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_delete(self: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")
