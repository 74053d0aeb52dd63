"""Texts that are long, broken, or made to hurt are kept as they were sent and answered; nobody else waits for them."""

from __future__ import annotations

import ast
import importlib
import io
import json
import pkgutil
import re
import time
from collections.abc import Iterable, Iterator
from datetime import date
from types import ModuleType
from typing import Any, TypeGuard

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.desk
import bot.knowledge.search
import bot.language
import bot.regions
import connectors.wechat
from bot import people
from bot.cli import ask
from bot.cli.converse import say as converse
from bot.cli.main import bear_anything
from bot.desk.responding import NLU_CHARACTERS
from bot.language import amounts, choosing, dates, departments, distress, normalise, numerals, plain, programmes, typos
from bot.messages import State
from bot.regions import RegionTree
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


@given(st.text(alphabet=st.characters(codec=None), max_size=80))
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_what_reads_it(text: str) -> None:
    for reader in _READERS.values():
        reader(text)


@given(st.text(alphabet="零一二三两十百千万亿〇几半个月年天前块元多来0123456789.,-/ 号日", max_size=40))
@settings(max_examples=300, deadline=None)
def test_no_heap_of_numerals_breaks_what_counts(text: str) -> None:
    for name in ("amounts", "amount", "dates", "digits", "number", "normalise"):
        _READERS[name](text)


# Made to hurt

_TREE = RegionTree.from_csv("content/regions.csv")
_DAY = date(2026, 11, 25)
_READERS: dict[str, Any] = {
    "normalise": normalise.normalise,
    "match_key": normalise.match_key,
    "plain": plain.plain_words,
    "repair": typos.repair,
    "amounts": amounts.find,
    "amount": amounts.parse,
    "dates": lambda text: dates.parse(text, _DAY),
    "digits": numerals.to_digits,
    "number": numerals.number,
    "programmes": programmes.find,
    "departments": departments.find,
    "places": _TREE.find,
    "choosing": lambda text: choosing.chosen(text, ["低保怎么申请", "特困"]),
    "mask": people.mask,
    "danger": distress.listen,
}
_WHOLE = 48_000
"""What fits through the smallest door: 64 KB of XML around base64."""
REACH = {
    "bot.people": _WHOLE,
    "bot.desk.responding": _WHOLE,
    "bot.language.distress": distress._PIECE,
    "bot.language.choosing": 200,
}
"""How much of a text meets the expressions of a module, where it is not what NLU reads."""
LIMIT = 0.010
_FUNCTIONS = {"compile", "search", "match", "fullmatch", "sub", "split", "finditer", "findall"}


def _modules() -> Iterator[ModuleType]:
    yield from (people, bot.regions)
    for package in (bot.language, bot.desk, bot.knowledge.search, connectors.wechat):
        for found in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            yield importlib.import_module(found.name)


def _expressions(module: ModuleType) -> dict[str, tuple[re.Pattern[str], bool]]:
    """Every expression of a module: kept under a name, deep in a table or object, or written where it is used; and
    whether it is only ever held against a text from its start."""
    with open(str(module.__file__), encoding="utf-8") as file:
        calls = [call for call in ast.walk(ast.parse(file.read())) if _asks(call)]
    used: dict[str, set[str]] = {}
    for call in calls:
        if isinstance(call.func.value, ast.Name):
            used.setdefault(call.func.value.id, set()).add(call.func.attr)
    found = {pattern.pattern: (pattern, False) for pattern in _inside(vars(module).values(), module.__name__, set())}
    for name, how in used.items():
        if isinstance(pattern := vars(module).get(name), re.Pattern):
            found[pattern.pattern] = (pattern, how <= {"match", "fullmatch"})
    for call in calls:
        if isinstance(call.func.value, ast.Name) and call.func.value.id == "re":
            if any(isinstance(part, ast.Name) and part.id == "self" for part in ast.walk(call.args[0])):
                continue  # made in an object of the module's, where `_inside` finds it
            written = eval(compile(ast.Expression(call.args[0]), module.__name__, "eval"), dict(vars(module)))
            found.setdefault(written, (re.compile(written), call.func.attr in ("match", "fullmatch")))
    return found


