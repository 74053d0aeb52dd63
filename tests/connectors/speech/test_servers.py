"""What a speech server is sent, and what each of its answers means."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.errors import BadInput, TryAgain, Undeliverable
from connectors.speech import servers
from connectors.speech.servers import FUNASR, OPENAI, SpeechServer
from tests.fakes.speech import FakeSpeech, fake_speech

AMR = b"#!AMR\n" + bytes(range(200))


@pytest.fixture
async def fake() -> AsyncIterator[FakeSpeech]:
    async with fake_speech() as made:
        yield made


@pytest.fixture(params=[OPENAI, FUNASR])
async def server(request: pytest.FixtureRequest, fake: FakeSpeech) -> AsyncIterator[SpeechServer]:
    made = SpeechServer(request.param, fake.url + "/")
    yield made
    await made.close()


async def test_the_sound_goes_as_it_came_and_its_words_come_back(fake: FakeSpeech, server: SpeechServer) -> None:
    assert await server.write_down(AMR) == "低保怎么申请"
    (got,) = fake.got
    assert (got.get("file") or got.get("audio")) == ("voice.amr", AMR)


async def test_openai_is_asked_for_a_model_and_chinese_with_our_key(fake: FakeSpeech) -> None:
    fake.key = "hush"
    server, keyless = SpeechServer(OPENAI, fake.url, "hush", "sensevoice"), SpeechServer(OPENAI, fake.url)
    assert await server.write_down(AMR)
    (got,) = fake.got
    assert got == {
        "path": "/v1/audio/transcriptions",
        "file": ("voice.amr", AMR),
        "model": "sensevoice",
        "language": "zh",
        "response_format": "json",
    }
    with pytest.raises(TryAgain, match="asr_401"):
        await keyless.write_down(AMR)
    await server.close()
    await keyless.close()


async def test_funasr_is_asked_as_its_server_reads(fake: FakeSpeech) -> None:
    server = SpeechServer(FUNASR, fake.url)
    await server.write_down(AMR)
    assert fake.got == [{"path": "/recognition", "audio": ("voice.amr", AMR)}]
    fake.answers.append((200, {"msg": "读取音频文件发生错误", "code": 1}))
    with pytest.raises(Undeliverable):
        await server.write_down(AMR)
    await server.close()


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ((400, {}), Undeliverable),
        ((415, {}), Undeliverable),
        ((200, b"<html>"), Undeliverable),
        ((200, b"[" * 10_000), Undeliverable),
        ((200, []), Undeliverable),
        ((500, {}), TryAgain),
        ((429, {}), TryAgain),
    ],
)
async def test_each_answer_has_its_meaning(
    fake: FakeSpeech, server: SpeechServer, answer: tuple[int, object], fault: type[Exception]
) -> None:
    fake.answers.append(answer)
    with pytest.raises(fault):
        await server.write_down(AMR)


async def test_silence_is_empty(fake: FakeSpeech, server: SpeechServer) -> None:
    fake.says = ""
    assert await server.write_down(AMR) == ""
    fake.answers.append((200, {"text": None}))
    assert await server.write_down(AMR) == ""
    with pytest.raises(Undeliverable):
        await server.write_down(b"")


async def test_a_slow_or_absent_server_is_given_up(fake: FakeSpeech, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "SECONDS", 0.2)
    slow, away = SpeechServer(OPENAI, fake.url), SpeechServer(FUNASR, "http://127.0.0.1:9")
    fake.answers.append((0, None))
    for server in (slow, away):
        with pytest.raises(TryAgain):
            await server.write_down(AMR)
        await server.close()


@pytest.mark.parametrize(
    ("sound", "name"), [(b"\x02#!SILK_V3", "voice.silk"), (b"RIFFxxxx", "voice.wav"), (b"??", "voice.bin")]
)
async def test_files_are_named_by_what_they_begin_with(fake: FakeSpeech, sound: bytes, name: str) -> None:
    server = SpeechServer(FUNASR, fake.url)
    await server.write_down(sound)
    assert fake.got[0]["audio"][0] == name
    await server.close()


@pytest.mark.parametrize(("kind", "url"), [("azure", "http://a"), (OPENAI, ""), (FUNASR, "file:///etc/passwd")])
def test_what_is_no_server_is_refused(kind: str, url: str) -> None:
    with pytest.raises(BadInput, match="JIUZHUTONG_ASR_URL"):
        SpeechServer(kind, url)
