"""When the annotators of a project see its suggestions: who may change that, and how it is told."""

from dataclasses import replace

from annotator.domain.choices import Showing, SuggestionKind, When
from annotator.storage import choices as stored
from annotator.storage.project import Project

_KINDS: tuple[tuple[SuggestionKind, str], ...] = (("entity", "Entities"), ("stance", "stances"))
_SAID = {
    When.ALWAYS: "at once",
    When.AFTER: "after your own pass",
    When.SAMPLE: "at once, never in a blind sample of 10 %",
}


def may_change(project: Project, annotator: str) -> bool:
    """Whether an annotator may change when suggestions are seen: a lead may, and anybody where none is."""
    leads = stored.leads(project.db)
    return not leads or annotator in leads


def change(project: Project, showing: Showing) -> None:
    """Keeps from the command line when suggestions are seen."""
    with project.writing() as db:
        stored.write_choices(db, replace(stored.choices_of(db), showing=showing))


def told_since(project: Project, annotator: str, since: int) -> tuple[int, str] | None:
    """What somebody else changed last, after `since` (unix ms), and when; None if that is nothing new."""
    changed = stored.showing_changed(project.db)
    if changed is None or changed.at <= since or changed.by == annotator:
        return None
    said = "; ".join(f"{name}: {_SAID[changed.showing.of(kind)]}" for kind, name in _KINDS)
    return changed.at, f"{changed.by or 'The command line'} changed when suggestions are seen. {said}."
