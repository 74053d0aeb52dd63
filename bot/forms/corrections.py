"""Corrections of earlier answers in words: 不是3口人是4口, 电话错了，是138…, 老伴的名字写错了，叫李建国, 第3项改成…

Every new value goes through its reader. Where several answers may be meant, nobody guesses: `Which`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.forms.model import Form, Kind, Sheet
from bot.forms.moves import Change, Correct, Which
from bot.forms.readers.base import Context
from bot.forms.readers.plain import asks, clauses, fold, plain, told
from bot.forms.summary import paths_of
from bot.forms.targets import Targets

_WRONG = (
    r"(?:我|刚才|刚刚|前面|上面|之前)*(?:写|填|说|搞|弄|打|报|输|发|选|点|记)?(?:错|反|漏|混)(?:了|啦|咯)"
    r"|不对|有误|有错|弄混了?|不准确?"
)
_CHANGE = (
    r"(?:要|想|请|帮我|给我|再|需要)*(?:改(?:成|为|一下|下|掉|改|动|正)?|更正(?:为|成|一下)?|修改(?:为|成|一下)?|换成|换一下"
    r"|纠正一下|更新一下)"
)
_TRIGGER = re.compile(
    rf"{_WRONG}|{_CHANGE}|应该是|其实是|实际是|不是.{{1,24}}?[,，]?(?:而|应该|其实|就)?是|是.{{1,24}}[,，]\s*不是"
)
_CONTRASTS = (
    re.compile(
        r"(?:并?不是|不叫|不姓)(?P<old>[^，,。;；\s]{1,24}?)[，,。\s]*(?:而是|应该是|其实是|就是|是|叫|有|只有|才)(?P<new>[^，,。;；]{1,40})"
    ),
    re.compile(r"(?:应该|其实)?(?:是|叫)(?P<new>[^，,。;；]{1,40}?)[，,。\s]+(?:不是|不叫)(?P<old>[^，,。;；]{1,24})"),
    re.compile(r"(?:应该|其实)?(?:是|叫)(?P<new>[^，,。;；\s]{1,40}?)(?<!是)(?:不是|不叫)(?P<old>[^，,。;；]{1,24})"),
    re.compile(rf"(?:把|将)?(?P<old>[^，,。;；\s把将]{{1,24}}?)(?:{_CHANGE})(?P<new>[^，,。;；]{{1,40}})"),
)
_JOINED = re.compile(r"(?:是|叫).{1,24}(?:不是|不叫)")
_LAST = re.compile(
    r"(?:上|前)(?:一|1)?(?:个|题|项|条|步|问)(?:问题|答案)?"
    r"|刚才(?:那个|那题|那项|那条|的|说的|填的|写的)?|刚刚(?:那个|的|说的|填的)?|前面那个"
)
_ONLY_WRONG = re.compile(
    rf"(?:我|那个|这个|是)*(?:{_LAST.pattern})?的?(?:答案|回答)?(?:{_WRONG}|{_CHANGE}|(?:要|想|得)?(?:重填|重新填|重新说|重说))"
    r"(?:吧|啊|呀|哦|呢|我|重来|重新?填|重新?说|怎么改|咋改|怎么办|能改吗|可以改吗|能不能改|可以吗|吗)*"
)
_NUMBERED = re.compile(
    r"(?:改|修改|更正|第|把第?|将第?)+\s*(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})(?![下点遍些])\s*(?:项|条|个|行|号|题)?"
    r"|(?<!\d)(?P<m>\d{1,3})\s*(?:项|条|号)?(?=\s*(?:错|不对|改|有误|写错|填错))"
)
_NO_LINE = re.compile(r"\s*(?:口|个|人|万|千|百|块|元|岁|年|月|天|\d|[-.])")
_NUMBERS_ONLY = re.compile(r"(?:改|第|要|我|项|条|号|错|了|不对|\d{1,3}(?!\d)|[\s、，,和。.])+")
_LEAD = re.compile(
    rf"^(?:号码?|数字|金额|地方|信息|那里|这里|这项|那项|这个|那个|那栏|的|上|里|也|还|都|是|\W)*(?:{_WRONG}|{_CHANGE})?\W*"
    r"(?:应该|其实|实际上?|现在|要|得|我要|给我)*(?:改成|改为|更正为|换成|写成|是|为|叫做?|有|:|：)*\s*"
)
_ANEW = re.compile(r"改成|改为|应该是|其实是")
"""What follows is the whole answer; 还有车 adds to it."""
_EDIT = re.compile(r"(?:怎么|咋|能不能|可不可以|可以|能|如何|在哪)(?:里|儿)?(?:改|更正|修改|重填)")
_PLAINLY_ASKS = re.compile(r"[?？]\s*$|[吗么]\W*$|怎么|咋|能不能|如何|多久|为什么|为啥|请问")
_SHORT = 16
"""Letters up to which words that something is wrong, without what is right, are a correction and no story."""
_MOST = 6
"""More answers than this are not offered to choose from."""


def hear(text: str, form: Form, sheet: Sheet, context: Context, at_summary: bool = False) -> Correct | Which | None:
    """The corrections a message makes; None: it makes none."""
    said = fold(text)
    targets = Targets.of(form, sheet, context)
    if (numbered := _numbered(said, targets, at_summary)) is not None:
        return numbered
    bare = re.sub(r"\W", "", plain(said))
    if _ONLY_WRONG.fullmatch(bare):
        return _last_or_any(bare, targets, at_summary)
    said, ask = _without_questions(said)
    if not _TRIGGER.search(plain(said)):
        # 是张桂芬不是张桂芳, without a pause: only if that is what was said before.
        return _contrasted(said, targets) if _JOINED.search(said) else None
    found = _contrasted(said, targets) or _named(said, targets) or _last(said, targets)
    if isinstance(found, Correct) and len(bare) > _SHORT:
        # Long words in which something went wrong (医生说错了…) are a story, unless they say what is right.
        told_ = tuple(change for change in found.changes if change.value is not None or change.refused)
        found = replace(found, changes=told_) if told_ else None
    if isinstance(found, Which) and len(bare) > _SHORT and not found.said:
        return None
    return replace(found, ask=ask) if isinstance(found, Correct) else found


def _without_questions(said: str) -> tuple[str, str]:
    """The text less its questions, and those; 怎么改 belongs to the correction."""
    pieces = clauses(said)
    # 给谁办写错了 has the words of a question in the name of what is wrong.
    questions = [
        clause
        for clause in pieces
        if clause.asks
        and not _EDIT.search(clause.text)
        and not (re.search(f"{_WRONG}|{_CHANGE}", clause.text) and not _PLAINLY_ASKS.search(clause.text))
    ]
    for clause in reversed(questions):
        said = said[: clause.start] + said[clause.end :]
    return said, "，".join(clause.text for clause in questions)


def _numbered(said: str, targets: Targets, at_summary: bool) -> Correct | None:
    """改3, 第3项是…, and at the summary 3 or 3和5."""
    low = plain(said)
    form, answers, today = targets.form, targets.sheet.answers, targets.context.today
    if at_summary and _NUMBERS_ONLY.fullmatch(low):
        paths = [path for number in re.findall(r"\d+", low) for path in paths_of(form, answers, today, int(number))]
        return Correct(tuple(Change(path) for path in dict.fromkeys(paths))) if paths else None
    match = _NUMBERED.search(low)
    if match is None or _NO_LINE.match(said[match.end() :]):
        return None
    paths = [path for path in paths_of(form, answers, today, _value(match["n"] or match["m"])) if path in targets.open]
    if not paths:
        return None
    words = _LEAD.sub("", said[match.end() :])
    changes = [targets.change(path, words) for path in paths]
    return Correct(_told(changes) or tuple(changes))


def _value(words: str) -> int:
    if words.isdigit():
        return int(words)
    digits = "零一二三四五六七八九"
    tens, _, ones = words.rpartition("十")
    if "十" not in words:
        return digits.find(words[-1])
    return max(1, digits.find(tens[-1:]) if tens else 1) * 10 + (digits.find(ones) if ones else 0)


def _contrasted(said: str, targets: Targets) -> Correct | Which | None:
    """不是3口人是4口: the answer that says 3 is meant, if only one does."""
    for pattern in _CONTRASTS:
        for match in pattern.finditer(said):
            found = targets.replacing(match["old"], match["new"], said[: match.start()])
            if len(found) > 1:
                found = {path: value for path, value in found.items() if path in targets.sheet.last_put} or found
            if len(found) == 1:
                return Correct(tuple(Change(path, value) for path, value in found.items()))
            if found:
                return _which(list(found), match["new"])
    return None


def _named(said: str, targets: Targets) -> Correct | Which | None:
    """电话错了，是138…，还有身份证尾号是X: each stretch from one answer's words to the next."""
    marks = targets.marks(said)
    changes: dict[str, Change] = {}
    unsure: Which | None = None
    done = 0
    for index, mark in enumerate(marks):
        stop = marks[index + 1].start if index + 1 < len(marks) else len(said)
        # 工资改成一千五，老伴的养老金…: who stands right before the next word belongs to it.
        after = said[mark.end : stop] if stop == len(said) else re.split(r"[，,。；;]", said[mark.end : stop])[0]
        people = targets.people(said[done : mark.start]) or targets.people(after)
        done = mark.end
        paths = targets.narrowed(mark.paths, people)
        words = _LEAD.sub("", said[mark.end : stop])
        anew = _ANEW.search(said[mark.end : stop]) is not None
        if len(paths) > 1:
            unsure = unsure or _which(paths, words.strip(" ，,。"))
            continue
        for path in paths:
            change = targets.change(path, words, anew)
            if change.value is None and targets.open[path].field.kind in (Kind.CHOICES, Kind.YES_NO):
                # An option is its own word: 房子没有.
                change = targets.change(path, said[mark.start : stop])
            if change.value is None and change.refused is None and stop < len(said):
                # 工作错了，应该是打零工: the new value may itself be the word of another answer.
                change = targets.change(path, _LEAD.sub("", said[mark.end :]), anew)
                if change.value is not None:
                    return Correct((*changes.values(), change))
            if change.value is not None or path not in changes:
                changes[path] = change
    if changes:
        return Correct(tuple(changes.values()))
    return unsure


