"""The label set: labels with colour, key and guideline text, versioned."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    ENTITY = "entity"
    POLARITY = "polarity"


@dataclass(frozen=True, slots=True)
class Label:
    """One label. `key` is the character that applies it, "" for none; `guideline` is text or Markdown."""

    kind: Kind
    name: str
    title: str
    color: str
    key: str
    guideline: str
    glyph: str = ""


@dataclass(frozen=True, slots=True)
class LabelSet:
    """The labels of a project, in their order. `id` is the sha256 (hex) of the content."""

    name: str
    version: int
    labels: tuple[Label, ...]

    @property
    def id(self) -> str:
        import hashlib

        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True).encode()).hexdigest()

    @property
    def entities(self) -> tuple[Label, ...]:
        return tuple(label for label in self.labels if label.kind is Kind.ENTITY)

    @property
    def polarities(self) -> tuple[Label, ...]:
        return tuple(label for label in self.labels if label.kind is Kind.POLARITY)

    def find(self, kind: Kind, name: str) -> Label | None:
        return next((label for label in self.labels if label.kind is kind and label.name == name), None)

    def to_dict(self) -> dict[str, object]:
        """The content as JSON values, for storage and for the id."""
        fields = ("name", "title", "color", "key", "guideline", "glyph")
        return {
            "name": self.name,
            "version": self.version,
            "labels": [
                {"kind": str(label.kind)} | {field: getattr(label, field) for field in fields}
                for label in self.labels
            ],
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "LabelSet":
        """The inverse of `to_dict`."""
        labels = tuple(Label(**{**entry, "kind": Kind(entry["kind"])}) for entry in content["labels"])
        return cls(content["name"], content["version"], labels)
