"""Small words on screen, keys of labels, and what the finder finds."""

import pytest

from annotator.domain.labels import Kind, Label, LabelSet
from annotator.domain.marks import Entity, Provenance, Shown, Source
from annotator.domain.text import Span
from annotator.services.wording import counted
from annotator.ui.chrome import short
from annotator.ui.finder import Choice, ranked
from annotator.ui.keymap import Keys
from annotator.ui.label_keys import entity_slots, keys_of, stance_slots
from annotator.ui.settings import Settings
from annotator.ui.wording import date, listed, origin, quoted, score_of, scored


def test_counts_and_lists_read_well() -> None:
    assert [counted(1, "zone"), counted(1204, "word"), counted(2, "match", "matches")] == [
        "1 zone",
        "1,204 words",
        "2 matches",
    ]
    assert [listed([]), listed(["a"]), listed(["a", "b", "c"])] == ["", "a", "a, b and c"]
    assert [short(9_999), short(100_000), short(2_500_000)] == ["9,999", "100k", "2.5M"]
    assert [short(99_998), short(999_499), short(999_500)] == ["100k", "999k", "1.0M"]


@pytest.mark.parametrize(
    ("published", "said"),
    [
        ("2022-03-10", "10 Mar 2022"),
        ("2022-03-10T08:00:00Z", "10 Mar 2022"),
        ("spring", "spring"),
        (None, ""),
    ],
)
def test_dates_read_well(published: str | None, said: str) -> None:
    assert date(published) == said


def test_long_words_are_cut_in_the_middle_and_on_one_line() -> None:
    text = "one\ntwo " + "x" * 100 + " end"
    assert quoted("one\ntwo", Span(0, 7)) == "one two"
    assert len(quoted(text, Span(0, len(text)))) <= 64
    assert quoted(text, Span(0, len(text))).endswith(" end")


def test_long_words_are_cut_between_words() -> None:
    text = "ending a dispute that has split the governing coalition since last autumn"
    assert quoted(text, Span(0, len(text)), 30) == "ending a dispute … autumn"
    assert quoted("x" * 99, Span(0, 99), 30) == f"{'x' * 20} … {'x' * 10}"


def test_of_very_many_words_only_the_ends_are_looked_at() -> None:
    ends, middle = "ending a dispute that has", "has split the coalition since last autumn"
    text = f"{ends} {'and so on ' * 3_000}{middle}"
    assert quoted(text, Span(0, len(text)), 30) == "ending a dispute … autumn"
    spaced = f"one{' ' * 20_000}two{' ' * 20_000}three"
    assert quoted(spaced, Span(0, len(spaced))) == "one two three"


def test_the_origin_of_a_mark_is_said() -> None:
    entity, provenance = Entity("1:0", Span(0, 3), "PERSON"), Provenance("en_news", "1", 0.83)
    assert origin(Shown(entity, None, provenance)) == "suggested .83"
    assert origin(Shown(entity, Source.ACCEPTED, provenance)) == "suggested .83, accepted"
    assert origin(Shown(entity, Source.ADDED)) == "added by you"


@pytest.mark.parametrize(
    ("text", "score"), [(".9", 0.9), ("0,75", 0.75), ("1", 1.0), ("2", None), ("", None), ("nan", None)]
)
def test_a_typed_score_is_read(text: str, score: float | None) -> None:
    assert score_of(text) == score


def test_scores_are_short() -> None:
    assert [scored(0.83), scored(1.0), scored(0.0)] == [".83", "1.00", ".00"]


def label(name: str, key: str, kind: Kind = Kind.ENTITY) -> Label:
    return Label(kind, name, name, "#000000", key, "")


def test_digits_of_the_label_set_hold_and_other_labels_take_what_is_left() -> None:
    labels = (label("A", "3"), label("B", ""), label("C", "1"), label("D", "x"))
    labelset = LabelSet(
        "test", 1, (*labels, label("PRO", "f", Kind.POLARITY), label("MEH", "", Kind.POLARITY))
    )
    names = [each.name if each else None for each in entity_slots(labelset)[:5]]
    assert names == ["C", "B", "A", "D", None]
    assert [each.name if each else None for each in stance_slots(labelset)] == ["PRO", "MEH", None]
    assert keys_of(labelset, Keys(Settings()))[Kind.ENTITY, "D"] == "4"


def test_labels_beyond_ten_have_shift() -> None:
    labelset = LabelSet("test", 1, tuple(label(f"L{n}", "") for n in range(22)))
    keys = keys_of(labelset, Keys(Settings()))
    assert keys[Kind.ENTITY, "L10"] == "⇧1"
    assert (Kind.ENTITY, "L20") not in keys


def test_the_finder_puts_beginnings_first() -> None:
    choices = [Choice(text, lambda: None) for text in ("Restore", "Next stance", "Stance", "Undo")]
    assert [choice.text for choice in ranked(choices, "st")] == ["Stance", "Next stance", "Restore"]
    assert ranked(choices, "stance next")[0].text == "Next stance"
    assert len(ranked(choices, "")) == 4
