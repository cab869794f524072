"""The one table of what a person can do: menus, keys, palette, help and their tests all read it."""

from collections.abc import Iterator
from dataclasses import replace

from annotator.ui.action import Action, Menu, Page, Reach
from annotator.ui.dashboard_actions import DASHBOARD
from annotator.ui.labelset_actions import LABELSET
from annotator.ui.review_actions import REVIEW

__all__ = ["ACTIONS", "LABEL_KEYS", "Action", "Menu", "Page", "Reach", "action", "clashes", "meet", "shown"]

LABEL_KEYS = tuple("1234567890") + tuple(f"Shift+{digit}" for digit in "1234567890")


def _any(id_: str, text: str, menu: Menu, *keys: str, call: str, rule: bool = False) -> Action:
    return Action(id_, text, menu, keys, call, Page.ANY, rule=rule)


def _page(
    id_: str, text: str, menu: Menu, *keys: str, call: str, writes: bool = False, rule: bool = False
) -> Action:
    return Action(id_, text, menu, keys, call, writes=writes, rule=rule)


def _project(
    id_: str, text: str, menu: Menu, *keys: str, call: str, writes: bool = False, rule: bool = False
) -> Action:
    return Action(id_, text, menu, keys, call, Page.PROJECT, writes=writes, rule=rule)


def _naming(id_: str, text: str, *keys: str, call: str) -> Action:
    return Action(id_, text, Menu.MARK, keys, call, Page.NAMING, writes=True)


def _key(
    id_: str, text: str, menu: Menu, *keys: str, call: str, writes: bool = True, rule: bool = False
) -> Action:
    return Action(id_, text, menu, keys, call, reach=Reach.ARTICLE, writes=writes, rule=rule)


def _read(id_: str, text: str, menu: Menu, *keys: str, call: str, rule: bool = False) -> Action:
    return _key(id_, text, menu, *keys, call=call, writes=False, rule=rule)


def _choice(
    id_: str, text: str, group: str, *, call: str, args: tuple[object, ...], rule: bool = False
) -> Action:
    return Action(id_, text, Menu.VIEW, call=call, page=Page.ANY, args=args, rule=rule, check=group)


def _shown(
    id_: str, text: str, *keys: str, call: str, args: tuple[object, ...] = (), rule: bool = False
) -> Action:
    return Action(id_, text, Menu.VIEW, keys, call, args=args, rule=rule, check=id_)


def _native(id_: str, text: str, *keys: str) -> Action:
    return Action(id_, text, Menu.MOVE, keys, reach=Reach.ARTICLE, listed=False)


def _within(sub: str, *rows: Action) -> tuple[Action, ...]:
    """Rows of one menu in a submenu of it."""
    return tuple(replace(row, sub=sub) for row in rows)


