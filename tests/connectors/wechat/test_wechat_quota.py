"""How many messages may leave on our own, and until when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversations import Ledger
from bot.errors import BadInput
from connectors.wechat.quota import Allowance, Quotas, Trigger
from tests.connectors.wechat.pushes import NOW


def opened(trigger: Trigger) -> Ledger:
    allowance = Quotas().allowance(trigger)
    return Ledger.opened(allowance.messages, allowance.seconds, NOW)


def test_five_messages_in_two_days_after_a_message() -> None:
    ledger = opened(Trigger.MESSAGE)
    for _ in range(5):
        assert ledger.allows(NOW + timedelta(hours=47, minutes=59))
        ledger = ledger.spent()
    assert not ledger.allows(NOW)
    assert not Ledger().allows(NOW)


def test_the_window_closes_even_when_messages_are_left() -> None:
    ledger = opened(Trigger.MESSAGE)
    assert not ledger.allows(NOW + timedelta(hours=48))


def test_a_tap_opens_three_for_a_minute() -> None:
    ledger = opened(Trigger.TAP)
    assert ledger.left == 3
    assert ledger.allows(NOW + timedelta(seconds=59))
    assert not ledger.allows(NOW + timedelta(seconds=60))


@settings(deadline=None)
@given(st.lists(st.sampled_from([*Trigger, "send"]), max_size=60))
def test_no_history_lets_more_out_than_the_newest_trigger_allows(history: list[Trigger | str]) -> None:
    ledger, sent, limit = Ledger(), 0, 0
    for step in history:
        if isinstance(step, Trigger):
            ledger, sent, limit = opened(step), 0, Quotas().allowance(step).messages
        elif ledger.allows(NOW):
            ledger, sent = ledger.spent(), sent + 1
        assert 0 <= sent <= limit
        assert ledger.left >= 0


def test_quotas_are_configuration() -> None:
    quotas = Quotas.of({"message": {"messages": 20, "seconds": 172800}})
    assert quotas.message == Allowance(20, 172800.0)
    assert quotas.tap == Quotas().tap


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"messgae": {"messages": 5, "seconds": 1}}, "there is no WeChat quota 'messgae'"),
        ({"message": {"messages": 5}}, "needs exactly `messages` and `seconds`"),
        ({"message": {"messages": 0, "seconds": 60}}, "out of range"),
        ({"message": {"messages": 5, "seconds": -1}}, "out of range"),
    ],
)
def test_a_wrong_quota_is_refused_in_words(config: dict[str, dict[str, float]], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        Quotas.of(config)
