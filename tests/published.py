"""Years published in both languages, once for all tests of pages that look at them."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import hostile
from reporting import EXPECTATIONS, NOTEBOOKS, ROOT

from audit_utils import decisions, pipeline
from audit_utils.language import LANGUAGES, Language, speaking
from audit_utils.report.publishing import publish

REAL, HOSTILE = 2022, 2031
HOSTILE_NAME = "<img src=x onerror=alert(0)>'\"&{{7*7}}"

_AUDIT = """\
title: "<script>alert(11)</script></title>{{7*7}}\\u202E"
publisher: "</style><img src=x onerror=alert(12)>"
source: "javascript:alert(13)"
parameters:
  grades: {"<b onclick=alert(14)>优": 90, "</td>差": 0}
"""
_DECISION = """- rule: SC01
  project: {project}
  disposition: accepted
  reason: "</p><script>alert(15)</script>{{{{7*7}}}}\\u202E"
  who: "<img src=x onerror=alert(16)>"
  date: 2031-01-01
"""


def real(folder: Path) -> Path:
    """The real year under `<language>/<year>`: read once, checked and published in each."""
    first = folder / "tables" / "zh"
    pipeline.make_tables(REAL, ROOT / "data" / "raw", first, 1)
    for language in LANGUAGES:
        processed = folder / "tables" / language
        if processed != first:
            shutil.copytree(first, processed)
    for language in LANGUAGES:
        processed = folder / "tables" / language
        pipeline.make_findings(REAL, processed, EXPECTATIONS, language)
        with speaking(language):
            failures = publish(REAL, processed, folder / language, NOTEBOOKS, EXPECTATIONS)
        assert failures == []
    return folder


def attacked(folder: Path) -> Mapping[str, Path]:
    """Folders of a year whose documents, settings and decisions are hostile."""
    raw = folder / "raw" / str(HOSTILE)
    raw.mkdir(parents=True)
    (raw / f"{HOSTILE_NAME}.txt").write_text(hostile.text(), "utf-8")
    hostile.sheet(raw / f"{HOSTILE_NAME}.xlsx")
    (raw / "audit.yml").write_text(_AUDIT, "utf-8")
    shutil.copytree(EXPECTATIONS, folder / "expectations")
    shutil.copytree(ROOT / "tests" / "rules", folder / "tests" / "rules")
    made = pipeline.make_tables(HOSTILE, folder / "raw", folder / "first", 1)
    projects = [*made["projects"]["project_id"].to_pylist(), '"<i onclick=alert(17)>"']
    decided = decisions.path(folder / "expectations", HOSTILE)
    decided.parent.mkdir()
    decided.write_text("".join(_DECISION.format(project=one) for one in projects), "utf-8")
    return {"raw": folder / "raw", "expectations": folder / "expectations"}


def run(where: Mapping[str, Path], out: Path, language: Language) -> list[str]:
    """A whole run of the hostile year into `out`: what failed, but for what was not read."""
    (result,) = pipeline.run(
        [HOSTILE], where["raw"], out / "processed", out, jobs=1, language=language,
        notebooks=NOTEBOOKS, expectations=where["expectations"],
    )  # fmt: skip
    return [*result.failures, *result.result.broken]
