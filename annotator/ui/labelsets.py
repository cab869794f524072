"""The window's labels: changed on their page, with the marks that have them, and shown anew everywhere."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.domain.changes import Change
from annotator.domain.errors import GestureRefused
from annotator.domain.labels import Kind, Label, LabelSet
from annotator.services.wording import counted
from annotator.ui import style
from annotator.ui.actions import Page
from annotator.ui.chrome import KeyField
from annotator.ui.label_keys import keys_of
from annotator.ui.theme import Theme

if TYPE_CHECKING:
    from annotator.domain.label_changes import Fate, Key, LabelChange
    from annotator.services.labelsets import LabelSets
    from annotator.storage.label_migration import Unsorted
    from annotator.ui.label_drafts import Draft
    from annotator.ui.labelset_page import LabelSetPage
    from annotator.ui.typed_labels import TypedLabels
    from annotator.ui.window import Window

_TOML = "Label set (*.toml)"
_WIDTH = 300  # pixels of the field in the bar


class LabelSetsOf(QObject):
    """Part of the window. The page is made when it is first wanted."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._page: LabelSetPage | None = None
        self._typed: TypedLabels | None = None
        self._service: LabelSets | None = None
        self._of: object = None  # the Labelling whose label sets these are
        self._at: Key | None = None  # where the cursor goes after a change
        self._told: tuple[str, Draft] | None = None  # what was said of what is kept, and the first of it
        self._noticed: str | None = None  # while the page is shown: what the bar above said before
        window.dressed.connect(lambda: self.set_theme(window.theme))
        window.page.changed.connect(self._changed)
        window.page.line.said.connect(self._repeat)
        window.before_letting_go.append(self._keep_typed)
        window.let_go.connect(self._forget)

    # ---------------------------------------------------------------- the page

    def show(self) -> None:
        """Opens the page of labels, or goes back from it."""
        window = self._window
        if self._shown():
            window.back_to_work()
            return
        page = self._made()
        page.set_theme(window.theme)
        page.say(self._refusal())
        told, self._told = self._told, None
        if told is not None:
            if window.notice.said == told[0]:
                window.notice.dismiss()
            self._at = told[1].key
        self._fill()
        window.show_page(page, Page.LABELSET)
        self._noticed = window.notice.said
        page.show_editor()
        if not self._refusal() and (late := self._labels().catch_up()):
            self._show_change(late)
        if told is not None and not told[1].label.name:
            self.new(told[1].label.kind)

    def say(self, text: str) -> None:
        """Says something at the bottom of the page."""
        self._made().say(text)

    def set_theme(self, theme: Theme) -> None:
        if self._page is not None:
            self._page.set_theme(theme)

    def _made(self) -> "LabelSetPage":
        if self._page is None:
            from annotator.ui.labelset_page import LabelSetPage
            from annotator.ui.typed_labels import TypedLabels

            window = self._window
            self._page = page = LabelSetPage(window)
            self._typed = TypedLabels(page.editor)
            page.left.connect(window.back_to_work)
            page.editor.saved.connect(lambda label: window.faults.attempt(self._save, label))
            page.sorting.sorted_as.connect(lambda mark, name: window.faults.attempt(self._sort, mark, name))
            page.sorting.opened.connect(lambda mark: window.faults.attempt(self._open, mark))
            page.bringing.taken.connect(lambda other, fates: window.faults.attempt(self._take, other, fates))
            window.stack.addWidget(page)
            window.stack.currentChanged.connect(lambda _: self._left())
        told = self._window.keys.first
        self._page.editor.set_save_key(told("labelset.save").replace("Ctrl+", "Ctrl "))
        self._page.hints.set_hints(
            tuple(
                (key.replace("Ctrl+", "Ctrl ").replace("Shift+", "⇧ "), word)
                for key, word in (
                    ("Enter", "edit"),
                    (told("labelset.save"), "save"),
                    (told("labelset.new"), "new"),
                    (told("labelset.merge"), "merge"),
                    (told("labelset.split"), "split"),
                    (told("labelset.retire"), "retire"),
                    ("Esc", "back"),
                )
                if key
            )
        )
        return self._page

    def _left(self) -> None:
        """Another page is shown: says what was typed and not saved, and takes what it said itself away."""
        window, page = self._window, self._page
        if page is None or self._shown() or self._noticed is None:
            return
        if window.notice.said != self._noticed:
            window.notice.dismiss()
        self._noticed = None
        if unsaved := page.editor.unsaved:
            window.page.line.say(self._said_kept(unsaved))
            window.faults.attempt(self._keep_typed)

    def tell_kept(self) -> None:
        """Says in the bar what was typed before for labels of the project just opened, and not saved."""
        from annotator.ui.label_drafts import kept

        window = self._window
        if window.project is not None and (drafts := kept(window.project.path)):
            self._told = self._said_kept(drafts), drafts[0]
            window.notice.tell(self._told[0], role=style.ACCENT, choices=[("Show it", self.show)])

    def _said_kept(self, drafts: list["Draft"]) -> str:
        from annotator.ui.typed_labels import said

        key = self._window.keys.told("page.labelset")
        return f"What you typed for {said(drafts)} is kept, not saved. {key} goes back to it."

    def _keep_typed(self) -> None:
        if self._typed is not None:
            self._typed.keep()

    def _forget(self) -> None:
        self._told = None
        if self._typed is not None:
            self._typed.end()

    def _shown(self) -> bool:
        return self._page is not None and self._window.stack.currentWidget() is self._page

    def _fill(self) -> None:
        page, labels = self._made(), self._labels()
        at, self._at = self._at, None
        assert self._typed is not None
        assert self._window.project is not None
        if not self._refusal():
            self._typed.begin(self._window.project.path)
        page.show_set(
            labels.held,
            labels.uses(),
            keys_of(labels.held, self._window.keys),
            versions=len(labels.versions()),
            at=at,
            fixed=bool(self._refusal()),
        )

    def _labels(self) -> "LabelSets":
        """The label sets as whoever labels now changes them."""
        from annotator.services.labelsets import LabelSets

        window = self._window
        labelling = window.page.labelling
        if self._service is None or self._of is not labelling:
            if window.project is None or labelling is None:
                raise GestureRefused("No project is open.")
            self._service, self._of = LabelSets(window.project, labelling.annotator), labelling
        return self._service

    def _refusal(self) -> str:
        project = self._window.project
        return f"Read only: {project.read_only}" if project is not None and project.read_only else ""

    # ---------------------------------------------------------------- one label

    def save(self) -> None:
        """Saves what is typed in the editor."""
        editor = self._made().editor
        if not (editor.is_edited or editor.is_new):
            raise GestureRefused("Nothing was changed.")
        self._save(editor.typed())

    def _save(self, label: Label) -> None:
        from annotator.domain import label_changes

        page, held = self._made(), self._labels().held
        before = None if page.editor.is_new else page.label
        self._at = (label.kind, label.name)
        if before is None:
            self._apply(label_changes.added(held, label))
        else:
            self._apply(label_changes.edited(held, before, label))
        page.list.setFocus()

    def new(self, kind: str) -> None:
        """Opens the editor on a new label, with the first free colour and key."""
        from annotator.domain.label_rules import free_color, free_key

        held, sort = self._labels().held, Kind(kind)
        color = free_color([label.color for label in held.offered if label.kind is sort])
        glyph = "◆" if sort is Kind.POLARITY else ""
        self._made().show_new(Label(sort, "", "", color, free_key(held, sort), "", glyph))

    def move(self, by: int) -> None:
        from annotator.domain.label_changes import moved

        label = self._offered("moved")
        self._apply(moved(self._labels().held, label, by))

    def retire(self) -> None:
        """Asks what becomes of the marks of a label and retires it; a retired one is brought back."""
        from annotator.domain.label_changes import brought_back, retired

        label, held = self._chosen(), self._labels().held
        if held.find(label.kind, label.name) is None:
            self._adopt(label)
            return
        if label.retired or label.into:
            self._apply(brought_back(held, label))
            return
        keep = partial(self._attempt, retired(held, label, drop=False))
        use = self._labels().uses().get((label.kind, label.name))
        choices: list[tuple[str, Callable[[], object]]] = [("Retire, keep marks" if use else "Retire", keep)]
        if use:
            choices.append(("Delete them", partial(self._attempt, retired(held, label, drop=True))))
        said = f"{self._counts(label)} Nobody can label with it then; its suggestions are not shown."
        self._window.notice.ask(f"Retire {label.name}? {said}", choices, stay="Leave")

    def merge(self) -> None:
        """Asks which label another becomes part of, says what that changes, and does it."""
        from annotator.ui.finder import Choice

        label = self._chosen()
        held = self._labels().held
        if held.find(label.kind, label.name) is None:
            self._adopt(label)
            return
        others = [each for each in held.labels if each.kind is label.kind and each != label and each.offered]
        if not others:
            raise GestureRefused("There is no other label of its kind to merge it into.")
        self._window.finder().offer(
            [Choice(f"{each.name}  {each.title}", partial(self._ask_merge, label, each)) for each in others],
            f"Merge {label.name} into",
        )

    def _ask_merge(self, label: Label, target: Label) -> None:
        from annotator.domain.label_changes import merged

        change = merged(self._labels().held, [label], target)
        self._at = (target.kind, target.name)
        self._window.notice.ask(
            f"Merge {label.name} into {target.name}? {self._counts(label)} They become {target.name}; "
            "those that then say the same become one.",
            [("Merge", partial(self._attempt, change))],
            stay="Leave",
        )

    def _adopt(self, label: Label) -> None:
        """Asks what the marks of a label are that the set does not have."""
        from annotator.ui.finder import Choice

        labels = self._labels()

        def take(target: Label) -> None:
            key = label.kind, label.name
            self._window.faults.attempt(lambda: self._show_change(labels.adopt(key, target.name)))

        self._window.finder().offer(
            [
                Choice(f"{each.name}  {each.title}", partial(take, each))
                for each in labels.held.offered
                if each.kind is label.kind
            ],
            f"The marks of {label.name} are",
        )

    def split(self) -> None:
        """Asks for the labels that another is split into, which can be new ones."""
        self._ask_split(self._offered("split"))

    def _ask_split(self, label: Label, typed: str = "", *, wrong: str = "") -> None:
        field = KeyField()
        field.setAccessibleName("The labels it is split into")
        field.setPlaceholderText("PARTY, COMPANY")
        field.setText(typed)
        field.setMinimumWidth(style.scaled(field, _WIDTH))
        said = f"{self._counts(label)} Everybody then sorts their own."
        self._window.notice.ask(
            wrong or f"Split {label.name} into two or more, with commas: {said}",
            [("Split", lambda: self._window.faults.attempt(self._split, label, field.text()))],
            stay="Leave",
            field=field,
        )

    def _split(self, label: Label, typed: str) -> None:
        from annotator.domain.errors import LabelSetError
        from annotator.domain.label_changes import split
        from annotator.domain.label_rules import free_color

        held = self._labels().held
        names = list(dict.fromkeys(name for name in typed.replace(",", " ").split() if name))
        used = [each.color for each in held.labels if each.kind is label.kind]
        parts = []
        for name in names:
            known = held.find(label.kind, name)
            if known is None:
                known = replace(
                    label,
                    name=name,
                    title=name,
                    color=free_color(used),
                    key="",
                    former=(),
                    into=(),
                    guideline="",
                )
                used.append(known.color)
            parts.append(known)
        try:
            change = split(held, label, parts)
        except LabelSetError as error:
            self._ask_split(label, typed, wrong=str(error))
            return
        self._at = (label.kind, label.name)
        self._apply(change)
        self.sort()

    def _chosen(self) -> Label:
        label = self._made().label
        if label is None:
            raise GestureRefused("Choose a label first.")
        return label

    def _offered(self, verb: str) -> Label:
        label = self._chosen()
        if not label.offered:
            raise GestureRefused(f"{label.name} is no longer offered, so it cannot be {verb}.")
        return label

    def _counts(self, label: Label) -> str:
        use = self._labels().uses().get((label.kind, label.name))
        if use is None:
            return "No mark has it."
        people, articles = counted(use.annotators, "annotator"), counted(use.articles, "article")
        return f"{counted(use.marks, 'mark')} of {people} in {articles}."

    # ---------------------------------------------------------------- sorting

    def sort(self) -> None:
        """Lists one's own marks of a split label, to give each one of the parts."""
        label = self._chosen()
        if not label.into:
            key = self._window.keys.told("labelset.split")
            raise GestureRefused(f"{label.name} is not split. {key} splits it.")
        page = self._made()
        page.right.setCurrentWidget(page.sorting)
        self._list_marks(label)
        page.sorting.setFocus()

    def _list_marks(self, label: Label) -> None:
        labels, page = self._labels(), self._made()
        labelling = self._window.page.labelling
        assert labelling is not None
        page.sorting.show_marks(label, labels.unsorted(label), labels.left(label), labelling.annotator)

    def _sort(self, mark: "Unsorted", name: str | None) -> None:
        if refusal := self._refusal():
            raise GestureRefused(refusal)
        label = self._chosen()
        self._show_change(self._labels().sort(mark, label, name))

    def _open(self, mark: "Unsorted") -> None:
        """Shows a mark in its article."""
        window = self._window
        window.back_to_work()
        if window.page.article is None or window.page.article.id != mark.article_id:
            window.page.open_article(mark.article_id)
        window.page.view.show_mark(window.page.marks.get(mark.id))

    # ---------------------------------------------------------------- files

    def ask_file(self) -> None:
        path = self._window.files.ask_open("Import a label set", _TOML)
        if path is not None:
            self.read(path)

    def read(self, path: Path) -> None:
        """Shows what a label set file would change; nothing is changed yet."""
        labels, page = self._labels(), self._made()
        other = labels.read(path)
        page.right.setCurrentWidget(page.bringing)
        page.bringing.show_fates(other, labels.fates(other), labels.uses())

    def _take(self, other: LabelSet, fates: list["Fate"]) -> None:
        from annotator.domain.label_changes import replaced

        self._apply(replaced(self._labels().held, other, fates))
        self._made().show_editor()

    def write(self) -> None:
        held = self._labels().held
        path = self._window.files.ask_save("Export the label set", f"{held.name}.toml", _TOML)
        if path is not None:
            self._labels().write(path)
            self._window.page.line.say(f"The label set is in {path}.")

    # ---------------------------------------------------------------- shared

    def _attempt(self, change: "LabelChange") -> None:
        self._window.faults.attempt(self._apply, change)

    def _apply(self, change: "LabelChange") -> None:
        """Makes a change; where a backup that comes first takes long, once it is made."""
        labels = self._labels()
        if labels.few() or not labels.touches(change).marks:
            self._show_change(labels.apply(change))
            return
        from annotator.ui.backup_first import BackupFirst

        window = self._window
        BackupFirst(window.background, window.faults, window).run(
            labels.back_up, lambda: self._show_change(labels.apply(change, backed_up=True))
        )

    def _show_change(self, change: Change) -> None:
        """Draws a change where the open article has a part in it, and says what was done."""
        self._window.page.show_change(change, follow=False)
        undo = self._window.keys.told("edit.undo")
        self._window.page.line.say(f"{change.summary[:1].upper()}{change.summary[1:]}. {undo} takes it back.")

    def _changed(self, change: Change) -> None:
        """After any gesture: another label set is shown everywhere, and the page follows."""
        window = self._window
        if change.labelset is not None:
            window.bindings.show_labels(change.labelset)
            window.dress()
            window.page.show_labels(window.theme)
        if self._shown():
            page = self._made()
            sorting = page.right.currentWidget() is page.sorting
            self._fill()
            label = page.label
            if sorting and label is not None and label.into:
                page.right.setCurrentWidget(page.sorting)
                self._list_marks(label)
                page.sorting.setFocus()

    def _repeat(self, text: str, warn: bool) -> None:
        """What the status line of the articles says is said on this page too."""
        if self._shown() and self._page is not None:
            self._page.say(text, warn=warn)
