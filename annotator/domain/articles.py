"""Articles and where each stands for one annotator."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from annotator.domain.frozen import frozen
from annotator.domain.text import each_paragraph, id_of, sha256_of, trimmed

# The title is looked for in this many code points: a huge article is not read twice for it.
_HEAD = 4_000
_FIRST_LOOK = 400


class Status(StrEnum):
    TODO = "todo"
    DOING = "doing"
    DONE = "done"
    FLAGGED = "flagged"
    SKIPPED = "skipped"


@frozen
class Article:
    """One immutable text. `meta` holds whatever else the source said, JSON values only."""

    id: int
    sha256: bytes
    title: str
    text: str
    source: str | None = None
    url: str | None = None
    published: str | None = None
    lang: str | None = None
    meta: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        text: str,
        *,
        title: str | None = None,
        source: str | None = None,
        url: str | None = None,
        published: str | None = None,
        lang: str | None = None,
        meta: Mapping[str, object] | None = None,
    ) -> "Article":
        """The article of a text; the title is the first line that is not blank unless one is given."""
        sha256 = sha256_of(text)
        return cls(
            id_of(sha256),
            sha256,
            title or title_of(text),
            text,
            source,
            url,
            published,
            lang,
            dict(meta or {}),
        )


def title_of(text: str) -> str:
    """The first line that is neither blank nor a zone: at most 200 code points, no BOM or outer space."""
    # Nearly always the first line, and looking for debris costs by the length.
    return _first_line(text[:_FIRST_LOOK], only_sure=True) or _first_line(text[:_HEAD]) or "Untitled"


def _first_line(head: str, *, only_sure: bool = False) -> str | None:
    """The title in the beginning of a text; `only_sure` gives one that more of the text could not change."""
    from annotator.domain.zone_rules import debris_of, kind_of_line

    debris = debris_of(head)
    if only_sure and debris:
        return None
    for start, end in each_paragraph(head):
        if only_sure and end == len(head):
            return None
        line = trimmed(head, start + head.startswith("\ufeff", start), end)
        if line is None or any(span.covers(line) for span in debris):
            continue
        if kind_of_line(line.of(head)) is None:
            return line.of(head)[:200]
    return None
