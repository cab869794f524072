"""What the labels of a file become in a project: told by a person, the same, added, left out, or refused."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import field, replace
from enum import StrEnum

from annotator.domain import label_changes
from annotator.domain.codec.problems import Problem, RecordError, piece
from annotator.domain.codec.records import MarkRow, Origin, Record
from annotator.domain.errors import FormatError
from annotator.domain.frozen import frozen
from annotator.domain.label_rules import free_color, name_fault
from annotator.domain.labels import Kind, Label, LabelSet

_KINDS = {"entity": Kind.ENTITY, "stance": Kind.POLARITY}
_WORDS = {"entity": "label", "stance": "polarity"}

Theirs = tuple[str, str]  # "entity" or "stance", and the name in the file


class Others(StrEnum):
    """What becomes of labels that the label set lacks and nobody mapped."""

    REFUSE = "refuse"  # the records that have them stay out
    ADD = "add"
    LEAVE_OUT = "leave out"


class Fate(StrEnum):
    """What became of one label of a file."""

    SAME = "same"
    MAPPED = "mapped"
    RENAMED = "renamed"  # the project called it so before
    ADDED = "added"
    LEFT_OUT = "left out"
    UNKNOWN = "unknown"


@frozen
class LabelChoices:
    """What a person says of a file's labels: `names` from theirs to ours, "" for one to leave out."""

    names: Mapping[str, str] = field(default_factory=dict)
    others: Others = Others.REFUSE


@frozen
class LabelRow:
    """One label of the files: its name there, what it became ("" for nothing), how, and of how many marks."""

    kind: str
    theirs: str
    ours: str
    fate: Fate
    count: int

    def to_dict(self) -> dict[str, object]:
        """As `--json` prints it."""
        return {
            "kind": self.kind,
            "label": self.theirs,
            "becomes": self.ours or None,
            "how": self.fate.value,
            "marks": self.count,
        }

    def __str__(self) -> str:
        became = {
            Fate.SAME: "stays",
            Fate.MAPPED: f"becomes {self.ours}",
            Fate.RENAMED: f"becomes {self.ours}, its name of now",
            Fate.ADDED: "is added to the label set",
            Fate.LEFT_OUT: "is left out",
            Fate.UNKNOWN: "is not in the label set",
        }
        return f"{_WORDS[self.kind]} {self.theirs} ({self.count:,}) {became[self.fate]}"


