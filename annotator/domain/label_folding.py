"""Label sets that were changed in several files, folded into one: the newest, with what others did besides.

The newest version stands. Of a change that it was made without knowing, it takes over new names and new
labels, so that no mark is left with a label of which nobody knows what it became. Where both gave one label
another name, the newest version's stands and the other is a former name of it. All else that is said of a
label (its colour, its guideline, whether it is retired) is as the newest version has it.

What comes out depends on the changes alone, not on the order in which files were merged.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from annotator.domain.frozen import frozen
from annotator.domain.label_changes import Key
from annotator.domain.label_rules import key_holder
from annotator.domain.labels import Kind, Label, LabelSet


@frozen
class Version:
    """A stored label set; `parent` is the id of the one it was made from, None of a first one."""

    labelset: LabelSet
    parent: str | None


@frozen
class LabelGesture:
    """A gesture that let a version hold; `stands` unless it was taken back, `back`: an undo or a redo."""

    version: str
    stands: bool
    back: bool


@frozen
class Folded:
    """The label set that holds, and what labels of changes that were taken back are called in it."""

    labelset: LabelSet
    names: Mapping[Key, str]

    def now(self, kind: Kind, name: str) -> str:
        """What a label is called by that name now, "" for one that nobody knows."""
        known = self.labelset.now(kind, name)
        return known.name if known else self.names.get((kind, name), "")


@frozen
class _Rename:
    kind: Kind
    old: str
    new: str


def folded(gestures: Sequence[LabelGesture], versions: Mapping[str, Version]) -> Folded:
    """What comes of changes of the label set, the newest last, at least one; `versions` by id."""
    held = versions[gestures[-1].version].labelset
    made = {gesture.version for gesture in gestures}
    line = [(each, each.id in made) for each in _line(held.id, versions)]
    labelset, aside = held, list[_Rename]()
    for gesture in gestures:
        version = versions[gesture.version]
        parent = versions.get(version.parent or "")
        if gesture.back or parent is None:
            continue
        renames, added = _differences(parent.labelset, version.labelset)
        if any(_tells(each, renames, added, strictly=strictly) for each, strictly in line):
            continue
        if not gesture.stands:
            aside += renames
            continue
        for rename in renames:
            labelset = _renamed(labelset, rename)
        for label in added:
            labelset = _with(labelset, label)
    if labelset.labels != held.labels:
        newest = max(versions[each].labelset.version for each in made)
        labelset = replace(labelset, version=newest + 1)
    return Folded(labelset, _names_aside(labelset, aside))


def _line(id_: str | None, versions: Mapping[str, Version]) -> Iterator[LabelSet]:
    """A version, the one it was made from, and so on."""
    while id_ is not None and id_ in versions:
        yield versions[id_].labelset
        id_ = versions[id_].parent


def _differences(before: LabelSet, after: LabelSet) -> tuple[list[_Rename], list[Label]]:
    """The names that a change gave to labels instead of others, and the labels that it added."""
    renames: list[_Rename] = []
    added: list[Label] = []
    for label in after.labels:
        kind, name = label.kind, label.name
        olds = [old for old in label.former if before.find(kind, old) and not after.find(kind, old)]
        if not olds and before.now(kind, name) is None:
            added.append(label)
            continue
        olds += [old for old in label.former if before.now(kind, old) is None]
        renames += [_Rename(kind, old, name) for old in olds]
    return renames, added


def _tells(labelset: LabelSet, renames: Sequence[_Rename], added: Sequence[Label], *, strictly: bool) -> bool:
    """Whether a version was made knowing a change: it says the same.

    In one that was folded the label may have another name than the change gave it.
    """
    return all(_says(labelset, each, strictly=strictly) for each in renames) and all(
        labelset.now(label.kind, label.name) is not None for label in added
    )


def _says(labelset: LabelSet, rename: _Rename, *, strictly: bool) -> bool:
    was, now = (labelset.now(rename.kind, name) for name in (rename.old, rename.new))
    return was is not None and was == now and (was.name == rename.new or not strictly)


def _renamed(labelset: LabelSet, rename: _Rename) -> LabelSet:
    was, now = (labelset.now(rename.kind, name) for name in (rename.old, rename.new))
    if was is None:
        return _changed(labelset, now, replace(now, former=(*now.former, rename.old))) if now else labelset
    if was.name == rename.old and now in (None, was):
        former = (*(name for name in was.former if name != rename.new), rename.old)
        return _changed(labelset, was, replace(was, name=rename.new, former=former))
    if now is None:
        return _changed(labelset, was, replace(was, former=(*was.former, rename.new)))
    if was.name == rename.old and now != was:
        whole = replace(now, former=tuple(dict.fromkeys((*now.former, *was.former, was.name))))
        left = replace(labelset, labels=tuple(each for each in labelset.labels if each != was))
        return _part_named(_changed(left, now, whole), was, whole)
    return labelset


def _changed(labelset: LabelSet, before: Label, label: Label) -> LabelSet:
    labels = tuple(label if each == before else each for each in labelset.labels)
    return _part_named(replace(labelset, labels=labels), before, label)


def _part_named(labelset: LabelSet, before: Label, label: Label) -> LabelSet:
    """Labels that were split into a label name it as it is called now."""
    if before.name == label.name:
        return labelset
    labels = tuple(
        replace(each, into=tuple(dict.fromkeys(label.name if n == before.name else n for n in each.into)))
        if each.kind is label.kind and before.name in each.into
        else each
        for each in labelset.labels
    )
    return replace(labelset, labels=labels)


def _with(labelset: LabelSet, label: Label) -> LabelSet:
    """With a label behind those of its kind, if it is new; its key only if that is free."""
    if labelset.now(label.kind, label.name) is not None:
        return labelset
    former = tuple(name for name in label.former if labelset.now(label.kind, name) is None)
    key = "" if key_holder(labelset, label, label.key) else label.key
    new = replace(label, former=former, key=key)
    labels = list(labelset.labels)
    after = max((n for n, each in enumerate(labels) if each.kind is label.kind), default=len(labels) - 1)
    labels.insert(after + 1, new)
    return replace(labelset, labels=tuple(labels))


def _names_aside(labelset: LabelSet, renames: Sequence[_Rename]) -> dict[Key, str]:
    """What is now called otherwise under names that changes gave which were taken back."""
    found: dict[Key, str] = {}
    for rename in renames:
        known = labelset.now(rename.kind, rename.old)
        now = known.name if known else found.get((rename.kind, rename.old))
        if now is not None and labelset.now(rename.kind, rename.new) is None:
            found[rename.kind, rename.new] = now
    return found
