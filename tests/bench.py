"""How fast each step is, beside a reference that is measured in the same run: `make bench`.

Seconds differ from machine to machine, ratios hold better.  Reading and rules are measured
in processor time, one process, best of a few runs; reports and the whole run by the clock.
"""

import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
FORMS = ROOT / "data" / "raw" / "2022" / "shanghai-health-inspection.txt"


@dataclass(frozen=True, slots=True)
class Measure:
    """Seconds of a step, and those of what it is compared with."""

    step: str
    seconds: float
    reference: str
    reference_seconds: float
    note: str = ""


def processor_seconds(times: int, call: Callable[..., object], *arguments: object) -> float:
    """The least processor time of a few calls: what else the machine does is left out."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        call(*arguments)
        spent.append(time.process_time() - start)
    return min(spent)


def seconds(call: Callable[..., object], *arguments: object) -> float:
    start = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - start


def head() -> None:
    print(f"{'step':<40} {'seconds':>9}  {'reference':<40} {'seconds':>9} {'ratio':>8}")


def show(measure: Measure) -> None:
    ratio = measure.seconds / measure.reference_seconds
    print(
        f"{measure.step:<40} {measure.seconds:>9.3f}  "
        f"{measure.reference:<40} {measure.reference_seconds:>9.3f} {ratio:>8.3f}"
    )
    if measure.note:
        print(f"    {measure.note}")
    sys.stdout.flush()


# --- reading ---------------------------------------------------------------------------


def reading(folder: Path) -> Iterable[Measure]:
    """Documents of 1, 4, 16 and 64 times the real forms: the time for a form stays the same."""
    from audit_utils import documents

    text = FORMS.read_text("utf-8")
    for copies in (1, 4, 16, 64):
        path = folder / f"{copies}.txt"
        path.write_text("\n\n\n\n".join([text] * copies), "utf-8")
        forms = len(documents.read(path).forms)
        spent = processor_seconds(1 if copies == 64 else 3, documents.read, path)
        words = processor_seconds(3, words_of, path)
        yield Measure(
            f"read {forms} self-evaluations",
            spent,
            "find the words and numbers in the text",
            words,
            f"{forms / spent:,.0f} forms a second on one core",
        )


def words_of(path: Path) -> list[str]:
    return re.findall(r"[\d.,%]+|[^\W\d]+|[^\w\s]", path.read_text("utf-8"))


# --- rules -----------------------------------------------------------------------------

RULES = ("CO01", "CO03", "CO04", "FU01", "FU02", "FU03", "WE01", "SC01", "SC02", "SC03")


def rules(folder: Path) -> Iterable[Measure]:
    """The suites against the same rules in plain pandas, on 19 and on 1,900 projects."""
    from audit_utils import documents, findings, suites, tables

    suite = suites.load(suites_of(RULES, folder / "expectations"))
    built = tables.build([documents.read(FORMS)], 2022)
    for copies in (1, 100):
        many = repeated(built, copies)
        projects = many["projects"].num_rows
        spent = processor_seconds(1, findings.check, many, suite)
        plain = processor_seconds(3, failing, many)
        _, found = findings.check(built, suite)
        same = set(zip(found["rule"].to_pylist(), found["project_id"].to_pylist(), strict=True))
        yield Measure(
            f"{len(RULES)} rules on {projects} projects",
            spent,
            "the same rules in plain pandas",
            plain,
            f"both find the same: {'yes' if same == failing(built) else 'NO'}",
        )


def suites_of(codes: Iterable[str], folder: Path) -> Path:
    """A copy of the suites of the self-evaluation with these rules alone."""
    shutil.copytree(ROOT / "expectations", folder)
    shutil.rmtree(folder / "target_declaration")
    for path in (folder / "self_evaluation").glob("*.json"):
        suite = json.loads(path.read_text("utf-8"))
        kept = [e for e in suite["expectations"] if e["meta"]["code"] in codes]
        path.write_text(json.dumps(suite | {"expectations": kept}), "utf-8")
    return folder


def repeated(built: Any, copies: int) -> Any:
    """The tables with every project `copies` times, each under an id of its own."""
    import pyarrow as pa
    import pyarrow.compute as pc

    def copy(table: Any, number: int) -> Any:
        at = table.schema.get_field_index("project_id")
        if at < 0 or not number:
            return table
        ids = pc.binary_join_element_wise(table["project_id"], str(number), "-")
        return table.set_column(at, table.schema.field(at), ids)

    return {
        name: pa.concat_tables([copy(table, number) for number in range(copies)]).combine_chunks()
        for name, table in built.items()
    }


def failing(built: Any) -> set[tuple[str, str]]:
    """(rule, project_id) of the rules as one would write them in a notebook, in floats."""
    projects, funds, indicators = (
        built[name].to_pandas() for name in ("projects", "funds", "indicators")
    )
    numbers = ["initial_budget", "annual_budget", "executed", "weight", "execution_rate", "score"]
    funds[numbers] = funds[numbers].astype(float)
    indicators[["weight", "score"]] = indicators[["weight", "score"]].astype(float)
    projects = projects.set_index("project_id")
    total = funds[funds.source == "total"].set_index("project_id")
    parts = funds[funds.source != "total"].groupby("project_id")[numbers].sum()
    points = indicators.groupby("project_id")[["weight", "score"]].sum()
    points = points.reindex(projects.index).fillna(0.0)
    total_weight = projects.total_weight.astype(float)
    total_score = projects.total_score.astype(float)
    filled = indicators[["name", "target", "actual", "weight", "score"]].notna().all(axis=1)
    head = projects[["name", "department", "unit", "total_score"]].notna().all(axis=1)
    levels = indicators.groupby("project_id").level1.agg(set).reindex(projects.index)
    needed = {"产出指标", "效益指标", "满意度指标"}
    twice = indicators.duplicated(["project_id", "level2", "name"], keep=False)
    rate = (total.executed / total.annual_budget).round(6)
    due = (total.weight * total.execution_rate).clip(upper=total.weight)
    budgets = ["initial_budget", "annual_budget"]
    outside = ~indicators.score.between(0, indicators.weight) & indicators.score.notna()
    broken = {
        "CO01": [*indicators.project_id[~filled], *projects.index[~head]],
        "CO03": [i for i, found in levels.items() if not needed <= set(found)],
        "CO04": indicators.project_id[twice],
        "FU01": total.index[((parts[budgets] - total[budgets]).abs() > 0.005).any(axis=1)],
        "FU02": total.index[(rate - total.execution_rate).abs() >= 0.0001],
        "FU03": total.index[total.executed > total.annual_budget],
        "WE01": total.index[
            ((points.weight + total.weight - 100).abs() > 1e-9) | (total_weight != 100)
        ],
        "SC01": total.index[(points.score + total.score - total_score).abs() > 1e-9],
        "SC02": total.index[(due - total.score).abs() >= 0.01],
        "SC03": [*indicators.project_id[outside], *total.index[total.score > total.weight]],
    }
    return {(rule, project) for rule, ids in broken.items() for project in ids}


# --- reports and the whole run -----------------------------------------------------------


def reports(folder: Path) -> Iterable[Measure]:
    """The whole run; then one report and all of a year's, beside papermill and nbconvert."""
    processed, published = folder / "processed", folder / "reports"
    run = [BIN / "audit-utils", "run", "--processed", processed, "--reports", published]
    whole = seconds(command, *run)
    pages = sorted((published / "2022" / "projects").glob("*.html"))
    projects = len(list(published.glob("*/projects/*.html")))

    from audit_utils.report.publishing import publish

    def publish_some(ids: list[str], jobs: int) -> None:
        notebooks, expectations = ROOT / "notebooks", ROOT / "expectations"
        failures = publish(2022, processed, published, notebooks, expectations, ids=ids, jobs=jobs)
        assert not failures, failures

    one = pages[0].stem
    stock = seconds(stock_report, one, processed, folder)
    reference = "papermill, then nbconvert, as commands"
    alone = min(seconds(publish_some, [one], 1) for _ in range(3))
    yield Measure("one report and the index, alone", alone, reference, stock)
    many = seconds(publish_some, [page.stem for page in pages], 2) / (len(pages) + 1)
    yield Measure(
        f"one of {len(pages) + 1} pages, made 2 at a time",
        many,
        reference,
        stock,
        f"{1 / many:.1f} pages a second, {1 / stock:.2f} with the commands",
    )
    yield Measure(
        f"whole run, {projects} projects",
        whole,
        f"{projects} times one report with the commands",
        stock * projects,
    )


