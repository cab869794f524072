"""Bringing the work of several project files together in one; a report says what came of each file."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import OperationalError

from annotator.domain.directions import isolated
from annotator.domain.errors import AnnotatorError, GestureRefused, ProjectReadOnly
from annotator.domain.frozen import frozen
from annotator.services.wording import counted
from annotator.storage.backups import back_up
from annotator.storage.bulk import loading
from annotator.storage.meeting import Found, Meeting, Terms, refuse_undecided
from annotator.storage.merging import Merged, bring_in
from annotator.storage.project import Project
from annotator.storage.snapshot import joined

__all__ = ["FileReport", "Found", "MergeReport", "Terms", "look", "merge", "told"]

Progress = Callable[[int, int | None], None]

_STEPS = 20_000  # of SQLite's machine between two words on progress
_NAMED = 20  # conflicts that are told one by one


@frozen
class ConflictReport:
    """Rows of one annotator on one article that were written in both files, by table: how many of each."""

    annotator: str
    article_id: int
    title: str
    rows: dict[str, int]

    def __str__(self) -> str:
        rows = ", ".join(
            counted(count, word, {"entity": "entities", "status": "statuses"}.get(table, ""))
            for table, count in self.rows.items()
            if (word := table.replace("_", " "))
        )
        where = f"{isolated(self.annotator)} in “{isolated(self.title)}”"
        return f"{where}: {rows} changed in both files; what was done last stands."


@frozen
class FileReport:
    """What came of one file. `error` is for people, "" if it came in; then `found` and `merged` are there."""

    path: Path
    error: str = ""
    found: Found | None = None
    merged: Merged | None = None
    conflicts: tuple[ConflictReport, ...] = ()

    def to_dict(self) -> dict[str, object]:
        if self.found is None:
            return {"file": str(self.path), "state": "refused", "error": self.error}
        found = self.found
        return {
            "file": str(self.path),
            "state": "merged" if self.merged else "nothing new",
            "articles": {
                "new": found.articles,
                "there": found.articles_there,
                "left_out": found.articles_left_out,
            },
            "gestures": {"new": found.gestures, "there": found.gestures_there, "left_out": found.left_out},
            "suggestions": {"new": found.suggestions, "differing": found.suggestions_differing},
            "annotators": [
                {
                    "name": person.name,
                    "here": person.name_here,
                    "new": person.new,
                    "by_name": person.namesake,
                    "gestures": person.gestures,
                }
                for person in found.people
            ],
            "labels": [
                {"kind": str(row.kind), "label": row.name, "becomes": row.becomes, "marks": row.marks}
                for row in found.labels
            ],
            "label_set": {"theirs": found.label_set, "same": found.same_label_set},
            "conflicts": [
                {
                    "annotator": each.annotator,
                    "article": each.article_id,
                    "title": each.title,
                    "rows": each.rows,
                }
                for each in self.conflicts
            ],
            "notes": self.notes(),
        }

    def lines(self, name: str = "") -> list[str]:
        """For people: one line that begins with the path or a name, then what is to be known besides."""
        if self.found is None:
            return [f"{name or self.path} was left out. {self.error}"]
        return [f"{name or self.path}: {told(self.found)}.", *self.notes()]

    def notes(self) -> list[str]:
        """What went otherwise than one might think."""
        assert self.found is not None
        found = self.found
        notes = [
            f"{person.name} there and {person.name_here} here are one person: the names are equal."
            for person in found.people
            if person.namesake and person.gestures
        ]
        if found.left_out:
            articles = counted(found.articles_left_out, "article that is", "articles that are")
            notes.append(f"Left out: {counted(found.left_out, 'gesture')} on {articles} not in the project.")
        elif found.articles_left_out:
            notes.append(
                f"Left out: {counted(found.articles_left_out, 'article')} that the project does not have."
            )
        if found.suggestions_differing:
            notes.append(
                f"{counted(found.suggestions_differing, 'suggestion')} of the same readings differ; "
                "those here stay."
            )
        notes += [
            f"{row.name} becomes {row.becomes}: {counted(row.marks, 'mark')}."
            if row.name != row.becomes
            else f"{row.name} stays as it is: {counted(row.marks, 'mark')}, and no new ones can have it."
            for row in found.labels
            if row.becomes
        ]
        notes += [str(conflict) for conflict in self.conflicts[:_NAMED]]
        if len(self.conflicts) > _NAMED:
            notes.append(
                f"And {counted(len(self.conflicts) - _NAMED, 'more article')} changed in both files."
            )
        return notes


@frozen
class MergeReport:
    """What came of a merge; `backup` is the project as it was, None if nothing was written."""

    files: tuple[FileReport, ...]
    backup: Path | None = None

    @property
    def failed(self) -> bool:
        return any(file.error for file in self.files)

    def to_dict(self) -> dict[str, object]:
        """As `--json` prints it."""
        return {
            "files": [file.to_dict() for file in self.files],
            "backup": str(self.backup) if self.backup else None,
        }

    def lines(self) -> list[str]:
        """For people; files that did not come in are told apart, as errors."""
        lines = [line for file in self.files if not file.error for line in file.lines()]
        return lines + ([f"The project as it was is in {self.backup}."] if self.backup else [])


@dataclass(slots=True)
class _Moving:
    """Tells progress from within SQLite's statements; what it raises ends them."""

    progress: Progress
    done: int
    total: int
    raised: BaseException | None = field(default=None)

    def __call__(self) -> int:
        try:
            self.progress(self.done, self.total)
        except (AnnotatorError, KeyboardInterrupt) as stop:
            self.raised = stop
        return int(self.raised is not None)


