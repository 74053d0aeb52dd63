"""A conversation as a state machine: one resident, two officers, a worker and an outbox, in whatever order."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.clock import FixedClock
from bot.conversations import Holder
from bot.desk.desk import Desk
from bot.desk.handoff import holding, transferring
from bot.desk.intake import take_in
from bot.desk.outbox import _claim, deliver_once
from bot.desk.turns import TurnWorker
from bot.errors import Conflict, NotYours
from bot.messages import Author, Inbound, Outcome, State
from bot.regions import RegionTree
from bot.staff import Staff
from bot.store import KeyRing, open_store
from tests.databases import Database
from tests.desk.conftest import DAY, ScriptedEngine, message
from tests.desk.handoff.conftest import Post, officer, rows, talk
from tests.in_force import SPOKEN, in_force, of_kinds

HELD = (Holder.OFFICER, Holder.WAITING)
SAID = st.sampled_from(
    [
        "低保怎么申请",
        "人工",
        "不等了",
        "接着问机器人",
        "我不想活了",
        "日子过不下去了",
        "好的",
        "1",
        "我要投诉",
        "接着填",
    ]
)


class Machine(RuleBasedStateMachine):
    """One resident, two officers. What the model knows is kept beside: who held when each message came."""

    database: Database
    keyring: KeyRing
    regions: RegionTree
    number = 0

    @initialize()
    def begin(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.do(self._begin())

    async def _begin(self) -> None:
        type(self).number += 1
        self.store = await open_store(self.database.url, self.keyring)
        self.clock = FixedClock.on(DAY)
        keeper = await in_force(self.store, of_kinds(*SPOKEN), self.clock, self.regions)
        self.desk = Desk(self.store, self.clock, self.regions, keeper)
        self.engine = ScriptedEngine()
        self.worker = TurnWorker(self.desk, self.engine, "worker")
        self.post, self.sending = Post(), []  # rows that left, rows between claimed and sent
        first = f"{type(self).number}"
        self.officers: list[Staff] = [
            await officer(self.desk, f"chen{first}", "陈工"),
            await officer(self.desk, f"li{first}", "李工"),
        ]
        self.sender = f"o-{first}"
        self.heard: dict[str, str] = {}  # by message: who had it when it came
        self.delivered: list[Inbound] = []
        self.id = ""
        await self._say("你好")

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    async def _say(self, text: str) -> None:
        inbound = message(text, sender=self.sender)
        holder = (await talk(self.desk, self.id)).holder if self.id else Holder.BOT
        taken = await take_in(self.desk, inbound)
        self.id, row = taken.conversation.id, taken.message
        self.delivered.append(inbound)
        self.heard[row.id] = row.reason
        if row.reason == "distress":
            return  # the fixed words were said, and people alarmed
        # Exactly one: what is anybody's but the bot's is handled in the transaction that took it in.
        if holder in HELD:
            assert (row.state, row.reason) == (State.HANDLED, "for the officer")
        elif holder is Holder.QUEUED and not row.about.get("danger") and text != "接着填":
            assert (row.state, row.reason) == (State.HANDLED, "for the queue")
        else:
            assert row.state is State.RECEIVED or row.reason == "at once"

    @rule(text=SAID)
    def resident_writes(self, text: str) -> None:
        self.clock.advance(seconds=7)
        self.do(self._say(text))

    @rule()
    def platform_delivers_again(self) -> None:
        async def again() -> None:
            before, count = await talk(self.desk, self.id), len(await rows(self.desk, self.id))
            taken = await take_in(self.desk, self.delivered[-1])
            assert not taken.fresh
            assert (await talk(self.desk, self.id), len(await rows(self.desk, self.id))) == (before, count)

        self.do(again())

    @rule()
    def worker_works(self) -> None:
        self.do(self.worker.work_once())

    @rule()
    def outbox_claims_a_row(self) -> None:
        """A reply in flight: `sending`, not yet sent."""

        async def claim_one() -> None:
            holder = (await talk(self.desk, self.id)).holder
            async with self.store.reading() as work:
                due = await work.messages.due_outbound(self.clock.now(), 10_000)
            mine = sorted((row for row in due if row.conversation == self.id), key=lambda row: row.seq)
            for row in mine[:1]:
                if await _claim(self.desk, {"wechat": self.post}, row) is not None:
                    assert row.author is not Author.BOT or holder not in HELD
                    self.sending.append(row)

        self.do(claim_one())

    @precondition(lambda self: self.sending)
    @rule()
    def row_in_flight_arrives(self) -> None:
        async def arrive() -> None:
            row = self.sending.pop()
            async with self.store.writing() as work:
                await work.messages.set_state(row.id, [State.SENDING], State.SENT, self.clock.now())
                await work.commit()

        self.do(arrive())

    @precondition(lambda self: self.sending)
    @rule()
    def row_in_flight_fails_and_is_tried_again(self) -> None:
        async def fail() -> None:
            row = self.sending.pop()
            async with self.store.writing() as work:
                await work.messages.set_state(row.id, [State.SENDING], State.QUEUED, self.clock.now())
                await work.commit()

        self.do(fail())

    @rule()
    def outbox_delivers(self) -> None:
        async def deliver() -> None:
            holder, before = (await talk(self.desk, self.id)).holder, len(self.post.sent)
            await deliver_once(self.desk, {"wechat": self.post}, 10_000)
            if holder in HELD:
                mine = [row for row in self.post.sent[before:] if row.conversation == self.id]
                assert all(row.author is not Author.BOT for row in mine)
                for row in mine:
                    # Its own words in danger, and what was on paper before somebody took over.
                    before_it = row.about.get("reason") in ("talk_closed", "busy", "too_many")
                    assert row.author is Author.OFFICER or row.about["outcome"] == Outcome.DISTRESS or before_it

        self.do(deliver())

    @rule(who=st.integers(0, 1))
    def officer_claims(self, who: int) -> None:
        async def claim() -> None:
            before = await talk(self.desk, self.id)
            me = self.officers[who]
            if before.reason == f"complaint:{me.id}":
                return
            lost = ""
            try:
                after = await holding.claim(self.desk, me, self.id)
            except Conflict as other:
                lost = str(other)
            theirs = before.holder in HELD and before.holder_name != me.id
            assert bool(lost) == theirs
            assert self.officers[1 - who].name in lost if lost else after.holder_name == me.id

        self.do(claim())

    @rule(who=st.integers(0, 1), text=st.sampled_from(["您好，我来看看", "请带上身份证", "好的"]))
    def officer_replies(self, who: int, text: str) -> None:
        async def answer() -> None:
            before, count = await talk(self.desk, self.id), len(await rows(self.desk, self.id))
            mine = before.holder in HELD and before.holder_name == self.officers[who].id
            try:
                row = await holding.reply(self.desk, self.officers[who], self.id, text)
            except (Conflict, NotYours):
                row = None
            assert (row is not None) == mine
            if row is None:
                assert len(await rows(self.desk, self.id)) == count
                return
            assert (row.author, row.actor) == (Author.OFFICER, self.officers[who].id)

        self.clock.advance(seconds=6)
        self.do(answer())

    @rule(who=st.integers(0, 1), how=st.sampled_from(["give_back", "wait", "close", "other", "queue"]))
    def officer_lets_go(self, who: int, how: str) -> None:
        async def let_go() -> None:
            before, me, other = await talk(self.desk, self.id), self.officers[who], self.officers[1 - who]
            mine = before.holder in HELD and before.holder_name == me.id
            doing = {
                "give_back": lambda: holding.give_back(self.desk, me, self.id),
                "wait": lambda: holding.wait_for_resident(self.desk, me, self.id),
                "close": lambda: holding.close(self.desk, me, self.id, "solved"),
                "other": lambda: transferring.transfer(self.desk, me, self.id, other.id, "他懂这一块"),
                "queue": lambda: transferring.transfer(self.desk, me, self.id, "queue", "请别人接"),
            }
            about_them = how == "other" and before.reason == f"complaint:{other.id}"
            done = True
            try:
                await doing[how]()
            except (Conflict, NotYours):
                done = False
            assert done == (mine and not about_them)
            assert done or await talk(self.desk, self.id) == before

        self.do(let_go())

    @rule(seconds=st.sampled_from([1, 31, 130, 301]))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)

    @invariant()
    def one_hears_and_the_bot_is_silent_while_held(self) -> None:
        if not getattr(self, "id", ""):
            return

        async def look() -> None:
            now, all_rows = await talk(self.desk, self.id), await rows(self.desk, self.id)
            async with self.store.reading() as work:
                due = await work.messages.pending(self.id)
            if now.holder in HELD:
                # Nothing of the bot is on its way but what was `sending` when it was claimed, or came back from there.
                flying = {row.id for row in self.sending}
                started = {row.id for row in all_rows if row.attempts}
                assert {row.id for row in due if row.author is Author.BOT} <= flying | started
            for row in all_rows:
                if row.author is Author.BOT and row.reply_to in self.heard:
                    # What people heard has no answer of the bot but the queue's own word that it arrived.
                    had = self.heard[row.reply_to]
                    assert had != "for the officer"
                    if had == "for the queue":
                        told = str(row.about.get("reason"))
                        assert told in ("queue_ack", "asked", "person_cancelled", "form_paused"), told
            assert {turn.message_id for turn in self.engine.asked}.isdisjoint(
                {id for id, had in self.heard.items() if had.startswith("for the")}
            )

        self.do(look())

    async def _end(self) -> None:
        """Nothing is left to worker and outbox: the next run does the same whatever this one did, or nothing is found again."""
        ends = {
            State.RECEIVED: State.HANDLED,
            State.QUEUED: State.FAILED,
            State.HELD: State.FAILED,
            State.SENDING: State.FAILED,
        }
        async with self.store.writing() as work:
            for row in await work.messages.history(self.id, 10_000) if self.id else ():
                if row.state in ends:
                    await work.messages.set_state(row.id, [row.state], ends[row.state], self.clock.now())
            await work.commit()
        await self.store.close()

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.do(self._end())
            self.loop.close()
