"""Who waits for a person, until the officers' console shows it."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from bot.clock import SHANGHAI
from bot.desk.handoff.pressing import PRIORITIES
from bot.settings import Settings
from bot.wiring import open_house


async def waiting(settings: Settings) -> None:
    """A table without personal data: number, since when, where, why."""
    async with open_house(settings) as house:
        async with house.store.reading() as work:
            queue = await work.conversations.waiting()
        table = Table(title=f"等待人工：{len(queue)}", title_justify="left")
        for heading in ("会话", "优先", "从何时", "渠道", "地方", "原因"):
            table.add_column(heading)
        for one in queue:
            since = one.queued_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M") if one.queued_at else ""
            place = house.regions.full_name(one.region) if one.region else "还没说"
            first = PRIORITIES.get(one.priority, "") if one.priority else ""
            table.add_row(one.id, first, since, one.channel, place, one.reason)
        Console().print(table)
