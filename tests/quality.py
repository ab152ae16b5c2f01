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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit_utils import documents
from audit_utils.records import Cell, Document, Form

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "tests" / "data" / "corpus"
GOLD = ROOT / "tests" / "data" / "gold"

# What a transcription holds beside printed cells: the keys of its rows and their place.
KEYS = {"form", "seq", "line_start", "line_end", "source", "ordinal", "funds", "indicators"}
KEYS |= {"funds_total_side"}

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

Address = tuple[str, str, str]
"""Table, row (as in the table cells), column."""


@dataclass(frozen=True, slots=True)
class Case:
    """One document with its truth; `findings` is None where they are not known."""

    name: str
    document: Path
    truth: list[dict[str, Any]]
    findings: list[dict[str, Any]] | None


@dataclass(frozen=True, slots=True)
class Compared:
    """One cell of the truth, or one that the reader has too many."""

    case: str
    seq: int
    address: Address
    got: str | None
    expected: str | None
    inferred: bool

    @property
    def right(self) -> bool:
        return self.got == self.expected


def gold_cases() -> Iterator[Case]:
    for truth in sorted(GOLD.glob("*.json")):
        year = truth.stem.rsplit("_", 1)[1]
        (document,) = (ROOT / "data" / "raw" / year).glob("*.txt")
        yield Case(f"gold {year}", document, json.loads(truth.read_text("utf-8")), None)


def corpus_cases(corpus: Path) -> Iterator[Case]:
    for folder in sorted(path.parent for path in corpus.glob("*/truth.json")):
        truth, findings = (
            json.loads((folder / name).read_text("utf-8"))
            for name in ("truth.json", "findings.json")
        )
        yield Case(folder.name, folder / "raw.txt", truth, findings)


# --- cells -----------------------------------------------------------------------------


def truth_cells(form: Mapping[str, Any]) -> Iterator[tuple[Address, str | None]]:
    """The printed cells of a transcribed form, by address."""
    rows = [("projects", "0", form)]
    rows += [("funds", row["source"], row) for row in form["funds"]]
    rows += [("indicators", str(row["ordinal"]), row) for row in form["indicators"]]
    for table, row, columns in rows:
        for column in columns.keys() - KEYS:
            yield (table, row, column), columns[column]
    for side, printed in (form.get("funds_total_side") or {}).items():
        yield ("projects", "0", f"project_{side}"), printed


def read_cells(form: Form) -> Iterator[tuple[Address, Cell]]:
    """The same of a form as read."""
    rows = [("projects", "0", form.head)]
    rows += [("funds", source, row) for source, row in form.funds.items()]
    rows += [("indicators", str(n), row) for n, row in enumerate(form.indicators, 1)]
    for table, row, columns in rows:
        for column, cell in columns.items():
            yield (table, row, column), cell
    if form.kind == "target_declaration" and form.year is not None:  # part of no cell of its own
        yield ("projects", "0", "year"), Cell(str(form.year), form.line_start, form.line_start, 1)


def compare_form(
    case: str, seq: int, truth: Mapping[str, Any], form: Form | None
) -> list[Compared]:
    expected = dict(truth_cells(truth))
    cells = dict(read_cells(form)) if form else {}
    got = {address: cell.printed for address, cell in cells.items()}
    # A row that only one side has is wrong with all its cells, the empty ones too.
    expected_rows = {address[:2] for address in expected}
    got_rows = {address[:2] for address in got}
    return [
        Compared(
            case,
            seq,
            address,
            got.get(address) if address[:2] in got_rows else "(row missing)",
            expected.get(address) if address[:2] in expected_rows else "(no such row)",
            address in cells and cells[address].inferred,
        )
        for address in sorted(expected.keys() | got.keys())
    ]


def compare(case: Case, document: Document) -> list[list[Compared]]:
    """The cells of each form: of the truth's forms and of those that are too many."""
    read = {form.seq: form for form in document.forms}
    truth = {form["seq"]: form for form in case.truth}
    empty: dict[str, Any] = {"funds": [], "indicators": []}
    return [
        compare_form(case.name, seq, truth.get(seq, empty), read.get(seq))
        for seq in sorted(truth.keys() | read.keys())
    ]


def print_cells(title: str, forms: list[list[Compared]]) -> None:
    cells = [cell for form in forms for cell in form]
    print(
        f"\n{title}: cells\n{'table':<11} {'column':<19} {'cells':>6} {'wrong':>6} "
        f"{'inferred':>9} {'wrong, not inferred':>20} {'right':>9}"
    )
    columns = sorted({(c.address[0], c.address[2]) for c in cells})
    for table, column in columns:
        chosen = [c for c in cells if (c.address[0], c.address[2]) == (table, column)]
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


def print_places(read: list[tuple[Case, Document]]) -> None:
    """The first and the last line of every form, apart from its cells."""
    expected = {
        (case.name, form["seq"], form["line_start"], form["line_end"])
        for case, _ in read
        for form in case.truth
    }
    got = {
        (case.name, form.seq, form.line_start, form.line_end)
        for case, document in read
        for form in document.forms
    }
    placed = len(expected & got)
    print(
        f"first and last line right: {placed} of {len(expected)} ({share(placed, len(expected))})"
    )


def print_wrong(cells: Iterable[Compared]) -> None:
    for cell in cells:
        if not cell.right:
            mark = "inferred" if cell.inferred else "NOT INFERRED"
            table, row, column = cell.address
            print(
                f"{cell.case} form {cell.seq} {table} {row} {column} ({mark})\n"
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
    forms = tuple(as_form(form) for form in case.truth)
    return Document(case.document.name, "0" * 64, 0, 1, forms)


def as_form(truth: Mapping[str, Any]) -> Form:
    def row(columns: Mapping[str, Any]) -> dict[str, Cell]:
        line = truth["line_start"]
        return {c: Cell(columns[c], line, line, 1) for c in columns if c not in KEYS}

    year = truth.get("year")
    return Form(
        kind=truth["form"],
        seq=truth["seq"],
        year=int(year) if year else None,
        money_unit="元",
        head=row({k: v for k, v in truth.items() if k != "year"}),
        funds={fund["source"]: row(fund) for fund in truth["funds"]},
        indicators=tuple(row(indicator) for indicator in truth["indicators"]),
        line_start=truth["line_start"],
        line_end=truth["line_end"],
    )


# --- the whole -------------------------------------------------------------------------


def measure_cells(title: str, cases: list[Case], show_wrong: bool) -> None:
    read = [(case, documents.read(case.document)) for case in cases]
    forms = [cells for case, document in read for cells in compare(case, document)]
    if show_wrong:
        print_wrong(cell for form in forms for cell in form)
    print_cells(title, forms)
    print_places(read)


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
