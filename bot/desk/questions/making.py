"""From a question to an answer: a draft with the residents' own wording, or the wording put to an answer that exists.

What is accepted is a proposal like any other: somebody else approves it. What is refused does not come back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.audit import Deed
from bot.desk.asking_ports import Decision
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.desk.publicity import beginning, proposals
from bot.desk.publicity.theirs import WRITE
from bot.desk.publicity.theirs import needs as needs_right
from bot.desk.publicity_ports import WRITABLE, Proposal
from bot.desk.questions.board import DRAFT, DROPPED, Looked
from bot.desk.questions.seeing import needs
from bot.errors import BadInput, Conflict
from bot.knowledge import entry as kinds
from bot.knowledge.fields import NATION
from bot.knowledge.search.lexical import Lexical, grams
from bot.knowledge.search.reading import readable, readable_phrasing
from bot.language.impersonal import wording
from bot.language.normalise import match_key
from bot.staff import Staff, covers

_NEAR = 3
_LEAST_LEXICAL = 0.3
"""Below this share of characters an answer is nowhere near: offering it would only be in the way."""
_MOST_WORDINGS = 12
_LONGEST_TITLE = 30


@dataclass(frozen=True, slots=True)
class Near:
    """An answer that may be meant, and the wordings it does not have yet."""

    entry: str
    title: str
    text: str
    score: float
    wordings: Sequence[str]
    theirs: bool
    """Whether somebody may write in it."""


async def near(desk: Desk, staff: Staff, looked: Looked) -> list[Near]:
    """The published answers nearest to a group, less those refused for it."""
    wordings = clean(looked.wordings)
    if not wordings:
        return []
    async with desk.store.reading() as work:
        refused = (await work.questions.refused([looked.row.team.id])).get(looked.row.team.id, ())
        found: list[Near] = []
        for entry, score in await _nearest(desk, wordings[0]):
            answer = desk.edition.answers.get(entry)
            if answer is None or entry in refused:
                continue
            judged = await work.questions.judged(entry, wordings)
            have = {match_key(one) for one in (answer.title, *answer.phrasings)}
            fresh = [one for one in wordings if one not in judged and match_key(one) not in have]
            if fresh:
                theirs = covers(staff, answer.scope.region, desk.regions)
                found.append(Near(entry, answer.title, answer.text, score, fresh, theirs))
    return found[:_NEAR]


def clean(shown: Sequence[str]) -> list[str]:
    """The wordings without what was covered in them, each once."""
    found = {match_key(said): said for one in shown if len(said := wording(one)) > 1}
    return list(found.values())[:_MOST_WORDINGS]


async def draft(desk: Desk, staff: Staff, looked: Looked) -> Proposal:
    """A new answer, its first wordings those of the group. Raises Conflict if the group has a draft or an answer already."""
    wordings = clean(looked.wordings)
    if not wordings:
        raise BadInput("这一组去掉个人信息后没有可用的问法，请直接新建答案")
    team, row = looked.row.team.id, looked.row
    if row.state in (DRAFT, "answered"):
        raise Conflict("这一组已经有人写了答案，请打开那一份接着写")
    note = f"居民问了{row.team.asked}次，来自提问列表"
    async with desk.store.writing() as work:
        programme = looked.asked[0][0].programme if looked.asked else ""
        data = new_answer(desk, staff, programme, wordings)
        made = await proposals.open_in(
            desk, work, staff, kinds.ANSWER, str(data["id"]), data, note=note, source=f"question:{team}"
        )
        await work.questions.decide(Decision(team, DRAFT, made.id, staff.id, desk.clock.now()))
        await work.commit()
    return made


async def suggest(desk: Desk, staff: Staff, looked: Looked, entry: str, chosen: Sequence[str]) -> Proposal:
    """Put wordings of a group to an answer that exists: into its open draft, or into a new one."""
    needs(staff)
    answer = desk.edition.answers.get(entry)
    if answer is None:
        raise BadInput("这条答案已经不在了，请刷新后再选")
    wordings = [one for one in clean(looked.wordings) if one in chosen]
    if not wordings:
        raise BadInput("请至少勾一种问法")
    needs_right(staff, WRITE)
    team, now = looked.row.team.id, desk.clock.now()
    async with desk.store.reading() as work:
        base = await work.proposals.open_for(kinds.ANSWER, entry)
    if base is not None:
        if base.state not in WRITABLE:
            raise Conflict(f"“{answer.title}”有一份改动正在等审核，等它有了结果再加问法")
        await proposals.save(desk, staff, base.id, base.version, _added(base.data or {}, wordings))
    async with desk.store.writing() as work:
        made = base or await _begun(desk, work, staff, entry, wordings, team)
        for one in wordings:
            await work.questions.judge(team, entry, one, True, made.id, staff.id, now)
        await work.questions.decide(Decision(team, DRAFT, made.id, staff.id, now))
        await work.commit()
    return made


async def refuse(desk: Desk, staff: Staff, looked: Looked, entry: str) -> None:
    """These wordings do not mean this answer: it is not offered for them again."""
    needs_right(staff, WRITE)
    team, now = looked.row.team.id, desk.clock.now()
    async with desk.store.writing() as work:
        for one in clean(looked.wordings):
            await work.questions.judge(team, entry, one, False, "", staff.id, now)
        await work.audit.add(staff.id, Deed.CHANGE, f"questions:{team}", now, about={"refused": entry})
        await work.commit()


async def drop(desk: Desk, staff: Staff, looked: Looked, back: bool = False) -> None:
    """Nothing is to be made of a group; `back`: after all it is."""
    needs_right(staff, WRITE)
    team, now = looked.row.team.id, desk.clock.now()
    async with desk.store.writing() as work:
        await work.questions.decide(Decision(team, "" if back else DROPPED, "", staff.id, now))
        await work.audit.add(staff.id, Deed.CHANGE, f"questions:{team}", now, about={"dropped": not back})
        await work.commit()


def new_answer(desk: Desk, staff: Staff, programme: str, wordings: Sequence[str], text: str = "") -> dict[str, Any]:
    """An unfinished answer: its boxes as an editor finds them, with what residents said."""
    data = beginning.blank(desk, staff, kinds.ANSWER, programme)
    if data.get("scope", {}).get("region", NATION) == NATION and not covers(staff, NATION, desk.regions):
        data["scope"] = data.get("scope", {}) | {"region": staff.regions[0]}
    data |= {"title": wordings[0][:_LONGEST_TITLE], "phrasings": list(wordings)} | ({"text": text} if text else {})
    return beginning.named(kinds.ANSWER, data)


async def _begun(desk: Desk, work: Work, staff: Staff, entry: str, wordings: Sequence[str], team: str) -> Proposal:
    """A draft of the published answer with these wordings added."""
    published = (await proposals.published_entries(work, await work.editions.head())).get((kinds.ANSWER, entry))
    if published is None:
        raise BadInput("这条答案已经不在了，请刷新后再选")
    note = f"居民这样问：加{len(wordings)}种问法"
    data = _added(published.data, wordings)
    return await proposals.open_in(desk, work, staff, kinds.ANSWER, entry, data, note=note, source=f"question:{team}")


def _added(data: Mapping[str, Any], wordings: Sequence[str]) -> dict[str, Any]:
    have = [str(one) for one in data.get("phrasings", ())]
    known = {match_key(one) for one in have}
    return {**data, "phrasings": [*have, *(one for one in wordings if match_key(one) not in known)]}


async def _nearest(desk: Desk, text: str) -> list[tuple[str, float]]:
    """By meaning where this process has encoders, else by shared characters. More than are shown: some are refused."""
    if desk.meaning is not None:
        return [(one.entry, one.score) for one in await desk.meaning.near(desk.edition, text, 2 * _NEAR)]
    phrasings = [(one.id, said) for one in desk.edition.answers.values() for said in (one.title, *one.phrasings)]
    if not phrasings:
        return []
    scores = Lexical.build([readable_phrasing(said) for _, said in phrasings]).score(grams(readable(text)))
    best: dict[str, float] = {}
    for (entry, _), score in zip(phrasings, scores.tolist(), strict=True):
        if score >= _LEAST_LEXICAL:
            best[entry] = max(best.get(entry, 0.0), score)
    return sorted(best.items(), key=lambda one: (-one[1], one[0]))[: 2 * _NEAR]
