"""Label sets: changing the labels of a project together with the marks that have them; TOML in and out.

A change stores a new version of the label set, its parent kept, lets it hold, and writes what becomes of the
marks, in one gesture that its maker can take back.

Whose marks. Renaming, merging and retiring say nothing new about a text, so they reach every annotator's
marks and gold at once: else two who meant the same would disagree from then on. Which part of a split label a
mark belongs to is a judgement, so everybody sorts their own marks, one gesture each. Rows keep their owner;
only the gesture is the lead's. What others do to such rows afterwards stays when it is taken back
(storage.reversal), and marks that they made meanwhile under a new name go by the old one again.

Which marks are written. Only those whose label is renamed, merged or deleted: a mark says under which version
it was made, and another colour or guideline does not change that. Labels are looked up by name in the version
that holds.

Merging. Which version holds is a logged row, as are the marks. Of two files the newest version holds, with
the names and labels that the other's changes gave (domain.label_folding), and marks are brought to the names
of now. What is left under a former name in other ways, `catch_up` brings there; labels that the set never
had are `strays`.

Suggestions never change. The label knows its former names, so they are shown, accepted and exported under the
name of now; those of a retired label are not shown.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.domain import label_changes
from annotator.domain.changes import Change
from annotator.domain.errors import GestureRefused, LabelSetError, ProjectError
from annotator.domain.frozen import frozen
from annotator.domain.label_changes import Fate, Key, LabelChange
from annotator.domain.label_file import label_set_toml
from annotator.domain.labels import Kind, Label, LabelSet
from annotator.services.annotators import annotator_id
from annotator.services.projects import label_set
from annotator.services.wording import counted
from annotator.storage import label_migration as migration
from annotator.storage.durable import drafted
from annotator.storage.journal import Gesture, Journal
from annotator.storage.label_migration import Table, Use
from annotator.storage.names import holds_few
from annotator.storage.project import Project, add_labelset

if TYPE_CHECKING:
    from annotator.storage.backups import Told
    from annotator.storage.label_migration import Unsorted

__all__ = ["Fate", "LabelSets", "Use", "Version"]
_FEW = 2_000  # marks and suggestions: a backup of some ms


@frozen
class Version:
    """A stored version of the label set; `created` is unix ms."""

    id: str
    name: str
    version: int
    created: int
    holds: bool


class LabelSets:
    """The label sets of a project, as one annotator changes them.

    A change that makes no sense raises LabelSetError or GestureRefused and writes nothing.
    """

    def __init__(self, project: Project, annotator: str) -> None:
        self._project = project
        self._annotator_id = annotator_id(project, annotator)
        self._journal = Journal(project, self._annotator_id)

    @property
    def held(self) -> LabelSet:
        """The version that holds."""
        return self._project.labelset

    def uses(self) -> dict[Key, Use]:
        """How much each label is used by anyone's marks; labels that the set does not have, too."""
        found = migration.uses(self._project.db)
        return {(_kind(table), label): use for (table, label), use in found.items()}

    def versions(self) -> list[Version]:
        """Every version that ever held or was brought in, the newest first."""
        return [
            Version(id_, name, number, created, id_ == self.held.id)
            for id_, name, number, created in self._project.db.execute(
                "SELECT id,name,version,created FROM labelset ORDER BY created DESC,version DESC"
            )
        ]

    def touches(self, change: LabelChange) -> Use:
        """How many marks a change writes: of how many people at most, in how many articles at least."""
        used = self.uses()
        found = [used[key] for key in change.touched if key in used]
        return Use(
            sum(use.marks for use in found),
            max((use.annotators for use in found), default=0),
            max((use.articles for use in found), default=0),
        )

    def few(self) -> bool:
        """Whether the project is so small that its backup takes no time worth telling."""
        return holds_few(self._project.db, _FEW)

    def back_up(self, progress: "Told | None" = None) -> None:
        """Makes the backup that comes before a change of marks; any thread may call it."""
        from annotator.storage.backups import back_up

        back_up(self._project, "labels", progress=progress)

    def apply(self, change: LabelChange, *, backed_up: bool = False) -> Change:
        """Makes a change of the version that holds; a backup comes before marks are written, if none did."""
        (newest,) = self._project.db.execute("SELECT max(version) FROM labelset").fetchone()
        if _content(change.labelset) == _content(self.held) and not change.touched:
            raise LabelSetError("The label set is like that already.")
        labelset = replace(change.labelset, version=max(newest, self.held.version) + 1)
        marks = self.touches(change).marks
        if marks and not backed_up:
            self.back_up()
        summary = f"{change.summary}{f', {_said(change, marks)}' if marks else ''}"
        with self._journal.labels_gesture(labelset, summary) as gesture:
            add_labelset(self._project.db, labelset, self.held.id)
            _migrate(self._project, gesture, change, labelset)
        return gesture.change

    def strays(self) -> dict[Key, Use]:
        """The labels that live marks have and the set has not, not even as a former name."""
        return {key: use for key, use in self.uses().items() if self.held.now(*key) is None}

    def adopt(self, key: Key, name: str) -> Change:
        """Gives the marks of a label that the set does not have one that it has; suggestions of it follow."""
        kind, stray = key
        target = self.held.find(kind, name)
        if target is None:
            raise LabelSetError(f"The label set “{self.held.name}” has no label {name}.")
        whole = replace(target, former=(*target.former, stray))
        labels = tuple(whole if each == target else each for each in self.held.labels)
        said = f"take the marks of {stray} as {name}"
        return self.apply(LabelChange(replace(self.held, labels=labels), said, {key: name}))

    def catch_up(self) -> Change | None:
        """Gives marks that came in under former names the names of now; None if there are none."""
        renamed = {
            key: now.name
            for key in self.uses()
            if (now := self.held.now(*key)) is not None and now.name != key[1]
        }
        if not renamed:
            return None
        names = ", ".join(sorted(name for _, name in renamed))
        return self.apply(LabelChange(self.held, f"bring marks of {names} to their names of now", renamed))

    # ---------------------------------------------------------------- sorting the marks of a split label

    def unsorted(self, label: Label, limit: int = 1_000) -> list["Unsorted"]:
        """One's own marks that still have a split label, in the order of the queue; the first 1,000."""
        table: Table = _table(label.kind)
        return migration.unsorted(self._project.db, self._annotator_id, table, label.name, limit)

    def left(self, label: Label) -> list[tuple[str, int]]:
        """`(annotator, marks)` of everyone who still has marks of a label."""
        return migration.left_of(self._project.db, _table(label.kind), label.name)

    def sort(self, mark: "Unsorted", label: Label, name: str | None) -> Change:
        """Gives one mark of a split label one of its parts, as one gesture; None deletes the mark."""
        if name is not None and name not in label.into:
            raise GestureRefused(f"{label.name} was split into {', '.join(label.into)}.")
        said = (
            f"sort {label.name} “{mark.words}” as {name}" if name else f"delete {label.name} “{mark.words}”"
        )
        db, table = self._project.db, _table(label.kind)
        with self._journal.gesture("sort", mark.article_id, said) as gesture:
            if name is None:
                migration.drop(db, gesture.id, table, label.name, mark_id=mark.id)
            else:
                migration.relabel(
                    db, gesture.id, table, [label.name], name, labelset_id=self.held.id, mark_id=mark.id
                )
            gesture.writes += 1
        return gesture.change

    # ---------------------------------------------------------------- files

    def read(self, path: Path) -> LabelSet:
        """The label set of a TOML file; LabelSetError names file, line and fault."""
        found = label_set(path)
        if _content(found) == _content(self.held):
            raise LabelSetError(f"{path} says what the labels of this project are already.")
        return found

    def fates(self, other: LabelSet) -> list[Fate]:
        """What becomes of each label in use, if `other` takes over and nothing else is chosen."""
        return label_changes.fates(self.held, other)

    def write(self, path: Path) -> None:
        """Writes the version that holds to a TOML file, in the place of one that is there."""
        try:
            with drafted(path) as draft:
                draft.write_text(label_set_toml(self.held), "utf-8", newline="\n")
        except OSError as error:
            raise ProjectError(
                f"{path} cannot be written ({error.strerror}); choose another place."
            ) from error


