"""A household's form at each of its questions, what a message does there, and questions that are no answer to any."""

from __future__ import annotations

from typing import Any

from bot.forms import steps
from bot.forms.model import Sheet
from bot.forms.moves import Move
from bot.forms.saying import Hints, understand
from tests.forms.household import FORM, LAST, PEOPLE, REST, context, sheet
from tests.forms.published import DAY

START = steps.advance(FORM, Sheet(FORM.id), DAY)
AT_SIZE = steps.advance(FORM, steps.put(FORM, START, {path: PEOPLE[path] for path in list(PEOPLE)[:3]}, today=DAY), DAY)
AT_MEMBER = steps.advance(FORM, steps.put(FORM, AT_SIZE, {"size": 3}, today=DAY), DAY)
AT_HEALTH = sheet(PEOPLE)
AT_OWNED = sheet(PEOPLE, {path: value for path, value in REST.items() if path.startswith("members.")})
AT_REASON = sheet(PEOPLE, REST)
AT_HOSPITAL = sheet(PEOPLE, REST, {path: value for path, value in LAST.items() if path != "hospital"})
DONE = sheet(PEOPLE, REST, LAST)


def hear(filled: Sheet, text: str, hints: Hints | None = None, meaning: dict[str, Any] | None = None) -> Move:
    at = steps.current(FORM, filled, DAY)
    return understand(text, meaning, at, FORM, filled, context(filled), hints or Hints())


QUESTIONS = (
    "低保要多久",
    "低保怎么申请",
    "残疾人补贴一个月多少钱？",
    "三口人的低保是多少钱",
    "没有房子能申请吗",
    "有车能不能吃低保",
    "得了重病有什么救助",
    "低保几口人能申请",
    "身份证丢了怎么办",
    "工资两千三能申请吗",
    "失业了去哪里登记",
    "你们几点上班",
    "孩子上学有补助吗",
    "是不是要查存款",
    "去年申请过还能再申请吗",
)
