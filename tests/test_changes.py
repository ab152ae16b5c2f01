"""What has changed: findings between two runs, and files since a manifest was written."""

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from audit_utils import changes, cli, manifest, tables, verification
from audit_utils.dictionary import RECORDS
from audit_utils.errors import AuditError

Captured = pytest.CaptureFixture[str]


def finding(name: str, **more: Any) -> dict[str, Any]:
    return {"finding_id": name, "rule": "SC01", "severity": "critical", "condition": "99"} | more


def folder(path: Path, *findings: Mapping[str, Any], language: str = "zh") -> Path:
    """A folder of tables with these findings."""
    made = {name: tables.of_rows(name, []) for name in RECORDS}
    tables.write(made, path, {"language": language})
    tables.write({"checks": tables.of_rows("checks", [])}, path)
    tables.write({"findings": tables.of_rows("findings", findings)}, path)
    return path


OLD = [finding("a"), finding("b", difference=Decimal(1)), finding("c"), finding("d")]
NEW = [finding("b", difference=Decimal(2)), finding("c"), finding("d", disposition="accepted"),
       finding("e", severity="info")]  # fmt: skip


def test_findings_that_are_new_gone_or_changed(tmp_path: Path) -> None:
    old, new = folder(tmp_path / "old", *OLD), folder(tmp_path / "new", *NEW)
    rows = changes.between([old], [new])
    assert [(row["change"], row["finding_id"], row["severity"]) for row in rows] == [
        ("new", "e", "info"),
        ("gone", "a", "critical"),
        ("changed", "b", "critical"),
        ("changed", "d", "critical"),
    ]
    assert rows[2]["columns"] == {"difference": {"old": Decimal(1), "new": Decimal(2)}}
    assert rows[3]["columns"] == {"disposition": {"old": None, "new": "accepted"}}
    assert changes.between([old], [old]) == []


def test_runs_in_two_languages_are_not_compared(tmp_path: Path) -> None:
    old, new = folder(tmp_path / "old"), folder(tmp_path / "new", language="en")
    with pytest.raises(AuditError, match="different languages"):
        changes.between([old], [new])


def test_diff_prints_a_row_a_finding(tmp_path: Path, capsys: Captured) -> None:
    old = folder(tmp_path / "old" / "2022", *OLD).parent
    new = folder(tmp_path / "new", *NEW)
    assert cli.main(["diff", str(old), str(new)]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "change   finding_id  severity  columns",
        "new      e           info      -",
        "gone     a           critical  -",
        "changed  b           critical  difference",
        "changed  d           critical  disposition",
    ]
    assert err == "findings: 1 new, 1 gone, 2 changed\n"
    assert cli.main(["diff", str(old), str(new), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told[3]["columns"] == {"disposition": {"old": None, "new": "accepted"}}


def test_diff_without_tables_is_2(tmp_path: Path, capsys: Captured) -> None:
    old = folder(tmp_path / "old", *OLD)
    assert cli.main(["diff", str(old), str(tmp_path)]) == 2
    assert f"{tmp_path}: holds no tables" in capsys.readouterr().err


# ---- verify


@pytest.fixture
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Path]:
    """A working folder with a year that has a manifest."""
    names = {"raw": "data/raw", "processed": "data/processed", "reports": "reports",
             "expectations": "expectations", "notebooks": "notebooks"}  # fmt: skip
    for name in names.values():
        (tmp_path / name / "2022").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "2022" / "a.txt").write_text("a")
    (tmp_path / "reports" / "2022" / "index.html").write_text("page")
    monkeypatch.chdir(tmp_path)
    made = {name: Path(folder) for name, folder in names.items()}
    tables.write({}, made["processed"] / "2022", {"parameters": {"units": ["元"]}})
    manifest.write(2022, made)
    return made


def test_nothing_differs_after_a_run(where: Mapping[str, Path], capsys: Captured) -> None:
    assert cli.main(["verify", "2022"]) == 0
    assert capsys.readouterr() == ("", "2022: 0 differences\n")


def test_what_differs_is_named(where: Mapping[str, Path], capsys: Captured) -> None:
    (where["raw"] / "2022" / "a.txt").write_text("b")
    (where["raw"] / "2022" / "b.txt").write_text("b")
    (where["reports"] / "2022" / "index.html").unlink()
    (where["expectations"] / "accepted").mkdir()
    (where["expectations"] / "accepted" / "2022.yml").write_text("")
    assert cli.main(["verify", "2022"]) == 3
    out, err = capsys.readouterr()
    assert [line.split() for line in out.splitlines()] == [
        ["part", "change", "name"],
        ["inputs", "new", "expectations/accepted/2022.yml"],
        ["inputs", "changed", "raw/2022/a.txt"],
        ["inputs", "new", "raw/2022/b.txt"],
        ["outputs", "gone", "reports/2022/index.html"],
    ]
    assert err == "2022: 4 differences\n"
    assert cli.main(["verify", "2022", "--format", "json"]) == 3
    told = json.loads(capsys.readouterr().out)
    assert told[3]["then"]
    assert told[3]["now"] is None


def test_other_versions_and_parameters_differ(where: Mapping[str, Path]) -> None:
    path = where["reports"] / "2022" / "manifest.json"
    written = json.loads(path.read_text("utf-8"))
    written["versions"]["python"] = "2.7"
    written["parameters"]["units"] = []
    path.write_text(json.dumps(written), "utf-8")
    found = verification.differences(2022, where)
    assert [(row["part"], row["name"]) for row in found] == [
        ("parameters", "units"), ("versions", "python"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [(None, "there is no manifest"), ("{", "cannot be read as JSON"), ("{}", "is no manifest")],
    ids=["none", "no JSON", "another file"],
)
def test_a_manifest_that_is_none_is_2(
    where: Mapping[str, Path], capsys: Captured, text: str | None, message: str
) -> None:
    path = where["reports"] / "2022" / "manifest.json"
    path.unlink() if text is None else path.write_text(text)
    assert cli.main(["verify", "2022"]) == 2
    assert f"{path}: {message}" in capsys.readouterr().err
