"""Handing articles out: a file for every annotator, which comes back by merging; and who is where."""

import re
import sqlite3
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from annotator.domain.errors import ProjectError, ProjectExists
from annotator.domain.frozen import frozen
from annotator.domain.handout import Shares, shares
from annotator.services.wording import counted
from annotator.storage import assignments
from annotator.storage.assignments import Progress
from annotator.storage.durable import files_explained, sync, sync_folder
from annotator.storage.intake import take_annotator, take_choices
from annotator.storage.meeting import Meeting, Terms
from annotator.storage.merging import bring_in
from annotator.storage.project import Project
from annotator.storage.snapshot import attached, copied

__all__ = ["OVERLAP", "Handed", "HandoutReport", "Plan", "Progress", "hand_out", "plan", "progress"]

OVERLAP = 0.2
_NAMED = 5  # people at most, else they are counted
_UNSAFE = re.compile(r"[^\w.-]+")

Told = Callable[[int, int | None], None]


@frozen
class Handed:
    """What one annotator was given, in which file; `shared` of the articles everyone has."""

    name: str
    path: Path
    articles: int
    shared: int
    words: int

    def __str__(self) -> str:
        own = f"{self.articles - self.shared:,} alone, {self.shared:,} with everyone"
        return f"{self.name}: {counted(self.articles, 'article')} ({own}), {self.words:,} words: {self.path}"


@frozen
class HandoutReport:
    """What was handed out; `before` counts articles that had been handed out already.

    `finished` counts those that `finishers` had finished: they were handed out all the same, or `left_out`.
    """

    handed: tuple[Handed, ...]
    overlap: float
    seed: int
    before: int
    finished: int = 0
    finishers: tuple[str, ...] = ()
    left_out: bool = False

    def to_dict(self) -> dict[str, object]:
        """As `--json` prints it."""
        return {
            "overlap": self.overlap,
            "seed": self.seed,
            "handed_out_before": self.before,
            "finished_before": self.finished,
            "finished_by": list(self.finishers),
            "finished_left_out": self.left_out,
            "annotators": [
                {
                    "name": each.name,
                    "file": str(each.path),
                    "articles": each.articles,
                    "shared": each.shared,
                    "words": each.words,
                }
                for each in self.handed
            ],
        }

    def lines(self) -> list[str]:
        lines = [str(each) for each in self.handed]
        if self.before:
            lines.append(f"{counted(self.before, 'article')} had been handed out before and stayed out.")
        if self.finished and self.left_out:
            said = counted(self.finished, "article that was", "articles that were")
            lines.append(f"{said} finished already, by {_shortly(self.finishers)}, stayed out.")
        elif self.finished:
            said = counted(self.finished, "of these articles was", "of these articles were")
            lines.append(
                f"{said} finished already, by {_shortly(self.finishers)}; --unfinished leaves such out."
            )
        return [*lines, "When the files come back: annotator merge PROJECT FILE..."]


@frozen
class Plan:
    """How articles would be shared out, and their `words` by id.

    `finished` of those that nobody was given have been finished already, by `finishers`: they are in it, or
    `left_out`.
    """

    shares: Shares
    words: Mapping[int, int]
    finished: int
    finishers: tuple[str, ...]
    left_out: bool

    def finished_told(self) -> str:
        """Who has finished how many of them; "" if none."""
        if not self.finished:
            return ""
        are = counted(self.finished, "of them is", "of them are")
        return f"{are} finished already, by {_shortly(self.finishers)}."


def _shortly(names: Sequence[str]) -> str:
    """The names, or how many there are."""
    return ", ".join(names) if len(names) <= _NAMED else f"{len(names):,} annotators"


def progress(project: Project) -> list[Progress]:
    """How far everyone is who was given articles or has begun any, by name."""
    return assignments.progress(project.db)


def finished(project: Project) -> int:
    """How many articles that nobody was given somebody has finished."""
    return len(assignments.finished(project.db, assignments.unassigned(project.db))[0])


