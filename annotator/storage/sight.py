"""Which suggestions an annotator may see, what they have seen of them, and the passes they made without."""

import sqlite3

from annotator.domain.choices import KINDS, Showing, SuggestionKind
from annotator.domain.frozen import frozen
from annotator.storage.choices import choices_of

Kinds = frozenset[SuggestionKind]
NO_KIND: Kinds = frozenset()

# Undo hides suggestions again; it does not make them unseen, so the log is asked as well.
_HAS_SEEN = """
SELECT EXISTS(SELECT 1 FROM sight
    WHERE article_id=:article AND annotator_id=:annotator AND kind=:kind AND saw=1)
  OR EXISTS(SELECT 1 FROM own_pass p JOIN change c ON c.tbl='own_pass' AND c.row_id=p.id
    WHERE p.article_id=:article AND p.annotator_id=:annotator AND p.kind=:kind AND c.image->>'revealed'=1)"""


@frozen
class OwnPass:
    """The row of a pass that was made without the suggestions of a kind."""

    id: str
    revealed: bool


def hidden_kinds(db: sqlite3.Connection, article_id: int, annotator_id: str) -> Kinds:
    """The kinds of suggestions that an annotator does not see in an article now."""
    showing = choices_of(db).showing
    if showing.hides_nothing:
        return NO_KIND
    name = name_of(db, annotator_id)
    hidden = [kind for kind in KINDS if showing.hides(kind, name, article_id)]
    if not hidden:
        return NO_KIND
    passes = own_passes(db, article_id, annotator_id)
    return frozenset(kind for kind in hidden if kind not in passes or not passes[kind].revealed)


def own_passes(db: sqlite3.Connection, article_id: int, annotator_id: str) -> dict[SuggestionKind, OwnPass]:
    """The passes an annotator made through an article without suggestions, by the kind that was hidden."""
    rows = db.execute(
        "SELECT kind,id,revealed FROM own_pass WHERE article_id=? AND annotator_id=? AND deleted=0",
        (article_id, annotator_id),
    )
    return {kind: OwnPass(row_id, bool(revealed)) for kind, row_id, revealed in rows}


def has_seen(
    db: sqlite3.Connection, article_id: int, annotator_id: str, kind: SuggestionKind, hidden: Kinds
) -> bool:
    """Whether suggestions of a kind are there for the annotator to see, or were before they were hidden."""
    if db.execute("SELECT 1 FROM suggested WHERE article_id=? LIMIT 1", (article_id,)).fetchone() is None:
        return False
    if kind not in hidden:
        return True
    ask = {"article": article_id, "annotator": annotator_id, "kind": kind}
    return bool(db.execute(_HAS_SEEN, ask).fetchone()[0])


def sight_of(db: sqlite3.Connection, row_id: str) -> tuple[bool, bool] | None:
    """Whether the maker of a mark or a rejection saw suggestions, and whether that was taken back.

    None if it was never noted.
    """
    row = db.execute("SELECT saw,deleted FROM sight WHERE id=?", (row_id,)).fetchone()
    return (bool(row[0]), bool(row[1])) if row else None


def made_blind(db: sqlite3.Connection, article_id: int, annotator_id: str) -> set[str]:
    """The ids of the annotator's marks and decisions that were made without seeing suggestions."""
    rows = db.execute(
        "SELECT id FROM sight WHERE article_id=? AND annotator_id=? AND saw=0 AND deleted=0",
        (article_id, annotator_id),
    )
    return {row_id for (row_id,) in rows}


def hidden_articles(
    db: sqlite3.Connection, annotator_id: str, kind: SuggestionKind, showing: Showing
) -> set[int]:
    """The articles in which the annotator does not see suggestions of a kind."""
    revealed = {
        article_id
        for (article_id,) in db.execute(
            "SELECT article_id FROM own_pass WHERE annotator_id=? AND kind=? AND revealed=1 AND deleted=0",
            (annotator_id, kind),
        )
    }
    name = name_of(db, annotator_id)
    return {
        article_id
        for (article_id,) in db.execute("SELECT id FROM article")
        if article_id not in revealed and showing.hides(kind, name, article_id)
    }


def name_of(db: sqlite3.Connection, annotator_id: str) -> str:
    """An annotator's name; "" for somebody who has none in this file."""
    row = db.execute("SELECT name FROM annotator WHERE id=?", (annotator_id,)).fetchone()
    return str(row[0]) if row else ""
