"""The access token: held once for all processes, fetched by one of them at a time, and never more than twice a minute.

`stable_token` gives the same token again until five minutes before its end, so an early refresh disturbs nobody.
https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.desk.ports import Store
from bot.errors import Conflict, TryAgain
from connectors.channel import Misconfigured

log = logging.getLogger(__name__)

USED_OF_LIFE = 0.8
LOCK_SECONDS = 10.0
"""Longer than a fetch can take (3 s connect, 5 s read)."""
REST_SECONDS = 5.0
FETCHES, PER_SECONDS = 2, 60.0
FORCE_SECONDS, FORCES_A_DAY = 30.0, 20
"""`force_refresh` makes live calls fail, and WeChat allows twenty a day."""


@dataclass(frozen=True, slots=True)
class Fetched:
    token: str
    seconds: float

    def __repr__(self) -> str:
        return f"Fetched(seconds={self.seconds})"


Fetch = Callable[[bool], Awaitable[Fetched]]
"""Asks WeChat for a token; True forces a new one."""


class TokenKeeper:
    """The one owner of an account's token in this process; the store makes it the one owner among all."""

    def __init__(self, account: str, store: Store, clock: Clock, fetch: Fetch) -> None:
        self._account, self._store, self._clock, self._fetch = account, store, clock, fetch
        self._one_at_a_time = asyncio.Lock()
        self._holder = secrets.token_hex(8)
        self._forced: list[float] = []
        self._resting: tuple[datetime, TryAgain] | None = None

    async def get(self) -> str:
        """A token to use now. Raises TryAgain when there is none and none may be fetched yet, Misconfigured when WeChat
        refuses our account."""
        async with self._one_at_a_time:
            return await self._get()

    async def replace(self, refused: str) -> str:
        """Another token for the one WeChat refused; it is dropped only if it still is the one we all use."""
        async with self._one_at_a_time:
            await self._drop(refused)
            return await self._get()

    async def force(self, refused: str) -> None:
        """A second token was refused in one call: ask for a new one outright, as rarely as WeChat allows. The call that
        failed is not repeated; the next one finds the new token."""
        async with self._one_at_a_time:
            if await self._stored() not in (None, refused) or not await self._may_force():
                return
            await self._drop(refused)
            await self._refresh(old=None, force=True)

    async def _get(self) -> str:
        current = await self._stored()
        if current is not None:
            return current
        if self._resting is not None and self._clock.now() < self._resting[0]:
            raise TryAgain(str(self._resting[1]), self._resting[1].after)
        try:
            return await self._refresh(old=await self._stored(stale=True), force=False)
        except Misconfigured:
            raise
        except TryAgain as error:
            # Whoever waits behind us would wait in vain, one after the other.
            self._resting = (self._clock.now() + timedelta(seconds=REST_SECONDS), error)
            raise

    async def _refresh(self, old: str | None, force: bool) -> str:
        if not await self._lock(self._account, LOCK_SECONDS):
            return old or await self._from_another_process()
        current = None if force else await self._stored()
        if current is not None:
            return current
        try:
            await self._take_slot()
            fetched = await self._fetch(force)
        except Misconfigured:
            raise
        except TryAgain:
            if old is None:
                raise
            # A fifth of its life is left: better than no answer.
            return old
        now = self._clock.now()
        async with self._store.writing() as work:
            until = now + timedelta(seconds=fetched.seconds * USED_OF_LIFE)
            await work.tokens.put(self._account, fetched.token, until, now)
            await work.commit()
        return fetched.token

    async def _from_another_process(self) -> str:
        for _ in range(int(LOCK_SECONDS / 0.2)):
            await asyncio.sleep(0.2)
            current = await self._stored()
            if current is not None:
                return current
        raise TryAgain("token_awaited: another process is fetching the WeChat token; repeat later", 5.0)

    async def _take_slot(self) -> None:
        """Two slots, each good once a minute for all processes: a storm of refusals cannot become one of fetches."""
        for slot in range(FETCHES):
            if await self._lock(f"{self._account}#fetch{slot}", PER_SECONDS, unique=True):
                return
        log.warning("wechat token fetch withheld: two in the last minute")
        raise TryAgain("token_withheld: two tokens were fetched in the last minute; repeat later", PER_SECONDS / 2)

    async def _may_force(self) -> bool:
        now = self._clock.now().timestamp()
        self._forced = [moment for moment in self._forced if now - moment < 24 * 3600]
        if len(self._forced) >= FORCES_A_DAY:
            return False
        if not await self._lock(f"{self._account}#force", FORCE_SECONDS, unique=True):
            return False
        self._forced.append(now)
        return True

    async def _lock(self, name: str, seconds: float, unique: bool = False) -> bool:
        holder = secrets.token_hex(8) if unique else self._holder
        try:
            async with self._store.writing() as work:
                held = await work.tokens.lock(name, holder, self._clock.now(), seconds)
                await work.commit()
                return held
        except Conflict:
            return False

    async def _stored(self, stale: bool = False) -> str | None:
        async with self._store.reading() as work:
            found = await work.tokens.get(self._account)
        if found is None or not found[0]:
            return None
        token, until = found
        return token if stale or self._clock.now() < until else None

    async def _drop(self, token: str) -> None:
        async with self._store.writing() as work:
            await work.tokens.drop(self._account, token)
            await work.commit()
