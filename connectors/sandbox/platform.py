"""WeChat itself, simulated: residents, screens, budgets, tokens, and the deliveries between them and the account."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Self

from bot.clock import Clock
from connectors.sandbox import pushes
from connectors.sandbox.courier import Courier
from connectors.sandbox.deliveries import Delivered, Deliveries
from connectors.sandbox.dialect import Dialect, WeChatDialect
from connectors.sandbox.injected import LineFault, Preparations
from connectors.sandbox.ledger import Ledger
from connectors.sandbox.media import SILENCE, Shelf, looks_like
from connectors.sandbox.pushes import Act, Push
from connectors.sandbox.residents import Resident
from connectors.sandbox.screen import Option, Shown
from connectors.sandbox.screens import Screens
from connectors.sandbox.settings import Phone, SandboxSettings, check_webhook
from connectors.sandbox.tokens import Tokens
from connectors.sandbox.travel import Travel, Travelled
from connectors.sandbox.weibo.dialect import WeiboDialect
from connectors.sandbox.wire import Sealed


class Platform:
    """One simulated account with its followers. In tests: `async with Platform(settings, url, clock) as wechat`."""

    def __init__(self, settings: SandboxSettings, deliver_to: str, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.travel = Travel(clock, settings.log_size)
        self.tokens = Tokens(settings.token_seconds)
        self.shelf = Shelf()
        self.prepared = Preparations()
        self.screens = Screens(settings, clock, self.travel)
        self._codes: dict[str, tuple[str, datetime]] = {}
        self._agreed: Counter[tuple[str, str]] = Counter()
        self.expired = False
        """Weibo: whether the access token its page showed has ended."""
        self._dialect = _dialect(settings)
        self._courier = Courier(settings, self._dialect, clock, self.travel)
        address, complains = check_webhook(deliver_to), self._dialect.complains
        self._deliveries = Deliveries(settings, address, self._courier, self.screens, self.travel, complains)
        self.as_of: date | None = None
        """The day the service is asked as of; None: today. Chosen on the page."""
        self._last_id = 0
        self._under_way: set[asyncio.Task[Delivered]] = set()

    @property
    def deliver_to(self) -> str:
        """The account's webhook; a test sets it when the port is known."""
        return self._deliveries.url

    @deliver_to.setter
    def deliver_to(self, url: str) -> None:
        self._deliveries.url = check_webhook(url)

    @property
    def residents(self) -> dict[str, Resident]:
        return self.screens.residents

    @property
    def log(self) -> list[Travelled]:
        """What travelled, oldest first."""
        return list(self.travel.entries)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        self.travel.end()
        for task in tuple(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._courier.close()

    # What residents do ------------------------------------------------------------------------------------------

    def act(self, openid: str, act: Act) -> Push:
        """Do it on the resident's side only: the bubble, the budget, the state of follow. `deliver` carries it over."""
        resident = self.screens.actor(openid, act)
        now = self.clock.now()
        resident.touched = now
        if act.fields.get("Event") in ("subscribe", "unsubscribe"):
            resident.follows = act.fields["Event"] == "subscribe"
            resident.ledger = Ledger()
            self.travel.tell("follow", openid, resident.follows)
        if act.trigger is not None:
            budget = self._dialect.budgets.get(act.trigger)
            resident.ledger = Ledger.opened(budget, now) if budget else resident.ledger
        self.travel.tell("budget", openid, resident.budget(now))
        if act.said:
            kind = act.fields["MsgType"] if act.media else "text"
            self.screens.show(openid, Shown("resident", kind, text=act.said, media=act.media))
        return self._dialect.push(act, openid, now, self._next_id())

    async def do(self, openid: str, act: Act, **how: object) -> Delivered:
        return await self.deliver(self.act(openid, act), **how)  # type: ignore[arg-type]

    def start(self, openid: str, act: Act, **how: object) -> None:
        """Do it and deliver behind the caller's back, as a phone does."""
        self.start_delivery(self.act(openid, act), **how)

    def start_delivery(self, push: Push, **how: object) -> None:
        """Deliver behind the caller's back."""
        task = asyncio.create_task(self.deliver(push, **how))  # type: ignore[arg-type]
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def say(self, openid: str, text: str, **how: object) -> Delivered:
        """Write a text. `how` is that of `deliver`: deliveries=1..4, concurrent=True, faults=(LineFault.LOST, …)."""
        return await self.do(openid, pushes.text(text), **how)

    async def tap(self, openid: str, option: str, **how: object) -> Delivered:
        """Tap a line on the screen, named by its label or its id; the newest such line counts."""
        found = self.option(openid, option)
        return await self.do(openid, pushes.tap(found.id, found.label), **how)

    async def follow(self, openid: str, scene: str = "", **how: object) -> Delivered:
        """Follow, or come back; with a scene it happens through a scene code."""
        return await self.do(openid, pushes.follow(scene, secrets.token_urlsafe(24)), **how)

    async def unfollow(self, openid: str, **how: object) -> Delivered:
        return await self.do(openid, pushes.unfollow(), **how)

    async def scan(self, openid: str, scene: str, **how: object) -> Delivered:
        """Scan a scene code: SCAN for a follower, a follow for everyone else."""
        return await self.do(openid, self.scanning(openid, scene), **how)

    async def enter(self, openid: str, session_from: str = "", **how: object) -> Delivered:
        """Open a mini program's service window."""
        return await self.do(openid, pushes.enter(session_from), **how)

    async def mention(self, openid: str, words: str, **how: object) -> Delivered:
        """Call the account in a post everybody can read (Weibo)."""
        return await self.do(openid, pushes.mention(words), **how)

    async def agree(self, openid: str, template: str, accept: bool = True, **how: object) -> Delivered:
        """Say whether notices of a template may come: each yes lets one out."""
        if accept:
            self._agreed[openid, template] += 1
        else:
            self._agreed.pop((openid, template), None)
        return await self.do(openid, pushes.agreed(template, accept, self.settings.form), **how)

    def spend_agreement(self, openid: str, template: str) -> bool:
        """A lasting template's agreement is never used up."""
        if self._agreed[openid, template] <= 0:
            return False
        if not template.startswith("LONG"):
            self._agreed[openid, template] -= 1
        return True

    def login_code(self, openid: str) -> str:
        """What the mini program's page is given when it is opened: good once, for five minutes."""
        self.welcome(openid)
        code = secrets.token_urlsafe(16)
        self._codes[code] = (openid, self.clock.now() + timedelta(minutes=5))
        return code

    def redeem(self, code: str) -> str:
        """The person of a code; empty when it is none, used or too old."""
        openid, until = self._codes.pop(code, ("", self.clock.now()))
        return openid if self.clock.now() < until else ""

    async def click(self, openid: str, key: str, **how: object) -> Delivered:
        return await self.do(openid, self.clicking(key), **how)

    async def send_image(self, openid: str, content: bytes, **how: object) -> Delivered:
        return await self.do(openid, self.picturing(content), **how)

    async def send_voice(self, openid: str, content: bytes = SILENCE, **how: object) -> Delivered:
        return await self.do(openid, self.speaking(content), **how)

    async def send_location(
        self, openid: str, label: str, latitude: float = 30.52, longitude: float = 114.36, **how: object
    ) -> Delivered:
        return await self.do(openid, pushes.location(label, latitude, longitude), **how)

    async def send_link(self, openid: str, title: str, url: str, description: str = "", **how: object) -> Delivered:
        return await self.do(openid, pushes.link(title, description, url), **how)

    def scanning(self, openid: str, scene: str) -> Act:
        known = self.residents.get(openid)
        ticket = secrets.token_urlsafe(24)
        return pushes.scan(scene, ticket) if known and known.follows else pushes.follow(scene, ticket)

    def clicking(self, key: str) -> Act:
        label = next((b.label for b in self.settings.menu if b.key == key), "")
        return pushes.click(key, label)

    def picturing(self, content: bytes) -> Act:
        media_id = self._kept("image", looks_like(content) or "image/jpeg", content)
        base = self.deliver_to.split("/", 3)[:3]
        return pushes.image(media_id, "/".join(base) + f"/wx/picture/{media_id}")

    def speaking(self, content: bytes = SILENCE) -> Act:
        return pushes.voice(self._kept("voice", "audio/amr", content))

    def _kept(self, kind: str, content_type: str, content: bytes) -> str:
        numbered = self.settings.phone is Phone.WEIBO
        return self.shelf.keep(kind, content_type, content, self.clock.now(), numbered=numbered)

    def option(self, openid: str, name: str) -> Option:
        """The newest line on the screen that can be tapped, by its id or label; BadInput if there is none."""
        return self.screens.option(openid, name)

    # Deliveries -------------------------------------------------------------------------------------------------

    async def deliver(
        self,
        push: Push,
        *,
        deliveries: int | None = None,
        concurrent: bool = False,
        faults: Sequence[LineFault | None] = (),
    ) -> Delivered:
        """Deliver as the platform does: again every `cut_off` seconds until an answer came, three times in all.

        `deliveries` forces that many, answered or not; `concurrent` lets them go at the same moment.
        """
        return await self._deliveries.deliver(push, deliveries, concurrent, faults)

    async def deliver_all(
        self, waiting: Iterable[Push], *, copies: tuple[int, int] = (1, 1), seed: int | None = None, concurrent: int = 1
    ) -> list[Delivered]:
        """Deliver many pushes, each as often as `copies` allows, in the given order or shuffled by `seed`, so many
        at a time. What nobody answered shows the platform's notice."""
        return await self._deliveries.deliver_all(waiting, copies, seed, concurrent)

    def sealed(self, push: Push, timestamp: str = "", nonce: str = "") -> Sealed:
        """One delivery as it would go over the line, for tests that replay or bend it."""
        return self._dialect.seal(push, self.clock.now(), timestamp, nonce)

    async def check_url(self) -> bool:
        """What happens when the address is saved in the console."""
        return await self._courier.check_url(self.deliver_to)

    def rotate_key(self, aes_key: str) -> None:
        """A new EncodingAESKey, in force at once for pushes and replies."""
        self._dialect.rotate(aes_key)

    # What residents see -----------------------------------------------------------------------------------------

    def received(self, openid: str) -> list[Shown]:
        """Everything the resident was shown and did not write: replies, service messages, fault notices."""
        return self.screens.received(openid)

    async def wait(self, openid: str, count: int, seconds: float = 5.0) -> list[Shown]:
        """Wait until the resident was shown `count` things; raises TimeoutError."""
        return await self.screens.wait(openid, count, seconds)

    async def idle(self) -> None:
        """Wait until everything that was started is delivered."""
        while self._under_way:
            await asyncio.gather(*self._under_way)

    def welcome(self, openid: str, name: str = "", *, follows: bool = True) -> Resident:
        """Add a person; tests may also let anyone act, who then counts as a follower."""
        return self.screens.welcome(openid, name, follows=follows)

    def _next_id(self) -> str:
        """Grows also across restarts: an account must never take a new message for an old one delivered again."""
        self._last_id = max(self._last_id + 1, int(self.clock.now().timestamp() * 1000) * 10_000)
        return str(self._last_id)


def _dialect(settings: SandboxSettings) -> Dialect:
    if settings.phone is Phone.WEIBO:
        return WeiboDialect(settings)
    return WeChatDialect(settings, mini=settings.phone is Phone.MINI)
