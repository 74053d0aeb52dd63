"""The board of questions nobody answered well: groups by meaning, how many, where, since when, and what was made of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.asking import NAMES, Ended
from bot.audit import Deed
from bot.clock import today
from bot.desk.asking_ports import (
    DISLIKED,
    FAILED,
    UNHELPED,
    UNRESOLVED,
    Asked,
    Decision,
    Number,
    Proposed,
    Run,
    Team,
    Wanted,
)
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.desk.publicity_ports import OPEN, Proposal, State
from bot.desk.questions import seeing
from bot.desk.questions.seeing import FEW, WEEKS, place_called, places, shown, weeks_until
from bot.errors import BadInput
from bot.staff import Staff

KINDS: Mapping[str, str] = {
    UNHELPED: "没答好",
    FAILED: "没答上来",
    DISLIKED: "说没解决",
    Ended.REDIRECTED: "指到别处",
    Ended.ANSWERED: "答上了",
    "": "全部",
}
NAMES_OF_KINDS: Mapping[str, str] = {**{str(how): name for how, name in NAMES.items()}, **KINDS, UNRESOLVED: "没解决"}
SPANS: Mapping[int, str] = {1: "本周", 4: "4周", 8: "8周", 26: "半年"}
MOST = 100
_EXAMPLES, _LISTED = 12, 200
DRAFT, DROPPED, ANSWERED = "draft", "dropped", "answered"


@dataclass(frozen=True, slots=True)
class Row:
    """One group on the board."""

    team: Team
    words: str
    """Its most typical wording."""
    number: int
    """Of the kind looked for."""
    weeks: Sequence[int]
    """In each of the last weeks, the newest last."""
    places: Sequence[tuple[str, int]]
    """Called, and how often; the most first."""
    state: str
    """draft, answered (published since), dropped; empty: nothing was made of it yet."""
    proposal: str

    @property
    def change(self) -> int:
        """The last whole week against the one before: this one is not over yet."""
        return self.weeks[-2] - self.weeks[-3]


@dataclass(frozen=True, slots=True)
class Board:
    rows: Sequence[Row]
    settled: int
    """Groups that were left out because something was made of them."""
    few: int
    """Groups left out because so few people of one place asked that they could be found by it."""
    run: Run | None
    waiting: int
    """Questions without a group yet."""
    handed_on: Sequence[Proposed]
    """What officers propose."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One group in full."""

    row: Row
    people: int
    wordings: Sequence[str]
    """As they may be shown: what a decision is made about."""
    ended: Sequence[tuple[str, str, int]]
    """How they ended: (code, called, how often)."""
    asked: Sequence[tuple[Asked, str, str]]
    """The newest, with the place as it may be told and the words as they may be shown."""
    decision: Decision | None
    proposals: Sequence[Proposal]


async def board(
    desk: Desk, staff: Staff, kind: str = UNHELPED, weeks: int = 4, place: str = "", settled: bool = False
) -> Board:
    """Groups with questions of a kind, the most first. `settled`: those too, of which something was made."""
    if kind not in KINDS:
        raise BadInput("没有这一类，请从列表里选")
    wanted = seeing.wanted(desk, staff, weeks, place, outcome=kind)
    async with desk.store.reading() as work:
        teams = await work.questions.teams(wanted, MOST)
        found = await rows(desk, work, wanted, teams)
        run, waiting = await work.questions.last_run(), await work.questions.ungrouped()
        handed_on = await work.questions.proposed(staff.regions, MOST)
    narrow = bool(place) and desk.regions.get(place).level > 2
    seen = [row for row in found if not narrow or row.team.people >= FEW]
    open_ = [row for row in seen if settled or not row.state]
    return Board(open_, len(seen) - len(open_), len(found) - len(seen), run, waiting, handed_on)


async def look(desk: Desk, staff: Staff, team: str, weeks: int = 26) -> Looked:
    """One group; that somebody read its wordings stands in the audit log. Raises BadInput where nothing of it is theirs."""
    wanted = seeing.wanted(desk, staff, weeks, team=team)
    async with desk.store.writing() as work:
        found = await work.questions.teams(wanted, 1)
        if not found:
            raise BadInput("这一组提问已经不在了，请回到列表再看")
        (row,) = await rows(desk, work, wanted, found)
        originals = (await work.questions.examples(wanted, [team], _EXAMPLES)).get(team, ())
        ended = await work.questions.count(wanted, "outcome")
        listed = await work.questions.list(wanted, _LISTED)
        counted = {one.key[0]: one.people for one in await work.questions.count(wanted, "region")}
        decided = await work.questions.decisions([team])
        proposals = await work.proposals.list(source=f"question:{team}")
        await work.audit.add(
            staff.id, Deed.READ, f"questions:{team}", desk.clock.now(), about={"asked": row.team.asked}
        )
        await work.commit()
    people = row.team.people
    return Looked(
        row,
        people,
        [shown(desk, words, people) for words in originals],
        [(one.key[0], NAMES[Ended(one.key[0])], one.number) for one in ended],
        [
            (
                one,
                place_called(desk, seeing.place_told(desk, one.region, counted.get(one.region, 0))),
                shown(desk, one.words, people),
            )
            for one in listed
        ],
        decided[0] if decided else None,
        proposals,
    )


async def rows(desk: Desk, work: Work, wanted: Wanted, teams: Sequence[Team]) -> list[Row]:
    """Groups as the board shows them."""
    ids = [team.id for team in teams]
    said = await work.questions.examples(wanted, ids, 1)
    mondays = weeks_until(today(desk.clock))
    long = replace(wanted, since=min(mondays[0], wanted.since))
    by_week: dict[str, dict[str, int]] = defaultdict(dict)
    for one in await work.questions.count(long, "team", "week"):
        by_week[one.key[0]][one.key[1]] = one.number
    by_place: dict[str, list[Number]] = defaultdict(list)
    for one in await work.questions.count(wanted, "team", "region"):
        by_place[one.key[0]].append(replace(one, key=one.key[1:]))
    numbers = {one.key[0]: one.number for one in await work.questions.count(wanted, "team")}
    states = await _states(work, ids)
    return [
        Row(
            team,
            shown(desk, (said.get(team.id) or ("",))[0], team.people),
            numbers.get(team.id, 0),
            [by_week[team.id].get(monday.isoformat(), 0) for monday in mondays],
            [(place_called(desk, code), number) for code, number in places(desk, by_place[team.id]).items()],
            *states.get(team.id, ("", "")),
        )
        for team in teams
    ]


async def _states(work: Work, teams: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    """What was made of each group: a draft that is open, an answer that was published, or nothing on purpose."""
    if not teams:
        return {}
    found: dict[str, tuple[str, str]] = {}
    decided = await work.questions.decisions(teams)
    drafts = {one.proposal for one in decided if one.proposal}
    stand = {one.id: one.state for one in await work.proposals.several(sorted(drafts))} if drafts else {}
    for one in decided:
        if one.state == DROPPED:
            found[one.team] = (DROPPED, "")
        elif stand.get(one.proposal) in OPEN:
            found[one.team] = (DRAFT, one.proposal)
        elif stand.get(one.proposal) is State.PUBLISHED:
            found[one.team] = (ANSWERED, one.proposal)
    return found


__all__ = [
    "ANSWERED",
    "DRAFT",
    "DROPPED",
    "KINDS",
    "SPANS",
    "WEEKS",
    "Board",
    "Looked",
    "Row",
    "board",
    "look",
    "rows",
    "weeks_until",
]
