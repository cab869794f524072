"""A mark that a lead edits before it becomes gold: its edges, its label, a stance's holder and target."""

from dataclasses import dataclass, field, replace

from annotator.domain.errors import GestureRefused
from annotator.domain.labels import Label, LabelSet
from annotator.domain.marks import Mark, Part, Stance
from annotator.domain.text import Span
from annotator.ui.keymap import Keys


@dataclass(slots=True)
class Draft:
    """What the lead has made of a candidate so far; nothing of it is saved. Digits give it one of `slots`."""

    mark: Mark
    slots: list[Label] = field(default_factory=list)

    @classmethod
    def of(cls, mark: Mark, labelset: LabelSet) -> "Draft":
        labels = labelset.polarities if isinstance(mark, Stance) else labelset.entities
        return cls(mark, list(labels[:10]))

    def relabel(self, n: int) -> None:
        if n >= len(self.slots):
            raise GestureRefused(f"There is no label {n + 1} here.")
        self.mark = replace(self.mark, label=self.slots[n].name)

    def move(self, span: Span) -> None:
        self.mark = replace(self.mark, span=span)

    def set_part(self, name: str, span: Span | None) -> None:
        """The selected words are the holder or the target; with nothing selected there is none."""
        if not isinstance(self.mark, Stance):
            raise GestureRefused(f"Only a stance has a {name}; this is an entity.")
        part = Part(span) if span else None
        self.mark = replace(self.mark, holder=part) if name == "holder" else replace(self.mark, target=part)

    def told(self, keys: Keys) -> str:
        """What the keys do now."""
        parts = ""
        if isinstance(self.mark, Stance):
            first = keys.first
            parts = f" {first('review.holder')} and {first('review.target')}: selection is holder, target."
        return f"Editing {self.mark.label}. Arrows move the edge.{parts}"

    def labels_said(self, labelset: LabelSet) -> str:
        named = "   ".join(f"{(n + 1) % 10} {label.name}" for n, label in enumerate(self.slots))
        return f"{named}   ·   Enter saves, Esc leaves"
