"""Both encoders, opened once, and a small index over a few answers of our own kind."""

from __future__ import annotations

import pytest

from bot.knowledge.search.encoders import E5Encoder, UseEncoder
from bot.knowledge.search.index import Phrasing, SearchIndex
from bot.knowledge.search.vectors import make, matrix

ANSWERS = {
    (
        "dibao-apply",
        "dibao",
    ): "低保怎么申请 申请低保去哪里 想吃低保找谁 低保在哪儿递申请 办低保的流程是啥 我想给我妈申请低保",
    (
        "dibao-materials",
        "dibao",
    ): "低保要什么材料 办低保带哪些证件 申请低保要准备啥 低保需要户口本吗 办低保要交哪些纸 低保材料清单",
    (
        "dibao-days",
        "dibao",
    ): "低保多少天能办完 低保几天批下来 低保申请多久出结果 办低保要等多长时间 低保啥时候能批 低保审批时间",
    (
        "linshi-what",
        "linshi",
    ): "临时救助是什么 什么情况能领临时救助 家里突然出事了有救助吗 临时救助管哪些事 临时救助啥意思",
    (
        "tekun-apply",
        "tekun",
    ): "特困怎么申请 五保户怎么办 申请特困供养找谁 孤寡老人怎么办特困 特困人员在哪里申请 我叔没儿没女怎么申请五保",
    (
        "tekun-materials",
        "tekun",
    ): "特困要什么材料 办五保要带什么 特困供养需要哪些证明 申请特困要交啥 五保户材料有哪些 特困人员认定材料",
    (
        "liulang-station",
        "liulang",
    ): "救助站在哪里 流浪汉去哪里求助 没地方睡觉能去救助站吗 没钱回不了家怎么办 路上看到乞讨的打哪里",
}
ROWS = [Phrasing(entry, programme, text) for (entry, programme), texts in ANSWERS.items() for text in texts.split()]


@pytest.fixture(scope="session")
def use() -> UseEncoder:
    return UseEncoder()


@pytest.fixture(scope="session")
def e5() -> E5Encoder:
    return E5Encoder()


def build(rows: list[Phrasing], use: UseEncoder, e5: E5Encoder | None = None) -> SearchIndex:
    texts = [row.text for row in rows]
    encoders = [use] if e5 is None else [use, e5]
    return SearchIndex.build(rows, {each.name: matrix(each, texts, make(each, texts)) for each in encoders}, use, e5)


@pytest.fixture(scope="session")
def index(use: UseEncoder, e5: E5Encoder) -> SearchIndex:
    return build(ROWS, use, e5)
