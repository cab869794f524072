"""The dashboard on paper: charts and tables as SVG and PNG, the report as Markdown and HTML."""

import json
from html import escape
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFont, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from annotator.agreement.bootstrap import LEVEL, RESAMPLES
from annotator.agreement.measures import DEFINITIONS
from annotator.agreement.scores import SEED
from annotator.domain.errors import AnnotatorError
from annotator.services.agreement_report import TITLES
from annotator.services.overview import Overview
from annotator.services.wording import counted
from annotator.ui import dashboard_tables as made
from annotator.ui import style
from annotator.ui import suggestion_tables as worth_of
from annotator.ui.chart import Chart, ChartView, Frame, draw_chart
from annotator.ui.figure_table import FigureTable, Layout, Table, draw_table, height_of
from annotator.ui.theme import Theme
from annotator.ui.wording import listed

_CHART = QSizeF(640, 260)  # pixels
_MARGIN = 10
_SCALE = 2  # of a PNG
_CSS = """body { font: 16px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em;
  color: #1f1f1f; }
table { border-collapse: collapse; margin: .5em 0 1.5em; }
th, td { padding: .2em .8em; text-align: right; }
th:first-child, td:first-child { text-align: left; } tr { border-bottom: 1px solid #e4e2dc; }
thead th, .n { color: #6b6a66; font-weight: normal; font-size: .9em; }
svg { max-width: 100%; height: auto; }"""


def write_picture(path: Path, shown: FigureTable | ChartView) -> None:
    """Draws what a widget shows to an .svg, else a PNG twice the size; AnnotatorError if it cannot be."""
    svg = path.suffix.lower() == ".svg"
    _write(path, svg_of(shown.font(), _content(shown)) if svg else _png_of(shown))


def write_report(path: Path, overview: Overview, *, pair: tuple[str, ...] = ()) -> None:
    """Writes the report: Markdown for .md, else one HTML file with its charts in it."""
    markdown = path.suffix.lower() in (".md", ".markdown")
    text = as_markdown(overview, pair) if markdown else as_html(overview, pair)
    _write(path, text.encode())


def write_figures(path: Path, figures: dict[str, object]) -> None:
    """Writes the report for programs, as `annotator agreement --json` prints it."""
    _write(path, (json.dumps(figures, ensure_ascii=False, indent=1) + "\n").encode())


def as_markdown(overview: Overview, pair: tuple[str, ...] = ()) -> str:
    parts = [f"# {overview.name}: how far annotators agree", *_facts(overview)]
    for table in _tables(overview, pair, over_time=True):
        parts.append(f"## {table.name}")
        heads = f"| {table.corner} | {' | '.join(table.columns)} |"
        lines = [heads, "|---|" + "--:|" * len(table.columns)]
        for row in table.rows:
            cells = [cell.text.replace("|", "\\|") for cell in row.cells] or [""] * len(table.columns)
            head = row.head.replace("|", "\\|")
            lines.append(f"| {head if row.cells else f'**{head}**'} | {' | '.join(cells)} |")
        parts.append("\n".join(lines))
        parts += [table.note] if table.note else []
    parts.append("## What the figures mean")
    parts.append("\n".join(f"- {name}: {meaning}" for name, meaning in _meanings(overview)))
    return "\n\n".join(parts) + "\n"


def as_html(overview: Overview, pair: tuple[str, ...] = ()) -> str:
    title = escape(f"{overview.name}: how far annotators agree")
    parts = [f"<h1>{title}</h1>", *(f"<p>{escape(fact)}</p>" for fact in _facts(overview))]
    for chart in _charts(overview):
        parts.append(f"<h2>{escape(chart.name)}</h2>{_inline(svg_of(style.chrome_font(), chart))}")
    for table in _tables(overview, pair):
        heads = "".join(f"<th>{escape(each)}</th>" for each in (table.corner, *table.columns))
        parts.append(f"<h2>{escape(table.name)}</h2><table><thead><tr>{heads}</tr></thead><tbody>")
        for row in table.rows:
            cells = "".join(f"<td>{escape(cell.text)}</td>" for cell in row.cells)
            span = "" if row.cells else f' colspan="{len(table.columns) + 1}"'
            parts.append(f"<tr><th{span}>{escape(row.head)}</th>{cells}</tr>")
        parts.append("</tbody></table>")
        parts += [f'<p class="n">{escape(table.note)}</p>'] if table.note else []
    meanings = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(meaning)}</dd>" for name, meaning in _meanings(overview)
    )
    parts.append(f'<h2>What the figures mean</h2><dl class="n">{meanings}</dl>')
    body = "\n".join(parts)
    head = f'<meta charset="utf-8"><title>{title}</title><style>{_CSS}</style>'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>\n{body}\n</body></html>\n'


