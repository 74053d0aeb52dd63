"""The process's handles: asked before they are there, they say so and what to do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.desk import here


@pytest.fixture(autouse=True)
def _put_back() -> Iterator[None]:
    before = here._handles
    here.install()
    yield
    here._handles = before


def test_without_a_desk_the_error_says_what_to_do() -> None:
    with pytest.raises(here.NotInstalled, match=r"call bot\.desk\.here\.install"):
        here.desk()


def test_what_is_installed_is_what_is_found() -> None:
    desk = object()
    here.install(desk)
    assert here.desk() is desk
    assert here.finder() is None


def test_one_encoder_serves_all() -> None:
    assert here.encoder() is here.encoder()
