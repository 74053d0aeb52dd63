"""One finger is enough to choose."""

import pytest

from bot.language.choosing import chosen

LABELS = ["低保怎么申请", "低保要什么材料", "都不是，我要找人工"]


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("1", 0),
        ("２", 1),
        ("第二个", 1),
        ("选3", 2),
        ("三", 2),
        ("1.", 0),
        (" 2。", 1),
        ("我选第一个", 0),
        ("两", 1),
        ("低保要什么材料", 1),
        ("都不是，我要找人工", 2),
        ("都不是我要找人工", 2),
        ("2. 低保要什么材料", 1),
    ],
)
def test_an_option_is_meant(text: str, index: int) -> None:
    assert chosen(text, LABELS) == index


@pytest.mark.parametrize("text", ["0", "4", "12", "3口人", "一个月多少钱", "", "?", "低保", "2020"])
def test_something_else_is_meant(text: str) -> None:
    assert chosen(text, LABELS) is None
