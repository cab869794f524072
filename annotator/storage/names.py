"""Which canonical names one annotator's marks and the suggestions of a project use, and where.

Who renames a name across the project means everything called so, suggestions that are still to come too. A
suggestion never changes, so a row of `naming` says what one annotator calls a suggested name now. Rows are
logged: they are undone with the gesture that wrote them, and come along when files are merged.
"""

import json
import sqlite3
from typing import TYPE_CHECKING

from annotator.domain.choices import KINDS, When
from annotator.domain.names import NamePlace, NameRow, NameUse
from annotator.storage.choices import choices_of
from annotator.storage.marks import NAMING, names_now
from annotator.storage.sight import hidden_articles

if TYPE_CHECKING:
    from annotator.storage.journal import Gesture

_LIVE = "annotator_id=:annotator AND gold=0 AND deleted=0"
# One row for every entity, holder and target of one's own that has a name.
_OWN = f"""
SELECT name,label,article_id,id,start FROM entity WHERE {_LIVE} AND name IS NOT NULL
UNION ALL
SELECT holder_name,'holder',article_id,id,holder_start FROM stance WHERE {_LIVE} AND holder_name IS NOT NULL
UNION ALL
SELECT target_name,'target',article_id,id,target_start FROM stance WHERE {_LIVE} AND target_name IS NOT NULL
"""
_SUGGESTED = """
SELECT name,label FROM suggestion WHERE name IS NOT NULL {entity}
UNION ALL SELECT holder_name,'' FROM suggestion WHERE holder_name IS NOT NULL {stance}
UNION ALL SELECT target_name,'' FROM suggestion WHERE target_name IS NOT NULL {stance}
"""
_PARTS = ("holder", "target")
_OF_NAME = f"""
SELECT article_id,id,start FROM entity WHERE {_LIVE} AND name=:name
UNION SELECT article_id,id,start FROM stance
WHERE {_LIVE} AND (holder_name=:name OR target_name=:name)
"""


def holds_few(db: sqlite3.Connection, limit: int) -> bool:
    """Whether the project has at most `limit` marks and suggestions: its names are then read in no time."""
    some = " UNION ALL ".join(
        f"SELECT * FROM (SELECT 1 FROM {table} LIMIT :most)" for table in ("entity", "stance", "suggestion")
    )
    return bool(db.execute(f"SELECT count(*)<:most FROM ({some})", {"most": limit + 1}).fetchone()[0])


def name_uses(db: sqlite3.Connection, annotator_id: str) -> list[NameUse]:
    """Every name of the annotator's marks and of any pipeline's suggestions, those used most first.

    A suggested name is told as the annotator calls it now; of suggestions that are hidden none is told.

    One's own marks count before suggestions. Reads the whole project: beside the window, please.
    """
    found: dict[str, tuple[str, int, int]] = {}
    seen, ask = _seen(db, annotator_id)
    now = names_now(db, annotator_id)
    for suggested, label, count in db.execute(
        f"SELECT name,label,count(*) FROM ({seen}) GROUP BY name,label ORDER BY name,count(*) DESC", ask
    ):
        name = now.get(suggested, suggested)
        known, _, suggestions = found.get(name, ("", 0, 0))
        found[name] = (known or label, 0, suggestions + count)
    for name, label, count in db.execute(
        f"SELECT name,label,count(*) FROM ({_OWN}) GROUP BY name,label ORDER BY name,count(*) DESC",
        {"annotator": annotator_id},
    ):
        known, marks, suggestions = found.get(name, ("", 0, 0))
        own = "" if label in _PARTS else label
        found[name] = ((known if marks else own) or own or known, marks + count, suggestions)
    uses = [NameUse(name, label, marks, suggestions) for name, (label, marks, suggestions) in found.items()]
    return sorted(uses, key=lambda use: (-use.marks, -use.suggestions, use.name))


