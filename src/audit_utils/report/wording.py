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
    "MB when unpacked": "MB（解压后）",
    "times when unpacked": "倍（解压后）",
    "parts": "个部分",
    "pages": "页",
    "cells": "个单元格",
    "lines drawn on a page": "条线（一页上）",
    "levels of tables": "层表格",
    "levels of elements inside one another": "层嵌套",
    "seconds to read": "秒（读取时间）",
    "MB of memory to read": "MB 内存",
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
    # what could not be read of tables
    (r"a form that is not understood and was not read: (?P<why>.+)",
     "没有读懂、因而没有读入的表：{why}"),
    (r"a form of another kind, for which there are no rules", "另一种表，没有相应的规则"),
    (r"it is of another kind, for which there are no rules", "是另一种表，没有相应的规则"),
    (r"a part of a form that cannot be read: no cell says 项目名称",
     "读不了的部分表格：没有「项目名称」"),
    (r"text of a form that belongs to no label", "表中不属于任何栏目的文字"),
    (r"no head of indicators \((?P<labels>.+)\)", "没有指标表头（{labels}）"),
    (r"a second head of indicators with other columns", "有第二个指标表头，而栏目不同"),
    (r"no value beside 项目名称, and texts that belong to no label",
     "「项目名称」旁没有内容，而有不属于任何栏目的文字"),
    (r"its title is that of a self-evaluation, its columns are not", "标题是自评表，栏目不是"),
    (r"its title is that of a declaration, its columns are not", "标题是目标申报表，栏目不是"),
    (r"no column of (?P<column>\w+)", "没有「{column}」一栏"),
    (r"text among the money that belongs to no label", "资金部分不属于任何栏目的文字"),
    (r"a row at a page break may be one row or two", "分页处的一行，看不出是一行还是两行"),
    (r"its indicators go on in a table of other columns", "指标接在另一张栏目不同的表里"),
    (r"a label stands where an amount is due", "应填金额处是标签"),
    (r"no total row: the form may be cut off", "没有总分行，表可能不完整"),
    (r"several texts could be (?P<column>\w+)", "「{column}」有几段可能的文字"),
    (r"a text stands below this label and another beside it", "这个标签的下方和右方都有文字"),
    (r"several columns of indicators mean (?P<column>\w+)", "指标有几栏都是「{column}」"),
    (r"several cells stand below the label of (?P<column>\w+)", "「{column}」一栏下有几个单元格"),
    (r"one cell stands below the labels of several columns", "一个单元格横跨几栏"),
    (r"a row of indicators without a name", "指标行没有名称"),
    (r"one cell is the (?P<column>\w+) of several rows", "几行指标共用一个「{column}」"),
    (r"neither a sign nor a kind of target", "既不是比较符号，也不是指标性质"),
    (r"the total row has other columns than the table", "总分行的栏目与指标表不同"),
    (r"text beside the indicators that is no label of the form", "指标表旁不是标签的文字"),
    (r"a column of indicators that no column of the tables takes", "指标表中没有对应栏目的内容"),
    (r"text among the indicators that belongs to no column", "指标表中不属于任何栏目的文字"),
    (r"a label of indicators that is not known", "不认识的指标栏目"),
    (r"(?P<column>\w+) is printed twice, with different (?:values|amounts)",
     "「{column}」印了两次，内容不同"),
    (r"no unit of money is printed: taken as yuan", "没有印金额单位，按元计"),
    (r"the tables have no such source of money: its amount would be missing from the sums",
     "没有对应的资金来源，合计会缺这笔金额"),
    (r"two cells could be (?P<column>\w+) of (?P<source>\w+)",
     "「{column}」（{source}）有两个可能的单元格"),
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
    (r"is no file", "不是文件"),
    # which files are refused
    (r"cannot be read: its name is not UTF-8; rename it", "读不了：文件名不是 UTF-8，请改名"),
    (r"cannot be read: reading it ended the process", "读不了：读取时进程中断"),
    (r"cannot be read: (?P<error>\w+) in the reader", "读不了：读取程序出错（{error}）"),
    (r"cannot be read: (?P<reason>.+)", "读不了：{reason}"),
    (r"the file is a picture; only text can be read, not a scan",
     "文件是图片；只能读文字，不能读扫描件"),
    (r"the file is an RTF text; save it as docx", "文件是 RTF，请另存为 docx"),
    (r"the file is a packed archive; unpack it first", "文件是压缩包，请先解压"),
    (r"the file is a zip file, neither xlsx nor docx; unpack it first",
     "文件是 zip 压缩包，不是 xlsx 或 docx，请先解压"),
    (r"the file is a web archive \(mht\); save it as html", "文件是网页归档（mht），请另存为 html"),
    (r"the file is an old Office file \(xls, doc\); save it as xlsx or docx",
     "文件是旧版 Office 格式（xls、doc），请另存为 xlsx 或 docx"),
    (r"the file is a binary workbook \(xlsb\); save it as xlsx",
     "文件是二进制工作簿（xlsb），请另存为 xlsx"),
    (r"the file is an OFD; save it as PDF", "文件是 OFD，请另存为 PDF"),
    (r"the file is an OpenDocument file or an e-book; save it as xlsx or docx",
     "文件是 OpenDocument 格式或电子书，请另存为 xlsx 或 docx"),
    (r"the file is an Office file in XML; save it as xlsx or docx",
     "文件是 XML 格式的 Office 文件，请另存为 xlsx 或 docx"),
    (r"the file is locked with a password; save it without one",
     "文件有密码，请去掉密码另存"),
    (r"the file is damaged: it cannot be read as (?P<kind>\w+)",
     "文件已损坏：不能作为 {kind} 读取"),
    (r"the file is damaged: its zip directory cannot be read", "文件已损坏：读不了 zip 目录"),
    (r"the file is damaged: it has no part (?P<part>.+)", "文件已损坏：缺少 {part}"),
    (r"the file is damaged: its part (?P<part>.+) (?:is no XML|cannot be unpacked)",
     "文件已损坏：读不了其中的 {part}"),
    (r"the file is damaged: it has no body", "文件已损坏：没有正文"),
    (r"the file is damaged: it lists a sheet that it does not hold",
     "文件已损坏：缺少所列的工作表"),
    (r"the PDF holds no text, only pictures \(a scan\); only text can be read",
     "PDF 里没有文字，只有图片（扫描件）；只能读文字"),
    (r"the fonts of the PDF do not tell which characters they draw",
     "PDF 的字体没有说明所画的是哪些字"),
    (r"(?:has|takes|needs|grows) more than (?P<limit>[\d,]+) (?P<unit>.+), "
     r"the limit for one document",
     "超过对一个文件的限制：{limit} {unit}"),
    # what a file does not show
    (r"the page is a picture without text: it is not read", "这一页是没有文字的图片，没有读"),
    (r"the page is damaged: it is not read", "这一页已损坏，没有读"),
    (r"the sheet (?P<sheet>.+) is hidden and shows a form: it is not read",
     "工作表「{sheet}」是隐藏的，里面有表，没有读"),
    (r"row (?P<row>\d+) is hidden: what it holds is left out", "第 {row} 行是隐藏的，略去其内容"),
    (r"column (?P<column>\w+) is hidden: what it holds is left out",
     "{column} 列是隐藏的，略去其内容"),
    (r"a formula without a value: open the workbook, compute it and save it",
     "公式没有值，请打开工作簿，计算后保存"),
    (r"the cell shows an error", "单元格显示错误值"),
    (r"the file does not hold the text of this cell", "文件里没有这一格的文字"),
    (r"the number format (?P<code>.+) is not known: the plain value is taken",
     "不认识数字格式 {code}，按原值读取"),
    (r"the document has tracked changes: they are read as if accepted",
     "文件有修订记录，按接受修订后读取"),
    (r"a form without the lines of a table: which text is which cell is not known",
     "没有表格线的表，不知道哪段文字属于哪一格"),
    (r"rows with bars \(\|\) that are not whole: which cells were merged is not known",
     "竖线分隔的行不完整，不知道哪些单元格合并过"),
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
    return _WORDS.get(english) or chinese(english).replace(", no ", "、")
