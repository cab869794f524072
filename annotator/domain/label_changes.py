"""Changes of a label set: each gives the next version, and says what becomes of the marks of its labels."""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace

from annotator.domain.errors import LabelSetError
from annotator.domain.frozen import frozen
from annotator.domain.label_rules import color_fault, key_fault, key_holder, name_fault, taken_by
from annotator.domain.labels import Kind, Label, LabelSet

Key = tuple[Kind, str]


@frozen
class LabelChange:
    """A label set as it is to be, with the number of the version it came from still.

    `renamed` says which name marks get instead of theirs, `dropped` which labels' marks are deleted; all
    other marks stay as they are. `summary` says the change in words ("rename PERSON to HUMAN").
    """

    labelset: LabelSet
    summary: str
    renamed: Mapping[Key, str] = field(default_factory=dict)
    dropped: frozenset[Key] = frozenset()

    @property
    def touched(self) -> frozenset[Key]:
        """The labels whose marks are written anew or deleted."""
        return frozenset(self.renamed) | self.dropped


@frozen
class Fate:
    """What becomes of one label when another label set takes the place of this one.

    `to` is the name of a label of the new set; None keeps the label, retired, for the marks that have it.
    """

    label: Label
    to: str | None


def faults_of(labelset: LabelSet, before: Label | None, label: Label) -> dict[str, str]:
    """What is wrong with a label that is to stand for `before` (None: a new one), by field."""
    found = {
        "name": name_fault(label.name) or taken_by(labelset, label.kind, label.name, but=_name(before)),
        "color": color_fault(label.color),
        "key": key_fault(label.key),
    }
    return {field_: fault for field_, fault in found.items() if fault}


def edited(labelset: LabelSet, before: Label, label: Label) -> LabelChange:
    """Another name, title, colour, key, glyph or guideline. A key that another label has is exchanged."""
    _refuse(faults_of(labelset, before, label))
    if label == before:
        raise LabelSetError(f"{label.name} is like that already.")
    renamed: dict[Key, str] = {}
    said = _differences(before, label)
    if label.name != before.name:
        former = tuple(name for name in (*before.former, before.name) if name != label.name)
        label = replace(label, former=former)
        renamed[before.kind, before.name] = label.name
        said = f"rename {before.name} to {label.name}" + (f", and {said}" if said else "")
    other = key_holder(labelset, before, label.key)
    labels = tuple(
        label
        if each == before
        else replace(each, key=before.key)
        if each == other
        else _with_part(each, before.name, label.name)
        for each in labelset.labels
    )
    return LabelChange(replace(labelset, labels=labels), said, renamed)


def added(labelset: LabelSet, label: Label) -> LabelChange:
    """A new label, behind those of its kind; the key of another is taken from it."""
    _refuse(faults_of(labelset, None, label))
    other = key_holder(labelset, label, label.key)
    labels = [replace(each, key="") if each == other else each for each in labelset.labels]
    after = max((n for n, each in enumerate(labels) if each.kind is label.kind), default=len(labels) - 1)
    labels.insert(after + 1, label)
    return LabelChange(replace(labelset, labels=tuple(labels)), f"add the label {label.name}")


def moved(labelset: LabelSet, label: Label, by: int) -> LabelChange:
    """A label before (-1) or behind (1) its neighbour of the same kind."""
    places = [n for n, each in enumerate(labelset.labels) if each.kind is label.kind and each.offered]
    at = places.index(labelset.labels.index(label))
    if not 0 <= at + by < len(places):
        raise LabelSetError(f"{label.name} is the {'first' if by < 0 else 'last'} already.")
    labels = list(labelset.labels)
    here, there = places[at], places[at + by]
    labels[here], labels[there] = labels[there], labels[here]
    return LabelChange(replace(labelset, labels=tuple(labels)), f"move the label {label.name}")


def merged(labelset: LabelSet, sources: Iterable[Label], target: Label) -> LabelChange:
    """Labels become one: their marks and their suggestions go by the name of `target`."""
    sources = [label for label in sources if label != target]
    if not sources or any(label.kind is not target.kind for label in sources):
        raise LabelSetError("Only labels of one kind can be merged: two entities, or two polarities.")
    names = [name for label in sources for name in (label.name, *label.former)]
    whole = replace(target, former=tuple(dict.fromkeys((*target.former, *names))))
    gone = {label.name for label in sources}
    labels = tuple(
        whole if each == target else _without_parts(each, gone, target.name)
        for each in labelset.labels
        if each not in sources
    )
    said = ", ".join(label.name for label in sources)
    return LabelChange(
        replace(labelset, labels=labels),
        f"merge {said} into {target.name}",
        {(label.kind, label.name): target.name for label in sources},
    )


