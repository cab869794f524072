"""The figures of agreement in words and numbers: tables for people, and the object for programs."""

import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from annotator.agreement.bootstrap import LEVEL
from annotator.agreement.dashboard import GAMMA_ARTICLES, Dashboard, Reported
from annotator.agreement.gamma import SAMPLES
from annotator.agreement.measures import DEFINITIONS
from annotator.services.agreement import ArticleAgreement
from annotator.services.shared_figures import ONCE, in_review, pooled
from annotator.services.wording import counted

_WIDTH = 80  # characters of a terminal's line
_MOST = 10  # articles that are listed
_ABSENT = "ABSENT"
TITLES = {
    "f1_strict": "F1, strict",
    "f1_exact": "F1, exact span",
    "f1_overlap": "F1, overlap",
    "f1_type": "F1, type",
    "alpha": "alpha, units",
    "kappa_cohen": "Cohen's kappa",
    "kappa_fleiss": "Fleiss' kappa",
    "alpha_characters": "alpha, characters",
    "alpha_u": "alpha, unitising",
    "gamma": "gamma",
    "stance_f1_found": "F1, found",
    "stance_f1_whole": "F1, whole",
    "stance_f1_strict": "F1, strict",
    "stance_alpha": "alpha, polarity",
    "stance_evidence": "same evidence",
    "stance_polarity": "same polarity",
    "stance_holder": "same holder",
    "stance_target": "same target",
    "dawid_skene": "Dawid-Skene",
    "mace": "MACE",
}
_ENTITIES = tuple(name for name in TITLES if not name.startswith("stance"))[:-2]
_STANCES = tuple(name for name in TITLES if name.startswith("stance"))


def to_dict(dashboard: Dashboard, articles: Sequence[ArticleAgreement]) -> dict[str, object]:
    """As `--json` prints it: every figure with what it rests on, its interval, and what it means."""
    return {
        "annotators": list(dashboard.layout.annotators),
        "articles": len(dashboard.ids),
        "figures": [each.to_dict() for each in (*dashboard.figures(), *dashboard.competences())],
        "confusion": {
            "entities": _confusions(dashboard, stances=False),
            "stances": _confusions(dashboard, stances=True),
        },
        "differences": {
            "entities": dict(_differences(dashboard, stances=False)),
            "stances": dict(_differences(dashboard, stances=True)),
        },
        "by_article": [
            {
                "article": str(each.article_id),
                "title": each.title,
                "f1_strict": None if each.f1 is None else round(each.f1, 4),
                "groups": each.groups,
                "differing": each.differing,
            }
            for each in articles
        ],
        "interval": {
            "level": LEVEL,
            "resamples": dashboard.resamples,
            "seed": dashboard.seed,
            "over": "articles",
        },
        "gamma": {"articles": GAMMA_ARTICLES, "samples": SAMPLES, "seed": dashboard.seed},
        "definitions": dict(DEFINITIONS),
    }


def lines(dashboard: Dashboard, articles: Sequence[ArticleAgreement], *, review: str = "") -> list[str]:
    """The report for people: the figures in tables, and what is undefined and why.

    `review` says how many places the review has.
    """
    figures = [*dashboard.figures(), *dashboard.competences()]
    layout = dashboard.layout
    said = [
        f"{counted(len(layout.annotators), 'annotator')} ({', '.join(layout.annotators)}), "
        f"{counted(len(dashboard.ids), 'article')} that at least two have finished.",
        *_wrapped(f"{differing(dashboard)} {review}".rstrip()),
    ]
    said += _section("Entities", (each for each in figures if _of_all(each, _ENTITIES)))
    said += _section("Stances", (each for each in figures if _of_all(each, _STANCES)))
    said += _by_label("By label", figures, layout.labels, ("f1_strict", "alpha", "alpha_u"))
    said += _by_label("By polarity", figures, layout.polarities, ("stance_f1_whole", "stance_alpha"))
    columns = ("f1_strict", "f1_overlap", "stance_f1_whole", "dawid_skene", "mace")
    said += _by_annotators("By annotator", figures, 1, columns)
    said += _by_annotators("By pair", figures, 2, ("f1_strict", "f1_overlap", "gamma", "stance_f1_whole"))
    said += _confusion_table(dashboard)
    said += _contested(articles)
    said += _undefined(figures)
    said += [
        "",
        *_wrapped(
            f"Intervals of {LEVEL:.0%}: {dashboard.resamples:,} resamples of articles, "
            f"seed {dashboard.seed}. F1 and gamma of all are the means of the pairs. A dash is undefined. "
            "--json has every figure with its definition."
        ),
    ]
    return said


def differing(dashboard: Dashboard) -> str:
    """`50 of 362 marks differ.`"""
    total = _all_differences(dashboard)
    return f"{total['differing']:,} of {counted(total['groups'], 'mark')} differ."


def review_of(dashboard: Dashboard, audited: int | None) -> str:
    """How many places the review has, as `in_review`."""
    total = _all_differences(dashboard)
    return in_review(total["differing"], total["part"], audited)


def _all_differences(dashboard: Dashboard) -> Counter[str]:
    return _differences(dashboard, stances=False) + _differences(dashboard, stances=True)


def _of_all(each: Reported, names: Sequence[str]) -> bool:
    return each.key.figure in names and each.key.label is None and not each.key.annotators


