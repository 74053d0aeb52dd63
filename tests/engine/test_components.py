"""What a sentence becomes: its intent with an honest chance, its places and programmes, and the answers that may fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.desk import danger
from bot.engine.nlu.letters import BUCKETS, letters
from bot.engine.nlu.softmax import Softmax, fit
from bot.language.distress import listen
from tests.engine.conftest import HOUSE, Engine
from tests.engine.test_channel import TURN


async def understood(engine: Engine, text: str) -> dict[str, Any]:
    told: dict[str, Any] = await engine.agent.parse_message(text)
    return told


async def test_the_chances_of_all_intents_sum_to_one_and_none_is_certain(engine: Engine) -> None:
    ranking = (await understood(engine, "你好"))["intent_ranking"]
    assert len(ranking) == 25
    assert sum(one["confidence"] for one in ranking) == pytest.approx(1, abs=2e-3)
    assert ranking == sorted(ranking, key=lambda one: -one["confidence"])
    assert ranking[0]["confidence"] < 1


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("我在武汉洪山区", [("place", "420111")]),
        ("低保边缘户有什么补助", [("programme", "bianyuan")]),
        ("五保老人能申请临时救助吗", [("programme", "tekun"), ("programme", "linshi")]),
        ("公积金怎么提取", [("department", "gongjijin")]),
        ("恩施州利川的低保标准", [("place", "422802"), ("programme", "dibao")]),
        ("你好", []),
    ],
)
async def test_names_are_found_by_table(engine: Engine, text: str, entities: list[tuple[str, str]]) -> None:
    found = (await understood(engine, text))["entities"]
    assert [(one["entity"], one["value"]) for one in found] == entities
    assert all(text[one["start"] : one["end"]] for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "我把猫托给邻居了，钥匙放在门垫下面，麻烦明早来个人看看我",
        "猫送人了，微信也一个个删了，明天你们就看不见我发消息了",
    ],
)
async def test_despair_is_heard_where_no_word_of_danger_is_said(engine: Engine, text: str) -> None:
    assert listen(text) is None
    assert (await understood(engine, text))["despair"] >= danger.SURE


@pytest.mark.parametrize(
    "text", ["低保怎么申请", "老伴前年走了，就我一个人，能办低保吗", "材料又打回来了，气死人", "好的谢谢", ""]
)
async def test_hardship_and_talk_are_heard_as_what_they_are(engine: Engine, text: str) -> None:
    assert (await understood(engine, text))["despair"] < danger.LIKELY


async def test_sums_and_times_are_found(engine: Engine) -> None:
    found = {one["entity"]: one for one in (await understood(engine, "2020年3月我家每月收入1500元"))["entities"]}
    assert (found["amount"]["low"], found["amount"]["high"], found["amount"]["per"]) == ("1500", "1500", "month")
    assert (found["date"]["first"], found["date"]["last"]) == ("2020-03-01", "2020-03-31")


async def test_a_month_is_counted_from_the_day_asked_for(engine: Engine) -> None:
    await engine.post({**TURN, "text": "上个月的补贴", "on": "2021-03-15"})
    (named,) = [one for one in engine.acting.ran[-1][1]["message"]["entities"] if one["entity"] == "date"]
    assert (named["first"], named["last"]) == ("2021-02-01", "2021-02-28")


async def test_a_name_with_several_meanings_gives_all_of_them(engine: Engine) -> None:
    (place,) = (await understood(engine, "我在鼓楼区"))["entities"]
    assert len(place["codes"]) > 1


async def test_search_is_asked_once_with_the_programme_of_the_talk(engine: Engine) -> None:
    engine.acting.events = [SlotSet("programme", "dibao").as_dict()]
    await engine.say("低保要什么条件")
    await engine.say("那要带什么材料")
    await engine.say("临时救助呢")
    assert engine.finder.asked == [("低保要什么条件", ""), ("那要带什么材料", "dibao"), ("临时救助呢", "")]
    found = engine.acting.ran[-1][1]["message"]["candidates"]
    assert found == [{"entry": "dibao-conditions", "score": 0.9, "raw": {"dense": 0.8}}]


async def test_a_text_is_normalised_for_understanding_and_kept_as_it_came(engine: Engine) -> None:
    await engine.say("請問低保　要什麼材料？？？")
    seen = engine.acting.ran[-1][1]["message"]
    assert seen["text"] == "低保要什么材料"
    tracker = await engine.tracker()
    assert tracker.latest_message.text == "請問低保　要什麼材料？？？"


def small() -> Softmax:
    rng = np.random.default_rng(1)
    texts = [f"{word}{number}" for word in ("甲", "乙") for number in range(20)]
    vectors = rng.normal(size=(40, 8)).astype(np.float32)
    return fit(texts, vectors, ["a"] * 20 + ["b"] * 20, "an-encoder")


def test_a_model_is_the_same_after_being_kept_as_arrays() -> None:
    model = small()
    again = Softmax.from_bytes(model.to_bytes())
    vector = np.ones(8, np.float32)
    assert (again.labels, again.encoder) == (("a", "b"), "an-encoder")
    assert again.chances(letters("甲99"), vector) == pytest.approx(model.chances(letters("甲99"), vector), abs=1e-2)
    assert again.chances(letters("甲99"), vector)[0] > 0.5


def test_a_kept_model_with_pickled_objects_is_refused() -> None:
    import io

    buffer = io.BytesIO()
    np.savez(buffer, labels=np.array([object()], dtype=object))
    with pytest.raises(ValueError, match="pickle"):
        Softmax.from_bytes(buffer.getvalue())


@given(st.text(max_size=50))
def test_letters_of_any_text_are_buckets_of_bounded_weight(text: str) -> None:
    where, weights = letters(text)
    assert len(set(where.tolist())) == len(where)
    assert all(0 <= bucket < BUCKETS for bucket in where.tolist())
    assert np.linalg.norm(weights) <= 1.001


def test_every_intent_has_thirty_examples_a_rule_and_no_example_twice() -> None:
    domain = yaml.safe_load((HOUSE / "domain.yml").read_text(encoding="utf-8"))
    examples: dict[str, list[str]] = {}
    for path in (HOUSE / "data" / "nlu").glob("*.yml"):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            examples.setdefault(block["intent"], []).extend(line[2:] for line in block["examples"].splitlines())
    # What a tapped option of a form means is never understood from words.
    assert set(examples) == set(domain["intents"]) - {"open_form"}
    assert min(map(len, examples.values())) >= 30
    everything = [text for texts in examples.values() for text in texts]
    assert len(everything) == len(set(everything))
    ruled = {
        step["intent"]
        for path in (HOUSE / "data" / "rules").glob("*.yml")
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
        for step in rule["steps"]
        if "intent" in step
    }
    assert ruled == set(domain["intents"])


async def test_a_long_session_reads_no_more_events_than_a_short_one(engine: Engine) -> None:
    for number in range(12):
        await engine.say(f"第{number}个问题")
    tracker = await engine.tracker()
    early = len(tracker.events)
    for number in range(12, 60):
        await engine.say(f"第{number}个问题")
    assert len((await engine.tracker()).events) == early


def test_a_tracker_of_a_stranger_has_no_programme() -> None:
    from rasa.shared.nlu.training_data.message import Message

    from bot.engine.nlu.candidates import _talked_of

    assert _talked_of(Message.build(text="x"), DialogueStateTracker("c", [])) == ""
