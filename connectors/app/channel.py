"""The app as the gateway's loops see it: what is sent becomes visible to whoever follows, and never fails for a quota."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.channels import APP
from bot.conversations import Conversation
from bot.desk import laying
from bot.desk.ports import Message, Store
from bot.errors import Forged
from bot.messages import Capabilities
from connectors.app.watch import Watch
from connectors.channel import Callback, Query

NAME = ACCOUNT = "app"


class App:
    """A `Channel` without callbacks: what residents say comes through the API (`connectors.app.mounting`)."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.watch = Watch(store)

    @property
    def name(self) -> str:
        return NAME

    @property
    def path(self) -> str:
        return NAME

    @property
    def capabilities(self) -> Capabilities:
        return APP

    def verify_url(self, query: Query, now: datetime) -> str:
        raise Forged("the app has no callbacks")

    def read(self, query: Query, headers: Mapping[str, str], body: bytes, now: datetime) -> Callback:
        raise Forged("the app has no callbacks")

    async def send(self, conversation: Conversation, message: Message) -> str:
        """Its row is shown from the moment it may leave; who follows is told at once."""
        self.watch.ring(conversation.sender)
        return ""

    async def fetch(self, media: str) -> bytes:
        return await laying.fetch(self._store, media)

    async def close(self) -> None:
        self.watch.close()