def _seen(db: sqlite3.Connection, annotator_id: str) -> tuple[str, dict[str, str]]:
    """The SQL of the names in suggestions that the annotator may see, and its parameters."""
    showing = choices_of(db).showing
    hidden = {
        kind: hidden_articles(db, annotator_id, kind, showing)
        for kind in KINDS
        if showing.of(kind) is not When.ALWAYS
    }
    where = {
        kind: f"AND article_id NOT IN (SELECT value FROM json_each(:{kind}))" if kind in hidden else ""
        for kind in KINDS
    }
    return _SUGGESTED.format(**where), {kind: json.dumps(list(ids)) for kind, ids in hidden.items()}


def name_rows(db: sqlite3.Connection, annotator_id: str) -> list[NameRow]:
    """The names of the annotator's marks with counts and labels, those used most first. As `name_uses`."""
    ask = {"annotator": annotator_id}
    labels: dict[str, list[str]] = {}
    for name, label in db.execute(
        f"SELECT name,label FROM ({_OWN}) GROUP BY name,label ORDER BY count(*) DESC,label", ask
    ):
        labels.setdefault(name, []).append(label)
    return [
        NameRow(name, mentions, articles, tuple(labels[name]))
        for name, mentions, articles in db.execute(
            f"SELECT name,count(*) AS mentions,count(DISTINCT article_id) FROM ({_OWN}) "
            "GROUP BY name ORDER BY mentions DESC,name",
            ask,
        )
    ]


def name_row(db: sqlite3.Connection, annotator_id: str, name: str) -> NameRow | None:
    """One of `name_rows`; None for a name that no mark has."""
    found = db.execute(
        f"SELECT label,count(*),count(DISTINCT article_id) FROM ({_OWN}) WHERE name=:name "
        "GROUP BY label ORDER BY count(*) DESC,label",
        {"annotator": annotator_id, "name": name},
    ).fetchall()
    if not found:
        return None
    articles = len({article_id for article_id, _ in marks_named(db, annotator_id, name)})
    return NameRow(name, sum(row[1] for row in found), articles, tuple(row[0] for row in found))


def marks_named(db: sqlite3.Connection, annotator_id: str, name: str) -> list[tuple[int, str]]:
    """`(article, mark)` of every mark that uses a name, in the order of the queue and of the text."""
    return db.execute(
        f"SELECT m.article_id,m.id FROM ({_OF_NAME}) m JOIN article a ON a.id=m.article_id "
        "ORDER BY a.position,m.start,m.id",
        {"annotator": annotator_id, "name": name},
    ).fetchall()


def name_places(db: sqlite3.Connection, annotator_id: str, name: str, limit: int) -> list[NamePlace]:
    """The first `limit` articles of the queue that use a name."""
    firsts: dict[int, str] = {}
    counts: dict[int, int] = {}
    for article_id, mark_id, mentions in db.execute(
        f"SELECT m.article_id,m.id,count(*) FROM ({_OWN}) m JOIN article a ON a.id=m.article_id "
        "WHERE m.name=:name GROUP BY m.article_id,m.id ORDER BY a.position,min(m.start),m.id",
        {"annotator": annotator_id, "name": name},
    ):
        if article_id not in firsts and len(firsts) == limit:
            break
        firsts.setdefault(article_id, mark_id)
        counts[article_id] = counts.get(article_id, 0) + mentions
    return [
        NamePlace(article_id, title, counts[article_id], mark_id)
        for article_id, mark_id in firsts.items()
        for (title,) in db.execute("SELECT title FROM article WHERE id=?", (article_id,))
    ]


def rename_suggested(
    db: sqlite3.Connection, gesture: "Gesture", annotator_id: str, name: str, to: str
) -> None:
    """From here on suggestions that an annotator calls `name` are called `to`, in the gesture's transaction.

    One that is suggested as `name` and called otherwise since an earlier gesture keeps that.
    """
    rows = {was: (now, row_id) for was, now, row_id in db.execute(NAMING, (annotator_id,))}
    for now, row_id in rows.values():
        if now == name:
            gesture.update("naming", row_id, now=to)
    if name not in rows:
        gesture.insert("naming", was=name, now=to)
