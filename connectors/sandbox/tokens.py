"""Access tokens as the platform issues them: two interfaces that do not disturb each other, overlap, expiry."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

INVALID = 40001
EXPIRED = 42001
OVERLAP = timedelta(minutes=5)
_FORCED_A_DAY = 20
_FORCED_APART = timedelta(seconds=30)


class Tokens:
    """`/token` makes a new one each time; `/stable_token` gives the same one until five minutes before its end.

    https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html
    """

    def __init__(self, seconds: int) -> None:
        self._life = timedelta(seconds=seconds)
        self._ends: dict[str, datetime] = {}
        self._revoked: set[str] = set()
        self._stable = ""
        self._plain = ""
        self._forced: list[datetime] = []
        self.issued = 0
        """How many new tokens were made: a test counts refresh storms with it."""

    def refusal(self, token: str, now: datetime) -> int:
        if token in self._revoked or token not in self._ends:
            return INVALID
        return EXPIRED if now >= self._ends[token] else 0

    def plain(self, now: datetime) -> tuple[str, int]:
        """A new token; the one before it lives on for the overlap only."""
        if self._plain:
            self._ends[self._plain] = min(self._ends[self._plain], now + OVERLAP)
        self._plain = self._make(now)
        return self._plain, int(self._life.total_seconds())

    def stable(self, now: datetime) -> tuple[str, int]:
        overlap = min(OVERLAP, self._life / 4)
        if not self._stable or self.refusal(self._stable, now) or now >= self._ends[self._stable] - overlap:
            self._stable = self._make(now)
        return self._stable, int((self._ends[self._stable] - now).total_seconds())

    def forced(self, now: datetime) -> tuple[str, int] | None:
        """A forced refresh ends the old token at once; None: too often (20 a day, 30 s apart)."""
        self._forced = [at for at in self._forced if now - at < timedelta(days=1)]
        if len(self._forced) >= _FORCED_A_DAY or (self._forced and now - self._forced[-1] < _FORCED_APART):
            return None
        self._forced.append(now)
        if self._stable:
            self._revoked.add(self._stable)
        self._stable = self._make(now)
        return self._stable, int(self._life.total_seconds())

    def expire(self, now: datetime) -> None:
        """End all tokens now; callers get 42001."""
        self._ends = dict.fromkeys(self._ends, now)

    def revoke(self) -> None:
        """Forget all tokens; callers get 40001."""
        self._revoked.update(self._ends)

    def _make(self, now: datetime) -> str:
        token = f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(96)}"
        self._ends[token] = now + self._life
        self.issued += 1
        return token
