"""Which key applies which label of a project: a label set names the usual keys, a person may change them."""

from annotator.domain.labels import Label, LabelSet
from annotator.ui.actions import LABEL_KEYS
from annotator.ui.keymap import Keys
from annotator.ui.open_marks import Key

STANCE_KEYS = ("F", "G", "N")


def entity_slots(labelset: LabelSet) -> list[Label | None]:
    """The entity label of each of LABEL_KEYS: the label set's digits first, other labels on what is left."""
    return _slots(list(labelset.entities), LABEL_KEYS)


def stance_slots(labelset: LabelSet) -> list[Label | None]:
    """The polarity of each of STANCE_KEYS."""
    return _slots(list(labelset.polarities), STANCE_KEYS)


def keys_of(labelset: LabelSet, keys: Keys) -> dict[Key, str]:
    """The first key of every label that has one."""
    found: dict[Key, str] = {}
    for group, slots in (("label", entity_slots(labelset)), ("stance", stance_slots(labelset))):
        for n, label in enumerate(slots, start=1):
            if label is not None and (key := keys.first(f"{group}.{n}")):
                found[label.kind, label.name] = key.replace("Shift+", "⇧")
    return found


def _slots(labels: list[Label], keys: tuple[str, ...]) -> list[Label | None]:
    wanted = {label.key.upper(): label for label in labels if label.key}
    slots = [wanted.get(key) for key in keys]
    placed = {label.name for label in slots if label}
    rest = iter([label for label in labels if label.name not in placed])
    return [label or next(rest, None) for label in slots]
