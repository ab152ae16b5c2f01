"""The command line.  Progress and messages go to stderr, results to stdout.

Nothing heavy is imported before a command needs it: `--help` answers at once.
"""

import argparse
import datetime
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from audit_utils import terminal
from audit_utils.errors import AuditError

if TYPE_CHECKING:
    from audit_utils.summary import Result, YearResult

_DONE, _UNUSABLE, _INCOMPLETE, _INTERRUPTED = 0, 2, 3, 130
_SEVERITIES = ("critical", "warning", "info")
_DISPOSITIONS = ("accepted", "false_positive", "to_correct")

_DESCRIPTION = """\
Audits the yearly performance forms of Chinese public bodies: reads the self-evaluations
(自评表) and target declarations (申报表) out of documents, checks them against the rules in
expectations/, and writes one HTML report a project and an index a year.

To begin, put the documents into data/raw/2025/ (any file names) and run

  audit-utils run 2025

then open reports/2025/index.html in a browser."""

_EPILOG = """\
exit codes: 0 done; 1 findings at or above --fail-on; 2 wrong call or unusable input;
3 the run finished, but some document or check failed"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except AuditError as error:
        terminal.say(f"audit-utils: {error}", sys.stderr)
        return _UNUSABLE
    except KeyboardInterrupt:
        terminal.say("audit-utils: interrupted", sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:  # the reader of our output (such as `head`) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _DONE


# ---- the call


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        super().error(terminal.printable(message))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="audit-utils",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_run(commands)
    _add_tables(commands)
    _add_check(commands)
    _add_decide(commands)
    _add_explain(commands)
    _add_suites(commands)
    _add_diff(commands)
    _add_verify(commands)
    return parser


def _command(
    commands: Any, name: str, command: Callable[[argparse.Namespace], int], text: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(command=command)
    return parser


def _folder(parser: argparse.ArgumentParser, name: str, default: str, text: str) -> None:
    parser.add_argument(
        name, type=Path, default=Path(default), metavar="DIR", help=f"{text} (default: {default})"
    )


def _add_run(commands: Any) -> None:
    parser = _command(commands, "run", _run, "do everything: tables, findings, reports")
    parser.add_argument(
        "years", nargs="*", type=_year, metavar="YEAR", help="e.g. 2022 (default: all under --raw)"
    )
    _folder(parser, "--raw", "data/raw", "where the documents are, a folder a year")
    _folder(parser, "--processed", "data/processed", "where the tables go")
    _folder(parser, "--reports", "reports", "where the reports go")
    parser.add_argument(
        "--jobs",
        type=_jobs,
        default=0,
        metavar="N",
        help="reports made at a time (default: one a core)",
    )
    parser.add_argument(
        "--language", choices=("zh", "en"), default="zh", help="of the reports (default: zh)"
    )
    parser.add_argument(
        "--fail-on",
        choices=(*_SEVERITIES, "never"),
        default="never",
        help="exit with 1 when there are findings of this severity or worse that are neither "
        "accepted nor false positives (default: never)",
    )
    _as_of(parser)


def _add_tables(commands: Any) -> None:
    parser = _command(commands, "tables", _tables, "only read documents into tables, no rules")
    parser.add_argument("documents", nargs="+", type=Path, metavar="DOCUMENT")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where they go")
    parser.add_argument(
        "--year",
        type=_year,
        help="year of the documents (default: what a form prints, else a folder named as a year)",
    )
    _format(parser)


def _add_check(commands: Any) -> None:
    parser = _command(commands, "check", _check, "only the rules, on tables that are there")
    _folder(parser, "--processed", "data/processed", "tables of one year, or a folder a year")
    _as_of(parser)
    _format(parser)


def _as_of(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of",
        type=_day,
        metavar="DATE",
        help="day of which decisions that have a last day are looked at (default: today)",
    )


def _add_decide(commands: Any) -> None:
    text = "record what is decided about a finding, in expectations/accepted/<year>.yml"
    parser = _command(commands, "decide", _decide, text)
    parser.add_argument("finding", metavar="FINDING_ID", help="as in the report")
    parser.add_argument("--disposition", choices=_DISPOSITIONS, required=True)
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why")
    parser.add_argument("--who", required=True, metavar="NAME", help="who decides")
    parser.add_argument("--date", type=_day, metavar="DATE", help="of it (default: today)")
    parser.add_argument("--until", type=_day, metavar="DATE", help="its last day (default: none)")
    _folder(parser, "--processed", "data/processed", "tables with the findings of the last run")


def _add_explain(commands: Any) -> None:
    parser = _command(commands, "explain", _explain, "tell what a rule asks for and what it found")
    parser.add_argument("code", metavar="CODE", help="of the rule, e.g. SC01")
    _folder(parser, "--processed", "data/processed", "tables with the findings of the last run")
    _format(parser)


def _add_suites(commands: Any) -> None:
    text = "tell what is wrong with suites and their cases, and how to mend it"
    suites = commands.add_parser("suites", help=text, description=text)
    actions = suites.add_subparsers(title="commands", metavar="COMMAND", required=True)
    parser = _command(actions, "check", _check_suites, text)
    for name, default in (("--expectations", "expectations"), ("--cases", "tests/rules")):
        parser.add_argument(name, type=Path, metavar="DIR", help=f"(default: {default})")
    _format(parser)


def _add_diff(commands: Any) -> None:
    text = "tell which findings are new, gone or changed between two runs"
    parser = _command(commands, "diff", _diff, text)
    for name in ("old", "new"):
        parser.add_argument(
            name, type=Path, metavar=name.upper(), help="tables of a year, or a folder a year"
        )
    _format(parser)


def _add_verify(commands: Any) -> None:
    text = "tell what has changed since the manifest of a year was written"
    parser = _command(commands, "verify", _verify, text)
    parser.add_argument("year", type=_year, metavar="YEAR")
    _folder(parser, "--raw", "data/raw", "where the documents are, a folder a year")
    _folder(parser, "--processed", "data/processed", "where the tables are")
    _folder(parser, "--reports", "reports", "where the reports are")
    _format(parser)


def _format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="of the result (default: text)"
    )


def _year(text: str) -> int:
    if len(text) != 4 or not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{terminal.printable(text)!r} is no year, such as 2022")
    return int(text)


def _day(text: str) -> datetime.date:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise argparse.ArgumentTypeError(
            f"{terminal.printable(text)!r} is no date, such as 2023-04-18"
        )
    return day


def _jobs(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 256):
        raise argparse.ArgumentTypeError(f"{terminal.printable(text)!r} is no number from 1 to 256")
    return int(text)


# ---- the commands


def _run(options: argparse.Namespace) -> int:
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
    severities = ", ".join(f"{findings.get(one, 0)} {one}" for one in _SEVERITIES)
    decided = f" ({result.decided} decided)" if result.decided else ""
    return f"{_number(sum(findings.values()), 'finding')}: {severities}{decided}"


def _number(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _tables(options: argparse.Namespace) -> int:
    from audit_utils import pipeline, reading, summary

    paths = reading.names(options.documents)
    made = pipeline.tables_of(options.documents, options.out, options.year)
    result = summary.of_tables(made, paths.__getitem__)
    terminal.print_rows(summary.by_document(made, paths), options.format)
    _tell(result, sys.stderr)
    return result.exit_code()


def _check(options: argparse.Namespace) -> int:
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


def _decide(options: argparse.Namespace) -> int:
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
    return _DONE


def _explain(options: argparse.Namespace) -> int:
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
    return _DONE


def _check_suites(options: argparse.Namespace) -> int:
    from audit_utils import cases, pipeline, suitecheck

    expectations = options.expectations or pipeline.beside("expectations")
    checked = suitecheck.check(expectations, options.cases or cases.beside(expectations))
    if options.format == "json":
        terminal.print_json([trouble.told() for trouble in checked.troubles])
    for trouble in checked.troubles if options.format == "text" else ():
        terminal.say(str(trouble))
    terminal.say(
        f"{_number(checked.suites, 'suite')}, {_number(checked.rules, 'rule')}, "
        f"{_number(checked.cases, 'case')}: {_number(len(checked.troubles), 'fault')}",
        sys.stderr,
    )
    return _UNUSABLE if checked.troubles else _DONE


def _diff(options: argparse.Namespace) -> int:
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
    return _DONE


def _verify(options: argparse.Namespace) -> int:
    from audit_utils import pipeline, verification

    where = {name: getattr(options, name) for name in ("raw", "processed", "reports")}
    beside = {name: pipeline.beside(name) for name in ("notebooks", "expectations")}
    rows = verification.differences(options.year, where | beside)
    shown = ("part", "change", "name")
    told = [{name: row[name] for name in shown} for row in rows]
    terminal.print_rows(rows if options.format == "json" else told, options.format)
    terminal.say(f"{options.year}: {_number(len(rows), 'difference')}", sys.stderr)
    return _INCOMPLETE if rows else _DONE


if __name__ == "__main__":
    sys.exit(main())
