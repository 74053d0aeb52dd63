"""The access token: held once for all processes, fetched by one of them at a time, and never more than twice a minute.

`stable_token` gives the same token again until five minutes before its end, so an early refresh disturbs nobody.
https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.desk.ports import Store
from bot.errors import Conflict, Misconfigured, TryAgain

log = logging.getLogger(__name__)

USED_OF_LIFE = 0.8
LOCK_SECONDS = 10.0
"""Longer than a fetch can take (3 s connect, 5 s read)."""
FETCHES, PER_SECONDS = 2, 60.0
FORCE_SECONDS, FORCES_A_DAY = 30.0, 20
"""`force_refresh` makes live calls fail, and WeChat allows twenty a day."""


@dataclass(frozen=True, slots=True)
class Fetched:
    token: str = field(repr=False)
    seconds: float


Fetch = Callable[[bool], Awaitable[Fetched]]
"""Asks WeChat for a token; True forces a new one."""


class TokenKeeper:
    """The one owner of an account's token in this process; the store makes it the one owner among all."""

    def __init__(self, account: str, store: Store, clock: Clock, fetch: Fetch) -> None:
        self._account, self._store, self._clock, self._fetch = account, store, clock, fetch
        self._one_at_a_time = asyncio.Lock()
        self._known: tuple[str, datetime] | None = None
        self._dropped = ""
        self._resting: tuple[datetime, TryAgain] | None = None
        self._force_next = False
        self._forced: list[datetime] = []

    async def get(self) -> str:
        """A token to use now. Raises TryAgain when there is none and none may be fetched yet, Misconfigured when WeChat
        refuses our account."""
        known = self._fresh(self._known)
        if known:
            return known
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
            if self._fresh(self._known) in ("", refused):
                await self._drop(refused)
                self._force_next = True
                await self._refresh(old="")

    def _fresh(self, found: tuple[str, datetime] | None) -> str:
        return found[0] if found is not None and self._clock.now() < found[1] else ""

    async def _get(self) -> str:
        known = self._fresh(self._known)
        if known:
            return known
        self._check_rest()
        found = await self._stored()
        if self._fresh(found):
            self._known, self._dropped = found, ""
            return self._fresh(found)
        return await self._refresh(old=found[0] if found else "")

    async def _refresh(self, old: str) -> str:
        """`old`: a token past four fifths of its life, which serves while no other can be had."""
        self._check_rest()
        await self._read_rest()
        if not await self._lock(self._account, LOCK_SECONDS):
            return old or await self._from_another_process()
        try:
            return await self._kept_meanwhile() or await self._fetch_alone()
        except TryAgain as error:
            if old and not isinstance(error, Misconfigured):
                return old
            await self._rest(error)
            raise

    async def _kept_meanwhile(self) -> str:
        """A token another process put while we asked for the lock; putting it again gives the lock back."""
        found = await self._stored()
        if found is None or not self._fresh(found):
            return ""
        await self._keep(*found)
        return found[0]

    async def _fetch_alone(self) -> str:
        await self._take_slot()
        fetched = await self._fetch(await self._may_force())
        await self._keep(fetched.token, self._clock.now() + timedelta(seconds=fetched.seconds * USED_OF_LIFE))
        return fetched.token

    async def _from_another_process(self) -> str:
        for _ in range(int(LOCK_SECONDS / 0.2)):
            await asyncio.sleep(0.2)
            found = await self._stored()
            if self._fresh(found):
                self._known, self._dropped = found, ""
                return self._fresh(found)
            await self._read_rest()
        raise TryAgain("token_awaited: another process is fetching the WeChat token; repeat later", 5.0)

    async def _take_slot(self) -> None:
        """Two slots, each good once a minute for all processes: a storm of refusals cannot become one of fetches."""
        for slot in range(FETCHES):
            if await self._lock(f"{self._account}#fetch{slot}", PER_SECONDS):
                return
        log.warning("wechat token fetch withheld: two in the last minute")
        raise TryAgain("token_withheld: two tokens were fetched in the last minute; repeat later", PER_SECONDS / 2)

    async def _may_force(self) -> bool:
        if not self._force_next:
            return False
        now = self._clock.now()
        self._forced = [moment for moment in self._forced if now - moment < timedelta(days=1)]
        if len(self._forced) >= FORCES_A_DAY or not await self._lock(f"{self._account}#force", FORCE_SECONDS):
            return False
        self._forced.append(now)
        self._force_next = False
        return True

    async def _rest(self, error: TryAgain) -> None:
        """Tell every process that no token is to be had while our lock lasts: whoever waited would wait in vain."""
        until = self._clock.now() + timedelta(seconds=LOCK_SECONDS)
        await self._put(f"{self._account}#rest", json.dumps([type(error).__name__, str(error), error.after]), until)
        self._resting = (until, error)

    async def _read_rest(self) -> None:
        async with self._store.reading() as work:
            found = await work.tokens.get(f"{self._account}#rest")
        if found is not None:
            kind, message, after = json.loads(found[0])
            self._resting = (found[1], (Misconfigured if kind == Misconfigured.__name__ else TryAgain)(message, after))
            self._check_rest()

    def _check_rest(self) -> None:
        if self._resting is not None and self._clock.now() < self._resting[0]:
            failed = self._resting[1]
            raise type(failed)(str(failed), failed.after)

    async def _lock(self, name: str, seconds: float) -> bool:
        try:
            async with self._store.writing() as work:
                held = await work.tokens.lock(name, secrets.token_hex(8), self._clock.now(), seconds)
                await work.commit()
                return held
        except Conflict:
            return False

    async def _stored(self) -> tuple[str, datetime] | None:
        async with self._store.reading() as work:
            return await work.tokens.get(self._account)

    async def _keep(self, token: str, until: datetime) -> None:
        await self._put(self._account, token, until)
        self._known, self._dropped = (token, until), ""

    async def _put(self, name: str, token: str, until: datetime) -> None:
        async with self._store.writing() as work:
            await work.tokens.put(name, token, until, self._clock.now())
            await work.commit()

    async def _drop(self, refused: str) -> None:
        """A token unlike the one we know was replaced already, and one we dropped is not there twice."""
        if self._known is not None and self._known[0] != refused:
            return
        self._known = None
        if refused != self._dropped:
            async with self._store.writing() as work:
                await work.tokens.drop(self._account, refused)
                await work.commit()
            self._dropped = refused
