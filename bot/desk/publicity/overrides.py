"""National text and what provinces, cities and counties say otherwise: what a local answer differs in, and a draft of one."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from bot.desk.desk import Desk
from bot.desk.ports import Entry
from bot.desk.publicity.proposals import start
from bot.desk.publicity_ports import Proposal
from bot.errors import BadInput, Conflict
from bot.knowledge import entry as kinds
from bot.knowledge.answers import Answer
from bot.knowledge.edition import Edition
from bot.knowledge.fields import NATION, knows
from bot.knowledge.side_by_side import SAME, Pair, side_by_side
from bot.knowledge.workbook.sheets import CHANNEL_NAMES
from bot.regions import RegionTree
from bot.staff import Staff

ABOVE, BELOW, HERE = "above", "below", "here"


@dataclass(frozen=True, slots=True)
class Version:
    """Another answer on the same topic. `relation`: for a wider place, a narrower one, or this place at other days or on
    other channels."""

    answer: Answer
    relation: str


def above(edition: Edition, answer: Answer) -> Answer | None:
    """The published answer of the nearest wider place that this one takes the place of."""
    chain = edition.chain(answer.scope.region)[1:]
    wider = [one for one in edition.on_topic(answer.topic) if one.scope.region in chain and _days_meet(one, answer)]
    return min(wider, key=lambda one: (chain.index(one.scope.region), bool(one.scope.channels)), default=None)


def versions(edition: Edition, answer: Answer) -> tuple[Version, ...]:
    """All others on its topic that a resident of its place, or of one around or below it, can meet."""
    tree, region = edition.regions, answer.scope.region
    found = [
        Version(one, relation)
        for one in edition.on_topic(answer.topic)
        if one.id != answer.id and (relation := _relation(tree, one.scope.region, region))
    ]
    return tuple(sorted(found, key=lambda one: (one.answer.scope.region, one.answer.scope.first, one.answer.id)))


def differing(local: Answer, wider: Answer) -> tuple[Pair, ...]:
    """What residents read otherwise here, line by line; empty when it is the same."""
    pairs = side_by_side(_read(wider), _read(local))
    return () if all(pair.how == SAME for pair in pairs) else pairs


async def write_another(desk: Desk, staff: Staff, key: str, region: str = "", channel: str = "") -> Proposal:
    """A draft of a published answer for a narrower place, or for one channel: the text of the wider one to begin with.
    Raises BadInput where that would be no version of its own, Conflict if somebody writes it already."""
    answer = desk.edition.answers.get(key)
    if answer is None:
        raise BadInput("这条答案已经不在现用的版本里了；请回到列表重新选")
    place = region or answer.scope.region
    if channel not in ("", *CHANNEL_NAMES):
        raise BadInput("请从列表里选渠道")
    if not knows(desk.regions, place) or not desk.regions.is_within(place, answer.scope.region):
        raise BadInput(f"“{region}”不在这条答案管的地方里面；请选下面的省、市或区县")
    if place == answer.scope.region and not channel:
        raise BadInput("请选一个下级的地方，或者一个渠道")
    data = _data(await _entry(desk, key), place, channel)
    async with desk.store.reading() as work:
        taken = await work.proposals.open_for(kinds.ANSWER, data["id"])
    if taken is not None or data["id"] in desk.edition.answers:
        raise Conflict("这个地方或渠道已经有一份了；请打开那一份来改")
    return await start(desk, staff, kinds.ANSWER, data["id"], data)


async def _entry(desk: Desk, key: str) -> Entry:
    async with desk.store.reading() as work:
        for entry in await work.editions.read(desk.edition.number):
            if (entry.kind, entry.key) == (kinds.ANSWER, key):
                return entry
    raise BadInput("这条答案已经不在现用的版本里了；请回到列表重新选")


def _data(entry: Entry, place: str, channel: str) -> dict[str, Any]:
    data: dict[str, Any] = deepcopy(dict(entry.data))
    scope: Mapping[str, Any] = data["scope"]
    local = place != str(scope.get("region") or NATION)
    data["id"] = "-".join(filter(None, (entry.key, place if local else "", channel)))
    data["scope"] = {**scope} | ({"region": place} if local else {}) | ({"channels": [channel]} if channel else {})
    return data


def _relation(tree: RegionTree, other: str, region: str) -> str:
    if other == region:
        return HERE
    return ABOVE if tree.is_within(region, other) else BELOW if tree.is_within(other, region) else ""


def _days_meet(one: Answer, other: Answer) -> bool:
    ours, theirs = one.scope, other.scope
    return (theirs.last is None or ours.first <= theirs.last) and (ours.last is None or theirs.first <= ours.last)


def _read(answer: Answer) -> list[str]:
    """What reaches a resident, as lines."""
    clauses = [f"依据：{one.document}{one.clause}" for one in (*answer.basis, *answer.history)]
    return [answer.title, *answer.text.strip().split("\n"), f"短答案：{answer.short.strip()}", *clauses]
