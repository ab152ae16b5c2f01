"""The pages in a real browser without a network: quiet, whole, readable, on paper, under attack."""

import http.server
import io
import json
import re
import shutil
import threading
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import bs4
import hostile
import pdfplumber
import published
import pytest
from axe_playwright_python.sync_playwright import Axe
from pages import Opened
from reporting import EXPECTATIONS

from audit_utils import rulebook, tables
from audit_utils.dictionary import RECORDS, RESULTS
from audit_utils.language import LANGUAGES
from audit_utils.report import text

WIDTHS = (360, 768, 1440)
KINDS = ["index", "rules", "project"]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real year in both languages."""
    return published.real(tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hostile year, run as a whole in both languages."""
    folder = tmp_path_factory.mktemp("attacked")
    where = published.attacked(folder)
    for language in LANGUAGES:
        assert published.run(where, folder / language, language) == []
    return folder


def page(folder: Path, language: str, year: int, kind: str) -> Path:
    """The index, the rules, or the project page with the most text."""
    reports = folder / language / str(year)
    if kind != "project":
        return reports / f"{kind}.html"
    return max((reports / "projects").glob("*.html"), key=lambda path: path.stat().st_size)


@pytest.fixture(params=[f"{kind}-{language}" for kind in KINDS for language in LANGUAGES])
def real_page(request: pytest.FixtureRequest, real: Path) -> Path:
    """A page of the real year."""
    kind, language = request.param.split("-")
    return page(real, language, published.REAL, kind)


@pytest.fixture(params=[f"{kind}-{language}" for kind in KINDS for language in LANGUAGES])
def hostile_page(request: pytest.FixtureRequest, attacked: Path) -> Path:
    """A page of the hostile year."""
    kind, language = request.param.split("-")
    return page(attacked, language, published.HOSTILE, kind)


def soup(path: Path) -> bs4.BeautifulSoup:
    return bs4.BeautifulSoup(path.read_text("utf-8"), "lxml")


# ---- quiet and closed


def test_a_page_asks_for_nothing_and_complains_of_nothing(real_page: Path, browser: Any) -> None:
    with Opened(browser, real_page) as opened:
        assert opened.noise == [real_page.as_uri()]


BROUGHT_IN = """
<script>document.title = 'ran'</script><img src="{there}/a.png">
<img src="x" onerror="document.title = 'ran'">
<a id="trap" href="javascript:document.title='ran'">x</a>
<link rel="stylesheet" href="{there}/b.css"><iframe src="{there}/c"></iframe>
<div style="background: url({there}/d.png)">x</div>
<style>@import url({there}/e.css); p {{ font-family: f }}
@font-face {{ font-family: f; src: url({there}/f) }}</style><p>x</p>
<form action="{there}/g"><button id="send">x</button></form>
"""


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and what is asked for there."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


@dataclass(frozen=True)
class Tried:
    """What came of pieces brought into a page: what was asked for, said, and the title."""

    asked: list[str]
    refused: int
    title: str


def bring_in(browser: Any, path: Path, target: Path, *, bypass_csp: bool = False) -> Tried:
    """Open a copy of the page with scripts, pictures, styles and forms from outside."""
    with listening() as (there, asked):
        brought = BROUGHT_IN.format(there=there)
        target.write_text(path.read_text("utf-8").replace("<main", brought + "<main", 1), "utf-8")
        with Opened(browser, target, bypass_csp=bypass_csp, offline=False) as opened:
            if not bypass_csp:
                press = "document.querySelectorAll('#trap, #send').forEach(e => e.click())"
                opened.page.evaluate(press)
            opened.page.wait_for_timeout(300)
            refused = sum("Content Security Policy" in one for one in opened.noise)
            return Tried(asked, refused, opened.page.title())


def test_the_policy_of_a_page_stops_what_is_brought_into_it(
    real_page: Path, browser: Any, tmp_path: Path
) -> None:
    tried = bring_in(browser, real_page, tmp_path / "page.html")
    assert tried.asked == []
    assert tried.refused >= 7
    assert tried.title != "ran"


def test_without_its_policy_a_page_would_let_all_of_it_in(
    real: Path, browser: Any, tmp_path: Path
) -> None:
    path = page(real, "zh", published.REAL, "project")
    tried = bring_in(browser, path, tmp_path / "page.html", bypass_csp=True)
    assert {"/a.png", "/b.css", "/c", "/d.png", "/e.css", "/f"} <= set(tried.asked)
    assert tried.title == "ran"


