"""Replies and turns survive the wire whole; anything the wire does not know is refused aloud."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import wire
from bot.desk.ports import Turn
from bot.errors import BadInput
from bot.messages import Choice, Outcome, Reply, Source

_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_meanings = st.dictionaries(
    st.sampled_from(["answer", "region", "person", "say", "more", "form", "draft", "field"]),
    _text | st.booleans(),
    max_size=2,
)
_replies = st.builds(
    Reply,
    text=_text,
    choices=st.lists(st.builds(Choice, _text, _meanings), max_size=3).map(tuple),
    outcome=st.sampled_from(Outcome),
    entry=_text,
    title=_text,
    short=_text,
    sources=st.lists(st.builds(Source, _text, _text, _text, _text), max_size=3).map(tuple),
    region=_text,
    as_of=_text,
    score=st.floats(0, 1),
    reason=_text,
    form=st.none() | _text,
)
_turns = st.builds(
    Turn,
    conversation=_text.filter(bool),
    message_id=_text.filter(bool),
    text=_text,
    meaning=st.none() | _meanings,
    channel=_text,
    region=_text,
    on=st.none() | st.dates(),
    form=_text,
)


@given(_replies)
def test_a_reply_survives(reply: Reply) -> None:
    assert wire.reply_from_json(json.loads(json.dumps(wire.reply_to_json(reply)))) == reply


@given(_turns)
def test_a_turn_survives(turn: Turn) -> None:
    assert wire.turn_from_json(json.loads(json.dumps(wire.turn_to_json(turn)))) == turn


TURN = wire.turn_to_json(Turn("c", "m", "低保", None, "wechat", "", date(2026, 11, 25)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"extra": 1}, "unknown key 'extra'"),
        ({"conversation": ""}, "lacks its conversation"),
        ({"message_id": ""}, "message id"),
        ({"text": None}, "'text' that is not a text"),
        ({"meaning": ["x"]}, "meaning is not an object"),
        ({"on": "25.11.2026"}, "YYYY-MM-DD"),
        ({"on": 20261125}, "YYYY-MM-DD"),
    ],
)
def test_a_turn_that_is_not_ours_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        wire.turn_from_json({**TURN, **change})


def test_a_turn_without_a_key_is_refused() -> None:
    with pytest.raises(BadInput, match="lacks 'channel'"):
        wire.turn_from_json({key: value for key, value in TURN.items() if key != "channel"})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "not a JSON object"),
        ({}, "lacks 'text'"),
        ({"text": 1}, "not a text"),
        ({"text": "", "outcome": "shrug"}, "outcome 'shrug'"),
        ({"text": "", "score": "high"}, "not a number"),
        ({"text": "", "score": True}, "not a number"),
        ({"text": "", "choices": "x"}, "not a list"),
        ({"text": "", "choices": [{"label": "x", "payload": "/restart"}]}, "unknown key 'payload'"),
        ({"text": "", "choices": [{"label": "x", "meaning": "y"}]}, "not an object"),
        ({"text": "", "sources": [{"number": "x"}]}, "lacks 'title'"),
    ],
)
def test_a_reply_that_is_not_ours_is_refused(data: Any, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        wire.reply_from_json(data)