# --- the index of many projects -----------------------------------------------------------

MANY = 3_000
LIMITS = {"first view": 2.0, "ready for the reader": 2.0}
HEAT = "#heat-self_evaluation"
ACTS = {
    "search": ("#findings [type=search]", "one.value = one.value ? '' : '卫生 监督'", "input"),
    "filter by severity": ("#findings select", "one.value = one.value ? '' : '1'", "input"),
    "sort": ("#findings th:nth-child(5) .sort", "", "click"),
    "filter by outcome": (f"{HEAT} [data-across=outcome]", "one.value = 'fail'", "input"),
    "sort by rule": (f"{HEAT} th:nth-child(9) .sort", "", "click"),
}
"""What a reader does: where, what is set there, the event."""
LATENCY = 0.1
TIMES = """() => {
    const [page] = performance.getEntriesByType('navigation');
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    return [paint.startTime, page.domContentLoadedEventEnd];
}"""
ACT = """one => new Promise(done => {
    one.closest('.listing').scrollIntoView();
    requestAnimationFrame(() => requestAnimationFrame(() => {
        const start = performance.now();
        SET;
        one.dispatchEvent(new Event('EVENT', {bubbles: true}));
        requestAnimationFrame(() => {
            const channel = new MessageChannel();  // its message comes once the frame is drawn
            channel.port1.onmessage = () => done(performance.now() - start);
            channel.port2.postMessage(0);
        });
    }));
})"""


