"""What is sent to WeChat in these tests, and what it says to it."""

from __future__ import annotations

from typing import Any

TEXT = {"touser": "oUser_A", "msgtype": "text", "text": {"content": "您好，“低保”😀"}}


def code(number: int, **more: Any) -> dict[str, Any]:
    return {"errcode": number, "errmsg": "whatever rid: 1", **more}