def test_all_links_of_a_page_lead_somewhere(real_page: Path) -> None:
    """To a heading of its own, or to a file of the same run that has the heading."""
    seen: dict[Path, set[str]] = {}
    for link in soup(real_page).select("[href]"):
        path, _, fragment = urllib.parse.unquote(str(link["href"])).partition("#")
        target = (real_page.parent / path).resolve() if path else real_page
        if target.name == "findings.xlsx":
            continue
        assert target.is_file(), link
        if target not in seen:
            ids = soup(target).select("[id]") if target.suffix == ".html" else []
            seen[target] = {str(one["id"]) for one in ids}
        assert not fragment or fragment in seen[target], link


# ---- readable


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_page_breaks_no_rule_of_accessibility(dark: bool, real_page: Path, browser: Any) -> None:
    with Opened(browser, real_page, dark=dark, bypass_csp=True) as opened:
        found = Axe().run(opened.page)
        assert not found.violations_count, found.generate_report()


CONTRAST = """() => {
    const channels = text => text.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b]
        .map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const ground = element => {
        for (let at = element; at; at = at.parentElement) {
            const colour = channels(getComputedStyle(at).backgroundColor);
            if (colour.length === 3 || colour[3] > 0) return colour;
        }
        return [255, 255, 255];
    };
    const ratio = element => {
        const [a, b] = [light(channels(getComputedStyle(element).fill)), light(ground(element))]
            .sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05);
    };
    return [...document.querySelectorAll('svg text, svg tspan')]
        .filter(e => ratio(e) < 4.5).map(e => `${e.textContent} ${ratio(e).toFixed(2)}`);
}"""
"""What axe leaves out: the text of figures against the ground of the page."""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_text_of_figures_stands_out(dark: bool, real_page: Path, browser: Any) -> None:
    with Opened(browser, real_page, dark=dark) as opened:
        assert opened.page.evaluate(CONTRAST) == []


