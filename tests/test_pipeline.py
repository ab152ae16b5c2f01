"""A folder of documents -> tables, summary and manifest, whatever lies in the folder."""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from audit_utils import documents, manifest, pipeline, reading, sources, summary, tables
from audit_utils.dictionary import RECORDS, RESULTS, TABLES
from audit_utils.errors import AuditError
from audit_utils.records import Document
from audit_utils.summary import NOTHING, Result, YearResult

ROOT = Path(__file__).parents[1]
RAW = ROOT / "data" / "raw"
REAL = (RAW / "2022" / "shanghai-health-inspection.txt").read_bytes()


def folder(path: Path, **files: bytes) -> Path:
    """A folder with files; `__` in a name stands for a point."""
    path.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (path / name.replace("__", ".")).write_bytes(data)
    return path


# ---- audit.yml


def audit_yml(path: Path, text: str) -> sources.Folder:
    return sources.read(folder(path, audit__yml=text.encode(), a__txt=b"text"))


def test_the_entries_of_audit_yml(tmp_path: Path) -> None:
    found = audit_yml(
        tmp_path,
        "title: 自评表\nsource: null\ndocuments:\n  a.txt: "
        + "AB" * 32
        + "\nparameters: {rate: 0.9}\n",
    )
    assert found.sha256 == {"a.txt": "ab" * 32}
    assert found.about == {"title": "自评表", "parameters": {"rate": 0.9}}
    assert [path.name for path in found.documents] == ["a.txt"]


BROKEN_ENTRIES = [
    ("no YAML", "title: [a\nnext: }\n", ":2: is no YAML: "),
    ("a list", "- a\n", ": has no entries"),
    ("a misspelt entry", "paramters: {}\n", ": unknown entry `paramters`"),
    ("documents without names", "documents: [a]\n", ": `documents` has no entries"),
    ("parameters that are none", "parameters: 3\n", ": `parameters` has no entries"),
    ("a title that is none", "title: [a]\n", ": `title` is no text"),
    (
        "a hash that is none",
        "documents: {a.txt: abc}\n",
        ": the sha256 of a.txt is not 64 hex digits",
    ),
]


@pytest.mark.parametrize(
    ("name", "text", "message"), BROKEN_ENTRIES, ids=[case[0] for case in BROKEN_ENTRIES]
)
def test_a_broken_audit_yml_is_an_error_with_its_place(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    with pytest.raises(AuditError) as caught:
        audit_yml(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'audit.yml'}{message}")


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "documents:\nparameters:\n"])
def test_an_empty_audit_yml_says_nothing(tmp_path: Path, text: str) -> None:
    assert audit_yml(tmp_path, text).about == {}


def test_what_is_refused(tmp_path: Path) -> None:
    right = hashlib.sha256(b"right").hexdigest()
    entries = f"documents:\n  right.txt: {right}\n  wrong.txt: {'f' * 64}\n  gone.txt: {'f' * 64}\n"
    folder(
        tmp_path,
        right__txt=b"right",
        wrong__txt=b"wrong",
        free__txt=b"",
        audit__yml=entries.encode(),
    )
    (tmp_path / "sub").mkdir()
    (tmp_path / ".hidden").write_text("")
    refused = sources.read(tmp_path).refused()
    assert {name: error.message for name, error in refused.items()} == {
        "gone.txt": "is listed in audit.yml and is not there",
        "sub": "is no file; documents lie directly in the folder of the year",
        "wrong.txt": f"sha256 is {hashlib.sha256(b'wrong').hexdigest()}, audit.yml says {'f' * 64}",
    }


def test_a_missing_or_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match=r"2022: cannot be read: No such file or directory"):
        sources.read(tmp_path / "2022")
    with pytest.raises(AuditError, match=r"2022: holds no document"):
        sources.read(folder(tmp_path / "2022", audit__yml=b"", __hidden=b""))


# ---- several documents


def fake_read(path: Path) -> Document:
    """A reader that does what the name of the document says."""
    if path.stem == "ends":
        os._exit(3)
    if path.stem == "raises":
        raise RecursionError
    if path.stem == "refuses":
        raise AuditError("is no text", path, 7)
    return Document(path.name, "0" * 64, 1, 1)


