"""What was done to the content in a month, for the report upward."""

from __future__ import annotations

from datetime import date

from bot.desk.publicity import publishing, stopping
from bot.desk.publicity.maintaining import Maintained, maintained
from tests.desk.publicity.conftest import KEY, Team
from tests.desk.publicity.test_proposals import worded

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


async def told(team: Team, *days: date) -> Maintained:
    async with team.desk.store.reading() as work:
        return await maintained(work, *days)


async def test_the_first_edition_is_nobodys_change(team: Team) -> None:
    assert await told(team, *NOVEMBER) == Maintained(1, ())
    assert await told(team, date(2026, 10, 1), date(2026, 10, 31)) == Maintained(0, ())


async def test_what_was_changed_and_changed_back_is_no_change(team: Team) -> None:
    good = await team.approved(KEY, worded(await team.entry(), "新的一句。"))
    await publishing.publish(team.desk, team.ann, {good.id: good.version})
    await team.live()
    await stopping.stop(team.desk, team.ann, "answer", "tekun-apply", "420100", "正在核对")
    gone = await team.approved("linshi-what", None)
    await publishing.publish(team.desk, team.ann, {gone.id: gone.version})
    found = await told(team, *NOVEMBER)
    assert found == Maintained(4, (("答案", 0, 1, 1), ("停用", 1, 0, 0)))
