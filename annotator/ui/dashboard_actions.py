"""The rows of the table of actions that are the dashboard's: heard on its page, in all of its panes."""

from annotator.ui.action import Action, Menu, Page, Reach


def _dashboard(id_: str, text: str, *keys: str, call: str, rule: bool = False) -> Action:
    return Action(
        id_,
        text,
        Menu.VIEW,
        keys,
        f"dashboard.{call}",
        Page.DASHBOARD,
        reach=Reach.ARTICLE,
        rule=rule,
        sub="On the dashboard",
    )


DASHBOARD: tuple[Action, ...] = (
    _dashboard("dashboard.who", "Compare whom…", "C", call="choose_who", rule=True),
    _dashboard("dashboard.report", "Export the report…", "Ctrl+E", call="export_report"),
    _dashboard("dashboard.picture", "Export the chart or table as a picture…", "P", call="export_picture"),
    _dashboard("dashboard.read", "Count again", "F5", call="read"),
    _dashboard("dashboard.pane", "Numbers or the marks behind them", "F6", call="switch_pane"),
)
