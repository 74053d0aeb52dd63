"""docs/settings.md and bot/settings.py say the same."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from bot.errors import BadInput
from bot.settings import PREFIX, Settings
from tests.house.house import text


def documented() -> dict[str, tuple[str, str, str]]:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \| (.*?) \|$", text("docs/settings.md"), re.MULTILINE)
    return {name: (default.strip("`"), secret, doc) for name, default, secret, doc in rows}


def test_every_setting_is_documented_with_its_default_and_what_it_is() -> None:
    known = {
        PREFIX + one.name.upper(): (
            "empty" if one.default == "" else str(one.default),
            "yes" if one.metadata["secret"] else "",
            one.metadata["doc"],
        )
        for one in fields(Settings)
    }
    assert documented() == known


def test_a_misspelt_setting_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match=r"JIUZHUTONG_PROT is unknown; docs/settings\.md lists all of them"):
        Settings.from_environment({"JIUZHUTONG_PROT": "80"})


def test_secrets_are_not_in_a_settings_repr() -> None:
    secrets = {one.name: f"hush-{one.name}" for one in fields(Settings) if one.metadata["secret"]}
    assert "hush" not in repr(Settings(**secrets))
