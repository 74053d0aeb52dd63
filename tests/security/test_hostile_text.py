"""Texts that are long, broken, or full of a database's words are kept as they were sent and answered (A-36, A-37, A-40)."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli import ask
from bot.cli.converse import say as converse
from bot.cli.main import bear_anything
from bot.desk.responding import NLU_CHARACTERS
from bot.language import distress
from bot.messages import State
from connectors.render import reply_of, texts
from connectors.wechat.reply import CAPABILITIES
from tests.security.conftest import House

STORY = "我家的情况说来话长，我爸又病了，家里没有钱。"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
BROKEN = {
    "500 faces": "\U0001f62d" * 500,
    "families held together by joiners": FAMILY * 80,
    "a tower of marks": "低" + "\u0301\u0489\u20dd" * 200 + "保怎么申请",
    "written from the right": "\u202e请申么怎保低\u202c",
    "isolates never closed": "\u2066\u2067低保\u2068怎么申请",
    "letters that only look alike": "ⅾibao 怎幺申請 𝐝𝐢𝐛𝐚𝐨",
    "half a character first": "\ud83d低保怎么申请",
    "half a character last": "低保怎么申请\udc4d",
    "only halves": "\udfff\ud800",
    "NUL": "低保\x00怎么\x00申请\x00",
    "only NUL": "\x00\x00",
    "bells and escapes": "\x1b[2J\x07低保\x08\x7f怎么申请\x85",
    "one sign that is eighteen letters": "ﷺ" * 600,
    "signs of no script": "\ue000\U000f0000\ufdd0\U0010ffff",
    "line ends of all kinds": "低保\r\n怎么\u2028申请\u2029\x0b\x0c吗",
    "nothing to see": "\u200b\u2060\ufeff",
    "only blanks": " \t\n\u3000",
    "empty": "",
    "flags cut in half": "\U0001f1e8" * 99,
    "numerals that are no number": "一十一十年前两千一十块",
    "Arabic": "السلام عليكم " * 40,
}
SQL = (
    "' OR 1=1--", "'; DROP TABLE messages;--", '" OR ""="', "%", "_", "%' AND 1=(SELECT COUNT(*) FROM tokens)--", "\\'; SELECT 1;",
    "1); DELETE FROM events; --", ":id", "$1", "?", "{:s}", "\x1a';--", "0x27204f5220313d31", "低保'||(SELECT sender FROM conversations)||'",
)  # fmt: skip


# Long


async def test_a_long_text_is_kept_whole_and_answered(house: House) -> None:
    for length in (601, 2_000, 10_000, 100_000):
        text = (STORY * (length // len(STORY) + 1))[:length]
        said = await house.say(text, sender=f"o-{length}")
        assert said.message.text == text
        assert said.message.state is State.HANDLED
        assert "一个字没丢" in said.replies[0].text
        assert said.replies[-1].choices[-1].meaning == {"person": True}
        assert not any("分段" in reply.text or "分开" in reply.text for reply in said.replies)
        (user,) = [
            event for event in (await house.turns(said.conversation.id))[-1]["events"] if event["event"] == "user"
        ]
        assert len(user["text"]) <= NLU_CHARACTERS == 600


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_engine_reads_600_characters_even_if_it_is_given_more(house: House) -> None:
    parsed = await house.agent.parse_message("低" * 100_000)
    assert len(parsed["text"]) <= 600


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_danger_is_heard_at_any_depth(house: House) -> None:
    for length, at in ((10_000, 0.3), (100_000, 0.3), (100_000, 0.999)):
        cut = int(length * at)
        text = (STORY * 6_000)[:cut] + "。我不想活了。" + (STORY * 6_000)[: length - cut]
        said = await house.say(text, sender=f"o-{length}-{at}")
        assert (said.conversation.priority, said.replies[0].about["outcome"]) == (9, "distress")


@given(
    st.integers(0, 12_000),
    st.sampled_from(["我不想活了", "我 老 公 正 在 打 我", "孩子，不见了"]),
    st.sampled_from("，说"),
)
@settings(max_examples=25, deadline=None)
def test_no_seam_between_two_stretches_hides_a_word(before: int, danger: str, filler: str) -> None:
    text = ("家里种了五亩地" + filler) * (before // 8) + "家" * (before % 8) + danger + ("家里种地" + filler) * 2_000
    alone = distress.listen(danger)
    assert alone is not None
    assert distress.listen(text) == alone


@given(st.integers(0, 12_000))
@settings(max_examples=25, deadline=None)
def test_no_seam_makes_danger_of_a_denial(before: int) -> None:
    denial = distress.listen("我没想过自杀")
    assert denial is not None
    assert not denial.urgent
    assert (
        distress.listen(
            "家里种了五亩地，" * (before // 8) + "家" * (before % 8) + "，我没想过自杀，" + "家里种地，" * 2_000
        )
        == denial
    )


# Broken


async def test_a_broken_text_is_kept_as_sent_and_answered(house: House) -> None:
    for name, text in BROKEN.items():
        said = await house.say(text, sender=f"o-{name}")
        assert said.message.text == text.replace("\x00", ""), name
        assert (said.message.state, said.message.reason) != (State.HANDLED, "failed"), name
        assert said.message.state is State.HANDLED, name
        assert said.replies, name
        for reply in said.replies:
            for page in texts(reply_of(reply), CAPABILITIES):
                assert len(page.encode()) <= CAPABILITIES.text_bytes, name


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_command_lines_can_print_what_came_of_it(house: House) -> None:
    """`converse` and `ask` write one JSON line a message; half a character is written as the escape it came as."""
    for text in BROKEN.values():
        told = await converse(house.desk, house.engine, {"conversation": f"c{text[:3]}", "text": text}, "run")
        house.clock.advance(seconds=5)
        if text.strip("\x00 \t\n\u3000"):
            answered = await ask.answer_one(house.agent, house.desk, {"question": text}, "", None)
            assert _printed(answered)["question"] == text
        assert _printed(told)["replies"]


def _printed(line: Any) -> Any:
    """As the commands print it, and as a reader of JSON lines finds it."""
    written = io.BytesIO()
    said = io.TextIOWrapper(written, encoding="utf-8")
    bear_anything(io.StringIO(), said)
    print(json.dumps(line, ensure_ascii=False), file=said, flush=True)
    return json.loads(written.getvalue())


def test_the_command_lines_can_read_what_is_no_text() -> None:
    given = io.TextIOWrapper(io.BytesIO(b"\xff\xfe\n" + "低保怎么申请\n".encode()), encoding="utf-8")
    bear_anything(given, io.StringIO())
    assert [row["question"] for row in ask.questions(given)] == ["\ufffd\ufffd", "低保怎么申请"]


# Words of the database


async def test_words_of_the_database_are_words(house: House) -> None:
    await house.say("你好", sender="o-other")
    for text in SQL:
        said = await house.say(text, sender=f"o-{text}", account=f"gh {text}", message_id=f"m {text}")
        assert said.message.text == text
        assert said.message.channel_message_id == f"m {text}"
        assert said.replies
        assert len(await house.transcript(said.conversation.id)) == 1 + len(said.replies)
    again = await house.say("您好", sender="o-other")
    assert len(await house.transcript(again.conversation.id)) == 4
