"""What each command of the command line does; each returns its exit code.

Progress and messages go to stderr, results to stdout.  Nothing heavy is imported before a
command needs it.
"""

import argparse
import datetime
import sys
from typing import TYPE_CHECKING, TextIO

from audit_utils import terminal
from audit_utils.errors import AuditError

if TYPE_CHECKING:
    from audit_utils.summary import Result, YearResult

DONE, UNUSABLE, INCOMPLETE = 0, 2, 3
SEVERITIES = ("critical", "warning", "info")
ENDED = ("read", "copy", "no form", "partly understood", "not understood")


def run(options: argparse.Namespace) -> int:
    from audit_utils import pipeline, summary

    years = sorted(set(options.years)) or pipeline.years_in(options.raw)
    with terminal.progress() as progress:
        results = pipeline.run(
            years,
            options.raw,
            options.processed,
            options.reports,
            jobs=options.jobs,
            language=options.language,
            as_of=options.as_of,
            progress=progress,
        )
    for result in results:
        _tell_year(result)
    return summary.exit_code(results, options.fail_on)


def _tell_year(year: "YearResult") -> None:
    result = year.result
    if not result.read:
        terminal.print_list(f"{year.year}: failed", year.failures, sys.stdout)
        return
    terminal.say(f"{year.year}: {_read(result)}")
    if set(result.ended) - {"read"}:
        counts = (f"{result.ended[end]} {end}" for end in ENDED if end in result.ended)
        terminal.say(f"  documents: {', '.join(counts)}")
    terminal.say(f"  {_found(result)}")
    _tell(result, sys.stdout)
    terminal.print_list("  failed", year.failures, sys.stdout)
    if year.index:
        terminal.say(f"  reports: {year.index}")


def _tell(result: "Result", stream: TextIO) -> None:
    terminal.print_list("  not understood", result.problems, stream)
    terminal.print_list("  failed", result.broken, stream)
    terminal.print_list("  note", result.notices, stream)


def _read(result: "Result") -> str:
    return (
        f"{_number(result.documents, 'document')}, {_number(result.forms, 'form')}, "
        f"{_number(result.indicators, 'indicator')} read"
    )


def _found(result: "Result") -> str:
    findings = result.findings
    if findings is None:
        return "not checked"
    left = {one: findings.get(one, 0) - result.settled.get(one, 0) for one in SEVERITIES}
    counts = [f"{count} {severity}" for severity, count in left.items()]
    if settled := sum(result.settled.values()):
        counts.append(f"{settled} accepted or false positive")
    return f"{_number(sum(findings.values()), 'finding')}: {', '.join(counts)}"


def _number(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def tables(options: argparse.Namespace) -> int:
    from audit_utils import pipeline, reading, summary

    paths = reading.names(options.documents)
    made = pipeline.tables_of(options.documents, options.out, options.year)
    result = summary.of_tables(made, paths.__getitem__)
    terminal.print_rows(summary.by_document(made, paths), options.format)
    _tell(result, sys.stderr)
    return result.exit_code()


def check(options: argparse.Namespace) -> int:
    from audit_utils import pipeline, summary

    expectations = pipeline.beside("expectations")
    folders = pipeline.folders_of_tables(options.processed)
    if not folders:
        raise AuditError(
            "holds no tables; `audit-utils run` or `tables` makes them", options.processed
        )
    faults = tuple(pipeline.faults(expectations))
    results = []
    for folder in folders:
        pipeline.check_folder(folder, expectations, as_of=options.as_of)
        results.append(summary.YearResult(0, pipeline.result_of(folder, expectations), faults))
    rows = [
        {"folder": folder.name, **row} for folder in folders for row in summary.outcomes(folder)
    ]
    terminal.print_rows(rows, options.format)
    for year in results:
        _tell(year.result, sys.stderr)
    terminal.print_list("  failed", faults, sys.stderr)
    return summary.exit_code(results)


def decide(options: argparse.Namespace) -> int:
    from audit_utils import deciding, pipeline

    expectations = pipeline.beside("expectations")
    made = deciding.decide(
        options.finding,
        pipeline.folders_of_tables(options.processed),
        expectations,
        disposition=options.disposition,
        reason=options.reason,
        who=options.who,
        date=options.date or datetime.date.today(),
        until=options.until,
    )
    terminal.say(f"{expectations / made.place}: {made.finding} is {made.disposition}")
    return DONE


def explain(options: argparse.Namespace) -> int:
    from audit_utils import cases, pipeline
    from audit_utils.explain import explain, lines

    folders = pipeline.folders_of_tables(options.processed)
    expectations = pipeline.beside("expectations")
    told = explain(options.code, expectations, folders, cases.beside(expectations))
    if options.format == "json":
        terminal.print_json(told)
    else:
        for line in lines(told):
            terminal.say(line)
    return DONE


def check_suites(options: argparse.Namespace) -> int:
    from audit_utils import cases, pipeline, suitecheck

    expectations = options.expectations or pipeline.beside("expectations")
    checked = suitecheck.check(expectations, options.cases or cases.beside(expectations))
    if options.format == "json":
        terminal.print_json([trouble.told() for trouble in checked.troubles])
    for trouble in checked.troubles if options.format == "text" else ():
        terminal.say(str(trouble))
    terminal.say(
        f"{_number(checked.suites, 'suite')}, {_number(checked.rules, 'rule')}, "
        f"{_number(checked.cases, 'case')}, {_number(checked.labels, 'label')}: "
        f"{_number(len(checked.troubles), 'fault')}",
        sys.stderr,
    )
    return UNUSABLE if checked.troubles else DONE


def diff(options: argparse.Namespace) -> int:
    from audit_utils import changes, pipeline

    folders = [pipeline.folders_of_tables(one) for one in (options.old, options.new)]
    for path, found in zip((options.old, options.new), folders, strict=True):
        if not found:
            raise AuditError("holds no tables", path)
    rows = changes.between(*folders)
    if options.format == "text":
        rows = [row | {"columns": " ".join(row["columns"]) or None} for row in rows]
    terminal.print_rows(rows, options.format)
    counts = (f"{sum(row['change'] == one for row in rows)} {one}" for one in changes.CHANGES)
    terminal.say(f"findings: {', '.join(counts)}", sys.stderr)
    return DONE


def verify(options: argparse.Namespace) -> int:
    from audit_utils import pipeline, verification

    where = {name: getattr(options, name) for name in ("raw", "processed", "reports")}
    beside = {name: pipeline.beside(name) for name in ("notebooks", "expectations")}
    rows = verification.differences(options.year, where | beside)
    shown = ("part", "change", "name")
    told = [{name: row[name] for name in shown} for row in rows]
    terminal.print_rows(rows if options.format == "json" else told, options.format)
    terminal.say(f"{options.year}: {_number(len(rows), 'difference')}", sys.stderr)
    return INCOMPLETE if rows else DONE
