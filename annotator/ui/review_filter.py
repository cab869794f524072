"""What is typed to filter the differences: `words label:ORG by:ana type:flip is:unsure leads:differ`."""

import re
from collections.abc import Callable, Collection, Iterable

from annotator.domain.errors import GestureRefused
from annotator.domain.queue_filter import TERM
from annotator.domain.review import Type
from annotator.services.review_items import ABSENT, State, Wanted
from annotator.ui.wording import listed

_TYPES = {each.name.lower(): each for each in Type}
_FIELDS = ("label", "by", "type", "is", "leads")
_MOST = 12  # of what there is that are told

Known = Callable[[], Collection[str]]


def wanted_of(
    typed: str,
    types: frozenset[Type],
    *,
    labels: Known,
    names: Known | None,
    leads_differ: bool = False,
) -> Wanted:
    """The filter of what is typed and of the chips that are on. GestureRefused for what cannot be asked.

    A value is known by the beginning that tells it; quotation marks hold words together.
    `labels` and `names` give what there is; no names for someone who may not see them.
    """
    words: list[str] = []
    annotator = ""
    found: set[str] = set()
    states: set[State] = set()
    of_types = set(types)
    for match in re.finditer(TERM, typed):
        phrase = match["phrase"]
        value = (phrase if phrase is not None else match["word"] or "").strip()
        field = (match["field"] or "").lower()
        if not field or not (value or field in _FIELDS):
            words.append(match[0] if phrase is None else value)
            continue
        _refuse_unknown(match, field)
        if not value:
            continue
        if field == "label":
            found.add(_one(value, [*labels(), ABSENT], field))
        elif field == "by":
            if names is None:
                raise GestureRefused("Names are hidden; show names and votes to filter by one.")
            annotator = _one(value, names(), field)
        elif field == "type":
            of_types.add(_TYPES[_one(value, _TYPES, field)])
        elif field == "is":
            states.add(State(_one(value, State, field)))
        else:
            leads_differ = bool(_one(value, ["differ"], field))
    return Wanted(
        frozenset(of_types),
        frozenset(found),
        annotator,
        " ".join(filter(None, words)),
        frozenset(states),
        leads_differ,
    )


def _refuse_unknown(match: re.Match[str], field: str) -> None:
    if field not in _FIELDS:
        fields = listed([f"{each}:" for each in _FIELDS])
        raise GestureRefused(
            f"There is no field “{field}:”; there are {fields}. Words with a colon go in quotation marks."
        )
    if match["not"]:
        raise GestureRefused(f"“{match[0]}”: a minus takes nothing out here; ask for what is wanted.")


def _one(value: str, there: Iterable[str], field: str) -> str:
    """The one that is so called, or else so begins, large or small."""
    known = sorted(set(there))
    small = value.casefold()
    for fitting in (
        [each for each in known if each == value],
        [each for each in known if each.casefold() == small],
        [each for each in known if each.casefold().startswith(small)],
    ):
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            raise GestureRefused(f"“{field}:{value}” can be {_told(fitting)}.")
    raise GestureRefused(f"“{field}:{value}” is none of those there are: {_told(known)}.")


def _told(there: list[str]) -> str:
    more = len(there) - _MOST
    return listed([*there[:_MOST], f"{more} more"] if more > 0 else there, "or")
