"""What was understood, said back in a line, so that a mistake is seen at once and not at the end."""

from __future__ import annotations

from typing import Any

from bot.desk.desk import Desk
from bot.desk.words import say
from bot.forms import asking, readers, steps, summary
from bot.forms.model import Field, Form, Kind, Sheet, State, split_path
from bot.people import mask

_PLAIN = frozenset({Kind.YES_NO, Kind.CHOICE, Kind.AGREE, Kind.TEXT, Kind.PAPER})
"""Kinds that leave nothing to misread, or are too long to repeat, where they come alone."""


def noted(desk: Desk, form: Form, sheet: Sheet, paths: tuple[str, ...], key: str = "") -> str:
    """记下了：每月工资约1000元；… `key` names other words for it; then everything is said back."""
    fields = {
        path: asked.field for at in steps.steps(form, sheet.answers, desk.today()) for path, asked in at.fields.items()
    }
    told: dict[int, list[tuple[Field, str]]] = {}
    for path in (one for one in fields if one in paths):
        field, given = fields[path], sheet.answers.get(path)
        if given is None or given.state is not State.SAID or field.kind in (Kind.AGREE, Kind.PAPER):
            continue
        if key or len(paths) > 1 or field.kind not in _PLAIN:
            words = "" if _is_zero(field, given.value) else readers.show(field, given.value, regions=desk.regions)
            told.setdefault(split_path(path)[0], []).append((field, words))
    shown = [_of(asking.who(form, sheet.answers, member), member, said, len(told) > 1) for member, said in told.items()]
    return mask(say(desk, key or "form_noted", what="；".join(shown)).text)[0] if shown else ""


def overview(desk: Desk, form: Form, sheet: Sheet) -> str:
    """All that was told, numbered. A number that somebody wrote into their story is covered here too."""
    return mask(summary.text(form, sheet.answers, desk.today(), regions=desk.regions))[0]


def _of(who: str, member: int, said: list[tuple[Field, str]], several: bool) -> str:
    """One person's part: 李建国：配偶，身份证号420****3215. Of several people a choice needs no label; several sums that
    are nothing are told as one."""
    none = [field.label for field, words in said if not words]
    nothing = (
        [f"{none[0]}没有"] if len(none) == 1 else [("别的" if len(none) < len(said) else "都") + "没有"] * bool(none)
    )
    if member < 1 or not (several or member > 1):
        return "；".join([*(f"{field.label}：{words}" for field, words in said if words), *nothing])
    told = [(field, words) for field, words in said if words and words != who]
    parts = [words if field.kind is Kind.CHOICE else f"{field.label}{words}" for field, words in told] + nothing
    return f"{who}：{'，'.join(parts)}" if parts else who


def _is_zero(field: Field, value: Any) -> bool:
    return field.kind is Kind.MONEY and value["low"] == value["high"] == "0"