def plan(
    project: Project, people: Sequence[str], *, overlap: float, seed: int, unfinished: bool = False
) -> Plan:
    """How the articles that nobody was given would be shared out; with `unfinished` those alone.

    Raises ProjectError for people, an overlap or a project with which nothing can be handed out.
    """
    names = [name.strip() for name in people]
    if not names or not all(name and name.isprintable() for name in names):
        raise ProjectError("Handing out needs the names of those who label: --to ANA,BEN.")
    if len(set(names)) < len(names):
        raise ProjectError("Somebody is named twice; name everyone once.")
    if not 0 <= overlap <= 1:
        raise ProjectError(f"The overlap is a share from 0 to 1, as in .2 for a fifth; {overlap:g} is not.")
    words = assignments.unassigned(project.db)
    if not words:
        (there,) = project.db.execute("SELECT count(*) FROM article").fetchone()
        why = "every article was handed out before; import new ones" if there else "it has no articles yet"
        raise ProjectError(f"{project.path} has nothing to hand out: {why}.")
    done, finishers = assignments.finished(project.db, words)
    if unfinished:
        words = {article_id: count for article_id, count in words.items() if article_id not in done}
    if not words:
        raise ProjectError(
            f"{project.path} has nothing to hand out: all that nobody was given is finished; leave out "
            "--unfinished to have it labelled again."
        )
    found = shares(words, names, overlap=overlap, seed=seed)
    return Plan(found, words, len(done), tuple(finishers), unfinished)


def hand_out(
    project: Project,
    folder: Path,
    people: Sequence[str],
    *,
    overlap: float = OVERLAP,
    seed: int = 0,
    unfinished: bool = False,
    told: Told | None = None,
) -> HandoutReport:
    """Share out the articles that nobody was given yet, and write a project file for everyone.

    With `unfinished` those that somebody has finished all the same stay out.
    `overlap` of them, a share, go to everyone, the rest to one person each, so that all have as many words to
    read. A file opens as its annotator's own: with those articles alone, the label set, suggestions, what the
    project shows of them, and work its annotator did before. All files are written, or none and nothing is
    kept of it. `told` is called with files written and in all.
    """
    planned = plan(project, people, overlap=overlap, seed=seed, unfinished=unfinished)
    found, words = planned.shares, planned.words
    names = [name.strip() for name in people]
    (articles,) = project.db.execute("SELECT count(*) FROM article").fetchone()
    with files_explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    places = _places(folder, project, names)
    handed = []
    with (
        copied(project.path) as copy,
        files_explained(folder),
        TemporaryDirectory(dir=folder, prefix=".handing-out-") as drafts,
        project.writing() as db,
    ):
        batch = _Batch(project.new_id(), overlap, seed)
        batch.write(db)
        for n, (name, place) in enumerate(zip(names, places, strict=True)):
            share = _Share(name, project.annotator_id(name), frozenset(found.of(name)))
            share.write(db, batch)
            _write_file(project, copy, Path(drafts) / place.name, batch, share)
            total = sum(words[article_id] for article_id in share.articles)
            handed.append(Handed(name, place, len(share.articles), len(found.shared), total))
            if told:
                told(n + 1, len(names))
        for place in places:
            (Path(drafts) / place.name).rename(place)
        sync_folder(places[0])
    before = articles - len(words) - planned.finished * planned.left_out
    return HandoutReport(
        tuple(handed), overlap, seed, before, planned.finished, planned.finishers, planned.left_out
    )


@frozen
class _Batch:
    """One handing out, as it is kept in the project and in every file."""

    id: str
    overlap: float
    seed: int

    def write(self, db: sqlite3.Connection) -> None:
        assignments.write_handout(db, self.id, overlap=self.overlap, seed=self.seed)


@frozen
class _Share:
    """What one annotator is given."""

    name: str
    annotator_id: str
    articles: frozenset[int]

    def write(self, db: sqlite3.Connection, batch: _Batch) -> None:
        assignments.write_assignments(db, batch.id, self.annotator_id, self.articles)


def _write_file(project: Project, copy: Path, place: Path, batch: _Batch, share: _Share) -> None:
    with Project.create(place, project.labelset) as made, attached(made, copy):
        with made.writing() as db:
            take_annotator(db, share.annotator_id, share.name)
            assignments.assign_file(db, share.annotator_id)
            take_choices(db)
        meeting = Meeting(made, Terms(), only={share.annotator_id}, articles=share.articles)
        with made.writing() as db:
            bring_in(made, meeting, source=project.path.name)
            batch.write(db)
            share.write(db, batch)
    sync(place)


def _places(folder: Path, project: Project, names: Sequence[str]) -> list[Path]:
    """A file for everyone, none of which is there; the second handing out numbers its files."""
    number = assignments.count_handouts(project.db) + 1
    behind = f"-{number}" if number > 1 else ""
    places = [folder.resolve() / f"{project.path.stem}-{_in_file_name(name)}{behind}.annot" for name in names]
    for place in places:
        if place.exists():
            raise ProjectExists(f"{place} is there already; choose another folder. Nothing was handed out.")
    if len({str(place).casefold() for place in places}) < len(places):
        raise ProjectError("Two of the names make the same file name; write one of them otherwise.")
    return places


def _in_file_name(name: str) -> str:
    return _UNSAFE.sub("-", unicodedata.normalize("NFC", name)).strip("-.") or "annotator"
