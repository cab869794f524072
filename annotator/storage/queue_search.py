"""The articles of a queue that a filter lets through, and the words around those it looks for in texts."""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence

from annotator.domain.articles import Status
from annotator.domain.choices import KINDS, SuggestionKind, When
from annotator.domain.errors import ProjectError
from annotator.domain.queue_filter import NOTED, Field, QueueFilter, Sort, Term, parsed
from annotator.storage.certainty import least_certain
from annotator.storage.choices import choices_of
from annotator.storage.flags import in_status
from annotator.storage.label_names import aliases, label_now
from annotator.storage.queries import NOBODY, queue_table
from annotator.storage.sight import hidden_articles

_NAMED = "annotator_id=:annotator AND gold=0 AND deleted=0 AND"
_LABELS = "SELECT name FROM label WHERE name={value} COLLATE NOCASE"


def _called(table: str, column: str) -> str:
    """SQL of the names in a column that hold the value: materialized, so that each is looked at once."""
    every = f"SELECT DISTINCT {column} FROM {table} WHERE {_NAMED} {column} IS NOT NULL"
    return (
        f"WITH every(name) AS MATERIALIZED ({every}) "
        "SELECT name FROM every WHERE instr(casefolded(name),{value})>0"
    )


# Each condition is one on a row `q` of the queue; `{value}` is the name of its parameter. The facts of
# articles and labels of marks are gone through in indexes of their own. The plus signs keep SQLite from
# trying each article that one condition lets through with each place that another does, which takes hours.
_FACTS = "+q.article_id IN (SELECT id FROM article WHERE {where})"
_CONDITIONS = {
    Field.TITLE: _FACTS.format(
        where="instr(casefolded(title),{value})>0 OR instr(casefolded(ifnull(source,'')),{value})>0"
    ),
    Field.SOURCE: _FACTS.format(where="instr(casefolded(ifnull(source,'')),{value})>0"),
    # Dates as text: of 2024-01 all days begin with it and sort behind it.
    Field.BEFORE: _FACTS.format(where="published<{value} AND published GLOB '[0-9]*'"),
    Field.AFTER: _FACTS.format(
        where="published>{value} AND published GLOB '[0-9]*' AND substr(published,1,length({value}))<>{value}"
    ),
    Field.ON: _FACTS.format(where="substr(published,1,length({value}))={value}"),
    Field.TEXT: "+q.position IN (SELECT rowid FROM article_words WHERE article_words MATCH {value})",
    Field.LABEL: (
        f"(+q.article_id IN (SELECT article_id FROM entity WHERE {_NAMED} label IN ({_LABELS}))"
        f" OR +q.article_id IN (SELECT article_id FROM stance WHERE {_NAMED} label IN ({_LABELS})))"
    ),
    Field.NAME: (
        f"(+q.article_id IN (SELECT article_id FROM entity WHERE {_NAMED}"
        f" name IN ({_called('entity', 'name')}))"
        f" OR +q.article_id IN (SELECT article_id FROM stance WHERE {_NAMED}"
        f" (holder_name IN ({_called('stance', 'holder_name')})"
        f" OR target_name IN ({_called('stance', 'target_name')}))))"
    ),
    Field.NOTE: (
        "EXISTS (SELECT 1 FROM remark m WHERE m.annotator_id=q.annotator_id AND m.article_id=q.article_id"
        " AND m.deleted=0 AND instr(casefolded(m.note),{value})>0)"
    ),
}
# What labels are called now, and what is hidden, is only asked where some are renamed or hidden.
_SUGGESTED = (
    "EXISTS (SELECT 1 FROM suggestion s WHERE s.article_id=q.article_id"
    " AND {label}={value} COLLATE NOCASE{seen}"
    " AND s.run_id=(SELECT run_id FROM suggested"
    " WHERE article_id=q.article_id ORDER BY at DESC,run_id DESC LIMIT 1))"
)
_IS_NOTED = _CONDITIONS[Field.NOTE].partition(" AND instr")[0] + ")"
_ORDER = [Status.DOING, Status.TODO, Status.FLAGGED, Status.SKIPPED, Status.DONE]
MARKED = ("\x02", "\x03")  # stand around found words in a snippet
# One pass over the articles from the first to the last: each search for a beginning of words costs some ms.
_SNIPPETS = """
SELECT rowid,CASE WHEN rowid IN (SELECT value FROM json_each(:wanted))
  THEN snippet(article_words,0,:opening,:closing,'…',14) END AS found
FROM article_words WHERE article_words MATCH :words AND rowid BETWEEN :first AND :last"""


