"""What a batch of articles and marks would bring, counted without writing."""

import sqlite3
from collections.abc import Sequence

from annotator.domain.codec.records import MarkRow, Record
from annotator.domain.zone_rules import find_zones
from annotator.storage.bulk import Item, Written, among, place_of
from annotator.storage.known_articles import otherwise_said

_Whose = tuple[int, str | int | None, bool]  # article, annotator's name or run, gold


def foreseen(db: sqlite3.Connection, items: Sequence[Item], seen: set[int]) -> Written:
    """The counts of a batch. `seen` are ids of articles in batches before; those of this one are added."""
    ids = {item.record.article.id for item in items}
    known = {row[0] for row in among(db, "SELECT id FROM article WHERE id", ids)}
    before = _places(db, known)
    again = (item.record.article for item in items if item.record.article.id in known)
    written = Written(facts_kept=otherwise_said(db, again))
    for item in items:
        article_id = item.record.article.id
        if article_id in known or article_id in seen:
            written.known += 1
        else:
            written.articles += 1
            seen.add(article_id)
        whose = item.owner if item.owner is not None else item.run.id if item.run is not None else None
        there = before.get((article_id, whose, item.gold), set())
        new = [mark for mark in item.record.marks if place_of(mark) not in there]
        if item.owner is not None:
            written.labels += len(new)
        elif item.run is not None:
            outside = _outside_zones(item.record, new)
            written.suggestions += outside
            written.in_zones += len(new) - outside
    return written


def _places(db: sqlite3.Connection, known: set[int]) -> dict[_Whose, set[tuple[object, ...]]]:
    """The marks that articles have."""
    places: dict[_Whose, set[tuple[object, ...]]] = {}
    parts = "holder_start,holder_end,target_start,target_end"
    for kind, columns in (("entity", "NULL,NULL,NULL,NULL"), ("stance", parts)):
        select = (
            f"SELECT article_id,w.name,gold,'{kind}',label,start,\"end\",{columns} FROM {kind} m"
            " JOIN annotator w ON w.id=m.annotator_id WHERE deleted=0 AND article_id"
        )
        for article_id, name, gold, *place in among(db, select, known):
            places.setdefault((article_id, str(name), bool(gold)), set()).add(tuple(place))
    select = f'SELECT article_id,run_id,kind,label,start,"end",{parts} FROM suggestion WHERE article_id'
    for article_id, run_id, *place in among(db, select, known):
        places.setdefault((article_id, run_id, False), set()).add(tuple(place))
    return places


def _outside_zones(record: Record, marks: Sequence[MarkRow]) -> int:
    """How many marks are outside of the zones that a record brings, or else the rules find."""
    zones = record.zones
    if zones is None:
        found = find_zones(record.article.text) if marks else ()
        zones = [(zone.span.start, zone.span.end, zone.kind.value) for zone in found]
    return sum(not any(mark[2] < end and start < mark[3] for start, end, _ in zones) for mark in marks)
