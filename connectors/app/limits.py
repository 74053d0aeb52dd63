"""How often somebody may call: a bucket that fills up again, in this process alone, so that it costs no database."""

from __future__ import annotations

import math
import time
from collections import OrderedDict

_REMEMBERED = 50_000
"""Buckets; who was not seen for longest is forgotten first, and begins with a full one."""


class Limits:
    def __init__(self) -> None:
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str, per_minute: int) -> int:
        """Take one; 0, or in how many seconds there is one again."""
        now = time.monotonic()
        left, at = self._buckets.pop(key, (float(per_minute), now))
        left = min(float(per_minute), left + (now - at) * per_minute / 60)
        self._buckets[key] = (left - 1, now) if left >= 1 else (left, now)
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        return 0 if left >= 1 else max(1, math.ceil((1 - left) * 60 / per_minute))
