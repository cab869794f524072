"""The overview of a project as tables and charts: what each number says and what is behind it."""

from datetime import datetime

from annotator.agreement.dashboard import Reported
from annotator.agreement.measures import DEFINITIONS, Key
from annotator.domain.articles import Status
from annotator.domain.directions import isolated
from annotator.domain.review import AUDITED, Type
from annotator.services.agreement_report import TITLES
from annotator.services.auditing import Audit, Finding
from annotator.services.behind import (
    ArticlesBehind,
    AuditBehind,
    Behind,
    GroupsBehind,
)
from annotator.services.overview import Agreed, Overview
from annotator.services.review_items import ABSENT
from annotator.services.shared_figures import ONCE, drawn
from annotator.services.suggestion_worth import wilson
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
_BEGUN = (Status.DOING, Status.FLAGGED)
_WORKED_ON = (*_BEGUN, Status.DONE, Status.SKIPPED)
_CONTESTED = 12
_PAIRS = 45  # of annotators that are listed
DASH = "–"
_DIFFER = "Places at which annotators do not say the same."
_STALE = "Decisions whose votes have changed are in it, too."


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
        Cell(
            f"{agreed.differing:,} of {agreed.groups:,}",
            GroupsBehind("All differences"),
            said=f"{_DIFFER} {overview.in_review} {_STALE}" if overview.in_review else _DIFFER,
        ),
        Cell(
            f"{len(agreed.articles):,} of {overview.articles:,}",
            ArticlesBehind("Articles finished by two or more", shared),
        ),
    )
    below = (_limits(f1), _limits(whole), _in_review(overview), "finished by two or more")
    return Table(
        "At a glance",
        ("Entities, F1 strict", "Stances, F1 whole", "Marks that differ", "Articles compared"),
        (Row("", cells), Row("", tuple(Cell(each, dim=True) for each in below))),
        Shade.CARDS,
    )


def _in_review(overview: Overview) -> str:
    """`differ; 70 in the Review`, in the few words there is room for."""
    agreed, audited = overview.agreed, drawn(overview.audit)
    if agreed is None or not overview.in_review:
        return "differ"
    if audited is None:
        return f"differ; Review adds {f'{agreed.parts:,} and ' if agreed.parts else ''}audits"
    return f"differ; {agreed.differing + agreed.parts + audited:,} in the Review"


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
                all_ = GroupsBehind(f"{title}, all", stances, differing=None, counted=f"{number} {unit}")
                cells = (_cell(each, behind), _range(each, behind), Cell(f"{number} {unit}", all_, dim=True))
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
            all_ = GroupsBehind(
                f"All {label}", stances, differing=None, labels=(label,), counted=f"{marks} marks"
            )
            first = (_cell(found[0], behind), _range(found[0], behind)) if found[0] else (Cell(""), Cell(""))
            rows.append(Row(label, (*first, *rest, Cell(marks, all_))))
    return Table("By label", ("F1", "95 % interval", "alpha", "alpha_U", "marks"), tuple(rows))


def annotators(agreed: Agreed) -> Table:
    """Each with the others, then each two."""
    names = ("f1_strict", "stance_f1_whole", "dawid_skene", "mace")
    rows = [Row("Each with all others")]
    for who in agreed.annotators:
        behind = GroupsBehind(f"Where {isolated(who)} stands apart", apart=who)
        rows.append(Row(who, tuple(_of(agreed, name, (who,), behind) for name in names)))
    pairs = [pair[1:] for pair in agreed.confusions if not pair[0]]
    if 1 < len(pairs) <= _PAIRS:
        rows.append(Row("Each two"))
        for pair in pairs:
            behind = GroupsBehind(f"{pair[0]} and {pair[1]}: what differs", among=pair)
            cells = [_of(agreed, name, pair, behind) for name in ("f1_strict", "stance_f1_whole")]
            rows.append(Row(" and ".join(pair), (*cells, Cell(""), Cell(""))))
    return Table("By annotator", ("entities, F1", "stances, F1", "Dawid-Skene", "MACE"), tuple(rows))


