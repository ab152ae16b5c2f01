"""The form as the unit printed it: its rows and merged cells, with what is found beside them.

Both forms are laid out on a grid of columns, as on paper: the head, the money and the
objectives, then the indicators, which repeat their heads on every page.  A finding stands at
its cell; one about a column as a whole at the head of the column; any other at the title.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby

from audit_utils.dictionary import SOURCES
from audit_utils.evidence import together
from audit_utils.language import _
from audit_utils.report import text
from audit_utils.report.data import Project, Row
from audit_utils.report.places import fold, label, span, yuan
from audit_utils.report.wording import told

MONEY = ("initial_budget", "annual_budget", "executed", "weight", "execution_rate", "score")
LEVELS = ("level1", "level2")
TOTALS = ("total_weight", "total_score")
WHOLE = {
    "total": ("project_total", "项目资金总额"),
    "current_year_fiscal": ("project_fiscal", "财政资金"),
    "carryover": ("project_carryover", SOURCES["carryover"]),
    "other": ("project_other", SOURCES["other"]),
    "fiscal_account": ("project_fiscal_account", SOURCES["fiscal_account"]),
    "unit_funds": ("project_unit_funds", SOURCES["unit_funds"]),
}
"""What a declaration prints of the whole project's money, beside each source of the year's."""

NUMBERS = (*MONEY, *TOTALS, "annual_request", *(name for name, _title in WHOLE.values()))

Place = tuple[str, str | None, str]
"""Table, row (None: the column as a whole) and column."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a kind of form is printed: its columns on paper and what stands in them.

    `widths` are those of the columns, in percent of the form's; `heads` the rows of the head, a
    label of one part (`label_across` wide) before each value, with the value's width;
    `indicators` the columns of an indicator with their widths.
    """

    widths: tuple[float, ...]
    label_across: int
    heads: tuple[tuple[tuple[str, int], ...], ...]
    objectives: tuple[tuple[str, int], ...]
    indicators: tuple[tuple[str, int], ...]


LAYOUTS = {
    "self_evaluation": Layout(
        widths=(3.6, 9, 10, 20, 13, 16, 7, 8.4, 13),
        label_across=3,
        heads=(
            (("name", 6),),
            (("department", 2), ("unit", 3)),
            (("nature", 2), ("category", 3)),
            (("start_date", 2), ("end_date", 3)),
        ),
        objectives=(("objective_expected", 4), ("objective_actual", 4)),
        indicators=(
            ("name", 1), ("target", 1), ("actual", 1), ("weight", 1), ("score", 1),
            ("deviation_reason", 1),
        ),
    ),
    "target_declaration": Layout(
        widths=(9.6, 12, 15, 13, 15, 12, 23.4),
        label_across=1,
        heads=(
            (("name", 2), ("nature", 1), ("category", 1)),
            (("department", 2), ("unit", 3)),
            (("start_date", 2), ("end_date", 3)),
        ),
        objectives=(("objective_overall", 3), ("objective_annual", 3)),
        indicators=(("name", 3), ("target", 1)),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Box:
    """A cell on paper: a label (`scope` of its head, empty for a value) or what is printed.

    `inferred` are the notes why the text is not sure, each with the rows that it is about.
    """

    text: str | None
    scope: str = ""
    across: int = 1
    down: int = 1
    kind: str = ""
    yuan: str | None = None
    inferred: tuple[tuple[str, str], ...] = ()
    findings: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A row on paper; `ordinal` of its indicator, where it stands, and all findings in it."""

    boxes: tuple[Box, ...]
    ordinal: str = ""
    place: str = ""
    findings: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A form on paper: the rows before the indicators, their heads, the rows of each, the total.

    `title` holds the findings that no cell and no column has; `named` are the heads of columns
    that a narrow screen shows before each value.
    """

    layout: Layout
    title: Box
    top: tuple[Line, ...]
    named: Mapping[str, tuple[Box, ...]]
    heads: Line
    rows: tuple[Line, ...]
    total: Line | None


def lay_out(project: Project) -> Form:
    """The form of a project, every printed cell and every finding in its place."""
    return _Desk(project).form()


@dataclass(slots=True)
class _Desk:
    """Lays out one form, and remembers which findings have their place already."""

    project: Project
    placed: set[str] = field(default_factory=set)

    @property
    def kind(self) -> str:
        return str(self.project.row["form"])

    @property
    def layout(self) -> Layout:
        return LAYOUTS[self.kind]

    def form(self) -> Form:
        scored = self.kind == "self_evaluation"
        money = self._money() if scored else self._request()
        heads = self._heads()
        rows = self._indicators()
        total = self._total() if scored else None
        top = [*self._head(), *money, *self._objectives()]
        left = tuple(one for one in self.project.findings if one["finding_id"] not in self.placed)
        if left:
            top[0] = Line(top[0].boxes, top[0].ordinal, top[0].place, left + top[0].findings)
        title = Box(text.FORMS[self.kind], findings=left)
        named = {"money": money[0].boxes[2:] if scored else (), "indicators": heads.boxes[3:]}
        named["objectives"] = tuple(
            Box(label("projects", name)) for name, _width in self.layout.objectives
        )
        return Form(self.layout, title, tuple(top), named, heads, tuple(rows), total)

    # ---- cells

    def found(self, *place: str | None) -> tuple[Row, ...]:
        """The findings at a place, which have it from now on."""
        found = self.project.places.get(place, ())  # type: ignore[arg-type]
        self.placed.update(one["finding_id"] for one in found)
        return tuple(found)

    def cell(self, table: str, row: str, column: str, across: int = 1) -> Box:
        known = self.project.cells.get((table, row, column), {})
        note = known.get("note") if known.get("inferred") else None
        number = table != "indicators" and column in NUMBERS
        return Box(
            known.get("printed"),
            across=across,
            kind="r" if number else "",
            yuan=yuan(self.project, table, row, column) if number else None,
            inferred=((told(note), ""),) if note else (),
            findings=self.found(table, row, column),
        )

    def head(self, table: str, column: str, across: int = 1, down: int = 1) -> Box:
        """The head of a column, with the findings about the column as a whole."""
        return Box(
            label(table, column), "col", across, down, findings=self.found(table, None, column)
        )

    def line(self, boxes: Sequence[Box], ordinal: str = "", place: str = "") -> Line:
        found = tuple(one for box in boxes for one in box.findings)
        return Line(tuple(boxes), ordinal, place, found)

    def place(self, table: str, row: str, columns: Iterable[str]) -> str:
        """The lines, or the cells, in which those of these columns stand that are printed."""
        known = self.project.cells
        cells = [
            cell for name in columns if (cell := known.get((table, row, name))) and cell["printed"]
        ]
        if not cells:
            return ""
        if cells[0]["address"]:
            return together(cell["address"] for cell in cells) or ""
        first = min(cell["line_start"] for cell in cells)
        return span({"address": None, "line_start": first,
                     "line_end": max(cell["line_end"] for cell in cells)})  # fmt: skip

    # ---- parts

    def _head(self) -> list[Line]:
        lines = [line for columns in self.layout.heads if (line := self._pairs(columns))]
        known = {name for columns in self.layout.heads for name, _width in columns}
        known |= {
            *TOTALS,
            *dict(self.layout.objectives),
            *(name for name, _title in WHOLE.values()),
        }
        others = [key[2] for key in self.project.cells if key[0] == "projects"]
        return lines + [
            line for name in others if name not in known if (line := self._pairs([(name, 1)]))
        ]

    def _pairs(self, columns: Sequence[tuple[str, int]]) -> Line | None:
        """A row of labels and values; the last value takes what is left of the width."""
        there = [one for one in columns if ("projects", "0", one[0]) in self.project.cells]
        if not there:
            return None
        boxes: list[Box] = []
        left = len(self.layout.widths)
        for name, width in there:
            across = 1 if boxes else self.layout.label_across
            left -= across
            width = left if name == there[-1][0] else width
            left -= width
            boxes += [Box(label("projects", name), "row", across)]
            boxes += [self.cell("projects", "0", name, width)]
        names = [name for name, _width in there]
        return self.line(boxes, place=self.place("projects", "0", names))

    def _money(self) -> list[Line]:
        sources = self.project.funds
        head = [Box(_("项目资金"), "rowgroup", down=len(sources) + 1, kind="v"),
                Box(_("资金来源"), "col", 2),
                *(self.head("funds", name) for name in MONEY)]  # fmt: skip
        lines = [self.line(head)]
        for source in sources:
            boxes = [Box(_(SOURCES[source]), "row", 2)]
            boxes += [self.cell("funds", source, name) for name in MONEY]
            lines.append(self.line(boxes, place=self.place("funds", source, MONEY)))
        return lines

    def _request(self) -> list[Line]:
        """The money of the year by source, and that of the whole project beside it."""
        printed = [one for one, (name, _title) in WHOLE.items() if self._has(name)]
        sources = dict.fromkeys([*self.project.funds, *printed])
        lines: list[Line] = []
        for source in sources:
            side = [Box(_("项目资金"), "rowgroup", down=len(sources))] * (not lines)
            boxes = [*side, *self._of_project(source), *self._of_year(source)]
            place = self.place("funds", source, ["annual_request"])
            lines.append(self.line(boxes, place=place))
        return lines

    def _has(self, name: str) -> bool:
        return ("projects", "0", name) in self.project.cells

    def _of_project(self, source: str) -> list[Box]:
        """What the whole project gets of a source; empty where the form has no such cell."""
        name, title = WHOLE[source]
        if not self._has(name):
            return [Box(None, across=2)]
        return [Box(_(title), "row"), self.cell("projects", "0", name)]

    def _of_year(self, source: str) -> list[Box]:
        """What is asked for from a source in the year; empty where the form has no such row."""
        if source not in self.project.funds:
            return [Box(None, across=4)]
        title = _("年度资金申请总额") if source == "total" else _(SOURCES[source])
        return [Box(title, "row", 2), self.cell("funds", source, "annual_request", 2)]

    def _objectives(self) -> list[Line]:
        title = _("年度总体目标") if self.kind == "self_evaluation" else _("项目绩效目标")
        heads = [Box(title, "rowgroup", down=2, kind="v" if self.layout.label_across > 1 else "")]
        columns = self.layout.objectives
        heads += [Box(label("projects", name), "col", width) for name, width in columns]
        cells = [
            replace(self.cell("projects", "0", name, width), kind="o") for name, width in columns
        ]
        place = self.place("projects", "0", [name for name, _width in columns])
        return [self.line(heads), self.line(cells, place=place)]

    def _heads(self) -> Line:
        columns = [(name, 1) for name in LEVELS] + list(self.layout.indicators)
        boxes = [self.head("indicators", name, width) for name, width in columns]
        return self.line([Box(None, kind="b"), *boxes])

    def _indicators(self) -> list[Line]:
        rows = [str(row["ordinal"]) for row in self.project.indicators]
        started = self._levels(rows)
        columns = self.layout.indicators
        names = [name for name, _width in columns]
        side = Box(_("绩效指标"), "rowgroup", down=len(rows),
                   kind="v" if self.layout.label_across > 1 else "")  # fmt: skip
        lines = []
        for row in rows:
            cells = [self.cell("indicators", row, name, width) for name, width in columns]
            found = [one for name in LEVELS for one in self.found("indicators", row, name)]
            found += [one for box in cells for one in box.findings]
            found += self._unprinted(row, found)
            boxes = [*([side] if row == rows[0] else []), *started.get(row, []), *cells]
            place = self.place("indicators", row, names)
            lines.append(Line(tuple(boxes), row, place, tuple(found)))
        return lines

    def _unprinted(self, row: str, found: Sequence[Row]) -> list[Row]:
        """Findings about columns of an indicator that the form does not print."""
        return [
            one
            for place in self.project.places
            if place[:2] == ("indicators", row)
            for one in self.found(*place)
            if one not in found
        ]

    def _levels(self, rows: Sequence[str]) -> dict[str, list[Box]]:
        """The merged level cells by the row in which they begin."""
        boxes: dict[str, list[Box]] = {row: [] for row in rows}
        for depth, name in enumerate(LEVELS, start=1):
            for _path, group in groupby(rows, partial(self._path, depth)):
                members = list(group)
                boxes[members[0]].append(self._merged(name, members))
        return boxes

    def _path(self, depth: int, row: str) -> list[str | None]:
        return [self.project.printed("indicators", row, name) for name in LEVELS[:depth]]

    def _merged(self, name: str, rows: Sequence[str]) -> Box:
        cells = [self.cell("indicators", row, name) for row in rows]
        noted: dict[str, list[int]] = {}
        for row, cell in zip(rows, cells, strict=True):
            for note, _rows in cell.inferred:
                noted.setdefault(note, []).append(int(row))
        return Box(
            cells[0].text or _("（未分组）"),
            "rowgroup",
            down=len(rows),
            inferred=tuple(
                (note, "" if len(some) == len(rows) else fold(some)) for note, some in noted.items()
            ),
            findings=tuple(one for cell in cells for one in cell.findings),
        )

    def _total(self) -> Line:
        boxes = [Box(_("总分"), "row", len(self.layout.widths) - 3)]
        boxes += [self.cell("projects", "0", name) for name in TOTALS]
        return self.line([*boxes, Box(None)], place=self.place("projects", "0", TOTALS))