@pytest.mark.parametrize("jobs", [1, 2])
def test_no_document_stops_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    monkeypatch.setattr(documents, "read", fake_read)
    names = ["a.txt", "raises.txt", "refuses.txt", "z.txt", *(["ends.txt"] if jobs > 1 else [])]
    read, refused = reading.read([tmp_path / name for name in sorted(names)], jobs)
    assert [document.name for document in read] == ["a.txt", "z.txt"]
    expected: dict[str, tuple[str, int | None]] = {
        "raises.txt": ("cannot be read: RecursionError in the reader", None),
        "refuses.txt": ("is no text", 7),
    }
    if jobs > 1:
        expected["ends.txt"] = ("cannot be read: reading it ended the process", None)
    assert {name: (error.message, error.line) for name, error in refused.items()} == expected


def test_documents_come_in_the_order_of_the_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "read", fake_read)
    names = [f"{number}.txt" for number in range(20)]
    read, _ = reading.read([tmp_path / name for name in names], 3)
    assert [document.name for document in read] == names


# ---- tables of a year


def test_the_tables_of_a_year(tmp_path: Path) -> None:
    made = pipeline.make_tables(2022, RAW, tmp_path)
    assert tables.read(tmp_path / "2022") == made
    assert (made["projects"].num_rows, made["indicators"].num_rows) == (19, 279)
    assert tables.read_about(tmp_path / "2022")["publisher"] == "上海市卫生健康委员会监督所"


def test_bad_documents_are_told_and_good_ones_read(tmp_path: Path) -> None:
    raw = folder(
        tmp_path / "raw" / "2022",
        **{"真 实__txt": REAL, "empty__txt": b"", "binary__pdf": b"\0\1\2" * 99},
    )
    (raw / "audit.yml").write_text(f"documents: {{gone.txt: {'f' * 64}}}")
    made = pipeline.make_tables(2022, tmp_path / "raw", tmp_path / "out")
    assert made["projects"].num_rows == 19
    told = {row["document"] for row in made["problems"].to_pylist() if row["project_id"] is None}
    assert told == {"empty.txt", "binary.pdf", "gone.txt"}


def test_results_of_earlier_tables_do_not_stay(tmp_path: Path) -> None:
    results = {name: TABLES[name].schema.empty_table() for name in RESULTS}
    tables.write(results, tmp_path, {"title": "another document"})
    pipeline.tables_of([RAW / "2022" / "shanghai-health-inspection.txt"], tmp_path)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {*(f"{name}.parquet" for name in RECORDS), "datapackage.json"}
    assert tables.read_about(tmp_path) == {}


def test_tables_of_single_documents_take_the_year_of_their_folder(tmp_path: Path) -> None:
    path = RAW / "2022" / "shanghai-health-inspection.txt"
    made = pipeline.tables_of([path], tmp_path)
    assert set(made["projects"].column("year").to_pylist()) == {2022}
    assert tables.read(tmp_path) == made
    elsewhere = folder(tmp_path / "elsewhere", a__txt=REAL) / "a.txt"
    assert set(
        pipeline.tables_of([elsewhere], tmp_path)["projects"].column("year").to_pylist()
    ) == {None}
    given = pipeline.tables_of([elsewhere], tmp_path, year=2021)
    assert set(given["projects"].column("year").to_pylist()) == {2021}


def test_documents_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    paths = [tmp_path / name / "x.txt" for name in ("a", "b")]
    for path in paths:
        path.parent.mkdir()
        path.write_text(f"说明：{path.parent.name} 没有表\n", "utf-8")
    made = pipeline.tables_of(paths, tmp_path / "out")
    assert made["documents"].column("document").to_pylist() == ["a/x.txt", "b/x.txt"]


def test_a_document_that_is_named_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="named twice"):
        pipeline.tables_of([tmp_path / "x.txt", tmp_path / "x.txt"], tmp_path)


def test_the_years_of_a_folder(tmp_path: Path) -> None:
    for name in ("2024", "2022", "20220", "notes", "２０２３"):
        (tmp_path / name).mkdir()
    (tmp_path / "2021").write_text("a file")
    assert pipeline.years_in(tmp_path) == [2022, 2024]
    with pytest.raises(AuditError, match="holds no folder of a year"):
        pipeline.years_in(tmp_path / "notes")
    with pytest.raises(AuditError, match="cannot be read"):
        pipeline.years_in(tmp_path / "missing")


