"""What a person types to filter the queue, taken apart into terms: `label:PERSON before:2024-01`."""

import re
from enum import StrEnum

from annotator.domain.articles import Status
from annotator.domain.frozen import frozen

_UNFINISHED = (Status.TODO, Status.DOING)
# A word, perhaps after a minus and the name of a field; quotation marks hold several together.
TERM = r'(?P<not>-)?(?:(?P<field>[A-Za-z]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>\S+))?'
_STATES: dict[str, tuple[Status, ...]] = {
    "unfinished": _UNFINISHED,
    "todo": (Status.TODO,),
    "begun": (Status.DOING,),
    "done": (Status.DONE,),
    "flagged": (Status.FLAGGED,),
    "skipped": (Status.SKIPPED,),
}
NOTED = "noted"
_TITLE = "title"  # may stand before a word, which is looked for there anyway
_ALSO = {"status": "is", "date": "on"}  # what people call fields, too
STATES = (*_STATES, NOTED)
_DATE = r"\d[\d-]*"
DATED = "a date is like 2024, 2024-01 or 2024-01-31; after: and before: go with one as on: does."


class Field(StrEnum):
    """What a term looks at; TITLE is a word alone, in title or source."""

    TITLE = ""
    TEXT = "text"
    LABEL = "label"
    SUGGESTED = "suggested"
    NAME = "name"
    SOURCE = "source"
    NOTE = "note"
    BEFORE = "before"
    AFTER = "after"
    ON = "on"
    IS = "is"


class Sort(StrEnum):
    """The order of the queue."""

    FILE = "file"
    UNCERTAIN = "uncertain"
    UNFINISHED = "unfinished"
    SHORTEST = "shortest"
    LONGEST = "longest"


@frozen
class Term:
    """One condition. `phrase` is whether the value stood in quotation marks."""

    field: Field
    value: str
    negated: bool = False
    phrase: bool = False

    def __str__(self) -> str:
        """As it is typed."""
        value = f'"{self.value}"' if self.phrase or " " in self.value or not self.value else self.value
        return f"{'-' if self.negated else ''}{self.field}{':' if self.field else ''}{value}"

    def statuses(self) -> tuple[Status, ...]:
        """Of `is:`, the statuses it stands for; none for `is:noted`."""
        return _STATES.get(self.value, ())


@frozen
class QueueFilter:
    """All terms must hold. `problem` says in one line which one cannot be understood, "" if all can.

    `awaited` is the field that stands last without a value yet.
    """

    terms: tuple[Term, ...] = ()
    problem: str = ""
    awaited: Field | None = None

    @property
    def excludes(self) -> bool:
        """Whether a term is turned round."""
        return any(term.negated for term in self.terms)

    def words(self) -> tuple[Term, ...]:
        """The terms whose words are looked for, and shown, in the texts."""
        return tuple(term for term in self.terms if term.field is Field.TEXT and not term.negated)

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))


def parsed(typed: str) -> QueueFilter:
    """The filter of what was typed; a field without a value yet says nothing, an unknown one is a word."""
    terms: list[Term] = []
    problem = ""
    awaited: Field | None = None
    for match in re.finditer(TERM, typed) if typed else ():
        if not match[0]:
            continue
        name = called = (match["field"] or "").lower()
        name = _ALSO.get(name, name)
        value = match["phrase"] if match["phrase"] is not None else match["word"] or ""
        if name == _TITLE:
            name = ""
        elif name not in list(Field):
            name, value = "", match[0].lstrip("-").strip('"')
        awaited = Field(name) if name and not value.strip() else None
        if not value.strip():
            continue
        if called == "date" and value[0] in "<>":
            name, value = (Field.BEFORE if value[0] == "<" else Field.AFTER), value[1:]
        term = Term(Field(name), value.strip(), bool(match["not"]), match["phrase"] is not None)
        wrong = ""
        if term.field is Field.IS:
            term, wrong = _state(term)
        elif term.field in (Field.BEFORE, Field.AFTER, Field.ON) and not re.fullmatch(_DATE, term.value):
            wrong = f"“{term}”: {DATED}"
        problem = problem or wrong
        terms.append(term)
    return QueueFilter(tuple(terms), problem, awaited)


def _state(term: Term) -> tuple[Term, str]:
    """The term with the state that its beginning tells, and what is wrong if none or several do."""
    fitting = [state for state in STATES if state.startswith(term.value.lower())]
    if len(fitting) == 1:
        return Term(Field.IS, fitting[0], term.negated), ""
    return term, f"“{term}”: is: goes with {', '.join(STATES[:-1])} or {STATES[-1]}."
