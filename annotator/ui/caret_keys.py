"""The keys of the article view's own motions, from the keys that hold now."""

from annotator.ui.actions import ACTIONS
from annotator.ui.article.keys import MotionKeys
from annotator.ui.article.motion import Motion
from annotator.ui.keymap import Keys

_PREFIX = "caret."


def motion_keys(keys: Keys) -> MotionKeys:
    """What the view moves its caret by, and which keys it leaves to actions that a person gave them."""
    moved = keys.moved()
    changed = {motion: moved[id_] for motion in Motion if (id_ := id_of(motion)) in moved}
    taken = [key for row in ACTIONS if row.id in moved and row.call for key in moved[row.id] if key != "Esc"]
    return MotionKeys(changed, taken)


def id_of(motion: Motion) -> str:
    """The id of the action that moves the caret so."""
    return f"{_PREFIX}{motion.value.replace(' ', '_')}"
