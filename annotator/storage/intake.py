"""What gestures of another project stand on, brought into this one: people, articles, suggestions.

All of it is known by its content or its id, so what is here already stays as it is.
"""

import sqlite3

from annotator.domain.errors import ProjectDamaged
from annotator.domain.text import id_of, sha256_of
from annotator.storage.choices import choices_of
from annotator.storage.meeting import article_comes
from annotator.storage.snapshot import NAME

_PEOPLE = f"""
INSERT INTO main.annotator(id,name,role)
SELECT w.ours,w.name,a.role FROM temp.who w JOIN {NAME}.annotator a ON a.id=w.theirs
WHERE w.ours NOT IN (SELECT id FROM main.annotator) AND (
  w.ours IN (SELECT annotator_id FROM temp.fresh)
  OR w.theirs IN (SELECT o.annotator_id FROM {NAME}.op o JOIN temp.coming c ON c.id=o.id)
  OR w.wanted AND w.theirs IN (SELECT e.annotator_id FROM {NAME}.effort e WHERE {article_comes("e")})
  OR w.wanted AND w.theirs IN (SELECT g.annotator_id FROM {NAME}.assignment g WHERE {article_comes("g")}))"""
_CONTENT = (
    f"labelset SELECT * FROM {NAME}.labelset",
    f"label SELECT * FROM {NAME}.label",
)
# One version can be made on two ways: whichever file comes first, one of them is told.
_PARENTS = f"""
UPDATE main.labelset SET parent_id=t.parent_id FROM {NAME}.labelset t
WHERE t.id=labelset.id AND t.parent_id>ifnull(labelset.parent_id,'')"""
_READINGS = (
    f"run SELECT * FROM {NAME}.run",
    f"suggested SELECT * FROM {NAME}.suggested s WHERE {article_comes('s')}",
    f"suggestion SELECT * FROM {NAME}.suggestion s WHERE {article_comes('s')}",
    f"meta SELECT * FROM {NAME}.meta WHERE key LIKE 'thresholds/%'",
    f"handout SELECT * FROM {NAME}.handout",
    f"assignment SELECT w.ours,s.article_id,s.handout_id FROM {NAME}.assignment s "
    f"JOIN temp.who w ON w.theirs=s.annotator_id AND w.wanted WHERE {article_comes('s')}",
)
# Time at work only grows, so the larger figure is the later one.
_EFFORT = f"""
INSERT INTO main.effort(annotator_id,article_id,ms)
SELECT w.ours,e.article_id,max(e.ms) FROM {NAME}.effort e
JOIN temp.who w ON w.theirs=e.annotator_id AND w.wanted WHERE {article_comes("e")} GROUP BY 1,2
ON CONFLICT(annotator_id,article_id) DO UPDATE SET ms=max(ms,excluded.ms)"""


def take_in(db: sqlite3.Connection) -> None:
    """Bring what a Meeting found, in the open transaction; ProjectDamaged for a text that was changed."""
    _refuse_false_texts(db)
    for said in _CONTENT:
        db.execute(f"INSERT OR IGNORE INTO main.{said}")
    db.execute(_PARENTS)
    db.execute(_PEOPLE)
    _take_articles(db)
    for said in _READINGS:
        db.execute(f"INSERT OR IGNORE INTO main.{said}")
    db.execute(_EFFORT)


def take_annotator(db: sqlite3.Connection, annotator_id: str, name: str) -> None:
    """An annotator whom the other project may have since it was copied, in the open transaction."""
    db.execute(
        "INSERT INTO main.annotator(id,name,role) "
        f"SELECT ?,?,ifnull((SELECT role FROM {NAME}.annotator WHERE id=?),'annotator')",
        (annotator_id, name, annotator_id),
    )


def take_choices(db: sqlite3.Connection) -> None:
    """The choices about suggestions, in the open transaction, instead of those that are here.

    Where some suggestions are hidden the leads come along, as only they may change that.
    """
    db.execute(
        f"INSERT OR REPLACE INTO main.meta SELECT * FROM {NAME}.meta WHERE key IN('suggestions','showing')"
    )
    if not choices_of(db).showing.hides_nothing:
        db.execute(
            "INSERT OR IGNORE INTO main.annotator(id,name,role) "
            f"SELECT id,name,role FROM {NAME}.annotator WHERE role='lead'"
        )


def _take_articles(db: sqlite3.Connection) -> None:
    """Behind those that are here, in the order they have there."""
    names = [row[1] for row in db.execute("PRAGMA main.table_info(article)")]
    plain = ",".join(name for name in names if name != "position")
    db.execute(
        f"INSERT INTO main.article(position,{plain}) "
        "SELECT (SELECT ifnull(max(position),-1) FROM main.article)+row_number() OVER (ORDER BY position),"
        f"{plain} FROM {NAME}.article "
        "WHERE id IN (SELECT id FROM temp.intake) ORDER BY position"
    )
    db.execute(
        "INSERT INTO main.found_zone "
        f"SELECT z.* FROM {NAME}.found_zone z JOIN temp.intake i ON i.id=z.article_id"
    )


def _refuse_false_texts(db: sqlite3.Connection) -> None:
    """An article is known by its text: another text would be taken for it in every file."""
    for article_id, sha256, text in db.execute(
        f"SELECT id,sha256,text FROM {NAME}.article WHERE id IN (SELECT id FROM temp.intake)"
    ):
        if sha256_of(text) != sha256 or id_of(sha256) != article_id:
            raise ProjectDamaged(
                f"The file is damaged: the text of article {article_id} is not the one that came in. "
                "Ask for the file again, or for a backup of it. Nothing of it came in."
            )
