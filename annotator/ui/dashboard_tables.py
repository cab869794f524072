"""The overview of a project as tables and charts: what each number says and what is behind it."""

from datetime import datetime

from annotator.agreement.dashboard import Reported
from annotator.agreement.measures import DEFINITIONS, Key
from annotator.domain.articles import Status
from annotator.domain.choices import KINDS, SuggestionKind
from annotator.domain.review import Type
from annotator.domain.suggestions import Verdict
from annotator.services.agreement_report import TITLES
from annotator.services.behind import (
    ArticlesBehind,
    Behind,
    DecisionsBehind,
    GroupsBehind,
    SeenBehind,
)
from annotator.services.overview import Agreed, Overview
from annotator.services.review_queue import ABSENT
from annotator.services.suggestion_worth import Tally, Worth
from annotator.services.wording import counted
from annotator.storage.workload import Load
from annotator.ui import style
from annotator.ui.chart import Chart, Dot, Series
from annotator.ui.figure_table import Cell, Row, Shade, Table

_ENTITIES = (
    "f1_strict",
    "f1_exact",
    "f1_overlap",
    "f1_type",
    "alpha",
    "kappa_cohen",
    "kappa_fleiss",
    "alpha_characters",
    "alpha_u",
    "gamma",
)
_STANCES = (
    "stance_f1_found",
    "stance_f1_whole",
    "stance_f1_strict",
    "stance_alpha",
    "stance_evidence",
    "stance_polarity",
    "stance_holder",
    "stance_target",
)
_BEHIND_TYPES = {
    "stance_evidence": frozenset({Type.BOUNDARY}),
    "stance_polarity": frozenset({Type.FLIP, Type.STRENGTH}),
    "stance_holder": frozenset({Type.HOLDER}),
    "stance_target": frozenset({Type.TARGET}),
    "stance_f1_found": frozenset({Type.MISSING}),
    "f1_exact": frozenset({Type.BOUNDARY, Type.MISSING}),
    "f1_type": frozenset({Type.LABEL, Type.MISSING}),
    "kappa_cohen": frozenset({Type.LABEL}),
    "kappa_fleiss": frozenset({Type.LABEL}),
}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_VERDICTS = ((Verdict.ACCEPT, "accepted"), (Verdict.EDIT, "edited"), (Verdict.REJECT, "rejected"))
_BEGUN = (Status.DOING, Status.FLAGGED)
_CONTESTED = 12
_PAIRS = 45  # of annotators that are listed
DASH = "–"


def headline(overview: Overview) -> Table:
    """What a lead wants to know first."""
    agreed = overview.agreed
    if agreed is None:
        return Table("At a glance", (), ())
    f1, whole = agreed.figures[Key("f1_strict")], agreed.figures[Key("stance_f1_whole")]
    shared = tuple(each.article_id for each in agreed.articles)
    cells = (
        _cell(f1, GroupsBehind("Entities that differ", stances=False)),
        _cell(whole, GroupsBehind("Stances that differ", stances=True)),
        Cell(f"{agreed.differing:,} of {agreed.groups:,}", GroupsBehind("All differences")),
        Cell(
            f"{len(agreed.articles):,} of {overview.articles:,}",
            ArticlesBehind("Articles finished by two or more", shared),
        ),
    )
    below = (_limits(f1), _limits(whole), "places to decide on", "finished by two or more")
    return Table(
        "At a glance",
        ("Entities, F1 strict", "Stances, F1 whole", "Marks that differ", "Articles compared"),
        (Row("", cells), Row("", tuple(Cell(each, dim=True) for each in below))),
        Shade.CARDS,
    )


