"""What went wrong, told where it belongs: it passes by, stays in the bar, or stands where `Saved` stood."""

from typing import TYPE_CHECKING

from annotator.domain.errors import (
    AnnotatorError,
    DiskFull,
    GestureRefused,
    ProjectDamaged,
    ProjectDisplaced,
    ProjectError,
    ProjectLocked,
    ProjectReadOnly,
)

if TYPE_CHECKING:
    from annotator.ui.window import Window

_WHY: tuple[tuple[type[ProjectError], str], ...] = (
    (DiskFull, "disk full"),
    (ProjectLocked, "the file is in use"),
    (ProjectReadOnly, "the file is write-protected"),
    (ProjectDamaged, "the file is damaged"),
)


def tell(window: "Window", error: AnnotatorError) -> None:
    """A refusal passes by in the status line; what a person must act on stays in a bar."""
    line, project = window.page.line, window.project
    if isinstance(error, ProjectError) and error.unsaved and project is not None:
        window.page.show_not_saved(_why(error), str(error))
    if isinstance(error, ProjectDisplaced) and project is not None:
        window.displaced.offer(error)
    elif isinstance(error, ProjectDamaged) and project is not None:
        window.safety.offer_rescue(project.path, error)
    elif isinstance(error, ProjectError) and error.unsaved and project is not None:
        return
    elif isinstance(error, GestureRefused):
        line.say(str(error), warn=True)
        if project is None:
            window.notice.tell(str(error))
    elif isinstance(error, ProjectReadOnly) and project is not None:
        line.say(str(error), warn=True)
    else:
        window.notice.tell(str(error))


def tell_trouble(window: "Window", said: str) -> None:
    """Tells at the start what of the settings and keys of a person could not be taken."""
    if window.notice.said:  # of the project, which matters more
        window.page.line.say(said, warn=True)
    else:
        window.notice.tell(said)


def _why(error: ProjectError) -> str:
    """In a few words, after `Not saved: `."""
    if isinstance(error, ProjectDisplaced):
        return error.in_short
    return next((why for kind, why in _WHY if isinstance(error, kind)), "disk error")
