"""The file of labels: well formed, and read as it is meant."""

import ast
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from audit_utils import documents
from audit_utils.errors import AuditError
from audit_utils.forms.labelfile import errors, faults
from audit_utils.forms.labels import label
from audit_utils.forms.vocabulary import PATH, vocabulary
from audit_utils.records import Form


def entries() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(PATH.read_text("utf-8"))
    return found


def test_the_file_is_well_formed() -> None:
    assert list(faults(entries())) == []


def test_every_text_is_found_where_it_stands() -> None:
    words = vocabulary()
    parts = {name: words.parts[name] for name in words.parts}
    for name in ("head", "fund_columns", "sources", "request", "indicator_columns"):
        for meaning, texts in entries()[name].items():
            for text in texts:
                assert meaning in words.meanings(name, text), (name, text)
    assert parts["level1"].keys() >= {"产出指标", "效益指标", "满意度指标", "成本指标"}


def test_every_group_has_its_level_1() -> None:
    words = vocabulary()
    assert set(words.groups) == set(entries()["level2"])
    assert set(words.groups.values()) == set(entries()["level1"])
    assert words.groups["成本指标"] == "产出指标"


@pytest.mark.parametrize(
    ("group", "name", "speaks"),
    [
        ("质量指标", "设备验收一次合格率", True),
        ("质量指标", "工程验收完成率", True),
        ("质量指标", "合格率的提高", False),
        ("成本指标", "人均成本控制", True),
        ("数量指标", "培训人次", True),
    ],
)
def test_words_that_speak_for_a_group(group: str, name: str, speaks: bool) -> None:
    assert bool(vocabulary().group_words[group].search(name)) == speaks


@pytest.mark.parametrize(
    ("text", "key", "unit", "points"),
    [
        ("产出指标\n（50分）", "产出指标", "", "50"),
        ("项目资金\n( 万元 )", "项目资金", "万元", ""),
        ("年度预算数(单位：元)", "年度预算数", "元", ""),
        ("其中：当年财政拨款", "当年财政拨款", "", ""),
        ("执 行 率（B/A）", "执行率", "", ""),
        ("预算执行进度(%)", "预算执行进度", "%", ""),
        ("得分 (20分*执行率)", "得分", "", "20"),
        ("1.项目年度目标完成情况：", "项目年度目标完成情况", "", ""),
        ("一、基本情况", "基本情况", "", ""),
        ("实施单位（盖章）", "实施单位", "", ""),
        ("二级指标(长期)", "二级指标(长期)", "", ""),
        ("5.8万元", "5.8万元", "", ""),
    ],
)
def test_labels(text: str, key: str, unit: str, points: str) -> None:
    found = label(text)
    assert (found.key, found.unit, found.points) == (key, unit, points)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("项目支出绩效自评表\n（2022年度）", "self_evaluation"),
        ("2022年度黄石市海绵城市示范申报经费项目自评表", "self_evaluation"),
        ("财政项目支出绩效目标申报表", "target_declaration"),
        ("项目支出绩效目标表 2024年度", "target_declaration"),
        ("部门整体支出绩效自评表", "other"),
        ("项目支出绩效运行监控表", "other"),
        ("预算执行情况说明", ""),
    ],
)
def test_titles(text: str, kind: str) -> None:
    assert vocabulary().title(text) == kind


@pytest.mark.parametrize(
    ("part", "change", "message"),
    [
        ("head", {"name": ["项目名称"]}, "head: department is missing"),
        ("level1", ["产出指标"], "level1: must hold names with their labels"),
        ("total", "总分", "total: must be a list of texts"),
        ("total", ["总分", 1], "total: 1 is no label"),
        ("aside", ["项目代码", " ："], 'aside: " ：" is no label'),
        ("aside", ["项目代码", "1、项目 代码："], "aside: 1、项目 代码： stands there twice"),
        ("level2", {"数量指标": ["数量"], "质量指标": ["数 量："]},
         "level2: 数 量： means 数量指标 and 质量指标"),
        ("level2", {"数量指标": ["质量指标"], "质量指标": []},
         "level2: 质量指标 means 质量指标 and 数量指标"),
        ("objectives", {}, "objectives: self_evaluation is missing"),
        ("objectives", {"declaration": {}}, "objectives: there is no declaration, "
         "only self_evaluation, target_declaration"),
        ("groups", {"产出指标": []}, "groups: 效益指标 is missing"),
        ("group_words", {"进度指标": ["进度"]}, "group_words: 进度指标 is no name of level2"),
        ("group_words_due", ["进度指标"], "group_words_due: 进度指标 is no name of level2"),
        ("group_words", {"数量指标": "数"}, "group_words.数量指标: must be a list of texts"),
    ],
)  # fmt: skip
def test_a_broken_file_is_told(tmp_path: Path, part: str, change: Any, message: str) -> None:
    path = tmp_path / "labels.json"
    path.write_text(json.dumps(entries() | {part: change}), "utf-8")
    with pytest.raises(AuditError) as error:
        vocabulary(path)
    assert error.value.message == message


