"""The command line as a person or a script uses it: what is said where, and exit codes."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from audit_utils import cli, pipeline, tables, terminal
from audit_utils.errors import AuditError
from audit_utils.summary import NOTHING, Result, YearResult

ROOT = Path(__file__).parents[1]
REAL = ROOT / "data" / "raw" / "2022" / "shanghai-health-inspection.txt"

Captured = pytest.CaptureFixture[str]


# ---- the call


def test_help_names_every_command_and_comes_at_once() -> None:
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "audit_utils.cli", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert time.perf_counter() - start < 0.5
    for word in (
        "run",
        "tables",
        "check",
        "decide",
        "explain",
        "diff",
        "verify",
        "data/raw/2025/",
        "exit codes",
    ):
        assert word in done.stdout


def test_nothing_heavy_is_imported_for_help() -> None:
    code = "import sys, audit_utils.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"pyarrow", "pandas", "numpy", "great_expectations", "papermill", "rich", "yaml"}
    assert not heavy & {name.split(".")[0] for name in done.stdout.split()}


WRONG_CALLS = [
    ("no command", [], "the following arguments are required: COMMAND"),
    ("unknown command", ["frob"], "invalid choice: 'frob'"),
    ("no year", ["run", "20a"], "argument YEAR: '20a' is no year, such as 2022"),
    ("full-width year", ["run", "２０２２"], "is no year, such as 2022"),
    ("no jobs", ["run", "--jobs", "0"], "argument --jobs: '0' is no number from 1 to 256"),
    ("unknown severity", ["run", "--fail-on", "fatal"], "argument --fail-on: invalid choice"),
    ("tables without a target", ["tables", "a.txt"], "the following arguments are required: --out"),
    ("terminal codes", ["run", "--x\x1b[31m"], "unrecognized arguments: --x\\u001b[31m"),
]


@pytest.mark.parametrize(
    ("name", "argv", "message"), WRONG_CALLS, ids=[case[0] for case in WRONG_CALLS]
)
def test_a_wrong_call_is_told_and_is_2(
    capsys: Captured, name: str, argv: list[str], message: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(argv)
    out, err = capsys.readouterr()
    assert ended.value.code == 2
    assert message in err
    assert out == ""


# ---- run: a pipeline that does what the test says


@contextmanager
def running(monkeypatch: pytest.MonkeyPatch, *results: YearResult) -> Iterator[list[object]]:
    calls: list[object] = []

    def fake(years: list[int], *folders: Path, **options: object) -> list[YearResult]:
        calls.extend((years, [folder.as_posix() for folder in folders], options["jobs"]))
        return list(results)

    monkeypatch.setattr(pipeline, "run", fake)
    yield calls


def test_run_ends_with_what_was_read_found_and_not_understood(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = Result(
        documents=2, forms=1, indicators=17,
        findings={"critical": 2, "info": 1},
        settled={"critical": 1},
        problems=("data/raw/2022/a.txt:7: score is not a number of points: 十",),
        notices=("data/raw/2022/b.txt: holds no form",),
        broken=("rule SC01: KeyError",),
    )  # fmt: skip
    year = YearResult(
        2022, result, ("03_report.ipynb, cell 4: broke",), Path("reports/2022/index.html")
    )
    with running(monkeypatch, year):
        assert cli.main(["run", "2022"]) == 3
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "2022: 2 documents, 1 form, 17 indicators read",
        "  3 findings: 1 critical, 0 warning, 1 info, 1 accepted or false positive",
        "  not understood: data/raw/2022/a.txt:7: score is not a number of points: 十",
        "  failed: rule SC01: KeyError",
        "  note: data/raw/2022/b.txt: holds no form",
        "  failed: 03_report.ipynb, cell 4: broke",
        "  reports: reports/2022/index.html",
    ]
    assert err == ""


def test_run_hands_on_its_options(monkeypatch: pytest.MonkeyPatch) -> None:
    with running(monkeypatch) as calls:
        cli.main(["run", "2024", "2022", "2022", "--raw", "a", "--processed", "b", "--jobs", "3"])
    assert calls == [[2022, 2024], ["a", "b", "reports"], 3]


def test_fail_on_counts_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    found = YearResult(2022, Result(1, 1, 1, {"warning": 1}))
    with running(monkeypatch, found):
        assert cli.main(["run", "2022"]) == 0
        assert cli.main(["run", "2022", "--fail-on", "critical"]) == 0
        assert cli.main(["run", "2022", "--fail-on", "warning"]) == 1


def test_a_long_list_is_cut_and_counted(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(monkeypatch, YearResult(2022, Result(1, 1, 1, {}, ("a.txt:1: no",) * 25))):
        cli.main(["run", "2022"])
    lines = capsys.readouterr().out.splitlines()
    assert lines.count("  not understood: a.txt:1: no") == 20
    assert "  not understood: 5 more" in lines


def test_names_from_documents_do_not_steer_the_terminal(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "a\x1b[2J\x9b\u202e\n\ud800.txt"
    with running(monkeypatch, YearResult(2022, NOTHING, (name,))):
        assert cli.main(["run", "2022"]) == 2
    assert "2022: failed: a\\u001b[2J\\u009b\\u202e\\u000a\\ud800.txt\n" in capsys.readouterr().out


def test_years_default_to_all_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("2021", "2023", "notes"):
        (tmp_path / name).mkdir()
    with running(monkeypatch) as calls:
        cli.main(["run", "--raw", str(tmp_path)])
    assert calls[0] == [2021, 2023]


def test_a_missing_folder_is_one_clear_line(capsys: Captured, tmp_path: Path) -> None:
    assert cli.main(["run", "--raw", str(tmp_path / "没有")]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == (
        "", f"audit-utils: {tmp_path / '没有'}: cannot be read: No such file or directory\n",
    )  # fmt: skip


def test_an_unwritable_folder_is_one_clear_line(capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    target = tmp_path / "file" / "out"
    assert cli.main(["run", "2022", "--processed", str(target)]) == 2
    assert capsys.readouterr().err == f"audit-utils: {target}: cannot be written: Not a directory\n"
    assert cli.main(["tables", str(REAL), "--out", str(target)]) == 2
    assert "cannot be written: Not a directory" in capsys.readouterr().err


@pytest.mark.parametrize(("call", "language"), [([], "zh"), (["--language", "en"], "en")])
def test_a_run_is_in_the_language_asked_for(
    call: list[str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, object] = {}
    monkeypatch.setattr(pipeline, "run", lambda *_, **options: given.update(options) or [])
    cli.main(["run", "2022", *call])
    assert given["language"] == language


def test_an_interrupted_run_says_so(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "run", interrupt)
    assert cli.main(["run", "2022"]) == 130
    assert capsys.readouterr().err == "audit-utils: interrupted\n"


def test_progress_is_a_line_a_step_in_a_log(capsys: Captured) -> None:
    with terminal.progress() as progress:
        for done in range(4):
            progress("2022 reports", done, 3)
    out, err = capsys.readouterr()
    assert (out, err) == ("", "2022 reports ...\n")


def test_progress_is_a_bar_on_a_terminal(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with terminal.progress() as progress:
        progress("2022 reports", 2, 4)
    out, err = capsys.readouterr()
    assert out == ""
    assert "2022 reports" in err
    assert "2/4" in err


# ---- tables


def test_tables_of_a_document(capsys: Captured, tmp_path: Path) -> None:
    assert cli.main(["tables", str(REAL), "--out", str(tmp_path / "out")]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "document                        kind  form             forms  problems  ended",
        "shanghai-health-inspection.txt  text  self_evaluation  19     0         read",
    ]
    assert err == ""
    assert tables.read(tmp_path / "out")["indicators"].num_rows == 279


def test_columns_line_up_under_chinese_names(capsys: Captured, tmp_path: Path) -> None:
    for name in ("自评表 一.txt", "b.txt"):
        (tmp_path / name).write_bytes(REAL.read_bytes())
    names = [str(tmp_path / "自评表 一.txt"), str(tmp_path / "b.txt")]
    assert cli.main(["tables", *names, "--out", str(tmp_path / "out"), "--year", "2022"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "document       kind  form             forms  problems  ended",
        "b.txt          text  self_evaluation  19     0         read",
        "自评表 一.txt  text  -                0      0         copy",
    ]


def test_tables_as_json(capsys: Captured, tmp_path: Path) -> None:
    assert cli.main(["tables", str(REAL), "--out", str(tmp_path), "--format", "json"]) == 0
    read = {"kind": "text", "form": "self_evaluation", "forms": 19, "problems": 0, "ended": "read"}
    assert json.loads(capsys.readouterr().out) == [{"document": REAL.name} | read]


def test_a_document_without_a_form_is_an_answer(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "说明.txt"
    path.write_text("其他相关情况说明\n\n本部门无项目。\n", "utf-8")
    assert cli.main(["tables", str(path), "--out", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().err == f"  note: {path}: holds no form\n"
    assert tables.read(tmp_path / "out")["documents"].to_pylist()[0]["form"] is None


def test_a_document_that_cannot_be_used_is_2_alone_and_3_beside_others(
    capsys: Captured, tmp_path: Path
) -> None:
    path, out = tmp_path / "空 文件.txt", tmp_path / "out"
    path.write_bytes(b"")
    assert cli.main(["tables", str(path), "--out", str(out)]) == 2
    assert capsys.readouterr().err == f"  not understood: {path}: the file is empty\n"
    assert not out.exists()
    assert cli.main(["tables", str(path), str(REAL), "--out", str(out)]) == 3
    assert tables.read(out)["projects"].num_rows == 19


def test_a_name_that_is_hostile_or_no_utf8_is_told_in_plain_signs(
    capsys: Captured, tmp_path: Path
) -> None:
    hostile, latin = tmp_path / "a\x1b[2J\u202e.txt", os.fsencode(tmp_path / "b.txt") + b"\xff"
    hostile.write_bytes(REAL.read_bytes())
    Path(os.fsdecode(latin)).write_bytes(REAL.read_bytes())
    argv = ["tables", str(hostile), os.fsdecode(latin), "--out", str(tmp_path / "out")]
    assert cli.main([*argv, "--year", "2022"]) == 3
    out, err = capsys.readouterr()
    assert [line.split() for line in out.splitlines()[1:]] == [
        ["a\\u001b[2J\\u202e.txt", "text", "self_evaluation", "19", "0", "read"],
        ["b.txt\\xff", "-", "-", "-", "1", "not", "understood"],
    ]
    assert err.endswith(r"b.txt\xff: cannot be read: its name is not UTF-8; rename it" "\n")
    assert (out + err).replace("\n", "").isprintable()


# ---- check and explain


@pytest.fixture
def checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Tables of one year with the results of a rule."""
    made = pipeline.make_tables(2022, ROOT / "data" / "raw", tmp_path)
    first = made["projects"].column("project_id")[0].as_py()
    results = {
        "checks": [{"rule": "SC01", "project_id": first, "outcome": "fail", "applied": 1}],
        "findings": [
            {
                "finding_id": "f", "rule": "SC01", "severity": "critical", "project_id": first,
                "condition": "99.36", "expected": "99.08", "document": REAL.name, "line_start": 150,
            }
        ],
    }  # fmt: skip

    def fake(folder: Path, _: Path, as_of: date | None) -> None:
        tables.write({name: tables.of_rows(name, rows) for name, rows in results.items()}, folder)

    monkeypatch.setattr(pipeline, "check_folder", fake)
    monkeypatch.setattr(pipeline, "faults", lambda _: [])
    return tmp_path


