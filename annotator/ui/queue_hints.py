"""What is said below the filter of the queue: what a field goes with, and why nothing is found."""

import re
from collections.abc import Callable, Sequence

from annotator.domain.queue_filter import DATED, STATES, Field, QueueFilter, Term
from annotator.ui.wording import listed

_MOST = 12  # of what there is that are told
_NOTHING = {
    "To do": "Nothing left to do here.",
    "Flagged": "No flagged article.",
    "Done": "No article is done yet.",
    "All": "No articles yet.",
}
_WHAT = {
    Field.LABEL: ("No label is called {value}.", "Labels are"),
    Field.SUGGESTED: ("No label is called {value}.", "Labels are"),
    Field.NAME: ("No name of your marks has “{value}” in it.", "Names are"),
    Field.SOURCE: ("No source has “{value}” in it.", "Sources are"),
}
_NONE = {
    Field.NAME: "None of your marks has a name yet.",
    Field.SOURCE: "No article here has a source.",
}
_GOES_WITH = {
    Field.TEXT: "text: goes with a word of the texts, or with several in quotation marks.",
    Field.NOTE: "note: goes with words of your notes.",
    Field.IS: f"is: goes with {listed(STATES, 'or')}.",
}

# What a field can name here.
Known = Callable[[Field], Sequence[str]]


def hint_said(wanted: QueueFilter, unknown: Term | None, known: Known) -> str:
    """What the field that was typed last goes with, else which term names what there is not; else ""."""
    field = wanted.awaited
    if field is None:
        return _unknown_said(unknown, known) if unknown else ""
    if field in _GOES_WITH:
        return _GOES_WITH[field]
    if field not in _WHAT:
        return f"{field}: {DATED}"
    some = _some(known(field), "or")
    return f"{field}: goes with {some}." if some else _NONE[field]


def nothing_said(chip: str, wanted: QueueFilter, unknown: Term | None, known: Known) -> str:
    """Why the list is empty, and what else may find something."""
    if wanted.problem:
        return wanted.problem
    if unknown is not None:
        return _unknown_said(unknown, known)
    if not wanted.terms:
        return _NOTHING[chip]
    words = [term for term in wanted.terms if term.field is Field.TITLE and not term.negated]
    lines = [f"No article in “{chip}” fits {wanted}."]
    if len(words) == len(wanted.terms):
        said = " ".join(term.value for term in words)
        lines = [f"No article in “{chip}” has “{said}” in its title or source."]
    odd = next((found[0] for term in words if (found := re.match(r"[A-Za-z]+:", term.value))), None)
    if odd is not None:
        lines.append(f"“{odd}” is no field; these are {', '.join(field for field in Field if field)}.")
    elif len(words) == len(wanted.terms):
        lines.append(f"{' '.join(f'text:{term}' for term in words)} looks in the texts.")
    lines += [f"is:{term.value.lower()} goes by the status." for term in words if _is_state(term)]
    lines += [
        f"label: goes by your own marks; suggested:{term.value} by suggestions."
        for term in wanted.terms
        if term.field is Field.LABEL and not term.negated
    ]
    return "\n\n".join(lines)


def _unknown_said(term: Term, known: Known) -> str:
    said, are = _WHAT[term.field]
    there = _some(known(term.field), "and")
    lines = [said.format(value=term.value), f"{are} {there}."] if there else [_NONE[term.field]]
    if _is_state(term):
        lines.append(f"is:{term.value.lower()} goes by the status.")
    return "\n\n".join(lines)


def _is_state(term: Term) -> bool:
    return term.value.lower() in STATES


def _some(values: Sequence[str], last: str) -> str:
    """So many of them that they can be read at a glance."""
    more = len(values) - _MOST
    return f"{', '.join(values[:_MOST])} {last} {more:,} more" if more > 0 else listed(values, last)
