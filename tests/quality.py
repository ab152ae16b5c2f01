"""How much of the documents with known truth comes out right: `make quality`.

Cells: each one of the transcription is compared with what the reader gets out of the
text, forms by their number, indicators by their ordinal, funds by their source.  A row
that is missing or too many counts with all its cells.  Findings: which of the violations
that the truth implies are reported, and what is reported beside them.

    python tests/quality.py               the real documents and tests/data/corpus
    python tests/quality.py --corpus DIR  any folder of NNN/{raw.txt,truth.json,findings.json}
    python tests/quality.py --kind all    the same documents as xlsx, docx and pdf too
    python tests/quality.py --list        also every cell and finding that is wrong
"""

import argparse
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import gold
import test_findings as calculation
import truth

from audit_utils import documents
from audit_utils.records import Document

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "tests" / "data" / "corpus"

KINDS = {"text": "raw.txt", "xlsx": "raw.xlsx", "docx": "raw.docx", "pdf": "raw.pdf"}
"""Kind of document -> its file in a folder of the corpus; not every folder has every kind."""

CALCULATED = {
    "self_evaluation": calculation.self_evaluation,
    "target_declaration": calculation.target_declaration,
}
# findings.json is complete for these rules only: others cannot be judged by it.
COMPLETE = frozenset({
    "WE01", "WE03", "SC01", "SC02", "SC03", "SC04", "SC05", "SC07",
    "FU01", "FU02", "FU03", "CO13", "CO14", "DA01", "FU11", "IN11",
})  # fmt: skip

Forms = list[dict[str, Any]]
"""Forms of a transcription."""

Place = tuple[str, int, int | None]
"""Rule, form, ordinal of the indicator (None: the form)."""


@dataclass(frozen=True, slots=True)
class Case:
    """One document with its truth: its forms, and all findings of some rules."""

    name: str
    document: Path
    forms: Forms
    rules: frozenset[str]
    findings: frozenset[Place]


@dataclass(frozen=True, slots=True)
class Compared:
    """One cell of the truth, or one that the reader has too many."""

    case: str
    address: truth.Address
    got: str | None
    expected: str | None
    inferred: bool

    @property
    def right(self) -> bool:
        return self.got == self.expected

    @property
    def table(self) -> str:
        row = self.address[1]
        return "indicators" if row.isdigit() else "funds" if row else "projects"


def gold_cases() -> Iterator[Case]:
    """The real documents; their findings are calculated from the transcription."""
    for path in sorted(gold.FOLDER.glob("*.json")):
        year = path.stem.rsplit("_", 1)[1]
        (document,) = (ROOT / "data" / "raw" / year).glob("*.txt")
        forms = truth.read_truth(path)
        calculated = [
            (rule, form["seq"], ordinal(row), outcome)
            for form in forms
            for rule, row, outcome in CALCULATED[form["form"]](form)
        ]
        rules = frozenset(rule for rule, *_ in calculated)
        findings = frozenset(found[:3] for found in calculated if found[3] == "fail")
        yield Case(f"gold {year}", document, forms, rules, findings)


def corpus_cases(corpus: Path, kind: str = "text") -> Iterator[Case]:
    for document in sorted(corpus.glob(f"*/{KINDS[kind]}")):
        folder = document.parent
        forms = truth.read_truth(folder / "truth.json")
        entries = json.loads((folder / "findings.json").read_text("utf-8"))
        findings = frozenset((f["rule"], f["seq"], f["ordinal"]) for f in entries)
        yield Case(folder.name, document, forms, COMPLETE, findings)


def ordinal(row: str | None) -> int | None:
    """Of the table cells: 0 is the head, a fund row has the name of its source."""
    return int(row) if row and row.isdigit() and row != "0" else None


@cache
def read(path: Path) -> Document:
    return documents.read(path)


# --- cells -----------------------------------------------------------------------------


