"""An officer takes a resident up, by the functions the console's pages call."""

from __future__ import annotations

from collections.abc import Mapping

from bot.desk.desk import Desk
from bot.desk.handoff import holding, queue
from bot.messages import Author, State
from bot.staff import Staff
from tests.console.people import Colleague


class OneOffice:
    """`Office`: one conversation at a time."""

    def __init__(self, desk: Desk, crew: Mapping[str, Colleague]) -> None:
        self._desk, self._crew = desk, crew
        self._holder: Staff | None = None
        self._talk, self._since = "", 0

    async def does(self, deed: str, said: str) -> str:
        if deed == "claim":
            return await self._claim(said)
        assert self._holder is not None, "whoever answers has claimed it"
        if deed == "reply":
            await holding.reply(self._desk, self._holder, self._talk, said)
        else:
            await self._bot_was_silent()
            await holding.give_back(self._desk, self._holder, self._talk)
        return await self._page()

    async def _claim(self, name: str) -> str:
        self._holder = self._crew[name].staff
        waiting = await queue.waiting(self._desk, self._holder, "queue")
        assert len(waiting) == 1, f"{len(waiting)} stand in {name}'s queue"
        self._talk = waiting[0].conversation
        await holding.claim(self._desk, self._holder, self._talk)
        page = await self._page()
        self._since = self._last
        return page

    async def _page(self) -> str:
        """The conversation as it stands on the officer's page: who said what."""
        assert self._holder is not None
        shown = await queue.opened(self._desk, self._holder, self._talk)
        self._last = max(row.seq for row in shown.messages)
        return "\n".join(f"{row.author.value} {row.text}" for row in shown.messages)

    async def _bot_was_silent(self) -> None:
        """Between the claim and giving back nothing of the bot's left, nor waits."""
        async with self._desk.store.reading() as work:
            rows = await work.messages.history(self._talk, 200)
        since = [row for row in rows if row.seq > self._since]
        said = [row.text for row in since if row.author is Author.BOT and row.state is not State.FAILED]
        assert not said, f"while an officer held the conversation the bot said {said}"
        assert any(row.author is Author.RESIDENT for row in since), "the resident said something meanwhile"
