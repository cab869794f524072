"""What a person wants exported: whose marks, of which articles, how split, under which names."""

import heapq
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import field, replace
from types import MappingProxyType

from annotator.domain.articles import Status
from annotator.domain.codec.records import Origin, Record
from annotator.domain.errors import FormatError
from annotator.domain.frozen import frozen
from annotator.domain.marks import Source
from annotator.domain.queue_filter import parsed
from annotator.services.splits import Split
from annotator.storage.adjudications import shared_articles
from annotator.storage.gold_records import gold_records, has_gold
from annotator.storage.project import Project
from annotator.storage.queries import NOBODY
from annotator.storage.queue_search import queue_ids
from annotator.storage.records import label_records, suggestion_records

_WORKED = "SELECT name FROM annotator a WHERE EXISTS(SELECT 1 FROM op WHERE annotator_id=a.id) ORDER BY id"


@frozen
class ExportChoices:
    """What is written, and how.

    `format_name` None: by the ending of the file, else JSONL. `of` is "annotator:NAME", "gold", "votes" (each
    annotator's work, a record each) or "suggestions"; None: the only annotator's. `statuses` are the
    annotator's, or gold's (done, or doing while something is undecided), none: any. `filter` is as typed over
    the queue. `decided` keeps of labels only what answers a suggestion; `rejected` False leaves rejected
    suggestions out. `pseudonyms` calls annotators annotator-1 and so on, in the order in which they came.
    Without the text, what is written fits the articles of a project that has them. `options` are those of the
    format.
    """

    format_name: str | None = None
    of: str | None = None
    statuses: tuple[Status, ...] = ()
    filter: str = ""
    split: Split = field(default_factory=Split)
    decided: bool = False
    rejected: bool = True
    pseudonyms: bool = False
    with_text: bool = True
    options: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if problem := parsed(self.filter).problem:
            raise FormatError(f"The filter cannot be understood: {problem}")


def statuses_named(names: Iterable[str]) -> tuple[Status, ...]:
    """Raises FormatError for what is no status."""
    given = list(names)
    wrong = [name for name in given if name not in list(Status)]
    if wrong:
        raise FormatError(f"There is no status {', '.join(map(repr, wrong))}; use {', '.join(Status)}.")
    return tuple(Status(name) for name in given)


def sources(project: Project) -> list[str]:
    """Whose marks there are to export: `annotator:NAME` for each, then `suggestions`, `gold`, `votes`.

    What all mark alike becomes gold when it is exported.
    """
    names = [f"annotator:{name}" for name in project.annotators()]
    return [
        *names,
        "suggestions",
        *(["gold"] if has_gold(project.db) or shared_articles(project.db) else []),
        *(["votes"] if names else []),
    ]


def source_of(project: Project, of: str | None) -> str:
    """`suggestions`, `gold`, `votes` or `annotator:NAME` of one who is there; FormatError lists what is."""
    names, there = project.annotators(), sources(project)
    soft = ["soft"] if "votes" in there and shared_articles(project.db) else []
    known = "; ".join(f"--of {source}" for source in (*there, *soft))
    if of is None:
        worked = [name for (name,) in project.db.execute(_WORKED)] or names
        if len(worked) == 1:
            return f"annotator:{worked[0]}"
        who = "Several annotators have labelled" if worked else "Nobody has labelled"
        raise FormatError(f"{who} in this project; say whose work to export: {known}.")
    if of in there:
        return of
    kind, _, name = of.partition(":")
    if kind == "annotator":
        raise FormatError(f"There is no annotator {name!r} in this project; there are: {known}.")
    if of == "gold":
        raise FormatError(f"Nothing is gold in this project yet; there are: {known}.")
    raise FormatError(f"Cannot export {of!r}; there are: {known}.")


def chosen_records(
    project: Project,
    db: sqlite3.Connection,
    source: str,
    choices: ExportChoices,
    gold_statuses: Mapping[int, Status] = MappingProxyType({}),
) -> Iterator[Record]:
    """The records of a source as chosen, in the order of the articles; of votes one for each annotator.

    `gold_statuses` are those of articles whose gold is not done.
    """
    records = _records(project, db, source, choices, gold_statuses)
    if choices.filter:
        wanted = set(queue_ids(db, _viewer(project, source), None, choices.filter))
        records = (record for record in records if record.article.id in wanted)
    if choices.decided:
        records = map(_decided, records)
    if not choices.rejected:
        records = (replace(record, rejected=[]) for record in records)
    if choices.pseudonyms:
        names = {name: f"annotator-{n}" for n, name in enumerate(project.annotators(), 1)}
        records = map(_pseudonymised(names), records)
    return records


def _records(
    project: Project,
    db: sqlite3.Connection,
    source: str,
    choices: ExportChoices,
    gold_statuses: Mapping[int, Status],
) -> Iterator[Record]:
    if choices.statuses and source == "suggestions":
        raise FormatError(
            "Suggestions have no status: --status works with --of gold and --of annotator:NAME."
        )
    if source == "suggestions":
        return suggestion_records(db)
    statuses = choices.statuses or tuple(Status)
    if source == "gold":
        return _gold_records(db, statuses, gold_statuses)
    if source != "votes":
        return label_records(db, source.partition(":")[2], statuses)
    began = choices.statuses or tuple(status for status in Status if status is not Status.TODO)
    return _votes(db, project.annotators(), began)


def _votes(db: sqlite3.Connection, names: Iterable[str], statuses: Collection[Status]) -> Iterator[Record]:
    """The records of all annotators, those of an article one behind the other."""
    position = {id_: n for n, (id_,) in enumerate(db.execute("SELECT id FROM article ORDER BY position"))}
    each = [label_records(db, name, statuses) for name in names]
    return heapq.merge(*each, key=lambda record: position[record.article.id])


def _gold_records(
    db: sqlite3.Connection, wanted: Collection[Status], statuses: Mapping[int, Status]
) -> Iterator[Record]:
    for record in gold_records(db):
        status = statuses.get(record.article.id, Status.DONE)
        if status in wanted:
            yield replace(record, status=status)


def _viewer(project: Project, source: str) -> str:
    """Whose statuses, labels and notes a filter looks at."""
    kind, _, name = source.partition(":")
    return project.annotator_id(name) if kind == "annotator" else NOBODY


def _decided(record: Record) -> Record:
    """The record with those marks alone that answer a suggestion."""
    kept = [n for n in range(len(record.marks)) if _answers(record, n)]
    origins = {at: record.origins[n] for at, n in enumerate(kept)}
    return replace(record, marks=[record.marks[n] for n in kept], origins=origins)


def _answers(record: Record, n: int) -> bool:
    origin = record.origins.get(n)
    return origin is not None and origin.source in (Source.ACCEPTED, Source.EDITED)


def _pseudonymised(names: Mapping[str, str]) -> Callable[[Record], Record]:
    def renamed(record: Record) -> Record:
        origins = {n: _anonymous(origin, names) for n, origin in record.origins.items()}
        return replace(record, annotator=names.get(record.annotator or "", None), origins=origins)

    return renamed


def _anonymous(origin: Origin, names: Mapping[str, str]) -> Origin:
    ruling = origin.ruling
    if ruling is None:
        return origin
    votes = tuple((names.get(name, name), label) for name, label in ruling.votes)
    return replace(origin, ruling=replace(ruling, by=names.get(ruling.by, ruling.by), votes=votes))