def compare(case: Case, document: Document) -> list[list[Compared]]:
    """The cells of each form: of the truth's forms and of those that are too many."""
    expected, cells = truth.truth_cells(case.forms), truth.read_cells(document.forms)
    got = {address: cell.printed for address, cell in cells.items()}
    # A row that only one side has is wrong with all its cells, the empty ones too.
    expected_rows = {address[:2] for address in expected}
    got_rows = {address[:2] for address in got}
    compared = [
        Compared(
            case.name,
            address,
            got.get(address) if address[:2] in got_rows else "(row missing)",
            expected.get(address) if address[:2] in expected_rows else "(no such row)",
            address in cells and cells[address].inferred,
        )
        for address in sorted(expected.keys() | got.keys())
    ]
    return [list(form) for _, form in groupby(compared, key=lambda cell: cell.address[0])]


def print_cells(title: str, forms: list[list[Compared]]) -> None:
    cells = [cell for form in forms for cell in form]
    print(
        f"\n{title}: cells\n{'table':<11} {'column':<19} {'cells':>6} {'wrong':>6} "
        f"{'inferred':>9} {'wrong, not inferred':>20} {'right':>9}"
    )
    columns = sorted({(cell.table, cell.address[2]) for cell in cells})
    for table, column in columns:
        chosen = [cell for cell in cells if (cell.table, cell.address[2]) == (table, column)]
        print(cell_line(table, column, chosen))
    print(cell_line("all", "", cells))
    whole = sum(all(cell.right for cell in form) for form in forms)
    print(f"forms wholly right: {whole} of {len(forms)} ({share(whole, len(forms))})")


def cell_line(table: str, column: str, cells: list[Compared]) -> str:
    wrong = [cell for cell in cells if not cell.right]
    inferred = sum(cell.inferred for cell in cells)
    silent = sum(not cell.inferred for cell in wrong)
    return (
        f"{table:<11} {column:<19} {len(cells):>6} {len(wrong):>6} "
        f"{inferred:>9} {silent:>20} "
        f"{share(len(cells) - len(wrong), len(cells)):>9}"
    )


def print_places(cases: list[Case], show_wrong: bool) -> None:
    """The first and the last line of every form: no cells of a table."""
    expected = {
        (case.name, form["seq"], form["line_start"], form["line_end"])
        for case in cases
        for form in case.forms
    }
    got = {
        (case.name, form.seq, form.line_start, form.line_end)
        for case in cases
        for form in read(case.document).forms
    }
    right = len(expected & got)
    print(f"first and last line right: {right} of {len(expected)} ({share(right, len(expected))})")
    if show_wrong:
        for place in sorted(expected ^ got, key=str):
            print("    ", "expected" if place in expected else "got     ", *place)


def print_wrong(cells: Iterable[Compared]) -> None:
    for cell in cells:
        if not cell.right:
            mark = "inferred" if cell.inferred else "NOT INFERRED"
            seq, row, column = cell.address
            print(
                f"{cell.case} form {seq} {cell.table} {row} {column} ({mark})\n"
                f"    got      {cell.got!r}\n    expected {cell.expected!r}"
            )


# --- findings --------------------------------------------------------------------------


def reported_findings(document: Document, suites: Any) -> set[Place]:
    from audit_utils import findings, tables

    built = tables.build([document], None)
    seqs = {row["project_id"]: row["seq"] for row in built["projects"].to_pylist()}
    _, found = findings.check(built, suites)
    places = {
        (row["rule"], seqs[row["project_id"]], ordinal(row["row"])) for row in found.to_pylist()
    }
    # findings.json does not look for a project that stands twice in a document.
    return {place for place in places if place[0] != "CO14" or place[2] is not None}


