"""The marks of a record: checked against the text, as rows under the labels that the file gives."""

from collections.abc import Mapping
from typing import Any

from annotator.domain.codec.problems import MOST_PROBLEMS, Problem, piece, span_problem
from annotator.domain.codec.records import RULING, SAW, MarkRow, Origin, Ruling, RunName
from annotator.domain.marks import Source

_FIELDS = '"name" and "pipeline" are strings, "score" is a number from 0 to 1'
_NUMBERS = (int, float)  # as types, so that a bool is none
_SOURCES = frozenset(Source)
_UNSEEN = object()
_LONGEST_DECISION = 2**53  # ms; what a JSON number holds exactly


class MarkReader:
    """Reads the marks of one record; notes problems and goes on, so that many are told at once.

    `run` is the one that marks without a pipeline of their own come from.
    """

    def __init__(self, text: str, run: RunName | None) -> None:
        self._text = text
        self._run = run
        self._pipelines: set[tuple[str | None, str | None]] = set()
        self.marks: list[MarkRow] = []
        self.origins: dict[int, Origin] = {}
        self.problems: list[Problem] = []

    @property
    def enough(self) -> bool:
        """Whether so much is wrong that the rest is not looked at."""
        return len(self.problems) >= MOST_PROBLEMS

    @property
    def run(self) -> RunName | None:
        """The one run all marks come from; None when there are several or none."""
        if not self._pipelines:
            return self._run
        runs = {self._run_named(*names) for names in self._pipelines}
        return runs.pop() if len(runs) == 1 else None

    def read(self, spans: list[Any], stances: list[Any]) -> None:
        """Adds to `marks` and `origins`."""
        self._entities(spans)
        for stance in stances:
            row = self._stance(stance)
            if row is not None:
                self._keep(row, stance)
            if self.enough:
                break
        for names in self._pipelines:
            if not all(isinstance(name, str | None) for name in names):
                what = f'"pipeline" and "version" of a mark are {piece(names)}'
                self.problems.append(Problem(what, "give strings, or leave them out"))

    def rejected(self, items: list[Any]) -> list[tuple[MarkRow, Origin]]:
        found = []
        for item in items:
            row = self._row("stance" if isinstance(item, dict) and "holder" in item else "entity", item)
            if row is not None:
                run, ms, saw = self._run_of(item), self._ms(item), self._saw(item)
                found.append((row, Origin(None, run=run, ms=ms, saw=saw)))
            if self.enough:
                break
        return found

    def is_span(self, item: Any) -> bool:
        """Whether an object has good offsets, and covers the text it says it does."""
        if not isinstance(item, dict):
            return False
        start, end, covered = item.get("start"), item.get("end"), item.get("text")
        return (
            type(start) is int
            and type(end) is int
            and 0 <= start < end <= len(self._text)
            and (covered is None or self._text[start:end] == covered)
        )

    def string(self, values: Mapping[str, Any], key: str) -> str | None:
        value = values.get(key)
        if value is None or isinstance(value, str):
            return value
        self.problems.append(Problem(f'"{key}" is {piece(value)}', "give a string, or leave it out"))
        return None

    def _entities(self, spans: list[Any]) -> None:
        # The one loop that runs for every span of a large import: one test, and reasons only when it fails.
        text, length = self._text, len(self._text)
        marks, pipelines = self.marks, self._pipelines
        pipeline = version = _UNSEEN
        for span in spans:
            try:
                start, end, label = span["start"], span["end"], span["label"]
                get = span.get
                name, score, covered = get("name"), get("score"), get("text")
                if get("pipeline") is not pipeline or get("version") is not version:
                    pipeline, version = get("pipeline"), get("version")
                    pipelines.add((pipeline, version))
                if not (
                    type(start) is int
                    and type(end) is int
                    and 0 <= start < end <= length
                    and type(label) is str
                    and (covered is None or text[start:end] == covered)
                    and (name is None or type(name) is str)
                    and (score is None or (type(score) in _NUMBERS and 0 <= score <= 1))
                ):
                    raise ValueError
            except (TypeError, KeyError, AttributeError, ValueError):
                self._note_bad_mark("entity", span)
                if self.enough:
                    break
                continue
            if "source" in span or "note" in span or SAW in span or RULING in span:
                self.origins[len(marks)] = self._origin("entity", span)
            marks.append(("entity", label, start, end, score, name, None, None, None, None, None, None))

    def _stance(self, stance: Any) -> MarkRow | None:
        if not self._is_stance(stance):
            self._note_bad_mark("stance", stance)
            return None
        parts: list[int | str | None] = []
        for role in ("holder", "target"):
            part = stance.get(role)
            if part is None:
                parts += (None, None, None)
            elif self.is_span(part) and isinstance(part.get("name"), str | None):
                parts += (part["start"], part["end"], part.get("name"))
            else:
                self.note_bad_span(f"{role} of a stance", part, '"name" must be a string')
                return None
        head = (stance["label"], stance["start"], stance["end"], stance.get("score"), stance.get("name"))
        return ("stance", *head, *parts)

    def _is_stance(self, item: Any) -> bool:
        if not self.is_span(item):
            return False
        label, name, score = item.get("label"), item.get("name"), item.get("score")
        return (
            isinstance(label, str)
            and isinstance(name, str | None)
            and (score is None or (type(score) in _NUMBERS and 0 <= score <= 1))
        )

    def _row(self, kind: str, item: Any) -> MarkRow | None:
        """One mark that stands inside another object."""
        reader = MarkReader(self._text, self._run)
        reader.read([item] if kind == "entity" else [], [item] if kind == "stance" else [])
        self.problems += reader.problems
        return reader.marks[0] if reader.marks else None

    def _keep(self, row: MarkRow, mark: dict[str, Any]) -> None:
        if "source" in mark or "note" in mark or SAW in mark:
            self.origins[len(self.marks)] = self._origin(row[0], mark)
        self._pipelines.add((self.string(mark, "pipeline"), self.string(mark, "version")))
        self.marks.append(row)

    def _origin(self, kind: str, mark: dict[str, Any]) -> Origin:
        """Where a mark came from. Prodigy's own `source` is the name of a pipeline."""
        source, run, suggested = mark.get("source"), self._run_of(mark), mark.get("suggested")
        if isinstance(source, str) and source not in _SOURCES:
            source, run = Source.ACCEPTED, run or (source, "")
        elif not isinstance(source, str | None):
            what = f'"source" is {piece(source)} in {piece(mark)}'
            self.problems.append(Problem(what, f"use one of {', '.join(_SOURCES)}"))
            source = None
        return Origin(
            Source(source) if source else None,
            self.string(mark, "note"),
            run,
            self._ms(mark),
            self._row(kind, suggested) if suggested is not None else None,
            self._saw(mark),
            self._ruling(mark),
        )

    def _ruling(self, mark: dict[str, Any]) -> Ruling | None:
        said = mark.get(RULING)
        if said is None:
            return None
        if isinstance(said, dict):
            how, by, at, reason = (said.get(key) for key in ("how", "by", "at", "reason"))
            votes = said.get("votes", {})
            if (
                isinstance(how, str)
                and isinstance(by, str)
                and type(at) is int
                and isinstance(reason, str | None)
                and isinstance(votes, dict)
                and all(isinstance(label, str | None) for label in votes.values())
            ):
                return Ruling(how, by, at, reason, tuple(votes.items()))
        advice = '"how" and "by" are strings, "at" is in seconds, "votes" has a label or null for each name'
        self.problems.append(Problem(f'"{RULING}" is {piece(said)}', f"{advice}; or leave it out"))
        return None

    def _run_of(self, mark: dict[str, Any]) -> RunName | None:
        return self._run_named(self.string(mark, "pipeline"), self.string(mark, "version"))

    def _run_named(self, pipeline: str | None, version: str | None) -> RunName | None:
        if pipeline is None or (version is None and self._run and self._run[0] == pipeline):
            return self._run
        return (pipeline, version or "")

    def _ms(self, mark: dict[str, Any]) -> int:
        ms = mark.get("ms", 0)
        if type(ms) is int and 0 <= ms < _LONGEST_DECISION:
            return ms
        self.problems.append(Problem(f'"ms" is {piece(ms)}', "give whole milliseconds, or leave it out"))
        return 0

    def _saw(self, mark: dict[str, Any]) -> bool | None:
        saw = mark.get(SAW)
        if saw is None or isinstance(saw, bool):
            return saw
        self.problems.append(Problem(f'"{SAW}" is {piece(saw)}', "give true or false, or leave it out"))
        return None

    def note_bad_span(self, what: str, item: Any, otherwise: str) -> None:
        """Notes why an object is no good span; `otherwise` is the advice when its offsets are good."""
        self.problems.append(span_problem(what, item, self._text, otherwise))

    def _note_bad_mark(self, kind: str, item: Any) -> None:
        label = item.get("label") if isinstance(item, dict) else None
        if isinstance(item, dict) and not isinstance(label, str):
            word = "label" if kind == "entity" else "polarity"
            what = f"the {word} {piece(label)} of {piece(item)} is no name"
            self.problems.append(Problem(what, "give the name of a label as a string"))
        else:
            self.note_bad_span(kind, item, _FIELDS)
