"""What each platform's refusals mean, for staff who look at a message that did not arrive. Who opens the console hands them to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from connectors.verdicts import Verdict
from connectors.wechat import errors as wechat
from connectors.wechat.mini_channel import NAME as MINI
from connectors.wechat.read import NAME as WECHAT
from connectors.weibo import errors as weibo
from connectors.weibo.read import NAME as WEIBO


def refusals() -> Mapping[str, Mapping[str, str]]:
    """By channel, and by the name that a message keeps as its reason."""
    of_wechat = _named((*wechat.TABLE.values(), wechat.UNCONFIRMED))
    return {WECHAT: of_wechat, MINI: of_wechat, WEIBO: _named((*weibo.TABLE.values(), weibo.UNCONFIRMED))}


def _named(verdicts: Iterable[Verdict]) -> Mapping[str, str]:
    return {one.name: one.staff for one in verdicts}
