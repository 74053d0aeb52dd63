"""A voice message is shown back before it counts; danger in it does not wait; whatever fails asks to type."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.conversations import Holder
from bot.desk.desk import Desk
from bot.desk.speech_ports import Speech
from bot.errors import TryAgain, Undeliverable
from bot.messages import Kind, Outcome
from connectors.speech.servers import OPENAI, SpeechServer
from tests.desk.filling.conftest import desk as desk
from tests.desk.filling.talk import APPLY, Talk
from tests.fakes.speech import FakeSpeech, fake_speech

VOICE: dict[str, Any] = {"kind": Kind.VOICE, "media": "M1"}
SOUND = b"#!AMR\n sound"


class Tape:
    """The platform's media: this sound, or a fault."""

    def __init__(self) -> None:
        self.fault: Exception | None = None
        self.fetched: list[tuple[str, str]] = []

    async def fetch(self, channel: str, media: str) -> bytes:
        self.fetched.append((channel, media))
        if self.fault:
            raise self.fault
        return SOUND


@pytest.fixture
async def server() -> AsyncIterator[FakeSpeech]:
    async with fake_speech() as fake:
        yield fake


@pytest.fixture
def tape() -> Tape:
    return Tape()


@pytest.fixture
async def talk(desk: Desk, server: FakeSpeech, tape: Tape) -> AsyncIterator[Talk]:
    """Somebody who speaks, and an office with a speech server, over real HTTP."""
    transcriber = SpeechServer(OPENAI, server.url)
    yield Talk(replace(desk, speech=Speech(tape, transcriber)))
    await transcriber.close()


async def test_what_was_heard_is_shown_and_counts_when_it_is_right(talk: Talk, tape: Tape) -> None:
    said = await talk.say("", **VOICE)
    assert said == "我听到：低保怎么申请\n对吗？"
    assert tape.fetched == [("wechat", "M1")]
    assert talk.acts.asked == [], "not before they said so"
    await talk.tap("对")
    assert [(turn.text, turn.meaning) for turn in talk.acts.asked] == [("低保怎么申请", None)]


@pytest.mark.parametrize("no", ["不对，我打字", "2"])
async def test_what_was_heard_wrong_is_typed(talk: Talk, no: str) -> None:
    await talk.say("", **VOICE)
    assert "打字" in await talk.say(no)
    assert talk.acts.asked == []


async def test_typing_something_else_is_as_good_as_no(talk: Talk) -> None:
    await talk.say("", **VOICE)
    await talk.say("我要问低保标准")
    assert [turn.text for turn in talk.acts.asked] == ["我要问低保标准"]


async def test_an_answer_in_a_form_counts_when_it_is_right(talk: Talk, server: FakeSpeech) -> None:
    await talk.until("household_size")
    server.says = "三口人"
    assert "我听到：三口人" in await talk.say("", **VOICE)
    assert "household_size" not in (await talk.draft()).sheet.answers
    await talk.tap("对")
    assert (await talk.draft()).sheet.answers["household_size"].value == 3


async def test_what_the_platform_wrote_down_is_shown_back_in_a_form_only(talk: Talk) -> None:
    await talk.say(APPLY, kind=Kind.VOICE, media="M0")
    await talk.until("household_size")
    assert "我听到：三口人" in await talk.say("三口人", kind=Kind.VOICE, media="M1")
    await talk.tap("对")
    assert (await talk.draft()).sheet.answers["household_size"].value == 3


async def test_a_spoken_number_is_covered(talk: Talk, server: FakeSpeech) -> None:
    server.says = "我的身份证号是420111195803074122"
    said = await talk.say("", **VOICE)
    assert "420111195803074122" not in said
    assert "遮住" in said
    async with talk.desk.store.reading() as work:
        rows = await work.messages.history(talk.conversation)
    assert all("420111195803074122" not in f"{row.text}{row.choices}{row.about}" for row in rows)


@pytest.mark.parametrize("holds_form", [False, True])
async def test_danger_acts_at_once(talk: Talk, server: FakeSpeech, holds_form: bool) -> None:
    if holds_form:
        await talk.until("household_size")
    server.says = "我不想活了"
    await talk.say("", **VOICE)
    conversation = await talk.talk()
    assert (conversation.holder, conversation.priority, conversation.form) == (Holder.QUEUED, 9, "")
    assert [row.about["outcome"] for row in talk.rows] == [Outcome.DISTRESS]
    assert "我听到" not in talk.rows[0].text
    async with talk.desk.store.reading() as work:
        (note,) = await work.talks.notes(talk.conversation)
    assert note.text == "语音里听到：我不想活了", "who takes over reads what was heard"


async def test_who_speaks_of_a_neighbour_is_told_what_to_do_for_them(talk: Talk, server: FakeSpeech) -> None:
    server.says = "隔壁老李说不想活了"
    assert (await talk.say("", **VOICE)).startswith("您说的这个人")


async def test_heavy_words_are_met_and_what_was_said_is_shown(talk: Talk, server: FakeSpeech) -> None:
    server.says = "日子过不下去了，低保怎么申请"
    await talk.say("", **VOICE)
    assert [row.about["outcome"] for row in talk.rows] == [Outcome.DISTRESS, Outcome.CLARIFIED]
    assert "我听到：日子过不下去了，低保怎么申请" in talk.rows[1].text
    assert (await talk.talk()).holder is Holder.QUEUED


@pytest.mark.parametrize(
    "fault", [TryAgain("the platform is away"), Undeliverable("gone: it is gone", "gone")], ids=["away", "gone"]
)
async def test_a_sound_that_cannot_be_fetched_is_asked_for_in_words(talk: Talk, tape: Tape, fault: Exception) -> None:
    tape.fault = fault
    assert "请打字" in await talk.say("", **VOICE)


@pytest.mark.parametrize("answer", [(500, {}), (415, {}), (200, b"<html>"), (200, {"text": " \n"})])
async def test_a_server_that_fails_is_met_with_the_request_to_type(
    talk: Talk, server: FakeSpeech, answer: tuple[int, object]
) -> None:
    server.answers.append(answer)
    assert "没听清" in await talk.say("", **VOICE)
    assert "12345" in talk.rows[0].text


async def test_a_server_that_hangs_is_not_waited_for(
    talk: Talk, server: FakeSpeech, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.desk.listening.SECONDS", 0.3)
    server.answers.append((0, None))
    assert "请打字" in await talk.say("", **VOICE)


async def test_a_long_story_is_not_shown_back(talk: Talk, server: FakeSpeech) -> None:
    server.says = "我家的情况说来话长，" * 60
    assert "分几句说" in await talk.say("", **VOICE)


async def test_without_a_server_it_is_asked_for_in_words_at_once(desk: Desk) -> None:
    talk = Talk(desk)
    assert "听不懂语音" in await talk.say("", **VOICE)


async def test_the_sound_is_kept_nowhere(talk: Talk, server: FakeSpeech) -> None:
    await talk.say("", **VOICE)
    await talk.tap("对")
    async with talk.desk.store.reading() as work:
        rows = await work.messages.history(talk.conversation)
    assert all("sound" not in f"{row.text}{row.about}" for row in rows)
