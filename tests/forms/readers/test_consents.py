"""Only a plain yes is a consent, whatever it is asked for; a worry that holds a word of the question is none."""

from __future__ import annotations

import pytest

from bot.forms.model import Field, Kind
from bot.forms.readers import choices, free
from bot.forms.readers.base import Context, Found, Said
from tests.forms.published import DAY, form, regions, report

CONSENTS = {
    one.field.key: one.field
    for one_form in report().content.forms.values()
    for step in one_form.steps
    for one in step.fields
    if one.field.kind is Kind.AGREE or "同意" in one.field.words
}
WORRIES = (
    *(
        "有点担心信息泄露",
        "是骗子吧这样要身份证",
        "要看看再说",
        "有冇真人呀我要同人讲",
        "要跟我儿子商量一下",
        "能查到我的银行卡",
    ),
    *("有人说授权会出事", "会害了孩子", "是真的假的我愿不愿意另说", "要授权"),
)


def heard(field: Field, text: str) -> Found | None:
    reader = free if field.kind is Kind.AGREE else choices
    return reader.find(field, text, Context(DAY, regions(), form("dibao")))


def test_every_kind_of_consent_is_there() -> None:
    assert {"notice", "sensitive", "check", "guardian", "truth", "agree"} <= set(CONSENTS)


@pytest.mark.parametrize("text", WORRIES)
@pytest.mark.parametrize("field", CONSENTS.values(), ids=CONSENTS)
def test_a_worry_is_none(field: Field, text: str) -> None:
    found = heard(field, text)
    assert found is None or not (isinstance(found.result, Said) and found.result.value), text


@pytest.mark.parametrize("text", ["同意", "我同意", "好的", "可以"])
@pytest.mark.parametrize("field", CONSENTS.values(), ids=CONSENTS)
def test_a_plain_yes_is_one(field: Field, text: str) -> None:
    found = heard(field, text)
    assert found is not None
    assert isinstance(found.result, Said)
    assert found.result.value
