"""The catalogues: everything that is said has its English, and nothing in them is left over."""

import ast
import json
import re
import string
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import reporting
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import babel_extract
from reporting import EXPECTATIONS, NOTEBOOKS

from audit_utils import language, pipeline, rulebook, tables
from audit_utils.dictionary import TABLES
from audit_utils.errors import AuditError
from audit_utils.language import CATALOGUES, _, english, speaking
from audit_utils.report import data, text
from audit_utils.report.html import marked

PACKAGE = Path(language.__file__).parent
HAN = re.compile("[\u3400-\u9fff]")
PRINTED = {"应", "应为 ", "（申报表）"}
"""Chinese in the code of the reports that is compared with, and never shown."""

TEMPLATES = sorted(PACKAGE.rglob("*.j2"))
MODULES = sorted(PACKAGE.rglob("*.py"))
PAGES = [NOTEBOOKS / f"{name}.ipynb" for name in ("03_report", "rules", "index")]


# ---- what is said


@cache
def said() -> frozenset[str]:
    """Every text inside `_()`, and every heading that a notebook puts on a page."""
    found = {one for path in MODULES for one in translated(path)}
    for path in TEMPLATES:
        with path.open("rb") as file:
            messages = [one for _line, _name, one, _comment in babel_extract(file, ["_"], [], {})]
        found |= {one if isinstance(one, str) else str(one[0]) for one in messages if one}
    found |= {source for path in PAGES for source in headings(path)}
    return frozenset(found - PRINTED)


def translated(path: Path) -> Iterator[str]:
    """Every text in a first argument of `_()`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "_":
            yield from texts(node.args[0])


def texts(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def headings(path: Path) -> Iterator[str]:
    for cell in json.loads(path.read_text("utf-8"))["cells"][1:]:
        if cell["cell_type"] == "markdown" and "lab" not in cell["metadata"].get("tags", ()):
            yield "".join(cell["source"])


def constants(path: Path) -> set[str]:
    """Every Chinese text of a module that is no docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    notes = {
        id(one.value) for node in ast.walk(tree) for one in ast.iter_child_nodes(node)
        if isinstance(one, ast.Expr)
    }  # fmt: skip
    return {
        node.value for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        and HAN.search(node.value) and id(node) not in notes
    }  # fmt: skip


def shown_constants() -> Iterator[str]:
    """Names that are said with `_()` around a variable: columns, bases, words of the reports."""
    for table in TABLES.values():
        yield from (column.zh for column in table.columns)
    for parameter in rulebook.parameters(EXPECTATIONS).values():
        yield parameter.source
    for path in MODULES:
        if path.name != "wording.py":  # the English of those is what the reader wrote
            yield from constants(path)


# ---- the catalogues


@cache
def messages() -> list[tuple[str, Message]]:
    found = []
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as file:
            found += [(path.name, one) for one in read_po(file, locale="en") if one.id]
    return found


def key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def sayings(message: Message) -> list[str]:
    told = message.string or ""
    return [told] if isinstance(told, str) else list(told)


def fields(template: str) -> set[str]:
    return {name for _text, name, _spec, _how in string.Formatter().parse(template) if name}


def test_everything_that_is_said_has_its_english() -> None:
    chinese = {one for one in said() if re.search("[^\\x00-\\x7f]", one)}
    assert sorted(chinese - english().keys()) == []


def test_every_chinese_word_of_the_reports_is_translated() -> None:
    report = [path for path in (PACKAGE / "report").glob("*.py") if path.name != "wording.py"]
    found = {one for path in report for one in constants(path)}
    assert sorted(found - english().keys() - PRINTED) == []


def test_every_column_and_source_of_a_parameter_has_its_english() -> None:
    known = english()
    columns = {column.zh for table in TABLES.values() for column in table.columns}
    sources = {one.source for one in rulebook.parameters(EXPECTATIONS).values()}
    shown = {one for one in columns if one in said()}
    assert sorted((shown | sources) - known.keys()) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_says_nothing_past_the_catalogues(path: Path) -> None:
    tokens = [one for one in Environment().lex(path.read_text("utf-8")) if one[1] != "whitespace"]
    for at, (line, kind, value) in enumerate(tokens):
        if HAN.search(value) and kind != "comment":
            before = [one[2] for one in tokens[max(at - 2, 0) : at]]
            assert kind == "string", f"{path.name}:{line}"
            assert before == ["_", "("], f"{path.name}:{line}"


