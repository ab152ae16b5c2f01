"""From the documents of a year to its tables, findings and reports.

`make_tables` and `make_findings` are what the notebooks 01_tables and 02_findings call;
`run` executes the notebooks, so that they are the job itself and not a copy of it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa

from audit_utils import (
    cases,
    decisions,
    files,
    manifest,
    reading,
    rulebook,
    sources,
    summary,
    tables,
)
from audit_utils.decisions import Review
from audit_utils.errors import AuditError
from audit_utils.forms.vocabulary import vocabulary
from audit_utils.language import DEFAULT, Language, current, parameter, speaking
from audit_utils.records import Document
from audit_utils.summary import Result, YearResult
from audit_utils.tables import Tables

Progress = Callable[[str, int, int], object]
"""Called with what is being done, how many steps of it are done, and how many there are."""

_YEAR = re.compile("[0-9]{4}")
TABLES, FINDINGS = "01_tables.ipynb", "02_findings.ipynb"


# ---- documents -> tables


def make_tables(year: int, raw: Path | str, processed: Path | str, jobs: int = 0) -> Tables:
    """Read the documents in `raw/<year>` and write their tables to `processed/<year>`.

    A document that cannot be used stands in the table problems; the others are read, `jobs`
    at a time (0: one a core).  AuditError: the folder, or its audit.yml.
    """
    folder = sources.read(Path(raw) / str(year))
    refused = folder.refused()
    paths = [path for path in folder.documents if path.name not in refused]
    usable, unreadable = reading.read(paths, jobs)
    made = tables.build(usable, year, refused | unreadable)
    tables.write(made, Path(processed) / str(year), folder.about)
    return made


def tables_of(paths: Sequence[Path], out: Path, year: int | None = None) -> Tables:
    """Read these documents alone and write their tables to `out`, if any could be used.

    A form belongs to `year`, else to the year that it prints, else to that of a folder named
    as a year that its document lies in.  AuditError: a document that is named twice.
    """
    by_name = reading.names(paths)
    read, refused = reading.read(paths)
    made = tables.build([_dated(one, by_name[one.name]) for one in read], year, refused)
    if read:
        tables.write(made, out, {})
    return made


def _dated(document: Document, path: Path) -> Document:
    folder = path.resolve().parent.name
    year = int(folder) if _YEAR.fullmatch(folder) else None
    forms = tuple(replace(form, year=form.year or year) for form in document.forms)
    return replace(document, forms=forms)


# ---- tables -> checks and findings


def make_findings(
    year: int,
    processed: Path | str,
    expectations: Path | str,
    language: Language = DEFAULT,
    as_of: str | None = None,
) -> Tables:
    """Check the tables in `processed/<year>`; write checks and findings beside them.

    The parameters are those of the year's audit.yml when the tables were made.  `as_of`
    (yyyy-mm-dd, None: today) counts only where a decision has a last day.  AuditError:
    tables or rules that cannot be used.
    """
    day = decisions.day(as_of) if as_of else None
    return check_folder(Path(processed) / str(year), Path(expectations), language, day)


def check_folder(
    folder: Path,
    expectations: Path,
    language: Language | None = None,
    as_of: date | None = None,
) -> Tables:
    """The same for any folder of tables; without a language, in that of its last findings."""
    from audit_utils import findings, suites

    read, about = tables.read(folder), tables.read_about(folder)
    written = about.pop("language", DEFAULT)
    about.pop(decisions.AS_OF, None)
    with speaking(language or written):
        own = about.get("parameters", {})
        checks, found = findings.check(read, suites.load(expectations), own)
        reviewed = _review(folder, expectations, found, as_of or date.today())
        results = {"checks": checks, "findings": findings.dispose(found, reviewed.decided)}
        day = {decisions.AS_OF: reviewed.day.isoformat()} if reviewed.day else {}
        tables.write(results, folder, about | parameter() | day)
    return results


def result_of(folder: Path, expectations: Path, source: Path | None = None) -> Result:
    """What a folder of tables comes to, with what there is to say of its decisions."""
    result = summary.of(folder, source)
    if result.findings is None:
        return result
    found = tables.read(folder, ["findings"])["findings"]
    day = decisions.day_of(tables.read_about(folder))
    reviewed = _review(folder, expectations, found, day)
    stale = tuple(f"{expectations / one.decision.place}: {one}" for one in reviewed.stale)
    errors = tuple(map(str, reviewed.errors))
    return replace(result, notices=result.notices + stale, broken=result.broken + errors)


def _review(folder: Path, expectations: Path, found: pa.Table, day: date | None) -> Review:
    """The decisions about the findings of a folder: of its year, else of all years in it."""
    own = [folder.name] if _YEAR.fullmatch(folder.name) else _years_of(found)
    rows = (row for batch in found.to_batches() for row in batch.to_pylist())
    return decisions.review([decisions.path(expectations, int(one)) for one in own], rows, day)


def _years_of(found: pa.Table) -> list[str]:
    return sorted({project[:4] for project in found["project_id"].to_pylist()})


def faults(expectations: Path) -> list[str]:
    """What is wrong beside the rules that the checks name: whole suites, and case files."""
    from audit_utils import suites

    found = [fault for suite in suites.load(expectations) for fault in suite.faults]
    of_cases = [
        error for path in cases.paths(cases.beside(expectations)) for error in cases.read(path)[1]
    ]
    return [str(fault.error) for fault in found if fault.rule is None] + [str(e) for e in of_cases]


def folders_of_tables(processed: Path) -> list[Path]:
    """`processed` itself when it holds tables, else its folders of years that do."""
    candidates = [processed, *sorted(processed.glob("[0-9][0-9][0-9][0-9]"))]
    found = [folder for folder in candidates if (folder / "projects.parquet").is_file()]
    return [processed] if processed in found else found


# ---- everything for some years


def years_in(raw: Path) -> list[int]:
    """The years that have a folder under `raw`; raises AuditError when there is none."""
    try:
        names = [path.name for path in raw.iterdir() if path.is_dir()]
    except OSError as error:
        raise AuditError(f"cannot be read: {error.strerror}", raw) from error
    years = sorted(int(name) for name in names if _YEAR.fullmatch(name))
    if not years:
        raise AuditError("holds no folder of a year, such as 2022", raw)
    return years


def run(
    years: Iterable[int],
    raw: Path,
    processed: Path,
    reports: Path,
    *,
    jobs: int = 0,
    language: Language = DEFAULT,
    as_of: date | None = None,
    notebooks: Path | None = None,
    expectations: Path | None = None,
    progress: Progress = lambda step, done, total: None,
) -> list[YearResult]:
    """Tables, findings, reports and manifest of these years, by executing the notebooks.

    What goes wrong with a year is told in its result, and the others go on.  AuditError: a
    folder that cannot be written, no notebooks, no rules, labels that cannot be used.  `jobs`
    0 is one a core; `as_of` is the day (None: today) of which decisions that have a last day
    are looked at.
    """
    where = {
        "raw": raw,
        "processed": processed,
        "reports": reports,
        "notebooks": notebooks or beside("notebooks"),
        "expectations": expectations or beside("expectations"),
    }
    vocabulary()
    for folder in (processed, reports):
        files.check_writable(folder)
    with speaking(language):
        day, cores = as_of or date.today(), jobs or reading.cores()
        return [_run_year(_Year(year, where, cores, day, progress)) for year in years]


def beside(name: str) -> Path:
    """The project's folder of that name: in the working folder, else where the package lies."""
    for root in (Path(), Path(__file__).parents[2]):
        if (root / name).is_dir():
            return root / name
    raise AuditError("no such folder; run in the folder of the project", name)


