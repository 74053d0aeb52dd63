"""Who looks at a conversation is known while they look, and not longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.staff import Role, Staff
from console.talks.watching import Watchers

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
CHEN = Staff("s-1", "chen", "陈工", frozenset({Role.OFFICER}), ("420111",), (), "active", NOW, 1)
LI = replace(CHEN, id="s-2", login="li", name="李工")


def test_one_sees_others_and_never_oneself() -> None:
    watchers = Watchers()
    watchers.looks(CHEN, "c-1", NOW)
    watchers.looks(LI, "c-1", NOW)
    assert watchers.others(LI, "c-1", NOW) == ["陈工"]
    assert watchers.others(CHEN, "c-1", NOW) == ["李工"]
    assert watchers.others(CHEN, "c-2", NOW) == []


def test_who_went_is_forgotten() -> None:
    watchers = Watchers()
    watchers.looks(CHEN, "c-1", NOW)
    assert watchers.others(LI, "c-1", NOW + timedelta(seconds=59)) == ["陈工"]
    assert watchers.others(LI, "c-1", NOW + timedelta(seconds=61)) == []
    watchers.looks(CHEN, "c-1", NOW)
    watchers.left(CHEN, "c-1")
    assert watchers.others(LI, "c-1", NOW) == []
