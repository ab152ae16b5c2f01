"""Publishes a year: a page a project, the rules and an index, each from an executed notebook."""

import gc
import multiprocessing
import re
import warnings
from base64 import b64encode
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from nbconvert.exporters import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from audit_utils import cases, files
from audit_utils.errors import AuditError
from audit_utils.language import _, parameter, tag
from audit_utils.report import data, figures, html, yearly
from audit_utils.report.execution import Failure, execute, read
from audit_utils.report.text import FORMS, shorten, visible

PROJECT, RULES, INDEX = "03_report.ipynb", "rules.ipynb", "index.ipynb"
BESIDE = tuple(yearly.FILES)
"""What the index leads to, where it is there."""
PAGE = re.compile(r"\d{4}-[0-9a-f]{8}(-\d+)?")

Progress = Callable[[int, int], object]
"""Called with the number of pages made and the number of pages to make."""


@dataclass(frozen=True, slots=True)
class _Page:
    """A page to make: `target` without suffix, and what stands around the notebook's output."""

    notebook: Path
    target: Path
    subject: str
    values: dict[str, Any]
    around: dict[str, str] = field(default_factory=dict)


def publish(
    year: int,
    processed: Path,
    reports: Path,
    notebooks: Path,
    expectations: Path,
    *,
    ids: Collection[str] | None = None,
    jobs: int = 2,
    progress: Progress = lambda done, total: None,
) -> list[Failure]:
    """Write `projects/<project_id>.html`, `rules.html` and `index.html` in `reports/<year>`.

    The tables in `processed/<year>` are read once; every page is made by a forked child,
    `jobs` at a time, and has its executed notebook beside it.  `ids` are the projects to
    publish (None: all, and pages of projects that are gone are removed).  A notebook that
    fails is returned, has no page, and its executed copy holds the traceback; the others go
    on.  AuditError: tables, rules or notebooks that cannot be used, an id that is unknown.
    """
    known = data.load(processed, year, expectations)
    figures.warm([known])
    chosen = known.projects if ids is None else [known.project(one) for one in sorted(set(ids))]
    folder = reports / str(year)
    values = {"year": year, "processed": processed, "expectations": expectations} | parameter()
    report, rules, index = (_usable(notebooks / name) for name in (PROJECT, RULES, INDEX))
    pages = [_project_page(project, report, folder, values) for project in chosen]
    pages.append(_rules_page(year, rules, folder, values | {"cases": cases.beside(expectations)}))
    if ids is None:
        _clear(folder / "projects", {project.id for project in chosen})
    failures = []
    for done, failure in enumerate(_make_all(pages, jobs), start=1):
        failures += [failure] if failure else []
        progress(done, len(pages) + 1)
    failures += [one for one in _make_all([_index_page(known, index, folder, values)], 1) if one]
    progress(len(pages) + 1, len(pages) + 1)
    return sorted(failures, key=lambda failure: failure.subject)


def _usable(notebook: Path) -> Path:
    """The path of a notebook that can be executed; AuditError says why it cannot."""
    read(notebook)
    return notebook


def _page(folder: Path, project_id: str) -> Path:
    return folder / "projects" / f"{project_id}.html"


def _project_page(
    project: data.Project, notebook: Path, folder: Path, values: dict[str, Any]
) -> _Page:
    if not PAGE.fullmatch(project.id):
        raise AuditError(f"project_id {project.id!r} is none: it names files")
    year, name = project.row["year"], project.row["name"] or project.id
    return _Page(
        notebook,
        folder / "projects" / project.id,
        f"project {project.id}",
        values | {"project_id": project.id},
        {
            "title": _(
                "{name} · {form}审核报告",
                name=visible(shorten(name, 60)),
                form=_(FORMS[project.row["form"]]),
            ),
            "home": "../index.html",
            "home_title": _("{year} 年度目录", year=year),
        },
    )


