"""Where two readings differ, each place typed by what is wrong with the one that is judged."""

from collections.abc import Iterator
from enum import StrEnum

from annotator.agreement.alignment import Compared, EntityPair, StancePair
from annotator.domain.frozen import frozen
from annotator.domain.marks import Mark
from annotator.domain.text import Span


class Kind(StrEnum):
    """What is wrong. An entity with another label may have other edges too; a stance can be wrong thrice."""

    MISSED = "missed"
    SPURIOUS = "spurious"
    LABEL = "label"
    EDGE = "edge"
    POLARITY = "polarity"
    HOLDER = "holder"
    TARGET = "target"


@frozen
class Difference:
    """One thing wrong; `gold` is None for a spurious mark, `found` for a missed one."""

    kind: Kind
    gold: Mark | None
    found: Mark | None

    @property
    def span(self) -> Span:
        """Where to look: that of gold if there is one."""
        mark = self.gold or self.found
        assert mark is not None
        return mark.span


def differences(compared: Compared) -> list[Difference]:
    """All of an article, in the order of the text. Other evidence for the same stance is none."""
    found = [
        *(Difference(kind, pair.gold, pair.found) for pair in compared.entities for kind in _of_entity(pair)),
        *(Difference(kind, pair.gold, pair.found) for pair in compared.stances for kind in _of_stance(pair)),
    ]
    return sorted(found, key=lambda difference: difference.span)


def _of_entity(pair: EntityPair) -> Iterator[Kind]:
    if pair.gold is None or pair.found is None:
        yield Kind.MISSED if pair.found is None else Kind.SPURIOUS
    elif not pair.same_label:
        yield Kind.LABEL
    elif not pair.strict:
        yield Kind.EDGE


def _of_stance(pair: StancePair) -> Iterator[Kind]:
    if pair.gold is None or pair.found is None:
        yield Kind.MISSED if pair.found is None else Kind.SPURIOUS
        return
    for kind, agrees in (
        (Kind.POLARITY, pair.polarity),
        (Kind.HOLDER, pair.holder),
        (Kind.TARGET, pair.target),
    ):
        if not agrees:
            yield kind
