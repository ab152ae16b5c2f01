"""The parameters in force: the defaults of the suites, and what a year sets differently.

`expectations/parameters.json` has the defaults, `audit.yml` of a year its own values.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit_utils.errors import AuditError
from audit_utils.rulebook import Parameter


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter with the value in force; `own` tells that the year sets it."""

    parameter: Parameter
    value: Any
    own: bool


def in_force(
    defaults: Mapping[str, Parameter], own: Mapping[str, Any] | None = None
) -> dict[str, Setting]:
    """All parameters by name; `own` are the values of the year.

    Raises AuditError for a name that is unknown and a value of another kind than the default.
    """
    for name, value in (own or {}).items():
        if complaint := fault(defaults, name, value):
            raise AuditError(complaint)
    return {
        name: Setting(one, (own or {}).get(name, one.default), name in (own or {}))
        for name, one in defaults.items()
    }


def fault(defaults: Mapping[str, Parameter], name: object, value: object) -> str:
    """Why a value cannot be used for a parameter; empty when it can."""
    if name not in defaults:
        known = f"; there are {', '.join(defaults)}" if defaults else ""
        return f"no rule has a parameter {name}{known}"
    default = defaults[str(name)].default
    if _alike(default, value):
        return ""
    return f"parameter {name} is {value!r}, which is not {_kind(default)}"


def _alike(default: object, value: object) -> bool:
    """True when the value is of the default's kind; infinity and less than 0 are no threshold."""
    match default:
        case int() | float():
            number = isinstance(value, int | float) and not isinstance(value, bool)
            return number and 0 <= float(str(value)) < math.inf
        case str():
            return isinstance(value, str) and bool(value.strip())
        case list():
            return isinstance(value, list) and all(_alike("text", one) for one in value)
        case dict():
            example = next(iter(default.values()))
            return (
                isinstance(value, dict)
                and bool(value)
                and all(_alike("text", key) for key in value)
                and all(_alike(example, one) for one in value.values())
            )
    return False


def _kind(default: object) -> str:
    match default:
        case int() | float():
            return f"a number such as {default}"
        case list():
            return f"a list of words such as [{', '.join(map(str, default[:2]))}]"
        case dict():
            key, value = next(iter(default.items()))
            return f"a list of entries such as `{key}: {value}`"
    return f"a text such as {default}"
