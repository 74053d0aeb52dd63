"""The key ring: where its keys come from, what it seals and opens, and the rules of the key file.

The text of a key ring, in the environment (entries parted by `;`) or in a file (one a line):

    lookup sm3 <64 hex>     the key of the keyed hash; never changes, or no sender is found again
    key <64 hex>            the key new records are sealed with
    key <64 hex>            earlier keys, which still open what they sealed
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag

from bot.errors import BadInput
from bot.store.crypto import Digest, KeyedHash, SealingKey, Suite, digest_of, key_id_of, self_test, suite_of, supported

_PREFACE = """\
# The keys of this 救助通. Without this file every stored message is unreadable for ever: back it up, apart from the
# database. Keep it readable by this service alone (chmod 600). New records are sealed with the first `key`.
"""


class KeyRing:
    """Seals and opens records, and hashes values for equality. Made by `parse`, `read_key_file` or `make_key_file`."""

    def __init__(self, keys: tuple[bytes, ...], lookup: bytes, digest: Digest, suite: Suite) -> None:
        self_test(suite)
        if digest is not digest_of(suite):
            self_test(Suite.SM4_GCM if digest is Digest.SM3 else Suite.AES_256_GCM)
        self.suite = suite
        self._current = SealingKey(keys[0])
        self._keys = {key.id: key for key in (self._current, *map(SealingKey, keys[1:]))}
        self._lookup = KeyedHash(lookup, digest)

    def __repr__(self) -> str:
        return f"KeyRing({self.suite}, keys {', '.join(key_id.hex() for key_id in self._keys)})"

    @property
    def current(self) -> str:
        """The name of the key new records are sealed with."""
        return self._current.id.hex()

    @property
    def names(self) -> frozenset[str]:
        return frozenset(key_id.hex() for key_id in self._keys)

    def seal(self, text: bytes, table: str, row: str, column: str) -> bytes:
        return self._current.seal(self.suite, text, f"{table}|{row}|{column}")

    def seal_words(self, text: str, table: str, row: str, column: str) -> bytes:
        """Half characters that broken phones send are kept, as in `body.to_json`."""
        return self.seal(text.encode("utf-8", "surrogatepass"), table, row, column)

    def open_words(self, record: bytes, table: str, row: str, column: str) -> str:
        return self.open(record, table, row, column).decode("utf-8", "surrogatepass")

    def open(self, record: bytes, table: str, row: str, column: str) -> bytes:
        """Raises BadInput, which names the place and never the text, when the record does not belong there."""
        place = f"{table}|{row}|{column}"
        try:
            key = self._keys.get(key_id_of(record))
            if key is None:
                raise BadInput(
                    f"{place} is sealed with key {key_id_of(record).hex()}, which this key ring does not hold; "
                    f"put that `key` line back into the key file"
                )
            if not supported(suite_of(record)):
                raise BadInput(f"{place} is sealed with {suite_of(record)}, which this build of OpenSSL does not have")
            return key.open(record, place)
        except InvalidTag as e:
            raise BadInput(
                f"{place} does not open: it was changed, or moved here from another row; restore it from a backup"
            ) from e

    def hash(self, *parts: str) -> bytes:
        """The same for the same parts, and telling nothing about them without the lookup key."""
        return self._lookup.of(*parts)


def new_text(suite: Suite = Suite.SM4_GCM) -> str:
    """The text of a fresh key ring."""
    return f"lookup {digest_of(suite)} {secrets.token_hex(32)}\nkey {secrets.token_hex(32)}\n"


def parse(text: str, suite: Suite = Suite.SM4_GCM, where: str = "the key setting") -> KeyRing:
    """Read a key ring from its text; `where` names it in refusals, which never repeat the text."""
    lookup: tuple[Digest, bytes] | None = None
    keys: list[bytes] = []
    lines = [line.strip() for line in text.replace(";", "\n").splitlines()]
    for number, line in enumerate(lines, 1):
        if not line or line.startswith("#"):
            continue
        match line.split():
            case ["lookup", name, value] if name in tuple(Digest) and _good(value) and lookup is None:
                lookup = Digest(name), bytes.fromhex(value)
            case ["key", value] if _good(value):
                keys.append(bytes.fromhex(value))
            case _:
                raise BadInput(
                    f"entry {number} of {where} is neither `lookup sm3 <64 hex>` (once) nor `key <64 hex>`; mend it"
                )
    if lookup is None or not keys:
        raise BadInput(f"{where} needs one `lookup` and at least one `key` entry; put them back from your backup")
    return KeyRing(tuple(keys), lookup[1], lookup[0], suite)


def _good(value: str) -> bool:
    return len(value) == 64 and all(c in "0123456789abcdefABCDEF" for c in value)


def read_key_file(path: Path, suite: Suite = Suite.SM4_GCM) -> KeyRing:
    """Raises FileNotFoundError when there is none, BadInput when others could read it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise BadInput(f"the key file {path} is not a plain file; point the setting at one")
    with os.fdopen(descriptor, encoding="utf-8") as file:
        if stat.S_IMODE(mode) & 0o077:
            raise BadInput(
                f"the key file {path} can be read by others (mode {stat.S_IMODE(mode):04o}); run: chmod 600 {path}"
            )
        return parse(file.read(), suite, f"the key file {path}")


def make_key_file(path: Path, suite: Suite = Suite.SM4_GCM) -> KeyRing:
    """Make the key file at first start, whole or not at all; when another process was faster, read that one's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(_PREFACE + new_text(suite))
            file.flush()
            os.fsync(descriptor)
        with suppress(FileExistsError):
            os.link(draft, path)  # unlike a rename it never replaces a file that is there
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # or a power cut could leave sealed rows and no key
    finally:
        os.close(folder)
    return read_key_file(path, suite)
