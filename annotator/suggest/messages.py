"""What the client and the child process say to each other: values, and one JSON line for each."""

from collections.abc import Sequence
from dataclasses import field
from typing import Any, Literal

import orjson

from annotator.domain.choices import Thresholds
from annotator.domain.frozen import frozen
from annotator.domain.marks import Part
from annotator.domain.text import Span


@frozen
class Request:
    """An article to read. No suggestion lies inside a zone or crosses one."""

    article_id: int
    text: str
    zones: tuple[Span, ...] = ()


@frozen
class Proposal:
    """A mark as the pipeline labels it, before the project's label set has a say.

    `span` is the entity, or the evidence of a stance, in code points of the article's text; `score` is 0 to
    1, None if the pipeline does not say. Only a stance has a holder or a target.
    """

    kind: Literal["entity", "stance"]
    label: str
    span: Span
    score: float | None = None
    name: str | None = None
    holder: Part | None = None
    target: Part | None = None


@frozen
class Answer:
    """What one pipeline at one version proposes for an article, sorted by span."""

    article_id: int
    pipeline: str
    version: str
    proposals: tuple[Proposal, ...]


@frozen
class Task:
    """A request on its way: `n` names it between client and child; urgent ones are read first."""

    n: int
    text: str
    zones: tuple[Span, ...]
    urgent: bool


@frozen
class Ready:
    """The pipeline is loaded; `warnings` are for people, `thresholds` what it recommends for its labels."""

    pipeline: str
    version: str
    warnings: tuple[str, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)


@frozen
class Refused:
    """The pipeline cannot be loaded; `why` is for people."""

    why: str


@frozen
class Untrusted:
    """Nobody has allowed the code of the pipeline in `folder`, of this content, to run; none was run."""

    folder: str
    digest: str


@frozen
class Read:
    """Task `n` is done."""

    n: int
    proposals: tuple[Proposal, ...]


@frozen
class Failed:
    """The pipeline raised an error on task `n`; the process goes on."""

    n: int
    why: str


Reply = Ready | Refused | Untrusted | Read | Failed


def encode_task(task: Task) -> bytes:
    """One line. Lone surrogates, which no pipeline can read, become "?": offsets stay."""
    fields = {"n": task.n, "zones": [(zone.start, zone.end) for zone in task.zones], "urgent": task.urgent}
    try:
        return orjson.dumps(fields | {"text": task.text}) + b"\n"
    except orjson.JSONEncodeError:
        return orjson.dumps(fields | {"text": task.text.encode("utf-8", "replace").decode()}) + b"\n"


def decode_task(line: bytes) -> Task:
    fields = orjson.loads(line)
    zones = tuple(Span(start, end) for start, end in fields["zones"])
    return Task(fields["n"], fields["text"], zones, fields["urgent"])


def encode_reply(reply: Reply) -> bytes:
    return orjson.dumps(_fields(reply)) + b"\n"


def _fields(reply: Reply) -> list[object]:
    match reply:
        case Ready(pipeline, version, warnings, thresholds):
            return ["ready", pipeline, version, warnings, thresholds.to_dict()]
        case Refused(why):
            return ["refused", why]
        case Untrusted(folder, digest):
            return ["untrusted", folder, digest]
        case Read(n, proposals):
            return ["read", n, [_packed(proposal) for proposal in proposals]]
        case Failed(n, why):
            return ["failed", n, why]


def decode_reply(line: bytes) -> Reply | None:
    """None for a line that is no reply: half a line, or printed before the child could guard its output."""
    try:
        fields = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    match fields:
        case ["ready", pipeline, version, warnings, thresholds]:
            return Ready(pipeline, version, tuple(warnings), Thresholds.from_dict(thresholds))
        case ["refused", why]:
            return Refused(why)
        case ["untrusted", folder, digest]:
            return Untrusted(folder, digest)
        case ["read", n, proposals]:
            return Read(n, tuple(_unpacked(packed) for packed in proposals))
        case ["failed", n, why]:
            return Failed(n, why)
    return None


def _packed(proposal: Proposal) -> list[object]:
    return [
        proposal.kind,
        proposal.label,
        proposal.span.start,
        proposal.span.end,
        proposal.score,
        proposal.name,
        _packed_part(proposal.holder),
        _packed_part(proposal.target),
    ]


def _packed_part(part: Part | None) -> list[object] | None:
    return [part.span.start, part.span.end, part.name] if part else None


def _unpacked(packed: Sequence[Any]) -> Proposal:
    kind, label, start, end, score, name, holder, target = packed
    return Proposal(
        kind, label, Span(start, end), score, name, _unpacked_part(holder), _unpacked_part(target)
    )


def _unpacked_part(packed: Sequence[Any] | None) -> Part | None:
    return Part(Span(packed[0], packed[1]), packed[2]) if packed else None
