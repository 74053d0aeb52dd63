"""Pictures residents sent, fetched from whichever channel they came by."""

from __future__ import annotations

from collections.abc import Mapping

from bot.errors import Undeliverable
from connectors.channel import Channel


class ChannelMedia:
    """The desk's `Media`."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self._channels = channels

    async def fetch(self, channel: str, media: str) -> bytes:
        if not media or channel not in self._channels:
            raise Undeliverable(f"a message of channel {channel!r} names no picture that could be fetched", "no_media")
        return await self._channels[channel].fetch(media)
