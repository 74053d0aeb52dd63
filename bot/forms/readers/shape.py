"""Whether a value may be kept under a field: the same bar for what was read, tapped, or written by a program."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.forms.model import Field, Kind
from bot.forms.readers.base import LONGEST_STORY
from bot.forms.readers.identifying import luhn
from bot.forms.readers.sums import MOST, MOST_YUAN
from bot.people import identity_number_is_valid

_PERS = ("", "day", "month", "year")


def valid(field: Field, value: Any, today: date) -> bool:
    """Whether this is a value of the field's kind that a reader could have given."""
    return _CHECKS[field.kind](field, value, today)


def _name(field: Field, value: Any, today: date) -> bool:
    return isinstance(value, str) and 2 <= len(value) <= 40 and re.search(r"[\d\n/]", value) is None


def _identity(field: Field, value: Any, today: date) -> bool:
    return isinstance(value, str) and value == value.upper() and identity_number_is_valid(value, today)


def _phone(field: Field, value: Any, today: date) -> bool:
    return isinstance(value, str) and re.fullmatch(r"1[3-9]\d{9}", value, re.ASCII) is not None


def _card(field: Field, value: Any, today: date) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d{16,19}", value, re.ASCII) is not None and luhn(value)


def _money(field: Field, value: Any, today: date) -> bool:
    if not isinstance(value, Mapping) or set(value) != {"low", "high", "about", "per"} or value["per"] not in _PERS:
        return False
    try:
        ends = [Decimal(end) for end in (value["low"], value["high"]) if end is not None]
    except (InvalidOperation, TypeError, ValueError):
        return False
    proper = value["low"] is not None and all(end.is_finite() and 0 <= end <= MOST_YUAN for end in ends)
    return proper and ends == sorted(ends)


def _number(field: Field, value: Any, today: date) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST


def _date(field: Field, value: Any, today: date) -> bool:
    if not isinstance(value, Mapping) or set(value) != {"first", "last", "about"}:
        return False
    try:
        first, last = date.fromisoformat(value["first"]), date.fromisoformat(value["last"])
    except (TypeError, ValueError):
        return False
    return first <= last and first.year >= 1900


def _yes_no(field: Field, value: Any, today: date) -> bool:
    return isinstance(value, bool)


def _choice(field: Field, value: Any, today: date) -> bool:
    return any(value == option.value for option in field.options)


def _choices(field: Field, value: Any, today: date) -> bool:
    known = [option.value for option in field.options]
    return isinstance(value, list) and all(one in known for one in value) and len(set(value)) == len(value)


def _address(field: Field, value: Any, today: date) -> bool:
    return (
        isinstance(value, Mapping)
        and set(value) == {"region", "detail"}
        and re.fullmatch(r"\d{6}", str(value["region"]), re.ASCII) is not None
        and isinstance(value["detail"], str)
    )


def _text(field: Field, value: Any, today: date) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_STORY


def _papers(field: Field, value: Any, today: date) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and one for one in value)


def _agree(field: Field, value: Any, today: date) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("version"), str)


_CHECKS: dict[Kind, Callable[[Field, Any, date], bool]] = {
    Kind.NAME: _name,
    Kind.IDENTITY: _identity,
    Kind.PHONE: _phone,
    Kind.BANK_CARD: _card,
    Kind.MONEY: _money,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.ADDRESS: _address,
    Kind.TEXT: _text,
    Kind.PAPER: _papers,
    Kind.AGREE: _agree,
}
