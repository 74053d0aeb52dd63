"""An answer that a form takes without asking, from what the editor wrote. Pure."""

from __future__ import annotations

from typing import Any

from bot.forms.model import Field, Kind
from bot.language import amounts


def default_of(field: Field, written: Any) -> Any:
    """The value as the sheet keeps it. Raises ValueError where a field of this kind cannot have that default."""
    if isinstance(written, str):
        if field.kind is Kind.MONEY and (amount := amounts.parse(written)):
            high = None if amount.high is None else str(amount.high)
            return {"low": str(amount.low), "high": high, "about": amount.about, "per": amount.per or "month"}
        if field.kind is Kind.CHOICE and any(option.value == written for option in field.options):
            return written
        if field.kind is Kind.YES_NO and written in ("yes", "no"):
            return written == "yes"
        if field.kind is Kind.TEXT:
            return written
    values = [option.value for option in field.options]
    if field.kind is Kind.CHOICES and isinstance(written, list) and all(one in values for one in written):
        return list(written)
    raise ValueError(written)
