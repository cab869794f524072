"""How differences, readings and decisions are said on the page of the review."""

from collections.abc import Callable

from annotator.domain.directions import isolated
from annotator.domain.marks import Mark, Stance
from annotator.domain.review import Adjudication, Group, Settled, Type
from annotator.domain.text import Span
from annotator.services.review_items import Item, State, stands
from annotator.services.review_queue import ReviewQueue
from annotator.services.wording import counted
from annotator.ui.review_editing import Draft
from annotator.ui.wording import listed, quoted

COMPARING = "Comparing what annotators marked …"
_SAID = {
    Type.FLIP: "polarity flip",
    Type.STRENGTH: "polarity strength",
    Type.LABEL: "label",
    Type.HOLDER: "holder",
    Type.TARGET: "target",
    Type.MISSING: "missing",
    Type.BOUNDARY: "boundary",
    Type.PART: "part boundary",
}
_WHOLE = {
    Type.FLIP: "For by one, against by another",
    Type.STRENGTH: "Neutral by one, not by another",
    Type.LABEL: "Different labels",
    Type.HOLDER: "Different holders",
    Type.TARGET: "Different targets",
    Type.MISSING: "Not marked by everybody",
    Type.BOUNDARY: "Begins or ends at different places",
    Type.PART: "The same holder and target, not the same words of them",
}


def types_said(item: Item) -> str:
    """`Polarity flip · target`; what is unanimous says why it is in the queue."""
    if item.gone:
        return "Nobody says so any more"
    if item.missed:
        return "Not in the gold that came in"
    if item.audit:
        return "Audit of what is unanimous"
    if not item.group.types:
        return "All say the same by now"
    return " · ".join(
        _SAID[each] for each in sorted(item.group.types, key=lambda each: each.rank)
    ).capitalize()


def difference_said(item: Item) -> str:
    """How the readings differ, a line for each type."""
    if item.gone:
        return "The marks that this was decided on are gone, or the article is being worked on again."
    if item.missed:
        return "Everybody says the same, and gold that came in with a file has no such mark."
    if not item.group.types and not item.audit:
        return "Everybody says the same by now."
    if item.audit:
        return "Everybody says the same. A small sample of such marks is looked at, too."
    lines = [_WHOLE[each] for each in sorted(item.group.types, key=lambda each: each.rank)]
    return "\n".join(f"· {line}" for line in lines) if len(lines) > 1 else f"{lines[0]}."


def state_said(item: Item) -> str:
    """Where an item stands, in whole words."""
    return f"{item.state}, leads decided otherwise than each other" if item.leads_differ else str(item.state)


def readings_said(item: Item, *, blind: bool) -> str:
    """The labels that were given, how often only to one who may see it: `ORG 2 · GPE 1 · nothing 1`."""
    group = item.group
    labels = list(dict.fromkeys(mark.label for mark in group.marks))
    if blind:
        readings = counted(len(group.marks), "reading") if len(group.marks) > len(labels) else ""
        return " · ".join([*labels, *([readings] if readings else [])])
    votes = [mark.label if mark else "nothing" for _, mark in group.votes]
    order = [*labels, *(["nothing"] if "nothing" in votes else [])]
    return " · ".join(f"{label} {votes.count(label)}" for label in order)


def voters_said(group: Group, mark: Mark | None) -> str:
    return listed(group.voters(mark))


def outcome_said(said: Adjudication, text: str) -> str:
    """What was decided: `ORG “Northern Union”`, or that none was right."""
    if said.outcome is None and said.settled is not Settled.NONE:
        return str(said.settled)
    return mark_said(said.outcome, text)


def mark_said(mark: Mark | None, text: str) -> str:
    """`ORG “Northern Union”`, or `none of these`."""
    if mark is None:
        return "none of these"
    words = quoted(text, Span(mark.span.start, min(mark.span.end, len(text))), 40)
    return f"{mark.label} “{isolated(words)}”"


def decided_said(item: Item, text: str, *, blind: bool) -> str:
    """What holds where an item is decided, by oneself or by another lead; "" where nothing does."""
    if item.state is not State.DECIDED:
        return ""
    own = item.own
    if own is not None and own.settled.decided and (item.second or not own.overruled):
        return outcome_said(own, text)
    other = next((each for each in item.others if stands(each)), None)
    if other is None:
        return ""
    return f"{outcome_said(other, text)} of {'another lead' if blind else isolated(other.lead)}"


