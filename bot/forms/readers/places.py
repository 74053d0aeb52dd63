"""Addresses: a division of the tree and the words after it. A name with several meanings is asked, never guessed."""

from __future__ import annotations

import re

from bot.forms.model import Field, Kind, State
from bot.forms.readers.base import Context, Found, Refused, Said
from bot.forms.readers.plain import asks, clauses, fold
from bot.regions import PlaceMatch, Region

_DETAIL = re.compile(
    r"街道|[镇乡村屯寨组社]|社区|小区|[路街巷弄]|大道|\d+号|[栋幢座室楼]|门牌|公寓|宿舍"
    r"|医院|车站|救助站|桥|广场|宾馆|旅馆|工地|学校"
)
_SAME = re.compile(
    r"(?:跟|和|与|同)?(?:户口|户籍|户口本|身份证|上面|前面|刚才|老家)?(?:上的?|的?地址|那里|那个)*(?:一样|相同|一致|同上|没变|不变|是同一个)|同上|一样的?|就是户口(?:所在)?地"
)
_WANTS_DETAIL = re.compile(r"街道|门牌|详细|[镇村]|小区|几号")
_OTHER = re.compile(r"住|户口|户籍|现在|电话|手机|身份证|农村|城镇|到期|有效|我|人$")
_LEAD = re.compile(r"^(?:我|俺|家|人|户口|户籍|老家|现在|目前|住|住址|地址|在|是|的|就|常|:|\s|，|,)+")
_TAIL = re.compile(r"[\s，,。.!！]+$|(?:这边|那边|这里|那里|的)$")
_MOST_CANDIDATES = 6


def find(field: Field, text: str, context: Context) -> Found | None:
    """The place a text names, down to its county, and the detail after it."""
    said = fold(text)
    if asks(said):
        said = "，".join(clause.text for clause in clauses(said) if not clause.asks)
    if _SAME.fullmatch(re.sub(r"[\W]|的$|现在|住的?|地址|是|就", "", said)):
        return _same(field, said, context)
    matches = [one for one in context.regions.find(said) if any(region.level for region in one.candidates)]
    if not matches:
        return _inside(field, said, context)
    match = _first(matches, context)
    regions = _narrowed(match.candidates, context)
    end = _detail_end(said, match.end)
    detail = _TAIL.sub("", said[match.end : end].strip(" ，,、:：")).strip()
    found = (match.start, end)
    if len(regions) > 1:
        return Found(*found, _which(regions, detail, context))
    region = regions[0]
    if region.level < 3 and context.regions.children(region.code):
        return Found(*found, Refused("form_address_county", {"place": context.regions.full_name(region.code)}))
    return Found(*found, _placed(field, region.code, detail, context))


def _first(matches: list[PlaceMatch], context: Context) -> PlaceMatch:
    """The address begins at the first place that reaches a county; 老家河南，现住洪山区 is about the last."""
    deep = [one for one in matches if any(region.level == 3 for region in one.candidates)]
    return (deep or matches)[0]


def _detail_end(said: str, start: int) -> int:
    """Where the words after a place stop being part of the address: 洪山区，关山街道3号，也住那里."""
    end = start
    for clause in clauses(said[start:]):
        first = clause.start == 0
        if not first and (not _DETAIL.search(clause.text) or _OTHER.search(clause.text)):
            break
        end = start + clause.end
    return end


def _narrowed(regions: tuple[Region, ...], context: Context) -> tuple[Region, ...]:
    """Of several with one name, those where the talk is, if it is any."""
    if len(regions) > 1 and context.region:
        chain = context.regions.chain(context.region)
        for wider in chain[:-1]:
            here = tuple(region for region in regions if context.regions.is_within(region.code, wider.code))
            if here:
                return here
    return regions


def _which(regions: tuple[Region, ...], detail: str, context: Context) -> Refused:
    options = tuple(
        (context.regions.full_name(region.code), {"region": region.code, "detail": detail})
        for region in regions[:_MOST_CANDIDATES]
    )
    return Refused("form_address_which", options=options)


def _inside(field: Field, said: str, context: Context) -> Found | None:
    """Only a street or village: it is in the county the talk is about, if there is one."""
    detail = _TAIL.sub("", _LEAD.sub("", said)).strip()
    if not _DETAIL.search(detail) or len(detail) < 3 or asks(said):
        return None
    region = context.regions.get(context.region) if context.region else None
    if region is None or (region.level < 3 and context.regions.children(region.code)):
        return Found(0, len(said), Refused("form_address_where"))
    return Found(0, len(said), Said({"region": region.code, "detail": detail}))


def _placed(field: Field, code: str, detail: str, context: Context) -> Said | Refused:
    if not detail and _WANTS_DETAIL.search(field.ask + field.example):
        return Refused("form_address_detail", {"place": context.regions.full_name(code)})
    return Said({"region": code, "detail": detail})


def _same(field: Field, said: str, context: Context) -> Found | None:
    """和户口一样: the other address of this form, if there is exactly one."""
    keys = {one.field.key for step in context.form.steps for one in step.fields if one.field.kind is Kind.ADDRESS}
    values = [
        given.value
        for path, given in context.answers.items()
        if path in keys and path != field.key and given.state is State.SAID
    ]
    return Found(0, len(said), Said(dict(values[0]))) if len(values) == 1 else None
