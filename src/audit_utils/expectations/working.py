"""The working of a finding: the calculation in front of the reader, a step a line.

    执行率 = 全年执行数 ÷ 全年预算数 = 3,264,000.00 ÷ 3,387,900.00 = 0.963428…
    按印出的精度（0.01%）四舍五入：96.34%
    应为 96.34%，印出“96.36%”，相差 +0.02 个百分点

Every number comes from the frame and is exact; one whose decimals go on ends in `…`.  What
a document prints stands in quotes.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from audit_utils import values
from audit_utils.dictionary import Type
from audit_utils.expectations.frame import Frame
from audit_utils.language import _
from audit_utils.phrases import listed
from audit_utils.precision import EXACT, half_up, plain

_WHOLE = 12
"""Decimals up to which a quotient is looked at for its end."""

_MORE = 2
"""Decimals of a quotient without end that are shown beyond the last printed one."""

_HUNDRED = Decimal(100)


def steps(*lines: str) -> str:
    """The lines that say something, one below the other, each once."""
    every = "\n".join(line for line in lines if line).split("\n")
    return "\n".join(dict.fromkeys(every))


# --- numbers ----------------------------------------------------------------------------


def number(value: Decimal, kind: Type = "number") -> str:
    """A number in a formula: `1,234.50` of yuan, `9.7` of points, 0.9636 of a rate."""
    text = f"{Decimal(plain(value)):,f}"
    if kind == "amount":
        text += "." if "." not in text else ""
        text += "0" * (2 - len(text.partition(".")[2]))
    return text


def figure(value: Decimal, kind: Type = "number") -> str:
    """A number in a comparison: as in a formula, but a rate in percent."""
    return measure(value, kind) if kind == "rate" else number(value, kind)


def measure(value: Decimal, kind: Type = "number", unit: str = "") -> str:
    """A number with its unit: `1,234.50 元`, `96.34%`, `9.7 分`, `12 人次`."""
    return _measured(number(value if kind != "rate" else _percent(value), kind), value, kind, unit)


def apart(difference: Decimal, kind: Type = "number", unit: str = "") -> str:
    """A difference with its sign and unit: `+0.02 个百分点`, `-0.28 分`."""
    shown = _percent(difference) if kind == "rate" else difference
    text = ("+" if shown > 0 else "") + number(shown, kind)
    if kind == "rate" or unit == "%":
        return _("{number} 个百分点", number=text, n=shown.copy_abs())
    return _measured(text, shown.copy_abs(), kind, unit)


def _measured(text: str, value: Decimal, kind: Type, unit: str) -> str:
    if kind == "amount":
        return _("{number} 元", number=text)
    if kind == "points":
        return _("{number} 分", number=text, n=value)
    if kind == "rate":
        return f"{text}%"
    return with_unit(text, unit)


def with_unit(text: str, unit: str | None) -> str:
    """A number and the printed unit behind it: `90%`, `12 人次`."""
    return f"{text}{'' if not unit or unit[0] in '%‰' else ' '}{unit or ''}"


def _percent(rate: Decimal) -> Decimal:
    return EXACT.multiply(rate, _HUNDRED)


def quotient(value: Fraction, unit: Decimal) -> str:
    """A fraction in decimals: all of them where they end, else some more than `unit` has."""
    size, sign = abs(value), "-" if value < 0 else ""
    for places in (_WHOLE, max(-unit.adjusted(), 0) + _MORE):
        cut, rest = divmod(size.numerator * 10**places, size.denominator)
        text = sign + number(Decimal(cut).scaleb(-places, EXACT))
        if not rest:
            return text
    return f"{sign}{Decimal(cut).scaleb(-places, EXACT):,f}…"


# --- steps ------------------------------------------------------------------------------


def equation(*sides: str) -> str:
    """`a = b = c`."""
    return " = ".join(sides)


def term(number: str, name: str) -> str:
    """A number of a long sum with what it stands for: `9.7（第1项）`."""
    return _("{number}（{name}）", number=number, name=name)


def total(terms: Iterable[str]) -> str:
    """The terms of a sum; 0 of none."""
    return " + ".join(terms) or "0"


def reading(frame: Frame, path: str, row: int, of: str = "") -> str:
    """What is printed and the number that was read from it, where the two differ.

    `of` names the row where the column alone does not say which number that is.
    """
    value, text, kind = frame.number(path, row), frame.text(path, row), frame.kind(path)
    if value is None or text is None or values.number(text) == value:
        return ""
    name = term(frame.label(path), of) if of else frame.label(path)
    return read_as(name, text, number(value) if kind == "rate" else measure(value, kind))


def read_as(name: str, text: str, meaning: str) -> str:
    """`执行率 “96.36%” → 0.9636`."""
    return f"{name} “{text}” → {meaning}"


def against(frame: Frame, path: str, row: int, exact: Fraction, unit: Decimal) -> str:
    """The exact number rounded to `unit` where that changes it, the printed one beside it."""
    kind, text, value = frame.kind(path), frame.text(path, row), frame.number(path, row)
    due = half_up(Decimal(exact.numerator), Decimal(exact.denominator), unit)
    difference = EXACT.subtract(value or Decimal(0), due)
    return steps(
        "" if exact == due else rounded(due, unit, kind, as_printed=unit == frame.unit(path, row)),
        beside(measure(due, kind), text, apart(difference, kind)),
    )


def beside(due: str, text: str | None, difference: str) -> str:
    """What is due, what is printed, and how far that is from it."""
    return _(
        "应为 {due}，印出“{printed}”，相差 {difference}",
        due=due, printed=text or "", difference=difference,
    )  # fmt: skip


def rounded(due: Decimal, unit: Decimal, kind: Type, *, as_printed: bool) -> str:
    """Half-up rounding to `unit`, which is one of the last printed digit, or finer."""
    texts = {"unit": measure(unit, kind), "due": measure(due, kind)}
    if as_printed:
        return _("按印出的精度（{unit}）四舍五入：{due}", **texts)
    return _("四舍五入到 {unit}：{due}", **texts)


def by(difference: Decimal, kind: Type = "number", unit: str = "") -> str:
    """How far two numbers are apart."""
    return _("相差 {difference}", difference=apart(difference, kind, unit))


def capped(name: str, limit: Decimal) -> str:
    """That a number is cut down to another that it may not exceed."""
    return _("不超过{name}，以 {limit} 为限", name=name, limit=number(limit))


def due_to_be(name: str, value: Decimal, due: Decimal, kind: Type) -> str:
    """A number that has to be another one: `分值之和 110，应为 100，相差 +10 分`."""
    texts = {"name": name, "value": number(value, kind), "due": number(due, kind)}
    if value == due:
        return _("{name} {value}，应为 {due}，相符", **texts)
    difference = apart(EXACT.subtract(value, due), kind)
    return _("{name} {value}，应为 {due}，相差 {difference}", difference=difference, **texts)


def asked(left: str, sign: str, right: str, fact: str, verdict: str = "") -> str:
    """A comparison that is asked for, and what is: `得分 5 ≤ 分值 4？5 > 4，不成立`."""
    question = f"{left} {sign} {right}"
    return _(
        "{question}？{fact}，{verdict}",
        question=question, fact=fact, verdict=verdict or _("不成立"),
    )  # fmt: skip


def fact(left: Decimal, right: Decimal, kind: Type = "number") -> str:
    """How two numbers compare: `92 < 95`."""
    sign = "<" if left < right else ">" if left > right else "="
    return f"{figure(left, kind)} {sign} {figure(right, kind)}"


def nothing_printed(cell: str) -> str:
    """That a cell was looked at and holds no text."""
    return _("查看{cell}：没有印出文字", cell=cell)


def counted(counts: Mapping[str, int]) -> str:
    """How many rows there are of each printed kind: `“数量指标”3 项、“质量指标”2 项`."""
    if not counts:
        return _("没有指标")
    return listed(_("“{kind}”{n} 项", kind=kind, n=n) for kind, n in counts.items())
