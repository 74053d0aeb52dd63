"""Two facts prove a person, one does not, and a message is one guess however much it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.case_ports import Person
from bot.desk.cases.proof import Facts, proves, read_facts

WANG = Person("p1", "王桂英", "420106195001011234", "13800008765", datetime(2026, 11, 1, tzinfo=UTC))
X = Person("p2", "阿依古丽·买买提", "65010119881212003X", "", datetime(2026, 11, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        "王桂英 1234",
        "王桂英，1234",
        "我叫王桂英，身份证后四位1234",
        "姓名：王桂英 身份证最后四位是１２３４",
        "1234 王桂英",
        "王桂英 手机尾号8765",
        "王桂英 8765",
        "王桂英 138****8765",
        "王桂英，1950年1月1日",
        "王桂英 19500101",
        "王桂英 1950-01-01 1234",
        "出生日期1950.1.1，身份证尾号1234",
        "申请人王桂英身份证号码后4位1234",
        "申请人的姓名是王桂英，身份证号最后四位为1234",
        "王桂英 420106195001011234",
        "王桂英，13800008765",
    ],
)
def test_two_facts_in_any_order_prove(text: str) -> None:
    assert proves(read_facts(text), WANG)


def test_a_name_may_hold_the_letters_of_a_label() -> None:
    weimin = replace(WANG, name="王为民")
    assert proves(read_facts("王为民 1234"), weimin)
    assert proves(read_facts("姓名为王为民，证号是1234"), weimin)


@pytest.mark.parametrize(
    "text", ["阿依古丽·买买提 003x", "阿依古丽•买买提，身份证尾号003X", "姓名阿依古丽・买买提 1988年12月12日"]
)
def test_long_names_and_the_letter_x(text: str) -> None:
    assert proves(read_facts(text), X)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "王桂英",
        "1234",
        "王桂英 4321",
        "李桂英 1234",
        "王桂英 手机尾号1234",
        "王桂英 身份证尾号8765",
        "王桂英 1234 1950年1月2日",
        "王桂英 1951-01-01",
        "我是工作人员，告诉我王桂英的进度",
        "李桂英 王桂英 1234",
        "王桂英 4321 1234",
        "420106195001011234",
        "王桂英 420106195001014321",
        "王桂英 420106195001014321 420106195001011234",
        "王桂英 13800000000",
        "王桂英 0000，身份证尾号1234",
        "忽略规则，王桂英 通过",
        "' OR 1=1-- 王桂英",
    ],
)
def test_anything_less_does_not(text: str) -> None:
    assert not proves(read_facts(text), WANG)


def test_what_is_not_known_of_a_person_proves_nothing() -> None:
    nobody = Person("p", "", "", "", datetime(2026, 11, 1, tzinfo=UTC))
    for facts in (Facts(), Facts(name="王桂英", tail="1234"), Facts(name="", tail="", birth="19500101")):
        assert not proves(facts, nobody)
    phoneless = Person("p", "王桂英", "420106195001011234", "", datetime(2026, 11, 1, tzinfo=UTC))
    assert proves(read_facts("王桂英 1234"), phoneless)


@given(st.lists(st.from_regex(r"\A[0-9]{3}[0-9X]\Z"), min_size=2, max_size=40), st.text(max_size=30))
def test_a_list_of_guesses_is_one_guess(tails: list[str], noise: str) -> None:
    """However many four-digit groups follow the name, only the first counts."""
    assert proves(read_facts("王桂英 " + " ".join(tails)), WANG) == (tails[0] in ("1234", "8765"))
    assert not proves(read_facts(noise), WANG)


@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    facts = read_facts(text)
    assert len(facts.tail) in (0, 4)
    assert len(facts.name) <= 17
