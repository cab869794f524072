"""Frozen values: the same as frozen, slotted dataclasses in all that is said and asked of them."""

import copy
import pickle
from dataclasses import FrozenInstanceError, asdict, astuple, dataclass, field, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.frozen import frozen


@frozen(order=True)
class Place:
    """Where."""

    row: int
    column: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Rival:
    row: int
    column: int = 0


@frozen
class Word:
    text: str
    at: Place = Place(1)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.text:
            raise ValueError("a word has letters")

    @property
    def size(self) -> int:
        return len(self.text)

    @classmethod
    def of(cls, text: str) -> "Word":
        return cls(text.strip())


@frozen
class Alone:
    what: object


places = st.tuples(st.integers(0, 3), st.integers(0, 3))


@given(places, places)
def test_values_compare_hash_and_read_as_those_of_a_dataclass(
    one: tuple[int, int], two: tuple[int, int]
) -> None:
    ours, theirs = (Place(*one), Place(*two)), (Rival(*one), Rival(*two))
    assert (ours[0] == ours[1]) is (theirs[0] == theirs[1])
    assert (ours[0] < ours[1], ours[0] >= ours[1]) == (theirs[0] < theirs[1], theirs[0] >= theirs[1])
    assert hash(ours[0]) == hash(theirs[0])
    assert repr(ours[0]) == repr(theirs[0]).replace("Rival", "Place")


def test_values_of_two_classes_are_never_equal_nor_sorted() -> None:
    assert Alone(Place(1)) != Place(1)
    assert Place(1) != Rival(1)
    with pytest.raises(TypeError):
        assert Place(1) < Rival(1)


def test_nothing_can_be_set_added_or_deleted() -> None:
    place = Place(1)
    with pytest.raises(FrozenInstanceError):
        place.row = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        place.other = 2  # type: ignore[attr-defined]
    with pytest.raises(FrozenInstanceError):
        del place.row
    assert not hasattr(place, "__dict__")


def test_what_is_usual_is_filled_in_and_a_factory_makes_each_its_own() -> None:
    one, two = Word("a"), Word(text="a")
    assert one == two == Word("a", Place(1, 0), [])
    one.notes.append("seen")
    assert two.notes == []
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'text'"):
        Word()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword"):
        Word("a", size=1)  # type: ignore[call-arg]


def test_an_impossible_state_is_refused_also_when_replacing() -> None:
    with pytest.raises(ValueError, match="has letters"):
        replace(Word("a"), text="")
    assert replace(Word("a"), text="b") == Word("b")


def test_the_class_keeps_what_was_written_in_it() -> None:
    assert (Word.of(" ab ").size, Place.__doc__, Word.__module__) == (2, "Where.", __name__)
    match Place(1, 2):
        case Place(row, column):
            assert (row, column) == (1, 2)


def test_the_functions_of_dataclasses_know_its_fields() -> None:
    assert [each.name for each in fields(Word)] == ["text", "at", "notes"]
    assert asdict(Word("a")) == {"text": "a", "at": {"row": 1, "column": 0}, "notes": []}
    assert astuple(Place(1, 2)) == (1, 2)


@pytest.mark.parametrize("value", [Place(1, 2), Word("a", Place(3), ["b"]), Alone(Place(4))])
def test_a_value_is_copied_and_pickled_whole(value: object) -> None:
    assert copy.deepcopy(value) == copy.copy(value) == pickle.loads(pickle.dumps(value)) == value
