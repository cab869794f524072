"""What a project says about its suggestions: their pipeline, their labels, from which score, and when."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any, Final, Literal

from annotator.domain.frozen import frozen

SuggestionKind = Literal["entity", "stance"]
KINDS: Final[tuple[SuggestionKind, ...]] = ("entity", "stance")
BLIND_SHARE = 0.1  # of the articles, under When.SAMPLE
_SEEDS = 2**32


@frozen
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


class When(StrEnum):
    """When an annotator sees the suggestions of a kind: always, after their own pass through an article, or
    always but on a blind sample of the articles."""

    ALWAYS = "always"
    AFTER = "after"
    SAMPLE = "sample"


@frozen
class Showing:
    """When entities and stances that are suggested are seen; `seed`, below 2**32, draws the blind sample.

    Raises ValueError for a seed out of that range.
    """

    entity: When = When.ALWAYS
    stance: When = When.ALWAYS
    seed: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.seed < _SEEDS:
            raise ValueError(f"the seed {self.seed} is not a whole number from 0 to {_SEEDS - 1}")

    def of(self, kind: SuggestionKind) -> When:
        return self.entity if kind == "entity" else self.stance

    @property
    def hides_nothing(self) -> bool:
        return self.entity is self.stance is When.ALWAYS

    def hides(self, kind: SuggestionKind, annotator: str, article_id: int) -> bool:
        """Whether suggestions of a kind are hidden from an annotator who has not gone through the article."""
        when = self.of(kind)
        return when is When.AFTER or (
            when is When.SAMPLE and is_blind(self.seed, annotator=annotator, article_id=article_id)
        )

    def to_dict(self) -> dict[str, Any]:
        return {"entity": self.entity.value, "stance": self.stance.value, "seed": self.seed}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "Showing":
        """Raises ValueError or TypeError for what `to_dict` would not give."""
        return cls(
            When(fields.get("entity", When.ALWAYS)),
            When(fields.get("stance", When.ALWAYS)),
            int(fields.get("seed", 1)),
        )


def is_blind(seed: int, *, annotator: str, article_id: int) -> bool:
    """Whether an article is in an annotator's blind sample: by the name, so on every machine alike."""
    from hashlib import sha256  # late: see text.sha256_of

    digest = sha256(f"{seed}\0{annotator}\0{article_id}".encode()).digest()
    return int.from_bytes(digest[:8]) < BLIND_SHARE * 2**64


@frozen
class Choices:
    """The choices of one project.

    `pipeline` is a name or a folder, "" for the built-in one; `stances` adds the built-in stances to any
    other pipeline. `labels` says what the project calls a pipeline's label ("PER": "PERSON"), with "" for one
    that is left out without a word. `showing` says when suggestions are seen.
    """

    pipeline: str = ""
    stances: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    thresholds: Thresholds = field(default_factory=Thresholds)
    showing: Showing = field(default_factory=Showing)

    def to_dict(self) -> dict[str, Any]:
        return {
            "pipeline": self.pipeline,
            "stances": self.stances,
            "labels": dict(self.labels),
            "thresholds": self.thresholds.to_dict(),
            "showing": self.showing.to_dict(),
        }

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "Choices":
        """Raises ValueError or TypeError for what `to_dict` would not give."""
        labels = {str(label): str(name) for label, name in dict(fields.get("labels", {})).items()}
        thresholds = Thresholds.from_dict(fields.get("thresholds", {}))
        showing = Showing.from_dict(fields.get("showing", {}))
        return cls(str(fields.get("pipeline", "")), bool(fields.get("stances")), labels, thresholds, showing)
