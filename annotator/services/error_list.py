"""Error lists: what an evaluation found wrong, one record a line, written to a file and read from it."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from annotator.agreement.differences import Difference, Kind
from annotator.domain.articles import Article
from annotator.domain.errors import FormatError
from annotator.domain.frozen import frozen
from annotator.domain.marks import Entity, Mark, Part, Stance
from annotator.domain.suggestions import Run
from annotator.domain.text import Span
from annotator.services.destinations import refuse_file

_CONTEXT = 60  # code points on each side
_LONGEST = 300  # code points of a text in a record


@frozen
class Mistake:
    """One error as a person reads it: what gold says and what was found, "" where there is nothing.

    `span` is where to look in the article with that id; `words` are the words there.
    """

    kind: Kind
    article_id: int
    title: str
    span: Span
    words: str
    gold: str
    found: str

    @property
    def what(self) -> str:
        """`missed`, `wrong label`."""
        alone = (Kind.MISSED, Kind.SPURIOUS)
        return self.kind.value if self.kind in alone else f"wrong {self.kind}"

    @property
    def said(self) -> str:
        """The error in a sentence without its end."""
        if self.kind in (Kind.MISSED, Kind.SPURIOUS):
            return f"{self.what} {self.gold or self.found}"
        return f"{self.what}: gold has {self.gold}, found was {self.found}"


@frozen
class Errors:
    """An error list that was read; `pipeline` is name and version, "" if it does not say."""

    path: Path
    pipeline: str
    mistakes: tuple[Mistake, ...]


def write_errors(path: Path, run: Run, mistakes: Iterable[tuple[Article, Difference]]) -> int:
    """Writes the records and returns how many; FormatError with nothing changed when that cannot be done."""
    refuse_file(path)
    real = path.resolve()
    draft = real.with_name(f".{real.name}.{os.getpid()}.part")
    count = 0
    try:
        with draft.open("w", encoding="utf-8") as file:
            for article, mistake in mistakes:
                record = _record(article, mistake) | {"pipeline": run.pipeline, "version": run.version}
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
                count += 1
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, real)
    except OSError as error:
        raise FormatError(
            f"{path} could not be written ({error.strerror}); nothing took its place. Check room and rights."
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return count


def read_errors(path: Path) -> Errors:
    """The error list of a file.

    Raises FormatError, with the line, for a file that cannot be read or is none.
    """
    mistakes: list[Mistake] = []
    pipeline = ""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    mistake, whose = _read(path, number, line)
                    mistakes.append(mistake)
                    pipeline = pipeline or whose
    except OSError as error:
        raise FormatError(f"{path} cannot be read ({error.strerror}); choose an error list.") from error
    return Errors(path, pipeline, tuple(mistakes))


def _read(path: Path, number: int, line: bytes) -> tuple[Mistake, str]:
    """The error of a line, and the pipeline that made it."""
    try:
        fields = json.loads(line)
        return _mistake(fields), f"{fields['pipeline']} {fields['version']}"
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FormatError(
            f"{path}, line {number}: not a record of an error list; "
            "annotator evaluate PROJECT --gold FILE --errors OUT.jsonl writes one."
        ) from error


def _record(article: Article, mistake: Difference) -> dict[str, object]:
    text, span = article.text, mistake.span
    mark = mistake.gold or mistake.found
    return {
        "article": str(article.id),
        "sha256": article.sha256.hex(),
        "title": article.title,
        "what": "stance" if isinstance(mark, Stance) else "entity",
        "kind": mistake.kind.value,
        "start": span.start,
        "end": span.end,
        "text": span.of(text)[:_LONGEST],
        "before": text[max(0, span.start - _CONTEXT) : span.start],
        "after": text[span.end : span.end + _CONTEXT],
        "gold": _mark(text, mistake.gold),
        "found": _mark(text, mistake.found),
    }


def _mark(text: str, mark: Mark | None) -> dict[str, object] | None:
    match mark:
        case None:
            return None
        case Entity():
            return _stretch(text, mark.span) | {"label": mark.label}
        case Stance():
            parts = {"holder": _part(text, mark.holder), "target": _part(text, mark.target)}
            return _stretch(text, mark.span) | {"label": mark.label} | parts


def _part(text: str, part: Part | None) -> dict[str, object] | None:
    return _stretch(text, part.span) if part else None


def _stretch(text: str, span: Span) -> dict[str, object]:
    return {"start": span.start, "end": span.end, "text": span.of(text)[:_LONGEST]}


def _mistake(fields: dict[str, Any]) -> Mistake:
    kind = Kind(fields["kind"])
    return Mistake(
        kind,
        int(fields["article"]),
        str(fields["title"]),
        Span(fields["start"], fields["end"]),
        str(fields["text"]),
        _said(kind, fields["gold"]),
        _said(kind, fields["found"]),
    )


def _said(kind: Kind, mark: dict[str, Any] | None) -> str:
    """What one side says of the place, as far as the error is about it."""
    if mark is None:
        return ""
    if kind in (Kind.HOLDER, Kind.TARGET):
        part = mark[kind.value]
        return f"{kind.value} “{part['text']}”" if part else f"no {kind.value}"
    if kind is Kind.POLARITY:
        return str(mark["label"])
    said = f"{mark['label']} “{mark['text']}”"
    parts = [f"{role}: {mark[role]['text']}" for role in ("holder", "target") if mark.get(role)]
    return ", ".join([said, *parts])