@pytest.mark.parametrize(
    "path", sorted((PACKAGE / "report").glob("*.py")), ids=lambda path: path.stem
)
def test_no_chinese_is_put_together_past_the_catalogues(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            pieces = [one.value for one in node.values if isinstance(one, ast.Constant)]
            assert not HAN.search("".join(map(str, pieces))), f"{path.name}:{node.lineno}"


def test_nothing_of_the_catalogues_is_left_over() -> None:
    used = said() | set(shown_constants()) | conditions()
    assert sorted(key(one) for _file, one in messages() if key(one) not in used) == []


def conditions() -> set[str]:
    """Every text of the suites."""
    return {
        one for path in EXPECTATIONS.rglob("*.json")
        for one in strings(json.loads(path.read_text("utf-8")))
    }  # fmt: skip


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


def test_no_text_is_translated_twice() -> None:
    counts = Counter(key(message) for _file, message in messages())
    assert [one for one, count in counts.items() if count > 1] == []


def test_a_translation_has_the_fields_of_its_text() -> None:
    for _file, message in messages():
        one, many = sayings(message)[0], sayings(message)[-1]
        assert all((one, many)), key(message)
        assert fields(many) == fields(key(message)), key(message)
        assert fields(one) | {"n"} == fields(key(message)) | {"n"}, key(message)


def test_a_text_that_counts_has_singular_and_plural() -> None:
    for _file, message in messages():
        plural = isinstance(message.id, tuple | list)
        assert len(sayings(message)) == (2 if plural else 1), key(message)


def test_chinese_stays_in_english_only_as_a_name_of_the_documents() -> None:
    """Titles of law, and words that the forms print."""
    allowed = re.compile(r"财预〔\d+〕\d+号|(?:十|百|千|万|亿|优|良|合格|不合格|元)")
    for _file, message in messages():
        for told in sayings(message):
            assert not HAN.search(allowed.sub("", told)), told


# ---- the language in use


def test_a_language_is_used_for_a_while() -> None:
    assert (_("得分"), language.tag(), language.parameter()) == ("得分", "zh-CN", {})
    with speaking("en"):
        assert (_("得分"), language.tag()) == ("Score", "en")
        assert language.parameter() == {"language": "en"}
        assert _("{n} 个项目", n=1) == "1 project"
        assert _("{n} 个项目", n=0) == "0 projects"
        assert _("没有的词 {x}", x=1) == "没有的词 1"
    assert _("得分") == "得分"


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="'fr' is no language of the reports: zh, en"):
        language.use("fr")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("<td class=a>培训<td>a 中</td>",
         '<td class=a lang=zh-CN>培训<td>a <span lang=zh-CN>中</span></td>'),
        ("<li>含ATP检测</li>", "<li lang=zh-CN>含ATP检测</li>"),
        ("<td>培训<b>a</b></td>", '<td><span lang=zh-CN>培训</span><b>a</b></td>'),
        ("<b>12（人次）each 及时</b>",
         '<b>12（<span lang=zh-CN>人次）</span>each <span lang=zh-CN>及时</span></b>'),
        ('<a title="中">&lt;中&gt;</a>', '<a title="中">&lt;<span lang=zh-CN>中</span>&gt;</a>'),
        ('<svg id="中"><title>中</title><text>中 1</text></svg>',
         '<svg id="中"><title>中</title><text><tspan lang=zh-CN>中</tspan> 1</text></svg>'),
        ('<script type="x">{"中": 1}</script><option>中</option>',
         '<script type="x">{"中": 1}</script><option>中</option>'),
        ("plain 1 ＋ 2", "plain 1 ＋ 2"),
    ],
    ids=["whole", "acronym", "before", "pieces", "attribute", "figure", "nothing inside", "none"],
)  # fmt: skip
def test_chinese_of_an_english_page_says_that_it_is(markup: str, shown: str) -> None:
    assert marked(markup) == shown


# ---- from the command line to the tables


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables of one form with the findings in English."""
    folder = tmp_path_factory.mktemp("processed")
    reporting.write(folder, 2022, [reporting.document(reporting.form())])
    with speaking("zh"):
        pipeline.make_findings(2022, folder, EXPECTATIONS, "en")
    return folder


def conditions_of(folder: Path) -> str:
    found = tables.read(folder / "2022", ["findings"])["findings"]
    return "\n".join(found["condition"].to_pylist())


def test_findings_are_written_in_the_language_of_the_run(checked: Path) -> None:
    assert "; actual value “11”" in conditions_of(checked)
    assert tables.read_about(checked / "2022")["language"] == "en"
    assert language.current() == "zh"


def test_pages_in_another_language_than_the_findings_are_refused(checked: Path) -> None:
    with pytest.raises(AuditError, match="the findings are written in en, not in zh"):
        data.load(checked, 2022, EXPECTATIONS, "zh")
    with speaking("zh"):
        assert data.load(checked, 2022, EXPECTATIONS, "en").year == 2022


def test_a_later_check_keeps_the_language_until_another_is_asked_for(
    checked: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "2022"
    tables.write(tables.read(checked / "2022"), folder, {"language": "en"})
    pipeline.check_folder(folder, EXPECTATIONS)
    assert "; actual value “11”" in conditions_of(tmp_path)
    pipeline.make_findings(2022, tmp_path, EXPECTATIONS, "zh")
    assert "；实际完成值" in conditions_of(tmp_path)
    assert "language" not in tables.read_about(folder)


@pytest.mark.parametrize("label", [*text.SEVERITIES.values(), *text.OUTCOMES.values()],
                         ids=lambda label: label.code)  # fmt: skip
def test_severities_and_outcomes_have_a_word_in_both_languages(label: text.Label) -> None:
    with speaking("en"):
        told = label.word
    assert HAN.search(label.word)
    assert not HAN.search(told)
    assert told[0].isupper()
