"""What is sealed, as JSON: the words of a message, and the engine's memory."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from bot.desk.ports import Message
from bot.errors import BadInput
from bot.messages import Reply


def to_json(value: Any, what: str) -> bytes:
    """Compact JSON in UTF-8. Half characters that broken phones send are kept, not refused."""
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as e:
        raise BadInput(f"{what} holds something that JSON cannot ({e}); turn it into text or a number first") from e
    return text.encode("utf-8", "surrogatepass")


def from_json(raw: bytes) -> Any:
    return json.loads(raw.decode("utf-8", "surrogatepass"))


def about_message(message: Message) -> dict[str, Any]:
    """The words of a message, and what names its sender."""
    return {
        "text": message.text,
        "choices": [asdict(choice) for choice in message.choices],
        "about": dict(message.about),
        "channel_message_id": message.channel_message_id,
    }


def about_reply(reply: Reply) -> dict[str, Any]:
    """All that a reply knows beside its text and choices."""
    about = asdict(reply)
    del about["text"], about["choices"]
    about["sources"] = list(about["sources"])
    return about
