"""The window's names: typed with names to choose from, changed across the project, listed on a page."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject

from annotator.domain.changes import Change
from annotator.domain.errors import GestureRefused
from annotator.domain.marks import Entity, Shown, Stance
from annotator.domain.names import NameIndex, NamePlace, NameRow, NameUse
from annotator.services.wording import counted
from annotator.ui.actions import Page
from annotator.ui.chrome import KeyField
from annotator.ui.theme import Theme
from annotator.ui.wording import quoted

if TYPE_CHECKING:
    from annotator.services.names import Names, PartName
    from annotator.ui.names_page import NamesPage
    from annotator.ui.type_ahead import TypeAhead
    from annotator.ui.window import Window

Result = TypeVar("Result")
_WIDTH = 260  # pixels of the field in the bar
_FOUND = 8


class Naming(QObject):
    """Part of the window. Names to choose from are read beside it when first wanted, and again after work."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._page: NamesPage | None = None
        self._ahead: TypeAhead | None = None
        self._names: Names | None = None
        self._of: object = None  # the Labelling whose names these are
        self.index: NameIndex | None = None  # None until it was read once
        self._given: dict[str, NameUse] = {}  # named since the index was read, newest last
        self._stale = True
        window.dressed.connect(lambda: self.set_theme(window.theme))
        window.page.changed.connect(self._changed)
        window.page.inspector.edit_ended.connect(self._close_list)
        window.page.line.said.connect(self._repeat)

    # ---------------------------------------------------------------- names of marks

    def name(self) -> None:
        """Edits the name of an entity, or of the holder and then the target of a stance."""
        self._ask(everywhere=False)

    def name_everywhere(self) -> None:
        """As `name`, and gives it to every mark of the article that says the same words."""
        self._ask(everywhere=True)

    def _ask(self, *, everywhere: bool) -> None:
        page = self._window.page
        shown = page.selected()
        if shown is None:
            page.text()
            raise GestureRefused("Select a mark first.")
        if isinstance(shown.mark, Entity):
            self._edit(shown, "entity", everywhere=everywhere)
            return
        stance = shown.mark
        if stance.holder is None and stance.target is None:
            told = self._window.keys.told
            raise GestureRefused(
                f"This stance has neither holder nor target yet: {told('stance.holder')} and "
                f"{told('stance.target')} set them."
            )
        page.view.focus_mark(shown.id)
        if stance.holder is None:
            self._ask_target(everywhere)
        else:
            self._edit(shown, "holder", everywhere=everywhere, then=partial(self._ask_target, everywhere))

    def _ask_target(self, everywhere: bool) -> None:
        page = self._window.page
        shown = page.marks.get(page.stance)
        if shown is not None and isinstance(shown.mark, Stance) and shown.mark.target is not None:
            self._edit(shown, "target", everywhere=everywhere)

    def _edit(
        self, shown: Shown, part: "PartName", *, everywhere: bool, then: Callable[[], None] | None = None
    ) -> None:
        page = self._window.page
        mark = shown.mark
        if isinstance(mark, Entity):
            name, span, title = mark.name, mark.span, "Name"
        else:
            named = mark.holder if part == "holder" else mark.target
            assert named is not None
            name, span = named.name, named.span
            title = f"{part.capitalize()} “{quoted(page.text(), span, 24)}”"
        assert page.article is not None
        article = page.article.id
        if everywhere:
            count = len(self._service().everywhere(article, shown.id, part=part))
            title = f"{title} of {counted(count, 'mention')}"

        def rename(text: str) -> None:
            if everywhere:
                self._show(self._service().name_everywhere(article, shown.id, text or None, part=part))
            elif text != (name or ""):
                assert page.labelling is not None
                page.show_change(page.labelling.rename(article, shown.id, text or None, part=part))
                self._tell_given(text)
            if text:
                label = mark.label if isinstance(mark, Entity) else ""
                self._given.pop(text, None)
                self._given[text] = NameUse(text, label, 1, 0)
            if then is not None:
                then()

        page.inspector.edit(title, name or "", partial(self._window.faults.attempt, rename))
        words = " ".join(span.of(page.text()).split())
        label = mark.label if isinstance(mark, Entity) else ""

        def completes(typed: str, use: NameUse) -> bool:
            """Not the words of the mark, a whole name by themselves, nor to a name of other things."""
            return typed.strip().casefold() != words.casefold() and label in ("", use.label)

        self._offer(page.inspector.editor, partial(self._find, like=words), completes, new=True)
        if not name:
            self._list().offer("")

    def _tell_given(self, name: str) -> None:
        """Says whether a name that was given is one of the project's or a new one."""
        if not name or self.index is None:
            return
        known = any(use.name == name for use in self._find(name, like=""))
        undo = self._window.keys.told("edit.undo")
        said = f"Named “{name}”." if known else f"“{name}” is a new name. {undo} takes it back."
        self._window.page.line.say(said)

    # ---------------------------------------------------------------- names of the project

    def rename(self) -> None:
        """Asks for another name of a name, then gives it to every mark that has it, in every article."""
        row = self._chosen()
        field = self._field(row.name)
        field.setText(row.name)

        def typed() -> None:
            other = self._known(field.text().strip())
            into = other.name != row.name if other else False
            self._window.notice.set_choice("Merge the two" if into else "Rename")

        field.textChanged.connect(typed)
        self._window.notice.ask(
            f"Rename “{row.name}” in {_counts(row)} to:",
            [("Rename", lambda: self._attempt(row.name, field.text()))],
            stay="Leave",
            field=field,
        )
        self._offer(field, partial(self._find, like="", but=row.name))

    def merge(self) -> None:
        """Asks which name a name is the same as, then gives that one to all marks of the first."""
        row = self._chosen()
        field = self._field("The name to keep")
        self._window.notice.ask(
            f"“{row.name}”, in {_counts(row)}, is the same as:",
            [("Merge", lambda: self._attempt(row.name, field.text(), known=True))],
            stay="Leave",
            field=field,
        )
        find = partial(self._find, like=row.name, but=row.name, used=True)
        self._offer(field, find, lambda typed, use: True)
        self._list().offer("")

    def _attempt(self, name: str, to: str, *, known: bool = False) -> bool:
        return self._window.faults.attempt(partial(self._rename, name, to.strip(), known=known))

    def _rename(self, name: str, to: str, *, known: bool) -> None:
        if known and (not to or self._service().row(to) is None):
            raise GestureRefused(f"No mark of yours is named “{to}”; choose a name of the list, or rename.")
        article = self._window.page.article
        change = self._service().rename(name, to, here=article.id if article else None)
        self._given[to] = self._known(to) or NameUse(to, "", 1, 0)
        self._show(change)
        if article is not None and change.article_id != article.id:
            self._window.page.refresh()  # what is suggested here may have the name
        self._read_rows(at=to)

    def _show(self, change: Change) -> None:
        """Draws a change where the open article has a part in it, and says what was done."""
        self._window.page.show_change(change, follow=False)
        undo = self._window.keys.told("edit.undo")
        summary = change.summary[:1].upper() + change.summary[1:]
        self._window.page.line.say(f"{summary}. {undo} takes it back.")

    def _chosen(self) -> NameRow:
        """The name at the cursor of the Names page, or that of the selected mark."""
        if self._shown():
            assert self._page is not None
            row = self._page.current()
            if row is None:
                raise GestureRefused("There is no name to change.")
            return row
        shown = self._window.page.selected()
        name = _name_of(shown) if shown else None
        if name is None:
            key = self._window.keys.told("mark.name")
            raise GestureRefused(f"Select a mark that has a name first; {key} gives it one.")
        found = self._service().row(name)
        if found is None:
            raise GestureRefused(f"“{name}” is only suggested so far: accept the mark first.")
        return found

    def _field(self, said: str) -> KeyField:
        field = KeyField()
        field.setAccessibleName(said)
        field.setMinimumWidth(_WIDTH)
        return field

    # ---------------------------------------------------------------- the page

    def show(self) -> None:
        """Opens the Names page with the cursor on the name of the selected mark, or goes back from it."""
        window = self._window
        if self._shown():
            window.back_to_work()
            return
        page = self._made()
        shown = window.page.selected() if window.page.article else None
        page.set_theme(window.theme)
        page.field.clear()
        page.say("")
        key = window.keys.told("mark.name")
        page.nothing.show_words(
            "No mark of yours has a name yet.",
            "A name says who or what is meant, whatever an article calls it.\n"
            f"{key} gives the selected mark of an article one.",
        )
        told = window.keys.first
        page.set_hints(
            tuple(
                (key.replace("Ctrl+", "Ctrl "), word)
                for key, word in (
                    ("Enter", "open"),
                    ("Tab", "articles"),
                    (told("names.rename"), "rename"),
                    (told("names.merge"), "merge"),
                    ("Esc", "back"),
                )
                if key
            )
        )
        window.show_page(page, Page.NAMES)
        page.start()
        self._read_rows(at=_name_of(shown) if shown else None)

    def set_theme(self, theme: Theme) -> None:
        if self._page is not None:
            self._page.set_theme(theme)

    def read_now(self) -> None:
        """Fills the page before it is drawn to a picture."""
        page = self._made()
        page.show_rows(self._service().read_rows())
        name = page.current_name()
        if name is not None:
            page.show_places(name, self._service().read_places(name))

    def _made(self) -> "NamesPage":
        if self._page is None:
            from annotator.ui.names_page import NamesPage

            window = self._window
            self._page = NamesPage(window)
            self._page.left.connect(window.back_to_work)
            self._page.wanted.connect(self._read_places)
            self._page.opened.connect(lambda what: window.faults.attempt(self._open, what))
            window.stack.addWidget(self._page)
        return self._page

    def _shown(self) -> bool:
        return self._page is not None and self._window.stack.currentWidget() is self._page

    def _open(self, what: str | NamePlace) -> None:
        """Opens the article of a place at its mark, or the first article of a name."""
        window = self._window
        place = (what.article_id, what.mark_id) if isinstance(what, NamePlace) else None
        place = place or self._service().first_place(str(what))
        if place is None:
            raise GestureRefused(f"No mark of yours is named “{what}” any more.")
        article_id, mark_id = place
        window.back_to_work()
        if window.page.article is None or window.page.article.id != article_id:
            window.page.open_article(article_id)
        window.page.view.show_mark(window.page.marks.get(mark_id))

    def _read_rows(self, at: str | None = None) -> None:
        if self._shown():
            names = self._service()
            self._read(names.read_rows, partial(self._take_rows, names, at))

    def _take_rows(self, names: "Names", at: str | None, rows: list[NameRow]) -> None:
        if names is self._names and self._page is not None:
            self._page.show_rows(rows, at=at)

    def _read_places(self, name: str) -> None:
        if not self._shown():  # the page was left while it waited
            return
        names = self._service()

        def take(places: list[NamePlace]) -> None:
            if names is self._names and self._page is not None:
                self._page.show_places(name, places)

        self._read(partial(names.read_places, name), take)

    # ---------------------------------------------------------------- the list of names to choose from

    def _service(self) -> "Names":
        """The names of whoever labels now."""
        from annotator.services.names import Names

        window = self._window
        labelling = window.page.labelling
        if self._names is None or self._of is not labelling:
            if window.project is None or labelling is None:
                raise GestureRefused("No project is open.")
            self._names, self._of = Names(window.project, labelling.annotator), labelling
            self.index, self._stale = None, True
            self._given.clear()
        return self._names

    def _list(self) -> "TypeAhead":
        if self._ahead is None:
            from annotator.ui.type_ahead import TypeAhead

            self._ahead = TypeAhead(self._window)
        return self._ahead

    def _offer(
        self,
        field: KeyField,
        search: Callable[[str], Sequence[NameUse]],
        completes: Callable[[str, NameUse], bool] = lambda typed, use: False,
        *,
        new: bool = False,
    ) -> None:
        self._list().attach(field, search, completes, new=new)
        self._read_index()

    def _close_list(self) -> None:
        if self._ahead is not None:
            self._ahead.detach()

    def _read_index(self) -> None:
        names = self._service()
        if not self._stale:
            return
        self._stale = False
        given = set(self._given)

        def take(index: NameIndex) -> None:
            if names is self._names:
                self.index = index
                for name in given:  # what was named meanwhile is not in it
                    self._given.pop(name, None)
                self._list().refresh()

        self._read(names.read_index, take)

    def _read(self, work: Callable[[], Result], then: Callable[[Result], None]) -> None:
        """Reads beside the window, or at once where that takes no time."""
        if self._service().few():
            then(work())
        else:
            self._window.background.run(work, then)

    def _find(self, typed: str, *, like: str, but: str = "", used: bool = False) -> list[NameUse]:
        """Names for what is typed; for nothing typed, those that hold `like`, then the most used.

        With `used`, none that is only suggested.
        """
        lists = [NameIndex(reversed(self._given.values())), self.index or NameIndex()]
        most = (_FOUND + 1) * (_FOUND if used else 1)  # some of which may only be suggested
        wanted = [typed] if typed.strip() else [like, *([""] if not like else [])]
        found = [use for each in wanted for index in lists for use in index.find(each, most)]
        fitting = (use for use in reversed(found) if use.name != but and (use.marks or not used))
        offered = list({use.name: use for use in fitting}.values())[::-1][:_FOUND]
        exact = self._known(typed.strip())
        if exact is not None and exact.name != but and exact not in offered:
            return [*offered[: _FOUND - 1], exact]
        return offered

    def _known(self, name: str) -> NameUse | None:
        return self._given.get(name) or (self.index.use_of(name) if self.index else None)

    def _changed(self, _: Change) -> None:
        self._stale = True
        self._read_rows()

    def _repeat(self, text: str, warn: bool) -> None:
        """What the status line of the articles says is said on this page too."""
        if self._shown() and self._page is not None:
            self._page.say(text, warn=warn)


def _counts(row: NameRow) -> str:
    return f"{counted(row.mentions, 'mention')} of {counted(row.articles, 'article')}"


def _name_of(shown: Shown) -> str | None:
    """The name of an entity, or of a stance's holder or else its target."""
    mark = shown.mark
    if isinstance(mark, Entity):
        return mark.name
    return next((part.name for part in (mark.holder, mark.target) if part is not None and part.name), None)
