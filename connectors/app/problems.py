"""What is said when something cannot be done: a code for programs, one line for people, a status for HTTP."""

from __future__ import annotations

from bot.desk.desk import Desk
from bot.errors import JiuzhutongError

STATUS = {
    "bad_request": 400,
    "unauthorized": 401,
    "anonymous": 403,
    "not_bound": 403,
    "forbidden": 403,
    "not_found": 404,
    "not_allowed": 405,
    "too_slow": 408,
    "nothing_to_sign": 409,
    "text_changed": 409,
    "too_large": 413,
    "wrong_type": 415,
    "key_used": 422,
    "no_such_option": 422,
    "no_such_picture": 422,
    "not_a_picture": 422,
    "not_a_signature": 422,
    "too_many": 429,
    "busy": 503,
    "error": 500,
}
"""Every code there is. Its line is the fixed words `app_<code>`."""


class Problem(JiuzhutongError):
    """Refuse this call; `after`: in how many seconds the same again is right."""

    def __init__(self, code: str, after: int = 0) -> None:
        super().__init__(code)
        self.code, self.after = code, after

    @property
    def status(self) -> int:
        return STATUS[self.code]


def line(desk: Desk, code: str) -> str:
    """One line. An edition from before there was an app says it as it ships (`bot.knowledge.keeper`)."""
    return desk.edition.words(f"app_{code}").strip().splitlines()[0]