def figures(agreed: Agreed) -> Table:
    """Every figure of everything; those that do not apply to so many annotators are left out."""
    rows: list[Row] = []
    for title, names, stances in (("Entities", _ENTITIES, False), ("Stances", _STANCES, True)):
        rows.append(Row(title))
        for name in names:
            each = agreed.figures.get(Key(name))
            if each is not None:
                types = _BEHIND_TYPES.get(name, frozenset())
                behind = GroupsBehind(f"{title}, {TITLES[name]}: what differs", stances, types=types)
                number = f"{each.n:,}" if each.of is None else f"{each.n:,} of {each.of:,}"
                unit = each.unit.split(",")[0]
                cells = (_cell(each, behind), _range(each), Cell(f"{number} {unit}", dim=True))
                rows.append(Row(TITLES[name], cells))
    return Table("Agreement", ("value", "95 % interval", "rests on"), tuple(rows))


def labels(agreed: Agreed) -> Table:
    """By label and polarity."""
    rows: list[Row] = []
    for title, names, kinds in (
        ("Entities", agreed.labels, ("f1_strict", "alpha", "alpha_u")),
        ("Stances", agreed.polarities, ("stance_f1_whole", "stance_alpha", None)),
    ):
        rows.append(Row(title))
        stances = title == "Stances"
        for label in names:
            behind = GroupsBehind(f"{label}: what differs", stances, labels=(label,))
            found = [agreed.figures.get(Key(name, label)) if name else None for name in kinds]
            marks = f"{found[0].n:,}" if found[0] else ""
            rest = [_cell(each, behind) if each else Cell("") for each in found[1:]]
            all_ = GroupsBehind(f"All {label}", stances, differing=None, labels=(label,))
            first = (_cell(found[0], behind), _range(found[0])) if found[0] else (Cell(""), Cell(""))
            rows.append(Row(label, (*first, *rest, Cell(marks, all_))))
    return Table("By label", ("F1", "95 % interval", "alpha", "alpha_U", "marks"), tuple(rows))


def annotators(agreed: Agreed) -> Table:
    """Each with the others, then each two."""
    names = ("f1_strict", "stance_f1_whole", "dawid_skene", "mace")
    rows = [Row("Each with all others")]
    for who in agreed.annotators:
        behind = GroupsBehind(f"Where {who} stands apart", apart=who)
        rows.append(Row(who, tuple(_of(agreed, name, (who,), behind) for name in names)))
    pairs = [pair[1:] for pair in agreed.confusions if not pair[0]]
    if 1 < len(pairs) <= _PAIRS:
        rows.append(Row("Each two"))
        for pair in pairs:
            behind = GroupsBehind(f"{pair[0]} and {pair[1]}: what differs", among=pair)
            cells = [_of(agreed, name, pair, behind) for name in ("f1_strict", "stance_f1_whole")]
            rows.append(Row(" and ".join(pair), (*cells, Cell(""), Cell(""))))
    return Table("By annotator", ("entities, F1", "stances, F1", "Dawid-Skene", "MACE"), tuple(rows))


def confusion(agreed: Agreed, *, stances: bool, pair: tuple[str, ...] = ()) -> Table:
    """What stands against what. Agreement is on the diagonal, in another colour than the rest."""
    names = (*(agreed.polarities if stances else agreed.labels), ABSENT)
    table = agreed.confusion(stances=stances, pair=pair)
    off = [count for n, row in enumerate(table) for m, count in enumerate(row) if n != m]
    on = [table[n][n] for n in range(len(table))]
    rows = []
    for n, (name, counts) in enumerate(zip(names, table, strict=True)):
        cells = []
        for m, count in enumerate(counts):
            most = max(on if n == m else off, default=0)
            cells.append(
                Cell(
                    f"{count:,}" if count else "·",
                    _confused(name, names[m], stances=stances, pair=pair) if count else None,
                    (count / most) ** 0.5 if most else 0.0,
                    f"{name} and {names[m]}: {count:,}",
                    style.GOOD if n == m else style.WARN,
                    dim=not count,
                )
            )
        rows.append(Row(name, tuple(cells)))
    kind = "stances" if stances else "entities"
    corner = f"{pair[0]} ↓  {pair[1]} →" if pair else ""
    return Table(f"What stands against what, {kind}", names, tuple(rows), Shade.MATRIX, corner)


