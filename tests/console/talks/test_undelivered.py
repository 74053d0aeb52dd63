"""What colleagues read under words that did not arrive: that they failed, or that they were left unsaid on purpose."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.desk.handoff.records import Talk
from bot.desk.outbox import OVERTAKEN
from bot.desk.ports import Message
from bot.messages import Author, Kind, State
from connectors.in_words import refusals
from connectors.verdicts import Verdict
from connectors.wechat import errors as wechat
from connectors.weibo import errors as weibo
from console.talks import delivery
from console.talks.lines import lines

NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


def message(author: Author, reason: str) -> Message:
    told: dict[str, Any] = {"channel_message_id": "", "reply_to": "", "attempts": 0, "not_before": None, "about": {}}
    shown: dict[str, Any] = {"text": "您好", "choices": (), "actor": "bot", "region": "", "done_at": NOW}
    return Message("m1", "c1", 1, author, State.FAILED, Kind.TEXT, reason=reason, created_at=NOW, **told, **shown)


@pytest.mark.parametrize(
    ("author", "reason", "state", "failed", "why"),
    [
        (Author.BOT, "not_follower", "没有送达", True, "对方没有关注公众号，请改用电话联系，或等居民再次发来消息。"),
        (Author.BOT, "an officer holds the conversation", "没有发：工作人员接手了", False, ""),
        (Author.SYSTEM, "the officer answered", "没有发：工作人员先回了", False, ""),
        (Author.SYSTEM, OVERTAKEN, "没有发：答复先到了", False, ""),
        (Author.OFFICER, "unknown_99999", "没有送达", True, "平台返回代码99999，请把这条消息报给技术人员。"),
        (
            Author.OFFICER,
            "gave up after repeated faults",
            "没有送达",
            True,
            "平台一直没有回应，试了几次都没发出去。请打电话。",
        ),
        (
            Author.OFFICER,
            "the channel mini is not set up here",
            "没有送达",
            True,
            "这个渠道现在没有接通，请报技术人员。",
        ),
        (Author.OFFICER, "words nobody wrote down", "没有送达", True, ""),
    ],
)
def test_a_row_that_did_not_leave_says_why(author: Author, reason: str, state: str, failed: bool, why: str) -> None:
    talk = cast("Talk", SimpleNamespace(facts=(), pictures=(), notes=(), messages=[message(author, reason)]))
    (line,) = lines(talk, (), {}, refusals()["wechat"])
    assert (line.state, line.failed, line.why) == (state, failed, why)


@pytest.mark.parametrize(
    ("channel", "table"), [("wechat", wechat.TABLE), ("mini", wechat.TABLE), ("weibo", weibo.TABLE)]
)
def test_every_refusal_of_a_platform_is_a_sentence_for_staff(channel: str, table: dict[int, Verdict]) -> None:
    """45015 and 45047 too: that 48 hours are over, or the replies to one message used up."""
    for verdict in table.values():
        said = delivery.of(message(Author.OFFICER, verdict.name), refusals()[channel]).why
        assert said.endswith(("。", "；")), (verdict.name, said)
        assert verdict.staff.endswith(said)
