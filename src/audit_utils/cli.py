"""The command line.  Progress and messages go to stderr, results to stdout.

Nothing heavy is imported before a command needs it: `--help` answers at once.
"""

import argparse
import datetime
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from audit_utils import commands, terminal
from audit_utils.errors import AuditError

_INTERRUPTED = 130
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
3 the run finished, but some document, check or decision failed"""


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
        return commands.UNUSABLE
    except KeyboardInterrupt:
        terminal.say("audit-utils: interrupted", sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:  # the reader of our output (such as `head`) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return commands.DONE


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
    parsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_run(parsers)
    _add_tables(parsers)
    _add_check(parsers)
    _add_decide(parsers)
    _add_explain(parsers)
    _add_suites(parsers)
    _add_diff(parsers)
    _add_verify(parsers)
    return parser


def _command(
    parsers: Any, name: str, command: Callable[[argparse.Namespace], int], text: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = parsers.add_parser(name, help=text, description=text)
    parser.set_defaults(command=command)
    return parser


def _folder(parser: argparse.ArgumentParser, name: str, default: str, text: str) -> None:
    parser.add_argument(
        name, type=Path, default=Path(default), metavar="DIR", help=f"{text} (default: {default})"
    )


def _add_run(parsers: Any) -> None:
    parser = _command(parsers, "run", commands.run, "do everything: tables, findings, reports")
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
        choices=(*commands.SEVERITIES, "never"),
        default="never",
        help="exit with 1 when there are findings of this severity or worse that are neither "
        "accepted nor false positives (default: never)",
    )
    _as_of(parser)


def _add_tables(parsers: Any) -> None:
    parser = _command(
        parsers, "tables", commands.tables, "only read documents into tables, no rules"
    )
    parser.add_argument("documents", nargs="+", type=Path, metavar="DOCUMENT")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where they go")
    parser.add_argument(
        "--year",
        type=_year,
        help="year of the documents (default: what a form prints, else a folder named as a year)",
    )
    _format(parser)


def _add_check(parsers: Any) -> None:
    parser = _command(parsers, "check", commands.check, "only the rules, on tables that are there")
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


def _add_decide(parsers: Any) -> None:
    text = "record what is decided about a finding, in expectations/accepted/<year>.yml"
    parser = _command(parsers, "decide", commands.decide, text)
    parser.add_argument("finding", metavar="FINDING_ID", help="as in the report")
    parser.add_argument("--disposition", choices=_DISPOSITIONS, required=True)
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why")
    parser.add_argument("--who", required=True, metavar="NAME", help="who decides")
    parser.add_argument("--date", type=_day, metavar="DATE", help="of it (default: today)")
    parser.add_argument("--until", type=_day, metavar="DATE", help="its last day (default: none)")
    _folder(parser, "--processed", "data/processed", "tables with the findings of the last run")


def _add_explain(parsers: Any) -> None:
    parser = _command(
        parsers, "explain", commands.explain, "tell what a rule asks for and what it found"
    )
    parser.add_argument("code", metavar="CODE", help="of the rule, e.g. SC01")
    _folder(parser, "--processed", "data/processed", "tables with the findings of the last run")
    _format(parser)


def _add_suites(parsers: Any) -> None:
    text = "tell what is wrong with labels, suites and their cases, and how to mend it"
    suites = parsers.add_parser("suites", help=text, description=text)
    actions = suites.add_subparsers(title="commands", metavar="COMMAND", required=True)
    parser = _command(actions, "check", commands.check_suites, text)
    for name, default in (("--expectations", "expectations"), ("--cases", "tests/rules")):
        parser.add_argument(name, type=Path, metavar="DIR", help=f"(default: {default})")
    _format(parser)


def _add_diff(parsers: Any) -> None:
    text = "tell which findings are new, gone or changed between two runs"
    parser = _command(parsers, "diff", commands.diff, text)
    for name in ("old", "new"):
        parser.add_argument(
            name, type=Path, metavar=name.upper(), help="tables of a year, or a folder a year"
        )
    _format(parser)


def _add_verify(parsers: Any) -> None:
    text = "tell what has changed since the manifest of a year was written"
    parser = _command(parsers, "verify", commands.verify, text)
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


if __name__ == "__main__":
    sys.exit(main())
