"""The dialogue engine's process, and training."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.desk.desk import Desk
from bot.desk.ports import Turn
from bot.desk.silent_lines import keep_up
from bot.errors import BadInput, JiuzhutongError
from bot.messages import Reply
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.crew import Crew
    from bot.knowledge.search.encoders import Encoder
    from bot.wiring import Built

_log = logging.getLogger(__name__)


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


def engine(settings: Settings, run: Callable[[Coroutine[Any, Any, None]], None]) -> None:
    """One process, or several behind one port; `run` runs an event loop."""
    from bot.log import configure

    configure(settings.log)
    if settings.engine_workers == 1:
        run(_serve(settings))
        return
    from bot import crew as crews
    from bot.engine import launcher

    crews.check_port(settings.engine_port)
    settings.shared_secret(), settings.signing_key()  # made once, before several want them
    encoders = launcher.opened()
    begun = asyncio.run(_begun(settings, encoders))
    launcher.settle(for_good=True)
    crew = crews.divide(settings.engine_workers)
    code = 1
    try:
        run(_serve(settings, encoders, crew, begun))
        code = int(crew.lost)
    except Exception as error:
        if crew.first:
            raise
        # Whoever was forked leaves before anybody could print it.
        _log.error("a process of the engine failed: %s", error, exc_info=not isinstance(error, JiuzhutongError))
    finally:
        if not crew.first:
            crew.leave(code)
    if code:
        sys.exit(code)


async def _begun(settings: Settings, encoders: Sequence[Encoder]) -> Built | None:
    """None where that fails: each process will fail in its own words."""
    from bot.wiring import built, open_house

    with contextlib.suppress(JiuzhutongError):
        async with open_house(settings) as house:
            return await built(replace(house, encoders=encoders))
    return None


async def _serve(
    settings: Settings, encoders: Sequence[Encoder] = (), crew: Crew | None = None, begun: Built | None = None
) -> None:
    from bot.supervisor import stop_signal

    stop = await stop_signal()
    with crew.watching(stop) if crew else contextlib.nullcontext():
        async with open_engine(settings, ahead=True, encoders=encoders, begun=begun) as (agent, _desk):
            from bot.engine import launcher

            launcher.settle()
            if crew is None or crew.first:
                print("engine: ready", flush=True)
            secret = settings.shared_secret()
            await launcher.serve_until(agent, stop, secret=secret, port=settings.engine_port, shared=crew is not None)


@contextlib.asynccontextmanager
async def open_engine(
    settings: Settings,
    on: Any = None,
    ahead: bool = False,
    encoders: Sequence[Encoder] = (),
    begun: Built | None = None,
) -> AsyncIterator[tuple[Any, Desk]]:
    """The engine in this process, with the edition in force and search over it, both kept up to date. `ahead`: a gateway
    commits what it answers (`bot.store.open_store`). `encoders`, `begun`: what is open already."""
    from bot.engine import launcher
    from bot.wiring import open_desk, open_house

    async with open_house(settings, on=on, ahead=ahead) as house:
        house = replace(house, encoders=encoders or house.encoders)
        desk = await open_desk(house, search=True, begun=begun)
        assert desk.finder is not None
        agent = await launcher.build_agent(
            newest_model(settings),
            house.store,
            desk.finder,
            key=settings.signing_key(),
            clock=house.clock,
            desk=desk,
            encoders=house.encoders,
        )
        watch = asyncio.create_task(keep_up(desk))
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