def test_a_part_too_many_is_told(tmp_path: Path) -> None:
    path = tmp_path / "labels.json"
    path.write_text(json.dumps(entries() | {"heads": {}}), "utf-8")
    with pytest.raises(AuditError, match="the file: there is no heads, only titles, objectives"):
        vocabulary(path)


def test_a_source_of_the_year_may_be_one_of_the_project_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "labels.json"
    request = entries()["request"]
    request["project_other"].append("单位资金")
    path.write_text(json.dumps(entries() | {"request": request}), "utf-8")
    assert [error.message for error in errors(path)] == [
        "request: 单位资金 means project_other and project_unit_funds"
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("项目性质", "项目 名称：", "nature", "head: 项目 名称： means name and nature"),
        ('"nature"', '"natuer"', "natuer", "head: there is no natuer, only name, department"),
        ('"nature"', '"category": [],\n    "nature"', "category", "category stands there twice"),
        ('["项目性质"]', "项目性质", "nature", "is not JSON: Expecting value"),
    ],
)
def test_a_fault_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: str, message: str
) -> None:
    text = PATH.read_text("utf-8").replace(old, new, 1)
    path = tmp_path / "labels.json"
    path.write_text(text, "utf-8")
    first = errors(path)[0]
    assert first.message.startswith(message)
    numbers = [n for n, one in enumerate(text.splitlines(), 1) if f'"{line}"' in one]
    assert first.line == numbers[-1 if "twice" in message else 0]


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = PATH.read_text("utf-8").replace("项目性质", "项目 名称：", 1).replace("总分", "：", 1)
    path = tmp_path / "labels.json"
    path.write_text(text, "utf-8")
    assert [error.message for error in errors(path)] == [
        "head: 项目 名称： means name and nature", 'total: "：" is no label',
    ]  # fmt: skip


# --- a label that a steward adds, read by both readers ------------------------------------

EVALUATION = """项目支出绩效自评表
(2022年度)
{name} 河道保洁
主管部门 某区水务局 实施单位 某区河道所
{side}
(万元)
年初预算数 {column} 全年执行数 分值 执行率 得分
{source} 100 80 76 10 95.00% 9.50
其中：当年财政拨款 100 80
{goal} 实际完成情况
河面清洁。 河面清洁。
一级指标 二级指标 三级指标 {target} 实际完成值 分值 得分 偏差原因分析及改进措施
{level1} {level2} 保洁长度 ≥60公里 62公里 90 90
{total} 100 99.50
"""
DECLARATION = """项目支出绩效目标申报表
(2024年度)
项目名称 河道保洁
主管部门 某区水务局 实施单位 某区河道所
项目资金
(万元)
{request} 80.00
其中：当年财政拨款 80.00
项目总目标 年度总体目标
三年河面清洁。 河面清洁。
一级指标 二级指标 三级指标 年度(/项目)指标值
产出指标 数量指标 保洁长度 ≥60公里
"""
USUAL = {
    "name": "项目名称", "side": "项目资金", "column": "全年预算数", "source": "年度资金总额",
    "goal": "预期目标", "target": "年度指标值", "level1": "产出指标", "level2": "数量指标",
    "total": "总分", "request": "年度资金申请总额",
}  # fmt: skip
MADE_UP = {
    "name": ("head", "name", "名号"),
    "side": ("sides", "funds", "钱款部分"),
    "column": ("fund_columns", "annual_budget", "核定数目"),
    "source": ("sources", "total", "全部钱款"),
    "goal": ("objectives", "self_evaluation", "objective_expected", "年初打算"),
    "target": ("indicator_columns", "target", "应达数"),
    "level1": ("level1", "产出指标", "产物指数"),
    "level2": ("level2", "数量指标", "数目指数"),
    "total": ("total", "分数总计"),
    "request": ("request", "total", "全年请款"),
}
"""Place in the document -> where a steward adds a label, and the label."""


def texts_of(form: Form) -> dict[str, str | None]:
    """What a form says, whatever its labels are."""
    rows = {"head": form.head, **form.funds, "indicator": form.indicators[0]}
    return {
        f"{name}.{key}": cell.reading or cell.printed
        for name, row in rows.items()
        for key, cell in row.items()
    }


