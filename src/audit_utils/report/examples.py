"""Cases of the rules as examples for a reader: what differs from the form without any fault."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from audit_utils import batches
from audit_utils.cases import Case, CaseFile
from audit_utils.dictionary import SOURCES
from audit_utils.language import _, current

SHOWN = {"pass": 3, "fail": 3, "rounding": 2, "cannot_evaluate": 2, "not_applicable": 1}
"""How many examples of each outcome a page shows; the case file has them all."""
OWN = {"year": "年度", "money_unit": "金额单位"}


def examples(file: CaseFile | None, clean: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The first few cases of each outcome, those that pass first.

    Each has its `outcome`, how its form `differs` from the clean one, and what is `told` of
    it: a line of text each.
    """
    of_outcome: dict[str, list[Case]] = {outcome: [] for outcome in SHOWN}
    for case in file.cases if file else ():
        of_outcome[case.outcomes[-1]].append(case)
    for outcome, some in of_outcome.items():
        for case in some[: SHOWN[outcome]]:
            yield {
                "outcome": outcome,
                "differs": list(differences(case, clean)),
                "told": list(_told(case)),
            }


def _told(case: Case) -> Iterator[str]:
    """What the rule says of the case, as far as its file has it; the file has it in Chinese.

    In another language what the case proves is told: that is its name.
    """
    if current() != "zh":
        yield case.name
        return
    for finding in case.findings or ():
        due = finding.get("expected") or ""
        as_due = "应为 " + due if due and not due.startswith("应") else due
        if pieces := [one for one in (finding.get("condition"), as_due) if one]:
            yield "；".join(pieces)
    if case.reason:
        yield case.reason


def differences(case: Case, clean: Mapping[str, Any]) -> Iterator[str]:
    """How the forms of a case differ from the one without any fault, in words."""
    for path, printed in case.change.items():
        yield _change(path.split("."), printed, clean)
    for path in case.without:
        yield _lack(path.split("."))
    for path in case.inferred:
        yield _("推定：{cell}", cell=_name(path.split(".")))
    for other in case.also:
        pieces = [_change(path.split("."), text, clean) for path, text in other.items()]
        changes = _("；").join(pieces)
        yield _("另有一张表：{changes}", changes=changes) if pieces else _("另有一张表，填得一样")
    for name, given in case.parameters.items():
        yield _("参数 {name} 设为 {value}", name=name, value=given)


def _change(path: list[str], printed: Any, clean: Mapping[str, Any]) -> str:
    if path[0] in OWN:
        return f"{_(OWN[path[0]])} {clean[path[0]]} → {printed}"
    if isinstance(printed, dict):
        cells = _("、").join(_filled(printed.values()))
        if path[0] == "funds":
            return _("增加“{name}”一行：{cells}", name=_(SOURCES[path[1]]), cells=cells)
        return _("增加一项指标：{cells}", cells=cells)
    row: Any = clean[path[0]]
    for key in path[1:-1]:
        row = _at(row, key)
    before = row.get(path[-1]) if row else None
    return _("{cell}{before} → {after}", cell=_name(path), before=_shown(before),
             after=_shown(printed))  # fmt: skip


def _at(rows: Any, key: str) -> Any:
    """A row of the clean form; None for an indicator that the case itself adds."""
    if isinstance(rows, list):
        return rows[int(key) - 1] if int(key) <= len(rows) else None
    return rows.get(key)


def _filled(texts: Iterable[Any]) -> Iterator[str]:
    return (str(text) for text in texts if text is not None)


def _shown(printed: Any) -> str:
    return _("（空）") if printed is None else f"“{printed}”"


def _name(path: list[str]) -> str:
    """A cell as the forms call it."""
    table, *rows, column = path
    name = _(batches.label(batches.address(column, table)))
    if rows == ["total"] and column in ("weight", "score"):
        return _("预算执行{name}", name=name)
    if table == "indicators" and rows:
        return _("第 {row} 项{name}", row=rows[0], name=name)
    if table == "indicators":
        return _("各项{name}", name=name)
    if rows and rows[0] != "total":
        return f"{_(SOURCES[rows[0]])}·{name}"
    return name


def _lack(path: list[str]) -> str:
    match path:
        case ["indicators"]:
            return _("没有指标")
        case ["funds", source]:
            return _("没有“{name}”一行", name=_(SOURCES[source]))
        case ["indicators", row] if row.isdigit():
            return _("没有第 {row} 项指标", row=row)
        case ["indicators", column]:
            name = _(batches.label(batches.address(column, "indicators")))
            return _("指标表没有“{name}”一栏", name=name)
    return _("没有“{name}”一格", name=_name(path))
