"""What an account's owner must tell us about it, checked before anything starts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from bot.errors import BadInput

API, UPLOADS = "https://m.api.weibo.com", "https://upload.api.weibo.com"


@dataclass(frozen=True, slots=True)
class WeiboSettings:
    """One account of the fans service (粉丝服务平台)."""

    uid: str
    app_secret: str = field(repr=False)
    """Signs every callback; there is no separate token."""
    token: str = field(repr=False)
    """Shown on the page of the development mode; lives about a year, and nothing renews it but a person."""
    path: str = field(repr=False)
    """The last part of our address. The signature covers no body, so nobody may guess where to send one."""
    token_expires: date | None = None
    api_base: str = API
    upload_base: str = UPLOADS

    def __post_init__(self) -> None:
        wrong = list(self._wrong())
        if wrong:
            raise BadInput("the Weibo settings cannot be used:\n" + "\n".join(f"- {line}" for line in wrong))
        object.__setattr__(self, "api_base", self.api_base.rstrip("/"))
        object.__setattr__(self, "upload_base", self.upload_base.rstrip("/"))

    @classmethod
    def of(
        cls, *, uid: str, app_secret: str, token: str, path: str, token_expires: str = "", api_base: str = ""
    ) -> WeiboSettings:
        """From what stands in the environment; one base given is that of both interfaces."""
        try:
            expires = date.fromisoformat(token_expires) if token_expires else None
        except ValueError:
            raise BadInput(f"the token's last day {token_expires!r} is no day; write it as 2027-01-31") from None
        bases = {"api_base": api_base, "upload_base": api_base} if api_base else {}
        return cls(uid, app_secret, token, path, expires, **bases)

    def _wrong(self) -> list[str]:
        wrong = []
        if not re.fullmatch(r"[0-9]{5,19}", self.uid):
            wrong.append("uid is not the account's number; open the account's page, its address ends in it")
        for name in ("app_secret", "token"):
            if not re.fullmatch(r"[\x21-\x7e]{1,512}", getattr(self, name)):
                wrong.append(f"{name} is empty or has blanks; copy it from 粉丝服务 → 高级功能 → 开发模式")
        if not re.fullmatch(r"[A-Za-z0-9_-]{24,64}", self.path):
            wrong.append(
                "path is not 24 to 64 letters and digits; make one: python -c 'import secrets; print(secrets.token_hex(16))'"
            )
        for name in ("api_base", "upload_base"):
            if not _is_base(getattr(self, name)):
                wrong.append(f"{name} is not a plain https address; leave it out, or use {API}")
        return wrong


def _is_base(address: str) -> bool:
    try:
        base = urlsplit(address)
        host, _ = base.hostname or "", base.port
    except ValueError:
        return False
    near = host in ("127.0.0.1", "::1", "localhost")
    if not host or base.query or base.fragment or base.username:
        return False
    # The token travels on it.
    return base.scheme == "https" or (base.scheme == "http" and near)
