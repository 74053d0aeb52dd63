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
from console.talks.lines import lines

NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


def message(author: Author, reason: str) -> Message:
    told: dict[str, Any] = {"channel_message_id": "", "reply_to": "", "attempts": 0, "not_before": None, "about": {}}
    shown: dict[str, Any] = {"text": "您好", "choices": (), "actor": "bot", "region": "", "done_at": NOW}
    return Message("m1", "c1", 1, author, State.FAILED, Kind.TEXT, reason=reason, created_at=NOW, **told, **shown)


@pytest.mark.parametrize(
    ("author", "reason", "state", "failed"),
    [
        (Author.BOT, "not_follower", "没有送达", True),
        (Author.BOT, "an officer holds the conversation", "没有发：工作人员接手了", False),
        (Author.SYSTEM, OVERTAKEN, "没有发：答复先到了", False),
        (Author.OFFICER, "not_follower", "没有送达", True),
    ],
)
def test_a_row_that_did_not_leave_says_why(author: Author, reason: str, state: str, failed: bool) -> None:
    talk = cast("Talk", SimpleNamespace(facts=(), pictures=(), notes=(), messages=[message(author, reason)]))
    (line,) = lines(talk, (), {})
    assert (line.state, line.failed) == (state, failed)
