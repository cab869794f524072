"""The rows of the table of actions that are the page of labels'."""

from annotator.ui.action import Action, Menu, Page


def _labels(
    id_: str,
    text: str,
    *keys: str,
    call: str,
    args: tuple[object, ...] = (),
    rule: bool = False,
    writes: bool = True,
) -> Action:
    return Action(
        f"labelset.{id_}",
        text,
        Menu.LABEL,
        keys,
        f"labels.{call}",
        Page.LABELSET,
        args=args,
        rule=rule,
        writes=writes,
        sub="On the Labels page",
    )


LABELSET: tuple[Action, ...] = (
    _labels("save", "Save the label", "Ctrl+S", call="save", rule=True),
    _labels("new", "New label", "Ins", call="new", args=("entity",)),
    _labels("new_polarity", "New polarity", "Shift+Ins", call="new", args=("polarity",)),
    _labels("up", "Label up", "Alt+Up", call="move", args=(-1,)),
    _labels("down", "Label down", "Alt+Down", call="move", args=(1,)),
    _labels("merge", "Merge into another label…", "Ctrl+M", call="merge", rule=True),
    _labels("split", "Split the label…", "Ctrl+Shift+S", call="split"),
    _labels("sort", "Sort the marks of a split label", "Ctrl+R", call="sort"),
    _labels("retire", "Retire or bring back…", "Ctrl+D", call="retire"),
    _labels("read", "Import a label set…", "Ctrl+Shift+I", call="ask_file", rule=True),
    _labels("write", "Export the label set…", "Ctrl+Shift+E", call="write", writes=False),
)