def audit(overview: Overview) -> Table:
    """What was drawn of what all mark alike, by kind, and what leads found."""
    found = overview.audit
    columns = ("drawn", "looked at", "left", "overturned", "95 % interval")
    rows = []
    for title, stances in (("Entities", False), ("Stances", True)):
        if found is None or not found.count(*Finding, stances=stances):
            continue

        def cell(what: str, *findings: Finding, stances: bool = stances, title: str = title) -> Cell:
            assert found is not None
            count = found.count(*(findings or Finding), stances=stances)
            behind = AuditBehind(f"{title}, audit: {what}", stances, findings)
            return Cell(f"{count:,}", behind if count else None, dim=not count)

        done = found.count(Finding.UPHELD, Finding.OVERTURNED, stances=stances)
        over = found.count(Finding.OVERTURNED, stances=stances)
        limits = "[{}, {}]".format(*map(short, wilson(over, done))) if done else DASH
        cells = (
            cell("drawn"),
            cell("looked at", Finding.UPHELD, Finding.OVERTURNED),
            cell("left", Finding.LEFT),
            cell("overturned", Finding.OVERTURNED),
            Cell(limits, said="Share of what was looked at that was overturned.", dim=True),
        )
        rows.append(Row(title, cells))
    return Table("Audit of what all mark alike", columns, tuple(rows))


def audit_said(found: Audit) -> str:
    """What is drawn, and what the interval is."""
    return (
        f"Of {counted(found.settled, 'place')} that all mark alike and that became gold by themselves, about "
        f"{100 * AUDITED:.0f} % are drawn for a lead to look at. The interval is that of the share "
        "overturned (Wilson)."
    )


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
            pairs = "" if pair or len(agreed.annotators) < 3 else counted(count, "pair")
            most = max(on if n == m else off, default=0)
            cells.append(
                Cell(
                    f"{count:,}" if count else "·",
                    _confused(name, names[m], pairs, stances=stances, pair=pair) if count else None,
                    (count / most) ** 0.5 if most else 0.0,
                    f"{name} and {names[m]}: {count:,}",
                    style.GOOD if n == m else style.WARN,
                    dim=not count,
                )
            )
        rows.append(Row(name, tuple(cells)))
    kind = "stances" if stances else "entities"
    corner = f"{pair[0]} ↓  {pair[1]} →" if pair else ""
    note = f"{ABSENT}: the other has no mark there.{'' if pair else f' {ONCE}'}"
    return Table(f"What stands against what, {kind}", names, tuple(rows), Shade.MATRIX, corner, note)


def _confused(one: str, other: str, pairs: str, *, stances: bool, pair: tuple[str, ...]) -> Behind:
    """`pairs` says how many pairs of annotators are counted, where that is not the number of places."""
    both = (one, other)
    if one == other:
        return GroupsBehind(f"{one} by both", stances, differing=None, labels=both, among=pair, counted=pairs)
    return GroupsBehind(f"{one} against {other}", stances, labels=both, among=pair, counted=pairs)


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
                low, high = (limits.low, limits.high) if point.enough else (None, None)
                when = _period(point.first, point.last)
                many = counted(len(point.articles), "article")
                sure = _limits(each) if point.enough else "(too few articles for an interval)"
                said = f"{name}, {when}, {many}: {_value(each)} {sure}"
                behind = ArticlesBehind(f"Articles finished {when}", point.articles)
                dots.append(Dot(x, each.figure.value, low, high, said, behind))
        made.append(Series(name, tuple(dots), role, square))
    days = [_day(point.last) for point in agreed.points]
    ticks = tuple((x, day) for n, (x, day) in enumerate(zip(xs, days, strict=True)) if day not in days[:n])
    return Chart("Agreement over time", tuple(made), ticks)


