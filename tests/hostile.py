"""A form whose every cell is an attack on whoever shows it, as text and as an Excel sheet."""

from pathlib import Path

import xlsxwriter

LONG = "很长的名称" * 2000
BIDI = "\u202e\u2066反\u2069\u200b\ufeff"
NAME = '<script>alert(1)</script>"onmouseover="alert(2)'
UNIT = "</style></title></textarea><img/src=x/onerror=alert(3)>"
DEPARTMENT = "=cmd|'/C_calc'!A0"
EXPECTED = "![图](http://x.example/y.png)[链](javascript:alert(4))<base/href=//x.example>"
ACTUAL = "{{7*7}}{%raw%}{{cycler.__init__}}{#-#}${7*7}&lt;b&gt;<!--"
INDICATORS = (
    ("<svg/onload=alert(5)>合格率", "&#x3c;i&#x3e;及时", "`*粗*`_斜_"),
    (LONG, "]]><![CDATA[及时", "</script><script>alert(6)</script>"),
    (f"{BIDI}满意度", "\u2028及时\u2029", "@SUM(1+1)|-2+3"),
    ("<iframe/src=data:,x>完成率", "javascript:alert(7)", "<a/href=javascript:alert(8)>9</a>"),
)  # fmt: skip
MARKS = ("<script>", "{{7*7}}", "javascript:alert", "http://x.example", "onerror=", "=cmd|")
"""Pieces of it that have to stand on the page of the project as text."""


def text() -> str:
    """The form as plain text; line and paragraph separators end a line there, so they are out."""
    rows = [
        f"{name}\n{target} {actual} 10 {score}"
        for score, (name, target, actual) in enumerate(INDICATORS, start=1)
    ]
    lines = [
        f" 项目名称 {NAME}", f"主管部门 {DEPARTMENT} 实施单位 {UNIT}",
        "项目资金\n( 元 )\n", "年初预算数 全年预算数 全年执行数 分值 执行率 得分\n",
        "年度资金总额 1000000 800000 700000 10 87.50% 8.75\n",
        "其中：当年财政拨款 1000000 800000 —\n", "上年结转资金 0 0 —\n", "其他资金 0 0 —\n",
        "年度\n总体\n目标\n", "预期目标 实际完成情况\n", EXPECTED, "", ACTUAL, "",
        "绩\n效\n指\n标\n", "一级指标 二级指标 三级指标\n年度\n\n指标值\n实际\n",
        "完成值 分值 得分\n偏差原因分析及\n\n改进措施\n", "产出指标\n\n数量指标\n",
        "\n\n".join(rows).replace("\u2028", "").replace("\u2029", ""), "", "总分 100 94.75", "",
    ]  # fmt: skip
    return "\n".join(lines)


def sheet(path: Path) -> None:
    """The form as an Excel sheet, where a cell is what it is."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet('<b onclick=alert(10)>&"')
        for place, words in _MERGED.items():
            if ":" in place:
                page.merge_range(place, "")
            page.write_string(place.split(":")[0], words)
        for number, row in enumerate(_FUNDS, start=5):
            for column, words in enumerate(row, start=3):
                page.write_string(number - 1, column, words)
        for number, (name, target, actual) in enumerate(INDICATORS, start=13):
            row = (name, target, actual, "10", f"{number - 12}", "+1" if number == 13 else "-1")
            for column, words in enumerate(row, start=3):
                page.write_string(number - 1, column, words)


_MERGED = {
    "A1:I1": "项目支出绩效自评表", "A2:I2": "（2031年度）",
    "A3:C3": "项目名称", "D3:I3": NAME + "（表）", "A4:C4": "主管部门", "D4:E4": DEPARTMENT,
    "F4:H4": "实施单位", "I4": UNIT, "A5:C5": "项目资金\n( 元 )", "B6:C6": "年度资金总额",
    "B7:C7": "其中：当年财政拨款", "B8:C8": "上年结转资金", "B9:C9": "其他资金",
    "A10:A11": "年度\n总体\n目标", "B10:E10": "预期目标", "F10:I10": "实际完成情况",
    "B11:E11": EXPECTED, "F11:I11": ACTUAL, "A12:A16": "绩\n效\n指\n标",
    "B12": "一级指标", "C12": "二级指标", "D12": "三级指标", "E12": "年度\n指标值",
    "F12": "实际\n完成值", "G12": "分值", "H12": "得分", "I12": "偏差原因分析及\n改进措施",
    "B13:B16": "产出指标", "C13:C16": "数量指标", "A17:F17": "总分", "G17": "100", "H17": "94.75",
}  # fmt: skip
_FUNDS = (
    ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
    ("1000000", "800000", "700000", "10", "87.50%", "8.75"),
    ("1000000", "800000"), ("0", "0"), ("0", "0"),
)  # fmt: skip
