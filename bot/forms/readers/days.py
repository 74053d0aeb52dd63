"""Days as answers: 去年腊月, 上个月, 半年了. What lies ahead is asked again where the field looks back."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.forms.model import Field
from bot.forms.readers.base import Context, Found, Refused, Said
from bot.forms.readers.plain import clauses, fold, plain
from bot.language.dates import parse

_SINCE = re.compile(r"(\d{1,3}|[一二两三四五六七八九十]{1,3}|半)(个?)(年|月|天|星期|周)(多|半)?了")
_AHEAD = re.compile(r"到期|有效|希望|打算|方便|预约|几时来|什么时候来|下次")
_LONG_AGO = 1900


def find(field: Field, text: str, context: Context) -> Found | None:
    """The day, month or year a text names."""
    said = plain(fold(text))
    for clause in clauses(said):
        if clause.asks:
            continue
        days = parse(_SINCE.sub(r"\1\2\3\4前", clause.text), context.today)
        if days is None:
            continue
        if days.first.year < _LONG_AGO:
            return Found(clause.start, clause.end, Refused("form_date_old"))
        ahead = bool(_AHEAD.search(field.label + field.ask))
        if days.first > context.today + timedelta(days=3650 if ahead else 0):
            return Found(clause.start, clause.end, Refused("form_date_ahead"))
        value = {"first": days.first.isoformat(), "last": days.last.isoformat(), "about": days.about}
        if not ahead and days.last > context.today:
            # 今年, 这个月: only as far as it has come.
            value["last"] = context.today.isoformat()
        return Found(clause.start, clause.end, Said(value))
    return None
