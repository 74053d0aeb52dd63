"""What a resident tells us stands in clear in no file, log, figure or export, also when everything fails (A-52, A-53, T-32).

The canaries of `tests.canary` are told in every way there is. Each test sweeps what it left; the plugin sweeps
everything once more after the whole suite.
"""

from __future__ import annotations

import io
import logging
import secrets
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bot import log, people
from bot.desk import content
from bot.desk.ports import Turn
from bot.errors import TryAgain
from bot.messages import Kind
from tests.canary import CANARIES, CONTROL, IDENTITY, NAME, OPENID, PHONE, TOKEN, Sweep, clear_text, files
from tests.databases import Database
from tests.security.conftest import DAY, House
from tests.security.telling import WORDS


def test_the_canaries_are_what_they_claim() -> None:
    assert people.identity_number_is_valid(IDENTITY, DAY)
    assert people.mask(IDENTITY)[1]
    assert people.mask(PHONE)[0] != PHONE


@pytest.mark.parametrize("secret", CANARIES)
def test_the_sweep_finds_every_form(secret: str) -> None:
    import base64
    import json
    import urllib.parse

    hidden = [
        secret.encode(), secret.encode("utf-16"), secret.encode().hex().encode(), json.dumps(secret).encode(),
        urllib.parse.quote(secret).encode(), base64.urlsafe_b64encode(f"a{secret}".encode()), repr(secret.encode()).encode()
        if secret.isascii() else b"x" + secret.encode("gb18030"), base64.b64encode(f"ab{secret}cd".encode()),
    ]  # fmt: skip
    for form in hidden:
        assert clear_text(b"before " + form + b" after", [secret]), form
    assert not clear_text(secrets.token_bytes(100_000), [secret])


async def test_what_was_told_stands_in_clear_nowhere(house: House, database: Database, tmp_path: Path) -> None:
    """Database, its log and shared memory while it is open, a dump, and an export of what is published."""
    await _tell_everything(house)
    await content.export(house.desk, tmp_path / "export")  # type: ignore[arg-type]  # all that an export reads
    for path in files(tmp_path):
        assert clear_text(path.read_bytes()) == [], path
    if database.kind == "sqlite":
        written = b"".join(path.read_bytes() for path in tmp_path.glob("bot.db*"))
        assert {path.name for path in tmp_path.glob("bot.db*")} >= {"bot.db", "bot.db-wal", "bot.db-shm"}
    else:
        written = await _dump(database)
    assert CONTROL.encode() in written, "a sweep that does not find what is in clear would find nothing"
    assert clear_text(written) == []


async def _tell_everything(house: House) -> None:
    for text in WORDS:
        await house.say(text, sender=OPENID, message_id=f"m:{OPENID}:{secrets.token_hex(4)}")
    told = {"media": TOKEN, "place": f"{NAME}家", "event": "CLICK", "event_key": PHONE, "choice": f"{IDENTITY}-1"}
    for kind in Kind:
        await house.say(WORDS[0], sender=OPENID, kind=kind, **told)
    async with house.store.writing() as work:
        await work.tokens.put("gh_1", TOKEN, house.clock.now(), house.clock.now())
        base = await work.editions.head()
        await work.editions.publish(await work.editions.read(base), base, "test", CONTROL, house.clock.now())
        await work.commit()
    async with house.store.reading() as work:
        found = await work.conversations.by_sender("wechat", "gh_1", OPENID)
        kept = [row.text for row in await work.messages.history(found.id, 50)] if found else []
    assert any(NAME in text for text in kept), "it is kept, but sealed"
    assert not any(IDENTITY in text or PHONE in text for text in kept), (
        "numbers are covered before they are kept (A-52)"
    )


async def _dump(database: Database) -> bytes:
    """Every table as COPY writes it, in text and in binary."""
    connection = await asyncpg.connect(database.url)
    out = io.BytesIO()
    for (table,) in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        for form in ("text", "binary"):
            await connection.copy_from_table(table, output=out, format=form)
    await connection.close()
    return out.getvalue()


async def test_a_number_before_any_consent_is_covered_and_read_by_nothing(house: House) -> None:
    """A-52"""
    for text in (IDENTITY, f"身份证{IDENTITY}，低保怎么申请", IDENTITY + "7", PHONE + IDENTITY):
        said = await house.say(text, sender=f"o-{len(text)}")
        assert IDENTITY not in said.message.text
        assert IDENTITY[6:14] not in said.message.text
        assert "隐去" in said.message.text
        assert "隐去" in said.replies[0].text
        written = [str(turn) for turn in await house.turns(said.conversation.id)]
        assert not any(IDENTITY[6:14] in turn for turn in written)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_engine_and_desk_say_nothing_of_it_when_they_fail(
    house: House, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every log of the process at its most talkative, and whatever Rasa prints."""
    with _every_log() as told:
        await _tell_everything(house)
        other = OPENID[::-1]  # the first one waits for a person now
        for failure in (ValueError(WORDS[0]), TryAgain(WORDS[0]), KeyError(PHONE)):

            class Failing:
                async def turn(self, turn: Turn, failure: Exception = failure) -> Any:
                    raise failure

            await house.take(WORDS[0], sender=other)
            await house.work(Failing())
            house.clock.advance(seconds=60)
        monkeypatch.setattr("actions.answers.answer", _raises)
        await house.take(WORDS[4], sender=other)
        await house.work()
    out, err = capfd.readouterr()
    written = told.getvalue() + out + err
    assert "the turn of message" in written
    assert clear_text(written.encode()) == []


def _raises(*args: Any) -> Any:
    raise RuntimeError(f"the action met {args}")


class _every_log:
    """All records of all loggers, as our formatter writes them."""

    def __enter__(self) -> io.StringIO:
        import structlog

        self._root = logging.getLogger()
        self._before = self._root.handlers[:], self._root.level, structlog.get_config(), structlog.is_configured()
        log.configure("debug")
        written = io.StringIO()
        (handler,) = self._root.handlers
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(written)
        return written

    def __exit__(self, *error: object) -> None:
        import structlog

        handlers, level, config, configured = self._before
        self._root.handlers[:] = handlers
        self._root.setLevel(level)
        logging.captureWarnings(False)
        structlog.configure(**config) if configured else structlog.reset_defaults()


def test_the_sweep_after_the_suite_reads_equal_pages_once(tmp_path: Path) -> None:
    swept = Sweep()
    page = secrets.token_bytes(4096)
    (tmp_path / "a").write_bytes(page * 3)
    (tmp_path / "b").write_bytes(page + secrets.token_bytes(4090) + IDENTITY[:6].encode())
    (tmp_path / "c").write_bytes(page + secrets.token_bytes(4090) + IDENTITY[:6].encode() + IDENTITY[6:].encode())
    for name in "ab":
        swept.read(tmp_path / name)
    assert swept.hits == []
    swept.read(tmp_path / "c")
    assert len(swept.hits) == 1
    (tmp_path / "c").unlink()  # or the sweep after the suite would find it, as it should
