"""What each channel can carry: one table for the connectors that send and for the previews of editors."""

from __future__ import annotations

from collections.abc import Mapping

from bot.messages import Capabilities

WECHAT = Capabilities(text_bytes=2047, options=10, passive_seconds=3.5, personal=True)
WEIBO = Capabilities(text_bytes=299 * 3, options=0, passive_seconds=3.5, personal=False)
"""Less than 300 Chinese characters a message; strangers may look over a shoulder there."""
APP = Capabilities(text_bytes=65_536, options=10, passive_seconds=0, personal=True)
"""A page of ours: it shows the whole answer."""
CAPABILITIES: Mapping[str, Capabilities] = {"wechat": WECHAT, "weibo": WEIBO, "app": APP, "senior": APP}
