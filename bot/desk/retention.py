"""Forget what is no longer needed: old drafts, closed cases past the archive's years, done tasks, the traces of guesses."""

from __future__ import annotations

from datetime import timedelta

from bot.desk.desk import Desk

TASKS_KEPT = timedelta(days=30)
REQUESTS_KEPT = timedelta(days=30)
TRIES_KEPT = timedelta(days=2)
SESSIONS_KEPT = timedelta(days=180)
"""Where staff signed in is kept as long as the log it belongs to (at least six months)."""


async def forget(desk: Desk) -> int:
    """Everything that is due, some hundred rows in one unit of work, so that residents never wait behind it; how many."""
    forgotten = 0
    while True:
        now = desk.clock.now()
        async with desk.store.writing() as work:
            some = (
                await work.drafts.expire(now)
                + await work.cases.expire(now)
                + await work.tasks.forget(now - TASKS_KEPT)
                + await work.requests.forget(now - REQUESTS_KEPT)
                + await work.cases.forget_tries(now - TRIES_KEPT)
            )
            await work.commit()
        forgotten += some
        if not some:
            break
    async with desk.store.writing() as work:
        now = desk.clock.now()
        forgotten += await work.people.tidy(now)
        forgotten += await work.staff.forget_tries(now - TRIES_KEPT) + await work.sessions.forget(now - SESSIONS_KEPT)
        await work.commit()
    return forgotten
