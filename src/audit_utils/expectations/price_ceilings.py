"""expect_prices_within_total: ceilings of unit prices times quantities stay within a total."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from audit_utils import units, values
from audit_utils.dictionary import Type
from audit_utils.expectations import working
from audit_utils.expectations.frame import Frame, Ints, of_row, row_name, with_text
from audit_utils.expectations.judgement import CODE, Note, Places, coded
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.language import _
from audit_utils.phrases import clauses, listed, named
from audit_utils.precision import EXACT, Outcome, plain
from audit_utils.words import stem

_CEILINGS = ("<=", "<", "=", None)
"""Operators of a price that bound it from above; without one it is the price itself."""

_YUAN: Type = "amount"


@dataclass(frozen=True, slots=True)
class _Row:
    """A price (yuan for one) or a quantity of an item: `of` is the unit that is counted."""

    position: int
    item: str
    value: Decimal
    of: str


@dataclass(slots=True)
class _Project:
    """The prices and quantities of a project, and what follows from them."""

    prices: list[_Row] = field(default_factory=list)
    quantities: list[_Row] = field(default_factory=list)

    @property
    def pairs(self) -> list[tuple[_Row, _Row]]:
        """Each quantity with the lowest price of the same item and unit."""
        found = []
        for quantity in self.quantities:
            own = [p for p in self.prices if (p.item, p.of) == (quantity.item, quantity.of)]
            found += [(min(own, key=lambda price: price.value), quantity)] if own else []
        return found

    @property
    def without_price(self) -> list[_Row]:
        """Quantities without a price, counted in a unit that others have a price for."""
        pairs = self.pairs
        priced = {quantity.position for _, quantity in pairs}
        counted = {quantity.of for _, quantity in pairs}
        return [q for q in self.quantities if q.position not in priced and q.of in counted]

    @property
    def sum(self) -> Decimal:
        products = (EXACT.multiply(price.value, quantity.value) for price, quantity in self.pairs)
        total = Decimal(0)
        for product in products:
            total = EXACT.add(total, product)
        return total


class ExpectPricesWithinTotal(AuditExpectation):
    """Expect unit price ceilings x quantities of the same items to be within a total.

    Args:
        total: path of the total.
        name: column of the items; a price or a quantity may have one of `item_words` behind it.
        text: column of the printed targets.
        prices, quantities: column -> values of the rows that hold them.
        units: the units there are.

    A second kind of place: a quantity counted in a unit for which other items have price
    ceilings has one itself.  Without any price ceiling there is nothing to look at; one
    without a quantity of the same item and unit cannot be evaluated, unless others can.
    """

    total: str
    name: str
    text: str
    prices: dict[str, list[str]]
    quantities: dict[str, list[str]]
    item_words: Sequence[str] | dict[str, str]
    units: Sequence[str] | dict[str, str]

    texts: ClassVar[tuple[str, ...]] = ("costs",)

    def columns(self) -> Iterable[str]:
        return [self.total, self.name, self.text, *self.prices, *self.quantities]

    def judge(self, frame: Frame) -> Iterable[Places]:
        projects = self._projects(frame)
        yield self._sums(frame, projects)
        yield self._unpriced(frame, projects)

    # --- what is there

    def _projects(self, frame: Frame) -> dict[int, _Project]:
        """The projects that have a price, by number."""
        price = lru_cache(maxsize=8192)(self._price)
        found: dict[int, _Project] = {}
        for row, name, text in self._rows(frame, self.prices):
            if one := price(text):
                item = self._item(name)
                own = found.setdefault(int(frame.codes[row]), _Project())
                own.prices.append(_Row(row, item, *one))
        for row, name, text in self._rows(frame, self.quantities):
            target = values.quantity(text)
            project = found.get(int(frame.codes[row]))
            if project and target.kind == "quantity" and target.value is not None and target.unit:
                scale, of = units.scaled(target.unit)
                value = EXACT.multiply(target.value, scale)
                project.quantities.append(_Row(row, self._item(name), value, of))
        return found

    def _rows(self, frame: Frame, where: dict[str, Any]) -> Iterator[tuple[int, str, str | None]]:
        rows = frame.places(self.text, where)
        names = frame.column(self.name).take(rows).to_pylist()
        texts = frame.column(self.text).take(rows).to_pylist()
        for row, name, text in zip(rows.tolist(), names, texts, strict=True):
            yield row, name or "", text

    def _price(self, text: str | None) -> tuple[Decimal, str] | None:
        target = values.quantity(text)
        price = units.price(target.unit, self.units)
        if price is None or target.value is None or target.operator not in _CEILINGS:
            return None
        return EXACT.multiply(target.value, price.yuan), price.of

    def _item(self, name: str) -> str:
        item = stem(name)
        for word in sorted(self.item_words, key=len, reverse=True):
            if item.endswith(word) and item != word:
                return item.removesuffix(word)
        return item

    # --- the sum

    def _sums(self, frame: Frame, projects: dict[int, _Project]) -> Places:
        totals = frame.column(self.total).take(frame.first_rows).to_pylist()

        def outcome(number: int) -> Outcome:
            project, total = projects.get(number), totals[number]
            if project is None:
                return "not_applicable"
            if not project.pairs or total is None:
                return "cannot_evaluate"
            return "fail" if project.sum > total else "pass"

        def explain(number: int) -> Note:
            project, total = projects.get(number), totals[number]
            row = int(frame.first_rows[number])
            if project is None:
                return Note()
            if not project.pairs:
                return Note(self._unmatched(frame, project))
            if total is None:
                return Note(frame.lacking([self.total], row))
            least = frame.express(project.sum, self.total, row)
            expected = _("≥ {least}，或降低单价上限、数量", least=least)
            difference = EXACT.subtract(total, project.sum)
            shown = self._working(frame, row, project, total)
            return Note("", expected, difference, {"costs": _in_words(project)}, shown)

        found = coded(outcome(number) for number in range(len(totals)))
        absent = frame.absent([self.total])
        return Places(self.total, frame.first_rows, found, explain, of_project=True, absent=absent)

    def _unmatched(self, frame: Frame, project: _Project) -> str:
        rows = listed(
            with_text(row_name(frame.row(price.position)), frame.text(self.name, price.position))
            for price in project.prices
        )
        return _("{rows}有单价，没有同名、同计量单位的数量指标", rows=rows)

    def _working(self, frame: Frame, row: int, project: _Project, total: Decimal) -> str:
        terms = (_product(price, quantity) for price, quantity in project.pairs)
        name = frame.label(self.total)
        return working.steps(
            *self._readings(frame, project),
            working.reading(frame, self.total, row),
            working.equation(_("合计"), working.total(terms), working.measure(project.sum, _YUAN)),
            working.asked(
                f"{_('合计')} {working.number(project.sum, _YUAN)}",
                "≤",
                f"{name} {working.number(total, _YUAN)}",
                working.fact(project.sum, total, _YUAN),
            ),
            working.by(EXACT.subtract(total, project.sum), _YUAN),
        )

    def _readings(self, frame: Frame, project: _Project) -> Iterator[str]:
        """What was read from the prices and the quantities."""
        for price, quantity in project.pairs:
            per = _("{price}/{unit}", price=working.measure(price.value, _YUAN), unit=price.of)
            count = working.with_unit(working.number(quantity.value), quantity.of)
            for one, meaning in ((price, per), (quantity, count)):
                cell = of_row(frame.row(one.position), frame.label(self.text))
                yield working.read_as(cell, frame.text(self.text, one.position) or "", meaning)

    # --- what has no price

    def _unpriced(self, frame: Frame, projects: dict[int, _Project]) -> Places:
        pairs = [
            (row.position, fails, project)
            for _number, project in sorted(projects.items())
            for fails, rows in (
                (True, project.without_price), (False, [q for _price, q in project.pairs]),
            )
            for row in rows
        ]  # fmt: skip
        rows: Ints = np.array([row for row, _f, _p in pairs], np.int64)

        def explain(number: int) -> Note:
            row, _fails, project = pairs[number]
            name, text = frame.text(self.name, row), frame.text(self.text, row)
            lacks = _("“{name}” {text}，没有单价上限", name=name, text=text)
            costs = clauses([lacks, _in_words(project)])
            shown = self._without_price(frame, row, project)
            return Note("", _("列明单价上限"), None, {"costs": costs}, shown)

        found = np.array([CODE["fail" if fails else "pass"] for _r, fails, _p in pairs], np.int8)
        return Places(self.text, rows, found, explain)

    def _without_price(self, frame: Frame, row: int, project: _Project) -> str:
        own = next(one for one in project.quantities if one.position == row)
        others = listed(f"“{q.item}”" for _price, q in project.pairs if q.of == own.of)
        return working.steps(
            _("以“{unit}”计的{others}列有单价上限", unit=own.of, others=others),
            _("没有名称为“{item}”、单位为元/{unit}的单价上限", item=own.item, unit=own.of),
        )


def _in_words(project: _Project) -> str:
    parts = listed(
        f"{named(quantity.item)} {plain(price.value)}×{plain(quantity.value)}"
        for price, quantity in project.pairs
    )
    return _("单价上限×数量：{parts}，合计 {sum}", parts=parts, sum=plain(project.sum))


def _product(price: _Row, quantity: _Row) -> str:
    numbers = f"{working.number(price.value, _YUAN)} × {working.number(quantity.value)}"
    return working.term(numbers, named(quantity.item))