def split(labelset: LabelSet, label: Label, parts: Iterable[Label]) -> LabelChange:
    """A label becomes several, new ones or ones that are there.

    Its marks keep it until somebody says of each which of the parts it is; it is not offered any more.
    """
    parts = list(parts)
    if len(parts) < 2 or any(part.kind is not label.kind or part.name == label.name for part in parts):
        raise LabelSetError(f"{label.name} needs at least two other labels of its kind to be split into.")
    whole = labelset
    for part in parts:
        if part not in whole.labels:
            whole = added(whole, part).labelset
    names = tuple(part.name for part in parts)
    labels = tuple(
        replace(each, into=names, key="", retired=False) if each == label else each for each in whole.labels
    )
    _refuse_none_left(labels)
    return LabelChange(replace(whole, labels=labels), f"split {label.name} into {', '.join(names)}")


def retired(labelset: LabelSet, label: Label, *, drop: bool) -> LabelChange:
    """A label that is no longer offered; its marks are kept, or deleted with `drop`."""
    labels = tuple(
        replace(each, retired=True, into=(), key="") if each == label else each for each in labelset.labels
    )
    _refuse_none_left(labels)
    marks = frozenset({(label.kind, label.name)}) if drop else frozenset()
    said = f"retire {label.name}" + (" and delete its marks" if drop else "")
    return LabelChange(replace(labelset, labels=labels), said, dropped=marks)


def brought_back(labelset: LabelSet, label: Label) -> LabelChange:
    """A retired or split label that is offered again."""
    labels = tuple(
        replace(each, retired=False, into=()) if each == label else each for each in labelset.labels
    )
    return LabelChange(replace(labelset, labels=labels), f"bring {label.name} back")


def fates(labelset: LabelSet, other: LabelSet) -> list[Fate]:
    """What becomes of each label when `other` takes this set's place, if a person chooses nothing else.

    A label goes by its name or a former one; one that the other set does not know is kept, retired.
    """
    return [
        Fate(label, found.name if (found := other.now(label.kind, label.name)) else None)
        for label in labelset.labels
    ]


def replaced(labelset: LabelSet, other: LabelSet, chosen: Iterable[Fate]) -> LabelChange:
    """Another label set in the place of this one, with what was chosen for each label of it."""
    labels = {(label.kind, label.name): label for label in other.labels}
    renamed: dict[Key, str] = {}
    for fate in chosen:
        label = fate.label
        if fate.to is None:
            if (label.kind, label.name) in labels:
                raise LabelSetError(f"{label.name} is in the new label set: it cannot be retired with it.")
            labels[label.kind, label.name] = replace(label, retired=True, key="", into=())
            continue
        target = labels.get((label.kind, fate.to))
        if target is None:
            raise LabelSetError(f"“{other.name}” has no label {fate.to} for the marks of {label.name}.")
        if fate.to != label.name:
            renamed[label.kind, label.name] = fate.to
        names = (*label.former, *([label.name] if fate.to != label.name else []))
        own = tuple(dict.fromkeys((*target.former, *names)))
        labels[target.kind, target.name] = replace(target, former=own)
    every = {(label.kind, label.name) for label in labels.values()}
    whole = tuple(
        replace(label, former=tuple(name for name in label.former if (label.kind, name) not in every))
        for label in labels.values()
    )
    return LabelChange(replace(other, labels=whole), f"take over the label set “{other.name}”", renamed)


def _with_part(label: Label, name: str, to: str) -> Label:
    return replace(label, into=tuple(to if each == name else each for each in label.into))


def _without_parts(label: Label, gone: set[str], to: str) -> Label:
    into = tuple(dict.fromkeys(to if name in gone else name for name in label.into))
    return replace(label, into=into)


def _name(label: Label | None) -> str:
    return label.name if label else ""


def _refuse(faults: Mapping[str, str]) -> None:
    for fault in faults.values():
        raise LabelSetError(fault[:1].upper() + fault[1:].rstrip(".") + ".")


def _refuse_none_left(labels: Iterable[Label]) -> None:
    if not any(label.offered for label in labels):
        raise LabelSetError("That would leave no label to mark with; add another first.")


def _differences(before: Label, label: Label) -> str:
    names = {"title": "title", "color": "colour", "key": "key", "glyph": "glyph", "guideline": "guideline"}
    changed = [said for name, said in names.items() if getattr(before, name) != getattr(label, name)]
    return f"change {' and '.join(changed)} of {label.name}" if changed else ""
