"""Layers of the article view: kinds of marks, suggestions and zones that a person may hide."""

from enum import StrEnum

from annotator.domain.changes import Change
from annotator.domain.marks import Entity, Shown


class Layer(StrEnum):
    ENTITIES = "entities"
    STANCES = "stances"
    SUGGESTIONS = "suggestions"
    ZONES = "zones"


Hidden = frozenset[Layer]
NONE_HIDDEN: Hidden = frozenset()


def layer_of(shown: Shown) -> Layer:
    return Layer.ENTITIES if isinstance(shown.mark, Entity) else Layer.STANCES


def hiding(shown: Shown, hidden: Hidden) -> Hidden:
    """The hidden layers that keep a mark from being drawn: a suggestion is in two."""
    return hidden & ({layer_of(shown), Layer.SUGGESTIONS} if shown.suggested else {layer_of(shown)})


def is_seen(shown: Shown, hidden: Hidden) -> bool:
    """Whether a mark is drawn: a suggestion needs two layers, its own and that of suggestions."""
    return layer_of(shown) not in hidden and not (shown.suggested and Layer.SUGGESTIONS in hidden)


def worked_on(change: Change, hidden: Hidden) -> Hidden:
    """The hidden layers in which a gesture made something: they must be seen again."""
    if not hidden or not change.gesture:
        return NONE_HIDDEN
    made = {layer_of(shown) for shown in change.now if not shown.suggested}
    if change.zones is not None:
        made.add(Layer.ZONES)
    return hidden & made
