"""Danger is heard in every disguise; hardship in plain words rings no alarm."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.language.distress import _HEARD, _SIGNS, Danger, listen

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


@given(st.text(st.characters() | st.sampled_from("死，。 　ＡaⅡ㈠"), max_size=40))
def test_only_signs_need_folding(text: str) -> None:
    assert _SIGNS.sub(lambda found: found.group().translate(_HEARD), text) == text.translate(_HEARD)


def measured(half: str) -> tuple[int, int, int, int]:
    """Alarms that rang out of those that should, and false ones out of the ordinary sentences."""
    path = Path(__file__).parents[1] / "samples" / f"distress_{half}.yml"
    kinds = yaml.safe_load(path.read_text(encoding="utf-8"))
    danger = [text for texts in kinds["distress"].values() for text in texts]
    ordinary = [text for texts in kinds["ordinary"].values() for text in texts]
    return (
        sum(bool(listen(text)) for text in danger),
        len(danger),
        sum(bool(listen(text)) for text in ordinary),
        len(ordinary),
    )


def test_the_open_half_is_heard_as_counted() -> None:
    assert measured("open") == (253, 254, 0, 301)


def test_the_closed_half_is_heard_as_it_was_measured() -> None:
    """Written before the rules, measured once they stood (docs/decisions/0008). Never print its misses: the half would be
    open then."""
    heard, danger, false, ordinary = measured("closed")
    assert (danger, ordinary) == (123, 244)
    assert heard / danger >= 0.96
    assert false / ordinary <= 0.03


def test_long_ago_excuses_only_what_stands_beside_it() -> None:
    assert (
        listen("去年我家发过大水，地里什么都没收，后来村里给了点补助，一直没有别的事。" * 3 + "我老公正在打我")
        is not None
    )
    assert listen("以前老公打我，现在离婚了") is None
    assert listen("以前老公打我，今天又打我了") is not None