# ---- exit codes


def result(documents: int = 1, problems: int = 0, broken: int = 0, **findings: int) -> Result:
    lines = ("a.txt:3: unreadable",)
    return Result(documents, 1, 1, findings, lines * problems, (), ("rule SC01: broke",) * broken)


EXIT_CODES = [
    ("clean", [result()], "info", 0),
    ("a document without any form", [Result(1, 0, 0, {})], "info", 0),
    ("findings, never", [result(critical=1)], "never", 0),
    ("findings at the limit", [result(warning=1)], "warning", 1),
    ("findings above the limit", [result(critical=1)], "info", 1),
    ("findings below the limit", [result(info=9)], "warning", 0),
    ("something not understood", [result(problems=1)], "never", 3),
    ("a rule that broke", [result(broken=1)], "never", 3),
    ("not understood comes before findings", [result(problems=1, critical=1)], "critical", 3),
    ("nothing could be read", [result(documents=0, problems=1)], "never", 2),
    ("one year of two could not be read", [result(), result(documents=0, problems=1)], "never", 3),
    ("findings in one year of two", [result(), result(critical=1)], "critical", 1),
]


@pytest.mark.parametrize(
    ("name", "results", "fail_on", "code"), EXIT_CODES, ids=[case[0] for case in EXIT_CODES]
)
def test_exit_codes(name: str, results: list[Result], fail_on: summary.FailOn, code: int) -> None:
    years = [YearResult(2020 + number, one) for number, one in enumerate(results)]
    assert summary.exit_code(years, fail_on) == code


def test_a_year_that_failed_is_not_done() -> None:
    assert summary.exit_code([YearResult(2022, result(), ("notebook failed",))]) == 3
    assert summary.exit_code([YearResult(2022, NOTHING, ("no such folder",))]) == 2
    both = [YearResult(2022, result()), YearResult(2023, NOTHING, ("no such folder",))]
    assert summary.exit_code(both) == 3


def test_problems_of_one_kind_are_one_line_with_file_and_line(tmp_path: Path) -> None:
    raw = folder(tmp_path / "2021", a__txt=REAL)
    pipeline.make_tables(2021, tmp_path, tmp_path / "out")
    (tmp_path / "2021" / "b.txt").write_bytes(REAL)
    pipeline.make_tables(2021, tmp_path, tmp_path / "out")
    told = summary.of(tmp_path / "out" / "2021", raw)
    assert told.problems == ()
    assert told.notices[0] == f"{raw / 'b.txt'}: 19 of its forms are read from a.txt instead"
    (tmp_path / "2021" / "b.txt").write_bytes(REAL.replace(b"100.00%", b"99.00%"))
    pipeline.make_tables(2021, tmp_path, tmp_path / "out")
    told = summary.of(tmp_path / "out" / "2021", raw)
    assert told.problems == ()
    kept = "another form of the same project, kept as 2021-"
    (second,) = (one for one in told.notices if kept in one)
    assert second.startswith(f"{raw / 'b.txt'}:")
    assert second.endswith("-2 (and 1 more)")


# ---- manifest


@pytest.fixture
def where(tmp_path: Path) -> Mapping[str, Path]:
    folder(tmp_path / "raw" / "2022", a__txt=b"a", audit__yml=b"title: t")
    folder(tmp_path / "reports" / "2022" / "projects", x__html=b"x")
    folder(tmp_path / "reports" / "2022", __hidden=b"", manifest__json=b"old")
    folder(tmp_path / "expectations" / "__pycache__", x__pyc=b"")
    folder(tmp_path / "notebooks", n__ipynb=b"{}")
    tables.write({}, tmp_path / "processed" / "2022", {"parameters": {"rate": 0.9}})
    names = ("raw", "processed", "reports", "expectations", "notebooks")
    return {name: tmp_path / name for name in names}


def test_the_manifest_has_every_input_and_output_and_nothing_of_the_machine(
    where: Mapping[str, Path], tmp_path: Path
) -> None:
    path = manifest.write(2022, where)
    text = path.read_text("utf-8")
    made = json.loads(text)
    assert sorted(made["inputs"]) == ["raw/2022/a.txt", "raw/2022/audit.yml"]
    assert sorted(made["outputs"]) == [
        "processed/2022/datapackage.json", "reports/2022/projects/x.html",
    ]  # fmt: skip
    assert made["inputs"]["raw/2022/a.txt"] == hashlib.sha256(b"a").hexdigest()
    assert (made["expectations"], list(made["notebooks"])) == ({}, ["notebooks/n.ipynb"])
    assert made["parameters"] == {"language": "zh", "rate": 0.9}
    assert set(made["versions"]) == {"python", *manifest.PACKAGES}
    assert str(tmp_path) not in text


