"""How far two leads agree: on the differences that both have decided, each without the other's word."""

from itertools import combinations

from annotator.domain.frozen import frozen
from annotator.domain.marks import Mark
from annotator.domain.review import Scope, content_of
from annotator.storage import adjudications as stored
from annotator.storage.project import Project


@frozen
class LeadAgreement:
    """Of `both` decided differences, in how many two leads chose `same`; in how many at least one label."""

    one: str
    other: str
    both: int
    same: int
    same_label: int

    def said(self) -> str:
        """`lea and max: 12 of 14 the same (13 the same label)`."""
        return (
            f"{self.one} and {self.other}: {self.same:,} of {self.both:,} the same "
            f"({self.same_label:,} the same label)"
        )


def lead_agreement(project: Project) -> list[LeadAgreement]:
    """For each two leads that decided on the same votes, by name; a decision for none of the marks counts."""
    decided: dict[str, dict[tuple[int, str], Mark | None]] = {}
    for said in stored.adjudications(project.db, Scope.PEOPLE):
        if said.settled.decided:
            decided.setdefault(said.lead, {})[said.article_id, said.input] = said.outcome
    found = []
    for one, other in combinations(sorted(decided), 2):
        shared = decided[one].keys() & decided[other].keys()
        pairs = [(decided[one][key], decided[other][key]) for key in shared]
        if pairs:
            same = sum(_content(a) == _content(b) for a, b in pairs)
            labels = sum((a.label if a else None) == (b.label if b else None) for a, b in pairs)
            found.append(LeadAgreement(one, other, len(pairs), same, labels))
    return found


def _content(mark: Mark | None) -> object:
    return content_of(mark) if mark else None
