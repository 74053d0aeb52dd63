"""Two kinds of server behind one interface: OpenAI's transcriptions API, which many servers speak, and FunASR's HTTP server.

https://platform.openai.com/docs/api-reference/audio/createTranscription
https://github.com/modelscope/FunASR/tree/main/runtime/python/http
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.errors import BadInput, TryAgain, Undeliverable
from connectors.calling import Line, object_of

SECONDS = 15.0
ANSWER_BYTES = 256 * 1024
OPENAI, FUNASR = "openai", "funasr"
_NAMES = (
    (b"#!AMR", "voice.amr"),
    (b"\x02#!SILK", "voice.silk"),
    (b"#!SILK", "voice.silk"),
    (b"ID3", "voice.mp3"),
    (b"RIFF", "voice.wav"),
)
"""First bytes and what a file is called that begins so: servers go by the name's end."""


class SpeechServer:
    """`bot.desk.speech_ports.Transcriber`. The sound goes there as it came from the platform."""

    def __init__(self, kind: str, base: str, key: str = "", model: str = "whisper-1") -> None:
        if kind not in (OPENAI, FUNASR) or not base.startswith(("http://", "https://")):
            raise BadInput(
                "JIUZHUTONG_ASR_URL must be the http(s) address of a server of the kind in JIUZHUTONG_ASR_KIND"
            )
        path = "/v1/audio/transcriptions" if kind == OPENAI else "/recognition"
        self._kind, self._url, self._model = kind, base.rstrip("/") + path, model
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._line = Line(SECONDS)

    async def write_down(self, sound: bytes) -> str:
        if not sound:
            raise Undeliverable("no_sound: a voice message was empty", "no_sound")
        try:
            async with self._line.session.post(self._url, data=self._form(sound), headers=self._headers) as answer:
                status, body = answer.status, await answer.content.read(ANSWER_BYTES)
        except (aiohttp.ClientError, TimeoutError, OSError) as away:
            raise TryAgain("asr_away: the speech server did not answer", 5.0) from away
        if status in (400, 413, 415, 422):
            raise Undeliverable(f"asr_refused: the speech server cannot read this ({status})", "asr_refused")
        if status != 200:
            raise TryAgain(f"asr_{status}: the speech server cannot work now", 5.0)
        return self._text(_read(body))

    async def close(self) -> None:
        await self._line.close()

    def _form(self, sound: bytes) -> aiohttp.FormData:
        form = aiohttp.FormData()
        field = "file" if self._kind == OPENAI else "audio"
        form.add_field(field, sound, filename=_name(sound), content_type="application/octet-stream")
        if self._kind == OPENAI:
            for name, value in (("model", self._model), ("language", "zh"), ("response_format", "json")):
                form.add_field(name, value)
        return form

    def _text(self, told: Mapping[str, Any]) -> str:
        if self._kind == FUNASR and told.get("code", 0) != 0:
            raise Undeliverable("asr_refused: the speech server cannot read this", "asr_refused")
        return str(told.get("text") or "")


def _read(body: bytes) -> Mapping[str, Any]:
    told = object_of(body)
    if told is None:
        raise Undeliverable("asr_garbled: the speech server said something unknown", "asr_garbled")
    return told


def _name(sound: bytes) -> str:
    return next((name for begins, name in _NAMES if sound.startswith(begins)), "voice.bin")
