"""What an answer must hold before it is published: live clauses, no rival, enough wordings, kind words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations

from bot.knowledge import entry as kinds
from bot.knowledge.answers import STANDARD_IF_KNOWN, STANDARD_LOOKUP, SUBSIDY_LOOKUP, Answer, Clause
from bot.knowledge.content import Content
from bot.knowledge.documents import Status
from bot.knowledge.plain_language import (
    first_sentence,
    leads_onward,
    long_sentences,
    refused_words,
    says_you_plainly,
    unexplained,
)
from bot.knowledge.problems import Note, Problems
from bot.language.normalise import match_key
from bot.regions import RegionTree

SHORT, PHRASINGS = 120, 6
_SOON = timedelta(days=30)
wording_key = lru_cache(maxsize=1 << 16)(match_key)
"""Of approved wordings only, and each is compared again and again while an editor types."""
_YEAR = re.compile(r"(?:19|20)\d\d年|[一二]九?[〇零一二三四五六七八九]{2,3}年")


def check(
    content: Content,
    documents: set[str],
    regions: RegionTree,
    problems: Problems,
    warnings: Problems,
    day: date,
    only: str = "",
) -> None:
    """`only`: look at one answer by itself, and at all of them where two can be in each other's way."""
    for answer in [content.answers[only]] if only else content.answers.values():
        place = content.place(kinds.ANSWER, answer.id)
        _clauses(answer, content, documents, problems.at(place))
        _shape(answer, problems.at(place))
        _lookup(answer, content, problems.at(place))
        language(answer.text, answer.short, warnings.at(place))
        _days(answer, content, warnings.at(place), day)
    _rivals(content, regions, problems)
    _wordings(content, regions, problems)


def _clauses(answer: Answer, content: Content, documents: set[str], note: Note) -> None:
    if not answer.basis and not answer.history:
        note("没有依据", "在 basis 里写上文件和第几条", "basis")
    for at, clauses in (("basis", answer.basis), ("history", answer.history)):
        for clause in clauses:
            if clause.document not in documents:
                note(f"文件“{clause.document}”没有登记", "先在 documents.csv 登记，或改用登记过的名称", at)
    for clause in answer.basis:
        _in_force(answer, clause, content, note)
    if answer.history and not _YEAR.search(first_sentence(answer.text)):
        note("用了历史规定（history），第一句没有写年份", "第一句写明年份，如“这是2020年疫情期间的规定”", "text")


def _in_force(answer: Answer, clause: Clause, content: Content, note: Note) -> None:
    document = content.documents.get(clause.document)
    if document is None:
        return
    gap = document.gap(answer.scope.first, answer.scope.last)
    if gap:
        days = f"{answer.scope.first}起" + (f"到{answer.scope.last}" if answer.scope.last else "")
        note(
            f"依据“{document.id}”{gap}，管不到这个答案的日子（{days}）",
            "换现行的依据，改答案的起止日，或移到 history",
            "basis",
        )


def _shape(answer: Answer, note: Note) -> None:
    if len(answer.short) > SHORT:
        note(f"短答案有{len(answer.short)}个字，最多{SHORT}个", "写短些", "short")
    if len(answer.phrasings) < PHRASINGS:
        note(f"只有{len(answer.phrasings)}种问法，至少{PHRASINGS}种", "补上居民会怎么问", "phrasings")
    seen: set[str] = set()
    for phrasing in answer.phrasings:
        if not any(letter.isalnum() for letter in phrasing):
            note("有一种问法是空的", "补上或删去", "phrasings")
        elif wording_key(phrasing) in seen:
            note(f"问法“{phrasing}”写了两次", "留一个，或换一种问法", "phrasings")
        seen.add(wording_key(phrasing))
    if answer.scope.last and answer.scope.last < answer.scope.first:
        note(f"最后一天{answer.scope.last}在第一天{answer.scope.first}之前", "核对 scope 的 from 和 to", "scope.to")
    found: dict[tuple[str, str], str] = {}
    for at, text in (("text", answer.text), ("short", answer.short), ("text", f"{answer.text}\n{answer.short}")):
        for refused in refused_words(text):
            found.setdefault(refused, at)
    for (word, reason), at in found.items():
        note(f"写了“{word}”，{reason}", "改写这一句", at)


