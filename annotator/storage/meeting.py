"""What another project has that this one has not: people, articles, gestures, labels. Found without a change.

The tables of the other one are readable as `theirs.TABLE` (`snapshot`). What was found stands in temporary
tables: who (annotators), intake (articles), coming (gestures), fresh (entries of their log), contested
(articles on which one person worked in both files), becomes (labels).
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import field

from annotator.domain.errors import ProjectError
from annotator.domain.frozen import frozen
from annotator.domain.labels import Kind, LabelSet
from annotator.storage.label_log import folded_with_theirs
from annotator.storage.label_migration import Table, uses
from annotator.storage.label_names import agreed_labels
from annotator.storage.project import Project
from annotator.storage.schema import LOGGED, columns
from annotator.storage.snapshot import NAME

LOCAL = "merge"  # the kind of entries of the log that belong to one file only

_TABLES = {
    "who": "theirs TEXT PRIMARY KEY, ours TEXT NOT NULL, name TEXT NOT NULL, wanted INTEGER NOT NULL",
    "intake": "id INTEGER PRIMARY KEY",
    "coming": "id TEXT PRIMARY KEY",
    "fresh": (
        "op_id TEXT, tbl TEXT, row_id TEXT, their_row TEXT, annotator_id TEXT, article_id INTEGER, "
        "PRIMARY KEY(op_id,tbl,row_id)"
    ),
    "contested": "annotator_id TEXT, article_id INTEGER, PRIMARY KEY(annotator_id,article_id)",
    "newest": "tbl TEXT, row_id TEXT, op_id TEXT, PRIMARY KEY(tbl,row_id)",
    "row": "tbl TEXT, row_id TEXT, annotator_id TEXT, article_id INTEGER, PRIMARY KEY(tbl,row_id)",
    "becomes": "tbl TEXT, label TEXT, ours TEXT NOT NULL, PRIMARY KEY(tbl,label)",
}

_ROW = "iif(c.tbl='status',w.ours||substr(c.row_id,27),c.row_id)"
# An annotator's gesture on an article that is left out stays out; a lead's may reach rows of several people.
_FRESH = f"""
INSERT INTO temp.fresh(op_id,tbl,row_id,their_row,annotator_id,article_id)
SELECT op_id,tbl,row_id,their_row,annotator_id,article_id FROM (
  SELECT c.op_id,c.tbl,{_ROW} AS row_id,c.row_id AS their_row,ifnull(w.ours,'') AS annotator_id,
    c.image->>'article_id' AS article_id
  FROM {NAME}.op o JOIN temp.who p ON p.theirs=o.annotator_id
  JOIN {NAME}.change c ON c.op_id=o.id LEFT JOIN temp.who w ON w.theirs=c.image->>'annotator_id'
  WHERE o.kind<>'{LOCAL}' AND (w.wanted OR (w.wanted IS NULL AND :all))
) a WHERE (a.article_id IS NULL OR {{comes}})
AND NOT EXISTS(SELECT 1 FROM main.change m WHERE m.op_id=a.op_id AND m.tbl=a.tbl AND m.row_id=a.row_id)"""
# A gesture that wrote nothing comes along where its article does.
_COMING = f"""
INSERT INTO temp.coming(id)
SELECT a.id FROM {NAME}.op a JOIN temp.who w ON w.theirs=a.annotator_id
WHERE a.kind<>'{LOCAL}' AND NOT EXISTS(SELECT 1 FROM main.op m WHERE m.id=a.id)
AND (EXISTS(SELECT 1 FROM temp.fresh f WHERE f.op_id=a.id)
  OR (w.wanted AND (a.article_id IS NULL OR {{comes}})
    AND NOT EXISTS(SELECT 1 FROM {NAME}.change c WHERE c.op_id=a.id)))"""
_LOCAL_THERE = f"""
INSERT OR IGNORE INTO temp.contested(annotator_id,article_id)
SELECT w.ours,c.image->>'article_id' FROM {NAME}.op o CROSS JOIN {NAME}.change c ON c.op_id=o.id
CROSS JOIN temp.who w ON w.theirs=c.image->>'annotator_id' WHERE o.kind='{LOCAL}'"""
_ONLY_HERE = f"""
INSERT OR IGNORE INTO temp.contested(annotator_id,article_id)
SELECT t.annotator_id,t.article_id FROM main.{{table}} t
WHERE (t.annotator_id,t.article_id) IN (SELECT annotator_id,article_id FROM temp.fresh)
AND EXISTS(SELECT 1 FROM main.change c JOIN main.op o ON o.id=c.op_id
  WHERE c.tbl='{{table}}' AND c.row_id={{row}}
  AND (o.kind='{LOCAL}' OR NOT EXISTS(SELECT 1 FROM {NAME}.op x WHERE x.id=o.id)))"""
_LABELS = f"""
SELECT f.tbl,c.image->>'label',count(DISTINCT f.row_id) FROM temp.fresh f
JOIN {NAME}.change c ON c.op_id=f.op_id AND c.tbl=f.tbl AND c.row_id=f.their_row
WHERE f.tbl IN('entity','stance') AND c.image->>'deleted'=0 GROUP BY 1,2 ORDER BY 1,2"""
# What a merge has written of the labels is done anew from the gestures, as the label set becomes another.
_RELABELLED = f"""
INSERT OR IGNORE INTO temp.contested(annotator_id,article_id)
SELECT m.annotator_id,m.article_id FROM main.op o CROSS JOIN main.change c ON c.op_id=o.id
CROSS JOIN main.{{table}} m ON m.id=c.row_id WHERE o.kind='{LOCAL}' AND c.tbl='{{table}}'"""
_SAME_SUGGESTION = "s.article_id=m.article_id AND s.run_id=m.run_id AND s.n=m.n"
_DIFFERS = " OR ".join(f"s.{name} IS NOT m.{name}" for name in ("kind", "label", "start", '"end"'))
_LATER_EFFORT = f"""
SELECT count(*) FROM {NAME}.effort e JOIN temp.who w ON w.theirs=e.annotator_id AND w.wanted
WHERE {{comes}} AND NOT EXISTS(SELECT 1 FROM main.effort m
  WHERE m.annotator_id=w.ours AND m.article_id=e.article_id AND m.ms>=e.ms)"""
_NEW_ASSIGNMENTS = f"""
SELECT count(*) FROM {NAME}.assignment g JOIN temp.who w ON w.theirs=g.annotator_id AND w.wanted
WHERE {{comes}} AND NOT EXISTS(SELECT 1 FROM main.assignment m
  WHERE m.annotator_id=w.ours AND m.article_id=g.article_id)"""


@frozen
class Terms:
    """What the person who merges decided.

    `labels`: what labels of others become here, by their name; a label that becomes itself stays as it is.
    `apart`: of people there who have the name of another person here, the name they get.
    """

    new_articles: bool = True
    labels: Mapping[str, str] = field(default_factory=dict)
    apart: Mapping[str, str] = field(default_factory=dict)


@frozen
class Person:
    """Someone who is known there; `gestures` are new ones, `there` those that this file has already.

    `namesake`: known here by the name alone, as the ids differ.
    """

    name: str
    id: str
    name_here: str
    id_here: str
    new: bool
    namesake: bool
    gestures: int = 0
    there: int = 0


@frozen
class LabelRow:
    """A label of marks that the label set to be has not; `becomes` is "" as long as nobody said."""

    kind: Kind
    name: str
    marks: int
    becomes: str


@frozen
class Found:
    """What a merge would bring, in counts of articles, gestures and suggestions.

    `left_out` are gestures; `suggestions_differing` those of which this file holds others under the same
    number; `figures` are times at work and assignments.
    """

    people: tuple[Person, ...]
    labels: tuple[LabelRow, ...]
    articles: int
    articles_there: int
    articles_left_out: int
    gestures: int
    gestures_there: int
    left_out: int
    suggestions: int
    suggestions_differing: int
    figures: int
    label_set: str
    same_label_set: bool

    @property
    def nothing_new(self) -> bool:
        return not (self.articles or self.gestures or self.suggestions or self.figures)

    @property
    def undecided(self) -> tuple[LabelRow, ...]:
        return tuple(row for row in self.labels if not row.becomes)


class Meeting:
    """This project and another one that is joined to its connection.

    `only` restricts what comes in to the rows of some annotators, by their ids there, and `articles` the
    articles that come in.
    """

    def __init__(
        self,
        project: Project,
        terms: Terms,
        *,
        only: Collection[str] | None = None,
        articles: Collection[int] | None = None,
    ) -> None:
        self._project = project
        self._db = project.db
        self._terms = terms
        for name, said in _TABLES.items():
            rowid = "" if "INTEGER PRIMARY" in said else " WITHOUT ROWID"
            self._db.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name}({said}){rowid}")
            self._db.execute(f"DELETE FROM temp.{name}")
        people = self._find_people(only)
        self._find_articles(articles)
        self._db.execute(_FRESH.format(comes=article_comes("a")), {"all": only is None})
        self._db.execute(_COMING.format(comes=article_comes("a")))
        self._find_contested()
        self._folded = folded_with_theirs(self._db)
        self._find_relabelled()
        self.found = self._count(people, self._find_labels())

    def becomes(self) -> dict[tuple[Table, str], str]:
        """What labels of marks become that get another one here, by table and name there."""
        rows = self._db.execute("SELECT tbl,label,ours FROM temp.becomes ORDER BY tbl,label")
        return {(table, label): ours for table, label, ours in rows}

    def said(self) -> dict[tuple[Table, str], str]:
        """What was said at this merge of labels that come, also that one stays as it is."""
        tables: dict[Kind, Table] = {Kind.ENTITY: "entity", Kind.POLARITY: "stance"}
        rows = [row for row in self.found.labels if row.becomes == self._terms.labels.get(row.name)]
        return {(tables[row.kind], row.name): row.becomes for row in rows}

    def _find_people(self, only: Collection[str] | None) -> list[Person]:
        """Everyone known there; somebody new under a name that is taken here is that person."""
        ours = dict(self._db.execute("SELECT id,name FROM main.annotator"))
        ids = {name: id_ for id_, name in ours.items()}
        found = []
        for id_, name in self._db.execute(f"SELECT id,name FROM {NAME}.annotator ORDER BY id").fetchall():
            if id_ in ours:
                found.append(Person(name, id_, ours[id_], id_, new=False, namesake=False))
                continue
            wanted = self._terms.apart.get(name, "").strip() or name
            here = ids.setdefault(wanted, id_)
            found.append(Person(name, id_, wanted, here, new=here == id_, namesake=here != id_))
        self._db.executemany(
            "INSERT INTO temp.who(theirs,ours,name,wanted) VALUES(?,?,?,?)",
            [(each.id, each.id_here, each.name_here, only is None or each.id in only) for each in found],
        )
        return found

    def _find_articles(self, wanted: Collection[int] | None) -> None:
        if wanted is not None:
            self._db.executemany("INSERT INTO temp.intake(id) VALUES(?)", [(id_,) for id_ in wanted])
        elif self._terms.new_articles:
            self._db.execute(
                f"INSERT INTO temp.intake(id) SELECT id FROM {NAME}.article "
                "WHERE id NOT IN (SELECT id FROM main.article)"
            )

    def _find_contested(self) -> None:
        self._db.execute(_LOCAL_THERE)
        for table, name in LOGGED.items():
            if "article_id" in columns(self._db, table):
                self._db.execute(_ONLY_HERE.format(table=table, row=name.format(row="t")))
        self._db.execute(
            "DELETE FROM temp.contested WHERE (annotator_id,article_id) NOT IN "
            "(SELECT annotator_id,article_id FROM temp.fresh)"
        )

    def _find_relabelled(self) -> None:
        if self._one("SELECT EXISTS(SELECT 1 FROM temp.fresh WHERE tbl='labelset_current')"):
            for table in ("entity", "stance"):
                self._db.execute(_RELABELLED.format(table=table))

    def _find_labels(self) -> list[LabelRow]:
        """Labels of marks that the label set to be does not have under that name; fills `becomes`."""
        ours, theirs = self._label_set_to_be(), _label_set(self._db, NAME)
        rows: list[LabelRow] = []
        for (table, name), marks in self._marks_by_label(ours, theirs).items():
            kind = Kind.ENTITY if table == "entity" else Kind.POLARITY
            if ours.find(kind, name) is not None:
                continue
            becomes = _agreed(self._labels_said(table), ours, theirs, kind, name)
            if not becomes and self._folded is not None:
                becomes = self._folded.now(kind, name)
            rows.append(LabelRow(kind, name, marks, becomes))
            if becomes and becomes != name:
                self._db.execute("INSERT INTO temp.becomes VALUES(?,?,?)", (table, name, becomes))
        return rows

    def _marks_by_label(self, ours: LabelSet, theirs: LabelSet) -> Counter[tuple[Table, str]]:
        """Marks whose label the label set to be may not have: coming ones, and ours if the set changes."""
        found: Counter[tuple[Table, str]] = Counter()
        if self._has_other_sets() or not all(ours.find(each.kind, each.name) for each in theirs.labels):
            found.update({(table, name): marks for table, name, marks in self._db.execute(_LABELS)})
        if ours.id != self._project.labelset.id:
            found.update({key: use.marks for key, use in uses(self._db).items()})
        return found

    def _labels_said(self, table: str) -> dict[str, str]:
        """What was said of labels at this merge, or else at an earlier one."""
        before = {label: now for (kind, label), now in agreed_labels(self._db).items() if kind == table}
        return before | dict(self._terms.labels)

    def _has_other_sets(self) -> bool:
        """Whether marks there may have been made under another version than the one that holds there."""
        return self._one(f"SELECT count(*) FROM {NAME}.labelset") > 1

    def _label_set_to_be(self) -> LabelSet:
        """The label set that will hold here."""
        return self._folded.labelset if self._folded else self._project.labelset

    def _count(self, people: list[Person], labels: list[LabelRow]) -> Found:
        one, theirs = self._one, _label_set(self._db, NAME)
        found = self._with_gestures(people)
        new, there = sum(each.gestures for each in found), sum(each.there for each in found)
        known = one(f"SELECT count(*) FROM {NAME}.article WHERE id IN (SELECT id FROM main.article)")
        articles = one("SELECT count(*) FROM temp.intake")
        every = one(f"SELECT count(*) FROM {NAME}.op WHERE kind<>'{LOCAL}'")
        return Found(
            found,
            tuple(labels),
            articles=articles,
            articles_there=known,
            articles_left_out=one(f"SELECT count(*) FROM {NAME}.article") - known - articles,
            gestures=new,
            gestures_there=there,
            left_out=every - new - there,
            suggestions=one(
                f"SELECT count(*) FROM {NAME}.suggestion s WHERE {article_comes('s')} "
                f"AND NOT EXISTS(SELECT 1 FROM main.suggestion m WHERE {_SAME_SUGGESTION})"
            ),
            suggestions_differing=one(
                f"SELECT count(*) FROM {NAME}.suggestion s JOIN main.suggestion m ON {_SAME_SUGGESTION} "
                f"WHERE {_DIFFERS}"
            ),
            figures=one(_LATER_EFFORT.format(comes=article_comes("e")))
            + one(_NEW_ASSIGNMENTS.format(comes=article_comes("g"))),
            label_set=f"{theirs.name} {theirs.version}",
            same_label_set=theirs.id == self._label_set_to_be().id,
        )

    def _with_gestures(self, people: list[Person]) -> tuple[Person, ...]:
        by_author = (
            f"SELECT o.annotator_id,count(*) FROM {NAME}.op o JOIN {{other}} x ON x.id=o.id GROUP BY 1"
        )
        new = dict(self._db.execute(by_author.format(other="temp.coming")))
        there = dict(self._db.execute(by_author.format(other="main.op")))
        return tuple(
            Person(
                each.name,
                each.id,
                each.name_here,
                each.id_here,
                each.new,
                each.namesake,
                new.get(each.id, 0),
                there.get(each.id, 0),
            )
            for each in people
        )

    def _one(self, statement: str) -> int:
        return int(self._db.execute(statement).fetchone()[0])


def article_comes(row: str) -> str:
    """SQL: whether the article that a row names is here, or is to come in."""
    return (
        f"({row}.article_id IN (SELECT id FROM main.article) "
        f"OR {row}.article_id IN (SELECT id FROM temp.intake))"
    )


def refuse_undecided(found: Found, path: str) -> None:
    """Raises ProjectError for labels of which nobody said what they become."""
    if not found.undecided:
        return
    names = ", ".join(f"{row.name} ({row.marks:,})" for row in found.undecided)
    first = found.undecided[0].name
    raise ProjectError(
        f"{path} cannot come in yet: the label set would not know labels that marks have: {names}. "
        "Say what each becomes, "
        f"as in --map {first}=OURS, or let it stay as it is: --map {first}={first}. "
        "Nothing of this file came in."
    )


def _agreed(agreed: Mapping[str, str], ours: LabelSet, theirs: LabelSet, kind: Kind, name: str) -> str:
    """What a label becomes: what was said, else what either label set says it was called before."""
    said = agreed.get(name, "")
    if said == name or (said and ours.find(kind, said) is not None):
        return said
    known = ours.now(kind, name) or ours.now(kind, said)
    if known is not None:
        return known.name
    there = theirs.find(kind, name)
    former = there.former if there else ()
    return next((old for old in former if ours.find(kind, old) is not None), "")


def _label_set(db: sqlite3.Connection, schema: str) -> LabelSet:
    (content,) = db.execute(
        f"SELECT content FROM {schema}.labelset "
        f"WHERE id=(SELECT value FROM {schema}.meta WHERE key='labelset')"
    ).fetchone()
    return LabelSet.from_dict(json.loads(content))
