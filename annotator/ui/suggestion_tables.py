"""What suggestions were worth, as tables and a chart: by label, by score, and whether seeing them sways."""

from annotator.domain.choices import KINDS, SuggestionKind
from annotator.domain.suggestions import Verdict
from annotator.services.behind import Behind, DecisionsBehind, SeenBehind
from annotator.services.suggestion_worth import Tally, Worth
from annotator.ui import style
from annotator.ui.chart import Chart, Dot, Series
from annotator.ui.dashboard_tables import DASH, short
from annotator.ui.figure_table import Cell, Row, Shade, Table

_VERDICTS = ((Verdict.ACCEPT, "accepted"), (Verdict.EDIT, "edited"), (Verdict.REJECT, "rejected"))


def suggestions(worth: Worth) -> Table:
    """Accepted, edited and rejected, by label."""
    rows: list[Row] = []
    for kind in KINDS:
        mine = {label: tally for (of, label), tally in worth.labels.items() if of == kind}
        if mine:
            rows.append(Row(_plural(kind)))
            rows += [
                Row(label, _verdicts(tally, DecisionsBehind(label, kind, label)))
                for label, tally in sorted(mine.items(), key=lambda row: -row[1].total)
            ]
    return Table(
        "Suggestions by label", (*(word for _, word in _VERDICTS), "decisions"), tuple(rows), Shade.BAR
    )


def scores(worth: Worth) -> Table:
    """Accepted, edited and rejected, by the score."""
    rows: list[Row] = []
    for kind in KINDS:
        mine = sorted((tenth, tally) for (of, tenth), tally in worth.tenths.items() if of == kind)
        if mine:
            rows.append(Row(_plural(kind)))
            rows += [
                Row(
                    _tenth(tenth),
                    _verdicts(tally, DecisionsBehind(f"Score {_tenth(tenth)}", kind, tenth=tenth)),
                )
                for tenth, tally in reversed(mine)
            ]
    return Table(
        "Suggestions by score", (*(word for _, word in _VERDICTS), "decisions"), tuple(rows), Shade.BAR
    )


def _verdicts(tally: Tally, behind: DecisionsBehind) -> tuple[Cell, ...]:
    tones = (style.GOOD, style.ACCENT, style.WARN)
    cells = []
    for (verdict, word), tone in zip(_VERDICTS, tones, strict=True):
        count, share = tally.counts[verdict], tally.share(verdict) or 0.0
        title = f"{behind.title}, {word}"
        mine = DecisionsBehind(title, behind.kind, behind.label, behind.tenth, verdict)
        said = f"{count:,} of {tally.total:,} {word}: {share:.0%}"
        cells.append(Cell(f"{count:,}", mine if count else None, share, said, tone, dim=not count))
    return (*cells, Cell(f"{tally.total:,}", behind))


def calibration(worth: Worth) -> Chart:
    """The share of suggestions that was accepted as it stood, against their mean score."""
    made = []
    for kind, role, square in (("entity", style.ACCENT, False), ("stance", style.WARN, True)):
        dots = []
        for (of, tenth), tally in sorted(worth.tenths.items(), key=lambda row: row[0][1]):
            share, score = tally.share(Verdict.ACCEPT), tally.mean_score
            if of == kind and share is not None and score is not None:
                said = f"{_plural(of)}, score {_tenth(tenth)}: {share:.0%} of {tally.total:,} accepted as is"
                behind = DecisionsBehind(f"Score {_tenth(tenth)}", of, tenth=tenth)
                low, high = tally.limits(Verdict.ACCEPT) or (None, None)
                dots.append(Dot(score, share, low, high, said, behind))
        if dots:
            made.append(Series(_plural(kind), tuple(dots), role, square))
    ticks = ((0.0, "0"), (0.25, ".25"), (0.5, "score .5"), (0.75, ".75"), (1.0, "1"))
    return Chart("Accepted as suggested, by score", tuple(made), ticks, diagonal=True)


def bias(worth: Worth) -> Table:
    """Whether seeing suggestions makes people end with them."""
    rows = []
    for each in worth.biases:
        what = _plural(each.kind)
        figure = each.difference
        value = DASH if figure.value is None else f"{figure.value:+.3f}".replace("0.", ".")
        limits = figure.interval
        low_high = (
            DASH
            if limits.low is None or limits.high is None
            else f"[{limits.low:+.3f}, {limits.high:+.3f}]".replace("0.", ".")
        )
        said = f"Undefined, because {figure.why}." if figure.why else ""
        hidden = SeenBehind(f"{what} hidden", each.kind, False)
        rows.append(
            Row(
                what,
                (
                    _kept(each.shown_kept, each.shown, SeenBehind(f"{what} shown", each.kind, True)),
                    _kept(each.blind_kept, each.blind, hidden),
                    Cell(value, hidden if each.blind else None, said=said, dim=figure.value is None),
                    Cell(low_high, hidden if each.blind else None, said=limits.why, dim=True),
                ),
            )
        )
    return Table(
        "Does seeing suggestions sway?",
        ("kept, shown", "kept, hidden", "difference", "95 % interval"),
        tuple(rows),
    )


def _kept(kept: int, of: int, behind: Behind) -> Cell:
    if not of:
        return Cell(DASH, dim=True)
    return Cell(f"{short(kept / of)} of {of:,}", behind, said=f"{kept:,} of {of:,} suggestions are marks now")


def _plural(kind: SuggestionKind | str) -> str:
    return "Entities" if kind == "entity" else "Stances"


def _tenth(tenth: int) -> str:
    return f".{tenth}–" + ("1" if tenth == 9 else f".{tenth + 1}")
