"""How many messages an account may send on its own to one resident, and until when.

What opens how much is the platform's (`dialect`). Whether counters add up is
not documented; the newest trigger is the budget here, which is the reading that forgives least.
https://developers.weixin.qq.com/doc/service/guide/product/message/Service_Center_messages.html
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Trigger(StrEnum):
    MESSAGE = "message"
    TAP = "tap"
    MENU = "menu"
    FOLLOW = "follow"
    SCAN = "scan"
    ENTER = "enter"
    """A mini program's service window was opened."""
    MENTION = "mention"
    """Weibo: the account was called in public."""


@dataclass(frozen=True, slots=True)
class Budget:
    messages: int
    lasts: timedelta


WINDOW_CLOSED = 45015
USED_UP = 45047


@dataclass(frozen=True, slots=True)
class Ledger:
    """The budget one resident's last act opened; nothing was opened yet: `until` is None."""

    left: int = 0
    until: datetime | None = None

    @classmethod
    def opened(cls, budget: Budget, now: datetime) -> Ledger:
        return cls(budget.messages, now + budget.lasts)

    def refusal(self, now: datetime) -> int:
        """The platform's code for one more message now; 0 lets it through."""
        if self.until is None or now >= self.until:
            return WINDOW_CLOSED
        return 0 if self.left > 0 else USED_UP

    def spent(self) -> Ledger:
        return Ledger(self.left - 1, self.until)