class LabelMapping:
    """Applies the choices to records, and counts what became of each label.

    `labelset` is the project's, and grows when labels are to be added: `grown` says that it has and is not
    stored yet. Raises FormatError for a name that can be nothing of the label set.
    """

    def __init__(self, labelset: LabelSet, choices: LabelChoices, *, count_all: bool = False) -> None:
        self.labelset = labelset
        self.grown = False
        self._choices = choices
        self._count_all = count_all
        self._counts: Counter[Theirs] = Counter()
        self._fates: dict[Theirs, tuple[str, Fate]] = {}
        self._same: set[Theirs] = set()
        for theirs, ours in choices.names.items():
            self._check_name(theirs, ours)

    def applied(self, record: Record) -> Record:
        """The record under the project's labels.

        Raises RecordError with a problem for every mark whose label is refused.
        """
        found = {row[:2] for row in record.marks}
        plain = found <= self._same and not record.origins and not record.rejected
        if self._count_all or not plain:
            self._counts.update(row[:2] for row in record.marks)
        if plain:
            return record
        marks: list[MarkRow] = []
        origins: dict[int, Origin] = {}
        problems: list[Problem] = []
        for n, row in enumerate(record.marks):
            ours = self._ours(row, record, problems)
            if ours is None:
                continue
            origin = record.origins.get(n)
            if origin is not None:
                origins[len(marks)] = self._origin(origin, record, problems)
            marks.append(ours)
        rejected = [
            (ours, origin)
            for row, origin in record.rejected
            if (ours := self._ours(row, record, problems)) is not None
        ]
        if problems:
            raise RecordError(problems)
        return replace(record, marks=marks, origins=origins, rejected=rejected)

    def rows(self) -> tuple[LabelRow, ...]:
        """What became of each label seen so far; without `count_all`, of those that did not stay the same."""
        return tuple(
            LabelRow(kind, theirs, ours, fate, self._counts[kind, theirs])
            for (kind, theirs), (ours, fate) in sorted(self._fates.items())
            if self._count_all or fate is not Fate.SAME
        )

    def unseen(self) -> list[tuple[str, str]]:
        """What was chosen for labels that no record has had."""
        seen = {theirs for _, theirs in self._fates}
        return [(theirs, ours) for theirs, ours in self._choices.names.items() if theirs not in seen]

    def stored(self, labelset: LabelSet) -> None:
        """The label set has been stored as this one."""
        self.labelset = labelset
        self.grown = False

    def _ours(self, row: MarkRow, record: Record, problems: list[Problem]) -> MarkRow | None:
        """The row under its new label; None when it is left out, or refused and noted."""
        ours, fate = self._fate((row[0], row[1]))
        if fate is Fate.UNKNOWN:
            problems.append(self._problem(row, record))
        if fate in (Fate.UNKNOWN, Fate.LEFT_OUT):
            return None
        return row if ours == row[1] else (row[0], ours, *row[2:])

    def _origin(self, origin: Origin, record: Record, problems: list[Problem]) -> Origin:
        if origin.suggested is None:
            return origin
        return replace(origin, suggested=self._ours(origin.suggested, record, problems))

    def _fate(self, theirs: Theirs) -> tuple[str, Fate]:
        found = self._fates.get(theirs)
        if found is None:
            found = self._fates[theirs] = self._decided(theirs)
            if found[1] is Fate.SAME:
                self._same.add(theirs)
        return found

    def _decided(self, theirs: Theirs) -> tuple[str, Fate]:
        kind, name = _KINDS[theirs[0]], theirs[1]
        chosen = self._choices.names.get(name)
        if chosen == "":
            return "", Fate.LEFT_OUT
        wanted = chosen if chosen is not None else name
        label = self.labelset.now(kind, wanted)
        if label is not None:
            if chosen is not None:
                return label.name, Fate.MAPPED
            return label.name, Fate.SAME if label.name == name else Fate.RENAMED
        if self._choices.others is Others.ADD and not name_fault(wanted):
            self._add(kind, wanted)
            return wanted, Fate.ADDED
        if self._choices.others is Others.LEAVE_OUT:
            return "", Fate.LEFT_OUT
        return "", Fate.UNKNOWN

    def _add(self, kind: Kind, name: str) -> None:
        color = free_color([label.color for label in self.labelset.offered])
        label = Label(kind, name, name, color, "", "")
        self.labelset = label_changes.added(self.labelset, label).labelset
        self.grown = True

    def _check_name(self, theirs: str, ours: str) -> None:
        if not ours or any(self.labelset.now(kind, ours) for kind in Kind):
            return
        if self._choices.others is Others.ADD:
            if fault := name_fault(ours):
                raise FormatError(f"{theirs} cannot become {ours!r}: {fault}.")
            return
        names = ", ".join(label.name for label in self.labelset.offered)
        raise FormatError(
            f"{theirs} cannot become {ours!r}, which is not in the label set “{self.labelset.name}”; "
            f"it has {names}."
        )

    def _problem(self, row: MarkRow, record: Record) -> Problem:
        kind, label, start, end = row[:4]
        names = [label.name for label in self.labelset.offered if label.kind is _KINDS[kind]]
        has = f"it has {', '.join(sorted(names))}" if names else f"it has no {_WORDS[kind]}"
        covered = piece(record.article.text[start:end])
        what = f"the {_WORDS[kind]} {piece(label)} of {covered} [{start}, {end}) is not in the label set "
        adding = name_fault(label)
        advice = "map it, leave it out, or have it added" if not adding else "map it, or leave it out"
        return Problem(f'{what}"{self.labelset.name}"', f"{has}: {advice}")
