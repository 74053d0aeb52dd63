"""The desk's door into the engine: one turn in, its replies out.

The same turn again gives the same replies again (`bot.engine.processor`). The caller proves itself by a shared secret,
because whoever can post here can speak as any resident.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import wire
from bot.desk.ports import Turn
from bot.errors import BadInput, Conflict, TryAgain

logger = logging.getLogger(__name__)

NAME = "desk"
PATH = "/webhooks/desk/webhook"
SECRET_HEADER = "X-Engine-Secret"  # noqa: S105  # the header's name, not its value
CHOOSE, OPEN_FORM = "choose", "open_form"
# A turn holds one message (the gateway caps it) and ids; more is a mistake.
LARGEST = 256 * 1024

Handle = Callable[[UserMessage], Awaitable[Any]]


class Answer(NamedTuple):
    status: int
    body: dict[str, Any]


class DeskOutput(CollectingOutputChannel):
    """Collects replies. Anything but a reply is refused: approved text never passes a template."""

    def __init__(self) -> None:
        super().__init__()
        self.replies: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return NAME

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        reply = (message.get("custom") or {}).get("reply")
        if not isinstance(reply, dict):
            raise BadInput('an action said something that is no reply; use utter_message(json_message={"reply": …})')
        self.replies.append(reply)


def message_of(turn: Turn) -> UserMessage:
    """A chosen option is an intent from our own records; a text is only ever text, whatever it begins with."""
    meaning = None if turn.meaning is None else dict(turn.meaning)
    said = meaning.get("say") if meaning else None
    text = str(said) if said else turn.text
    metadata = {
        "channel": turn.channel,
        "region": turn.region,
        "on": None if turn.on is None else turn.on.isoformat(),
        "meaning": meaning,
        "form": turn.form,
        "message_id": turn.message_id,
        "text": text,
    }
    chosen = meaning is not None and not said
    intent = OPEN_FORM if {"form", "draft"} & set(meaning or ()) else CHOOSE
    understood = {"text": text, "intent": {"name": intent, "confidence": 1.0}, "entities": []} if chosen else None
    return UserMessage(text, DeskOutput(), turn.conversation, understood, NAME, turn.message_id, metadata)


async def answer(secret: str, headers: Mapping[str, str], body: bytes, handle: Handle) -> Answer:
    """One request, whatever server received it. Errors name no words of the resident's."""
    if not hmac.compare_digest(headers.get(SECRET_HEADER, "").encode(), secret.encode()):
        return Answer(403, {"error": "forbidden"})
    try:
        message = message_of(wire.turn_from_json(json.loads(body)))
    except (BadInput, ValueError) as error:
        return Answer(400, {"error": str(error) if isinstance(error, BadInput) else "the body is not JSON"})
    try:
        await handle(message)
    except (TryAgain, Conflict, TimeoutError) as error:
        logger.warning("a turn is to be repeated: %s: %s", type(error).__name__, error)
        return Answer(503, {"error": type(error).__name__})
    except Exception as error:
        # The traceback may quote the resident; its class and place are enough to find the fault.
        logger.error("a turn failed: %s", _where(error))
        return Answer(500, {"error": type(error).__name__})
    return Answer(200, {"replies": message.output_channel.replies})


def _where(error: BaseException) -> str:
    """The classes of an error and its causes, and the line that raised the first of them."""
    chain = [error]
    while (before := chain[-1].__cause__) is not None:
        chain.append(before)
    trace = chain[-1].__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    at = f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    return " from ".join(type(each).__name__ for each in chain) + at


class DeskInput(InputChannel):
    """For `rasa run` with credentials.yml; the product's own engine serves the same path with `bot.engine.launcher`."""

    def __init__(self, secret: str) -> None:
        if len(secret) < 16:
            raise BadInput("the engine's secret is missing or shorter than 16 characters; set it in the environment")
        self._secret = secret

    @classmethod
    def name(cls) -> str:
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> DeskInput:
        return cls(str((credentials or {}).get("secret", "")))

    def blueprint(self, on_new_message: Handle) -> Blueprint:
        door = Blueprint("desk_webhook", "desk_webhook")

        @door.route("/", methods=["GET"])  # type: ignore[untyped-decorator]
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @door.route("/webhook", methods=["POST"])  # type: ignore[untyped-decorator]
        async def turn(request: Request) -> HTTPResponse:
            status, body = await answer(self._secret, request.headers, request.body, on_new_message)
            return response.json(body, status=status)

        return door