def told(found: Found) -> str:
    """What a file brings, in a few words without a stop."""
    if found.nothing_new:
        there = f"{counted(found.gestures_there, 'gesture')} already here"
        return f"nothing new, {there}" if found.gestures_there else "nobody has worked in it yet"
    workers = [person for person in found.people if person.gestures]
    gestures = counted(found.gestures, "gesture")
    if len(workers) == 1:
        gestures += f" of {isolated(workers[0].name_here)}"
    elif workers:
        gestures += f" ({', '.join(f'{each.gestures:,} of {isolated(each.name_here)}' for each in workers)})"
    counts = (
        (found.articles, "new article", ""),
        (found.suggestions, "suggestion", ""),
        (found.gestures_there, "gesture already here", "gestures already here"),
    )
    return ", ".join([gestures, *(counted(count, one, many) for count, one, many in counts if count)])


def look(project: Project, other: Path, terms: Terms | None = None) -> Found:
    """What merging a file would bring, and what has to be decided before. Changes nothing."""
    (query_only,) = project.db.execute("PRAGMA query_only").fetchone()
    project.db.execute("PRAGMA query_only=OFF")  # it forbids tables of the connection's own, too
    try:
        with joined(project, other):
            return Meeting(project, terms or Terms()).found
    finally:
        project.db.execute(f"PRAGMA query_only={query_only}")


def merge(
    project: Project,
    others: Sequence[Path],
    *,
    terms: Terms | None = None,
    progress: Progress | None = None,
) -> MergeReport:
    """Bring the work of other project files into this one; the other files are only read.

    Each file comes in whole or not at all; one that cannot is told in the report, and the others still come
    in. A backup is made before the first change. `terms` name what has to be decided: labels of another
    version of the label set, and people who only share a name. `progress` is told files done and in all, and
    raises GestureRefused to cancel; who cancels keeps the files that are in by then.
    """
    if project.read_only is not None:
        raise ProjectReadOnly(project.read_only)
    files: list[FileReport] = []
    backup: Path | None = None
    for n, other in enumerate(others):
        try:
            with _watched(project, progress, n, len(others)):
                report, backup = _merge_one(project, other, terms or Terms(), backup)
        except GestureRefused:
            raise
        except AnnotatorError as error:
            report = FileReport(other, error=str(error))
        files.append(report)
    return MergeReport(tuple(files), backup)


def _merge_one(
    project: Project, other: Path, terms: Terms, backup: Path | None
) -> tuple[FileReport, Path | None]:
    with joined(project, other):
        meeting = Meeting(project, terms)
        found = meeting.found
        refuse_undecided(found, str(other))
        if found.nothing_new:
            return FileReport(other, found=found), backup
        backup = backup or back_up(project, "merge")
        try:
            with loading(project.db), project.writing():
                merged = bring_in(project, meeting, source=other.name)
        finally:
            project.reload_labels()
    return FileReport(other, found=found, merged=merged, conflicts=tuple(_told(project, merged))), backup


def _told(project: Project, merged: Merged) -> Iterator[ConflictReport]:
    names = dict(project.db.execute("SELECT id,name FROM annotator"))
    for each in merged.conflicts:
        (title,) = project.db.execute("SELECT title FROM article WHERE id=?", (each.article_id,)).fetchone()
        yield ConflictReport(names[each.annotator_id], each.article_id, title, dict(each.rows))


@contextmanager
def _watched(project: Project, progress: Progress | None, done: int, total: int) -> Iterator[None]:
    """Lets progress be told while a statement runs; one that is stopped leaves nothing."""
    if progress is None:
        yield
        return
    progress(done, total)
    moving = _Moving(progress, done, total)
    project.db.set_progress_handler(moving, _STEPS)
    try:
        yield
    except OperationalError:
        if moving.raised is None:
            raise
        raise moving.raised from None
    finally:
        project.db.set_progress_handler(None, 0)
