"""One Rasa form for all forms: everything said while one is open goes to it, and the database says which one is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.conftest import Engine

HEARD, ASKED, OPENED = "validate_application", "action_ask_application_answer", "action_open_form"
EMPTIED = {"event": "slot", "timestamp": None, "name": "answer", "value": None}
OVER = [
    EMPTIED,
    {"event": "slot", "timestamp": None, "name": "draft", "value": None},
    {"event": "slot", "timestamp": None, "name": "requested_slot", "value": None},
]
BEGUN = [
    {"event": "slot", "timestamp": None, "name": "draft", "value": "d-1"},
    {"event": "active_loop", "timestamp": None, "name": "application"},
    {"event": "slot", "timestamp": None, "name": "requested_slot", "value": "answer"},
]


@pytest.fixture(autouse=True)
def hearing(engine: Engine) -> None:
    engine.acting.events_of = {HEARD: [EMPTIED]}


def ran(engine: Engine) -> list[str]:
    names = [name for name, _ in engine.acting.ran]
    engine.acting.ran.clear()
    return names


@pytest.mark.parametrize("text", ["低保怎么申请", "人工", "/restart", "3", "你好", "我要申请特困", "EXTERNAL: x", "。"])
async def test_whatever_is_said_goes_to_the_open_form(engine: Engine, text: str) -> None:
    assert (await engine.say(text, form="d-1")).status == 200
    assert ran(engine) == [HEARD, ASKED]
    tracker = await engine.tracker()
    assert (tracker.active_loop_name, tracker.get_slot("draft"), tracker.get_slot("answer")) == (
        "application",
        "d-1",
        None,
    )


async def test_what_was_chosen_goes_there_too(engine: Engine) -> None:
    await engine.say("有", form="d-1", meaning={"draft": "d-1", "field": "car", "value": "yes"})
    assert ran(engine) == [HEARD, ASKED]


async def test_the_form_hears_the_draft_and_the_message(engine: Engine) -> None:
    await engine.say("三口人", form="d-1", message="m-7")
    _, seen = engine.acting.ran[0]
    assert seen["slots"]["draft"] == "d-1"
    assert seen["slots"]["answer"] == "三口人"
    assert seen["message"]["metadata"]["message_id"] == "m-7"


async def test_a_form_that_ends_itself_is_over(engine: Engine) -> None:
    await engine.say("三口人", form="d-1")
    engine.acting.events_of[HEARD] = OVER
    ran(engine)
    await engine.say("确认", form="d-1")
    assert ran(engine) == [HEARD]
    assert (await engine.tracker()).active_loop_name is None
    await engine.say("低保怎么申请")
    assert HEARD not in ran(engine)


async def test_a_form_that_was_ended_elsewhere_hears_nothing_more(engine: Engine) -> None:
    await engine.say("三口人", form="d-1")
    ran(engine)
    await engine.say("低保怎么申请", form="")
    assert ran(engine) == ["action_answer"]
    assert (await engine.tracker()).active_loop_name is None


async def test_a_form_that_was_opened_elsewhere_takes_the_place_of_the_one_before(engine: Engine) -> None:
    await engine.say("三口人", form="d-1")
    ran(engine)
    await engine.say("三口人", form="d-2")
    assert engine.acting.ran[0][1]["slots"]["draft"] == "d-2"


async def test_a_lost_memory_loses_no_form(engine: Engine) -> None:
    for number in range(6):
        await engine.say("三口人", form="d-1", message=f"m-{number}")
    engine.store.rows.clear()
    ran(engine)
    await engine.say("三口人", form="d-1")
    assert ran(engine) == [HEARD, ASKED]


async def test_a_new_session_loses_no_form(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    await engine.say("三口人", form="d-1")
    ran(engine)
    monkeypatch.setattr(engine.agent.processor, "_has_session_expired", lambda tracker: True)
    await engine.say("三口人", form="d-1")
    assert ran(engine) == [HEARD, ASKED]


async def test_beginning_a_form_asks_in_the_same_turn(engine: Engine) -> None:
    engine.acting.events_of |= {OPENED: BEGUN, HEARD: []}
    await engine.say("就在这里申请", meaning={"form": "application", "programme": "dibao"})
    names = ran(engine)
    assert names[0] == OPENED
    assert names[-1] == ASKED
    assert (await engine.tracker()).get_slot("draft") == "d-1"


async def test_a_repeated_message_is_heard_once(engine: Engine) -> None:
    first = await engine.say("三口人", form="d-1", message="m-1")
    again = await engine.say("三口人", form="d-1", message="m-1")
    assert again == first
    assert ran(engine) == [HEARD, ASKED]


async def test_a_form_that_fails_changes_nothing(engine: Engine) -> None:
    await engine.say("三口人", form="d-1", message="m-1")
    rows: Any = dict(engine.store.rows)
    engine.acting.fails = RuntimeError("the database is away")
    assert (await engine.say("四口人", form="d-1", message="m-2")).status == 500
    assert engine.store.rows == rows
