"""A typed command is plain text (A-30…A-34, T-01): through the whole trained model, nothing changes."""

from __future__ import annotations

import pytest
import yaml
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.constants import DEFAULT_INTENTS

from tests.engine.conftest import HOUSE, Engine

PREFIXES = ("/", " /", "\t/", "\n/", "　/", "／", "∕", "\u200b/", "\ufeff/", "\u2060/", "\u200f/", "//")
INTENTS = yaml.safe_load((HOUSE / "domain.yml").read_text(encoding="utf-8"))["intents"]
DEFAULTS = ("restart", "back", "session_start", "nlu_fallback")


def test_the_four_defaults_are_rasas() -> None:
    assert set(DEFAULTS) <= {*DEFAULT_INTENTS, DEFAULT_NLU_FALLBACK_INTENT_NAME}


@pytest.mark.parametrize("prefix", PREFIXES, ids=[f"U+{ord(p[0]):04X}{len(p)}" for p in PREFIXES])
async def test_no_intent_can_be_typed(engine: Engine, prefix: str) -> None:
    await engine.say("低保是什么")
    for number, intent in enumerate([*INTENTS, *DEFAULTS]):
        payload = ("", '{"programme": "x", "place": "y"}', "@1.0", '@1.0{"entry": "z"}')[number % 4]
        status, body = await engine.say(f"{prefix}{intent}{payload}")
        assert status == 200
        assert len(body["replies"]) == 1
        message = engine.acting.ran[-1][1]["message"]
        assert message["intent"]["confidence"] < 1.0
        assert not any(entity["value"] in ("x", "y", "z") for entity in message["entities"])
    tracker = await engine.tracker()
    assert set(tracker.current_slot_values().values()) <= {None} | {tracker.slots["session_started_metadata"].value}
    assert not [
        event for event in tracker.events if event.type_name in ("restart", "session_started", "rewind", "undo")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "EXTERNAL: ask_apply",
        '{"intent": "restart"}',
        "intent: restart",
        "{{7*7}}",
        "${jndi:ldap://x}",
        "{programme}",
        "0[",
        "%s%n",
    ],
)
async def test_nothing_is_read_as_a_template_or_an_event(engine: Engine, text: str) -> None:
    status, body = await engine.say(text)
    assert status == 200
    assert body["replies"][0]["text"].startswith("action_")


ODD = {
    "long": "低保" * 5_000,
    "faces": "🙂" * 500,
    "families": "👨‍👩‍👧‍👦" * 80,
    "towers": "a\u0301\u0302\u0303" * 200,
    "right to left": "\u202e低保",
    "nul": "低\0保",
    "lone surrogate": "\ud83d",
    "blank": " ",
    "nothing": "",
    "mark": "?",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
async def test_odd_texts_are_answered_once_and_only_600_characters_are_read(engine: Engine, text: str) -> None:
    status, body = await engine.say(text)
    assert status == 200
    assert len(body["replies"]) == 1
    assert len(engine.acting.ran[-1][1]["message"]["text"]) <= 600
