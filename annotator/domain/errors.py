"""Errors meant for people: what happened, where, and what to do. Anything else is our own bug."""


class AnnotatorError(Exception):
    """An expected failure. Its text is one line that a person can act on."""


class LabelSetError(AnnotatorError):
    """A label set file is wrong; the text names the file, the line and the fault."""


class ProjectError(AnnotatorError):
    """A project file cannot be opened, read or written. `unsaved`: so the last gesture is not in it."""

    unsaved = False


class ProjectMissing(ProjectError):
    """No file at that path."""


class ProjectExists(ProjectError):
    """A new project would overwrite a file."""


class ProjectEmpty(ProjectError):
    """The file has no bytes; a copy may have failed."""


class NotAProject(ProjectError):
    """The file is something else: JSONL, a zip, text, another program's database."""


class ProjectTooNew(ProjectError):
    """The file was made by a newer version of the program."""


class ProjectDamaged(ProjectError):
    """The file is cut short or holds wrong bytes."""


class ProjectLocked(ProjectError):
    """Another window or command is writing to the file; the text names it."""


class ProjectReadOnly(ProjectError):
    """The file or its folder cannot be written; reading works."""


class ProjectDisplaced(ProjectError):
    """The file of an open project is `gone` from its place, or another lies there; a copy can hold it all."""

    def __init__(self, said: str, *, gone: bool) -> None:
        super().__init__(said)
        self.gone = gone
        self.what = "is gone from its place" if gone else "was replaced by another file"
        self.in_short = f"the file {'is gone' if gone else 'was replaced'}"


class DiskFull(ProjectError):
    """There is no room for what was to be written; nothing else is lost."""


class GestureRefused(AnnotatorError):
    """A gesture makes no sense here (nothing selected, same mark twice, nothing to undo)."""


class FormatError(AnnotatorError):
    """A file cannot be read or written in a format."""


class PipelineError(AnnotatorError):
    """A pipeline cannot be loaded or failed on an article."""


class PipelineNotTrusted(PipelineError):
    """Nobody has allowed the code of a pipeline to run; `digest` names the content of its folder."""

    def __init__(self, folder: str, digest: str) -> None:
        super().__init__(
            f"Loading the pipeline in {folder} runs its code, and nobody has allowed that yet. "
            "If you trust where it comes from, say --trust, or yes in the window."
        )
        self.folder = folder
        self.digest = digest


class NoDisplay(AnnotatorError):
    """There is no screen to open a window on."""
