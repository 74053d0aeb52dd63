"""Whether a message of ours arrived, and if not why, in an officer's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.desk.outbox import OVERTAKEN
from bot.desk.ports import Message
from bot.messages import Author, State

_STATES = {
    State.QUEUED: "等着发出",
    State.SENDING: "正在发出",
    State.HELD: "还没送达，等居民再说话",
    State.FAILED: "没有送达",
}
_OURS = {
    "gave up after repeated faults": "平台一直没有回应，试了几次都没发出去。请打电话。",
    "sender died while sending": "发送中断了几次。请打电话问居民收到没有。",
    "empty": "这条消息没有字。",
}
_CLOSED = re.compile(r"the channel (\w+) is not set up here")
_CODE = re.compile(r"(?:unknown|service)_(-?\d+)")
_REPEATED = ("无法送达：", "没有送达：")
"""What a platform's sentence begins with is said already."""


@dataclass(frozen=True, slots=True)
class Delivery:
    state: str
    """Two or three words; empty: it arrived, or is not ours."""
    why: str
    """A sentence, with what can be done instead; empty: nothing more is known."""
    failed: bool


def of(message: Message, words: Mapping[str, str]) -> Delivery:
    """`words`: what the platform's refusals mean, by the name a message keeps as its reason."""
    if message.author is Author.RESIDENT:
        return Delivery("", "", False)
    failed = message.state is State.FAILED
    if failed and (dropped := _dropped(message)):
        return Delivery(dropped, "", False)
    why = _why(message.reason, words) if message.state in _STATES else ""
    return Delivery(_STATES.get(message.state, ""), why, failed)


def _dropped(message: Message) -> str:
    """Why it was not sent on purpose; empty: it should have arrived."""
    if message.reason == OVERTAKEN:
        return "没有发：答复先到了"
    if "officer" not in message.reason:
        return ""
    return "没有发：工作人员先回了" if message.author is Author.SYSTEM else "没有发：工作人员接手了"


def _why(reason: str, words: Mapping[str, str]) -> str:
    if reason in words:
        said = words[reason]
        return next((said.removeprefix(start) for start in _REPEATED if said.startswith(start)), said)
    if code := _CODE.fullmatch(reason):
        return f"平台返回代码{code[1]}，请把这条消息报给技术人员。"
    if _CLOSED.fullmatch(reason):
        return "这个渠道现在没有接通，请报技术人员。"
    return _OURS.get(reason, "")