def before_said(item: Item, text: str, *, blind: bool) -> str:
    """What was decided before, by oneself on other votes or by other leads; "" where nothing needs saying."""
    own, changed = item.own, item.state is State.STALE
    theirs = changed and any(map(stands, item.others))
    if own is not None and changed and own.settled.decided and not theirs:
        return f"You decided before: {outcome_said(own, text)}. The votes have changed since."
    if not (theirs or item.leads_differ) and (item.second or (own is not None and not own.overruled)):
        return ""
    said = []
    for other in item.others:
        if stands(other) or (item.leads_differ and other.settled.decided):
            who = "Another lead" if blind else isolated(other.lead)
            said.append(f"{who} decided: {outcome_said(other, text)}.")
    if theirs:
        said.append("The votes have changed since.")
    if said and own is not None and (own.settled.decided or own.overruled):
        said.append(f"You said: {outcome_said(own, text)}.")
    return " ".join(said)


def left_said(queue: ReviewQueue, *, against: str | None) -> str:
    """How much is left, of at least how much until all is read."""
    whole = queue.compared.whole
    if not queue.items:
        return "Nothing to decide" if whole else "Nothing to decide so far"
    left = f"{queue.left:,} of {'' if whole else 'at least '}{len(queue.items):,} left"
    if queue.second:
        return f"{left}, second opinion"
    of = f", {isolated(against)} and the pipeline" if against else ""
    looked_at = f" ({counted(queue.audits, 'audit')})" if queue.audits else ""
    return f"{left}{looked_at}{of}"


def end_said(queue: ReviewQueue, *, filtered: bool, told: Callable[[str], str]) -> tuple[str, str]:
    """That nothing is left in the list, and what to do; `told` names keys."""
    again = f"{told('review.next')} goes through what was decided"
    if not queue.compared.whole:
        return "Nothing is left in the articles compared so far.", "More may come."
    if filtered and queue.left:
        return "Nothing is left in this list.", f"Without the filter {queue.left:,} are left. {again}."
    return "All is settled.", f"{again}, {told('project.export')} exports gold."


def nothing_said(queue: ReviewQueue | None, *, against: str | None, export_key: str) -> tuple[str, str]:
    """Why there is no difference to show, and what to do."""
    if queue is None:
        return "", ""
    if queue.items:
        so_far = "" if queue.compared.whole else " so far; not all articles are compared yet"
        return (
            f"No difference fits this filter{so_far}.",
            "Esc in the filter takes it away; the chips below it are part of it.",
        )
    if not queue.compared.whole:
        return COMPARING, "The first articles have nothing to decide."
    if queue.second:
        return (
            "No other lead has decided anything yet.",
            "A second opinion is asked of what another lead has decided on.",
        )
    if queue.compared.shared:
        return "There is no difference: everybody agrees.", f"Gold can be exported: {export_key}."
    if against:
        return (
            "No article can be compared with a pipeline yet.",
            "It takes finished articles, or gold, and suggestions for them.",
        )
    return (
        "No two annotators have finished the same article yet.",
        "Give the same articles to several people and bring their project files together: an article "
        "is compared once two of them have finished it.",
    )


def hints(
    told: Callable[[str], str], *, empty: bool, again: bool, draft: Draft | None
) -> tuple[tuple[str, str], ...]:
    """The keys that matter now, as `told` of an action, each with what it does.

    Where nothing is shown, `again` is whether there is something to go through again.
    """
    undo = told("edit.undo").replace("Ctrl+", "Ctrl ")
    named: tuple[tuple[str, str], ...]
    if empty:
        named = ((told("page.label").replace("Ctrl+", "Ctrl "), "back to the articles"),)
        if again:
            named = ((told("review.next"), "what was decided"), (undo, "undo"), *named)
    elif draft is not None:
        parts = ((told("review.holder"), "holder"), (told("review.target"), "target"))
        named = (
            ("Enter", "save"),
            (told("review.start"), "start"),
            (told("review.edit"), "end"),
            ("1–9", "label"),
            *(parts if isinstance(draft.mark, Stance) else ()),
            (undo, "step back"),
            ("Esc", "leave"),
        )
    else:
        named = (
            ("1–9", "adopt"),
            (told("review.none"), "none"),
            ("⇧1", "label only"),
            ("Alt 1", "edges only"),
            (told("review.edit"), "edit"),
            (told("review.unsure"), "unsure"),
            (told("review.next"), "next"),
            (undo, "undo"),
        )
    return tuple((key, word) for key, word in named if key)