_FILE = (
    _any("project.new", "New project…", Menu.FILE, "Ctrl+N", call="files.new_project"),
    _any("project.open", "Open project…", Menu.FILE, "Ctrl+O", call="files.open_project"),
    _any("project.sample", "Open the sample", Menu.FILE, call="files.open_sample"),
    _page(
        "project.import",
        "Import files…",
        Menu.FILE,
        "Ctrl+I",
        call="exchange.import_files",
        writes=True,
        rule=True,
    ),
    _page("project.export", "Export labels…", Menu.FILE, "Ctrl+E", call="exchange.export"),
    _page(
        "team.hand_out", "Hand out…", Menu.FILE, "Ctrl+Shift+H", call="team.hand_out", writes=True, rule=True
    ),
    _page("team.collect", "Collect…", Menu.FILE, "Ctrl+Shift+M", call="team.collect"),
    _page("errors.open", "Open error list…", Menu.FILE, call="errors.choose"),
    _page("errors.close", "Close error list", Menu.FILE, call="errors.close"),
    _page("project.copy", "Save a copy…", Menu.FILE, call="safety.save_copy", rule=True),
    _page("project.restore", "Restore a backup…", Menu.FILE, call="safety.restore_backup"),
    _page("project.check", "Check project", Menu.FILE, call="safety.check_project"),
    _page("project.close", "Close project", Menu.FILE, "Ctrl+W", call="window.close_project", rule=True),
    _any("app.quit", "Quit", Menu.FILE, "Ctrl+Q", call="window.close"),
)
_EDIT = (
    _project("edit.undo", "Undo", Menu.EDIT, "Ctrl+Z", call="page.undo", writes=True),
    _project("edit.redo", "Redo", Menu.EDIT, "Ctrl+Shift+Z", "Ctrl+Y", call="page.redo", writes=True),
    _read("edit.copy", "Copy", Menu.EDIT, "Ctrl+C", call="page.copy", rule=True),
    _page("edit.find", "Find in article", Menu.EDIT, "Ctrl+F", call="page.find_words"),
    _page("find.next", "Find next", Menu.EDIT, "F3", call="page.find_next"),
    _page("find.previous", "Find previous", Menu.EDIT, "Shift+F3", call="page.find_previous"),
    _any("app.palette", "Find an action", Menu.EDIT, "Ctrl+K", call="window.find_action", rule=True),
    _any("app.settings", "Settings…", Menu.EDIT, "Ctrl+,", call="keying.show_settings", rule=True),
)
_MOVE = (
    _read("go.next", "Next suggestion or mark", Menu.MOVE, "Tab", call="gestures.next_mark"),
    _read(
        "go.previous", "Previous suggestion or mark", Menu.MOVE, "Shift+Tab", call="gestures.previous_mark"
    ),
    _read("go.skip", "Leave undecided, go on", Menu.MOVE, "Space", call="gestures.skip"),
    _read("go.uncertain", "Most uncertain suggestion", Menu.MOVE, "U", call="gestures.most_uncertain"),
    _read("go.stance", "Next stance", Menu.MOVE, "V", call="gestures.next_stance"),
    _read("go.stance_back", "Previous stance", Menu.MOVE, "Shift+V", call="gestures.previous_stance"),
    _read(
        "go.lowest", "Suggestion with the lowest score", Menu.MOVE, "Shift+U", call="gestures.lowest_score"
    ),
    _read("go.label", "Next mark of this label", Menu.MOVE, "L", call="gestures.next_of_label"),
    _read(
        "go.label_back",
        "Previous mark of this label",
        Menu.MOVE,
        "Shift+L",
        call="gestures.previous_of_label",
    ),
    _read("go.label_find", "Marks of a label…", Menu.MOVE, "J", call="gestures.find_marks_of_label"),
    _read("go.overlap", "Next overlapping mark", Menu.MOVE, "O", call="gestures.cycle_overlapping"),
    _read("select.grow", "Select word, sentence, paragraph", Menu.MOVE, "S", call="gestures.grow", rule=True),
    _read("select.shrink", "Select less", Menu.MOVE, "Shift+S", call="gestures.shrink"),
    _native("caret.left", "Caret to the left", "Left"),
    _native("caret.right", "Caret to the right", "Right"),
    _native("caret.word_left", "Caret by a word to the left", "Ctrl+Left"),
    _native("caret.word_right", "Caret by a word to the right", "Ctrl+Right"),
    _native("caret.sentence_left", "Caret to the start of the sentence", "Alt+Up"),
    _native("caret.sentence_right", "Caret to the end of the sentence", "Alt+Down"),
    _native("caret.up", "Caret a line up", "Up"),
    _native("caret.down", "Caret a line down", "Down"),
    _native("caret.paragraph_up", "Caret a paragraph up", "Ctrl+Up"),
    _native("caret.paragraph_down", "Caret a paragraph down", "Ctrl+Down"),
    _native("caret.line_start", "Caret to the start of the line", "Home"),
    _native("caret.line_end", "Caret to the end of the line", "End"),
    _native("caret.page_up", "Caret a page up", "PgUp"),
    _native("caret.page_down", "Caret a page down", "PgDown"),
    _native("caret.start", "Caret to the start of the article", "Ctrl+Home"),
    _native("caret.end", "Caret to the end of the article", "Ctrl+End"),
    _page("errors.next", "Next error of the list", Menu.MOVE, "F8", call="errors.next", rule=True),
    _page("errors.previous", "Previous error of the list", Menu.MOVE, "Shift+F8", call="errors.previous"),
    _page("pane.next", "Next pane", Menu.MOVE, "F6", call="page.next_pane", rule=True),
    _page("pane.previous", "Previous pane", Menu.MOVE, "Shift+F6", call="page.previous_pane"),
    _page("pane.filter", "Filter the queue", Menu.MOVE, "Ctrl+L", call="page.filter_queue"),
    _page("queue.filter", "Filter the queue by…", Menu.MOVE, "Ctrl+Shift+L", call="queueing.choose_filter"),
    _read("escape", "Leave any mode", Menu.MOVE, "Esc", call="gestures.escape"),
)
_MARK = (
    _key("mark.accept", "Accept, go to next undecided", Menu.MARK, "A", call="gestures.accept"),
    _key("mark.reject", "Reject, go to next undecided", Menu.MARK, "X", call="gestures.reject"),
    _page(
        "mark.accept_visible",
        "Accept all visible above a score…",
        Menu.MARK,
        "Ctrl+Shift+A",
        call="bulk.accept_visible",
        writes=True,
    ),
    _page(
        "mark.reject_visible",
        "Reject all visible below a score…",
        Menu.MARK,
        "Ctrl+Shift+X",
        call="bulk.reject_visible",
        writes=True,
    ),
    _key("mark.start", "Move the start edge", Menu.MARK, "Q", call="gestures.take_start", rule=True),
    _key("mark.end", "Move the end edge", Menu.MARK, "E", call="gestures.take_end"),
    Action(
        "mark.snap",
        "Snap to whole words",
        Menu.MARK,
        ("W",),
        "keying.toggle_snap",
        reach=Reach.ARTICLE,
        check="snap",
    ),
    _key("mark.name", "Name…", Menu.MARK, "M", call="names.name", rule=True),
    _key(
        "mark.name_all",
        "Same name everywhere in this article…",
        Menu.MARK,
        "Shift+M",
        call="names.name_everywhere",
    ),
    _naming("names.rename", "Rename across the project…", "F2", call="names.rename"),
    _naming("names.merge", "Merge with another name…", "Ctrl+M", call="names.merge"),
    _key("mark.note", "Note…", Menu.MARK, "I", call="gestures.note"),
    _key("mark.equal", "Same label on all equal mentions", Menu.MARK, "R", call="bulk.label_equal"),
    _key("mark.delete", "Delete mark", Menu.MARK, "Del", call="gestures.delete", rule=True),
    _key("zone.toggle", "Mark or unmark a zone", Menu.MARK, "Z", call="gestures.toggle_zone", rule=True),
)
_LABEL = (
    _key("label.find", "Find a label…", Menu.LABEL, "/", call="gestures.find_label"),
    *(
        Action(
            f"label.{n}",
            f"Label {n}",
            Menu.LABEL,
            (key,),
            "gestures.label",
            reach=Reach.ARTICLE,
            args=(n - 1,),
            writes=True,
            rule=n == 1,
            listed=False,
        )
        for n, key in enumerate(LABEL_KEYS, start=1)
    ),
)
_STANCE = (
    *(
        Action(
            f"stance.{n}",
            text,
            Menu.STANCE,
            (key,),
            "gestures.stance",
            reach=Reach.ARTICLE,
            args=(n - 1,),
            writes=True,
        )
        for n, (key, text) in enumerate((("F", "For"), ("G", "Against"), ("N", "Neutral")), start=1)
    ),
    _key(
        "stance.holder", "Set the holder, or offer the next", Menu.STANCE, "H", call="parts.holder", rule=True
    ),
    _key("stance.target", "Set the target, or offer the next", Menu.STANCE, "T", call="parts.target"),
    _key("stance.no_holder", "No holder", Menu.STANCE, "Shift+H", call="parts.no_holder"),
    _key("stance.no_target", "No target", Menu.STANCE, "Shift+T", call="parts.no_target"),
)
_ARTICLE = (
    _page(
        "article.finish",
        "Finish and go on",
        Menu.ARTICLE,
        "Ctrl+Return",
        "Ctrl+Enter",
        call="finishing.finish",
        writes=True,
    ),
    _key("article.own_pass", "End my own pass, show suggestions", Menu.ARTICLE, "P", call="finishing.reveal"),
    _page(
        "article.skip",
        "Skip and go on",
        Menu.ARTICLE,
        "Ctrl+Shift+Return",
        "Ctrl+Shift+Enter",
        call="queueing.skip",
        writes=True,
    ),
    _page("article.history", "History", Menu.ARTICLE, "Ctrl+H", call="history.toggle"),
    _page("article.reopen", "Reopen", Menu.ARTICLE, "Ctrl+R", call="queueing.reopen", writes=True),
    _key("article.flag", "Flag or unflag", Menu.ARTICLE, "B", call="queueing.flag"),
    _key("article.note", "Note on the article…", Menu.ARTICLE, "Shift+I", call="queueing.note"),
    _page(
        "article.next", "Next article", Menu.ARTICLE, "Ctrl+PgDown", call="queueing.next_article", rule=True
    ),
    _page(
        "article.previous", "Previous article", Menu.ARTICLE, "Ctrl+PgUp", call="queueing.previous_article"
    ),
    _page(
        "article.uncertain",
        "Least certain article",
        Menu.ARTICLE,
        "Ctrl+U",
        call="queueing.open_least_certain",
    ),
)
_ANNOTATOR = (_page("annotator.new", "Someone else…", Menu.ANNOTATOR, call="annotators.ask"),)
_LAYERS = (
    ("entities", "Entities"),
    ("stances", "Stances"),
    ("suggestions", "Suggestions"),
    ("zones", "Zones dimmed"),
)
_VIEW = (
    _project("page.label", "Label", Menu.VIEW, "Ctrl+1", call="window.back_to_work"),
    _project("page.review", "Review", Menu.VIEW, "Ctrl+2", call="review.show"),
    _project("page.dashboard", "Dashboard", Menu.VIEW, "Ctrl+3", call="dashboard.show"),
    _project("page.names", "Names", Menu.VIEW, "Ctrl+4", call="names.show"),
    _project("page.labelset", "Labels", Menu.VIEW, "Ctrl+5", call="labels.show"),
    *_within(
        "Text",
        _any(
            "text.larger", "Larger text", Menu.VIEW, "Ctrl++", "Ctrl+=", call="reading.larger_text", rule=True
        ),
        _any("text.smaller", "Smaller text", Menu.VIEW, "Ctrl+-", call="reading.smaller_text"),
        _any("text.reset", "Usual text size", Menu.VIEW, call="reading.usual_text"),
        _any("text.font", "Font…", Menu.VIEW, call="reading.choose_font", rule=True),
        _any("text.lines", "Line spacing…", Menu.VIEW, call="reading.choose_pitch"),
        _any("text.column", "Width of the column…", Menu.VIEW, call="reading.choose_column"),
    ),
    *_within(
        "Layers",
        *(
            _shown(f"layer.{name}", text, f"Ctrl+Shift+{n}", call="reading.toggle_layer", args=(name,))
            for n, (name, text) in enumerate(_LAYERS, start=1)
        ),
    ),
    *_within(
        "Theme",
        *(
            _choice(f"theme.{name}", f"{title} theme", "theme", call="window.choose_theme", args=(name,))
            for name, title in (
                ("automatic", "Automatic"),
                ("light", "Light"),
                ("dark", "Dark"),
                ("contrast", "High contrast"),
            )
        ),
    ),
    *_within(
        "Order of the queue",
        *(
            _choice(f"queue.{name}", text, "queue", call="queueing.sort", args=(name,))
            for name, text in (
                ("file", "Queue in the order of the file"),
                ("uncertain", "Least certain articles first"),
                ("unfinished", "Unfinished articles first"),
                ("shortest", "Shortest articles first"),
                ("longest", "Longest articles first"),
            )
        ),
    ),
    _shown("view.article", "Only the article", "F11", call="reading.toggle_only_article", rule=True),
    _shown("view.reader", "Sentence and mark in words", "F7", call="reading.toggle_reader_pane"),
    _shown("view.overview", "Marks beside the scroll bar", call="reading.toggle_overview"),
    _shown("effort.show", "Time spent", "Ctrl+Shift+T", call="effort.toggle"),
    _choice(
        "suggestions.on",
        "Suggest marks while I work",
        "suggestions",
        call="window.toggle_suggestions",
        args=(),
        rule=True,
    ),
    _page("suggestions.from", "Suggestions from…", Menu.VIEW, call="prefetch.choose", writes=True),
)
_HELP = (
    Action("help.keys", "All keys", Menu.HELP, ("F1",), "side_pages.show_help", Page.ANY, args=("keys",)),
    _any("help.print", "Print the key sheet…", Menu.HELP, "Ctrl+P", call="keying.print_keys"),
    *(
        Action(f"help.{id_}", text, Menu.HELP, call="side_pages.show_help", page=Page.ANY, args=(page,))
        for id_, text, page in (
            ("labels", "What the labels mean", "labels"),
            ("tour", "A tour", "tour"),
            ("start", "First steps", "first-steps"),
            ("team", "Working together", "team"),
        )
    ),
    _any("help.about", "About Annotator", Menu.HELP, call="window.about", rule=True),
)

