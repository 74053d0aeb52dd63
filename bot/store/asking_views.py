"""What people asked, counted: how each question ended, what came after it, and the groups by meaning."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, not_, or_, select, true

from bot.asking import NOT_OURS, SOON, UNCLEAR, Ended
from bot.desk.asking_ports import DISLIKED, FAILED, UNHELPED, UNRESOLVED, Asked, Number, Team, Use, Wanted
from bot.knowledge.entry import ANSWER
from bot.store.asking_made import MadeOfQuestions
from bot.store.asking_tables import asked
from bot.store.case_views import within
from bot.store.room import below
from bot.store.tables import edition_entries, editions, entries

_BY_CONVERSATION: Any = {"partition_by": asked.c.conversation, "order_by": (asked.c.second, asked.c.id)}
_SOON = int(SOON.total_seconds())
_NEVER = _SOON + 1
_MOST_EXAMPLES = 40
"""Rows read of a group to find so many different wordings."""


class QuestionViews(MadeOfQuestions):
    async def teams(self, wanted: Wanted, limit: int) -> Sequence[Team]:
        of = _asked(wanted)
        kinds = _kinds(of)
        these = _these(of, wanted)
        statement = (
            select(
                of.c.team,
                func.count().label("asked"),
                _sum(kinds[FAILED]).label("failed"),
                _sum(kinds[DISLIKED]).label("disliked"),
                func.count(case((these, of.c.conversation)).distinct()).label("people"),
                func.min(case((these, of.c.day))).label("first"),
                func.max(case((these, of.c.day))).label("last"),
            )
            .where(*_where(of, wanted), of.c.team != "")
            .group_by(of.c.team)
            .having(_sum(these) > 0)
            .order_by(_sum(these).desc(), func.max(case((these, of.c.day))).desc(), of.c.team)
            .limit(limit)
        )
        return [
            Team(row.team, row.asked, int(row.failed), int(row.disliked), row.people, row.first, row.last)
            for row in await self._link.all(statement)
        ]

    async def examples(self, wanted: Wanted, teams: Collection[str], each: int) -> Mapping[str, Sequence[str]]:
        of = _asked(wanted)
        rank = func.row_number().over(partition_by=of.c.team, order_by=(of.c.place, of.c.id)).label("rank")
        fitting = (*_where(of, wanted), _these(of, wanted), of.c.words.is_not(None), of.c.team.in_(list(teams)))
        typical = select(of.c.id, of.c.team, of.c.words, rank).where(*fitting).subquery("typical")
        rows = select(typical).where(typical.c.rank <= (1 if each == 1 else _MOST_EXAMPLES)).order_by(typical.c.rank)
        found: dict[str, list[str]] = {}
        for row in await self._link.all(rows):
            wordings = found.setdefault(row.team, [])
            if len(wordings) < each and (words := self._words(row.words, row.id)) not in wordings:
                wordings.append(words)
        return found

    async def count(self, wanted: Wanted, *by: str) -> Sequence[Number]:
        of = _asked(wanted)
        keys = [of.c[name] for name in by]
        statement = (
            select(*keys, func.count().label("number"), func.count(of.c.conversation.distinct()).label("people"))
            .where(*_where(of, wanted), _these(of, wanted))
            .group_by(*keys)
            .order_by(*keys)
        )
        return [Number(tuple(row)[: len(by)], row.number, row.people) for row in await self._link.all(statement)]

    async def uses(self, wanted: Wanted) -> Sequence[Use]:
        of = _asked(wanted)
        kinds = _kinds(of)
        statement = (
            select(
                of.c.entry,
                func.count().label("given"),
                _sum(kinds[UNRESOLVED]).label("unresolved"),
                _sum(kinds[DISLIKED]).label("disliked"),
                func.count(of.c.conversation.distinct()).label("people"),
            )
            .where(*_where(of, wanted), of.c.outcome == Ended.ANSWERED, of.c.entry != "")
            .group_by(of.c.entry)
            .order_by(func.count().desc(), of.c.entry)
        )
        return [
            Use(row.entry, row.given, int(row.unresolved), int(row.disliked), row.people)
            for row in await self._link.all(statement)
        ]

    async def list(self, wanted: Wanted, limit: int) -> Sequence[Asked]:
        of = _asked(wanted)
        fitting = select(of).where(*_where(of, wanted), _these(of, wanted))
        return [self._read(row) for row in await self._link.all(fitting.order_by(of.c.id.desc()).limit(limit))]

    async def ages(self, edition: int) -> Mapping[str, datetime]:
        here = (
            select(entries.c.hash, entries.c.key)
            .join(edition_entries, edition_entries.c.hash == entries.c.hash)
            .where(edition_entries.c.edition == edition, entries.c.kind == ANSWER)
            .subquery("here")
        )
        since = (
            select(here.c.key, func.min(editions.c.published_at).label("since"))
            .join(edition_entries, edition_entries.c.hash == here.c.hash)
            .join(editions, editions.c.number == edition_entries.c.edition)
            .group_by(here.c.key)
        )
        return {row.key: row.since for row in await self._link.all(since)}

    def _read(self, row: Row[Any]) -> Asked:
        return Asked(
            id=row.id,
            conversation=row.conversation,
            region=row.region,
            channel=row.channel,
            outcome=Ended(row.outcome),
            reason=row.reason,
            entry=row.entry,
            programme=row.programme,
            score=row.score,
            at=row.at,
            words=self._words(row.words, row.id) if row.words else "",
            team=row.team,
        )

    def _words(self, record: bytes, row: str) -> str:
        return self._ring.open(record, "asked", row, "words").decode("utf-8", "ignore")


def _asked(wanted: Wanted) -> Any:
    """The questions of these days, each with what came next in its conversation."""
    return (
        select(
            asked,
            func.lead(asked.c.outcome).over(**_BY_CONVERSATION).label("then"),
            func.lead(asked.c.entry).over(**_BY_CONVERSATION).label("then_entry"),
            func.lead(asked.c.second).over(**_BY_CONVERSATION).label("then_second"),
        )
        .where(asked.c.day >= wanted.since.isoformat(), asked.c.day <= wanted.until.isoformat())
        .subquery("questions")
    )


def _kinds(of: Any) -> Mapping[str, ColumnElement[bool]]:
    """Which questions found no answer, whose answer was said not to help, and whose answer did not settle the matter.
    Never NULL, so that each can be turned around."""
    then, soon = func.coalesce(of.c.then, ""), func.coalesce(of.c.then_second - of.c.second, _NEVER) <= _SOON
    answered = of.c.outcome == Ended.ANSWERED
    unclear = and_(of.c.outcome == Ended.CLARIFIED, of.c.reason == UNCLEAR)
    failed = or_(
        and_(of.c.outcome == Ended.DECLINED, of.c.reason != NOT_OURS),
        and_(unclear, not_(and_(soon, then == Ended.ANSWERED))),
    )
    disliked = and_(answered, soon, then == Ended.DISLIKED)
    again = and_(then == Ended.ANSWERED, func.coalesce(of.c.then_entry, "") == of.c.entry, of.c.entry != "")
    unresolved = and_(answered, soon, or_(then.in_((Ended.DISLIKED, Ended.PERSON, Ended.CLARIFIED)), again))
    return {FAILED: failed, DISLIKED: disliked, UNHELPED: or_(failed, disliked), UNRESOLVED: unresolved}


def _these(of: Any, wanted: Wanted) -> ColumnElement[bool]:
    """The questions that ended as asked for."""
    if not wanted.outcome:
        return true()
    return _kinds(of).get(wanted.outcome, of.c.outcome == wanted.outcome)


def _where(of: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    where = [within(of.c.region, wanted.regions), *below(of.c.region, wanted.place)]
    for column, value in ((of.c.entry, wanted.entry), (of.c.programme, wanted.programme), (of.c.team, wanted.team)):
        where += [column == value] if value else []
    return where


def _sum(these: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((these, 1), else_=0)), 0)
