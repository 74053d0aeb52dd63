"""A question without the person: what is covered, what stays because it is no person, and what rules cannot see."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.files import read_folder
from bot.language.impersonal import impersonal, wording
from tests.desk.conftest import CONTENT


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("我叫王桂英，低保怎么申请", "桂英"),
        ("我是李小龙，想问低保", "小龙"),
        ("王桂英的低保停了怎么办", "桂英"),
        ("姓名：欧阳建国 怎么查进度", "建国"),
        ("我儿子叫陈浩然，上大学学费能减吗", "浩然"),
        ("李主任说不行，对吗", "李主任"),
        ("家住洪山区关山街道保利花园3栋2单元501室", "501"),
        ("珞喻路152号附近有救助站吗", "152"),
        ("监利县红城乡杨家村3组的五保户怎么申请", "红城乡"),
        ("受理编号20261125-00123到哪一步了", "00123"),
        ("身份证420106195001011234能查吗", "420106195001011234"),
        ("打我电话13800008765", "0000"),
        ("加微信wx_abc12345说", "abc12345"),
        ("发到wang@example.com", "example"),
        ("1965年3月2日出生能领高龄津贴吗", "3月2日"),
    ],
)
def test_what_tells_of_one_person_is_covered(text: str, gone: str) -> None:
    covered = impersonal(text)
    assert gone not in covered
    assert "已隐去〕" in covered or "****" in covered
    assert impersonal(covered) == covered


def test_published_wordings_are_nobody() -> None:
    """None of the thousands of wordings in the content tells of a person; one speaks of a neighbour by a surname."""
    wordings = [
        said
        for entry in read_folder(CONTENT).entries
        if entry.kind == "answer"
        for said in (entry.data["title"], *entry.data["phrasings"])
    ]
    assert len(wordings) > 3000
    assert [said for said in wordings if impersonal(said) != said and "张大爷" not in said] == []


def test_a_number_everybody_may_know_stays() -> None:
    for text in ("打12345没人接", "12349是什么", "收入3200元够吗", "2026年的标准", "三口人2000块", "41号文是什么"):
        assert impersonal(text) == text


def test_a_name_that_nothing_announces_stays() -> None:
    """Said as it is (decision 0027): why the words are sealed and a person reads every wording."""
    assert impersonal("桂英说她没收到低保") == "桂英说她没收到低保"


@pytest.mark.parametrize(
    ("covered", "left"),
    [
        ("我叫〔姓名已隐去〕，低保怎么申请", "低保怎么申请"),
        ("〔姓名已隐去〕的低保停了怎么办", "低保停了怎么办"),
        ("低保怎么申请", "低保怎么申请"),
        ("住在〔地址已隐去〕，能申请特困吗", "能申请特困吗"),
    ],
)
def test_what_is_left_is_a_wording(covered: str, left: str) -> None:
    assert wording(covered) == left


@given(st.text(alphabet="我叫王桂英住在关山街道3栋〔已隐去〕，。1380000低保 怎么ab", max_size=200))
def test_covering_twice_changes_nothing(text: str) -> None:
    covered = impersonal(text)
    assert impersonal(covered) == covered
    wording(covered)