def _last(said: str, targets: Targets) -> Correct | None:
    """不对，是1500; 上一个应该是1500: the answer given last, with what the rest says to it."""
    last = [path for path in targets.sheet.last_put if path in targets.open]
    rest = _LAST.sub("，", said)
    rest = re.sub(rf"(?:{_WRONG})(?:了|的)?", "，", rest)
    rest = re.sub(r"(?:要|想)?(?:改成|改为|换成|更正为|改一下|改)|应该是|其实是|实际是", "，", rest)
    if not told(rest) or asks(rest):
        return None
    changes = _told([targets.change(path, rest) for path in last])
    if _LAST.search(plain(said)):
        return Correct(changes) if changes else None
    fresh = tuple(
        change for change in changes if change.value is not None and change.value != targets.said(change.path)
    )
    return Correct(fresh) if len(fresh) == 1 and re.match(rf"\W*(?:{_WRONG})", plain(said)) else None


def _last_or_any(bare: str, targets: Targets, at_summary: bool) -> Correct | Which:
    """填错了, and no word of what: the answer given last, if it was one or was plainly meant; at the summary, any."""
    last = [path for path in targets.sheet.last_put if path in targets.open]
    if last and _LAST.search(bare):
        return Correct(tuple(Change(path) for path in last))
    if at_summary or not last:
        return Which()
    return Correct((Change(last[0]),)) if len(last) == 1 else _which(last, "")


def _which(paths: Sequence[str], said: str) -> Which:
    return Which(tuple(paths) if len(paths) <= _MOST else (), said)


def _told(changes: Sequence[Change]) -> tuple[Change, ...]:
    return tuple(change for change in changes if change.value is not None or change.refused)