def queue_ids(
    db: sqlite3.Connection,
    annotator_id: str,
    statuses: Collection[Status] | None = None,
    wanted: QueueFilter | str = "",
    *,
    sort: Sort = Sort.FILE,
) -> list[int]:
    """Articles of these statuses (None: any) that fit a filter, also as it is typed, in that order."""
    if isinstance(wanted, str):
        wanted = parsed(wanted)
    if wanted.problem:
        return []
    ask: dict[str, object] = {"annotator": annotator_id}
    where = ["q.annotator_id=:annotator"]
    if statuses is not None:
        condition, ask["statuses"] = in_status(statuses, ":statuses")
        where.append(condition)
    for n, term in enumerate(wanted.terms):
        condition, ask[f"v{n}"] = _condition(db, term, f":v{n}")
        where.append(f"NOT ({condition})" if term.negated else condition)
    if wanted.words():
        _require_words(db)
    db.create_function(
        "casefolded", 1, _casefolded, deterministic=True
    )  # SQLite knows the case of ASCII only
    db.create_function("hidden_from", 2, _hiding(db, annotator_id), deterministic=True)
    statement = (
        f"SELECT q.article_id FROM {queue_table(annotator_id)} q WHERE {' AND '.join(where)} "
        "ORDER BY q.annotator_id,q.position"
    )
    return _sorted(db, annotator_id, [row[0] for row in db.execute(statement, ask)], sort)


def titles_beginning(db: sqlite3.Connection, letters: str) -> set[int]:
    """The articles whose titles begin so; upper and lower case are one."""
    begins = "title LIKE ? ESCAPE '!'"  # which knows the case of ASCII only, at a quarter of the cost
    value = f"{letters.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
    if not letters.isascii():
        db.create_function("casefolded", 1, _casefolded, deterministic=True)
        begins, value = "substr(casefolded(title),1,length(?1))=?1", letters.casefold()
    return {article_id for (article_id,) in db.execute(f"SELECT id FROM article WHERE {begins}", (value,))}


def snippets(db: sqlite3.Connection, ids: Iterable[int], wanted: QueueFilter) -> dict[int, str]:
    """For each article some words of its text around those the filter names, these between `MARKED`."""
    words = " AND ".join(map(_match, wanted.words()))
    if not words or wanted.problem:
        return {}
    places = dict(
        db.execute(
            "SELECT position,id FROM article WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        ).fetchall()
    )
    if not places:
        return {}
    ask = {
        "wanted": json.dumps(list(places)),
        "words": words,
        "first": min(places),
        "last": max(places),
        "opening": MARKED[0],
        "closing": MARKED[1],
    }
    return {
        places[position]: " ".join(found.split())
        for position, found in db.execute(_SNIPPETS, ask)
        if position in places
    }


def _condition(db: sqlite3.Connection, term: Term, value: str) -> tuple[str, object]:
    """The SQL of a term and the value of its parameter."""
    if term.field is Field.IS:
        if term.value == NOTED:
            return _IS_NOTED, None
        return in_status(term.statuses(), value)
    if term.field is Field.SUGGESTED:
        label = label_now() if aliases(db) else "s.label"
        plain = choices_of(db).showing.hides_nothing
        seen = "" if plain else " AND NOT hidden_from(s.article_id,s.kind)"
        return _SUGGESTED.format(label=label, value=value, seen=seen), term.value
    condition = _CONDITIONS[term.field].format(value=value)
    if term.field is Field.TEXT:
        return condition, _match(term)
    if term.field is Field.LABEL:
        return condition, term.value
    return condition, term.value.casefold()


def _match(term: Term) -> str:
    """A query of FTS5: the words of a phrase in their order, or a word that begins so."""
    quoted = '"' + term.value.replace('"', '""') + '"'
    return quoted if term.phrase else f"{quoted}*"


def _hiding(db: sqlite3.Connection, annotator_id: str) -> Callable[[int, SuggestionKind], bool]:
    """Tells whether suggestions of a kind in an article are hidden from the annotator."""
    showing = choices_of(db).showing
    found: dict[SuggestionKind, set[int]] = {}

    def is_hidden(article_id: int, kind: SuggestionKind) -> bool:
        if showing.of(kind) is When.ALWAYS:
            return False
        return article_id in found[kind]

    for kind in KINDS:
        if showing.of(kind) is not When.ALWAYS:
            found[kind] = hidden_articles(db, annotator_id, kind, showing)
    return is_hidden


def _casefolded(text: str | None) -> str | None:
    return text.casefold() if text is not None else None


def _require_words(db: sqlite3.Connection) -> None:
    if db.execute("SELECT 1 FROM sqlite_schema WHERE name='article_words'").fetchone() is None:
        raise ProjectError(
            "The texts of this project cannot be searched yet: it was made by an earlier version of the "
            "program. Open it once where it can be written."
        )


def _sorted(db: sqlite3.Connection, annotator_id: str, ids: Sequence[int], sort: Sort) -> list[int]:
    if sort is Sort.UNCERTAIN:
        return least_certain(db, annotator_id, ids)
    if sort is Sort.UNFINISHED and annotator_id != NOBODY:
        rank = {str(status): n for n, status in enumerate(_ORDER)}
        statement = "SELECT article_id,status FROM status WHERE annotator_id=?"
        return _by(ids, {at: rank[status] for at, status in db.execute(statement, (annotator_id,))}.get)
    if sort in (Sort.SHORTEST, Sort.LONGEST):
        sign = 1 if sort is Sort.SHORTEST else -1
        return _by(ids, {at: sign * words for at, words in db.execute("SELECT id,words FROM article")}.get)
    return list(ids)


def _by(ids: Sequence[int], key: Callable[[int, int], int]) -> list[int]:
    """By what a lookup says of each, equal ones as they stood."""
    return sorted(ids, key=lambda article_id: key(article_id, 0))
