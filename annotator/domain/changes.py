"""What a gesture changed: the one value that travels from the file to the screen."""

from annotator.domain.articles import Status
from annotator.domain.frozen import frozen
from annotator.domain.labels import LabelSet
from annotator.domain.marks import Shown
from annotator.domain.zones import Zone


@frozen
class Change:
    """After a gesture is saved.

    `gone` are ids of marks and suggestions no longer shown; `now` are those that are shown, new ones too,
    as they stand. `article_id` is None, and `labelset` set, when the label set changed: then marks of all
    articles may have. `zones` is the article's whole list when a zone changed, `status` is set when it
    changed. `summary` says the gesture in words ("reject PERSON “Lavrov”"); `saved_at` is unix ms. After a
    gesture on thousands of marks, `whole`, `now` is all that is shown in the article: the rest is gone.
    """

    gesture: str
    article_id: int | None
    summary: str
    saved_at: int
    gone: tuple[str, ...] = ()
    now: tuple[Shown, ...] = ()
    zones: tuple[Zone, ...] | None = None
    status: Status | None = None
    labelset: LabelSet | None = None
    whole: bool = False


@frozen
class Progress:
    """How far one annotator is with one article."""

    decided: int
    suggested: int