def test_the_manifest_is_the_same_until_something_changes(where: Mapping[str, Path]) -> None:
    first = manifest.write(2022, where).read_bytes()
    assert manifest.write(2022, where).read_bytes() == first
    (where["raw"] / "2022" / "a.txt").write_bytes(b"b")
    assert manifest.write(2022, where).read_bytes() != first


# ---- the whole run


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_a_run_makes_everything_of_every_year_that_it_can(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    folder(raw / "2022", **{"自评表 一__txt": REAL, "empty__txt": b""})
    folder(raw / "2023", prose__txt="本部门无项目。".encode())
    folder(raw / "2024", audit__yml=b"title: [", a__txt=b"")
    made = tmp_path / "made"
    steps: list[str] = []
    counts: set[tuple[int, int]] = set()

    def progress(step: str, done: int, total: int) -> None:
        steps.extend([step] if done == total else [])
        counts.update([(done, total)] if step == "2022 tables" else [])

    years = pipeline.run(
        [2021, 2022, 2023, 2024],
        raw,
        made / "processed",
        made / "reports",
        jobs=2,
        progress=progress,
    )
    assert summary.exit_code(years) == 3
    assert [year.result.forms for year in years] == [0, 19, 0, 0]
    assert [year.index is not None for year in years] == [False, True, True, False]
    assert years[0].failures == (f"{raw / '2021'}: cannot be read: No such file or directory",)
    assert years[1].failures == years[2].failures == ()
    assert years[1].result.problems == (f"{raw / '2022' / 'empty.txt'}: the file is empty",)
    assert years[2].result.findings is None
    assert years[3].failures[0].startswith(f"{raw / '2024' / 'audit.yml'}:1: is no YAML")
    assert steps == [
        f"{year} {step}"
        for year in (2022, 2023)
        for step in ("tables", "rules", "findings", "workbook", "reports")
    ]
    assert (2, 2) in counts
    assert counts <= {(0, 1), (0, 2), (1, 2), (2, 2)}
    check_outputs(made)
    again = tmp_path / "again"
    pipeline.run([2022], raw, again / "processed", again / "reports", jobs=2)
    first = {name: data for name, data in contents(made).items() if "/2022/" in name}
    assert contents(again) == first


def check_outputs(made: Path) -> None:
    """Nothing is missing, half-written or of this machine, and the manifest has it all."""
    pages = sorted((made / "reports" / "2022" / "projects").glob("*.html"))
    assert len(pages) == 19
    found = contents(made)
    listed = json.loads(found["reports/2022/manifest.json"])["outputs"]
    assert listed == {
        name: hashlib.sha256(data).hexdigest()
        for name, data in found.items()
        if "/2022/" in name and not name.endswith("manifest.json")
    }
    assert not [name for name in found if name.rpartition("/")[2].startswith(".")]
    assert not [name for name, data in found.items() if str(made.parent).encode() in data]
    assert {name.split("/")[1] for name in found} == {"2022", "2023"}


def test_a_notebook_that_fails_is_told_and_leaves_no_manifest(tmp_path: Path) -> None:
    broken = tmp_path / "notebooks"
    shutil.copytree(ROOT / "notebooks", broken)
    text = (broken / "01_tables.ipynb").read_text("utf-8")
    (broken / "01_tables.ipynb").write_text(text.replace("make_tables(", "no_such_step("), "utf-8")
    reports = folder(tmp_path / "reports" / "2022", manifest__json=b"{}").parent
    (year,) = pipeline.run([2022], RAW, tmp_path / "processed", reports, notebooks=broken)
    (failure,) = year.failures
    assert failure.startswith("01_tables.ipynb, cell ")
    assert "(year 2022)" in failure
    assert "no_such_step" in failure
    assert (year.index, summary.exit_code([year])) == (None, 2)
    assert not (reports / "2022" / "manifest.json").exists()
