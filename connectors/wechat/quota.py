"""How many messages WeChat lets us send on our own, and until when.

WeChat has changed these figures before (20 in 2021, 5 today), so they are settings.
https://developers.weixin.qq.com/doc/service/guide/product/kf/Service_Center_messages.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from bot.errors import BadInput

_HOUR = 3600.0


class Trigger(StrEnum):
    """What a resident did that opens a window."""

    MESSAGE = "message"
    TAP = "tap"
    FOLLOW = "follow"
    SCAN = "scan"
    ENTER = "enter"


@dataclass(frozen=True, slots=True)
class Allowance:
    messages: int
    seconds: float

    def __post_init__(self) -> None:
        if not (0 < self.messages <= 1000 and 0 < self.seconds <= 30 * 24 * _HOUR):
            raise BadInput("a WeChat quota is out of range; give 1 to 1000 messages and up to 30 days in seconds")


@dataclass(frozen=True, slots=True)
class Quotas:
    message: Allowance = Allowance(5, 48 * _HOUR)
    tap: Allowance = Allowance(3, 60.0)
    """A menu click, or an option tapped: an ordinary message to the eye, but not to the quota."""
    follow: Allowance = Allowance(3, 60.0)
    scan: Allowance = Allowance(3, 60.0)
    enter: Allowance = Allowance(2, 60.0)
    """Mini program: the resident opened the service window."""

    @classmethod
    def of(cls, config: Mapping[str, Mapping[str, float]]) -> Quotas:
        """From configuration: {"message": {"messages": 5, "seconds": 172800}, …}; what is left out stays."""
        known = {field.name for field in fields(cls)}
        for name, value in config.items():
            if name not in known:
                raise BadInput(f"there is no WeChat quota {name!r}; known are {', '.join(sorted(known))}")
            if set(value) != {"messages", "seconds"}:
                raise BadInput(f"the WeChat quota {name!r} needs exactly `messages` and `seconds`")
        allowed = {name: Allowance(int(value["messages"]), float(value["seconds"])) for name, value in config.items()}
        return cls(**allowed)

    def allowance(self, trigger: Trigger) -> Allowance:
        found: Allowance = getattr(self, trigger.value)
        return found
