"""What the simulated platform is set to, and the rule that keeps it away from the real one."""

from __future__ import annotations

import base64
import ipaddress
import secrets
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from bot.errors import BadInput


class Mode(StrEnum):
    """How pushes travel, as chosen in the platform's console (protocols: 明文, 兼容, 安全)."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SECURE = "secure"


class Form(StrEnum):
    """The notation of pushes and passive replies; the platform's console offers both."""

    XML = "xml"
    JSON = "json"


class Phone(StrEnum):
    """What people hold in their hands: the app they write in."""

    WECHAT = "wechat"
    MINI = "mini"
    WEIBO = "weibo"


@dataclass(frozen=True, slots=True)
class MenuButton:
    """One button of the account's menu; a tap pushes CLICK with its key."""

    label: str
    key: str


MENU = (MenuButton("常见问题", "faq"), MenuButton("查标准", "standard"), MenuButton("找人工", "person"))


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """One simulated account. Its secrets are made anew by `fresh`, so nothing outside can sign for it.

    On Weibo `secret` is the app's secret, `token` the access token its page shows, `account` and `appid` the uid.
    """

    secret: str
    token: str
    aes_key: str
    """EncodingAESKey: 43 characters."""
    appid: str = "wxsandbox000000001"
    account: str = "gh_sandbox00001"
    mode: Mode = Mode.SECURE
    form: Form = Form.XML
    bind: str = "127.0.0.1"
    """The address the gateway listens on; only loopback is allowed."""
    real_appid: str = ""
    """The appid of a real account configured beside this one; any value is refused."""
    cut_off: float = 5.0
    """Seconds the platform waits for an answer; the next delivery starts then."""
    deliveries: int = 3
    """Deliveries in all when no answer comes."""
    token_seconds: int = 7200
    daily_limit: int = 500_000
    """Calls of one interface a day, as quota/get tells it."""
    log_size: int = 1000
    menu: tuple[MenuButton, ...] = MENU
    phone: Phone = Phone.WECHAT

    def __post_init__(self) -> None:
        if self.real_appid:
            raise BadInput(
                f"the sandbox does not start beside the real account {self.real_appid}: "
                "remove that appid, or switch the sandbox off"
            )
        if not is_loopback(self.bind):
            raise BadInput(
                f"the sandbox does not start on {self.bind}, where strangers could reach it: "
                "bind to 127.0.0.1, or switch the sandbox off"
            )
        if len(self.aes_key) != 43 or not self.aes_key.isalnum() or not self.aes_key.isascii():
            raise BadInput("the sandbox's EncodingAESKey must be 43 letters and digits: make one with `fresh()`")

    @classmethod
    def fresh(cls, **others: object) -> SandboxSettings:
        """An account with new secrets; its appid and name stay, so conversations survive a restart."""
        made = {"secret": secrets.token_hex(16), "token": secrets.token_hex(12), "aes_key": new_aes_key()}
        return cls(**{**made, **others})  # type: ignore[arg-type]

    @classmethod
    def fresh_mini(cls, **others: object) -> SandboxSettings:
        """A mini program; the platform's console is set to JSON, as most of them are."""
        named = {"appid": "wxsandbox000000002", "account": "gh_sandbox00002", "form": Form.JSON, "menu": ()}
        return cls.fresh(**{**named, "phone": Phone.MINI, **others})

    @classmethod
    def fresh_weibo(cls, **others: object) -> SandboxSettings:
        """An account of the fans service."""
        return cls.fresh(
            **{"appid": "1902538057", "account": "1902538057", "mode": Mode.PLAIN, "phone": Phone.WEIBO, **others}
        )


def new_aes_key() -> str:
    """A random EncodingAESKey: 43 characters of [A-Za-z0-9] that decode to 32 bytes."""
    while True:
        key = base64.b64encode(secrets.token_bytes(32)).decode()[:43]
        if key.isalnum():
            return key


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_webhook(url: str) -> str:
    """The webhook's address, refused unless it is on this machine: simulated pushes must never leave it."""
    parts = urlsplit(url)
    if parts.scheme != "http" or not is_loopback(parts.hostname or ""):
        raise BadInput(f"the sandbox delivers over loopback only, not to {url}: give http://127.0.0.1:PORT/wechat")
    return url
