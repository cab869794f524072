"""Articles that are in the file already: what comes again says of them, and that theirs stands."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from annotator.domain.articles import Article, title_of

_FACTS = ("source", "url", "published", "lang")


def otherwise_said(db: sqlite3.Connection, articles: Iterable[Article]) -> int:
    """How many of the articles that are there already come with another title, fact or meta than theirs.

    What is not said is no other, nor is a title that is the text's first line.
    """
    given = {article.id: article for article in articles}
    return sum(_says_otherwise(given[id_], row) for id_, *row in _stored(db, given))


def _stored(db: sqlite3.Connection, ids: Iterable[int]) -> Iterator[Any]:
    columns = ",".join(("id", "title", *_FACTS, "meta"))
    select = f"SELECT {columns} FROM article WHERE id IN (SELECT value FROM json_each(?))"
    return iter(db.execute(select, (json.dumps(list(ids)),)))


def _says_otherwise(article: Article, stored: list[str | None]) -> bool:
    title, *facts, meta = stored
    said = (getattr(article, name) for name in _FACTS)
    if any(new not in (None, old) for new, old in zip(said, facts, strict=True)):
        return True
    if article.meta and article.meta != json.loads(meta or "{}"):
        return True
    return article.title != title and article.title != title_of(article.text)
