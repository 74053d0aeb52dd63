"""Errors, named by what to do next. Every message says what happened, to which thing, and what to do.

JiuzhutongError
├── BadInput        mend what you gave (a file, a setting, an argument), then repeat
│   └── PortTaken      end what listens there, or set another port
├── Conflict        somebody was faster: look again, then decide
├── TryAgain        nothing was lost: repeat later (`after` seconds)
│   ├── Paused         the day's allowance is used up: until then nothing goes out
│   └── Misconfigured  our account or address must be put right first: tell whoever is on duty
├── Undeliverable   do not repeat: `reason` says why, a person should look
│   └── QuotaSpent     only the resident's next message opens the way: hold it for then
├── NotYours        refuse with one kind sentence: whoever asks may not do this, or it is not theirs
└── Forged          refuse without a word: the sender could not prove who it is
"""

from __future__ import annotations


class JiuzhutongError(Exception):
    """Anything this product raises on purpose."""


class BadInput(JiuzhutongError):
    """What was given cannot be used; nothing was changed."""


class PortTaken(BadInput):
    """Somebody listens there already."""

    def __init__(self, port: int, host: str) -> None:
        super().__init__(
            f"port {port} on {host} is taken; end what listens there, or set another port (docs/settings.md)"
        )


class Conflict(JiuzhutongError):
    """The thing changed since it was read; nothing was changed."""


class TryAgain(JiuzhutongError):
    """A passing fault of something remote."""

    def __init__(self, message: str, after: float = 1.0) -> None:
        super().__init__(message)
        self.after = after


class Undeliverable(JiuzhutongError):
    """The platform will not deliver this, now or later."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class QuotaSpent(Undeliverable):
    """The platform lets nothing more out to this person until they write again."""


class Paused(TryAgain):
    """The day's allowance of an interface is used up."""


class Misconfigured(TryAgain):
    """Our account, secret or address is refused: alarm, stop sending, try again after `after`."""


class NotYours(JiuzhutongError):
    """Whoever asks may not. The text is for them, and the same for what is another's and for what does not exist."""


class Forged(JiuzhutongError):
    """A callback whose proof does not hold; the text is for our counters, never for the caller."""
