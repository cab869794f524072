"""The label set: labels with colour, key and guideline text, and what their names were before; versioned."""

import json
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any

from annotator.domain.frozen import frozen


class Kind(StrEnum):
    ENTITY = "entity"
    POLARITY = "polarity"


@frozen
class Label:
    """One label. `key` is the character that applies it, "" for none; `guideline` is text or Markdown.

    `former` are names of earlier versions: suggestions and older marks under them mean this label. `into`
    are the labels that this one is being split into. Neither a split nor a `retired` label is offered; marks
    that have it stay.
    """

    kind: Kind
    name: str
    title: str
    color: str
    key: str
    guideline: str
    glyph: str = ""
    former: tuple[str, ...] = ()
    into: tuple[str, ...] = ()
    retired: bool = False

    @property
    def offered(self) -> bool:
        """Whether new marks may have it."""
        return not self.retired and not self.into


@frozen
class LabelSet:
    """The labels of a project, in their order. `id` is the sha256 (hex) of the content.

    `labels` are all of them; `entities` and `polarities` those that are offered.
    """

    name: str
    version: int
    labels: tuple[Label, ...]

    @property
    def id(self) -> str:
        return _id_of(self)

    @property
    def entities(self) -> tuple[Label, ...]:
        return tuple(label for label in self.offered if label.kind is Kind.ENTITY)

    @property
    def polarities(self) -> tuple[Label, ...]:
        return tuple(label for label in self.offered if label.kind is Kind.POLARITY)

    @property
    def offered(self) -> tuple[Label, ...]:
        """Those that new marks may have, in their order."""
        return tuple(label for label in self.labels if label.offered)

    def names_ever(self, kind: Kind) -> tuple[str, ...]:
        """Every name that stands for a label of a kind now, retired and former ones too."""
        of_kind = [label for label in self.labels if label.kind is kind]
        return (*(label.name for label in of_kind), *(name for label in of_kind for name in label.former))

    def now(self, kind: Kind, name: str) -> Label | None:
        """The label of a name, or the one that had it before."""
        found = self.find(kind, name)
        return found or next(
            (label for label in self.labels if label.kind is kind and name in label.former), None
        )

    def find(self, kind: Kind, name: str) -> Label | None:
        return next((label for label in self.labels if label.kind is kind and label.name == name), None)

    def to_dict(self) -> dict[str, object]:
        """The content as JSON values, for storage and for the id."""
        fields = ("name", "title", "color", "key", "guideline", "glyph")
        # Left out where they are empty: a set that never had them keeps its id.
        rare = ("former", "into", "retired")
        return {
            "name": self.name,
            "version": self.version,
            "labels": [
                {"kind": str(label.kind)}
                | {field: getattr(label, field) for field in fields}
                | {field: value for field in rare if (value := getattr(label, field))}
                for label in self.labels
            ],
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "LabelSet":
        """The inverse of `to_dict`."""
        labels = tuple(_label(entry) for entry in content["labels"])
        return cls(content["name"], content["version"], labels)


@lru_cache(maxsize=16)  # every mark that is written names its label set: a third of what a gesture cost
def _id_of(labelset: LabelSet) -> str:
    import hashlib

    return hashlib.sha256(json.dumps(labelset.to_dict(), sort_keys=True).encode()).hexdigest()


def _label(entry: Mapping[str, Any]) -> Label:
    lists = {field: tuple(entry.get(field, ())) for field in ("former", "into")}
    return Label(**{**entry, **lists, "kind": Kind(entry["kind"])})