def print_findings(
    title: str, expected: set[tuple[str, Place]], reported: set[tuple[str, Place]], rules: list[str]
) -> None:
    print(
        f"\n{title}: findings\n"
        f"{'rule':<6} {'expected':>9} {'found':>6} {'missed':>7} {'too many':>9} "
        f"{'precision':>10} {'recall':>8}"
    )
    for rule in rules:
        due = {place for place in expected if place[1][0] == rule}
        got = {place for place in reported if place[1][0] == rule}
        hit = len(due & got)
        print(
            f"{rule:<6} {len(due):>9} {hit:>6} {len(due) - hit:>7} {len(got) - hit:>9} "
            f"{share(hit, len(got)):>10} {share(hit, len(due)):>8}"
        )


def print_differences(
    expected: set[tuple[str, Place]], reported: set[tuple[str, Place]], rules: list[str]
) -> None:
    for case, (rule, seq, number) in sorted(expected ^ reported, key=str):
        if rule in rules:
            what = "missed" if (case, (rule, seq, number)) in expected else "too many"
            print(f"{case} form {seq} indicator {number} {rule}: {what}")


def share(part: int, whole: int) -> str:
    return f"{part / whole:.2%}" if whole else "-"


# --- the whole -------------------------------------------------------------------------


def measure_cells(title: str, cases: list[Case], show_wrong: bool) -> None:
    forms = [cells for case in cases for cells in compare(case, read(case.document))]
    if show_wrong:
        print_wrong(cell for form in forms for cell in form)
    print_cells(title, forms)
    text = [case for case in cases if case.document.suffix == ".txt"]
    if text:  # the lines of the truth are those of the text
        print_places(text, show_wrong)
    print_problems(cases, show_wrong)


def print_problems(cases: list[Case], show_wrong: bool) -> None:
    problems = [(case.name, problem) for case in cases for problem in read(case.document).problems]
    print(f"problems told: {len(problems)}")
    if show_wrong:
        for name, problem in problems:
            place = problem.address or f"line {problem.line_start}"
            print(f"     {name} page {problem.page} {place}: {problem.message}: {problem.text!r}")


def measure_findings(
    title: str, cases: list[Case], show_wrong: bool, from_truth: bool = True
) -> None:
    """What the rules find in the documents, and in the truth as if it had been read."""
    from audit_utils import suites

    loaded = suites.load(ROOT / "expectations")
    known = [rule.code for suite in loaded for rule in suite.rules]
    rules = [code for code in known if any(code in case.rules for case in cases)]
    expected = {(case.name, place) for case in cases for place in case.findings}
    sources: dict[str, Callable[[Case], Document]] = {
        "truth": lambda case: gold.from_json(case.forms, case.document.name, None),
        "documents": lambda case: read(case.document),
    }
    for name, source in sources.items():
        if name == "truth" and not from_truth:
            continue
        reported = {
            (case.name, place)
            for case in cases
            for place in reported_findings(source(case), loaded)
        }
        print_findings(f"{title}, from the {name}", expected, reported, rules)
        if show_wrong:
            print_differences(expected, reported, rules)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--kind", choices=(*KINDS, "all"), default="text", help="of the corpus")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder of cases")
    parser.add_argument(
        "--list", action="store_true", help="list every cell and finding that is wrong"
    )
    parser.add_argument("--cells-only", action="store_true", help="leave the rules out")
    options = parser.parse_args()
    kinds = list(KINDS) if options.kind == "all" else [options.kind]
    measured = {}
    if "text" in kinds:
        measured["the real documents"] = list(gold_cases())
    for kind in kinds:
        cases = list(corpus_cases(options.corpus, kind))
        if not cases:
            parser.error(f"{options.corpus}: no folder with {KINDS[kind]} and truth.json")
        title = f"{len(cases)} made-up documents of {options.corpus.name}"
        measured[title if kind == "text" else f"{title} as {kind}"] = cases
    for title, cases in measured.items():
        measure_cells(title, cases, options.list)
    if not options.cells_only:
        for title, cases in measured.items():
            measure_findings(title, cases, options.list, from_truth=" as " not in title)


if __name__ == "__main__":
    main()
