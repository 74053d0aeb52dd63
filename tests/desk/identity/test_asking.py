"""What is heard as a wish for a code, as a code, as unbinding; and what is not, of all that people ask."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.desk.identity.asking import bare_code, code_in, wants_code, wants_unbinding
from bot.knowledge.files import read_folder
from tests.in_force import CONTENT

CODE = """
换到微信
换到微信办
换到小程序接着填
我想换到微信上继续办
能不能换到手机应用上填
换到app
换到APP去
切到小程序
转到公众号
转到微信接着聊
换个手机
换个手机继续办
换一个手机填
换部手机办
换台手机接着弄
我要换个手机继续
换个设备继续
换个聊天接着说
换手机继续
换手机接着办
换手机继续办行吗
用微信接着办
到小程序继续办
在别的手机上接着填
用另一个手机接着办
去微信继续填
换到网页上
换到电脑上填
接续码
接续码是多少
给我个接续码
我要接续码
要一个新的接续码
再发个接续码
帮我换到微信吧
请换到微信，谢谢
""".splitlines()[1:]
NOT_CODE = """
继续办
接着填
换个手机号
换手机号码
我手机号换了
我换手机了
手机丢了怎么办
换了微信号
换个地方住
换到别的村了
换银行卡
换个人工
我要换工作
换个号码
用微信能办吗
微信上能办低保吗
在网上怎么申请
在微信上办低保要什么材料
到微信上办低保要什么材料
手机应用在哪里下载
小程序叫什么
接续码不对
不要换到微信
换到微信就收不到消息了怎么办
""".splitlines()[1:]
UNBIND = """
解除绑定
取消绑定
解绑
我要解绑
解绑微信
把这个微信解绑
帮我解除绑定吧
请解除我的绑定
撤销绑定
去掉这个手机的绑定
这个手机不是我的
这个手机要给别人了
这个微信给别人用了
不要绑定这里
别绑了
""".splitlines()[1:]
NOT_UNBIND = """
怎么绑定
绑定银行卡
解除婚姻关系
取消低保
取消申请
解除合同
解除银行卡绑定
绑定手机号
手机不是智能的
""".splitlines()[1:]


@pytest.mark.parametrize("text", CODE)
def test_a_code_is_wanted(text: str) -> None:
    assert wants_code(text)
    assert not wants_unbinding(text)


@pytest.mark.parametrize("text", UNBIND)
def test_unbinding_is_wanted(text: str) -> None:
    assert wants_unbinding(text)
    assert not wants_code(text)


@pytest.mark.parametrize("text", [*NOT_CODE, *NOT_UNBIND, "", "？", "接" * 5000])
def test_something_else_is_wanted(text: str) -> None:
    assert not wants_code(text)
    assert not wants_unbinding(text)


def test_no_question_of_anybody_and_no_published_wording_is_taken_for_one() -> None:
    samples = [
        str(json.loads(line).get("question") or json.loads(line)["text"])
        for file in sorted(Path("tests/samples/questions").glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    published = [
        str(text)
        for entry in read_folder(CONTENT).entries
        if entry.kind == "answer"
        for text in (entry.data.get("title", ""), *entry.data.get("phrasings", ()))
    ]
    assert len(samples) > 1000
    assert len(published) > 1000
    taken = [text for text in samples + published if wants_code(text) or wants_unbinding(text) or code_in(text)]
    assert taken == []


@pytest.mark.parametrize("text", ["接着填", "不填了", "换一个", "暂停", "退出"])
def test_what_steers_a_form_is_not_taken_from_it(text: str) -> None:
    assert not wants_code(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("接续码 4821 7390", "48217390"),
        ("接续码：48217390", "48217390"),
        ("接续码是４８２１７３９０。", "48217390"),
        ("我的接续码4821-7390，谢谢", "48217390"),
        ("授权码 48217390", ""),
        ("接续码 482173901", ""),
        ("接续码", ""),
        ("48217390", ""),
    ],
)
def test_codes_are_read(text: str, code: str) -> None:
    assert code_in(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("48217390", "48217390"),
        (" 4821 7390 ", "48217390"),
        ("19500101", ""),
        ("20260101", ""),
        ("4821739", ""),
        ("电话48217390", ""),
    ],
)
def test_bare_digits_are_a_code_unless_they_are_a_date(text: str, code: str) -> None:
    assert bare_code(text) == code
