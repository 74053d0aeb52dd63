"""Every setting, from the environment, in one table; docs/settings.md says the same and a test compares them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from bot.errors import BadInput

PREFIX = "JIUZHUTONG_"


def _setting(default: Any, doc: str, secret: bool = False) -> Any:
    return field(default=default, metadata={"doc": doc, "secret": secret}, repr=not secret)


@dataclass(frozen=True, slots=True)
class Settings:
    """Read once at start. The environment variable of a field is JIUZHUTONG_ and its name in capitals."""

    home: str = _setting("var", "Folder for what the service makes itself: database, keys, logs.")
    database_url: str = _setting("", "sqlite:///path or postgresql://user@host/name; empty: a SQLite file in the home folder.")
    keys: str = _setting("", "The key ring's text; empty: the file `keys` in the home folder, made at first start.", secret=True)
    cipher: str = _setting("sm4-gcm", "Cipher for new records: sm4-gcm or aes-256-gcm.")
    content: str = _setting("content", "Folder with the content as plain files.")
    models: str = _setting("models", "Folder with trained dialogue models.")
    host: str = _setting("127.0.0.1", "Address the gateway listens on.")
    port: int = _setting(8080, "Port the gateway listens on.")
    ops_port: int = _setting(8081, "Loopback port for health and metrics.")
    engine_port: int = _setting(5005, "Loopback port of the dialogue engine.")
    engine_url: str = _setting("", "Where the engine is; empty: the engine port on loopback.")
    engine_secret: str = _setting("", "Shared by gateway and engine; empty: a file in the home folder.", secret=True)
    workers: int = _setting(8, "Conversations answered at the same time by one gateway.")
    sandbox: str = _setting("auto", "The simulated WeChat: auto (on while no appid is set), on, off.")
    log: str = _setting("info", "Log level: debug, info, warning, error.")
    wechat_appid: str = _setting("", "AppID of the official account; empty: no WeChat.")
    wechat_secret: str = _setting("", "AppSecret of the official account.", secret=True)
    wechat_token: str = _setting("", "Token typed into the platform's server settings.", secret=True)
    wechat_aes_key: str = _setting("", "EncodingAESKey, 43 characters.", secret=True)
    wechat_previous_aes_key: str = _setting("", "The EncodingAESKey before it, while it is being changed.", secret=True)
    wechat_mode: str = _setting("secure", "Message mode of the account: secure, compatible, plain.")
    wechat_account: str = _setting("", "The account's gh_ id; set: pushes for another account are refused.")
    wechat_api_base: str = _setting("https://api.weixin.qq.com", "Base of the platform's API.")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Unknown JIUZHUTONG_ names are refused aloud: a misspelt setting must not be silently ignored."""
        given = {k.removeprefix(PREFIX).lower(): v for k, v in (environ or os.environ).items() if k.startswith(PREFIX)}
        known = {one.name: one for one in fields(cls)}
        for name in given:
            if name not in known:
                raise BadInput(f"the setting {PREFIX}{name.upper()} is unknown; docs/settings.md lists all of them")
        return cls(**{name: _read(known[name].type, name, value) for name, value in given.items()})

    @property
    def house(self) -> Path:
        return Path(self.home)

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.house / 'jiuzhutong.db'}"

    @property
    def key_file(self) -> Path:
        return self.house / "keys"

    @property
    def engine_base(self) -> str:
        return self.engine_url or f"http://127.0.0.1:{self.engine_port}"

    @property
    def with_sandbox(self) -> bool:
        return self.sandbox == "on" or (self.sandbox == "auto" and not self.wechat_appid)

    def shared_secret(self) -> str:
        """The engine's secret, made once and kept beside the keys so that both processes find it."""
        return self.engine_secret or secret_file(self.house / "engine-secret")

    def signing_key(self) -> bytes:
        """What trained models are signed with: a model file is code."""
        return bytes.fromhex(secret_file(self.house / "model-key"))


def secret_file(path: Path) -> str:
    """The secret in this file; made at first start, readable by this service alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if path.stat().st_mode & 0o077:
            raise BadInput(f"the file {path} can be read by others; run: chmod 600 {path}") from None
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        value = secrets.token_hex(32)
        file.write(value + "\n")
    return value


def _read(kind: Any, name: str, value: str) -> Any:
    if kind in (int, "int"):
        if not value.isdigit():
            raise BadInput(f"the setting {PREFIX}{name.upper()} must be a whole number, not {value!r}")
        return int(value)
    return value
