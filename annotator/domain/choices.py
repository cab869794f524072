"""What a project says about its suggestions: their pipeline, their labels, the least score to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

SuggestionKind = Literal["entity", "stance"]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least score, 0 to 1, of the suggestions that are shown, by label or polarity.

    A label without one, and a suggestion without a score, are always shown. Raises ValueError for a score
    that is none.
    """

    entities: Mapping[str, float] = field(default_factory=dict)
    stances: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for label, score in (*self.entities.items(), *self.stances.items()):
            if not 0 <= score <= 1:
                raise ValueError(f"the threshold of {label} is {score!r}, not a number from 0 to 1")

    def __bool__(self) -> bool:
        return bool(self.entities or self.stances)

    def of(self, kind: SuggestionKind, label: str) -> float:
        return (self.entities if kind == "entity" else self.stances).get(label, 0.0)

    def over(self, other: "Thresholds") -> "Thresholds":
        """These, and those of `other` for labels that have none here."""
        return Thresholds({**other.entities, **self.entities}, {**other.stances, **self.stances})

    def to_dict(self) -> dict[str, dict[str, float]]:
        return {"entities": dict(self.entities), "stances": dict(self.stances)}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "Thresholds":
        """Raises ValueError or TypeError for what `to_dict` would not give."""
        entities, stances = (
            {str(label): float(score) for label, score in dict(fields.get(kind, {})).items()}
            for kind in ("entities", "stances")
        )
        return cls(entities, stances)


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices of one project.

    `pipeline` is a name or a folder, "" for the built-in one; `stances` adds the built-in stances to any
    other pipeline. `labels` says what the project calls a pipeline's label ("PER": "PERSON"), with "" for one
    that is left out without a word.
    """

    pipeline: str = ""
    stances: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    thresholds: Thresholds = field(default_factory=Thresholds)

    def to_dict(self) -> dict[str, Any]:
        return {
            "pipeline": self.pipeline,
            "stances": self.stances,
            "labels": dict(self.labels),
            "thresholds": self.thresholds.to_dict(),
        }

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "Choices":
        """Raises ValueError or TypeError for what `to_dict` would not give."""
        labels = {str(label): str(name) for label, name in dict(fields.get("labels", {})).items()}
        thresholds = Thresholds.from_dict(fields.get("thresholds", {}))
        return cls(str(fields.get("pipeline", "")), bool(fields.get("stances")), labels, thresholds)
