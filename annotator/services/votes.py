"""Votes as soft labels: for every group who said what, how often each label, and what became gold."""

import json
import os
import zlib
from array import array
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from annotator.domain.errors import FormatError
from annotator.domain.review import Adjudication, Group, Scope, mark_to_dict
from annotator.services.review_groups import Read, groups_of
from annotator.storage import adjudications as stored
from annotator.storage import queries
from annotator.storage.project import Project

ABSENT = "ABSENT"


def export_votes(project: Project, out: Path, *, dry_run: bool = False) -> int:
    """Writes a JSON line for each article that two have finished, and reads them back; returns how many.

    FormatError if it cannot be written, with `out` as it was before; `dry_run` leaves nothing.
    """
    draft = out.with_name(f".{out.name}.{os.getpid()}.part")
    proofs = array("Q")
    try:
        with draft.open("wb") as file:
            for line in vote_lines(project):
                data = f"{json.dumps(line, ensure_ascii=False)}\n".encode()
                file.write(data)
                proofs.append(zlib.crc32(data))
            file.flush()
            os.fsync(file.fileno())
        with draft.open("rb") as file:
            if array("Q", map(zlib.crc32, file)) != proofs:
                raise FormatError(f"{out} was not written: it does not read back as it was; check the disk.")
        if not dry_run:
            draft.replace(out)
    except OSError as error:
        raise FormatError(f"{out} could not be written ({error.strerror}); choose another place.") from error
    finally:
        draft.unlink(missing_ok=True)
    return len(proofs)


def vote_lines(project: Project) -> Iterator[dict[str, Any]]:
    """For each article its text, who finished it, and its groups by place; offsets are code points."""
    with closing(project.reader()) as db:
        db.execute("BEGIN")  # one state of the file throughout
        for article_id in stored.shared_articles(db):
            article = queries.article(db, article_id)
            readings = stored.readings(db, article_id)
            read = {article_id: Read(article.text, readings)}
            groups = groups_of(read, by_content=True)[article_id]
            said = {
                each.input: each
                for each in stored.adjudications(db, Scope.PEOPLE, [article_id])
                if not (each.second or each.overruled)
            }
            yield {
                "text": article.text,
                "sha256": article.sha256.hex(),
                "title": article.title,
                "annotators": sorted(readings),
                "groups": [_group(group, said.get(group.input)) for group in groups],
            }


def soft_labels(group: Group) -> dict[str, float]:
    """The share of the votes that each label has, ABSENT for those without a mark; they add up to 1."""
    counts = Counter(mark.label if mark else ABSENT for _, mark in group.votes)
    return {label: counts[label] / len(group.votes) for label in sorted(counts)}


def _group(group: Group, said: Adjudication | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind": "stance" if group.is_stance else "entity",
        "start": group.span.start,
        "end": group.span.end,
        "differs": sorted(group.types, key=lambda each: each.rank),
        "votes": {name: mark_to_dict(mark) for name, mark in group.votes},
        "labels": soft_labels(group),
    }
    if said is None or not (said.outcome or said.settled.decided):
        return found
    return found | {
        "gold": mark_to_dict(said.outcome),
        "settled": str(said.settled),
        "lead": said.lead,
        "reason": str(said.reason) if said.reason else None,
        "at": said.at,
    }
