"""The rows of the table of actions that are the review's: heard on its page, in all of its panes."""

from typing import Any

from annotator.ui.action import Action, Menu, Page, Reach


def _review(
    id_: str, text: str, *keys: str, call: str, args: tuple[object, ...] = (), rule: bool = False, **more: Any
) -> Action:
    """A key of the review; it writes unless `more` says otherwise."""
    more = dict[str, Any](reach=Reach.ARTICLE, writes=True) | more
    return Action(id_, text, Menu.REVIEW, keys, f"review.{call}", Page.REVIEW, args=args, rule=rule, **more)


def _look(id_: str, text: str, *keys: str, call: str, rule: bool = False, **more: Any) -> Action:
    return _review(id_, text, *keys, call=call, rule=rule, writes=False, **more)


_TAKES = (
    ("adopt", "Adopt candidate", ""),
    ("label", "Only the label of candidate", "Shift+"),
    ("edges", "Only the edges of candidate", "Alt+"),
)
REVIEW: tuple[Action, ...] = (
    *(
        _review(
            f"review.{name}.{n}",
            f"{text} {n}",
            f"{held}{n}",
            call=name,
            args=(n - 1,),
            rule=n == 1,
            listed=n == 1,
        )
        for name, text, held in _TAKES
        for n in range(1, 10)
    ),
    _review("review.none", "None of these", "0", call="none", rule=True),
    _review("review.edit", "Edit the candidate", "E", call="edit"),
    _review("review.start", "Edit the start edge", "Q", call="edit_start"),
    _review("review.holder", "Selection is the holder", "H", call="set_holder"),
    _review("review.target", "Selection is the target", "T", call="set_target"),
    _review("review.no_holder", "No holder", "Shift+H", call="no_holder"),
    _review("review.no_target", "No target", "Shift+T", call="no_target"),
    _review("review.unsure", "Unsure, put aside", "S", call="unsure"),
    _review("review.reason", "Reason…", "R", call="reason", rule=True),
    _review("review.note", "Guideline note…", "G", call="note"),
    _look("review.alike", "Decide for all alike", "B", call="alike"),
    _look("review.next", "Next difference", "Tab", call="next", rule=True),
    _look("review.previous", "Previous difference", "Shift+Tab", call="previous"),
    _look("review.lower", "Candidate below", "J", call="lower"),
    _look("review.upper", "Candidate above", "K", call="upper", listed=False),
    _look("review.article", "Open the article to label", "L", call="open_article"),
    _look("review.filter", "Filter the differences", "Ctrl+L", call="filter", reach=Reach.WINDOW),
    _look("review.pane_next", "Next pane of the review", "F6", call="next_pane", reach=Reach.WINDOW),
    _look(
        "review.pane_back",
        "Previous pane of the review",
        "Shift+F6",
        call="previous_pane",
        reach=Reach.WINDOW,
        listed=False,
    ),
    _look("review.names", "Show names and votes", "N", call="toggle_names", rule=True, check="review.names"),
    _look("review.second", "Second opinion", "O", call="toggle_second", check="review.second"),
    _look("review.against", "Compare with a pipeline…", "M", call="choose_against"),
    _look("review.leads", "Agreement between leads", "A", call="tell_leads"),
    _look("review.votes", "Export soft labels…", "V", call="export_votes"),
    _look("review.notes", "Guideline notes…", "Ctrl+G", call="show_notes", reach=Reach.WINDOW),
    _look("review.escape", "Leave the mode", "Esc", call="escape"),
)
