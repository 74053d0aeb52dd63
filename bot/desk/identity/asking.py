"""What a message wants of the channels somebody is known on: a code, to go on with one, to be unbound. Pure.

Whole messages only. A code in a sentence of its own counts anywhere; eight bare digits only where no form is asking.
"""

from __future__ import annotations

import re
import unicodedata

from bot import codes

_LONGEST = 24
_BEFORE = r"(?:我|俺|请|麻烦|那|能不能|可以|可不可以|想|要|怎么|咋|帮我|给我|现在|下次|回头|先|再)*"
_AFTER = r"(?:吧|了|啊|呀|呢|嘛|吗|行吗|行不行|可以吗|好吗|谢谢|一下|上|里|去|来|再|的)*"
_PLACE = r"(?:微信|公众号|服务号|小程序|微博|网页|网上|应用|手机应用|[aA][pP][pP]|软件|电脑|平板|别的地方|别处|别的手机|另一个手机|另外一个手机)"
_GO_ON = r"(?:接着|继续|再)?(?:办|填|弄|写|问|说|申请|来|用|聊)?"
_WANTS_CODE = re.compile(
    rf"{_BEFORE}(?:"
    rf"(?:换|转|改|切|切换|挪|移)(?:到|成|去|用)?(?:我?的?){_PLACE}(?:上|里)?(?:去|来)?{_GO_ON}"
    rf"|(?:换|用)(?:个|一个|一部|部|台|另一个|别的)(?:手机|设备|机子|渠道|聊天)(?:上|里)?(?:去|来)?{_GO_ON}"
    rf"|(?:到|在|去|用){_PLACE}(?:上|里)?(?:去|来)?(?:接着|继续)(?:办|填|弄|写|问|说|申请|聊)?"
    rf"|(?:给我?|要|拿|来|发)?(?:个|一个)?(?:新的?)?(?:接续码|继续码|换手机码)(?:是多少|是什么|呢)?"
    rf"|(?:换手机|换渠道|换设备|换地方)(?:接着|继续){_GO_ON}"
    rf"){_AFTER}"
)
_UNBIND = re.compile(
    rf"{_BEFORE}(?:"
    r"(?:解除|取消|去掉|撤销|解开)(?:我的|这个|这里的|本)?(?:微信|账号|聊天|手机)?(?:的)?绑定"
    r"|把?(?:我的?|这个?)?(?:微信|账号|聊天|手机)?(?:解绑|解除绑定)(?:我的|这个)?(?:微信|账号|聊天|手机)?"
    r"|(?:不要|别|不想|不)(?:再)?绑(?:定)?(?:在)?(?:这里|这个手机|这个微信|我)?"
    r"|(?:这个|这)(?:手机|微信)(?:不是我的|要给别人|要送人|给别人用)(?:了)?"
    rf"){_AFTER}"
)
_NOT = re.compile("手机号|电话号码|银行|卡号|绑定不了|怎么绑定")
_CODE = re.compile(rf"(?:接续码|继续码)(?:\W|是|为){{0,4}}{codes.DIGITS}(?!\d)")


def wants_code(text: str) -> bool:
    return _is(_WANTS_CODE, text)


def wants_unbinding(text: str) -> bool:
    return _is(_UNBIND, text)


def code_in(text: str) -> str:
    """The digits in 接续码 1234 5678; empty when there are none."""
    return codes.read(_CODE.search(unicodedata.normalize("NFKC", text[:200])))


def bare_code(text: str) -> str:
    """Eight digits and nothing else that are no date."""
    digits = codes.alone(text[:20])
    return "" if codes.looks_like_a_date(digits) else digits


def _is(pattern: re.Pattern[str], text: str) -> bool:
    said = re.sub(r"\W", "", unicodedata.normalize("NFKC", text[:100]))
    return bool(said) and len(said) <= _LONGEST and not _NOT.search(said) and pattern.fullmatch(said) is not None
