"""The language of this house: no blame, no promise, short sentences, no jargon without its gloss, always a way onward.

The lists are data on purpose; each entry carries the reason an editor is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SENTENCE = 25
# Refused: what hurts, threatens or promises.
_REFUSED = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        ("您没有[^。；，\n]{0,12}(?:就|便)(?:不|别|没)", "像在责怪人，改成怎样做就可以"),
        ("(?:您|你|申请人)?不符合", "像是替工作人员下了结论，改成“由工作人员核定”或“可能还差什么”"),
        ("否则", "像在威胁，改成先说该怎么做"),
        ("必须", "像在命令，改成“要”或“请”"),
        ("不然(?:就|的话|会)", "像在威胁，改成先说该怎么做"),
        ("后果自负|自行承担|责任自负", "像在威胁，改成说清会怎样、怎么办"),
        ("活该|懒汉|懒人|骗保户|穷人|贫困户不|等靠要", "伤人的话，换一个说法"),
        ("(?:您|你)不(?:配|够格|具备|能享受)", "伤人的话，改成“要由工作人员核定”"),
        ("一定(?:能|会|可以|给)", "替人打了包票，改成“可以申请，由工作人员核定”"),
        ("肯定(?:能|会|可以|给|批)", "替人打了包票，改成“可以申请，由工作人员核定”"),
        ("(?<!社会)保证(?!金|人|书)", "替人打了包票，改成“应当”并写明依据"),
        ("百分之百|100%|绝对(?:能|会|可以)|包您|包你|包过", "替人打了包票，改成“可以申请，由工作人员核定”"),
    )
)
# Warned of: words a person with little schooling may not know, and what explains them.
JARGON = {
    "公示": "贴出来听大家意见",
    "核对": "查收入和财产",
    "行政复议": "请上级重新审查",
    "行政诉讼": "打官司",
    "动态管理": "有变化就调整",
    "备案": "登记留底",
    "近亲属": "夫妻、父母、子女这些亲人",
    "法定义务人": "依法要养您的人",
    "赡养": "子女养老人",
    "抚养": "大人养孩子",
    "扶养": "夫妻或亲人互相养",
    "刚性支出": "看病上学等省不掉的花费",
    "低保边缘": "收入比低保线高一点",
    "整户保": "一家人一起算",
    "单人户": "只按一个人算",
    "差额": "差多少补多少",
    "代办": "请人替您办",
    "告知承诺": "您写保证、先办事",
    "失能": "生活不能自理",
    "财产性收入": "房租、利息这些",
    "转移性收入": "养老金、赡养费这些",
}
_ONWARD = re.compile(
    r"\d{3,}|人工|街道|乡镇|窗口|居委|村委|救助站|派出所|民政|学校|医院|医保|社保|人社|法院|政府|告诉我|回复|部门"
)
# 公示（贴出来听大家意见）; 公示，就是贴出来 …
_GLOSS = re.compile(r"[^。；，\n]{0,6}（|[”》]?[，：]?(?:也?就是|指|意思是|叫)")
_END = re.compile(r"[。！？；：\n]")
_ASIDE = re.compile(r"（[^（）]*）|《[^《》]*》|^\d+\.\s*")


def refused_words(text: str) -> Iterator[tuple[str, str]]:
    """Each word that may not stand in a resident's text, with the reason."""
    for pattern, reason in _REFUSED:
        if match := pattern.search(text):
            yield match[0], reason


def long_sentences(text: str) -> Iterator[str]:
    """Sentences that are hard to follow when read aloud; glosses and titles of documents are not counted."""
    for line in text.split("\n"):
        for sentence in _END.split(_ASIDE.sub("", line.strip())):
            if len(sentence) > SENTENCE:
                yield sentence


def unexplained(text: str) -> Iterator[tuple[str, str]]:
    """Jargon without a gloss at its first use, with the gloss that would do."""
    for term, gloss in JARGON.items():
        at = text.find(term)
        if at >= 0 and not _GLOSS.match(text, at + len(term)):
            yield term, gloss


def says_you_plainly(text: str) -> bool:
    """Whether the resident is called 你 where this house says 您 (what others say, in quotes, is theirs)."""
    return "你" in re.sub("“[^”]*”", "", text)


def leads_onward(text: str) -> bool:
    """Whether a reader learns where to turn next."""
    return bool(_ONWARD.search(text))


def first_sentence(text: str) -> str:
    return re.split(r"[。！？\n]", text.strip(), maxsplit=1)[0]
