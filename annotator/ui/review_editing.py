"""A mark that a lead edits before it becomes gold: its edges, its label, a stance's holder and target."""

from dataclasses import dataclass, field, replace

from annotator.domain.errors import GestureRefused
from annotator.domain.labels import Label, LabelSet
from annotator.domain.marks import Mark, Part, Stance
from annotator.domain.review import content_of
from annotator.domain.text import Span
from annotator.ui.keymap import Keys


@dataclass(slots=True)
class Draft:
    """What the lead has made of a candidate so far; nothing of it is saved. Digits give it one of `slots`.

    `warned` is whether was told, since it last changed, what it lacks.
    """

    mark: Mark
    slots: list[Label] = field(default_factory=list)
    warned: bool = False
    _before: list[Mark] = field(default_factory=list, init=False)
    _after: list[Mark] = field(default_factory=list, init=False)

    @classmethod
    def of(cls, mark: Mark, labelset: LabelSet) -> "Draft":
        labels = labelset.polarities if isinstance(mark, Stance) else labelset.entities
        return cls(mark, list(labels[:10]))

    @property
    def is_changed(self) -> bool:
        return bool(self._before) and content_of(self._before[0]) != content_of(self.mark)

    def relabel(self, n: int) -> None:
        if n >= len(self.slots):
            raise GestureRefused(f"There is no label {n + 1} here.")
        self._become(replace(self.mark, label=self.slots[n].name))

    def move(self, span: Span) -> None:
        self._become(replace(self.mark, span=span))

    def set_part(self, name: str, span: Span | None) -> None:
        """These words are the holder or the target of a stance; None: it has none."""
        if not isinstance(self.mark, Stance):
            raise GestureRefused(f"Only a stance has a {name}; this is an entity.")
        part = Part(span) if span else None
        self._become(replace(self.mark, holder=part) if name == "holder" else replace(self.mark, target=part))

    def _become(self, mark: Mark) -> None:
        if mark != self.mark:
            self._before.append(self.mark)
            self._after.clear()
            self.mark, self.warned = mark, False

    def step(self, *, back: bool) -> bool:
        """Takes the last change of the draft back, or makes it again; whether there was one."""
        come, gone = (self._before, self._after) if back else (self._after, self._before)
        if come:
            gone.append(self.mark)
            self.mark, self.warned = come.pop(), False
            return True
        return False

    def lacks(self, readings: list[Mark]) -> list[str]:
        """The parts that readings have, or some of them, and this has not."""
        if not isinstance(self.mark, Stance):
            return []
        stances = [mark for mark in readings if isinstance(mark, Stance)]
        return [
            name
            for name in ("holder", "target")
            if getattr(self.mark, name) is None and any(getattr(each, name) for each in stances)
        ]

    def told(self, keys: Keys) -> str:
        """What the keys do now."""
        first = keys.first
        if not isinstance(self.mark, Stance):
            return f"Editing: arrows move the edge; {first('review.edit')} lets go of it"
        parts = f"{first('review.holder')} and {first('review.target')}"
        return f"Editing: arrows move the edge; {parts} take selected words as holder and target"

    def labels_said(self) -> str:
        named = "   ".join(f"{(n + 1) % 10} {label.name}" for n, label in enumerate(self.slots))
        return f"{named}   ·   Enter saves, Esc leaves"
