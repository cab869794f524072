"""What suggestions' labels are called now: they keep the label they were made with, whatever it became.

The table label_alias follows the label set that holds; it is empty as long as no label was renamed, merged or
retired, and then reading costs next to nothing more.
"""

import sqlite3
from collections.abc import Iterator

from annotator.domain.choices import Thresholds
from annotator.domain.labels import Kind
from annotator.storage.project import labelset_at

LabelNames = dict[tuple[str, str], str]
AGREED = "merged label/"  # begins the keys under which meta has what labels of other files become
_NOW = "(SELECT x.now FROM label_alias x WHERE x.kind={row}.kind AND x.label={row}.label)"


def label_now(row: str = "s") -> str:
    """SQL of the label of a suggestion as the project calls it now; '' if it is not to be shown."""
    return f"ifnull({_NOW.format(row=row)},{row}.label)"


def label_told(row: str = "s") -> str:
    """As `label_now`, with its own name for one that is not shown."""
    return f"ifnull(nullif({_NOW.format(row=row)},''),{row}.label)"


def aliases(db: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """What labels became, by the kind (`entity`, `stance`) and the name they had; "" for not shown."""
    return {(kind, label): now for kind, label, now in db.execute("SELECT kind,label,now FROM label_alias")}


def labels_become(db: sqlite3.Connection) -> LabelNames:
    """What marks of labels became: as `aliases`, but retired ones have the last name that they got.

    Also of labels of other files that became one of ours when they were merged.
    """
    renamed = {key: now for key, now in _with_retired(db, aliases(db)) if now != key[1]}
    agreed = agreed_labels(db)
    return {key: renamed.get((key[0], now), now) or now for key, now in agreed.items()} | renamed


def _with_retired(db: sqlite3.Connection, names: LabelNames) -> Iterator[tuple[tuple[str, str], str]]:
    """Each label with its name of now, also where its suggestions are not to be shown."""
    held = labelset_at(db) if "" in names.values() else None
    for (kind, label), now in names.items():
        found = held.now(Kind.ENTITY if kind == "entity" else Kind.POLARITY, label) if held else None
        yield (kind, label), now or (found.name if found else label)


def label_names(db: sqlite3.Connection) -> tuple[list[str], list[str]]:
    """The labels of entities and the polarities of all label sets there have been, by the alphabet."""
    rows = db.execute("SELECT DISTINCT kind,name FROM label ORDER BY name").fetchall()
    return [name for kind, name in rows if kind == "entity"], [n for kind, n in rows if kind == "polarity"]


def agreed_labels(db: sqlite3.Connection) -> LabelNames:
    """What labels of other files became at a merge, as somebody said; not of those that are ours by now."""
    found = {}
    for key, now in db.execute(f"SELECT key,value FROM meta WHERE key GLOB '{AGREED}*'"):
        kind, _, label = key.removeprefix(AGREED).partition("/")
        found[kind, label] = now
    if found:
        ours = db.execute(
            "SELECT iif(l.kind='polarity','stance','entity'),l.name FROM label l JOIN meta m "
            "ON m.key='labelset' AND l.labelset_id=m.value"
        )
        for key in ours:
            found.pop(key, None)
    return found


def agree(db: sqlite3.Connection, kind: str, label: str, now: str) -> None:
    """Remembers what a label of other files becomes when they are merged, in the open transaction."""
    db.execute("INSERT OR REPLACE INTO meta(key,value) VALUES(?,?)", (f"{AGREED}{kind}/{label}", now))


def unshown(db: sqlite3.Connection) -> str:
    """SQL that leaves out suggestions `s` of labels that are not to be shown; "" where there are none."""
    row = db.execute("SELECT 1 FROM label_alias WHERE now='' LIMIT 1").fetchone()
    return f" AND {label_now()}<>''" if row else ""


def under_every_name(db: sqlite3.Connection, thresholds: Thresholds) -> Thresholds:
    """Thresholds under the names of now and of before, whichever of them they were given under."""
    scores = {"entity": dict(thresholds.entities), "stance": dict(thresholds.stances)}
    found = aliases(db)
    for (kind, label), now in found.items():
        if now and label in scores[kind]:
            scores[kind].setdefault(now, scores[kind][label])
    for (kind, label), now in found.items():
        if now in scores[kind]:
            scores[kind][label] = scores[kind][now]
    return Thresholds(scores["entity"], scores["stance"])
