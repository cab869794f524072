"""Reading an article of 600 words once, from its first word to its last, and leaving it right: by keys alone.

Every key event counts as one, with the modifiers held while it is pressed; so do those that move and select.
Nothing is accepted in bulk: each suggestion is read and decided where it stands.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.ui.window import Window
from tests.tasks.keyboard import press, type_text
from tests.tasks.tidal_gate import TEXT, Said, make_project, said, wanted

# What the reader does, in reading order. After A and X the next undecided suggestion has the focus; Space
# goes there after any other gesture, when what has the focus is right.
KEYS = """
Tab                                             the first suggestion, in the headline
A*4                                             Skarvik ... River Orne
E Ctrl+Right A                                  "March" should be "March 2019"
A*3                                             Ingrid Solheim, her stance, Skarvik Post; now at Pieter Vane
Ctrl+Left*2                                     back to the words just read: Holm Hall is not marked
Ctrl+Shift+Right*2 6 Space                      it is a FAC
A                                               Pieter Vane; now at Harbour League
3                                               not a LOC but an ORG; and its sentence goes on with a stance
Ctrl+Right*2                                    to the end of the name
Ctrl+Shift+Right*3 G H T Space                  against: "rejected the plan"
A*3                                             Christmas, Dalmark, Dalmark
X                                               the minister of finance is no ORG
A*5                                             Rosa Lindqvist ... Lunde, with a stance
E Ctrl+Right A                                  "Brightwater" should be "Brightwater Engineering"
A*3                                             June, Orne Valley, Teresa Okafor; now at the European Union
Alt+Up                                          to the sentence before, which has more: backwards through it
Ctrl+Shift+Left*7
G H T                                           against: "accused the engineers of hiding a report"
Ctrl+Left*2 Ctrl+Shift+Right*2 4 Space          Little Sorrel
Q Ctrl+Right A                                  "the" is no part of the name of the European Union
A*2                                             2011, Brightwater
X                                               nine days are a duration, no DATE
A*3                                             Northern Liberals, their stance, Anton Brekke; now at April
Alt+Up                                          back to the sentence before
Ctrl+Shift+Left*7
F H T Space                                     in favour: "asked for a vote of all citizens"
A*2                                             April, Solheim; now at Dutch, in the next paragraph
Ctrl+F s t o r m Esc                            Storm Hilde was passed on the way
Ctrl+Shift+Right 7
Ctrl+Down                                       to the paragraph of Dutch
Ctrl+Right*5 Ctrl+Shift+Right 4 Space           "from the Netherlands"
2 Space                                         Dutch is a NORP
A*6                                             August, the university, Joan Aster ... Wednesday
X                                               a council is no ORG
Ctrl+Enter
"""


@pytest.fixture
def window(open_window: Callable[..., Window], tmp_path: Path) -> Window:
    path = tmp_path / "gate.annot"
    make_project(path)
    window = open_window()
    window.files.open(path)
    assert window.page.text() == TEXT
    return window


def stored(window: Window, article_id: int) -> list[Said]:
    """The annotator's own marks in the file, in reading order."""
    assert window.page.labelling is not None
    shown = window.page.labelling.open(article_id).shown
    return sorted(said(each.mark) for each in shown if not each.suggested)


def keys_of(script: str) -> list[str]:
    """The keys of a script, `A*3` three times; what stands after three spaces tells of them."""
    keys = []
    for line in script.strip().splitlines():
        for word in line.split("   ", 1)[0].split():
            key, _, times = word.partition("*")
            keys += [key] * int(times or 1)
    return keys


def press_until(key: str, window: Window, said: str) -> int:
    """Presses a key until the status line says that nothing is left; returns how often it did something."""
    for count in range(200):
        press(key)
        if window.page.line.message.text() == said:
            return count
    raise AssertionError(f"{key} never said {said!r}")


def test_an_article_of_600_words_takes_at_most_120_keys(
    window: Window, record_property: Callable[[str, object], None]
) -> None:
    assert len(TEXT.split()) == 600
    article = window.page.article
    assert article is not None
    keys = keys_of(KEYS)
    for key in keys:
        type_text(key) if key.islower() else press(key)
    record_property("told", f"600 words, 40 suggestions, 15 corrections: {len(keys)} keys")
    assert stored(window, article.id) == wanted()
    assert window.page.article is not None
    assert window.page.article.title == "A notice", "the article is finished, and the next one open"
    assert len(keys) <= 120

    gestures = press_until("Ctrl+Z", window, "Nothing to undo.")
    assert stored(window, article.id) == []
    assert window.page.article is not None
    assert (window.page.article.id, window.page.marks.undecided) == (article.id, 40)
    assert press_until("Ctrl+Shift+Z", window, "Nothing to redo.") == gestures
    assert stored(window, article.id) == wanted()
