"""The simulated platform keeps to this machine and away from a real account."""

from __future__ import annotations

import pytest

from bot.clock import SystemClock
from bot.errors import BadInput
from connectors.sandbox import Platform, SandboxSettings


@pytest.mark.parametrize("bind", ["0.0.0.0", "192.168.1.5", "::", "10.0.0.1", "example.org", ""])
def test_it_refuses_an_address_that_strangers_can_reach(bind: str) -> None:
    with pytest.raises(BadInput, match=r"bind to 127\.0\.0\.1, or switch the sandbox off"):
        SandboxSettings.fresh(bind=bind)


@pytest.mark.parametrize("bind", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_it_takes_loopback(bind: str) -> None:
    assert SandboxSettings.fresh(bind=bind).bind == bind


def test_it_refuses_to_stand_beside_a_real_account() -> None:
    with pytest.raises(BadInput, match="does not start beside the real account wx0123456789abcdef: remove") as refusal:
        SandboxSettings.fresh(real_appid="wx0123456789abcdef")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("url", ["https://127.0.0.1/wechat", "http://api.weixin.qq.com/x", "http://10.0.0.2/wechat"])
def test_it_delivers_to_this_machine_only(url: str) -> None:
    with pytest.raises(BadInput, match="delivers over loopback only"):
        Platform(SandboxSettings.fresh(), url, SystemClock())


def test_secrets_are_new_at_each_start_and_the_account_is_the_same() -> None:
    one, two = SandboxSettings.fresh(), SandboxSettings.fresh()
    assert (one.appid, one.account) == (two.appid, two.account)
    assert one.secret != two.secret
    assert one.token != two.token
    assert one.aes_key != two.aes_key


def test_a_key_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(BadInput, match="43 letters and digits"):
        SandboxSettings(secret="s", token="t", aes_key="short")