ACTIONS: tuple[Action, ...] = (
    *_FILE,
    *_EDIT,
    *_MOVE,
    *_MARK,
    *_LABEL,
    *LABELSET,
    *_STANCE,
    *_ARTICLE,
    *REVIEW,
    *_ANNOTATOR,
    *_VIEW,
    *DASHBOARD,
    *_HELP,
)


_ROWS = {row.id: row for row in ACTIONS}


def action(id_: str) -> Action:
    """The row of an id; KeyError if there is none."""
    return _ROWS[id_]


def meet(one: str, other: str) -> bool:
    """Whether two actions could be asked for by one key: there is a page that has both."""
    return _ROWS[one].page.meets(_ROWS[other].page)


def clashes(rows: tuple[Action, ...] = ACTIONS) -> list[tuple[str, str, str]]:
    """`(key, id, id)` for every key that two actions claim where both would hear it."""
    return list(_clashes(rows))


def _clashes(rows: tuple[Action, ...]) -> Iterator[tuple[str, str, str]]:
    claimed: dict[str, list[Action]] = {}
    for row in rows:  # every reach includes an article view, so the page alone tells who could hear a key
        for key in row.keys:
            others = claimed.setdefault(key.lower(), [])
            yield from ((key, other.id, row.id) for other in others if other.page.meets(row.page))
            others.append(row)


def shown(key: str) -> str:
    """A key as people read it: `Ctrl+Return` is `Ctrl+Enter`, `Del` is `Delete`."""
    parts = [*key[:-1].split("+")[:-1], "+"] if key.endswith("+") else key.split("+")
    return "+".join(_NAMES.get(part, part) for part in parts)


_NAMES = {
    "Return": "Enter",
    "Del": "Delete",
    "PgDown": "Page Down",
    "PgUp": "Page Up",
    "Left": "←",
    "Right": "→",
    "Up": "↑",
    "Down": "↓",
}
