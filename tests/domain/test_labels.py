"""Label sets: the packed one, and every fault with its line."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.errors import LabelSetError
from annotator.domain.label_file import parse_label_set
from annotator.domain.labels import Kind, LabelSet
from annotator.places import resource

GOOD = """\
name = "harbour"
version = 2

[[entity]]
name = "SHIP"
title = "Ship"
color = "#1A5FB4"
key = "1"
guideline = "A named ship."

[[entity]]
name = "PORT"
color = "#26a269"

[[polarity]]
name = "FAVOR"
color = "#009e73"
key = "f"
glyph = "▲"
"""


def test_the_packed_label_set_is_whole() -> None:
    labels = parse_label_set(resource("labels", "news.toml").read_text("utf-8"))
    assert (labels.name, labels.version) == ("news", 1)
    assert [label.name for label in labels.entities] == [
        *("PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "DATE"),
    ]
    assert [(label.name, label.glyph) for label in labels.polarities] == [
        *(("FAVOR", "▲"), ("AGAINST", "▼"), ("NEUTRAL", "●")),
    ]
    assert all(label.guideline and label.key for label in labels.labels)


def test_a_label_set_is_read_in_its_order_with_defaults() -> None:
    labels = parse_label_set(GOOD)
    ship, port = labels.entities
    assert (ship.name, ship.title, ship.color, ship.key) == ("SHIP", "Ship", "#1a5fb4", "1")
    assert (port.title, port.key, port.guideline, port.glyph) == ("PORT", "", "", "")
    assert labels.find(Kind.POLARITY, "FAVOR") == labels.polarities[0]
    assert labels.find(Kind.ENTITY, "FAVOR") is None


def test_the_id_names_the_content() -> None:
    labels = parse_label_set(GOOD)
    assert re.fullmatch("[0-9a-f]{64}", labels.id)
    assert LabelSet.from_dict(labels.to_dict()) == labels
    assert parse_label_set("# a comment\n" + GOOD).id == labels.id
    assert parse_label_set(GOOD.replace("version = 2", "version = 3")).id != labels.id
    assert parse_label_set(GOOD.replace("A named ship", "A ship")).id != labels.id


def entry(body: str, table: str = "entity") -> str:
    return f'name = "x"\nversion = 1\n\n[[{table}]]\n{body}\n'


ENTRY = 'name = "A"\ncolor = "#000000"'
OTHER = '\n[[entity]]\nname = "B"\ncolor = "#000000"'


@pytest.mark.parametrize(
    ("toml", "line", "fault"),
    [
        ("version = 1\n" + entry(ENTRY).split("\n", 2)[2], 1, "needs name"),
        ('name = " "\nversion = 1\n', 1, "needs name"),
        ("# note\nname = 3\nversion = 1\n", 2, "needs name"),
        ('name = "x"\n', 1, "needs version"),
        ('name = "x"\nversion = "1"\n', 2, "needs version"),
        ('name = "x"\nversion = 0\n', 2, "needs version"),
        ('name = "x"\nversion = true\n', 2, "needs version"),
        ('name = "x"\nversion = 99999999999999999999\n', 2, "needs version"),
        ('name = "x"\n\nversion = 1.5\n', 3, "needs version"),
        ('name = "x"\nversion = 1\nauthor = "me"\n', 3, "does not know 'author'"),
        ('name = "x"\nversion = 1\n', 1, "has no labels"),
        ('name = "x"\nversion = 1\nentity = []\n', 1, "has no labels"),
        ('name = "x"\nversion = 1\n[entity]\nname = "A"\n', 3, r"write each label as a table \[\[entity\]\]"),
        ('name = "x"\nversion = 1\npolarity = ["A"]\n', 3, r"\[\[polarity\]\]"),
        (entry('color = "#000000"'), 4, "label name '' must start"),
        (entry('name = "1A"\ncolor = "#000000"'), 5, "label name '1A' must start"),
        (entry('name = "A B"\ncolor = "#000000"'), 5, "label name 'A B'"),
        (entry(f'name = "{"A" * 41}"\ncolor = "#000000"'), 5, "label name"),
        (entry('name = "A\\n"\ncolor = "#000000"'), 5, "label name"),
        (entry('name = "A"'), 4, "label A: color ''"),
        (entry('name = "A"\ncolor = "blue"'), 6, "label A: color 'blue' must look like"),
        (entry('name = "A"\ncolor = "#12345"'), 6, "color '#12345'"),
        (entry(ENTRY + '\nkey = "12"'), 7, "key '12' must be one character"),
        (entry(ENTRY + '\nkey = " "'), 7, "key ' ' must be one character"),
        (entry(ENTRY + "\nkey = 1"), 7, "key must be text in quotes"),
        (entry(ENTRY + "\ntitle = ['a']"), 7, "title must be text in quotes"),
        (entry(ENTRY + '\ncolour = "#000000"'), 7, "does not know 'colour'"),
        (
            entry(ENTRY, "polarity") + OTHER.replace("entity", "polarity").replace('"B"', '"A"'),
            9,
            "there twice",
        ),
        (entry(ENTRY) + OTHER + OTHER, 12, "label B is there twice"),
        (entry(ENTRY + '\nkey = "F"') + OTHER + '\nkey = "f"', 12, "labels A and B share the key 'f'"),
        (
            entry(ENTRY + '\nkey = "f"') + OTHER.replace("entity", "polarity") + '\nkey = "f"',
            12,
            "A and B share the key",
        ),
        ('name = "x"\nversion = \n', 2, "not valid TOML"),
        ('name = "x"\nname = "y"\n', 2, "not valid TOML"),
        ('name = "x\nversion = 1\n', 1, "not valid TOML"),
    ],
)
def test_a_fault_is_told_with_its_line(toml: str, line: int, fault: str) -> None:
    with pytest.raises(LabelSetError, match=rf"\Amine\.toml, line {line}: .*{fault}") as error:
        parse_label_set(toml, file="mine.toml")
    assert "\n" not in str(error.value)


def test_a_fault_in_a_later_label_of_the_same_table_is_told_with_its_own_line() -> None:
    toml = GOOD.replace("#26a269", "green")
    with pytest.raises(LabelSetError, match=r"line 13: label PORT: color 'green'"):
        parse_label_set(toml)


def test_the_same_name_may_be_an_entity_and_a_polarity() -> None:
    assert len(parse_label_set(entry(ENTRY) + OTHER.replace("entity", "polarity")).labels) == 2


def test_the_word_of_a_field_inside_a_guideline_is_not_taken_for_the_field() -> None:
    toml = entry('guideline = """\ncolor = red is not meant here\n"""\nname = "A"\ncolor = "red"')
    with pytest.raises(LabelSetError, match="line 9: label A: color 'red'"):
        parse_label_set(toml)


@given(st.data())
def test_any_damage_gives_a_label_set_or_one_line_with_a_place(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(GOOD)))
    cut = data.draw(st.integers(0, 6))
    put = data.draw(
        st.one_of(st.text(max_size=4), st.sampled_from(['"', "\n", "[[", "]]", "=", "#", "\\", "\x00"]))
    )
    with suppress(LabelSetError), _one_line_with_a_place():
        parse_label_set(GOOD[:at] + put + GOOD[at + cut :], file="mine.toml")


@contextmanager
def _one_line_with_a_place() -> Iterator[None]:
    """Checks the error that passes through, if one does."""
    try:
        yield
    except LabelSetError as error:
        if "\n" in str(error) or not re.match(r"mine\.toml, (line \d+|the last line): ", str(error)):
            raise AssertionError(str(error)) from error
        raise
