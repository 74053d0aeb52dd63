"""Words that tell of a death, so that nobody is condoled with whose people live."""

from __future__ import annotations

import pytest
import yaml

from bot.language.bereaved import tells_of_death
from tests.house.house import text


def test_every_wording_of_the_answer_that_condoles_tells_of_a_death() -> None:
    (answer,) = (one for one in yaml.safe_load(text("content/faq/dibao-banli.yml"))["answers"] if "节哀" in one["text"])
    assert [one for one in answer["phrasings"] if not tells_of_death(one)] == []


@pytest.mark.parametrize("said", ["还能重新申请吗", "我爸低保户", "我要是超过时间了咋办", "老人家走路不方便"])
def test_words_of_the_living(said: str) -> None:
    assert not tells_of_death(said)
