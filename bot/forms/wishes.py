"""A wish to apply, said in the middle of a form: 我要申请临时救助, 给我妈办个特困, 不填这个了，先办低保.

Words alone decide. What is worded as a question is none, nor what was applied for already (申请了, 领着).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.forms import commands
from bot.forms.answers import read_answer
from bot.forms.model import Asked, Kind
from bot.forms.moves import Answer, Apply
from bot.forms.readers.base import Context
from bot.forms.readers.plain import asks, clauses, plain, told
from bot.forms.steps import StepAt
from bot.language import programmes

_LONGEST = 40
"""Letters of the longest clause."""
_NAME = "P"
"""Stands for the name of a programme: capitals are nowhere else in a plain text."""
_WILLING = "想|要|打算|准备|希望|帮|给|替|代|麻烦|(?<!申)请|改|换"
_WHO = (
    "我|们|俺|咱|你|您|他|她|家|里|自己|本人|老人|老伴|老公|老婆|爱人|孩子|儿子|女儿|孙子|孙女|爸|妈|爹|娘|父亲|母亲|爷|奶|"
    "外公|外婆|姥|公公|婆婆|哥|姐|弟|妹|叔|邻居"
)
_SOFT = "那|么|嗯|哦|好|的|行|对了|另外|还有|同时|顺便|其实|先|就|现在|今天|这次|也|还是|还|再|又|重新|一起|直接|不如|干脆|忙|来|去"
# Each begins differently or cannot be told in two ways, so that no text takes long.
_BEFORE = rf"(?:{_WILLING}|{_WHO}|{_SOFT})*"
_DO = r"(?:申请|申报|申领|申办|办理?|填写?|报名?|登记|弄|搞|领|吃|拿|享受|成)"
_PLAINLY = re.compile(rf"(?:{_WHO}|{_SOFT})*(?:申请|申报|申领|申办|办理?|填写?|接着填|继续填)")
_ONE = r"(?:一?[个份下]|上)?"
_OF = r"的?(?:救助|供养|补贴|补助|津贴|待遇|资格|申请|表格?|认定|家庭|人员|户|金|钱)*"
_END = r"(?:吧|了|呗|嘛|啊|呀|呢|哦|哈|啦|一下|试试|谢谢)*"
_WISH = re.compile(
    rf"{_BEFORE}(?:接着|继续)?{_DO}{_ONE}{_NAME}+{_OF}{_END}|(?:{_WHO})(?:{_SOFT})*想?要{_ONE}{_NAME}+{_OF}{_END}"
)
_TURNED = re.compile(rf"(?:{_SOFT})*{_NAME}+{_OF}{_BEFORE}{_DO}{_ONE}{_END}")
"""低保帮我报一下, 临时救助我也想申请."""


def at(
    said: str, step: StepAt | None, asked: Mapping[str, Asked], context: Context, programme: str
) -> Apply | Answer | None:
    """The wish a whole message is, at a question of the form for `programme`. For that one it may answer the question:
    给我妈办低保, to 给谁办."""
    wish = hear(said)
    free = all(one.field.kind is Kind.TEXT for one in asked.values())
    if wish is None or wish.named != programme or step is None or free:
        return wish
    unnamed = re.sub("|".join(programmes.NAMES[programme].split()), "", plain(said))
    reading = read_answer(unnamed, step, asked, context)
    return Answer(reading.values, reading.refused) if reading.values else wish


def hear(text: str) -> Apply | None:
    """The wish a whole message is; what stands before it steers the form or says nothing."""
    pieces = _pieces(text)
    if not pieces or not (named := _named(pieces[-1])):
        return None
    return Apply(named, text) if all(_named(one) or commands.hear(one) for one in pieces[:-1]) else None


def within(text: str) -> Apply | None:
    """The wish that a message comes to at its end: 家里等钱用，我要申请临时救助."""
    pieces = _pieces(text)
    named = _named(pieces[-1]) if pieces and not any(map(asks, pieces)) else ""
    return Apply(named, text) if named else None


def _pieces(text: str) -> list[str]:
    said = plain(text)
    if _named(said):
        return [said]
    return [one.text for one in clauses(said) if told(one.text)]


def _named(said: str) -> str:
    """The programme that a clause wishes for; empty: it wishes for none."""
    if asks(said):
        return ""
    found = programmes.find(said)
    for one in reversed(found):
        eats = "吃" if said[one.start] == "吃" else ""  # 吃低保 is a name too
        said = said[: one.start] + eats + _NAME + said[one.end :]
    bare = re.sub(r"\W", "", said)
    if not found or len(bare) > _LONGEST:
        return ""
    if _WISH.fullmatch(bare):
        return found[-1].code if _willing(bare) or _plainly(bare) else ""
    return found[-1].code if _TURNED.fullmatch(bare) and _willing(bare) else ""


def _willing(bare: str) -> bool:
    return re.search(_WILLING, bare) is not None


def _plainly(bare: str) -> bool:
    """申请临时救助, 先办低保; not 办低保了, which was done."""
    return _PLAINLY.match(bare) is not None and "了" not in bare.partition(_NAME)[2]