def svg_of(font: QFont, shown: Chart | Table) -> bytes:
    """A chart or a table as SVG, in the light theme."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    size = _size(font, shown)
    generator.setSize(size.toSize())
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(shown.name)
    painter = QPainter(generator)
    try:
        _draw(painter, font, shown, size)
    finally:
        painter.end()
    return bytes(buffer.data().data())


def _png_of(widget: FigureTable | ChartView) -> bytes:
    shown, font = _content(widget), widget.font()
    size = _size(font, shown)
    image = QImage(
        QSize(round(size.width() * _SCALE), round(size.height() * _SCALE)), QImage.Format.Format_RGB32
    )
    image.setDevicePixelRatio(_SCALE)
    painter = QPainter(image)
    try:
        _draw(painter, font, shown, size)
    finally:
        painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def _draw(painter: QPainter, font: QFont, shown: Chart | Table, size: QSizeF) -> None:
    palette = style.palette_of(Theme.of("light", None))
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), Qt.GlobalColor.white)
    painter.translate(_MARGIN, _MARGIN)
    if isinstance(shown, Chart):
        draw_chart(painter, shown, Frame.of(shown, font, _CHART), font=font, palette=palette)
    else:
        layout = Layout.of(shown, font, size.width() - 2 * _MARGIN)
        draw_table(painter, shown, layout, font=font, palette=palette)


def _size(font: QFont, shown: Chart | Table) -> QSizeF:
    edge = 2 * _MARGIN
    if isinstance(shown, Chart):
        return QSizeF(_CHART.width() + edge, _CHART.height() + edge)
    layout = Layout.of(shown, font, 10_000)
    width = layout.lefts[-1] + layout.widths[-1] if layout.lefts else layout.head
    return QSizeF(width + edge, height_of(shown, font) + edge)


def _content(widget: FigureTable | ChartView) -> Chart | Table:
    return widget.chart if isinstance(widget, ChartView) else widget.table


def _inline(svg: bytes) -> str:
    """SVG without what stands before its root, to be put into a page."""
    text = svg.decode()
    return text[text.index("<svg") :]


def _facts(overview: Overview) -> list[str]:
    agreed = overview.agreed
    if agreed is None:
        return [overview.why]
    return [
        f"{listed(agreed.annotators)}; {len(agreed.articles):,} of {counted(overview.articles, 'article')} "
        f"that at least two have finished; {agreed.differing:,} of {counted(agreed.groups, 'mark')} differ. "
        f"{overview.in_review}".rstrip(),
        f"Intervals of {LEVEL:.0%}: {RESAMPLES:,} resamples of articles, seed {SEED}. F1 and gamma of all "
        "are the means of the pairs. A dash is undefined.",
        *made.undefined(agreed),
    ]


def _charts(overview: Overview) -> list[Chart]:
    charts = [made.over_time(overview.agreed)] if overview.agreed else []
    return [*charts, worth_of.calibration(overview.worth)] if overview.worth.tenths else charts


def _tables(overview: Overview, pair: tuple[str, ...], *, over_time: bool = False) -> list[Table]:
    """All tables that have rows; `over_time` adds the one that says in numbers what a chart shows."""
    agreed, worth = overview.agreed, overview.worth
    tables = []
    if agreed is not None:
        tables += [made.points(agreed)] if over_time else []
        tables += [
            made.figures(agreed),
            made.labels(agreed),
            made.annotators(agreed),
            made.confusion(agreed, stances=False, pair=pair),
            made.confusion(agreed, stances=True, pair=pair),
            made.strings(agreed),
            made.articles(agreed),
        ]
    tables += [made.audit(overview), made.progress(overview), made.effort(overview)]
    if worth.labels:
        tables += [worth_of.suggestions(worth), worth_of.scores(worth), worth_of.bias(worth)]
    return [table for table in tables if table.rows]


def _meanings(overview: Overview) -> list[tuple[str, str]]:
    used = {key.figure for key in overview.agreed.figures} if overview.agreed else set()
    return [
        (f"{'Stances' if name.startswith('stance') else 'Entities'}, {TITLES[name]}", meaning)
        for name, meaning in DEFINITIONS.items()
        if name in used
    ]


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise AnnotatorError(
            f"{path} could not be written ({error.strerror}); choose another place."
        ) from error