def _confused(one: str, other: str, *, stances: bool, pair: tuple[str, ...]) -> Behind:
    if one == other:
        return GroupsBehind(f"{one} by both", stances, differing=None, labels=(one, other), among=pair)
    return GroupsBehind(f"{one} against {other}", stances, labels=(one, other), among=pair)


def over_time(agreed: Agreed) -> Chart:
    """Agreement of the articles in the order in which they were finished by a second annotator."""
    count = max(1, len(agreed.points))
    xs = [(n + 0.5) / count for n in range(len(agreed.points))]
    made = []
    for name, role, square in (
        ("Entities, F1 strict", style.ACCENT, False),
        ("Stances, F1 whole", style.WARN, True),
    ):
        dots = []
        for x, point in zip(xs, agreed.points, strict=True):
            each = point.stances if square else point.entities
            if each.figure.value is not None:
                limits = each.figure.interval
                when = _period(point.first, point.last)
                many = counted(len(point.articles), "article")
                said = f"{name}, {when}, {many}: {_value(each)} {_limits(each)}"
                behind = ArticlesBehind(f"Articles finished {when}", point.articles)
                dots.append(Dot(x, each.figure.value, limits.low, limits.high, said, behind))
        made.append(Series(name, tuple(dots), role, square))
    ticks = tuple((x, _day(point.last)) for x, point in zip(xs, agreed.points, strict=True))
    return Chart("Agreement over time", tuple(made), ticks)


def progress(overview: Overview) -> Table:
    rows = [_progress(load, load.assigned or overview.articles) for load in overview.loads]
    return Table("Progress", ("done", "begun", "skipped", "left", "of"), tuple(rows), Shade.BAR)


def _progress(load: Load, of: int) -> Row:
    done, skipped = load.count(Status.DONE), load.count(Status.SKIPPED)
    begun = load.count(*_BEGUN)
    left = max(0, of - done - skipped - begun)

    def cell(count: int, what: str, *statuses: Status, share: float | None = None) -> Cell:
        behind = ArticlesBehind(f"{load.name}: {what}", annotator=load.name, statuses=statuses)
        return Cell(f"{count:,}", behind if count else None, share, tone=style.GOOD, dim=not count)

    return Row(
        load.name,
        (
            cell(done, "done", Status.DONE, share=done / of if of else 0.0),
            cell(begun, "begun", *_BEGUN),
            cell(skipped, "skipped", Status.SKIPPED),
            Cell(f"{left:,}", dim=True),
            Cell(f"{of:,}", dim=True),
        ),
    )


def effort(overview: Overview) -> Table:
    rows = []
    for load in overview.loads:
        timed = ArticlesBehind(f"{load.name}: time spent", annotator=load.name, timed=True)
        hours = load.ms / 3_600_000
        rows.append(
            Row(
                load.name,
                (
                    Cell(_spent(load.ms), timed if load.ms else None),
                    Cell(
                        f"{load.ms / load.timed / 60_000:.1f} min" if load.timed else DASH, dim=not load.timed
                    ),
                    Cell(f"{load.marks:,}"),
                    Cell(f"{load.marks / hours:,.0f}" if hours else DASH, dim=not hours),
                    Cell(
                        f"{load.decision_ms / load.decisions / 1000:.1f} s" if load.decisions else DASH,
                        dim=not load.decisions,
                    ),
                ),
            )
        )
    return Table("Effort", ("time", "an article", "marks", "marks/h", "a decision"), tuple(rows))


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
                dots.append(Dot(score, share, said=said, behind=behind))
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
        rows.append(
            Row(
                what,
                (
                    _kept(each.shown_kept, each.shown, SeenBehind(f"{what} shown", each.kind, True)),
                    _kept(each.blind_kept, each.blind, SeenBehind(f"{what} hidden", each.kind, False)),
                    Cell(value, said=said, dim=figure.value is None),
                    Cell(low_high, said=limits.why, dim=True),
                ),
            )
        )
    return Table(
        "Does seeing suggestions sway?",
        ("kept, shown", "kept, hidden", "difference", "95 % interval"),
        tuple(rows),
    )