@dataclass(frozen=True, slots=True)
class _Year:
    year: int
    where: Mapping[str, Path]
    jobs: int
    day: date
    progress: Progress

    def folder(self, name: str) -> Path:
        return self.where[name] / str(self.year)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        self.progress(f"{self.year} {name}", 0, 1)
        yield
        self.progress(f"{self.year} {name}", 1, 1)

    @contextmanager
    def reading(self) -> Iterator[Callable[[], object]]:
        """The step in which the documents are read: what it yields shows how far that is."""
        name = f"{self.year} tables"
        self.progress(name, 0, 1)
        with reading.counted() as counts:

            def show() -> None:
                done, total = counts()
                if done < total:  # what is read is then written
                    self.progress(name, done, total)

            yield show
            self.progress(name, *counts())

    def notebook(
        self,
        name: str,
        *folders: str,
        values: Mapping[str, object] | None = None,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> None:
        """Execute a notebook with these folders; raises AuditError when a cell fails."""
        from audit_utils.report.execution import execute

        own = {"year": self.year} | {name: self.where[name] for name in folders}
        path, record = self.where["notebooks"] / name, self.folder("reports") / name
        subject = f"year {self.year}"
        done = execute(path, record, own | dict(values or {}), subject=subject, meanwhile=meanwhile)
        if done.failure:
            raise AuditError(str(done.failure))

    def as_of(self) -> dict[str, str]:
        """The day as a parameter, where it counts; else no output may depend on it."""
        decided, _ = decisions.read(decisions.path(self.where["expectations"], self.year))
        return {"as_of": self.day.isoformat()} if any(one.until for one in decided) else {}

    def workbook(self) -> list[str]:
        """Write the working paper; what goes wrong with it is returned and stops no report."""
        from audit_utils.report import data, workbook

        reports, expectations = self.where["reports"], self.where["expectations"]
        files.remove([self.folder("reports") / workbook.NAME])
        try:
            workbook.write(data.load(self.where["processed"], self.year, expectations), reports)
        except AuditError as error:
            return [str(error)]
        except Exception as error:
            return [f"{workbook.NAME}: {type(error).__name__}: {error}"]
        return []

    def publish(self) -> list[str]:
        """Publish the pages of the year; return the failures."""
        from audit_utils.report.publishing import publish

        folders = [self.where[f] for f in ("processed", "reports", "notebooks", "expectations")]

        def progress(done: int, total: int) -> None:
            self.progress(f"{self.year} reports", done, total)

        failures = publish(self.year, *folders, jobs=self.jobs, progress=progress)
        return [str(failure) for failure in failures]


def _run_year(year: _Year) -> YearResult:
    """One year, step by step; a step that fails ends it."""
    result, index = summary.NOTHING, None
    failures: list[str] = []
    try:
        folder = sources.read(year.folder("raw"))
        folder.check_parameters(rulebook.parameters(year.where["expectations"]))
        manifest.remove(year.year, year.where["reports"])
        with year.reading() as show:
            year.notebook(TABLES, "raw", "processed", meanwhile=show)
        result = summary.of(year.folder("processed"), year.folder("raw"))
        with year.step("rules"):  # here and not in the notebook, a fork: importing takes seconds
            failures += faults(year.where["expectations"])
        with year.step("findings"):
            year.notebook(
                FINDINGS, "processed", "expectations", values={**parameter(), **year.as_of()}
            )
        result = result_of(year.folder("processed"), year.where["expectations"], year.folder("raw"))
        with year.step("workbook"):
            failures += year.workbook()
        failures += year.publish()
        index = year.folder("reports") / "index.html"
        manifest.write(year.year, year.where, current())
    except AuditError as error:
        failures.append(str(error))
    return YearResult(year.year, result, tuple(failures), index)
