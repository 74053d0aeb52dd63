"""Consents inside a form: who agreed to which text, when and where; and taking it back, which ends the form at once.

Kept as rows of their own (`Consents`), because they must be shown to have been given: 个人信息保护法 第14–17、29条.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.conversations import Conversation
from bot.desk.case_ports import Draft
from bot.desk.desk import Desk
from bot.desk.filling.effect import Here
from bot.desk.ports import Work
from bot.forms.asking import NO
from bot.forms.model import Form, Kind, State

GUARDIAN = "guardian"
_WITHDRAWS = re.compile(
    r"(?:我|要|想|请|就)*(?:撤回|收回|取消)(?:我的|之前的|刚才的)?(?:同意|授权|许可)[了吧啊。！!]*|不同意(?:了|你们用|再用).{0,8}"
)
_YES = re.compile(r"是的?|对的?|嗯+|确定|肯定|真的|好的?|可以|行|不办|不填|不要|算了?|取消|收回|撤回|同意")
_NO = re.compile(
    r"不是|没有|不对|不确定|先不|不收回|不取消|等等|等一?下|别|点错|说错|(?:我)?(?:还是)?(?:接着|继续|还要?|要)[填办弄来]?"
)
_GOES = re.compile(r"是的?|对的?|嗯+|确定|确认|好的?|可以|行|同意|要|想|换|先[填办](?:那个|它)?")
_STAYS = re.compile(
    r"不(?:是|用|要|了|填|办|换|必|急|想|行|同意|确定)?|没有|等等|等一?下|别|点错|说错|算了?|(?:还是)?(?:接着|继续)[填办弄来]?|"
    r"先[填办]这个|(?:先)?[填办]完(?:这个)?(?:再说)?|以后再说"
)
_NOTHING = re.compile(r"[\W了吧的啊呀哦呢我]*")


def withdraws(text: str) -> bool:
    return _WITHDRAWS.fullmatch(text.strip()) is not None


def takes_back(here: Here, meaning: Mapping[str, Any]) -> bool:
    """Whether the no under a consent that was given is tapped later."""
    path = str(meaning.get("field", ""))
    given = here.sheet.answers.get(path)
    if given is None or given.state is not State.SAID or (here.at and path in here.at.fields):
        return False
    asked = here.asked(path)
    return asked is not None and asked.field.kind is Kind.AGREE and meaning.get("value") == NO


def yes_or_no(text: str) -> bool | None:
    """To 真的不办了吗: 不办了 and 嗯，是的 are yes, 接着填 and 等等 are no; None for all that says something else."""
    return _meant(text, _NO, _YES)


def goes_over(text: str) -> bool | None:
    """To 要先填临时救助吗, where giving up means to stay."""
    return _meant(text, _STAYS, _GOES)


def _meant(text: str, no: re.Pattern[str], yes: re.Pattern[str]) -> bool | None:
    for pattern, meant in ((no, False), (yes, True)):
        if pattern.search(text) and _NOTHING.fullmatch(pattern.sub("", text)):
            return meant
    return None


async def record(desk: Desk, work: Work, form: Form, old: Draft, new: Draft, talk: Conversation) -> None:
    """Write down the consents that this message gave: the version read, the person, the time, the channel."""
    now = desk.clock.now()
    for step in form.steps:
        for asked in step.fields:
            if asked.field.kind is not Kind.AGREE:
                continue
            given, before = new.sheet.answers.get(asked.field.key), old.sheet.answers.get(asked.field.key)
            if given is None or given.state is not State.SAID or given == before:
                continue
            await work.consents.give(
                new.id,
                1,
                "",
                asked.field.key,
                str(given.value["version"]),
                talk.channel,
                talk.id,
                new.person,
                now,
                by_guardian=asked.field.key == GUARDIAN,
            )


async def withdraw(desk: Desk, work: Work, draft: Draft, talk: Conversation) -> None:
    """From now on nothing more is done with what was told; the rows that show the consent say when it ended."""
    for consent in await work.consents.of_draft(draft.id):
        if consent.state == "given":
            await work.consents.settle(
                consent.id, "withdrawn", talk.channel, talk.id, consent.person or draft.person, desk.clock.now()
            )
