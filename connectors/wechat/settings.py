"""What an account's owner must tell us about it, checked before anything starts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from bot.errors import BadInput
from connectors.wechat.quota import Quotas

_AES_KEY = re.compile(r"[A-Za-z0-9]{43}")


class Mode(StrEnum):
    """How the platform is set to push (公众平台 → 基本配置 → 消息加解密方式)."""

    SECURE = "secure"
    """安全模式: only encrypted pushes are taken."""
    COMPATIBLE = "compatible"
    """兼容模式: encrypted and plain ones, for the days of a change."""
    PLAIN = "plain"
    """明文模式: the signature does not cover the body; for development only."""


@dataclass(frozen=True, slots=True)
class WeChatSettings:
    """One official account."""

    appid: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(default="", repr=False)
    previous_aes_key: str = field(default="", repr=False)
    """The EncodingAESKey before the last change: pushes under way may still use it."""
    account: str = ""
    """The `gh_…` id; when set, pushes for any other account are refused."""
    mode: Mode = Mode.SECURE
    api_base: str = "https://api.weixin.qq.com"
    quotas: Quotas = field(default_factory=Quotas)

    def __post_init__(self) -> None:
        wrong = list(self._wrong())
        if wrong:
            raise BadInput("the WeChat settings cannot be used:\n" + "\n".join(f"- {line}" for line in wrong))
        object.__setattr__(self, "mode", Mode(self.mode))
        object.__setattr__(self, "api_base", self.api_base.rstrip("/"))

    def _wrong(self) -> list[str]:
        wrong = []
        if not re.fullmatch(r"[A-Za-z0-9_-]{3,64}", self.appid):
            wrong.append("appid is not an AppID; copy it from 公众平台 → 基本配置 (it looks like wx0123456789abcdef)")
        if not re.fullmatch(r"[\x21-\x7e]{1,128}", self.secret):
            wrong.append("secret is empty or has blanks; copy the AppSecret from 公众平台 → 基本配置")
        if not re.fullmatch(r"[A-Za-z0-9]{3,32}", self.token):
            wrong.append("token is not 3 to 32 letters and digits; use the Token entered under 服务器配置")
        if self.mode not in tuple(Mode):
            wrong.append(f"mode is {str(self.mode)!r}; choose {', '.join(Mode)}")
        elif self.mode != Mode.PLAIN and not self.aes_key:
            wrong.append(f"aes_key is missing, and {self.mode!s} mode needs it; copy it from 服务器配置")
        for name in ("aes_key", "previous_aes_key"):
            value = getattr(self, name)
            if value and not _AES_KEY.fullmatch(value):
                wrong.append(f"{name} is not 43 letters and digits; copy the whole EncodingAESKey")
        if self.account and not re.fullmatch(r"[A-Za-z0-9_-]{3,64}", self.account):
            wrong.append("account is not an account id; use the 原始ID (like gh_0123456789ab), or leave it out")
        wrong += self._wrong_base()
        return wrong

    def _wrong_base(self) -> list[str]:
        try:
            base = urlsplit(self.api_base)
            host, _ = base.hostname or "", base.port
        except ValueError:
            return [f"api_base {self.api_base!r} is not an address; use https://api.weixin.qq.com"]
        near = host in ("127.0.0.1", "::1", "localhost")
        if not host or base.scheme not in ("https", "http") or base.query or base.fragment or base.username:
            return ["api_base is not a plain http(s) address; use https://api.weixin.qq.com"]
        if base.scheme == "http" and not near:
            # Tokens and residents' messages travel on it.
            return ["api_base is http beyond this machine; use https"]
        return []
