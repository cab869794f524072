"""What is told of a mark in words: on its card, in its tooltip, to a screen reader."""

from annotator.domain.marks import Shown, Stance


def state_of(shown: Shown) -> str:
    """A mark's state in words: confirmed, or suggested with its score; and whether it has a note."""
    if not shown.suggested:
        state = "confirmed"
    elif shown.score is None:
        state = "suggested"
    else:
        state = f"suggested {shown.score:.2f}".replace("0.", ".", 1)
    return f"{state} · note" if shown.note else state


def told(shown: Shown) -> str:
    """All that is known of a mark, in lines of plain text."""
    lines = [f"{shown.mark.label}, {state_of(shown)}"]
    if shown.provenance:
        lines[0] += f" by {shown.provenance.pipeline} {shown.provenance.version}"
    parts = (shown.mark.holder, shown.mark.target) if isinstance(shown.mark, Stance) else (shown.mark,)
    for word, part in zip(("Holder", "Target") if len(parts) > 1 else ("Name",), parts, strict=True):
        if part and part.name:
            lines.append(f"{word}: {part.name}")
    return "\n".join([*lines, shown.note] if shown.note else lines)