def strings(agreed: Agreed) -> Table:
    rows = tuple(
        Row(
            each.words,
            (
                Cell(
                    f"{each.differing:,} of {each.groups:,}",
                    GroupsBehind(f"“{each.words}”", False, words=each.words),
                ),
                Cell(", ".join(each.labels), dim=True),
            ),
        )
        for each in agreed.strings
    )
    return Table("Most contested words", ("differ", "marked as"), rows)


def articles(agreed: Agreed) -> Table:
    rows = tuple(
        Row(
            each.title,
            (
                Cell(
                    f"{each.differing:,} of {each.groups:,}",
                    GroupsBehind(each.title, articles=(each.article_id,)),
                ),
                Cell(DASH if each.f1 is None else _short(each.f1), dim=True),
            ),
        )
        for each in agreed.articles[:_CONTESTED]
        if each.differing
    )
    return Table("Most contested articles", ("differ", "F1"), rows)


def undefined(agreed: Agreed) -> list[str]:
    """Why figures of everything and of each annotator are undefined, a line for each reason."""
    found: dict[str, list[str]] = {}
    for key, each in agreed.figures.items():
        if each.figure.value is None and key.label is None and len(key.annotators) < 2:
            names = found.setdefault(each.figure.why, [])
            if TITLES[key.figure] not in names:
                names.append(TITLES[key.figure])
    return [f"{', '.join(names)}: undefined, because {why}." for why, names in found.items()]


def _of(agreed: Agreed, name: str, who: tuple[str, ...], behind: Behind) -> Cell:
    each = agreed.figures.get(Key(name, annotators=who))
    return _cell(each, behind) if each else Cell("")


def _cell(each: Reported, behind: Behind) -> Cell:
    """The value, explained; the marks behind it open also where it is undefined."""
    said = f"{TITLES[each.key.figure]}: {DEFINITIONS[each.key.figure]}."
    if each.figure.value is None:
        return Cell(DASH, behind, said=f"{said} Undefined, because {each.figure.why}.", dim=True)
    return Cell(_value(each), behind, said=f"{said} {_limits(each)}".strip())


def _range(each: Reported) -> Cell:
    return Cell(_limits(each) or DASH, said=each.figure.interval.why, dim=True)


def _value(each: Reported) -> str:
    return DASH if each.figure.value is None else _short(each.figure.value)


def _limits(each: Reported) -> str:
    low, high = each.figure.interval.low, each.figure.interval.high
    return "" if low is None or high is None else f"[{_short(low)}, {_short(high)}]"


def _short(value: float) -> str:
    """`.812`, `-.05`; `1.00` for one."""
    return "1.00" if value >= 0.9995 else f"{value:.3f}".replace("0.", ".", 1)


def _kept(kept: int, of: int, behind: Behind) -> Cell:
    if not of:
        return Cell(DASH, dim=True)
    return Cell(
        f"{_short(kept / of)} of {of:,}", behind, said=f"{kept:,} of {of:,} suggestions are marks now"
    )


def _plural(kind: SuggestionKind | str) -> str:
    return "Entities" if kind == "entity" else "Stances"


def _tenth(tenth: int) -> str:
    return f".{tenth}–" + ("1" if tenth == 9 else f".{tenth + 1}")


def _spent(ms: int) -> str:
    minutes = round(ms / 60_000)
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min" if ms else DASH


def _day(ms: int) -> str:
    day = datetime.fromtimestamp(ms / 1000)
    return f"{day.day} {_MONTHS[day.month - 1]}"


def _period(first: int, last: int) -> str:
    return _day(first) if _day(first) == _day(last) else f"{_day(first)} to {_day(last)}"
