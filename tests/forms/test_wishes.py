"""A wish to apply, in words alone: 我要申请临时救助 is one, a question about it or what was applied for already is none."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml

from bot.forms import wishes

TABLE = yaml.safe_load((Path(__file__).parent / "tables" / "wishes.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("said", "named"), [(said, code) for code, all_ in TABLE["whole"].items() for said in all_])
def test_a_whole_message_wishes(said: str, named: str) -> None:
    wish = wishes.hear(said)
    assert wish is not None
    assert (wish.named, wish.text) == (named, said)


@pytest.mark.parametrize(("said", "named"), [(said, code) for code, all_ in TABLE["within"].items() for said in all_])
def test_a_story_comes_to_a_wish(said: str, named: str) -> None:
    assert wishes.hear(said) is None
    wish = wishes.within(said)
    assert wish is not None
    assert wish.named == named


@pytest.mark.parametrize("said", TABLE["none"])
def test_other_words_wish_for_nothing(said: str) -> None:
    assert wishes.hear(said) is None
    assert wishes.within(said) is None


@pytest.mark.parametrize("said", ["我想要" * 200, "想要申请" * 9 + "低保啊不", "的" * 38 + "低保", "低保" * 300])
def test_no_text_takes_long(said: str) -> None:
    begun = time.perf_counter()
    wishes.hear(said)
    wishes.within(said)
    assert time.perf_counter() - begun < 0.5
