"""How much of the documents with known truth comes out right: `make quality`.

Cells: each one of the transcription is compared with what the reader gets out of the
text, forms by their number, indicators by their ordinal, funds by their source.  A row
that is missing or too many counts with all its cells.  Findings: which of the violations
that the truth implies are reported, and what is reported beside them.

    python tests/quality.py               the real documents and tests/data/corpus
    python tests/quality.py --corpus DIR  any folder of NNN/{raw.txt,truth.json,findings.json}
    python tests/quality.py --list        also every cell and finding that is wrong
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import gold
import truth

from audit_utils import documents
from audit_utils.records import Document

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "tests" / "data" / "corpus"

# findings.json is complete for these rules only: others cannot be judged by it.
COMPLETE = (
    "WE01",
    "WE03",
    "SC01",
    "SC02",
    "SC03",
    "SC04",
    "SC05",
    "SC07",
    "FU01",
    "FU02",
    "FU03",
    "CO13",
    "CO14",
    "DA01",
    "FU11",
    "IN11",
)

Forms = list[dict[str, Any]]
"""Forms of a transcription."""


@dataclass(frozen=True, slots=True)
class Case:
    """One document with its truth; `findings` is None where they are not known."""

    name: str
    document: Path
    forms: Forms
    findings: list[dict[str, Any]] | None


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
    for path in sorted(gold.FOLDER.glob("*.json")):
        year = path.stem.rsplit("_", 1)[1]
        (document,) = (ROOT / "data" / "raw" / year).glob("*.txt")
        yield Case(f"gold {year}", document, truth.read_truth(path), None)


def corpus_cases(corpus: Path) -> Iterator[Case]:
    for folder in sorted(path.parent for path in corpus.glob("*/truth.json")):
        findings = json.loads((folder / "findings.json").read_text("utf-8"))
        forms = truth.read_truth(folder / "truth.json")
        yield Case(folder.name, folder / "raw.txt", forms, findings)


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


def print_places(read: list[tuple[Case, Document]], show_wrong: bool) -> None:
    """The first and the last line of every form: no cells of a table."""
    expected = {
        (case.name, form["seq"], form["line_start"], form["line_end"])
        for case, _ in read
        for form in case.forms
    }
    got = {
        (case.name, form.seq, form.line_start, form.line_end)
        for case, document in read
        for form in document.forms
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

Place = tuple[str, int, int | None]
"""Rule, form, ordinal of the indicator (None: the form)."""


def expected_findings(case: Case) -> set[Place]:
    return {(f["rule"], f["seq"], f["ordinal"]) for f in case.findings or ()}


def reported_findings(document: Document, suites: Any) -> set[Place]:
    from audit_utils import findings, tables

    built = tables.build([document], None)
    seqs = {row["project_id"]: row["seq"] for row in built["projects"].to_pylist()}
    _, found = findings.check(built, suites)
    places = {
        (
            row["rule"],
            seqs[row["project_id"]],
            int(row["row"]) if row["table"] == "indicators" and row["row"] else None,
        )
        for row in found.to_pylist()
    }
    # findings.json does not look for a project that stands twice in a document.
    return {place for place in places if place[0] != "CO14" or place[2] is not None}


def print_findings(
    title: str, expected: set[tuple[str, Place]], reported: set[tuple[str, Place]], known: set[str]
) -> None:
    print(
        f"\n{title}: findings of the rules that the truth is complete for\n"
        f"{'rule':<6} {'expected':>9} {'found':>6} {'missed':>7} {'too many':>9} "
        f"{'precision':>10} {'recall':>8}"
    )
    for rule in [code for code in COMPLETE if code in known]:
        due = {place for place in expected if place[1][0] == rule}
        got = {place for place in reported if place[1][0] == rule}
        hit = len(due & got)
        print(
            f"{rule:<6} {len(due):>9} {hit:>6} {len(due) - hit:>7} {len(got) - hit:>9} "
            f"{share(hit, len(got)):>10} {share(hit, len(due)):>8}"
        )


def share(part: int, whole: int) -> str:
    return f"{part / whole:.2%}" if whole else "-"


def as_document(case: Case) -> Document:
    """The truth as if it had been read: what the rules find when the reader is right."""
    return gold.from_json(case.forms, case.document.name, None)


# --- the whole -------------------------------------------------------------------------


def measure_cells(title: str, cases: list[Case], show_wrong: bool) -> None:
    read = [(case, documents.read(case.document)) for case in cases]
    forms = [cells for case, document in read for cells in compare(case, document)]
    if show_wrong:
        print_wrong(cell for form in forms for cell in form)
    print_cells(title, forms)
    print_places(read, show_wrong)


def measure_findings(cases: list[Case], show_wrong: bool) -> None:
    from audit_utils import suites

    loaded = suites.load(ROOT / "expectations")
    known = {rule.code for rule in suites.rules(ROOT / "expectations")}
    expected = {(case.name, place) for case in cases for place in expected_findings(case)}
    for title, source in (("rules on the truth", as_document), ("rules on the text", read_case)):
        reported = {
            (case.name, place)
            for case in cases
            for place in reported_findings(source(case), loaded)
        }
        print_findings(title, expected, reported, known)
        if show_wrong:
            print_differences(expected, reported, known)


def read_case(case: Case) -> Document:
    return documents.read(case.document)


def print_differences(
    expected: set[tuple[str, Place]], reported: set[tuple[str, Place]], known: set[str]
) -> None:
    for case, (rule, seq, ordinal) in sorted(expected ^ reported, key=str):
        if rule in known and rule in COMPLETE:
            what = "missed" if (case, (rule, seq, ordinal)) in expected else "too many"
            print(f"{case} form {seq} indicator {ordinal} {rule}: {what}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder of cases")
    parser.add_argument(
        "--list", action="store_true", help="list every cell and finding that is wrong"
    )
    parser.add_argument("--cells-only", action="store_true", help="leave the rules out")
    options = parser.parse_args()
    corpus = list(corpus_cases(options.corpus))
    if not corpus:
        parser.error(f"{options.corpus}: no folder with a truth.json")
    measure_cells("the real documents", list(gold_cases()), options.list)
    measure_cells(f"{len(corpus)} cases of {options.corpus.name}", corpus, options.list)
    if not options.cells_only:
        measure_findings(corpus, options.list)


if __name__ == "__main__":
    main()