def over_time_said(agreed: Agreed) -> str:
    """What the dots and bars of the chart are."""
    count = len(agreed.points[0].articles) if agreed.points else 0
    bars = (
        "the bars are 95 % intervals"
        if any(each.enough for each in agreed.points)
        else "too few for intervals"
    )
    return (
        f"Each point is about {counted(count, 'article')}, in the order in which a second annotator "
        f"finished them; {bars}."
    )


def points(agreed: Agreed) -> Table:
    """The chart of agreement over time in numbers."""
    rows = []
    for each in agreed.points:
        cells = [Cell(counted(len(each.articles), "article"))]
        for figure in (each.entities, each.stances):
            cells += [Cell(_value(figure)), Cell(_limits(figure) if each.enough else DASH)]
        rows.append(Row(_period(each.first, each.last), tuple(cells)))
    heads = ("articles", "entities, F1 strict", "95 % interval", "stances, F1 whole", "95 % interval")
    return Table("Agreement over time", heads, tuple(rows))


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

    def to_do(what: str, *statuses: Status) -> Behind:
        return ArticlesBehind(f"{load.name}: {what}", annotator=load.name, statuses=statuses, assigned=True)

    return Row(
        load.name,
        (
            cell(done, "done", Status.DONE, share=done / of if of else 0.0),
            cell(begun, "begun", *_BEGUN),
            cell(skipped, "skipped", Status.SKIPPED),
            Cell(f"{left:,}", to_do("left", Status.TODO) if left else None, dim=True),
            Cell(f"{of:,}", to_do("all"), dim=True),
        ),
    )


def effort(overview: Overview) -> Table:
    rows = []
    for load in overview.loads:
        timed = ArticlesBehind(f"{load.name}: time spent", annotator=load.name, timed=True)
        marked = ArticlesBehind(f"{load.name}: worked on", annotator=load.name, statuses=_WORKED_ON)
        hours = load.ms / 3_600_000
        rows.append(
            Row(
                load.name,
                (
                    _worked(_spent(load.ms), timed, load.ms),
                    _worked(
                        f"{load.ms / load.timed / 60_000:.1f} min" if load.timed else DASH, timed, load.timed
                    ),
                    _worked(f"{load.marks:,}", marked, load.marks),
                    _worked(f"{load.marks / hours:,.0f}" if hours else DASH, timed, load.ms),
                    _worked(
                        f"{load.decision_ms / load.decisions / 1000:.1f} s" if load.decisions else DASH,
                        marked,
                        load.decisions,
                    ),
                ),
            )
        )
    return Table("Effort", ("time", "an article", "marks", "marks/h", "a decision"), tuple(rows))


def _worked(text: str, behind: Behind, count: int) -> Cell:
    return Cell(text, behind if count else None, dim=not count)


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
                Cell(
                    DASH if each.f1 is None else short(each.f1),
                    GroupsBehind(each.title, False, articles=(each.article_id,)),
                    dim=True,
                ),
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


def _range(each: Reported, behind: Behind) -> Cell:
    return Cell(_limits(each) or DASH, behind, said=each.figure.interval.why, dim=True)


def _value(each: Reported) -> str:
    return DASH if each.figure.value is None else short(each.figure.value)


def _limits(each: Reported) -> str:
    low, high = each.figure.interval.low, each.figure.interval.high
    return "" if low is None or high is None else f"[{short(low)}, {short(high)}]"


def short(value: float) -> str:
    """`.812`, `-.05`; `1.00` for one."""
    return "1.00" if value >= 0.9995 else f"{value:.3f}".replace("0.", ".", 1)


def _spent(ms: int) -> str:
    minutes = round(ms / 60_000)
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min" if ms else DASH


def _day(ms: int) -> str:
    day = datetime.fromtimestamp(ms / 1000)
    return f"{day.day} {_MONTHS[day.month - 1]}"


def _period(first: int, last: int) -> str:
    return _day(first) if _day(first) == _day(last) else f"{_day(first)} to {_day(last)}"
