"""Settings are checked before anything starts; every wrong one is named with what to do."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import BadInput
from connectors.wechat.settings import Mode
from tests.connectors.wechat.pushes import KEY, settings


def test_secure_is_the_default() -> None:
    assert settings().mode is Mode.SECURE
    assert settings().api_base == "https://api.weixin.qq.com"
    assert settings(mode="plain", aes_key="").mode is Mode.PLAIN


def test_secrets_are_not_shown() -> None:
    shown = repr(settings(previous_aes_key=KEY))
    assert "s3cret" not in shown
    assert KEY not in shown
    assert "AAAAA" not in shown


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"appid": ""}, "appid is not an AppID"),
        ({"secret": ""}, "secret is empty"),
        ({"secret": "a b"}, "secret is empty or has blanks"),
        ({"token": "a"}, "token is not 3 to 32"),
        ({"token": "with-dash"}, "token is not 3 to 32"),
        ({"aes_key": ""}, "aes_key is missing, and secure mode needs it"),
        ({"aes_key": "", "mode": "compatible"}, "compatible mode needs it"),
        ({"aes_key": "short"}, "aes_key is not 43"),
        ({"previous_aes_key": KEY + "A"}, "previous_aes_key is not 43"),
        ({"mode": "open"}, "mode is 'open'; choose secure, compatible, plain"),
        ({"account": "gh 1"}, "account is not an account id"),
        ({"api_base": "http://api.weixin.qq.com"}, "http beyond this machine"),
        ({"api_base": "ftp://api.weixin.qq.com"}, "not a plain http"),
        ({"api_base": "https://user@api.weixin.qq.com"}, "not a plain http"),
        ({"api_base": "https://[bad"}, "is not an address"),
        ({"api_base": "https://h:port"}, "is not an address"),
        ({"api_base": ""}, "not a plain http"),
    ],
)
def test_what_is_wrong_is_said(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match="the WeChat settings cannot be used") as raised:
        settings(**changed)
    assert words in str(raised.value)
    assert "s3cret" not in str(raised.value)


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(BadInput) as raised:
        settings(appid="", token="", aes_key="x")
    assert str(raised.value).count("\n- ") == 3


def test_the_simulator_may_stand_in_on_this_machine() -> None:
    assert settings(api_base="http://127.0.0.1:8080/").api_base == "http://127.0.0.1:8080"
