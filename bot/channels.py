"""What each channel can carry: one table for the connectors that send and for the previews of editors."""

from __future__ import annotations

from collections.abc import Mapping

from bot.messages import Capabilities

WECHAT = Capabilities(text_bytes=2047, options=10, passive_seconds=3.5, personal=True)
WEIBO = Capabilities(text_bytes=299 * 3, options=0, passive_seconds=3.5, personal=False, characters=280)
"""Less than 300 characters a message, whatever they are; strangers may look over a shoulder there."""
MINI = Capabilities(text_bytes=2047, options=0, passive_seconds=0, personal=True)
"""A mini program's service window: nothing goes back in the same exchange, and nothing in a text can be tapped."""
APP = Capabilities(text_bytes=65_536, options=10, passive_seconds=0, personal=True)
"""A page of ours: it shows the whole answer."""
CAPABILITIES: Mapping[str, Capabilities] = {"wechat": WECHAT, "weibo": WEIBO, "app": APP, "senior": APP}
"""Of the channels content is written for."""


def read_as(channel: str) -> str:
    """The channel whose answers are said on this one: a mini program belongs to WeChat."""
    return "wechat" if channel == "mini" else channel


def personal(channel: str) -> bool:
    """Whether anything personal may be said on a channel. One that nobody described is trusted: it is a test's own."""
    known = CAPABILITIES.get(channel)
    return known is None or known.personal