def _migrate(project: Project, gesture: Gesture, change: LabelChange, labelset: LabelSet) -> None:
    for table, olds, new in _groups(change.renamed):
        migration.relabel(project.db, gesture.id, table, olds, new, labelset_id=labelset.id)
    for kind, name in change.dropped:
        migration.drop(project.db, gesture.id, _table(kind), name)


def _groups(renamed: Mapping[Key, str]) -> list[tuple[Table, list[str], str]]:
    """The old names of each new one; labels that become one are brought together in one go."""
    groups: dict[tuple[Table, str], list[str]] = {}
    for (kind, old), new in renamed.items():
        groups.setdefault((_table(kind), new), []).append(old)
    return [(table, olds, new) for (table, new), olds in groups.items()]


def _said(change: LabelChange, marks: int) -> str:
    said = counted(marks, "mark")
    return f"{said} {'deleted' if change.dropped and not change.renamed else 'changed'}"


def _content(labelset: LabelSet) -> tuple[object, ...]:
    """What a person sees of a label set: everything but its number."""
    return labelset.name, labelset.labels


def _table(kind: Kind) -> Table:
    return "entity" if kind is Kind.ENTITY else "stance"


def _kind(table: Table) -> Kind:
    return Kind.ENTITY if table == "entity" else Kind.POLARITY