def _asks(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _FUNCTIONS


def _inside(values: Iterable[Any], module: str, seen: set[int]) -> Iterator[re.Pattern[str]]:
    for value in values:
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, re.Pattern):
            yield value
        elif isinstance(value, dict):
            yield from _inside(value.values(), module, seen)
        elif isinstance(value, list | tuple | set | frozenset):
            yield from _inside(value, module, seen)
        elif type(value).__module__.startswith("bot.language"):
            held = [
                getattr(value, name, None)
                for name in (*getattr(value, "__dict__", ()), *getattr(value, "__slots__", ()))
            ]
            yield from _inside(held, module, seen)


EXPRESSIONS = [
    pytest.param(
        *expression, REACH.get(module.__name__, NLU_CHARACTERS), id=f"{module.__name__.removeprefix('bot.')}-{n}"
    )
    for module in _modules()
    for n, expression in enumerate(_expressions(module).values())
]


def _attacks(pattern: str, length: int) -> Iterator[str]:
    """Runs of what the expression itself speaks of, and of what every such expression minds, with and without an end
    that spoils the match."""
    words = re.findall(r"[一-鿿]+|[A-Za-z]|\d+", re.sub(r"\\[a-zA-Z]|\\u[0-9a-f]{4}", "", pattern))
    signs = sorted(set(re.sub(r"[\w\s]", "", pattern)))[:12]
    own = sorted({word for word in words if len(word) <= 6}, key=lambda word: -len(word))
    classes = [
        "1",
        "1 ",
        "1,",
        "12",
        "１",
        "19",
        "2020",
        "420106",
        "1380013",
        "一",
        "一十",
        "三五",
        "我",
        "。",
        " ",
        " \t",
        "，那",
        "a",
        "_",
        "\n",
    ]
    units = [*own[:40], *(a + b for a, b in zip(own[:12], own[1:13], strict=False)), *signs, *classes]
    for unit in dict.fromkeys(units):
        run = (unit * (length // len(unit) + 1))[: length - 1]
        yield run
        yield run + "\ue000"


def _cpu(pattern: re.Pattern[str], anchored: bool, text: str) -> float:
    began = time.process_time()
    pattern.fullmatch(text)
    if not anchored:
        for _ in pattern.finditer(text):
            pass
    return time.process_time() - began


@pytest.mark.parametrize(("pattern", "anchored", "reach"), EXPRESSIONS)
def test_no_expression_runs_away(pattern: re.Pattern[str], anchored: bool, reach: int) -> None:
    """What would double with every word shows on 24 of them, what grows with their square on 600; a tenth of a
    second is far beyond either on a busy machine, too."""
    for length in (24, 48, 72, min(reach, 600)):
        for text in _attacks(pattern.pattern, length):
            spent = _cpu(pattern, anchored, text)
            assert spent <= 0.1, f"{spent * 1000:.0f} ms for {text[:8]!r}… ({len(text)} characters)"


@pytest.mark.proof
@pytest.mark.parametrize(("pattern", "anchored", "reach"), EXPRESSIONS)
def test_no_text_is_worth_more_than_ten_milliseconds(pattern: re.Pattern[str], anchored: bool, reach: int) -> None:
    timed = ((_cpu(pattern, anchored, text), text) for text in _attacks(pattern.pattern, reach))
    worst, text = max(timed, key=lambda pair: pair[0])
    if worst > LIMIT:  # a busy machine: the best of five counts
        worst = min(_cpu(pattern, anchored, text) for _ in range(5))
    assert worst <= LIMIT, f"{worst * 1000:.1f} ms for {text[:8]!r}… ({len(text)} characters)"


@pytest.mark.proof
def test_the_readers_as_wholes_stay_cheap() -> None:
    """Not only their expressions: a hundred places in one text cost 140 ms before they were bounded."""
    units = [
        "朝阳",
        "中山路",
        "吉林",
        "武汉市",
        "一",
        "一十",
        "三五百",
        "1万",
        "谢谢",
        "请问",
        "那个，",
        "6222",
        "低保",
        "死了",
        "〔",
        "ﷺ",
        "1 ",
    ]
    for name, reader in _READERS.items():
        if name in ("mask", "danger"):
            continue
        for unit in units:
            text = (unit * 600)[:600]
            best = min(_timed(reader, text + "x" * n) for n in range(3))
            assert best <= 0.030, f"{name}: {best * 1000:.0f} ms for {unit!r}"


def _timed(reader: Any, text: str) -> float:
    began = time.process_time()
    reader(text)
    return time.process_time() - began


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
