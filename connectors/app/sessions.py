"""Sessions: a token of ours that says who speaks, and what they may. No id that a client chose is ever in it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import jwt

from bot.errors import Forged

_AUDIENCE, _ALGORITHM = "jiuzhutong-app-session", "HS256"
_HOUR, _DAY = 3600, 86_400
ANONYMOUS, NAMED = "a", "u"


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    """For pictures of state; it opens nothing."""
    sender: str
    """`a:` and 128 random bits, or `u:` and what the bureau's app calls them: who speaks, for the desk."""
    began: int
    ends: int
    """When its token ends, in seconds since 1970."""

    @property
    def named(self) -> bool:
        return self.sender.startswith(f"{NAMED}:")

    @property
    def rights(self) -> tuple[str, ...]:
        return ("talk", "pictures", "sign", "cases", "resume") if self.named else ("talk", "pictures", "sign")


class Sessions:
    """Makes and reads tokens. Stateless: any gateway with the same secret knows them."""

    def __init__(self, secret: str) -> None:
        self._key = hmac.new(secret.encode(), b"app session tokens", hashlib.sha256).digest()

    def anonymous(self, now: datetime) -> Session:
        return self._fresh(f"{ANONYMOUS}:{secrets.token_hex(16)}", now)

    def named(self, sub: str, now: datetime) -> Session:
        return self._fresh(f"{NAMED}:{sub}", now)

    def renewed(self, session: Session, now: datetime) -> Session:
        """Raises Forged when it is as old as it may get."""
        ends = min(int(now.timestamp()) + _token_seconds(session), session.began + _whole_seconds(session))
        if ends <= now.timestamp():
            raise Forged("the session is over")
        return replace(session, ends=ends)

    def token(self, session: Session) -> str:
        claims = {"sid": session.id, "sub": session.sender, "beg": session.began, "exp": session.ends, "aud": _AUDIENCE}
        return jwt.encode(claims, self._key, _ALGORITHM)

    def read(self, token: str, now: datetime) -> Session:
        """Raises Forged, and nothing else, whatever the text is."""
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key,
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                options={"require": ["sid", "sub", "beg", "exp", "aud"], "verify_exp": False},
            )
            session = Session(claims["sid"], claims["sub"], claims["beg"], claims["exp"])
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
            raise Forged("token") from error
        if session.ends <= now.timestamp():
            raise Forged("token is over")
        return session

    def _fresh(self, sender: str, now: datetime) -> Session:
        began = int(now.timestamp())
        made = Session(secrets.token_urlsafe(12), sender, began, 0)
        return replace(made, ends=began + _token_seconds(made))


def _token_seconds(session: Session) -> int:
    return _DAY if session.named else 12 * _HOUR


def _whole_seconds(session: Session) -> int:
    """How long it can be renewed: a form can be filled in over days without anybody being hurried."""
    return 30 * _DAY if session.named else 7 * _DAY
