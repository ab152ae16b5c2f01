"""The pages in a real browser without a network: quiet, whole, readable at any width, on paper."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import reporting
from reporting import EXPECTATIONS, NOTEBOOKS, finding

from audit_utils.report.publishing import publish

CHROMIUM = Path("/usr/bin/chromium")
playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs {CHROMIUM}")

WIDTHS = [360, 768, 1280, 2200]
LONG = "很长的名称" * 400 + "<b>" + "x" * 500


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real year 2022 with a finding, and as year 2024 one project of very long words."""
    folder = tmp_path_factory.mktemp("pages")
    first = reporting.write(folder, 2022).projects[0].id
    found = {first: [finding("CO04", "indicators", "17", "name", expected="9.64"),
                     finding("SC02", "funds", "total", "score", severity="info")]}  # fmt: skip
    reporting.write(folder, 2022, found=found)
    form = reporting.form(note=LONG, name=LONG, unit=LONG, i_name=LONG, i_level2=LONG,
                          i_deviation_reason=LONG)  # fmt: skip
    document = reporting.document(form, name="长" * 200)
    (long,) = reporting.write(folder, 2024, [document]).projects
    one = finding("SC01", "indicators", "1", "name", condition=LONG, document="长" * 200)
    reporting.write(folder, 2024, [document], found={long.id: [one]})
    for year, ids in ((2022, [first]), (2024, [long.id])):
        assert publish(year, folder, folder / "out", NOTEBOOKS, EXPECTATIONS, ids=ids) == []
    return folder / "out"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium without a network."""
    with playwright.sync_playwright() as tools:
        chromium = tools.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield chromium
        chromium.close()


def pages(reports: Path) -> list[Path]:
    found = sorted(reports.rglob("*.html"))
    assert len(found) == 6
    return found


class Opened:
    """A page in the browser, with what it asked for and complained about."""

    def __init__(self, browser: Any, path: Path, width: int = 1280):
        self.context = browser.new_context(
            viewport={"width": width, "height": 800}, offline=True, java_script_enabled=True
        )
        self.page = self.context.new_page()
        self.noise: list[str] = []
        self.page.on("console", lambda message: self.noise.append(message.text))
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))
        self.page.on("request", lambda request: self.noise.append(request.url))
        self.page.goto(path.as_uri())

    def __enter__(self) -> "Opened":
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


def test_a_page_asks_for_nothing_and_complains_of_nothing(reports: Path, browser: Any) -> None:
    for path in pages(reports):
        with Opened(browser, path) as opened:
            assert opened.noise == [path.as_uri()]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_is_never_wider_than_its_window(width: int, reports: Path, browser: Any) -> None:
    for path in pages(reports):
        with Opened(browser, path, width) as opened:
            assert opened.page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_of_a_figure_is_cut_off(width: int, reports: Path, browser: Any) -> None:
    texts = """[...document.querySelectorAll('svg text')].map(text => {
        const box = text.getBoundingClientRect();
        return [box.left, innerWidth - box.right, box.height];
    })"""
    for path in pages(reports):
        with Opened(browser, path, width) as opened:
            boxes = opened.page.evaluate(texts)
            assert boxes or path.stem == "rules"
            assert all(left >= 0 and right >= 0 and height > 5 for left, right, height in boxes)


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
        const style = getComputedStyle(element);
        const ink = element.closest('svg') ? style.fill : style.color;
        const [a, b] = [light(channels(ink)), light(ground(element))].sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05);
    };
    return [...document.querySelectorAll('body *')]
        .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
        .filter(e => ratio(e) < 4.5)
        .map(e => `${e.tagName}.${e.getAttribute('class')} ${ratio(e).toFixed(2)}`);
}"""


def test_all_text_stands_out_from_its_ground(reports: Path, browser: Any) -> None:
    for path in pages(reports):
        with Opened(browser, path) as opened:
            assert opened.page.evaluate(CONTRAST) == []


def test_the_first_key_leads_to_the_text_and_the_marks_to_their_findings(
    reports: Path, browser: Any
) -> None:
    (path,) = (reports / "2022" / "projects").glob("*.html")
    with Opened(browser, path) as opened:
        opened.page.keyboard.press("Tab")
        assert opened.page.evaluate("document.activeElement.className") == "skip"
        opened.page.click("table.indicators a.mark")
        assert opened.page.url.endswith("#f1")
        assert opened.page.locator("#f1").evaluate(
            "e => e.getBoundingClientRect().top < innerHeight && e.getBoundingClientRect().top >= 0"
        )


def test_the_index_leads_to_a_project_and_back(reports: Path, browser: Any) -> None:
    with Opened(browser, reports / "2022" / "index.html") as opened:
        opened.page.click("table.projects a")
        assert opened.page.locator("h1").inner_text() == "执法办案及能力提升"
        opened.page.click(".home a")
        assert opened.page.locator("h1").inner_text() == "2022 年度审核报告"


def test_a_page_prints_on_paper(reports: Path, browser: Any) -> None:
    for path in pages(reports):
        with Opened(browser, path) as opened:
            pdf = opened.page.pdf(prefer_css_page_size=True)
            assert pdf.startswith(b"%PDF")
            assert b"/MediaBox [0 0 595" in pdf or b"/MediaBox [0 0 594" in pdf
            opened.page.emulate_media(media="print")
            for hidden in ("footer", ".home", ".skip"):
                assert not any(one.is_visible() for one in opened.page.locator(hidden).all())
            assert (
                opened.page.locator("thead").first.evaluate("e => getComputedStyle(e).display")
                == "table-header-group"
            )


def test_levels_of_the_table_stand_beside_their_rows(reports: Path, browser: Any) -> None:
    (path,) = (reports / "2022" / "projects").glob("*.html")
    with Opened(browser, path) as opened:
        shape = opened.page.evaluate("""() => {
            const rows = [...document.querySelectorAll('table.indicators tbody tr')];
            const height = rows.reduce((sum, row) => sum + row.getBoundingClientRect().height, 0);
            const levels = [...document.querySelectorAll('table.indicators tbody th')];
            const sum = levels.reduce((sum, one) => sum + one.getBoundingClientRect().height, 0);
            return sum / height;
        }""")
        assert shape == pytest.approx(2, abs=0.02)
