"""Changes of the label set in several files come to one label set that knows all their names."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.errors import LabelSetError
from annotator.domain.label_changes import added, edited, fates, merged, replaced, retired, split
from annotator.domain.label_folding import Folded, LabelGesture, Version, folded
from annotator.domain.labels import Kind, Label, LabelSet

NAMES = ("ORG", "GPE", "FIRM", "PLACE", "SHIP")
Change = Callable[[LabelSet], LabelSet]


def label(name: str, **more: object) -> Label:
    return replace(Label(Kind.ENTITY, name, "", "#0072b2", "", ""), **more)  # type: ignore[arg-type]


BASE = LabelSet("base", 1, (label("ORG"), label("GPE")))


def find(labelset: LabelSet, name: str) -> Label:
    found = labelset.find(Kind.ENTITY, name)
    if found is None:
        raise LabelSetError(f"no {name}")
    return found


def rename(name: str, to: str) -> Change:
    return lambda held: edited(held, find(held, name), replace(find(held, name), name=to)).labelset


def merge(name: str, to: str) -> Change:
    return lambda held: merged(held, [find(held, name)], find(held, to)).labelset


def add(name: str) -> Change:
    return lambda held: added(held, label(name)).labelset


def paint(name: str, color: str) -> Change:
    return lambda held: edited(held, find(held, name), replace(find(held, name), color=color)).labelset


class Files:
    """Copies of a project whose gestures have one order."""

    def __init__(self) -> None:
        self.versions = {BASE.id: Version(BASE, None)}
        self.gestures: list[LabelGesture] = []
        self.held: dict[str, LabelSet] = {}

    def do(self, copy: str, *changes: Change) -> None:
        for change in changes:
            held = self.held.get(copy, BASE)
            number = max(each.labelset.version for each in self.versions.values()) + 1
            made = replace(change(held), version=number)
            self.versions[made.id] = Version(made, held.id)
            self.gestures.append(LabelGesture(made.id, stands=True, back=False))
            self.held[copy] = made

    def take_back(self, copy: str) -> None:
        """What this copy did last, which has to be the newest gesture of all."""
        undone = self.gestures[-1]
        parent = self.versions[undone.version].parent
        assert parent is not None
        self.gestures[-1:] = [
            replace(undone, stands=False),
            LabelGesture(parent, stands=True, back=True),
        ]
        self.held[copy] = self.versions[parent].labelset

    def fold(self) -> Folded:
        return folded(self.gestures, self.versions)

    def meet(self, copy: str) -> None:
        """The copy gets what everybody did."""
        newest = self.gestures[-1].version
        made = self.fold().labelset
        self.versions.setdefault(made.id, Version(made, newest))
        self.held[copy] = made


def names(labelset: LabelSet) -> dict[str, tuple[str, ...]]:
    return {each.name: each.former for each in labelset.labels}


@pytest.mark.parametrize(
    ("one", "two", "found"),
    [
        ([rename("ORG", "FIRM")], [rename("GPE", "PLACE")], {"FIRM": ("ORG",), "PLACE": ("GPE",)}),
        ([rename("ORG", "FIRM")], [rename("ORG", "SHIP")], {"SHIP": ("ORG", "FIRM"), "GPE": ()}),
        ([rename("ORG", "FIRM")], [rename("ORG", "FIRM")], {"FIRM": ("ORG",), "GPE": ()}),
        ([rename("ORG", "FIRM")], [add("FIRM")], {"GPE": (), "FIRM": ("ORG",)}),
        ([merge("ORG", "GPE")], [rename("GPE", "PLACE")], {"PLACE": ("GPE", "ORG")}),
        (
            [rename("ORG", "FIRM"), rename("FIRM", "ORG")],
            [add("SHIP")],
            {"ORG": ("FIRM",), "GPE": (), "SHIP": ()},
        ),
        ([add("SHIP")], [add("PLACE")], {"ORG": (), "GPE": (), "PLACE": (), "SHIP": ()}),
        ([rename("ORG", "FIRM")], [merge("ORG", "GPE")], {"GPE": ("ORG", "FIRM")}),
    ],
)
def test_two_copies_come_together(
    one: Sequence[Change], two: Sequence[Change], found: dict[str, tuple[str, ...]]
) -> None:
    files = Files()
    files.do("one", *one)
    files.do("two", *two)
    assert names(files.fold().labelset) == found


def test_what_was_folded_is_not_done_again() -> None:
    files = Files()
    files.do("one", rename("ORG", "FIRM"))
    files.do("two", rename("ORG", "SHIP"))
    files.meet("two")
    files.do("two", rename("SHIP", "ORG"))
    assert names(files.fold().labelset) == {"ORG": ("FIRM", "SHIP"), "GPE": ()}


def test_a_name_that_is_given_back_is_so_where_only_the_first_change_was_known() -> None:
    files = Files()
    files.do("one", rename("ORG", "FIRM"))
    files.meet("two")
    files.do("one", rename("FIRM", "ORG"))
    files.do("two", paint("GPE", "#009e73"))
    assert names(files.fold().labelset) == {"ORG": ("FIRM",), "GPE": ()}


def test_a_label_that_marks_of_another_were_taken_as_keeps_its_name() -> None:
    files = Files()
    files.do(
        "one",
        lambda held: replace(
            held,
            labels=tuple(
                replace(each, former=("WORK",)) if each.name == "ORG" else each for each in held.labels
            ),
        ),
    )
    files.do("two", rename("ORG", "FIRM"))
    assert names(files.fold().labelset) == {"FIRM": ("ORG", "WORK"), "GPE": ()}


def test_names_of_a_change_that_was_taken_back_are_still_understood() -> None:
    files = Files()
    files.do("one", rename("ORG", "FIRM"))
    files.take_back("one")
    fold = files.fold()
    assert fold.labelset == BASE
    assert fold.now(Kind.ENTITY, "FIRM") == "ORG"
    files.do("two", rename("ORG", "SHIP"))
    assert files.fold().now(Kind.ENTITY, "FIRM") == "SHIP"


def test_a_label_that_others_were_split_into_is_named_by_its_name_of_now() -> None:
    files = Files()
    files.do("one", rename("GPE", "PLACE"))
    files.do(
        "two",
        lambda held: split(held, find(held, "ORG"), [find(held, "GPE"), label("SHIP")]).labelset,
    )
    assert find(files.fold().labelset, "ORG").into == ("PLACE", "SHIP")


def replace_all(held: LabelSet) -> LabelSet:
    return replaced(held, BASE, fates(held, BASE)).labelset


some_names = st.sampled_from(NAMES)
changes = st.one_of(
    st.builds(rename, some_names, some_names),
    st.builds(rename, some_names, some_names),
    st.builds(merge, some_names, some_names),
    st.builds(add, some_names),
    st.builds(paint, some_names, st.sampled_from(["#d55e00", "#009e73"])),
    st.builds(
        lambda name: lambda held: retired(held, find(held, name), drop=False).labelset,
        some_names,
    ),
)


@given(st.lists(st.one_of(changes, st.just(replace_all), st.none())))
def test_in_one_copy_the_newest_version_stands_as_it_is(done: list[Change | None]) -> None:
    files = Files()
    for change in done:
        with suppress(LabelSetError):
            if change is not None:
                files.do("one", change)
            elif files.gestures and files.gestures[-1].stands and not files.gestures[-1].back:
                files.take_back("one")
    if files.gestures:
        assert files.fold().labelset == files.held["one"]


@given(st.lists(st.tuples(st.sampled_from("123"), st.one_of(changes, st.none()))))
def test_every_name_of_every_copy_is_known_and_stands_for_one_label(
    done: list[tuple[str, Change | None]],
) -> None:
    files = Files()
    for copy, change in done:
        with suppress(LabelSetError):
            if change is not None:
                files.do(copy, change)
            elif files.gestures:
                files.meet(copy)
    if not files.gestures:
        return
    held = files.fold().labelset
    ever = {name for each in files.versions.values() for name in each.labelset.names_ever(Kind.ENTITY)}
    assert set(held.names_ever(Kind.ENTITY)) == ever
    assert len(held.names_ever(Kind.ENTITY)) == len(ever)
    files.meet("1")
    assert files.fold().labelset == held