def _lookup(answer: Answer, content: Content, note: Note) -> None:
    if (answer.lookup in (STANDARD_LOOKUP, STANDARD_IF_KNOWN)) != bool(answer.lookup_programme):
        note("lookup: standard 和 lookup_programme 要一起写", "补上另一个，或都删去", "lookup")
    elif answer.lookup == STANDARD_LOOKUP:
        if all(row.programme != answer.lookup_programme for row in content.standards.values()):
            note(
                f"要查的标准“{answer.lookup_programme}”在 standards.csv 里一行也没有",
                "先登记标准，或删去 lookup",
                "lookup",
            )
    elif answer.lookup == SUBSIDY_LOOKUP and not content.subsidies:
        note("要查的价格补贴在 price_subsidy.csv 里一行也没有", "先登记，或删去 lookup", "lookup")


def language(text: str, short: str, warn: Note) -> None:
    """What could be plainer."""
    for sentence in long_sentences(text):
        warn(f"这句有{len(sentence)}个字：“{sentence}”", "拆成短句，25 个字以内", "text")
    for term, gloss in unexplained(text):
        warn(f"“{term}”没有解释", f"第一次用时加上（{gloss}）", "text")
    if says_you_plainly(text + short):
        warn("称呼居民用了“你”", "改成“您”", "text" if says_you_plainly(text) else "short")
    if text and not leads_onward(text):
        warn("没有写下一步去哪里、打什么电话", "加一句，如“问街道（乡镇）或打12345”", "text")
    if short and not leads_onward(short):
        warn("短答案没有写下一步去哪里、打什么电话", "加一句，如“可打12345问”", "short")


def _days(answer: Answer, content: Content, warn: Note, day: date) -> None:
    last = answer.scope.last
    if last and day <= last <= day + _SOON:
        warn(f"还有{(last - day).days}天到期（{last}）", "准备接着用的答案，或改最后一天", "scope.to")
    for clause in answer.basis:
        document = content.documents.get(clause.document)
        if document and document.status is Status.UNKNOWN:
            warn(
                f"依据“{document.id}”的效力没有查明，会对居民说明",
                "查到效力后改 documents.csv，或换现行的依据",
                "basis",
            )


def _rivals(content: Content, regions: RegionTree, problems: Problems) -> None:
    """Two answers on one topic for the same place, day and channel: which is said would be chance."""
    topics: dict[tuple[str, str, str], list[Answer]] = defaultdict(list)
    for answer in content.answers.values():
        topics[answer.programme, answer.aspect, answer.scope.region].append(answer)
    for same in topics.values():
        for one, other in combinations(same, 2):
            if one.scope.meets(other.scope):
                problems.at(content.place(kinds.ANSWER, other.id))(
                    f"和“{one.id}”（{content.place(kinds.ANSWER, one.id).file}）管同一件事，地方、日子、渠道都重叠",
                    "改 scope 让它们错开，或合成一个",
                    "scope",
                )


def _wordings(content: Content, regions: RegionTree, problems: Problems) -> None:
    asked: dict[str, list[Answer]] = defaultdict(list)
    for answer in content.answers.values():
        for phrasing in {wording_key(phrasing) for phrasing in (answer.title, *answer.phrasings)}:
            asked[phrasing].append(answer)
    for phrasing, answers in asked.items():
        for one, other in _overlapping(answers, regions):
            said = next((p for p in (other.title, *other.phrasings) if wording_key(p) == phrasing), phrasing)
            problems.at(content.place(kinds.ANSWER, other.id))(
                f"问法“{said}”和“{one.id}”（{content.place(kinds.ANSWER, one.id).file}）的一样",
                "换一种只问这件事的问法",
                "phrasings",
            )


def _overlapping(answers: Sequence[Answer], regions: RegionTree) -> list[tuple[Answer, Answer]]:
    """Pairs a resident could meet at once; a local answer in place of a wider one on its topic is meant."""
    return [
        (one, other)
        for one, other in combinations(answers, 2)
        if one.topic != other.topic
        and one.scope.meets(other.scope)
        and (
            regions.is_within(one.scope.region, other.scope.region)
            or regions.is_within(other.scope.region, one.scope.region)
        )
    ]
