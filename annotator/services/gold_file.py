"""Gold files: JSONL whose marks are right, read article by article with what of it does not count."""

from dataclasses import dataclass, field
from pathlib import Path

from annotator.domain.articles import Article, Status
from annotator.domain.codec.problems import RecordError
from annotator.domain.codec.records import Record
from annotator.domain.errors import FormatError
from annotator.domain.frozen import frozen
from annotator.domain.marks import Mark
from annotator.domain.text import Span
from annotator.domain.zone_rules import find_zones
from annotator.formats.contract import Fault, Reading, faulty
from annotator.formats.registry import format_named
from annotator.formats.sources import FileSource
from annotator.services.label_mapping import LabelChoices, LabelMapping
from annotator.storage.marks import mark_of, zones
from annotator.storage.project import Project

# A gold record counts if a person has finished it, or if it does not say who did what.
_FINISHED = (None, Status.DONE)


@frozen
class GoldArticle:
    """One article with the marks that are right, and the zones in which nothing is scored."""

    article: Article
    marks: tuple[Mark, ...]
    zones: tuple[Span, ...]
    known: bool  # whether the project has it


@dataclass(slots=True)
class Gold:
    """A gold file as it was read: its articles by id, and what of it does not count."""

    path: Path
    articles: dict[int, GoldArticle] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    repeated: int = 0
    unfinished: int = 0


def read_gold(project: Project, path: Path) -> Gold:
    """The gold articles of a JSONL file; FormatError when there is none that counts."""
    gold = Gold(path)
    mapping = LabelMapping(project.labelset, LabelChoices())
    source = FileSource(path)
    try:
        for piece in format_named("jsonl").read(source, Reading(project.labelset)):
            gold.faults += piece.faults
            if piece.record is not None:
                try:
                    _add(project, gold, mapping.applied(piece.record))
                except RecordError as error:
                    gold.faults += faulty(piece.read, source, piece.line, error).faults
    except OSError as error:
        raise FormatError(
            f"{path} cannot be read ({error.strerror}); give a JSONL file of labels."
        ) from error
    if not gold.articles:
        fault = f" {gold.faults[0]}" if gold.faults else ""
        raise FormatError(f"{path} has no finished article to compare with.{fault}")
    return gold


def _add(project: Project, gold: Gold, record: Record) -> None:
    article = record.article
    if record.status not in _FINISHED:
        gold.unfinished += 1
    elif article.id in gold.articles:
        gold.repeated += 1
    else:
        known = bool(project.db.execute("SELECT 1 FROM article WHERE id=?", (article.id,)).fetchone())
        if record.zones is not None:
            found = tuple(Span(start, end) for start, end, _ in record.zones)
        elif known:
            found = tuple(zone.span for zone in zones(project.db, article.id, None))
        else:
            found = tuple(zone.span for zone in find_zones(article.text))
        marks = (
            mark_of("", Span(start, end), label, name, parts, is_entity=kind == "entity")
            for kind, label, start, end, _, name, *parts in record.marks
        )
        gold.articles[article.id] = GoldArticle(article, tuple(marks), found, known)
