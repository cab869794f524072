"""What the child reads next."""

from annotator.suggest.messages import Task
from annotator.suggest.runtime import BATCH, Inbox, Work


def work(n: int, length: int = 10, *, urgent: bool = False) -> Work:
    return Work(Task(n, "x" * length, (), urgent))


def taken(inbox: Inbox) -> list[tuple[int, int]]:
    """`(task, code points)` of the next batch, for a pipeline that reads 5,000 code points at most."""
    batch = inbox.take(5_000)
    assert all(len(piece.text) <= 5_000 for _, pieces in batch for piece in pieces)
    return [(work.task.n, sum(len(piece.text) for piece in pieces)) for work, pieces in batch]


def test_an_urgent_task_is_read_next_and_alone() -> None:
    inbox = Inbox()
    for each in (work(1), work(2), work(3, urgent=True), work(4, urgent=True)):
        inbox.put(each)
    assert [taken(inbox), taken(inbox), taken(inbox)] == [[(3, 10)], [(4, 10)], [(1, 10), (2, 10)]]


def test_a_long_article_is_read_batch_by_batch_and_an_urgent_one_comes_between() -> None:
    inbox = Inbox()
    inbox.put(work(1, 2 * BATCH))
    inbox.put(work(2))
    assert taken(inbox) == [(1, 25_000)]
    inbox.put(work(3, urgent=True))
    assert taken(inbox) == [(3, 10)]
    assert taken(inbox) == [(1, 23_000), (2, 10)]


def test_an_article_with_nothing_to_read_is_done_at_once() -> None:
    inbox = Inbox()
    inbox.put(work(1, 0))
    ((work_done, pieces),) = inbox.take()
    assert (work_done.task.n, pieces, work_done.done) == (1, [], True)
