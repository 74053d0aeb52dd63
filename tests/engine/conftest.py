"""One trained model for all engine tests, kept between runs while nothing it is made of changes."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rasa_sdk.executor import ActionExecutor

from bot import wire
from bot.desk import here
from bot.desk.ports import Candidate, Turn
from bot.engine import channel, launcher, signature
from bot.messages import Outcome, Reply
from tests.alone import alone
from tests.databases import apart
from tests.engine.memory import FixedFinder, MemoryStore

if TYPE_CHECKING:  # Rasa itself only after bot.engine has prepared the process for it
    from rasa.core.agent import Agent

HOUSE = Path(__file__).resolve().parents[2]
KEY = b"a key for tests only, 32 bytes.."
SECRET = "a secret for tests only"
_DAY = 86_400.0
_MADE_OF = (
    "config.yml",
    "domain.yml",
    "data/**/*.yml",
    "bot/engine/nlu/*.py",
    "bot/engine/phrasings.py",
    "bot/language/*.py",
    "bot/knowledge/search/encoders.py",
)
ACTIONS = (
    *("action_answer", "action_small_talk", "action_repeat", "action_simplify", "action_person", "action_cancel"),
    *("action_open_form", "validate_application", "action_ask_application_answer"),
)


def _fingerprint() -> str:
    files = sorted(path for pattern in _MADE_OF for path in HOUSE.glob(pattern))
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()[:16]


def trained() -> Path:
    """The product's own model, trained on the files in the root; kept while they stay the same. `make test` trains first:
    that model serves, under the key of these tests."""
    folder = HOUSE / "var" / "test-models"
    kept = folder / _fingerprint()
    with alone(folder):
        if not kept.is_dir():
            for old in folder.glob("*/"):
                if old.stat().st_mtime < time.time() - _DAY:
                    shutil.rmtree(old, ignore_errors=True)
            # Made aside and moved whole, so that a run that is ended half-way leaves no half a model.
            made = Path(tempfile.mkdtemp(prefix="making-", dir=folder))
            if (ready := _as_made()) is None:
                launcher.train(HOUSE, made, KEY, "model")
            else:
                signature.sign(Path(shutil.copy(ready, made / "model.tar.gz")), KEY)
            made.rename(kept)
    return kept / "model.tar.gz"


def _as_made() -> Path | None:
    """What `make train` made, if it was made of the files as they are."""
    home, models = HOUSE / "var", HOUSE / "models"
    asked = ["bash", "deploy/trained.sh", sys.executable, "var", "models", "ask"]
    same = home.is_dir() and subprocess.run(asked, cwd=HOUSE, check=False, timeout=60).returncode == 0
    return signature.newest(models) if same else None


@pytest.fixture(scope="session")
def model() -> Path:
    return trained()


@dataclass
class Acting:
    """Actions for tests: they say which of them ran, or fail as they are told to."""

    ran: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    fails: BaseException | None = None
    silent: bool = False
    events: list[dict[str, Any]] = field(default_factory=list)
    events_of: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """What one of them does; the others do `events`."""

    def executor(self) -> ActionExecutor:
        made = ActionExecutor()
        for name in ACTIONS:
            made.register_function(name, self._action(name))
        return made

    def _action(self, name: str) -> Any:
        async def run(dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
            self.ran.append((name, {"slots": dict(tracker.slots), "message": tracker.latest_message}))
            if self.fails is not None:
                raise self.fails
            if not self.silent:
                reply = Reply(f"{name} {len(self.ran)}", outcome=Outcome.ANSWERED, entry="an-entry")
                dispatcher.utter_message(json_message={"reply": wire.reply_to_json(reply)})
            return list(self.events_of.get(name, self.events))

        return run


@dataclass
class Engine:
    """The whole engine on a store in memory."""

    agent: Agent
    acting: Acting
    finder: FixedFinder
    store: Any

    async def post(self, body: Any, secret: str = SECRET) -> channel.Answer:
        import json

        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await channel.answer(SECRET, {channel.SECRET_HEADER: secret}, raw, self.agent.handle_message)

    async def say(self, text: str, conversation: str = "c", message: str = "", **more: Any) -> channel.Answer:
        self.said += 1
        turn = Turn(
            conversation,
            message or f"auto-{self.said}",
            text,
            more.get("meaning"),
            "wechat",
            more.get("region", ""),
            form=more.get("form", ""),
        )
        return await self.post(wire.turn_to_json(turn))

    said: int = 0

    async def tracker(self, conversation: str = "c") -> Any:
        return await self.agent.tracker_store.retrieve(conversation)


@pytest.fixture(scope="session")
def loaded(model: Path) -> Engine:
    acting, finder, store = Acting(), FixedFinder(Candidate("dibao-conditions", 0.9, {"dense": 0.8})), MemoryStore()
    agent = apart(launcher.build_agent(model, store, finder, key=KEY, actions=acting.executor()))
    return Engine(agent, acting, finder, store)


@pytest.fixture
def engine(loaded: Engine) -> Iterator[Engine]:
    """The engine with an empty store and untouched actions."""
    store, acting = MemoryStore(), loaded.acting
    acting.ran, acting.fails, acting.silent, acting.events, acting.events_of = [], None, False, [], {}
    loaded.finder.asked.clear()
    loaded.store, loaded.said = store, 0
    loaded.agent.tracker_store._store = store
    before = here._handles
    here.install(finder=loaded.finder, encoder=here.encoder(), slow=here.slow_encoder())
    yield loaded
    here._handles = before
