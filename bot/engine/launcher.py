"""Trains, proves, loads and serves the engine: one process, loopback only, actions inside."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import importlib
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from aiohttp import web
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa_sdk.executor import ActionExecutor

from bot.clock import Clock, SystemClock
from bot.desk import here
from bot.desk.ports import Finder, Store
from bot.engine import channel, guards, in_process, signature
from bot.engine.processor import DEADLINE
from bot.engine.tracker_store import DeskTrackerStore
from bot.errors import BadInput
from bot.knowledge.search.encoders import E5Encoder, Encoder, UseEncoder

_GOLDEN = Path(__file__).with_name("golden.yml")
# Of the golden sentences, how many a model must understand before it may speak.
_GOLDEN_SHARE = 0.95
_DRAIN_SECONDS = 10.0
# Turns in progress at the same time. A turn is mostly computing, so more of them make none faster, but let every step
# of a database write wait behind the computing of all others, until the store gives up. The rest wait in order.
_AT_ONCE = 3
# Imported only when first used, and best before the process divides.
_NEEDED = ("bot.wiring", "alembic.command", "sqlalchemy.dialects.sqlite.aiosqlite", "actions.answers", "actions.forms")


# mallopt(3): in how many parts of memory threads ask for some. Every part keeps what it was once given, in each process.
_M_ARENA_MAX, _ARENAS = -8, 2


class Example(NamedTuple):
    text: str
    intent: str


def train(house: Path, out: Path, key: bytes, name: str | None = None) -> Path:
    """Train on Rasa's own files in `house` and sign the model; seconds, not minutes."""
    from rasa.model_training import train as rasa_train  # imports what only training needs

    guards.install(key)
    with warnings.catch_warnings():
        # Rasa's warnings about the data are printed and end nothing; this one is about a feature we do not use.
        warnings.simplefilter("default")
        warnings.filterwarnings("ignore", message="Auto-config for multiple importers")
        result = rasa_train(
            domain=str(house / "domain.yml"),
            config=str(house / "config.yml"),
            training_files=[str(house / "data")],
            output=str(out),
            fixed_model_name=name,
            force_training=True,
        )
    if result.code != 0 or result.model is None:
        raise BadInput(f"training ended with code {result.code}; see above and mend data/, domain.yml or config.yml")
    model = Path(result.model)
    signature.sign(model, key)
    return model


async def build_agent(
    model: Path,
    store: Store,
    finder: Finder,
    *,
    key: bytes,
    clock: Clock | None = None,
    desk: Any = None,
    encoders: Sequence[Encoder] = (),
    actions: str | ActionExecutor = "actions",
) -> Agent:
    """Rasa's agent with our memory, guards and actions; refuses a model that is not ours or understands too little."""
    guards.install(key)
    fast, slow = encoders or (here.encoder(), here.slow_encoder())
    here.install(desk, encoder=fast, slow=slow)
    tracker_store = DeskTrackerStore(store, clock or SystemClock())
    endpoint = in_process.from_package(actions) if isinstance(actions, str) else in_process.InProcessActions(actions)
    agent = Agent(tracker_store=tracker_store, action_endpoint=endpoint)
    # Agent wraps every store in one that goes on with an empty memory when the database is away; the processor keeps
    # the store that is here at load.
    agent.tracker_store = tracker_store
    agent.load_model(model)
    await check_understanding(agent, golden())
    here.install(desk, finder=finder, encoder=fast, slow=slow)
    finder.find("低保")  # opens the encoders now rather than for the first resident
    return agent


def opened() -> Sequence[Encoder]:
    """The fast and the slow encoder with their models in memory, and every module a turn needs, before the process divides
    (`bot.crew`); no thread may run then."""
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):  # glibc only
        mallopt(_M_ARENA_MAX, _ARENAS)
    for module in _NEEDED:
        importlib.import_module(module)
    encoders = UseEncoder(), E5Encoder()
    for encoder in encoders:
        encoder.encode(["低保"])
    return encoders


def settle(for_good: bool = False) -> None:
    """Give back what starting needed and serving does not: the C library keeps freed memory, and each process would.
    `for_good`, before the process divides: the collector would write to every object's page, and each would have its own copy."""
    gc.collect()
    if for_good:
        gc.freeze()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc only
    if trim is not None:
        trim(0)


def golden(path: Path = _GOLDEN) -> list[Example]:
    """The sentences every model must understand, by intent."""
    kept = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [Example(str(text), str(intent)) for intent, texts in kept.items() for text in texts]


async def check_understanding(agent: Agent, examples: Sequence[Example], share: float = _GOLDEN_SHARE) -> float:
    """The share of examples understood; BadInput below `share`."""
    missed = [example for example in examples if await _intent(agent, example.text) != example.intent]
    reached = 1 - len(missed) / max(len(examples), 1)
    if reached < share:
        first = "; ".join(f"{text} is not taken for {intent}" for text, intent in missed[:3])
        raise BadInput(
            f"the model understands {reached:.0%} of the golden sentences, {share:.0%} are needed ({first}); "
            "train again or mend data/nlu"
        )
    return reached


async def _intent(agent: Agent, text: str) -> str:
    understood: dict[str, Any] = await agent.parse_message(text)
    return str(understood["intent"]["name"])


def app(agent: Agent, secret: str) -> web.Application:
    """The engine's HTTP face: turns and health."""
    if len(secret) < 16:
        raise BadInput("the engine's secret is missing or shorter than 16 characters; set it in the environment")

    gate = asyncio.Semaphore(_AT_ONCE)

    async def handle(message: UserMessage) -> None:
        async with asyncio.timeout(DEADLINE), gate:
            await agent.handle_message(message)

    async def turn(request: web.Request) -> web.Response:
        status, body = await channel.answer(secret, request.headers, await request.read(), handle)
        return web.json_response(body, status=status)

    async def health(request: web.Request) -> web.Response:
        return web.json_response({"status": "ok" if agent.is_ready() else "loading", "model": agent.model_id})

    made = web.Application(client_max_size=channel.LARGEST)
    made.router.add_post(channel.PATH, turn)
    made.router.add_get("/health", health)
    return made


async def serve(
    agent: Agent, *, secret: str, port: int, host: str = "127.0.0.1", shared: bool = False
) -> web.AppRunner:
    """Listen; the caller ends it with `await runner.cleanup()`, which lets turns in flight finish. `shared`: with other
    processes of ours on the same port."""
    runner = web.AppRunner(app(agent, secret), access_log=None, shutdown_timeout=_DRAIN_SECONDS)
    await runner.setup()
    await web.TCPSite(runner, host, port, reuse_port=shared or None).start()
    return runner


async def serve_until(
    agent: Agent, stop: asyncio.Event, *, secret: str, port: int, host: str = "127.0.0.1", shared: bool = False
) -> None:
    """`serve`, until `stop` is set, then drain."""
    runner = await serve(agent, secret=secret, port=port, host=host, shared=shared)
    try:
        await stop.wait()
    finally:
        await runner.cleanup()
