"""The same again: what one key would do to many places is counted and framed first, Enter then does it."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QCheckBox

from annotator.domain.errors import GestureRefused
from annotator.domain.marks import Shown
from annotator.domain.text import Span
from annotator.services.wording import counted
from annotator.ui.chrome import KeyField
from annotator.ui.garbage import uncollected
from annotator.ui.wording import quoted, score_of, scored

if TYPE_CHECKING:
    from annotator.services.again import Again
    from annotator.services.mentions import Mention
    from annotator.ui.window import Window

_STEP = 0.05  # of a score, for one press of an arrow
_ANY = "any label"
_VARIANTS, _LONG = 2, 20  # of the ways to write some words, and letters of each that are shown


class Bulk(QObject):
    """Part of the window. While its question is open, what the answer would change is framed in the text."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._recount: Callable[[], None] | None = None
        window.notice.closed.connect(self._clear)
        window.page.view.verticalScrollBar().valueChanged.connect(self._scrolled)

    def label_equal(self) -> None:
        """Shows the other mentions of the selected entity's words, and labels them on Enter.

        Those in other capitals or small letters are left out unless a person takes them in.
        """
        page = self._window.page
        shown = page.selected()
        article = page.text() and page.article
        if shown is None or not article:
            raise GestureRefused("Select a mark first.")
        article_id, mark_id, text = article.id, shown.id, page.text()
        words = shown.mark.span.of(text)
        with uncollected():
            every = self._again().mentions(article_id, mark_id, page.marks)
            same = [mention for mention in every if mention.mark.span.of(text) == words]
        others = (
            [mention for mention in every if mention.mark.span.of(text) != words] if same != every else []
        )
        also = _box(_variants(text, others)) if same and others else None

        def in_any_case() -> bool:
            return also.isChecked() if also is not None else not same

        def spans() -> list[Span]:
            return [mention.mark.span for mention in (every if in_any_case() else same)]

        where = self._stepper(spans)

        def turn() -> None:
            page.view.propose(spans())
            where.setText(f"{len(spans())} framed")
            self._window.notice.set_choice(f"Label {len(spans())}")

        if also is not None:
            also.toggled.connect(turn)
        wanted = same or every
        many = counted(len(wanted), "more mention")
        said = quoted(text, shown.mark.span, 40)
        written = "" if same else f"Written {_variants(text, every)}. "
        self._window.notice.ask(
            f"Label {many} of “{said}” {shown.mark.label}? {written}{_told(wanted, shown.mark.label)}"
            "↑ ↓ show each.",
            [(f"Label {len(wanted)}", lambda: self._attempt_equal(article_id, mark_id, in_any_case()))],
            stay="Leave",
            field=where,
            beside=also,
        )
        page.view.propose(spans())

    def _attempt_equal(self, article_id: int, mark_id: str, any_case: bool) -> None:
        self._window.faults.attempt(partial(self._label_equal, article_id, mark_id, any_case=any_case))

    def _label_equal(self, article_id: int, mark_id: str, *, any_case: bool) -> None:
        page = self._window.page
        assert page.labelling is not None
        change = page.labelling.label_equal_mentions(article_id, mark_id, page.marks, any_case=any_case)
        page.show_change(change)
        page.line.say(f"{change.summary[:1].upper()}{change.summary[1:]}.")

    def _stepper(self, spans: Callable[[], Sequence[Span]]) -> KeyField:
        """A field that says which mention is in view; arrows scroll to the next one."""
        field = KeyField(f"{len(spans())} framed")
        field.setReadOnly(True)
        field.setAccessibleName("Mentions that would be labelled")
        field.setMaximumWidth(96)
        at = -1

        def step(rows: int) -> None:
            nonlocal at
            found = spans()
            at = max(0, min(at + (1 if rows > 0 else -1), len(found) - 1))
            field.setText(f"{at + 1} of {len(found)}")
            self._window.page.view.show_span(found[at])

        field.stepped.connect(step)
        return field

    # ---------------------------------------------------------------- suggestions on screen

    def accept_visible(self) -> None:
        """Asks for a label and the least score, then accepts those suggestions on screen as one gesture."""
        self._ask_visible("accept")

    def reject_visible(self) -> None:
        """Asks for a label and the greatest score, then rejects those suggestions on screen."""
        self._ask_visible("reject")

    def _ask_visible(self, verb: str) -> None:
        window = self._window
        window.page.text()
        accepting = verb == "accept"
        score = KeyField(scored(window.settings.accept_above if accepting else window.settings.reject_below))
        score.setAccessibleName("Least score, 0 to 1" if accepting else "Greatest score, 0 to 1")
        score.setMaximumWidth(64)
        label = KeyField(_ANY)
        label.setAccessibleName("Label")
        label.setMaximumWidth(130)
        labels = [_ANY, *dict.fromkeys(shown.mark.label for shown in self._visible())]

        def found() -> list[Shown]:
            return self._matching(label.text(), score_of(score.text()), accepting=accepting)

        def recount() -> None:
            marks = found()
            window.notice.set_choice(f"{verb.capitalize()} {len(marks)}")
            window.page.view.propose(shown.mark.span for shown in marks)

        def step_score(rows: int) -> None:
            value = (score_of(score.text()) or 0.0) - rows * _STEP
            score.setText(scored(min(max(value, 0.0), 1.0)))

        def step_label(rows: int) -> None:
            at = labels.index(label.text()) if label.text() in labels else 0
            label.setText(labels[(at + (1 if rows > 0 else -1)) % len(labels)])

        score.textChanged.connect(recount)
        label.textChanged.connect(recount)
        score.stepped.connect(step_score)
        label.stepped.connect(step_label)
        bound = "at least" if accepting else "at most"
        window.notice.ask(
            f"{verb.capitalize()} the suggestions on screen with {bound} this score and this label? "
            "↑ ↓ change them, Tab goes from one to the other.",
            [
                (
                    verb.capitalize(),
                    lambda: window.faults.attempt(self._decide, verb, label.text(), score_of(score.text())),
                )
            ],
            stay="Leave",
            field=score,
            beside=label,
        )
        self._recount = recount
        recount()

    def _decide(self, verb: str, label: str, score: float | None) -> None:
        window = self._window
        if score is None:
            raise GestureRefused("A score is a number from 0 to 1.")
        accepting = verb == "accept"
        if accepting:
            window.settings.accept_above = score
        else:
            window.settings.reject_below = score
        marks = self._matching(label, score, accepting=accepting)
        said = f"{scored(score)} or {'more' if accepting else 'less'}"
        wanted = self._label(label)
        if not marks:
            of = f"{wanted} suggestion" if wanted else "suggestion"
            raise GestureRefused(f"No {of} on screen has a score of {said}.")
        rule = f"{wanted or 'any label'} on screen, {said}"
        article = window.page.article
        assert article is not None
        again = self._again()
        change = (again.accept if accepting else again.reject)(
            article.id, [shown.id for shown in marks], rule=rule
        )
        window.page.show_change(change)
        window.page.line.say(f"{counted(len(marks), 'suggestion')} {verb}ed.")

    def _visible(self) -> list[Shown]:
        page = self._window.page
        marks = (page.marks.get(mark_id) for mark_id in page.view.visible_ids())
        return [shown for shown in marks if shown is not None and shown.suggested]

    def _matching(self, label: str, score: float | None, *, accepting: bool) -> list[Shown]:
        if score is None:
            return []
        wanted = self._label(label)
        return [
            shown
            for shown in self._visible()
            if shown.score is not None
            and (shown.score >= score if accepting else shown.score <= score)
            and wanted in ("", shown.mark.label)
        ]

    def _label(self, typed: str) -> str:
        """The label that begins with what is typed; "" for any, and what is typed where none does."""
        words = typed.strip().casefold()
        if not words or _ANY.startswith(words):
            return ""
        project = self._window.project
        names = [label.name for label in project.labelset.labels] if project else []
        exact = (name for name in names if name.casefold() == words)
        begun = (name for name in names if name.casefold().startswith(words))
        return next(exact, None) or next(begun, None) or typed.strip()

    def _again(self) -> "Again":
        from annotator.services.again import Again

        labelling, project = self._window.page.labelling, self._window.project
        assert labelling is not None
        assert project is not None
        return Again(project, labelling.annotator)

    def _scrolled(self) -> None:
        """Counts what is on screen now."""
        if self._recount is not None:
            self._recount()

    def _clear(self) -> None:
        self._recount = None
        self._window.page.view.propose(())


def _told(mentions: Sequence["Mention"], label: str) -> str:
    """What stands there now: `2 are suggested so, 1 as ORG.`; "" where nothing is suggested."""
    suggested = [mention.suggestion.mark.label for mention in mentions if mention.suggestion is not None]
    same = suggested.count(label)
    others = sorted(set(suggested) - {label})
    parts = [f"{same} suggested so"] if same else []
    parts += [f"{suggested.count(other)} suggested as {other}" for other in others]
    return f"{', '.join(parts)}. " if parts else ""


def _box(variants: str) -> QCheckBox:
    box = QCheckBox(f"also {variants} (Space)")
    box.setAccessibleName(f"Also {variants}")
    return box


def _variants(text: str, mentions: Sequence["Mention"]) -> str:
    """How mentions are written, the most frequent first: `“minister” 2, “MINISTER” 1`."""
    found = Counter(mention.mark.span.of(text) for mention in mentions)
    spans = {mention.mark.span.of(text): mention.mark.span for mention in reversed(mentions)}
    said = [
        f"“{quoted(text, spans[words], _LONG)}” {count:,}" for words, count in found.most_common(_VARIANTS)
    ]
    return ", ".join(said) + (" …" if len(found) > _VARIANTS else "")
