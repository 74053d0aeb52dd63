"""Roles, rights and places of the people who work here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.regions import RegionTree
from bot.staff import NAMES, RIGHTS, Role, Staff, covers, login_problem, may, password_problem

TREE = RegionTree.from_csv(Path(__file__).parents[2] / "content" / "regions.csv")
CHEN = Staff(
    "s-1", "chen", "陈工", frozenset({Role.OFFICER}), ("420111",), (), "active", datetime(2026, 1, 1, tzinfo=UTC), 1
)


def test_every_role_has_a_name_and_rights() -> None:
    assert set(NAMES) == set(RIGHTS) == set(Role)


def test_duties_are_kept_apart() -> None:
    """Who writes does not approve; who runs the machine reads no case; who reads the log changes nothing."""
    assert not RIGHTS[Role.EDITOR] & {"answers.approve", "answers.stop"}
    assert not RIGHTS[Role.APPROVER] & {"answers.write"}
    for role in (Role.OPERATOR, Role.AUDITOR, Role.EDITOR, Role.APPROVER):
        assert not any(right.startswith(("cases.", "conversations.")) for right in RIGHTS[role])
    assert all(right.startswith("audit.") for right in RIGHTS[Role.AUDITOR])
    assert all("audit.read" not in RIGHTS[role] for role in Role if role is not Role.AUDITOR)


def test_only_an_active_account_may_do_anything() -> None:
    assert may(CHEN, "conversations.reply")
    assert not may(CHEN, "answers.write")
    for state in ("invited", "disabled"):
        assert not may(replace(CHEN, state=state), "conversations.reply")


@pytest.mark.parametrize(
    ("regions", "place", "theirs"),
    [
        (("420111",), "420111", True),
        (("420100",), "420111", True),
        (("420000",), "420111", True),
        (("000000",), "420111", True),
        (("420111",), "420100", False),
        (("420111",), "420106", False),
        (("430000",), "420111", False),
        ((), "420111", False),
        (("420111",), "", True),
    ],
)
def test_a_place_is_theirs_with_all_below_it(regions: tuple[str, ...], place: str, theirs: bool) -> None:
    assert covers(replace(CHEN, regions=regions), place, TREE) is theirs


@pytest.mark.parametrize("login", ["chen", "chen.wu-2", "a_b"])
def test_good_logins(login: str) -> None:
    assert login_problem(login) == ""


@pytest.mark.parametrize("login", ["", "ab", "Chen", "1chen", "陈工", "chen wu", "a" * 33, "chen\n"])
def test_bad_logins(login: str) -> None:
    assert "登录名" in login_problem(login)


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("short", "至少12"),
        ("a" * 300, "太长"),
        ("aabbaabbaabb", "重复"),
        ("chen-has-a-long-one", "登录名或名字"),
        ("陈工的密码很长很长很长吧", "登录名或名字"),
        ("My-Password-2026!", "太常见"),
    ],
)
def test_weak_passwords_hear_why(password: str, word: str) -> None:
    assert word in password_problem(password, "chen", "陈工")


def test_a_sentence_is_a_good_password() -> None:
    assert password_problem("院子里有两棵枣树一口井", "chen", "陈工") == "密码至少12个字符，可以用一句话"
    assert password_problem("院子里有两棵枣树和一口井吗", "chen", "陈工") == ""