def index(folder: Path) -> Iterable[Measure]:
    """The index of a year of many projects: how long it takes to make, and in a browser."""
    import many

    processed, published = folder / "processed", folder / "many"
    many.write(processed / "2022", published / "tables" / "2022", MANY)
    made = seconds(index_of, published)
    page = published / "2022" / "index.html"
    step = f"index of {MANY:,} projects"
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1_000
    note = f"{page.stat().st_size / 1e6:.1f} MB, made in {memory:,.0f} MB of memory"
    yield Measure(f"{step}: made", made, "limit", 60.0, note)
    try:
        yield from in_browser(page, step)
    except ImportError as error:
        print(f"    not measured in a browser: {error}")


def index_of(published: Path) -> None:
    """The index, one project and the rules; pages of the others are there, though empty."""
    from audit_utils.report import data
    from audit_utils.report.publishing import publish

    where = (published / "tables", published, ROOT / "notebooks", ROOT / "expectations")
    ids = [one.id for one in data.load(where[0], 2022, where[3]).projects]
    (published / "2022" / "projects").mkdir(parents=True)
    for one in ids:
        (published / "2022" / "projects" / f"{one}.html").touch()
    failures = publish(2022, *where, ids=ids[:1], jobs=1)
    assert not failures, failures


def in_browser(page: Path, step: str) -> Iterable[Measure]:
    """The middle of five openings; of each act the middle of nine."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        opened = [timed(browser, page) for _ in range(5)]
        for name, values in zip(LIMITS, zip(*opened, strict=True), strict=True):
            yield Measure(f"{step}: {name}", middle(values), "limit", LIMITS[name])
        tab = browser.new_page(viewport={"width": 1280, "height": 800})
        tab.goto(page.as_uri())
        processor = Processor(tab)
        for name, (where, change, event) in ACTS.items():
            script = ACT.replace("SET", change).replace("EVENT", event)
            start = processor.seconds()
            spent = [tab.locator(where).first.evaluate(script) / 1_000 for _ in range(9)]
            busy = (processor.seconds() - start) / 9
            note = f"slowest {max(spent) * 1e3:.0f} ms; {busy * 1e3:.0f} ms of processor time each"
            yield Measure(f"{step}: {name}", middle(spent), "limit", LATENCY, note)
        browser.close()


class Processor:
    """The processor time of a page's main thread: what else the machine does is left out."""

    def __init__(self, tab: Any):
        self.session = tab.context.new_cdp_session(tab)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def seconds(self) -> float:
        metrics = self.session.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


def timed(browser: Any, page: Path) -> list[float]:
    """Seconds from the start to the first thing that is seen, and until the script has run."""
    tab = browser.new_page(viewport={"width": 1280, "height": 800})
    tab.goto(page.as_uri())
    tab.wait_for_timeout(300)
    times = [value / 1_000 for value in tab.evaluate(TIMES)]
    tab.close()
    return times


def middle(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def stock_report(project: str, processed: Path, folder: Path) -> None:
    executed = folder / "stock.ipynb"
    command(
        *(sys.executable, "-m", "papermill", ROOT / "notebooks" / "03_report.ipynb", executed),
        *("-p", "project_id", project, "-p", "processed", processed),
        *("-p", "expectations", ROOT / "expectations"),
    )
    command(sys.executable, "-m", "nbconvert", "--to", "html", executed)


def command(*words: str | Path) -> None:
    """Run a command in the project's folder; show what it said when it fails."""
    done = subprocess.run([str(word) for word in words], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))}\n{done.stderr.decode(errors='replace')}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        head()
        for part in (reading, rules, reports, index):
            for measure in part(Path(folder)):
                show(measure)


if __name__ == "__main__":
    main()
