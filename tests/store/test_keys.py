"""Keys come from the setting or from a file that only we can read; a lost key is never silently replaced."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.store import KeyRing, Suite, migrate, open_keyring, open_store
from bot.store.keys import make_key_file, new_text, parse, read_key_file
from tests.databases import Database
from tests.store.conftest import took, wrote


def test_the_first_start_makes_a_key_file_that_only_we_can_read(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "bot.keys"
    ring = make_key_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key_file(path).names == ring.names
    assert [one.name for one in path.parent.iterdir()] == ["bot.keys"]


def test_a_key_file_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "bot.keys"
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: make_key_file(path), range(16)))
    assert {ring.current for ring in rings} == {read_key_file(path).current}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o777])
def test_a_key_file_that_others_can_read_is_refused_with_the_cure(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "bot.keys"
    make_key_file(path)
    path.chmod(mode)
    with pytest.raises(BadInput, match=rf"can be read by others \(mode {mode:04o}\); run: chmod 600 .*bot.keys"):
        read_key_file(path)


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not a plain file"):
        read_key_file(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "key 12", "lookup sm3 " + "a" * 64, "key " + "a" * 64, "lookup md5 " + "a" * 64, "x " + "a" * 64]
)
def test_a_broken_key_text_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        parse(text, where="the setting KEYS")
    assert "the setting KEYS" in str(refusal.value)
    assert "a" * 64 not in str(refusal.value)


def test_the_setting_may_be_one_line_and_shows_no_key() -> None:
    text = new_text()
    ring = parse(text.strip().replace("\n", "; "))
    assert ring.names == parse(text).names
    assert not any(word in repr(ring) for word in text.split() if len(word) == 64)


def test_earlier_keys_still_open_what_they_sealed() -> None:
    old = new_text()
    record = parse(old).seal(b"text", "t", "1", "c")
    rotated = parse(old.replace("\nkey", f"\nkey {'ab' * 32}\nkey"))
    assert rotated.open(record, "t", "1", "c") == b"text"
    assert rotated.current != parse(old).current
    with pytest.raises(BadInput, match="which this key ring does not hold"):
        parse(old).open(rotated.seal(b"new", "t", "1", "c"), "t", "1", "c")


async def test_the_setting_comes_before_the_file(empty_database: Database, tmp_path: Path) -> None:
    text = new_text()
    ring = await open_keyring(empty_database.url, text, tmp_path / "bot.keys")
    assert ring.current == parse(text).current
    assert not (tmp_path / "bot.keys").exists()


async def test_a_lost_key_file_is_not_replaced_once_something_is_sealed(
    empty_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "bot.keys"
    ring = await open_keyring(empty_database.url, "", path)
    await migrate(empty_database.url)
    path.unlink()
    ring = await open_keyring(empty_database.url, "", path)  # tables, but nothing in them: a new key does no harm
    await (await open_store(empty_database.url, ring)).close()
    path.unlink()
    with pytest.raises(BadInput, match=f"holds text sealed with key {ring.current}; restore the file"):
        await open_keyring(empty_database.url, "", path)
    assert not path.exists()


async def test_a_store_does_not_open_with_the_keys_of_another(database: Database, keyring: KeyRing) -> None:
    await (await open_store(database.url, keyring)).close()
    with pytest.raises(BadInput, match=f"sealed with key {keyring.current}, which the key ring lacks"):
        await open_store(database.url, parse(new_text()))


async def test_a_store_does_not_open_with_another_lookup_key(database: Database) -> None:
    text = new_text()
    await (await open_store(database.url, parse(text))).close()
    with pytest.raises(BadInput, match="put the old `lookup` line back"):
        await open_store(database.url, parse(f"lookup sm3 {'ab' * 32}\n{text.splitlines()[1]}"))


async def test_a_new_key_beside_the_old_one_is_taken_up(database: Database) -> None:
    text = new_text()
    store = await open_store(database.url, parse(text))
    taken = await took(store, wrote("老话"))
    await store.close()
    store = await open_store(database.url, parse(text.replace("\nkey", f"\nkey {'ab' * 32}\nkey"), Suite.AES_256_GCM))
    again = await took(store, wrote("新话"))
    assert again.conversation.id == taken.conversation.id
    async with store.reading() as work:
        assert [row.text for row in await work.messages.history(taken.conversation.id)] == ["老话", "新话"]
    await store.close()
    with pytest.raises(BadInput, match="which the key ring lacks"):
        await open_store(database.url, parse(text))


async def test_of_two_first_starts_with_different_keys_one_is_refused(database: Database) -> None:
    ends = await asyncio.gather(
        *(open_store(database.url, parse(new_text())) for _ in range(2)), return_exceptions=True
    )
    assert [type(end) for end in ends].count(BadInput) == 1
    for end in ends:
        if not isinstance(end, BaseException):
            await end.close()
