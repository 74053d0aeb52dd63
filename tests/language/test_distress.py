"""Danger is heard in every disguise; hardship in plain words rings no alarm."""

from pathlib import Path

import pytest
import yaml

from bot.language.distress import Danger, listen

SAMPLES = yaml.safe_load((Path(__file__).parents[1] / "samples" / "distress.yml").read_text(encoding="utf-8"))
URGENT = [(danger, text) for danger, texts in SAMPLES["urgent"].items() for text in texts]


@pytest.mark.parametrize(("danger", "text"), URGENT)
def test_danger_is_heard(danger: str, text: str) -> None:
    heard = listen(text)
    assert heard is not None
    assert (heard.danger, heard.urgent) == (Danger(danger), True)


@pytest.mark.parametrize("text", SAMPLES["heavy"])
def test_despair_is_heard_and_the_question_in_it_goes_on(text: str) -> None:
    heard = listen(text)
    assert heard is not None
    assert not heard.urgent


@pytest.mark.parametrize("text", [text for text in SAMPLES["none"] if "没有想自杀" not in text])
def test_hardship_is_no_alarm(text: str) -> None:
    assert listen(text) is None


def test_who_says_they_do_not_mean_to_is_still_met_with_care() -> None:
    heard = listen("我没有想自杀，只是问问政策")
    assert heard is not None
    assert not heard.urgent


@pytest.mark.parametrize("at", [0, 700, 5_000])
def test_the_whole_text_is_read(at: int) -> None:
    text = "我家里的情况是这样的。" * (at // 11) + "我不想活了" + "。其他的以后再说" * 50
    heard = listen(text)
    assert heard is not None
    assert heard.urgent
