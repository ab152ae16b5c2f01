"""What the two forms print around the cells: labels, sources of money, the taxonomy.

What plain text needs beside `labels.json`, where the labels of grids stand and other names
for the columns of the head and of the funds; widths, places and values are learnt from
each document.
"""

import re

from audit_utils.forms.vocabulary import vocabulary

TITLES = {
    "self_evaluation": re.compile(r"绩效(目标)?自评(价)?(情况)?表$"),
    "target_declaration": re.compile(r"绩效目标(申报|申请|批复)?表$"),
}
SUMMARY = re.compile(r"(汇总表|公开表|信息公开)$")
"""Title of a document that holds many forms."""
YEAR = re.compile(r"^[（(]\s*(\d{4})\s*年?度?\s*[)）]$")
PAGE_NUMBER = re.compile(
    r"^(?:[-—–－]\s*\d+\s*[-—–－]|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?)$"
)
MONEY_UNIT = re.compile(r"^[（(]?(?:单位[:：])?(万?元)[)）]?$")
DASHES = frozenset("—-–－―─/\\")
"""A lone dash fills an empty cell."""

NAME, DEPARTMENT, UNIT = "项目名称", "主管部门", "实施单位"
NATURE, CATEGORY = "项目性质", "项目类别"
START, END = "计划开始日期", "计划完成日期"
FUNDS = "项目资金"
TOTAL = "总分"
TABLE = "一级指标"

_WORDS = vocabulary().parts
HEAD_COLUMNS = {text: column for text, (column, *_) in _WORDS["head"].items()}
FUND_COLUMNS = {
    text: column for text, (column, *_) in _WORDS["fund_columns"].items() if column != "aside"
}
"""Printed label -> column, out of the file of labels."""
SOURCES = {
    "年度资金总额": "total",
    "当年财政拨款": "current_year_fiscal",
    "上年结转资金": "carryover",
    "其他资金": "other",
}
"""Printed source -> source; 其中： may stand before it."""
AMONG = re.compile(r"^其中[:：]")

OBJECTIVES = {
    "self_evaluation": {"预期目标": "objective_expected", "实际完成情况": "objective_actual"},
    "target_declaration": {"项目总目标": "objective_overall", "年度总体目标": "objective_annual"},
}
SIDE_LABELS = {
    "self_evaluation": ("年度总体目标", "绩效指标"),
    "target_declaration": ("项目绩效目标", "绩效指标"),
}
"""Left-most merged cells, whose letters come one, two or three to a line."""

LEVEL1 = ("产出指标", "效益指标", "满意度指标", "成本指标")
LEVEL2 = {
    "数量指标": "产出指标",
    "质量指标": "产出指标",
    "时效指标": "产出指标",
    "成本指标": "产出指标",
    "经济效益指标": "效益指标",
    "社会效益指标": "效益指标",
    "生态效益指标": "效益指标",
    "可持续影响指标": "效益指标",
    "服务对象满意度指标": "满意度指标",
    "经济成本指标": "成本指标",
    "社会成本指标": "成本指标",
    "生态环境成本指标": "成本指标",
}
"""Level-2 label -> its level 1. 成本指标 is level 1 only above the three kinds of cost."""
COSTS = tuple(name for name, level1 in LEVEL2.items() if level1 == "成本指标")
GROUP_LABELS = frozenset(LEVEL1) | frozenset(LEVEL2)

LEVELS = ("一级指标", "二级指标", "三级指标")
TABLE_HEADER = {
    "self_evaluation": (
        *LEVELS,
        "年度指标值",
        "实际完成值",
        "分值",
        "得分",
        "偏差原因分析及改进措施",
    ),
    "target_declaration": (*LEVELS, "年度(/项目)指标值"),
}
"""The header cells of the indicator table without their line breaks."""

GROUP_WORDS = {
    "数量指标": re.compile(r"(数量?|人次|次数|户次|个数|面积|里程|期数|种类|台数|场次|批次)$"),
    "质量指标": re.compile(
        r"(合格率|达标率|准确率|通过率|正确率|完好率|差错率|验收.*率|优良率|质量.*|符合率|规范性?)$"
    ),
    "时效指标": re.compile(r"(及时率?|及时性|时限|按时.*|按期.*|时间|进度|准时率)$"),
    "成本指标": re.compile(r"(成本.*|单价|费用|支出|投资|资金使用情况)$"),
    "经济效益指标": re.compile(r"(增收|收入|产值|经济.*|节约.*|效益)$"),
    "生态效益指标": re.compile(r"(环境.*|生态.*|排放.*|能耗|节能.*)$"),
    "可持续影响指标": re.compile(r"(机制.*|长效.*|可持续.*|持续.*|健全性|信息共享.*|年限)$"),
    "服务对象满意度指标": re.compile(r"满意(度|率)"),
}
"""An indicator's own words that speak for its level-2 group."""