def test_headings_step_down_one_by_one(real_page: Path) -> None:
    levels = [int(one.name[1]) for one in soup(real_page).find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_table_names_its_rows_and_columns(real_page: Path) -> None:
    for table in soup(real_page).select("table"):
        assert table.select("th")
        assert all(head.get("scope") for head in table.select("th")), table


FOCUSED = """() => {
    const places = new Map([...document.querySelectorAll('*')].map((e, place) => [e, place]));
    window.focused = [];
    document.addEventListener('focusin', event => focused.push(places.get(event.target)));
}"""
REACHABLE = """() => [...document.querySelectorAll(
        'a[href], summary, button, input, select, [tabindex="0"]')]
    .filter(e => !e.disabled && e.checkVisibility({visibilityProperty: true}))
    .map(e => [...document.querySelectorAll('*')].indexOf(e))"""


def test_everything_that_can_be_used_is_reached_by_the_keyboard(
    real_page: Path, browser: Any
) -> None:
    with Opened(browser, real_page) as opened:
        wanted = opened.page.evaluate(REACHABLE)
        assert len(wanted) > 10
        opened.page.evaluate(FOCUSED)
        for _ in wanted:
            opened.page.keyboard.press("Tab")
        assert opened.page.evaluate("focused") == wanted


def test_the_first_key_leads_to_the_text(real_page: Path, browser: Any) -> None:
    with Opened(browser, real_page) as opened:
        opened.page.keyboard.press("Tab")
        assert opened.page.evaluate("document.activeElement.className") == "skip"
        opened.page.keyboard.press("Enter")
        opened.page.wait_for_url("**#main")


def widths(browser: Any, path: Path) -> dict[int, int]:
    """Width of the window -> width of the page."""
    with Opened(browser, path) as opened:
        found = {}
        for width in WIDTHS:
            opened.page.set_viewport_size({"width": width, "height": 800})
            found[width] = opened.page.evaluate("document.documentElement.scrollWidth")
    return found


def test_a_page_is_never_wider_than_its_window(real_page: Path, browser: Any) -> None:
    assert all(page <= window for window, page in widths(browser, real_page).items())


def test_no_long_word_of_a_document_makes_a_page_wider(hostile_page: Path, browser: Any) -> None:
    assert all(page <= window for window, page in widths(browser, hostile_page).items())


# ---- on paper

MARKED = """() => document.querySelectorAll('table').forEach((table, t) => {
    if (table.tHead) table.tHead.rows[0].cells[0].prepend(`¤${t}¤`);
    for (const row of table.querySelectorAll('tbody tr')) for (const cell of row.cells) {
        if (cell.rowSpan > 1) continue;
        const mark = `§${t}.${[...table.querySelectorAll('tr')].indexOf(row)}§`;
        cell.prepend(mark); cell.append(mark);
    }
})"""
"""Writes which it is into each head of a table, and before and behind each cell of a row."""


@dataclass(frozen=True)
class Sheet:
    """A printed page: its size in points, the text of its foot, its tables with heads and rows."""

    size: tuple[int, int]
    foot: str
    heads: set[str]
    rows: set[tuple[str, str]]


@pytest.fixture(scope="module", params=["project-zh", "project-en", "index-en", "rules-zh"])
def paper(request: pytest.FixtureRequest, real: Path, browser: Any) -> list[Sheet]:
    """A page as it is printed."""
    kind, language = request.param.split("-")
    with Opened(browser, page(real, language, published.REAL, kind), bypass_csp=True) as opened:
        opened.page.evaluate(MARKED)
        pdf = opened.page.pdf(prefer_css_page_size=True)
    with pdfplumber.open(io.BytesIO(pdf)) as sheets:
        return [printed(sheet) for sheet in sheets.pages]


def printed(sheet: Any) -> Sheet:
    signs = "".join(one["text"] for one in sheet.chars)
    foot = "".join(one["text"] for one in sheet.chars if one["top"] > sheet.height - 60)
    rows = {(table, row) for table, row in re.findall(r"§(\d+)\.(\d+)§", signs)}
    size = round(sheet.width), round(sheet.height)
    return Sheet(size, foot, set(re.findall(r"¤(\d+)¤", signs)), rows)


def test_a_page_prints_on_a4_with_its_numbers(paper: list[Sheet]) -> None:
    assert len(paper) > 2
    for number, sheet in enumerate(paper, start=1):
        assert sheet.size in {(595, 842), (594, 841), (595, 841)}
        assert f"{number}/{len(paper)}" in re.sub(r"\s", "", sheet.foot)


def test_no_row_is_cut_by_the_end_of_a_sheet(paper: list[Sheet]) -> None:
    counts = Counter(row for sheet in paper for row in sheet.rows)
    assert len(counts) > 20
    assert [row for row, sheets in counts.items() if sheets > 1] == []


def test_the_head_of_a_table_is_repeated_on_every_sheet(paper: list[Sheet]) -> None:
    """Wherever a table that has a head has rows."""
    headed = set().union(*(sheet.heads for sheet in paper))
    assert headed
    for sheet in paper:
        assert {table for table, _row in sheet.rows} & headed <= sheet.heads


# ---- what it says


def test_pages_of_projects_stay_small(real: Path) -> None:
    for language in LANGUAGES:
        for path in (real / language / str(published.REAL) / "projects").glob("*.html"):
            assert path.stat().st_size < 80_000, path


NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
CODE = re.compile(r"\b[A-Z]{2}\d\d\b|\b\d{4}-[0-9a-f]{8}(-\d+)?\b|\b[A-Z]\d+\b")


def numbers(words: str) -> set[str]:
    """The numbers in a text as written, but for codes of rules, projects and cells."""
    return {one.rstrip(",") for one in NUMBER.findall(CODE.sub(" ", words))}


def known_numbers(processed: Path, project: str) -> set[str]:
    """Every number of the project's rows, as printed or as a page formats it."""
    names = [name for name in (*RECORDS, *RESULTS) if name not in ("documents", "lines")]
    read = tables.read(processed, names)
    known: set[str] = set()
    for table in read.values():
        for row in table.to_pylist():
            if row.get("project_id") != project:
                continue
            for value in row.values():
                known |= shown(value)
    return known


def shown(value: object) -> set[str]:
    """A value of a table as a page may show it."""
    if isinstance(value, str):
        return numbers(value)
    if isinstance(value, Decimal):
        forms = (text.number(value), text.money(value), text.rate(value), text.number(abs(value)))
        return set().union(*map(numbers, forms))
    return {str(value)} if isinstance(value, int) else set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_form_and_findings_stands_in_a_table(language: str, real: Path) -> None:
    processed = real / "tables" / language / str(published.REAL)
    for path in (real / language / str(published.REAL) / "projects").glob("*.html"):
        known = known_numbers(processed, path.stem)
        for part in soup(path).select(".form, .finding"):
            for quote in part.select(".one dl + dl details"):
                (summary,) = quote.select("summary")
                assert len(quote.select("li")) in map(int, numbers(summary.get_text()))
                quote.decompose()
            for extra in part.select(".one dl + dl ol, [href^='#'], .n"):
                extra.decompose()
            assert numbers(part.get_text(" ")) - known == set(), path.name


HAN = re.compile("[\u3400-\u9fff]+")


def printed_in(processed: Path) -> str:
    """All that the documents print in cells, and the names of laws and words of the rules."""
    cells = tables.read(processed, ["cells"])["cells"]["printed"].to_pylist()
    bases = [f"{one.basis.source}{one.basis.clause}" for one in rulebook.rules(EXPECTATIONS)]
    words = [
        text.parameter(one.unit, one.default) for one in rulebook.parameters(EXPECTATIONS).values()
    ]
    return " ".join(filter(None, (*cells, *bases, *words)))


@pytest.mark.parametrize("kind", KINDS)
def test_chinese_on_an_english_page_is_marked_and_printed_in_a_document(
    kind: str, real: Path
) -> None:
    path = page(real, "en", published.REAL, kind)
    known = printed_in(real / "tables" / "en" / str(published.REAL))
    body = soup(path).body
    assert body is not None
    for extra in body.select("script, option, .one dl + dl ol"):
        extra.decompose()
    marked = set(body.select("[lang=zh-CN], [lang=zh-CN] *"))
    for words in body.find_all(string=HAN):
        assert words.parent in marked, words
        if kind != "rules":  # examples and entries of the suites are Chinese there
            assert [one for one in HAN.findall(words) if one not in known] == []


# ---- under attack

ELEMENTS = "iframe, img, object, embed, base, form[action], link, [http-equiv=refresh], audio"
SCRIPTS = "script:not([type='application/json'])"
HIDDEN = "[\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\ufeff\u2028\u2029]"


def test_what_a_hostile_document_says_is_text(hostile_page: Path, browser: Any) -> None:
    with Opened(browser, hostile_page) as opened:
        opened.page.wait_for_timeout(200)
        assert opened.noise == [hostile_page.as_uri()]
        scripts = 1 if hostile_page.name == "index.html" else 0
        assert opened.page.locator(SCRIPTS).count() == scripts
        assert opened.page.locator(ELEMENTS).count() == 0
        attributes = opened.page.evaluate("""() => [...document.querySelectorAll('*')]
            .flatMap(e => [...e.attributes].map(a => [a.name, a.value]))""")
    assert [name for name, _ in attributes if name.startswith("on")] == []
    links = [value for name, value in attributes if name in ("href", "src", "action", "xlink:href")]
    assert links
    assert [one for one in links if re.match(r"\s*[a-zA-Z][\w+.-]*:|//", one)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hostile_form_stands_on_its_page_as_printed(language: str, attacked: Path) -> None:
    path = page(attacked, language, published.HOSTILE, "project")
    words = soup(path).get_text()
    assert [mark for mark in hostile.MARKS if mark not in words] == []
    assert "49" not in re.findall(r"\b\d+\b", words.replace("7*7", ""))
    assert "⟦U+202E⟧" in words


def test_no_sign_that_turns_text_around_is_left_in_a_page(hostile_page: Path) -> None:
    markup = hostile_page.read_text("utf-8")
    assert re.findall(HIDDEN, markup) == []
    head = soup(hostile_page).title
    assert head is not None
    assert len(head.get_text()) < 200


def test_files_of_a_hostile_year_have_plain_names(attacked: Path) -> None:
    for language in LANGUAGES:
        for path in (attacked / language).rglob("*"):
            assert re.fullmatch(r"[\w.-]+", path.name, re.ASCII)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notebooks_of_a_hostile_year_hold_no_live_markup(language: str, attacked: Path) -> None:
    for path in (attacked / language).rglob("*.ipynb"):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            for output in cell.get("outputs", ()):
                markup = "".join(output["data"].get("text/html", ""))
                shown = bs4.BeautifulSoup(markup, "html.parser")
                assert shown.select(f"{SCRIPTS}, {ELEMENTS}") == []
                assert not [a for one in shown.select("*") for a in one.attrs if a[:2] == "on"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_run_keeps_its_language_where_it_is_not_the_usual_one(
    language: str, attacked: Path
) -> None:
    reports = attacked / language / str(published.HOSTILE)
    manifest = json.loads((reports / "manifest.json").read_text("utf-8"))
    assert manifest["parameters"]["language"] == language
    about = tables.read_about(attacked / language / "processed" / str(published.HOSTILE))
    assert about.get("language", "zh") == language
    for path in reports.rglob("*.html"):
        (root,) = soup(path).select("html")
        assert root["lang"] == {"zh": "zh-CN", "en": "en"}[language]
        code = json.loads(path.with_suffix(".ipynb").read_text("utf-8"))["cells"]
        asked = ['language = "en"\n' in cell["source"] for cell in code]
        assert any(asked) == (language == "en")


# ---- twice


def test_two_runs_write_the_same_bytes_in_both_languages(attacked: Path, tmp_path: Path) -> None:
    for name in ("raw", "expectations", "tests"):
        shutil.copytree(attacked / name, tmp_path / name)
    where = {name: tmp_path / name for name in ("raw", "expectations")}
    for language in LANGUAGES:
        assert published.run(where, tmp_path / language, language) == []
        first, again = (contents(folder / language) for folder in (attacked, tmp_path))
        assert first.keys() == again.keys()
        assert [name for name in first if first[name] != again[name]] == []


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