def _rules_page(year: int, notebook: Path, folder: Path, values: dict[str, Any]) -> _Page:
    return _Page(
        notebook,
        folder / "rules",
        f"rules of {year}",
        values,
        {
            "title": _("审核规则手册 · {year} 年度", year=year),
            "style": html.look("lists") + html.look("rules"),
            "home": "index.html",
            "home_title": _("{year} 年度目录", year=year),
        },
    )


def _index_page(known: data.Year, notebook: Path, folder: Path, values: dict[str, Any]) -> _Page:
    without = [project.id for project in known.projects if not _page(folder, project.id).is_file()]
    files_beside = [name for name in BESIDE if (folder / name).is_file()]
    return _Page(
        notebook,
        folder / "index",
        f"year {known.year}",
        values | {"without_page": without, "files": files_beside},
        {"title": _("{year} 年度项目绩效审核报告", year=known.year)} | _of_index(),
    )


def _of_index() -> dict[str, str]:
    """Style and script of the index, and the hash by which its policy lets the script run."""
    script = (html.HERE / "page" / "year.js").read_text("utf-8")
    digest = b64encode(sha256(script.encode()).digest()).decode()
    return {
        "style": html.look("lists") + html.look("year"),
        "script": script,
        "script_sha256": digest,
    }


def _clear(folder: Path, ids: Collection[str]) -> None:
    """Remove the pages of projects that the year no longer has."""
    for path in folder.glob("*"):
        if (
            path.suffix in (".html", ".ipynb")
            and PAGE.fullmatch(path.stem)
            and path.stem not in ids
        ):
            path.unlink()


def _make_all(pages: list[_Page], jobs: int) -> Iterator[Failure | None]:
    """Make the pages, `jobs` at a time, in processes forked from this one."""
    _warm()
    workers = min(jobs, len(pages)) or 1
    with _frozen(), ProcessPoolExecutor(workers, multiprocessing.get_context("fork")) as pool:
        waiting = {pool.submit(_make, page): page for page in pages}
        for future in as_completed(waiting):
            yield _failure(future, waiting[future])


def _failure(future: Future[Failure | None], page: _Page) -> Failure | None:
    """What went wrong with a page; only what concerns all pages is raised."""
    try:
        return future.result()
    except AuditError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        return Failure(page.notebook.name, 0, "page", page.subject, reason)


@contextmanager
def _frozen() -> Iterator[None]:
    """Nothing that is there now is looked at by the garbage collectors of the children."""
    gc.collect()
    gc.freeze()
    try:
        with warnings.catch_warnings():
            # Python 3.12 warns of threads here: those of numpy and Arrow, idle and fork-safe.
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        gc.unfreeze()


def _warm() -> None:
    """Do once, before forking, what every child would do for itself."""
    html.warm()
    figures.warm()
    _exporter()


def _make(page: _Page) -> Failure | None:
    """Execute the notebook and write the page; an older page goes even where that fails."""
    target = page.target.with_name(f"{page.target.name}.html")
    record = page.target.with_name(f"{page.target.name}.ipynb")
    target.unlink(missing_ok=True)
    done = execute(page.notebook, record, page.values, subject=page.subject)
    if done.failure:
        return done.failure
    markup, _ = _exporter().from_notebook_node(done.notebook, resources=dict(page.around))
    files.write(target.parent, {target.name: markup.encode()})
    return None


@cache
def _exporter() -> TemplateExporter:
    exporter = TemplateExporter(  # type: ignore[no-untyped-call]
        template_name="page",
        extra_template_basedirs=[str(html.HERE)],
        file_extension=".html",
        filters={"markdown": _markdown, "terse": _terse},
    )
    exporter.environment.globals.update(_=_, language=tag)
    return exporter


def _terse(css: str) -> str:
    """The style sheet without comments and white space: every page carries it."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"(?<=[{;])\s*([\w-]+):\s+", r"\1:", css)
    return re.sub(r"\s*([{};,])\s*", r"\1", css).replace(";}", "}").strip()


def _markdown(source: str) -> str:
    """HTML of a markdown cell, without a link at each heading."""
    renderer = IPythonRenderer(escape=True, exclude_anchor_links=True)
    return str(MarkdownWithMath(renderer=renderer).render(source))