def _section(title: str, figures: Iterable[Reported]) -> list[str]:
    said = ["", f"{title:<22} {'value':>6}  {f'{LEVEL:.0%} interval':<14} {'n':>11}"]
    for each in figures:
        number = f"{each.n:,}" if each.of is None else f"{each.n:,} of {each.of:,}"
        figure = f"{TITLES[each.key.figure]:<20} {_value(each):>6}  {_interval(each):<14}"
        said.append(f"  {figure} {number:>11} {each.unit}")
    return said


def _by_label(
    title: str, figures: Sequence[Reported], labels: Sequence[str], names: Sequence[str]
) -> list[str]:
    rows = [(label, [_find(figures, name, label=label) for name in names]) for label in labels]
    return _columns(title, names, rows, lambda each: f"{each.n:,}")


def _by_annotators(title: str, figures: Sequence[Reported], size: int, names: Sequence[str]) -> list[str]:
    who = dict.fromkeys(each.key.annotators for each in figures if len(each.key.annotators) == size)
    rows = [
        (" and ".join(annotators), [_find(figures, name, annotators=annotators) for name in names])
        for annotators in who
    ]
    return _columns(title, names, rows, lambda each: f"{each.n:,} {each.unit}")


def _columns(
    title: str,
    names: Sequence[str],
    rows: Sequence[tuple[str, Sequence[Reported | None]]],
    counts: Callable[[Reported], str],
) -> list[str]:
    """A table with a figure in each column, and the count of the first one."""
    wide = max([18, *(len(row) for row, _ in rows)])
    heads = "  ".join(f"{TITLES[name]:>{_wide(name)}}" for name in names)
    said = ["", f"{title:<{wide + 2}}  {heads}  n"]
    for row, cells in rows:
        values = "  ".join(
            f"{_value(each) if each else '':>{_wide(name)}}" for name, each in zip(names, cells, strict=True)
        )
        said.append(f"  {row:<{wide}}  {values}  {counts(cells[0]) if cells[0] else ''}")
    return said


def _wide(name: str) -> int:
    return max(6, len(TITLES[name]))


def _find(
    figures: Sequence[Reported], name: str, *, label: str | None = None, annotators: tuple[str, ...] = ()
) -> Reported | None:
    for each in figures:
        if each.key.figure == name and (each.key.label, each.key.annotators) == (label, annotators):
            return each
    return None


def _confusion_table(dashboard: Dashboard) -> list[str]:
    """How often labels stand against each other, of all pairs of annotators together."""
    labels, names = [*dashboard.layout.labels, _ABSENT], dashboard.layout.annotators
    total = pooled(
        tuple(map(tuple, dashboard.confusion(names[one], names[other]).tolist()))
        for one, other in dashboard.layout.pairs
    )
    if not any(map(any, total)):
        return []
    wide = max(7, *(len(label) for label in labels))
    said = ["", "Labels that stand against each other", *_wrapped(f"  {ONCE}")]
    said.append(" " * (wide + 2) + " ".join(f"{label[:7]:>7}" for label in labels))
    for label, row in zip(labels, total, strict=True):
        said.append(f"  {label:<{wide}}" + " ".join(f"{count or '.':>7}" for count in row))
    return said


def _confusions(dashboard: Dashboard, *, stances: bool) -> dict[str, object]:
    """For each pair of annotators the table, rows those of the first."""
    names = dashboard.layout.annotators
    labels = dashboard.layout.polarities if stances else dashboard.layout.labels
    return {
        "labels": [*labels, _ABSENT],
        "pairs": [
            {
                "annotators": [names[one], names[other]],
                "counts": dashboard.confusion(names[one], names[other], stances=stances).tolist(),
            }
            for one, other in dashboard.layout.pairs
        ],
    }


def _differences(dashboard: Dashboard, *, stances: bool) -> Counter[str]:
    total: Counter[str] = Counter()
    for counts in dashboard.differences(stances=stances).values():
        total.update(counts)
    return total


def _contested(articles: Sequence[ArticleAgreement]) -> list[str]:
    most = [each for each in articles[:_MOST] if each.differing]
    if not most:
        return []
    said = ["", "Articles with most differences"]
    return [*said, *(f"  {each.differing:>5} of {each.groups:>5}  {each.title[:60]}" for each in most)]


def _undefined(figures: Sequence[Reported]) -> list[str]:
    """Each figure of everything that is undefined, with the reason."""
    said = []
    for each in figures:
        if each.figure.value is None and each.key.label is None and len(each.key.annotators) < 2:
            kind = "stances, " if each.key.figure.startswith("stance") else ""
            said += _wrapped(f"{kind}{TITLES[each.key.figure]}: undefined, because {each.figure.why}.")
    return ["", *dict.fromkeys(said)] if said else []


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent="  ")


def _value(each: Reported) -> str:
    return "–" if each.figure.value is None else _short(each.figure.value)


def _interval(each: Reported) -> str:
    low, high = each.figure.interval.low, each.figure.interval.high
    return "–" if low is None or high is None else f"[{_short(low)}, {_short(high)}]"


def _short(value: float) -> str:
    """`.812`, `-.05`; `1.00` for one."""
    if value >= 0.9995:
        return "1.00"
    return f"{value:.3f}".replace("0.", ".", 1)
