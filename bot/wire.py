"""Turns and replies as JSON: what crosses the loopback between gateway and engine, and what the tracker keeps.

Pure, and strict on purpose: both ends are ours, so an unknown key is a mistake or a forgery, never an extension.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.desk.ports import Turn
from bot.errors import BadInput
from bot.messages import Choice, Outcome, Reply, Source


def reply_to_json(reply: Reply) -> dict[str, Any]:
    """For `dispatcher.utter_message(json_message={"reply": reply_to_json(reply)})` and for the engine's answer."""
    return {
        "text": reply.text,
        "choices": [{"label": choice.label, "meaning": dict(choice.meaning)} for choice in reply.choices],
        "outcome": reply.outcome.value,
        "entry": reply.entry,
        "title": reply.title,
        "short": reply.short,
        "sources": [dataclasses.asdict(source) for source in reply.sources],
        "region": reply.region,
        "place": reply.place,
        "as_of": reply.as_of,
        "score": reply.score,
        "reason": reply.reason,
        "form": reply.form,
    }


def reply_from_json(data: Any) -> Reply:
    fields = _checked(data, Reply, "a reply")
    fields["choices"] = tuple(_choice(choice) for choice in _list(fields, "choices"))
    fields["sources"] = tuple(_source(source) for source in _list(fields, "sources"))
    if "outcome" in fields:
        try:
            fields["outcome"] = Outcome(fields["outcome"])
        except ValueError as error:
            known = ", ".join(Outcome)
            raise BadInput(f"a reply has the outcome {fields['outcome']!r}; known are {known}") from error
    if "score" in fields:
        score = fields["score"]
        if isinstance(score, bool) or not isinstance(score, int | float):
            raise BadInput("a reply's score is not a number; send a number between 0 and 1")
        fields["score"] = float(score)
    _strings(fields, "a reply", *_STRINGS_OF_A_REPLY)
    if fields.get("form") is not None:
        _strings(fields, "a reply", "form")
    return Reply(**fields)


_STRINGS_OF_A_REPLY = ("text", "entry", "title", "short", "region", "place", "as_of", "reason")


def turn_to_json(turn: Turn) -> dict[str, Any]:
    return {
        "conversation": turn.conversation,
        "message_id": turn.message_id,
        "text": turn.text,
        "meaning": None if turn.meaning is None else dict(turn.meaning),
        "channel": turn.channel,
        "region": turn.region,
        "on": None if turn.on is None else turn.on.isoformat(),
        "form": turn.form,
    }


def turn_from_json(data: Any) -> Turn:
    fields = _checked(data, Turn, "a turn")
    _strings(fields, "a turn", "conversation", "message_id", "text", "channel", "region", "form")
    if not fields["conversation"] or not fields["message_id"]:
        raise BadInput("a turn lacks its conversation or its message id; without them it cannot be answered only once")
    if fields["meaning"] is not None and not isinstance(fields["meaning"], Mapping):
        raise BadInput("a turn's meaning is not an object; send the meaning of the choice, or null")
    on = fields.get("on")
    if on is not None:
        try:
            fields["on"] = date.fromisoformat(on)
        except (TypeError, ValueError) as error:
            raise BadInput(f"a turn asks for the day {on!r}; write it as YYYY-MM-DD, or null for today") from error
    return Turn(**fields)


def _choice(data: Any) -> Choice:
    fields = _checked(data, Choice, "a choice")
    _strings(fields, "a choice", "label")
    if not isinstance(fields.get("meaning", {}), dict):
        raise BadInput("a choice's meaning is not an object; send an object")
    return Choice(**fields)


def _source(data: Any) -> Source:
    fields = _checked(data, Source, "a source")
    _strings(fields, "a source", *fields)
    return Source(**fields)


def _checked(data: Any, kind: Any, what: str) -> dict[str, Any]:
    """The keys of the dataclass and no others; those without a default must be there."""
    if not isinstance(data, dict):
        raise BadInput(f"{what} is not a JSON object; send an object")
    fields = dataclasses.fields(kind)
    unknown = sorted(set(map(str, data)) - {field.name for field in fields})
    if unknown:
        raise BadInput(f"{what} has the unknown key {unknown[0]!r}; leave it out or teach bot/wire.py to read it")
    for field in fields:
        optional = field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
        if field.name not in data and not optional:
            raise BadInput(f"{what} lacks {field.name!r}; send it")
    return dict(data)


def _list(fields: Mapping[str, Any], key: str) -> list[Any]:
    value = fields.get(key, [])
    if not isinstance(value, list | tuple):
        raise BadInput(f"{key!r} is not a list; send a list")
    return list(value)


def _strings(fields: Mapping[str, Any], what: str, *keys: str) -> None:
    for key in keys:
        if key in fields and not isinstance(fields[key], str):
            raise BadInput(f"{what} has a {key!r} that is not a text; send a string")
