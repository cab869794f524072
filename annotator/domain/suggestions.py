"""Suggestions as a pipeline proposes them, and what a person decided."""

from enum import StrEnum

from annotator.domain.frozen import frozen
from annotator.domain.marks import Mark
from annotator.domain.text import id_of, sha256_of


class Verdict(StrEnum):
    ACCEPT = "accept"
    REJECT = "reject"
    EDIT = "edit"


@frozen
class Run:
    """One pipeline at one version; its id, 63 bits of the sha256 of both, is the same in every project."""

    id: int
    pipeline: str
    version: str

    @classmethod
    def of(cls, pipeline: str, version: str) -> "Run":
        return cls(id_of(sha256_of(f"{pipeline}\0{version}")), pipeline, version)


@frozen
class Suggestion:
    """A proposed mark. `(article, run_id, n)` names it for life; `mark.id` is `f"{run_id}:{n}"`."""

    run_id: int
    n: int
    mark: Mark
    score: float | None = None


@frozen
class Decision:
    """What an annotator did with a suggestion: the own mark it led to (None if rejected), in how many ms."""

    id: str
    verdict: Verdict
    result_id: str | None
    ms: int

    def __post_init__(self) -> None:
        if (self.verdict is Verdict.REJECT) != (self.result_id is None):
            raise ValueError(f"{self.verdict} with the result {self.result_id}")


def key_of(mark_id: str) -> tuple[int, int] | None:
    """`(run_id, n)` if the id is a suggestion's, None if it is a person's mark."""
    run_id, colon, n = mark_id.partition(":")
    return (int(run_id), int(n)) if colon else None
