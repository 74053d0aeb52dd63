"""What residents read in forms: plain, kind, with a reason; and the law's word for what is sensitive."""

from __future__ import annotations

import pytest

from bot.forms.consents import ConsentText
from bot.forms.files import KEPT, clauses_of, texts_of
from bot.forms.model import Field, Form, Kind
from bot.knowledge.plain_language import long_sentences, refused_words, says_you_plainly, unexplained
from tests.forms.published import APPLICATIONS, HOUSEHOLD, form, report

CONTENT = report().content
NOUNS: dict[str, Field | Form | ConsentText] = {
    **{f"field {key}": one for key, one in CONTENT.fields.items()},
    **{f"form {key}": one for key, one in CONTENT.forms.items()},
    **{f"consent {key}": one for key, one in CONTENT.consents.items()},
}
WHO_IS_TOLD = ("谁来用", "做什么", "要哪些", "存多久", "看、改、删", "收回同意", "窗口")
PERSONAL = (
    "identity",
    "address",
    "health",
    "income_wages",
    "savings_amount",
    "bank_account",
    "obligors",
    "helper_identity",
)


def test_forms_are_published_without_a_refusal() -> None:
    files = ("fields.yml", "forms/", "consents.yml")
    assert [str(one) for one in report().refusals if one.file.startswith(files)] == []
    assert set(APPLICATIONS) <= set(CONTENT.forms)
    assert {"emergency", "precheck", "lookup", "consent", "change", "objection", "data", "bank"} <= set(CONTENT.forms)


@pytest.mark.parametrize("name", NOUNS)
def test_texts_are_plain(name: str) -> None:
    for text in texts_of(NOUNS[name]):
        assert list(refused_words(text)) == []
        assert list(long_sentences(text)) == []
        assert list(unexplained(text)) == []
        assert not says_you_plainly(text)


@pytest.mark.parametrize("key", CONTENT.fields)
def test_a_field_says_why_and_by_which_clause(key: str) -> None:
    field = CONTENT.fields[key]
    assert field.why.endswith("。")
    assert field.ask.endswith(("？", "。", "”。"))
    assert field.clause is not None or not field.sensitive
    assert all(one.document in CONTENT.documents for one in clauses_of(field))


@pytest.mark.parametrize("key", CONTENT.consents)
def test_a_consent_stands_on_registered_documents(key: str) -> None:
    assert all(one.document in CONTENT.documents for one in clauses_of(CONTENT.consents[key]))


def test_a_field_to_agree_to_has_its_text() -> None:
    agree = {key for key, one in CONTENT.fields.items() if one.kind is Kind.AGREE}
    assert agree == set(CONTENT.consents) - {"emergency_notice"}


def test_the_notice_says_all_the_law_wants_said() -> None:
    assert [word for word in WHO_IS_TOLD if word not in CONTENT.consents["notice"].text] == []


def test_what_the_law_calls_sensitive_is_marked() -> None:
    assert [key for key in PERSONAL if not CONTENT.fields[key].sensitive] == []
    numbers = {key for key, one in CONTENT.fields.items() if one.kind in (Kind.IDENTITY, Kind.PHONE, Kind.BANK_CARD)}
    assert [key for key in numbers if not CONTENT.fields[key].private] == []


def test_every_field_is_asked_somewhere() -> None:
    asked = {one.field.key for one in CONTENT.forms.values() for step in one.steps for one in step.fields}
    put_by_the_desk = {"proved"}
    on_demand = {"paper_hukou"}
    assert set(CONTENT.fields) - asked == put_by_the_desk | on_demand


def test_an_emergency_is_five_questions_and_no_name() -> None:
    steps = form("emergency").steps
    assert len(steps) == 5
    kinds = [one.field.kind for step in steps for one in step.fields]
    assert not {Kind.NAME, Kind.IDENTITY, Kind.BANK_CARD, Kind.AGREE, Kind.PAPER} & set(kinds)


def test_the_pre_check_asks_nothing_that_names_somebody() -> None:
    assert not any(one.field.private for step in form("precheck").steps for one in step.fields)


@pytest.mark.parametrize("name", HOUSEHOLD)
def test_a_question_is_short(name: str) -> None:
    for step in form(name).steps:
        assert len(step.ask) <= 70, step.id
        assert step.ask.count("？") <= 2, step.id


def test_each_way_to_keep_an_answer_can_be_told() -> None:
    assert [kept for kept in KEPT if f"kept_{kept}" not in CONTENT.words] == []
    assert {one.kept for one in CONTENT.fields.values()} == set(KEPT)
