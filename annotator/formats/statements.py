"""Stances as statements: who (actor) stands how (agreement) towards what (concept)."""

from collections.abc import Iterator

from annotator.domain.codec.records import MarkRow, Record, parts_of
from annotator.domain.frozen import frozen
from annotator.domain.labels import Kind, LabelSet

_FOR, _AGAINST = "▲", "▼"  # the glyphs of polarities
_AGREEMENT = {"FAVOR": True, "FOR": True, "SUPPORT": True, "PRO": True}
_AGREEMENT |= {"AGAINST": False, "OPPOSE": False, "CONTRA": False, "CON": False}


@frozen
class Statement:
    """A stance with both parts; `agreement` is None for a polarity that is neither for nor against."""

    actor: str
    concept: str
    polarity: str
    agreement: bool | None
    row: MarkRow


def statements_of(carried: Record, record: Record, labelset: LabelSet) -> Iterator[Statement | MarkRow]:
    """The statements of what is carried of a record; a stance that lacks a part as the mark it is.

    A part without a name has that of an entity on its very words, else those words in one line.
    """
    named = {(row[2], row[3]): row[5] for row in record.marks if row[0] == "entity" and row[5]}
    for row in carried.marks:
        if row[0] != "stance":
            continue
        names = []
        for start, end, name in parts_of(row):
            if start is not None and end is not None:
                words = " ".join(record.article.text[start:end].split())
                names.append(" ".join((name or named.get((start, end)) or "").split()) or words)
        if len(names) == 2 and all(names):
            yield Statement(names[0], names[1], row[1], agreement_of(row[1], labelset), row)
        else:
            yield row


def agreement_of(polarity: str, labelset: LabelSet) -> bool | None:
    """By the label's glyph, else by its name."""
    label = labelset.now(Kind.POLARITY, polarity)
    if label is not None and label.glyph in (_FOR, _AGAINST):
        return label.glyph == _FOR
    return _AGREEMENT.get(polarity.upper())
