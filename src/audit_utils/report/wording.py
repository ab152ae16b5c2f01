"""Notes and messages of the reader as a report prints them.

The reader writes English, one sentence for each kind of trouble.  A Chinese page says it in
Chinese; a sentence that is not listed here is printed as it is.
"""

import re

from audit_utils import language
from audit_utils.dictionary import TABLES

_WORDS = {column.name: column.zh for table in TABLES.values() for column in table.columns} | {
    "an amount of money": "金额",
    "a rate in percent": "百分比",
    "a number of points": "分数",
    "a date": "日期",
    "a number": "数字",
}

_SENTENCES = [
    # why a cell is inferred
    (r"the group crosses a page break: its label may own rows of the page before",
     "分组跨页，标签可能也管上一页的行"),
    (r"one text under two headings: its column is inferred from the width of its lines",
     "两栏目标只有一段文字，按行宽判断属于哪一栏"),
    (r"plain text does not settle where the first text ends and the second begins",
     "纯文本看不出第一栏到哪里为止、第二栏从哪里开始"),
    (r"plain text does not settle where this cell ends", "纯文本看不出这一格到哪里为止"),
    (r"a wrapped cell: plain text does not settle where it ends",
     "折行的单元格，纯文本看不出到哪里为止"),
    (r"the row prints no weight and score", "这一行没有印分值和得分"),
    (r"the row prints one text only", "这一行只印了一段文字"),
    (r"text behind a row that lost no points: taken as its deviation reason",
     "未失分的行后面有文字，作为它的偏差原因"),
    (r"no group label is printed", "没有印分组标签"),
    (r"a third number in a row that elsewhere has two: taken as executed",
     "别处两个数字的行这里有三个，第三个作为执行数"),
    (r"the row prints fewer numbers than columns: column inferred from the sums",
     "这一行的数字少于栏目，按合计推断属于哪一栏"),
    (r"the row prints fewer numbers than columns: taken from the left",
     "这一行的数字少于栏目，从左数起"),
    (r"one number where two are due: taken as the total score",
     "应有两个数字而只有一个，作为总得分"),
    (r"no group label is printed", "没有印分组标签"),
    (r"text behind a row that lost no points: taken as its deviation reason",
     "没有失分的行后面有文字，作为偏差原因"),
    # what could not be read
    (r"text in the head of the form that belongs to no label", "表头里不属于任何栏目的文字"),
    (r"text in the fund rows that belongs to no row", "资金部分不属于任何一行的文字"),
    (r"more numbers in a fund row than it has columns", "资金行的数字多于栏目"),
    (r"text after the total row that belongs to no form", "总分行之后不属于任何表的文字"),
    (r"a form that cannot be read: no line begins with (?P<label>.+)",
     "读不出的表：没有以「{label}」开头的行"),
    (r"an indicator row without weight and score", "指标行没有分值和得分"),
    (r"the form is cut off or laid out in an unknown way: no (?P<lost>.+)",
     "表不完整或版式未知，缺少：{lost}"),
    (r"(?P<printed>\d+) characters are printed, (?P<known>\d+) were accounted for",
     "印有 {printed} 个字符，读入 {known} 个"),
    (r"text outside of any form", "不在任何表内的文字"),
    (r"text after the total row that belongs to no form", "总分行之后不属于任何表的文字"),
    (r"text in the head of the form that belongs to no label", "表头中没有对应栏目的文字"),
    (r"text in the fund rows that belongs to no row", "资金部分中没有对应行的文字"),
    (r"more numbers in a fund row than it has columns", "资金行的数字多于栏目"),
    (r"a form that cannot be read: no line begins with (?P<name>.+)",
     "读不了的表：没有以「{name}」开头的行"),
    (r"control characters \((?P<codes>.+)\) left out", "略去控制字符（{codes}）"),
    (r"the form prints the year (?P<printed>\d+), it was filed under (?P<filed>\d+)",
     "表上印的是 {printed} 年，文件放在 {filed} 年"),
    (r"the form prints no year", "表上没有印年度"),
    (r"(?P<column>\w+) is not (?P<wanted>an? [a-z ]+)", "「{column}」不是{wanted}"),
    (r"the file is empty", "文件是空的"),
    (r"the file is binary \(it holds a NUL byte\), not text", "文件是二进制的，不是文本"),
    (r"the file is neither UTF-8 nor GB18030 text", "文件不是 UTF-8 或 GB18030 文本"),
    (r"sha256 is (?P<found>\w+), (?P<list>\S+) says (?P<listed>\w+)",
     "文件的 sha256 是 {found}，{list} 写的是 {listed}"),
    (r"is listed in (?P<list>\S+) and is not there", "列在 {list} 中，但文件不在"),
    (r"is no file; documents lie directly in the folder of the year",
     "不是文件；文件应直接放在年度文件夹里"),
]  # fmt: skip
_PATTERNS = [(re.compile(english), chinese) for english, chinese in _SENTENCES]


def told(sentence: str) -> str:
    """The sentence in the language in use."""
    return chinese(sentence) if language.current() == "zh" else sentence


def chinese(sentence: str) -> str:
    """The sentence in Chinese, with columns as the form calls them."""
    for pattern, translation in _PATTERNS:
        if found := pattern.fullmatch(sentence):
            words = {name: _word(word) for name, word in found.groupdict().items()}
            return translation.format_map(words)
    return sentence


def _word(english: str) -> str:
    return _WORDS.get(english, english.replace(", no ", "、"))
