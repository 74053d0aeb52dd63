"""What an editor is told but not stopped for: long sentences, unexplained words, no way onward, an end that is near."""

from __future__ import annotations

from datetime import date

import pytest

from bot.knowledge.plain_language import leads_onward, long_sentences, refused_words, unexplained
from tests.knowledge.broken import check_changed

FAQ = "faq/dibao.yml"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("写好申请，交上要的材料。", "写好一份申请书再把您家里所有人的身份证和户口簿都带上。", "这句有26个字"),
        ("写好申请，交上要的材料。", "名单会公示。", "“公示”没有解释；第一次用时加上（贴出来听大家意见）"),
        ("写好申请，交上要的材料。", "你写好申请。", "称呼居民用了“你”；改成“您”"),
        (
            "    标准各地自己定。\n    以当地最新公告为准，可打12345问。",
            "    标准各地自己定。",
            "没有写下一步去哪里、打什么电话",
        ),
        ("标准各地自己定，可打12345问。", "标准各地自己定。", "短答案没有写下一步去哪里、打什么电话"),
    ],
)
def test_a_warning_does_not_block(old: str, new: str, said: str) -> None:
    report = check_changed({FAQ: [[old, new]]})
    assert report.refusals == ()
    assert any(said in str(warning) for warning in report.warnings)


def test_an_answer_that_ends_soon_is_announced_while_it_still_holds() -> None:
    change = {FAQ: [["{region: '310000', from: 2026-07-01}", "{region: '310000', from: 2026-07-01, to: 2026-12-20}"]]}
    assert [w.what for w in check_changed(change, date(2026, 11, 25)).warnings] == ["还有25天到期（2026-12-20）"]
    assert check_changed(change, date(2026, 11, 1)).warnings == ()
    assert check_changed(change, date(2026, 12, 21)).warnings == ()


def test_a_basis_of_unknown_force_is_pointed_out() -> None:
    change = {FAQ: [["{document: 救助法, clause: 第42条}", "{document: 41号文, clause: 第一条}"]]}
    assert [w.what for w in check_changed(change).warnings] == ["依据“41号文”的效力没有查明，会对居民说明"]


def test_a_gloss_at_first_use_is_enough() -> None:
    assert not list(unexplained("名单会公示（贴出来听大家意见）。公示七天。"))
    assert not list(unexplained("公示，就是贴出来听大家意见。"))
    assert [term for term, _ in unexplained("公示七天。再公示（贴出来）一次。")] == ["公示"]


def test_glosses_and_titles_of_documents_do_not_count_as_length() -> None:
    line = "要看《最低生活保障审核确认办法》，也要看核对（查收入和财产，还有车房存款）的结果。"
    assert not list(long_sentences(line))


@pytest.mark.parametrize("text", ["社会保证金", "请家人签保证书", "保证人", "不要紧，慢慢来"])
def test_harmless_words_are_let_through(text: str) -> None:
    assert not list(refused_words(text))


@pytest.mark.parametrize("text", ["打12345问", "到村委会问", "回复“人工”"])
def test_a_way_onward_is_a_number_a_place_or_a_person(text: str) -> None:
    assert leads_onward(text)
