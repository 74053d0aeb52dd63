"""A message is answered exactly once: a repeat gets its recorded replies, a failure saves nothing and is repeated."""

from __future__ import annotations

import asyncio

import pytest

from bot.engine import processor
from bot.errors import BadInput, TryAgain
from tests.engine.conftest import Engine


async def test_the_same_message_again_gets_the_same_replies_without_a_second_run(engine: Engine) -> None:
    first = await engine.say("低保是什么", message="m1")
    again = await engine.say("低保是什么", message="m1")
    assert again == first
    assert len(engine.acting.ran) == 1
    assert len(engine.store.rows) == 1


async def test_two_deliveries_at_once_run_once(engine: Engine) -> None:
    answers = await asyncio.gather(*(engine.say("低保是什么", message="m1") for _ in range(5)))
    assert {answer.status for answer in answers} == {200}
    assert len(engine.acting.ran) == 1


async def test_an_old_message_between_newer_ones_is_still_known(engine: Engine) -> None:
    first = await engine.say("低保是什么", message="m1")
    await engine.say("谢谢", message="m2")
    assert await engine.say("低保是什么", message="m1") == first


@pytest.mark.parametrize(
    ("error", "status"), [(TryAgain("away"), 503), (BadInput("broken"), 500), (ValueError("低保"), 500)]
)
async def test_an_action_that_fails_saves_nothing_and_the_repeat_succeeds(
    engine: Engine, error: Exception, status: int
) -> None:
    await engine.say("你好")
    engine.acting.fails = error
    failed = await engine.say("低保是什么", message="m1")
    assert (failed.status, failed.body) == (status, {"error": type(error).__name__})
    assert len(engine.store.rows) == 1
    engine.acting.fails = None
    assert (await engine.say("低保是什么", message="m1")).status == 200
    assert len(engine.store.rows) == 2


async def test_a_database_that_is_away_forgets_nothing(engine: Engine) -> None:
    engine.acting.events = [{"event": "slot", "name": "programme", "value": "dibao", "timestamp": None}]
    await engine.say("低保是什么")
    engine.acting.events = []
    engine.store.away = True
    assert (await engine.say("那要什么材料", message="m9")).status == 503
    engine.store.away = False
    assert (await engine.say("那要什么材料", message="m9")).status == 200
    assert engine.acting.ran[-1][1]["slots"]["programme"] == "dibao"


async def test_no_reply_is_an_error_not_an_answer(engine: Engine) -> None:
    engine.acting.silent = True
    assert (await engine.say("低保是什么")).status == 503
    assert engine.store.rows == {}


async def test_a_turn_that_hangs_ends_at_the_deadline(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processor, "DEADLINE", 0.05)
    monkeypatch.setattr(engine.agent.tracker_store, "retrieve", lambda sender: asyncio.sleep(5))
    assert (await engine.say("低保是什么")).status == 503
