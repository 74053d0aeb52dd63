"""WeChat itself, simulated: residents, screens, budgets, tokens, and the deliveries between them and the account."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from bot.clock import Clock
from bot.errors import BadInput
from connectors.sandbox import pushes
from connectors.sandbox.courier import Courier, Sealed, pace, seal
from connectors.sandbox.envelope import Envelope
from connectors.sandbox.injected import LineFault, Preparations
from connectors.sandbox.ledger import Ledger, Trigger
from connectors.sandbox.media import SILENCE, Shelf, looks_like
from connectors.sandbox.passive import Answer
from connectors.sandbox.pushes import Act, Push
from connectors.sandbox.residents import Resident, samples
from connectors.sandbox.screen import Option, Shown, notice, placed
from connectors.sandbox.settings import SandboxSettings, check_webhook
from connectors.sandbox.tokens import Tokens
from connectors.sandbox.travel import Travel, Travelled

_TYPING = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of a push: one answer for each delivery, None where none came."""

    push: Push
    answers: tuple[Answer | None, ...]
    bubble: Shown | None
    """What the resident saw for it; a fault shows the platform's notice."""


class Platform:
    """One simulated account with its followers. In tests: `async with Platform(settings, url, clock) as wechat`."""

    def __init__(self, settings: SandboxSettings, deliver_to: str, clock: Clock) -> None:
        self.settings = settings
        self.deliver_to = check_webhook(deliver_to)
        self.clock = clock
        self.travel = Travel(clock, settings.log_size)
        self.tokens = Tokens(settings.token_seconds)
        self.shelf = Shelf()
        self.prepared = Preparations()
        self.residents: dict[str, Resident] = samples(settings.appid)
        self.envelope = Envelope(settings.token, settings.aes_key, settings.appid)
        self._courier = Courier(settings, clock, self.travel)
        self._answered: set[str] = set()
        self._last_id = 0
        self._seq = 0
        self._news = asyncio.Event()
        self._under_way: set[asyncio.Task[Delivered]] = set()

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
        resident = self._resident(openid, act)
        now = self.clock.now()
        resident.touched = now
        if act.fields.get("Event") in ("subscribe", "unsubscribe"):
            resident.follows = act.fields["Event"] == "subscribe"
            resident.ledger = Ledger()
            self.travel.tell("follow", openid, resident.follows)
        if act.trigger is not None:
            resident.ledger = Ledger.opened(act.trigger, now)
        if act.said:
            kind = act.fields["MsgType"] if act.media else "text"
            self.show(openid, Shown("resident", kind, text=act.said, media=act.media))
        return pushes.push(act, self.settings.account, openid, int(now.timestamp()), self._next_id())

    async def do(self, openid: str, act: Act, **how: object) -> Delivered:
        return await self.deliver(self.act(openid, act), **how)  # type: ignore[arg-type]

    def start(self, openid: str, act: Act, **how: object) -> None:
        """Do it and deliver behind the caller's back, as a phone does."""
        push = self.act(openid, act)
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
        media_id = self.shelf.keep("image", looks_like(content) or "image/jpeg", content, self.clock.now())
        base = self.deliver_to.split("/", 3)[:3]
        return pushes.image(media_id, "/".join(base) + f"/wx/picture/{media_id}")

    def speaking(self, content: bytes = SILENCE) -> Act:
        return pushes.voice(self.shelf.keep("voice", "audio/amr", content, self.clock.now()))

    def option(self, openid: str, name: str) -> Option:
        """The newest tappable line with this id or label on the resident's screen."""
        resident = self.residents.get(openid)
        for shown in reversed(resident.screen if resident else []):
            for found in shown.options:
                if name in (found.id, found.label):
                    return found
        raise BadInput(f"no line {name!r} can be tapped on this screen: look at received(openid)[-1].options")

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
        planned = deliveries or self.settings.deliveries
        fault = dict(enumerate(faults, 1))
        answers: list[Answer | None] = []
        if concurrent:
            answers += await asyncio.gather(*(self._once(push, n, fault.get(n)) for n in range(1, planned + 1)))
        else:
            for number in range(1, planned + 1):
                begun = asyncio.get_running_loop().time()
                answers.append(await self._once(push, number, fault.get(number)))
                if answers[-1] is None and number < planned:
                    await pace(begun, self.settings.cut_off)
                elif answers[-1] is not None and deliveries is None:
                    break
        return self._settle(push, answers)

    async def deliver_all(
        self, waiting: Iterable[Push], *, copies: tuple[int, int] = (1, 1), seed: int | None = None, concurrent: int = 1
    ) -> list[Delivered]:
        """Deliver many pushes, each as often as `copies` allows, in the given order or shuffled by `seed`, so many
        at a time. What nobody answered shows the platform's notice."""
        order = list(waiting)
        dice = random.Random(seed)  # noqa: S311 — a test's order must be repeatable, nothing secret hangs on it
        jobs = [(p, n) for p in order for n in range(1, dice.randint(*copies) + 1)]
        if seed is not None:
            dice.shuffle(jobs)
        answers: dict[str, list[Answer | None]] = {f"{p.openid}:{p.id}": [] for p in order}
        lines = asyncio.Semaphore(concurrent)

        async def one(push: Push, number: int) -> None:
            async with lines:
                answers[f"{push.openid}:{push.id}"].append(await self._once(push, number))

        await asyncio.gather(*(one(push, number) for push, number in jobs))
        return [self._settle(p, answers[f"{p.openid}:{p.id}"]) for p in order]

    def sealed(self, push: Push, timestamp: str = "", nonce: str = "") -> Sealed:
        """One delivery as it would go over the line, for tests that replay or bend it."""
        return seal(push, self.settings, self.envelope, timestamp or str(int(self.clock.now().timestamp())), nonce)

    async def check_url(self) -> bool:
        """What happens when the address is saved in the console."""
        return await self._courier.check_url(self.deliver_to, self.envelope)

    def rotate_key(self, aes_key: str) -> None:
        """A new EncodingAESKey, in force at once for pushes and replies."""
        self.envelope = Envelope(self.settings.token, aes_key, self.settings.appid)

    async def _once(self, push: Push, number: int, fault: LineFault | None = None) -> Answer | None:
        answer = await self._courier.deliver(push, self.deliver_to, self.envelope, number, fault)
        if answer and answer.bubble:
            self._show_reply(push, answer.bubble)
        return answer

    def _show_reply(self, push: Push, bubble: Shown) -> None:
        """One reply for one message: of several deliveries' replies the resident sees the first."""
        key = f"{push.openid}:{push.id}"
        if key in self._answered:
            self.travel.note(push.openid, "notice", "重复的被动回复，只显示一次", about={"id": push.id})
        elif push.act.visible and self.residents[push.openid].follows:
            self._answered.add(key)
            self.show(push.openid, bubble)

    def _settle(self, push: Push, answers: Sequence[Answer | None]) -> Delivered:
        good = [a for a in answers if a is not None and not a.fault]
        bubble = next((a.bubble for a in good if a.bubble), None)
        if not good and push.act.visible:
            why = next((a.fault for a in answers if a), "no answer to any delivery")
            self.travel.note(push.openid, "notice", "显示故障提示", good=False, about={"id": push.id, "why": why})
            bubble = self.show(push.openid, notice())
        return Delivered(push, tuple(answers), bubble)

    # Screens ----------------------------------------------------------------------------------------------------

    def show(self, openid: str, bubble: Shown) -> Shown:
        self._seq += 1
        resident = self.residents[openid]
        placed_bubble = placed(bubble, self._seq, self.clock.now())
        resident.screen.append(placed_bubble)
        if bubble.who != "resident":
            resident.typing_until = None
        self.travel.tell("shown", openid, placed_bubble.as_json())
        self._news.set()
        self._news = asyncio.Event()
        return placed_bubble

    def show_typing(self, openid: str, on: bool) -> None:
        resident = self.residents[openid]
        resident.typing_until = self.clock.now() + _TYPING if on else None
        self.travel.tell("typing", openid, on)

    def received(self, openid: str) -> list[Shown]:
        """Everything the resident was shown and did not write: replies, service messages, fault notices."""
        resident = self.residents.get(openid)
        return [s for s in resident.screen if s.who != "resident"] if resident else []

    async def wait(self, openid: str, count: int, seconds: float = 5.0) -> list[Shown]:
        """Wait until the resident was shown `count` things; raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while len(self.received(openid)) < count:
                await self._news.wait()
        return self.received(openid)

    async def idle(self) -> None:
        """Wait until everything that was started is delivered."""
        while self._under_way:
            await asyncio.gather(*self._under_way)

    @property
    def log(self) -> list[Travelled]:
        """What travelled, oldest first."""
        return list(self.travel.entries)

    # People -----------------------------------------------------------------------------------------------------

    def welcome(self, openid: str, name: str = "", *, follows: bool = True) -> Resident:
        """Add a person; tests may also let anyone act, who then counts as a follower."""
        return self.residents.setdefault(openid, Resident(openid, name, follows=follows))

    def _resident(self, openid: str, act: Act) -> Resident:
        resident = self.welcome(openid, follows=act.fields.get("Event") != "subscribe")
        if not resident.follows and act.trigger in (Trigger.MESSAGE, Trigger.TAP, Trigger.MENU):
            raise BadInput(f"{resident.name or openid} does not follow the account and cannot write: follow first")
        return resident

    def _next_id(self) -> str:
        """Grows also across restarts: an account must never take a new message for an old one delivered again."""
        self._last_id = max(self._last_id + 1, int(self.clock.now().timestamp() * 1000) * 10_000)
        return str(self._last_id)
