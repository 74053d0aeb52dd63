"""What a resident would write to a question, for any form: whatever `content/` asks must be answerable in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from bot.forms.asking import who
from bot.forms.model import Asked, Field, Form, Given, Kind, Sheet, split_path
from bot.forms.readers.identifying import luhn
from bot.forms.steps import StepAt
from tests.forms.walk import identity

_FAMILIES, _GIVEN = "王李张刘陈杨赵黄周吴徐孙", "桂英建国秀兰志强小宝文博雨欣"
_SUMS = ("两千三", "一千来块", "三五百", "1500", "八百", "一万二", "没有")
_DAYS = ("去年腊月", "上个月", "2025年3月", "半年前", "去年")
_PLACES = ("武汉市洪山区关山街道葛光社区", "江岸区台北街道5号", "荆州市监利市朱河镇余杨村")
_COUNTS = ("1", "2", "两", "三", "3")
_STORIES = ("在家附近的小店帮忙", "说来话长，慢慢好起来了", "去医院看了好几回")


def words(field: Field, random: Random) -> str:
    """Something a resident could say to this one field; empty for a photo."""
    match field.kind:
        case Kind.NAME:
            return random.choice(_FAMILIES) + "".join(random.sample(_GIVEN, 2))
        case Kind.IDENTITY:
            born = f"{random.randint(1940, 2020)}{random.randint(1, 12):02d}{random.randint(1, 28):02d}"
            return identity(random.choice(("420106", "420111", "421023")) + born + f"{random.randint(1, 999):03d}")
        case Kind.PHONE:
            return "138" + f"{random.randint(0, 99_999_999):08d}"
        case Kind.BANK_CARD:
            first = "621700" + f"{random.randint(0, 10**12 - 1):012d}"
            return next(first + digit for digit in "0123456789" if luhn(first + digit))
        case Kind.MONEY:
            return random.choice(_SUMS)
        case Kind.NUMBER:
            return random.choice(_COUNTS)
        case Kind.DATE:
            return random.choice(_DAYS)
        case Kind.YES_NO:
            return random.choice(("有", "没有"))
        case Kind.CHOICE:
            return random.choice(field.options).label
        case Kind.CHOICES:
            some = random.sample(field.options, random.randint(0, min(2, len(field.options))))
            return "、".join(option.label for option in some) or "都没有"
        case Kind.ADDRESS:
            return random.choice(_PLACES)
        case Kind.TEXT:
            return random.choice(_STORIES)
        case Kind.AGREE:
            return "同意"
        case Kind.PAPER:
            return ""


def answer(form: Form, sheet: Sheet, at: StepAt, random: Random) -> str:
    """Words for everything the question wants; 跳过 where only a photo would do."""
    wanted = {path: at.fields[path] for path in at.wanted or at.paths}
    people = list(dict.fromkeys(split_path(path)[0] for path in wanted))
    several = at.step.over and len(people) > 1
    parts = []
    for number in people:
        mine = [asked for path, asked in wanted.items() if split_path(path)[0] == number]
        name = (who(form, sheet.answers, number) if number > 1 else "我") if several else ""
        said = _of_one(mine, random)
        parts.append(name + said)
    return "；".join(part for part in parts if part) or "跳过"


def _of_one(asked: list[Asked], random: Random) -> str:
    """In one line, each sum and number with its word."""
    if all(one.field.kind is Kind.AGREE for one in asked):
        return "同意"
    parts = []
    for one in asked:
        said = words(one.field, random)
        if len(asked) > 1 and one.field.kind in (Kind.MONEY, Kind.YES_NO):
            said = label(one.field) + said
        elif len(asked) > 1 and one.field.kind is Kind.NUMBER:
            said += label(one.field)
        parts.append(said)
    return "，".join(part for part in parts if part)


def label(field: Field) -> str:
    return next((word for word in field.words if len(word) > 1), field.label)


def said(answers: Mapping[str, Given]) -> dict[str, object]:
    return {path: given.value for path, given in answers.items()}
