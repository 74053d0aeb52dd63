"""Every setting, from the environment, in one table; docs/settings.md says the same and a test compares them."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from bot.errors import BadInput

PREFIX = "JIUZHUTONG_"
_PORTS = (1, 65535)


def _setting(default: Any, doc: str, secret: bool = False, one_of: str = "", between: tuple[int, int] = (0, 0)) -> Any:
    about = {"doc": doc, "secret": secret, "one_of": one_of.split(), "between": between}
    return field(default=default, metadata=about, repr=not secret)


@dataclass(frozen=True, slots=True)
class Settings:
    """Read once at start. The environment variable of a field is JIUZHUTONG_ and its name in capitals."""

    home: str = _setting("var", "Folder for what the service makes itself: database, keys, logs.")
    database_url: str = _setting(
        "", "sqlite:///path or postgresql://user@host/name; empty: a SQLite file in the home folder.", secret=True
    )
    subject_keys: str = _setting(
        "",
        "URL of the store of subject keys, backed up apart; empty: a file, or a schema, beside the database.",
        secret=True,
    )
    keys: str = _setting(
        "", "The key ring's text; empty: the file `keys` in the home folder, made at first start.", secret=True
    )
    cipher: str = _setting("sm4-gcm", "Cipher for new records: sm4-gcm or aes-256-gcm.", one_of="sm4-gcm aes-256-gcm")
    draft_days: int = _setting(30, "Days after its last change until an unfinished form is deleted.", between=(1, 365))
    archive_years: int = _setting(
        0, "Years until a closed case is deleted, by the office's archive rules; 0: it is kept.", between=(0, 100)
    )
    content: str = _setting("content", "Folder with the content as plain files.")
    models: str = _setting("models", "Folder with trained dialogue models.")
    host: str = _setting("127.0.0.1", "Address the gateway listens on.")
    port: int = _setting(8080, "Port the gateway listens on.", between=_PORTS)
    ops_port: int = _setting(8081, "Loopback port for health and metrics.", between=_PORTS)
    console_host: str = _setting("127.0.0.1", "Address the office's console listens on.")
    console_port: int = _setting(8082, "Port of the office's console.", between=_PORTS)
    console_https: str = _setting(
        "off", "Whether browsers reach the console by https (a proxy in front): on, off.", one_of="on off"
    )
    engine_port: int = _setting(5005, "Loopback port of the dialogue engine.", between=_PORTS)
    engine_workers: int = _setting(
        2, "Processes of the engine on its port, best one a core; they share most of their memory.", between=(1, 16)
    )
    engine_url: str = _setting("", "Where the engine is; empty: the engine port on loopback.")
    engine_secret: str = _setting("", "Shared by gateway and engine; empty: a file in the home folder.", secret=True)
    assign: str = _setting(
        "off", "Waiting conversations are given to officers who are here by themselves: on, off.", one_of="on off"
    )
    workers: int = _setting(8, "Conversations answered at the same time by one gateway.", between=(1, 64))
    sandbox: str = _setting(
        "auto",
        "The simulated platforms: auto (on while no account of WeChat, a mini program or Weibo is set), on, off.",
        one_of="auto on off",
    )
    log: str = _setting("info", "Log level: debug, info, warning, error.", one_of="debug info warning error")
    wechat_appid: str = _setting("", "AppID of the official account; empty: no WeChat.")
    wechat_secret: str = _setting("", "AppSecret of the official account.", secret=True)
    wechat_token: str = _setting("", "Token typed into the platform's server settings.", secret=True)
    wechat_aes_key: str = _setting("", "EncodingAESKey, 43 characters.", secret=True)
    wechat_previous_aes_key: str = _setting("", "The EncodingAESKey before it, while it is being changed.", secret=True)
    wechat_mode: str = _setting(
        "secure", "Message mode of the account: secure, compatible, plain.", one_of="secure compatible plain"
    )
    wechat_kind: str = _setting(
        "service",
        "Kind of the official account, by which broadcasts are limited: service, subscription.",
        one_of="service subscription",
    )
    wechat_account: str = _setting("", "The account's gh_ id; set: pushes for another account are refused.")
    wechat_api_base: str = _setting("https://api.weixin.qq.com", "Base of the platform's API, also for a mini program.")
    mini_appid: str = _setting("", "AppID of the mini program; empty: none.")
    mini_secret: str = _setting("", "AppSecret of the mini program.", secret=True)
    mini_token: str = _setting("", "Token typed into the mini program's message settings.", secret=True)
    mini_aes_key: str = _setting("", "EncodingAESKey of the mini program, 43 characters.", secret=True)
    mini_account: str = _setting("", "The mini program's gh_ id; set: pushes for another are refused.")
    weibo_uid: str = _setting("", "Number of the Weibo account; empty: no Weibo.")
    weibo_app_secret: str = _setting("", "App Secret of the Weibo application: it signs every callback.", secret=True)
    weibo_token: str = _setting(
        "", "Access token shown by the fans service; nothing renews it but a person.", secret=True
    )
    weibo_token_expires: str = _setting(
        "", "Last day of that token (2027-01-31): two weeks before it the log and a metric call for a person."
    )
    weibo_path: str = _setting(
        "", "Last part of the callback's address (/weibo/…), 24 to 64 characters nobody can guess.", secret=True
    )
    weibo_api_base: str = _setting("", "Base of Weibo's API; empty: m.api.weibo.com and upload.api.weibo.com.")

    notice_routes: str = _setting(
        "",
        "File with the templates the platforms approved for notices (docs/notices.md); empty: messages and calls only.",
    )
    notice_quiet: str = _setting(
        "22-7", "Hours in China in which no notice leaves, like 22-7: it waits until they end; off: none."
    )
    sms_url: str = _setting("", "Where the office's gateway for text messages takes them; empty: none are sent.")
    sms_key: str = _setting(
        "", "Key shared with that gateway: `name sm3 hex` (or sha256), at least 32 bytes.", secret=True
    )
    asr_kind: str = _setting(
        "off",
        "Who writes down what is said in voice messages: off, openai (its transcriptions API), funasr (its HTTP server).",
        one_of="off openai funasr",
    )
    asr_url: str = _setting("", "Base of that server, like http://127.0.0.1:8000.")
    asr_key: str = _setting("", "Bearer key of that server; empty: it asks for none.", secret=True)
    asr_model: str = _setting("whisper-1", "Model an openai server is asked for.")
    app: str = _setting("on", "The app's API, page and widget endpoints at /app: on, off.", one_of="on off")
    app_keys: str = _setting(
        "",
        "Keys the bureau's own app signs with: `kid HS256 hex`, or `kid RS256 base64` (also ES256), parted by `;`; empty: anonymous only.",
        secret=True,
    )
    app_secret: str = _setting(
        "",
        "What the app's sessions are signed with, shared by all gateways; empty: a file in the home folder.",
        secret=True,
    )
    app_origins: str = _setting(
        "", "Sites that may call the app's API from a browser or show its page inside their own, parted by spaces."
    )
    app_per_address: int = _setting(
        1200,
        "Calls of the app's API from one address in a minute; 0: whoever stands in front counts.",
        between=(0, 999_999),
    )
    office_key: str = _setting(
        "",
        "Keys shared with the office's own system: `name sm3 hex [region]` (or sha256), parted by `;`; empty: no exchange.",
        secret=True,
    )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Unknown JIUZHUTONG_ names are refused aloud: a misspelt setting must not be silently ignored."""
        source = os.environ if environ is None else environ
        given = {name.removeprefix(PREFIX).lower(): value for name, value in source.items() if name.startswith(PREFIX)}
        known = {one.name: one for one in fields(cls)}
        for name in given:
            if name not in known:
                raise BadInput(f"the setting {PREFIX}{name.upper()} is unknown; docs/settings.md lists all of them")
        return cls(**{name: _read(known[name], value.strip()) for name, value in given.items()})

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
        real = self.wechat_appid or self.mini_appid or self.weibo_uid
        return self.sandbox == "on" or (self.sandbox == "auto" and not real)

    def shared_secret(self) -> str:
        """The engine's secret, made once and kept beside the keys so that both processes find it."""
        return self.engine_secret or secret_file(self.house / "engine-secret")

    def session_secret(self) -> str:
        """What the app's sessions are signed with."""
        return self.app_secret or secret_file(self.house / "app-secret")

    def signing_key(self) -> bytes:
        """What trained models are signed with: a model file is code."""
        return bytes.fromhex(secret_file(self.house / "model-key"))