EVALUATION_TABLE = """
{name}|7:河道保洁
主管部门|3:某区水务局|实施单位|3:某区河道所
{side}(万元)||年初预算数|{column}|全年执行数|分值|执行率|得分
|{source}|100|80|76|10|95.00%|9.50
|其中：当年财政拨款|100|80||||
4:{goal}|4:实际完成情况
4:河面清洁。|4:河面清洁。
一级指标|二级指标|三级指标|{target}|实际完成值|分值|得分|偏差原因分析及改进措施
{level1}|{level2}|保洁长度|≥60公里|62公里|90|90|
5:{total}|100|99.50|
"""
DECLARATION_TABLE = """
项目名称|3:河道保洁
主管部门|某区水务局|实施单位|某区河道所
项目资金(万元)|{request}|2:80.00
|其中：当年财政拨款|2:80.00
2:项目总目标|2:年度总体目标
2:三年河面清洁。|2:河面清洁。
一级指标|二级指标|三级指标|年度(/项目)指标值
产出指标|数量指标|保洁长度|≥60公里
"""


def as_table(text: str) -> str:
    """A web page with a table: a row a line, cells between bars, `3:` before a wide one."""
    rows = []
    for line in text.split("\n"):
        cells = [re.fullmatch(r"(?:(\d):)?(.*)", cell) for cell in line.split("|") if line]
        wide = [f'<td colspan="{cell[1] or 1}">{cell[2]}</td>' for cell in cells if cell]
        rows.append(f"<tr>{''.join(wide)}</tr>")
    return f"<table>{''.join(rows)}</table>"


@pytest.fixture
def steward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Sequence[str]], None]:
    """Adds a label to a copy of the file, which is then the one in use."""

    def add(place: Sequence[str]) -> None:
        changed = entries()
        *way, label = place
        texts = changed
        for step in way:
            texts = texts[step]
        assert isinstance(texts, list)
        texts.append(label)
        path = tmp_path / "labels.json"
        path.write_text(json.dumps(changed), "utf-8")
        monkeypatch.setattr("audit_utils.forms.vocabulary.PATH", path)

    return add


@pytest.mark.parametrize("place", MADE_UP)
@pytest.mark.parametrize("kind", ["txt", "html"])
def test_a_label_that_is_added_is_read_in_text_and_in_tables(
    place: str, kind: str, tmp_path: Path, steward: Callable[[Sequence[str]], None]
) -> None:
    template = {
        "txt": DECLARATION if place == "request" else EVALUATION,
        "html": DECLARATION_TABLE if place == "request" else EVALUATION_TABLE,
    }[kind]
    show: Callable[[str], str] = as_table if kind == "html" else str
    path = tmp_path / f"form.{kind}"
    path.write_text(show(template.format(**USUAL)), "utf-8")
    (usual,) = documents.read(path).forms
    label = MADE_UP[place][-1]
    path.write_text(show(template.format(**USUAL | {place: label})), "utf-8")
    before = documents.read(path)
    assert before.problems or texts_of(before.forms[0]) != texts_of(usual)
    steward(MADE_UP[place])
    document = documents.read(path)
    assert document.problems == ()
    assert [texts_of(form) for form in document.forms] == [texts_of(usual)]


@pytest.mark.parametrize(
    ("part", "text", "meaning"),
    [
        ("head", "项⽬名称", "name"),
        ("head", "主管部⻔", "department"),
        ("indicator_columns", "⼀级指标", "level1"),
        ("indicator_columns", "⾃评得分（分）", "score"),
        ("sources", "其中：（1）财政拨款", "current_year_fiscal"),
        ("level1", "产出指标50分", "产出指标"),
        ("fund_columns", "执行率（③/②）", "execution_rate"),
        ("head", "实施单位※", "unit"),
    ],
)
def test_what_a_label_is_told_without(part: str, text: str, meaning: str) -> None:
    assert vocabulary().meaning(part, text) == meaning


# --- no label in code -----------------------------------------------------------------------

MESSAGE = "named in a message, as the usual word for what is missing"
UNIT = "stands before a unit of money: 单位：万元"
BRACKET = "what a bracket behind a label may hold"
ALLOWED = {
    "项目名称": MESSAGE, "一级指标": MESSAGE, "二级指标": MESSAGE, "三级指标": MESSAGE,
    "单位": UNIT, "金额单位": UNIT, "满分": BRACKET, "盖章": BRACKET,
    "得分": "a part of labels of totals, which tells a score from money",
}  # fmt: skip
"""Word -> why it stands in code though it is a label."""


def literals(tree: ast.AST) -> Iterator[str]:
    """The texts in code that are no docstrings."""
    nodes = (node for node in ast.walk(tree) if hasattr(node, "body"))
    bodies = (node.body for node in nodes if isinstance(node.body, list))
    told = {id(s.value) for body in bodies for s in body if isinstance(s, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def test_no_label_stands_in_code() -> None:
    words = vocabulary()
    parts = [part for part in words.parts if part != "qualities"]
    found = {
        word
        for path in sorted(PATH.parent.rglob("*.py"))
        for text in literals(ast.parse(path.read_text("utf-8")))
        for word in re.findall(r"[\u4e00-\u9fff]{2,}", text)
        if any(words.meaning(part, word) for part in parts)
    }
    assert found == set(ALLOWED)
