"""What became of suggestions: decisions by label and score, and what came of those seen and not seen."""

import json
import sqlite3

from annotator.domain.choices import SuggestionKind
from annotator.domain.frozen import frozen
from annotator.domain.suggestions import Verdict
from annotator.storage.choices import thresholds_of
from annotator.storage.label_names import under_every_name

_LABEL = "ifnull(nullif(w.now,''),s.label)"  # what it is called now
_NOW = "LEFT JOIN label_alias w ON w.kind=s.kind AND w.label=s.label"
_BIN = "iif(s.score IS NULL,-1,min(9,CAST(s.score*10 AS INTEGER)))"
_DECIDED = f"""
FROM decision d JOIN suggestion s ON s.article_id=d.article_id AND s.run_id=d.run_id AND s.n=d.n {_NOW}"""
# The newest run of each article in which somebody finished; `seen` is whether suggestions of the kind were.
_MET = f"""
FROM status q
JOIN (SELECT article_id,annotator_id,kind,max(saw) AS saw FROM sight WHERE deleted=0 GROUP BY 1,2,3) seen
  ON seen.article_id=q.article_id AND seen.annotator_id=q.annotator_id
JOIN (SELECT article_id,run_id,row_number() OVER (PARTITION BY article_id ORDER BY at DESC,run_id DESC) AS age
  FROM suggested) r ON r.article_id=q.article_id AND r.age=1
JOIN suggestion s ON s.article_id=q.article_id AND s.run_id=r.run_id AND s.kind=seen.kind {_NOW}
LEFT JOIN json_each(:thresholds) t ON t.key=s.run_id||' '||s.kind||' '||s.label"""
_IN_SIGHT = "q.status='done' AND (t.value IS NULL OR s.score IS NULL OR s.score>=t.value)"
_KEPT = f"""iif(s.kind='entity',
  EXISTS(SELECT 1 FROM entity m WHERE m.article_id=s.article_id AND m.annotator_id=q.annotator_id AND m.gold=0
    AND m.deleted=0 AND m.start=s.start AND m."end"=s."end" AND m.label={_LABEL}),
  EXISTS(SELECT 1 FROM stance m WHERE m.article_id=s.article_id AND m.annotator_id=q.annotator_id AND m.gold=0
    AND m.deleted=0 AND m.start=s.start AND m."end"=s."end" AND m.label={_LABEL}
    AND m.holder_start IS s.holder_start AND m.holder_end IS s.holder_end
    AND m.target_start IS s.target_start AND m.target_end IS s.target_end))"""
_PLACE = 'a.id,a.title,s.start,s."end",substr(a.text,s.start+1,min(s."end"-s.start,120))'
NO_SCORE = -1


@frozen
class Decided:
    """How many decisions of one verdict on suggestions of a label with scores in one tenth.

    `tenth` is 0 to 9, or NO_SCORE; `score` is the sum of the scores.
    """

    kind: SuggestionKind
    label: str
    tenth: int
    verdict: Verdict
    count: int
    score: float


@frozen
class Met:
    """Of the suggestions of a kind that annotators finished an article with, how many they have as theirs.

    `saw` is whether they saw them.
    """

    article_id: int
    kind: SuggestionKind
    saw: bool
    suggestions: int
    kept: int


@frozen
class Suggested:
    """One suggestion and what one annotator made of it; offsets are code points, `words` are cut."""

    article_id: int
    title: str
    start: int
    end: int
    words: str
    label: str
    annotator: str
    said: str
    score: float | None


def decided(db: sqlite3.Connection) -> list[Decided]:
    rows = db.execute(
        f"SELECT s.kind,{_LABEL},{_BIN},d.verdict,count(*),total(s.score) {_DECIDED} "
        "WHERE d.deleted=0 GROUP BY 1,2,3,4"
    )
    return [Decided(kind, label, tenth, Verdict(said), *rest) for kind, label, tenth, said, *rest in rows]


def met(db: sqlite3.Connection) -> list[Met]:
    """By article, kind and sight. Articles in which neither was noted, or no pipeline read, are left out."""
    rows = db.execute(
        f"SELECT s.article_id,s.kind,seen.saw,count(*),sum({_KEPT}) {_MET} WHERE {_IN_SIGHT} GROUP BY 1,2,3",
        {"thresholds": _thresholds(db)},
    )
    return [Met(article_id, kind, bool(saw), *rest) for article_id, kind, saw, *rest in rows]


def decided_on(
    db: sqlite3.Connection,
    *,
    kind: SuggestionKind | None = None,
    label: str | None = None,
    tenth: int | None = None,
    verdict: Verdict | None = None,
    most: int,
) -> list[Suggested]:
    """The suggestions behind a count of `decided`, in the order of the articles; None does not choose."""
    rows = db.execute(
        f"SELECT {_PLACE},{_LABEL},n.name,d.verdict,s.score {_DECIDED} "
        "JOIN article a ON a.id=d.article_id JOIN annotator n ON n.id=d.annotator_id WHERE d.deleted=0 "
        "AND (:kind IS NULL OR s.kind=:kind) AND (:verdict IS NULL OR d.verdict=:verdict) "
        f"AND (:label IS NULL OR {_LABEL}=:label) AND (:tenth IS NULL OR {_BIN}=:tenth) "
        "ORDER BY a.position,s.start LIMIT :most",
        {"kind": kind, "label": label, "tenth": tenth, "verdict": verdict and str(verdict), "most": most},
    )
    return [Suggested(*row) for row in rows]


def met_with(
    db: sqlite3.Connection, *, kind: SuggestionKind, saw: bool, kept: bool | None = None, most: int
) -> list[Suggested]:
    """The suggestions behind a count of `met`."""
    rows = db.execute(
        f"SELECT {_PLACE},{_LABEL},n.name,iif({_KEPT},'kept','not kept'),s.score {_MET} "
        "JOIN article a ON a.id=s.article_id JOIN annotator n ON n.id=q.annotator_id "
        f"WHERE {_IN_SIGHT} AND s.kind=:kind AND seen.saw=:saw AND (:kept IS NULL OR {_KEPT}=:kept) "
        "ORDER BY a.position,s.start LIMIT :most",
        {"thresholds": _thresholds(db), "kind": kind, "saw": saw, "kept": kept, "most": most},
    )
    return [Suggested(*row) for row in rows]


def _thresholds(db: sqlite3.Connection) -> str:
    """JSON of the least scores that were shown, by run, kind and label as the run called it."""
    found: dict[str, float] = {}
    for (run_id,) in db.execute("SELECT DISTINCT run_id FROM suggested"):
        thresholds = under_every_name(db, thresholds_of(db, run_id))
        for kind, scores in (("entity", thresholds.entities), ("stance", thresholds.stances)):
            found |= {f"{run_id} {kind} {label}": score for label, score in scores.items()}
    return json.dumps(found)