def secret_file(path: Path) -> str:
    """The secret in this file; made at first start, readable by this service alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _make_secret(path)
    if path.stat().st_mode & 0o077:
        raise BadInput(f"the file {path} can be read by others; run: chmod 600 {path}")
    value = path.read_text(encoding="ascii").strip()
    if not re.fullmatch(r"[0-9a-f]{64}", value):
        raise BadInput(f"the file {path} does not hold a secret of ours; remove it and start all processes again")
    return value


def _make_secret(path: Path) -> None:
    """Whole or not at all: another process that starts now finds no half of it, and the first one's secret stays."""
    descriptor, made = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # readable by us alone
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
    with contextlib.suppress(FileExistsError):
        os.link(made, path)
    os.unlink(made)


def _read(setting: Field[Any], value: str) -> Any:
    name, about = PREFIX + setting.name.upper(), setting.metadata
    if about["one_of"] and value not in about["one_of"]:
        raise BadInput(f"the setting {name} must be one of {', '.join(about['one_of'])}, not {value!r}")
    if setting.type not in (int, "int"):
        return value
    low, high = about["between"]
    if not re.fullmatch(r"[0-9]{1,6}", value) or not low <= int(value) <= high:
        raise BadInput(f"the setting {name} must be a whole number from {low} to {high}, not {value!r}")
    return int(value)