def test_check_prints_the_outcomes_of_every_rule(capsys: Captured, checked: Path) -> None:
    for folder in (checked, checked / "2022"):
        assert cli.main(["check", "--processed", str(folder)]) == 0
        assert capsys.readouterr().out.splitlines() == [
            "folder  rule  fail  error  cannot_evaluate  rounding  pass  not_applicable",
            "2022    SC01  1     0      0                0         0     0",
        ]


def test_check_tells_of_rules_that_no_table_can_name(
    capsys: Captured, checked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "faults", lambda _: ["cells.json:7: is not JSON"])
    assert cli.main(["check", "--processed", str(checked)]) == 3
    assert capsys.readouterr().err == "  failed: cells.json:7: is not JSON\n"


def test_check_without_tables_is_2(capsys: Captured, tmp_path: Path) -> None:
    assert cli.main(["check", "--processed", str(tmp_path)]) == 2
    assert f"{tmp_path}: holds no tables" in capsys.readouterr().err


def test_explain_tells_a_rule_and_what_it_found_last(capsys: Captured, checked: Path) -> None:
    assert cli.main(["explain", "sc01", "--processed", str(checked)]) == 0
    before = capsys.readouterr().out
    assert before.startswith("SC01  critical  ")
    assert "last run        none yet" in before
    cli.main(["check", "--processed", str(checked)])
    capsys.readouterr()
    assert cli.main(["explain", "SC01", "--processed", str(checked)]) == 0
    out = capsys.readouterr().out
    assert "last run        2022: 1 fail" in out
    assert f"{REAL.name}:150  99.36 -> 99.08" in out
    assert cli.main(["explain", "SC01", "--processed", str(checked), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["found"][0]["outcomes"] == {"fail": 1}


def test_explain_shows_parameters_and_examples(capsys: Captured, tmp_path: Path) -> None:
    made = pipeline.make_tables(2022, ROOT / "data" / "raw", tmp_path)
    tables.write(made, tmp_path / "2022", {"parameters": {"execution_rate": 0.9}})
    assert cli.main(["explain", "FU05", "--processed", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "  parameters      execution_rate = 0.8; 2022: 0.9  Execution rate below which" in told
    assert "  passes          " in told
    assert "  fails           " in told
    argv = ["explain", "FU05", "--processed", str(tmp_path), "--format", "json"]
    assert cli.main(argv) == 0
    read = json.loads(capsys.readouterr().out)
    assert read["parameters"][0]["in_force"] == {"2022": 0.9}
    assert {"pass", "fail"} <= {one["outcome"] for one in read["examples"]}


def test_explain_of_a_rule_that_cannot_be_read_says_why(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "expectations", tmp_path / "expectations")
    path = tmp_path / "expectations" / "self_evaluation" / "funds.json"
    path.write_text(path.read_text("utf-8").replace('"severity": "critical"', '"x": 1', 1), "utf-8")
    monkeypatch.chdir(tmp_path)
    assert cli.main(["explain", "FU01"]) == 2
    assert capsys.readouterr().err == (
        "audit-utils: expectations/self_evaluation/funds.json:4: FU01: severity is missing\n"
    )


def test_explain_of_an_unknown_rule_lists_those_that_there_are(capsys: Captured) -> None:
    assert cli.main(["explain", "XX99"]) == 2
    err = capsys.readouterr().err
    assert "there is no rule XX99; there are" in err
    assert "SC01" in err


def test_an_error_of_the_library_is_one_line(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AuditError("is broken", "a\x1b.json", 3)

    monkeypatch.setattr(pipeline, "run", fail)
    assert cli.main(["run", "2022"]) == 2
    assert capsys.readouterr().err == "audit-utils: a\\u001b.json:3: is broken\n"
