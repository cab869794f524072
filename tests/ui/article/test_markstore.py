"""The store answers like a plain list, whatever is put in and taken out."""

from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.marks import Entity, Shown, Source, Stance
from annotator.domain.text import Span
from annotator.ui.article.layers import Layer, is_seen
from annotator.ui.article.markstore import MarkStore, reading_key

_SPANS = st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda pair: Span(pair[0], sum(pair)))
_STEPS = st.lists(st.tuples(st.integers(0, 40), st.one_of(st.none(), _SPANS)), max_size=60)


def _shown(number: int, span: Span) -> Shown:
    """Every third is a stance, every second suggested."""
    mark = Stance(f"m{number}", span, "FAVOR") if number % 3 == 0 else Entity(f"m{number}", span, "GPE")
    return Shown(mark, Source.ADDED if number % 2 else None)


@given(_STEPS, _SPANS, st.integers(0, 40), st.sets(st.sampled_from(Layer)))
def test_it_answers_like_a_list_of_what_is_seen(
    steps: list[tuple[int, Span | None]], asked: Span, initial: int, layers: set[Layer]
) -> None:
    plain = {f"m{number}": _shown(number, Span(number, number + 3)) for number in range(initial)}
    store = MarkStore(plain.values())
    for number, span in steps:
        if span is None:
            assert store.discard(f"m{number}") == plain.pop(f"m{number}", None)
        else:
            plain[f"m{number}"] = _shown(number, span)
            store.put(plain[f"m{number}"])
    hidden = frozenset(layers)
    store.hide(hidden)
    ordered = sorted((mark for mark in plain.values() if is_seen(mark, hidden)), key=reading_key)
    assert list(store) == ordered
    assert [store.get(mark_id) for mark_id in plain] == [
        mark if is_seen(mark, hidden) else None for mark in plain.values()
    ]
    assert len(store) == len(ordered)
    assert store.has_stances is any(isinstance(mark.mark, Stance) for mark in ordered)
    assert store.overlapping(asked.start, asked.end) == [
        mark for mark in ordered if mark.mark.span.overlaps(asked)
    ]
    every = sorted(plain.values(), key=reading_key)
    for span in {asked, *(mark.mark.span for mark in every)}:
        assert store.on(span) == [mark for mark in every if mark.mark.span == span], "hidden ones too"
    assert store.beginning(asked.start, asked.end) == [
        mark for mark in every if asked.start <= mark.mark.span.start < asked.end
    ]
    key = (asked.start,)
    assert list(store.after(key)) == [mark for mark in ordered if reading_key(mark) > key]
    assert list(store.before(key)) == [mark for mark in reversed(ordered) if reading_key(mark) < key]


def test_many_marks_in_one_place_split_and_empty_buckets() -> None:
    store = MarkStore()
    marks = [_shown(number, Span(number // 7, number // 7 + 1 + number % 5)) for number in range(2_000)]
    for mark in reversed(marks):
        store.put(mark)
    assert list(store) == sorted(marks, key=reading_key)
    long = _shown(9_999, Span(0, 10_000))
    store.put(long)
    one = marks[1_000].mark.span
    assert store.on(one) == [mark for mark in store if mark.mark.span == one]
    assert store.overlapping(5_000, 5_001) == [long]
    for mark in marks:
        assert store.discard(mark.id) == mark
    assert list(store) == [long]
    assert store.discard("unknown") is None
