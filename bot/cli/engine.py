"""The dialogue engine's process, and training."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from bot.desk.desk import Desk
from bot.desk.ports import Turn
from bot.errors import BadInput
from bot.messages import Reply
from bot.settings import Settings


def train(settings: Settings) -> None:
    """Rasa's own training on the files in the root; the model is signed."""
    from bot.engine import launcher

    print("training the dialogue model …", flush=True)
    model = launcher.train(Path(), Path(settings.models), settings.signing_key())
    print(f"trained and signed: {model.name}")


def rasa(settings: Settings, arguments: list[str]) -> None:
    from bot.engine.rasa_cli import rasa_main

    talks = arguments[:1] in (["shell"], ["run"], ["interactive"])
    desk = asyncio.run(_desk(settings)) if talks else None
    rasa_main(arguments, settings.signing_key(), desk, desk.finder if desk else None)


async def _desk(settings: Settings) -> Desk:
    """The edition in force, in memory: answering needs no more, and Rasa runs loops of its own."""
    from bot.wiring import open_desk, open_house

    async with open_house(settings) as house:
        return await open_desk(house, search=True)


async def engine(settings: Settings) -> None:
    from bot.log import configure
    from bot.wiring import stop_signal

    configure(settings.log)
    stop = await stop_signal()
    async with open_engine(settings) as (agent, _desk):
        from bot.engine import launcher

        print("engine: ready", flush=True)
        await launcher.serve_until(agent, stop, secret=settings.shared_secret(), port=settings.engine_port)


@contextlib.asynccontextmanager
async def open_engine(settings: Settings, on: Any = None) -> AsyncIterator[tuple[Any, Desk]]:
    """The engine in this process, with the edition in force and search over it, both kept up to date."""
    from bot.engine import launcher
    from bot.wiring import open_desk, open_house

    async with open_house(settings, on=on) as house:
        desk = await open_desk(house, search=True)
        assert desk.finder is not None
        agent = await launcher.build_agent(
            newest_model(settings),
            house.store,
            desk.finder,
            key=settings.signing_key(),
            clock=house.clock,
            desk=desk,
            encoder=house.encoders[0],
        )
        watch = asyncio.create_task(desk.editions.run())
        try:
            yield agent, desk
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)


def newest_model(settings: Settings) -> Path:
    models = sorted(Path(settings.models).glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        raise BadInput(f"there is no trained model in {settings.models}; run: make train")
    return models[-1]


class InProcessEngine:
    """The engine port over an agent of this process."""

    def __init__(self, agent: Any) -> None:
        self._agent = agent

    async def turn(self, turn: Turn) -> Sequence[Reply]:
        from bot.engine.channel import message_of
        from bot.wire import reply_from_json

        message = message_of(turn)
        await self._agent.handle_message(message)
        return [reply_from_json(reply) for reply in message.output_channel.replies]
