"""What must be true of gold at any time, in any file: used by machines that do random work."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing

from annotator.domain.labels import Kind
from annotator.domain.marks import Entity, Mark
from annotator.domain.review import Adjudication, Content, Group, Scope, content_of
from annotator.domain.standing import decides, makes_gold, votes_of
from annotator.services.review_items import Item, State
from annotator.services.review_queue import ReviewQueue
from annotator.services.review_reading import GroupReader
from annotator.services.settling import GoldStates
from annotator.storage.adjudications import adjudications, all_said
from annotator.storage.check import check
from annotator.storage.gold import gold_come_in, gold_marks
from annotator.storage.project import Project, connect_to_read


def queue_of(project: Project, lead: str, seed: int, *, second: bool = False) -> ReviewQueue:
    """The queue of a lead as it is now, read from the file."""
    return ReviewQueue(GroupReader(project.path).read(seed), lead, second=second)


def wrong(project: Project, article: int, leads: Iterable[str], seed: int) -> list[str]:
    """What is wrong with the gold of an article, the only one of its project; empty if all is well."""
    with closing(connect_to_read(project.path)) as db:
        gold = {content_of(mark) for mark in gold_marks(db, article)}
        come_in = {content_of(each.mark) for each in gold_come_in(db, [article])}
        stands = [each for each in all_said(db, article) if makes_gold(each) and not each.overruled]
        people = [each for each in adjudications(db, Scope.PEOPLE, [article]) if makes_gold(each)]
    outcomes = {content_of(each.outcome): _has_label(project, each) for each in stands if each.outcome}
    found = [f"decided and not gold: {each}" for each in outcomes if outcomes[each] and each not in gold]
    found += [f"gold that nothing led to: {content}" for content in gold - outcomes.keys() - come_in]
    found += check(project.path).problems
    queues = [queue_of(project, lead, seed) for lead in leads]
    return [*found, *_twice(queues[0], article, people), *_unseen(project, article, queues, gold, people)]


def undone(queue: ReviewQueue, item: Item, outcome: Mark | None, gold: Collection[Mark]) -> list[str]:
    """What is wrong after a lead has decided on an item: its state, or that gold is something else.

    `outcome` is what was decided, None for none of these; `queue` and `gold` are as they are now.
    """
    place = queue.place_of(item.key)
    state = queue.items[place].state if place is not None else State.DECIDED
    found = [f"decided and {state}: {item.group.votes}"] if state.is_left else []
    if outcome is not None and content_of(outcome) not in map(content_of, gold):
        found.append(f"decided and not gold: {outcome}")
    people = queue.compared.adjudications.get(item.group.article_id, ())
    others = _marks_of(item.group, people) - {outcome and content_of(outcome)}
    return [*found, *(f"gold, and not what was decided: {content}" for content in others)]


def _has_label(project: Project, said: Adjudication) -> bool:
    """Whether the label of an outcome was not retired since, which may have dropped its marks."""
    mark = said.outcome
    assert mark is not None
    kind = Kind.ENTITY if isinstance(mark, Entity) else Kind.POLARITY
    label = project.labelset.find(kind, mark.label)
    return label is not None and not label.retired


def _twice(queue: ReviewQueue, article: int, people: Iterable[Adjudication]) -> Iterator[str]:
    """Places with two decisions that stand for two of their marks."""
    compared = queue.compared
    for group in (*compared.groups.get(article, ()), *compared.agreed.get(article, ())):
        marks = _marks_of(group, people)
        if len(marks) > 1:
            yield f"gold twice at one place: {marks}"


def _marks_of(group: Group, said: Iterable[Adjudication]) -> set[Content]:
    """The marks of a group that are gold by decisions on marks of it."""
    votes = {(name, content_of(mark)) for name, mark in group.votes if mark is not None}
    stands = [each for each in said if makes_gold(each) and not each.overruled and votes_of(each) & votes]
    return {content_of(each.outcome) for each in stands if each.outcome} & {content for _, content in votes}


def _unseen(
    project: Project,
    article: int,
    queues: Iterable[ReviewQueue],
    gold: Iterable[object],
    people: Iterable[Adjudication],
) -> Iterator[str]:
    """Places that some leads find, or none, or that an export counts otherwise."""
    state = GoldStates(project.path).read()
    found = []
    for queue in queues:
        left = [item for item in queue.items if item.state.is_left]
        waits = [item.key for item in left if not item.audit or item.missed or item.waits]
        found.append(sorted(waits))
        if Counter(key[0] for key in waits) != Counter(state.undecided):
            yield f"{queue.lead} finds {waits}, an export {state.undecided}"
    if any(each != found[0] for each in found):
        yield f"leads find different places: {found}"
    settled = {digest for _, new, _ in state.unsettled for digest in new}
    decided = {digest for each in people if decides(each) for digest in each.inputs}
    come_in = any(queue.compared.come_in for queue in queues)
    for group in GroupReader(project.path).unanimous(article):
        seen = any((article, group.input) in keys for keys in found)
        known = seen or come_in or group.input in settled | decided or content_of(group.marks[0]) in gold
        if len(group.votes) > 1 and not known:
            yield f"neither gold nor listed: {group.votes}"
