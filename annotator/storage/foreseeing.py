"""What a batch of articles and marks would bring, counted without writing."""

import sqlite3
from collections.abc import Sequence

from annotator.domain.codec.records import Record
from annotator.domain.zone_rules import find_zones
from annotator.storage.bulk import Item, Written, among


def foreseen(db: sqlite3.Connection, items: Sequence[Item], seen: set[int]) -> Written:
    """The counts of a batch. `seen` are ids of articles in batches before, and those of this one are added.

    Marks that are there already count as new: who brings a file in twice sees so by its texts.
    """
    ids = {item.record.article.id for item in items}
    there = {row[0] for row in among(db, "SELECT id FROM article WHERE id", ids)}
    written = Written()
    for item in items:
        article_id = item.record.article.id
        if article_id in there or article_id in seen:
            written.known += 1
        else:
            written.articles += 1
            seen.add(article_id)
        if item.owner is not None:
            written.labels += len(item.record.marks)
        elif item.run is not None:
            outside = _outside_zones(item.record)
            written.suggestions += outside
            written.in_zones += len(item.record.marks) - outside
    return written


def _outside_zones(record: Record) -> int:
    """How many marks are outside of the zones that a record brings, or else the rules find."""
    zones = record.zones
    if zones is None:
        found = find_zones(record.article.text) if record.marks else ()
        zones = [(zone.span.start, zone.span.end, zone.kind.value) for zone in found]
    return sum(not any(mark[2] < end and start < mark[3] for start, end, _ in zones) for mark in record.marks)
