"""One message, the fields it may fill: the numbers first, then what has words of its own, last what is left over."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from bot.forms.model import Asked, Field, Kind, split_path
from bot.forms.readers import choices, days, free, identifying, names, places, sums
from bot.forms.readers.base import NOT, Context, Found, Reading, Refused, Result, Said
from bot.forms.readers.members import groups
from bot.forms.readers.plain import asks, clauses, fold, plain, told, without
from bot.language import amounts

_FINDERS = {
    Kind.NAME: names.find,
    Kind.IDENTITY: identifying.find,
    Kind.PHONE: identifying.find,
    Kind.BANK_CARD: identifying.find,
    Kind.MONEY: sums.find,
    Kind.NUMBER: sums.find,
    Kind.DATE: days.find,
    Kind.YES_NO: choices.find,
    Kind.CHOICE: choices.find,
    Kind.CHOICES: choices.find,
    Kind.ADDRESS: places.find,
    Kind.TEXT: free.find,
    Kind.PAPER: free.find,
    Kind.AGREE: free.find,
}
_ORDER = (
    *(Kind.IDENTITY, Kind.PHONE, Kind.BANK_CARD, Kind.DATE, Kind.MONEY, Kind.ADDRESS, Kind.CHOICE, Kind.CHOICES),
    *(Kind.NUMBER, Kind.YES_NO, Kind.NAME, Kind.AGREE, Kind.TEXT),
)
_REST_IS_NOTHING = re.compile(
    r"(?:别的|其他|其它|其余|剩下|另外|再)(?:的|收入|进项|支出|来源)*(?:都|也|就)*(?:没有?|没得|冇|无)|都没有?了?$|没了$|没别的"
)


_SUM_OF_ALL = re.compile(r"一共|总共|加起来|合计|合起来|加一起")
_NO_SUM_BEFORE = re.compile(r"(?:没有?|没得|冇|无|也没)$")
_NO_SUM_AFTER = re.compile(r"(?:的|钱|收入|啥|什么|是|这块|这个)*(?:都|也)?(?:没有?|没得|冇|无|零|0)")


def find(field: Field, text: str, context: Context) -> Found | None:
    """The answer to this field inside a text; places are those of `plain.fold(text)`."""
    return _FINDERS[field.kind](field, text, context)


def read(field: Field, text: str, context: Context) -> Result:
    """The text as the answer to one field."""
    found = find(field, text, context)
    return NOT if found is None else found.result


def read_step(asked: Mapping[str, Asked], text: str, context: Context, over: bool = False) -> Reading:
    """What a message says to these paths; with `over` they are of several members, who are told apart by their names."""
    said = fold(text)
    if not said or not asked:
        return Reading(rest=said)
    if over:
        of_several = _over(asked, said, context)
        if of_several is not None:
            return of_several
    if len(asked) == 1:
        ((path, one),) = asked.items()
        return _collected(said, {path: find(one.field, said, context)})
    return _several(asked, said, context)


def _several(asked: Mapping[str, Asked], said: str, context: Context) -> Reading:
    found: dict[str, Found | None] = {}
    money = [path for path, one in asked.items() if one.field.kind is Kind.MONEY]
    left = said
    if len(money) > 1:
        told_sums = _sums(asked, money, said)
        found |= told_sums
        left = without(left, [(hit.start, hit.end) for hit in told_sums.values() if hit])
    for kind in _ORDER:
        for path, one in asked.items():
            if one.field.kind is not kind or path in found or (kind is Kind.MONEY and len(money) > 1):
                continue
            if kind in (Kind.CHOICE, Kind.CHOICES) and _is_the_number(asked, left):
                continue  # 3 is how many people there are, not the third of options nobody was shown
            if kind is Kind.TEXT and _alone(asked) and _story(left, said):
                # The story is kept whole; what was read out of it stands beside it.
                hit = find(one.field, said, context)
            else:
                hit = _labelled(one.field, asked, left, context)
                if kind is Kind.TEXT and not _story(left, said):
                    hit = None
            if hit is not None and not _of_another(hit, asked):
                found[path] = hit
                # Where a day stands in a sentence is not known: the rest of the sentence is still read.
                # One yes agrees to all that was asked for.
                if kind not in (Kind.DATE, Kind.AGREE):
                    left = without(left, [(hit.start, hit.end)])
    stories = {path for path, one in asked.items() if one.field.kind is Kind.TEXT}
    return _collected(said, found, stories)


def _of_another(hit: Found, asked: Mapping[str, Asked]) -> bool:
    """A phone number where the identity number is wanted too: it answers the question beside it."""
    wanted = {one.field.kind for one in asked.values()}
    return isinstance(hit.result, Refused) and hit.result.key == "form_identity_is_phone" and Kind.PHONE in wanted


def _is_the_number(asked: Mapping[str, Asked], left: str) -> bool:
    return any(one.field.kind is Kind.NUMBER for one in asked.values()) and left.strip().isdecimal()


def _alone(asked: Mapping[str, Asked]) -> bool:
    return sum(one.field.kind is Kind.TEXT for one in asked.values()) == 1


def _story(left: str, said: str) -> bool:
    """Whether what is left over is worth keeping as words: more than scraps around the other answers."""
    return len(told(left)) >= (2 if left == said else 4)


def _labelled(field: Field, asked: Mapping[str, Asked], text: str, context: Context) -> Found | None:
    """Where several fields of one kind are open, the one after its own word: 电话138…，紧急联系人电话139…"""
    alike = [path for path, one in asked.items() if one.field.kind is field.kind]
    if len(alike) == 1 or field.kind in (Kind.CHOICE, Kind.CHOICES):
        # Options are their own words.
        return find(field, text, context)
    if field.kind is Kind.NUMBER and (hit := sums.counted(field, text)) is not None:
        return hit
    marks = _marks(asked, alike, plain(text))
    for index, (start, end, path) in enumerate(marks):
        if asked[path].field is field:
            stop = marks[index + 1][0] if index + 1 < len(marks) else len(text)
            hit = find(field, text[end:stop], context) or find(field, text[start:stop], context)
            return None if hit is None else Found(start, stop, hit.result)
    if marks and field.kind in (Kind.YES_NO, Kind.TEXT):
        text = text[: marks[0][0]]
    return find(field, text, context)


def _sums(asked: Mapping[str, Asked], paths: Sequence[str], said: str) -> dict[str, Found | None]:
    """工资两千三，养老金一百三，别的没有: each sum goes to the word nearest before it in its clause."""
    low = plain(said)
    if sums.is_nothing(said):
        return {path: Found(0, len(said), Said(dict(sums.NOTHING))) for path in paths}
    found = _beside_their_words(asked, paths, low)
    if _REST_IS_NOTHING.search(low) and (found or not amounts.find(low)):
        for path in paths:
            found.setdefault(path, Found(0, 0, Said(dict(sums.NOTHING))))
    if not found and (amount := amounts.parse(low)) is not None:
        # One sum, and several it may be: which one is asked.
        for path in paths:
            field = asked[path].field
            if isinstance(proved := sums.checked(field, amount), Said):
                found[path] = Found(0, len(said), Refused("form_money_which", options=((field.label, proved.value),)))
            else:
                found[path] = Found(0, len(said), proved)
    return found


def _beside_their_words(asked: Mapping[str, Asked], paths: Sequence[str], low: str) -> dict[str, Found | None]:
    found: dict[str, Found | None] = {}
    waiting = ""
    for clause in clauses(low):
        marks = _marks(asked, paths, clause.text)
        if not marks and waiting and amounts.parse(clause.text):
            # 工资嘛，两千三: the sum after the pause.
            if hit := sums.money(asked[waiting].field, clause.text):
                found[waiting] = Found(clause.start, clause.end, hit.result)
            waiting = ""
        before = clause.text[: marks[0][0]] if len(marks) == 1 else ""
        for index, (_, end, path) in enumerate(marks):
            stop = marks[index + 1][0] if index + 1 < len(marks) else len(clause.text)
            result = _sum_beside(asked[path].field, before, clause.text[end:stop])
            waiting = path if result is None else ""
            if result is not None:
                found.setdefault(path, Found(clause.start, clause.end, result))
    return found


def _sum_beside(field: Field, before: str, after: str) -> Said | Refused | None:
    """The sum after a word (工资两千三), or before it (两千三工资); 没有 on either side is none."""
    hit = sums.money(field, after)
    if hit is None and before:
        hit = sums.money(field, before)
    if hit is not None:
        return hit.result
    if _NO_SUM_BEFORE.search(before) or _NO_SUM_AFTER.match(after):
        return Said(dict(sums.NOTHING))
    return None


def _marks(asked: Mapping[str, Asked], paths: Sequence[str], low: str) -> list[tuple[int, int, str]]:
    """Where each kind of money is named, the longest words first: 养老金 is no 老."""
    words = sorted(
        {(plain(word), path) for path in paths for word in (asked[path].field.label, *asked[path].field.words) if word},
        key=lambda one: (-len(one[0]), one[0]),
    )
    taken: list[tuple[int, int, str]] = []
    for word, path in words:
        start = low.find(word)
        while start >= 0:
            end = start + len(word)
            if not any(start < last and first < end for first, last, _ in taken):
                taken.append((start, end, path))
            start = low.find(word, end)
    return sorted(taken)


def _over(asked: Mapping[str, Asked], said: str, context: Context) -> Reading | None:
    """Who is healthy, who is not: each named group with what is said of it; whoever is named last counts. None where
    nobody is named and only one is asked about."""
    text = plain(said)
    by_member: dict[int, dict[str, Asked]] = {}
    for path, one in asked.items():
        by_member.setdefault(split_path(path)[0], {})[path] = one
    values: dict[str, Any] = {}
    refused: dict[str, Refused] = {}
    spans: list[tuple[int, int]] = []
    for group in groups(text, context.form, context.answers, context):
        start, stop = group.chunk
        chunk = text[start:stop].strip("，,。；; ")
        if not chunk or asks(chunk):
            continue
        for number in group.members:
            mine = by_member.get(number, {})
            if len(group.members) > 1 and _SUM_OF_ALL.search(chunk) and amounts.parse(_SUM_OF_ALL.sub("，", chunk)):
                # 我们俩一共三百: whose is how much is not said.
                refused |= {path: Refused("form_money_each") for path in mine}
                spans.append((group.start, stop))
                continue
            reading = read_step(mine, chunk, replace(context, member=number))
            values |= reading.values
            refused |= reading.refused
            if reading.values or reading.refused:
                spans.append((group.start, stop))
    if not values and not refused and not spans:
        return _of_nobody(asked, said, context) if len(by_member) > 1 else None
    money = [path for path, one in asked.items() if one.field.kind is Kind.MONEY]
    if values and len(money) == len(asked) and _REST_IS_NOTHING.search(text):
        for path in money:
            values.setdefault(path, dict(sums.NOTHING))
    refused = {path: why for path, why in refused.items() if path not in values}
    rest = "，".join(clause.text for clause in clauses(without(said, spans)))
    return Reading(values, refused, rest)


def _of_nobody(asked: Mapping[str, Asked], said: str, context: Context) -> Reading:
    """健康, and not who: no one is guessed. Only 没有 to all questions about money is everybody's."""
    if all(one.field.kind is Kind.MONEY for one in asked.values()) and sums.is_nothing(said):
        return Reading({path: dict(sums.NOTHING) for path in asked})
    hits = {path: find(one.field, said, context) for path, one in asked.items()}
    return Reading(refused={path: Refused("form_who") for path, hit in hits.items() if hit is not None}, rest=said)


def _collected(said: str, found: Mapping[str, Found | None], stories: Set[str] = frozenset()) -> Reading:
    """Values, refusals and what is left; a refusal that lies inside a proved answer (but a story) was none."""
    hits = {path: hit for path, hit in found.items() if hit is not None}
    proved = [hit for path, hit in hits.items() if isinstance(hit.result, Said) and path not in stories]
    values: dict[str, Any] = {path: hit.result.value for path, hit in hits.items() if isinstance(hit.result, Said)}
    refused: dict[str, Refused] = {
        path: hit.result
        for path, hit in hits.items()
        if isinstance(hit.result, Refused)
        and not any(hit.start < other.end and other.start < hit.end for other in proved)
    }
    kept = [hit for path, hit in hits.items() if path in values or path in refused]
    rest = without(said, [(hit.start, hit.end) for hit in kept if hit.end > hit.start])
    return Reading(values, refused, "，".join(clause.text for clause in clauses(rest)))
