"""Forget what is no longer needed: old drafts, closed cases past the archive's years, done tasks, the traces of guesses."""

from __future__ import annotations

from datetime import timedelta

from bot.desk.desk import Desk

TASKS_KEPT = timedelta(days=30)
REQUESTS_KEPT = timedelta(days=30)
TRIES_KEPT = timedelta(days=2)
PICTURES_KEPT = timedelta(days=30)
"""What a resident sent while people had the conversation; what is needed longer is put with the case."""
LAID_KEPT = timedelta(days=1)
"""A picture laid down by a client of ours; what a message named was put with its form or its talk by then."""
UPLOADS_KEPT = timedelta(days=30)
"""A workbook whose dry run nobody went on with."""
CODES_KEPT = timedelta(days=2)
LINE_REPORTS_KEPT = timedelta(days=180)
QUESTIONS_KEPT = timedelta(days=400)
"""A year beside the year before it; the wordings made public from them stand in editions."""
SESSIONS_KEPT = timedelta(days=180)
"""Where staff signed in is kept as long as the log it belongs to (at least six months)."""
AUDIT_KEPT = timedelta(days=3 * 365)
"""Of decisions and of who read what; the law asks for half a year of logs (网络安全法), auditors for three."""


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
                + await work.questions.forget(desk.today() - QUESTIONS_KEPT)
                + await work.talk_pictures.forget(now - PICTURES_KEPT)
                + await work.continuations.forget(now - CODES_KEPT)
                + await work.talk_pictures.clear(now - LAID_KEPT)
            )
            await work.commit()
        forgotten += some
        if not some:
            break
    async with desk.store.writing() as work:
        now = desk.clock.now()
        forgotten += await work.people.tidy(now) + await work.line_reports.forget(now - LINE_REPORTS_KEPT)
        forgotten += await work.staff.forget_tries(now - TRIES_KEPT) + await work.sessions.forget(now - SESSIONS_KEPT)
        forgotten += await work.uploads.forget(now - UPLOADS_KEPT) + await work.audit.purge(now - AUDIT_KEPT, now)
        await work.commit()
    return forgotten
