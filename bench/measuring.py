"""One run of the benchmark: what is started, asked and weighed, as lines of the report."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bench import first_reply, gateway, inside, publishing
from bench.load import Timing, many_clients, one_client
from bench.questions import GREETINGS, is_right, questions
from bench.report import Line
from bench.servers import Server, answers, folder_megabytes, free_port, start, timed
from bench.stock import generate
from bench.systems import Ours, Stock
from bot.clock import SHANGHAI

STOCK = generate.HERE
TRAINED = generate.WORK / "trained.json"
CLIENTS, ROUNDS, SECONDS = 16, 3, 10.0


class Bench:
    def __init__(self, folder: Path, environment: dict[str, str], say: Callable[[str], None]) -> None:
        self.folder, self.say = folder, say
        self.home = folder / "home"
        own = {key: value for key, value in environment.items() if not key.startswith("JIUZHUTONG_")}
        quiet = {
            "RASA_TELEMETRY_ENABLED": "false",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "PYTHONWARNINGS": "ignore",
            "BENCH_LOGS": str(folder),
        }
        self.environment = (
            own
            | quiet
            | {
                "JIUZHUTONG_HOME": str(self.home),
                "JIUZHUTONG_MODELS": str(folder / "models"),
                "JIUZHUTONG_ENGINE_SECRET": "bench-" + hashlib.sha256(str(folder).encode()).hexdigest(),
                "JIUZHUTONG_ENGINE_PORT": str(free_port()),
            }
        )
        self.ours_base = f"http://127.0.0.1:{self.environment['JIUZHUTONG_ENGINE_PORT']}"
        self.stock_port = free_port()
        ours = Ours(self.ours_base, self.environment["JIUZHUTONG_ENGINE_SECRET"])
        self.systems = ours, Stock(f"http://127.0.0.1:{self.stock_port}")
        self.trained: dict[str, float] = {}
        self.stock_trained_at = ""
        self.megabytes: dict[str, float] = {}
        self.stock: Server
        self.ours: Server
        self._servers: list[Server] = []

    def train(self) -> None:
        """Ours always; stock only when its data changed, because it takes minutes."""
        count = generate.generate()
        self.say(f"{count} answers are known to both")
        kept = json.loads(TRAINED.read_text()) if TRAINED.is_file() else {}
        inputs = _digest(generate.WORK)
        if kept.get("inputs") == inputs and (generate.WORK / "models" / "stock.tar.gz").is_file():
            self.say(f"stock: its training of {kept['at']} still holds")
        else:
            self.say("stock: training (DIET, TED, ResponseSelector; about 20 minutes) …")
            command = [".venv/bin/rasa", "train", "--force", "--quiet", "--fixed-model-name", "stock"]
            command[0] = str(STOCK / command[0])
            seconds = timed("stock-train", command, generate.WORK, self.environment, 3600)
            at = datetime.now(SHANGHAI).strftime("%Y-%m-%d %H:%M")
            kept = {"inputs": inputs, "seconds": round(seconds, 1), "at": at}
            TRAINED.write_text(json.dumps(kept))
            self.say(f"stock: trained in {seconds:.0f} s")
        self.trained["stock"], self.stock_trained_at = kept["seconds"], kept["at"]
        self.say("ours: training …")
        command = [sys.executable, "-m", "bot", "train"]
        self.trained["ours"] = timed("ours-train", command, Path.cwd(), self.environment, 600)
        self.say(f"ours: trained in {self.trained['ours']:.1f} s")

    async def prepare(self) -> None:
        """Our content as the first edition of a fresh database."""
        self.say("ours: publishing content/ in a fresh database (phrasings are encoded once: about a minute) …")
        await publishing.first_edition(self.home, Path("content"))

    def start(self) -> None:
        """One after the other: a start is measured with nothing else running."""
        command = [str(STOCK / ".venv/bin/rasa"), "run", "--model", "models/stock.tar.gz", "--interface", "127.0.0.1"]
        command += ["--port", str(self.stock_port), "--credentials", "credentials.yml", "--quiet"]
        up = answers(f"http://127.0.0.1:{self.stock_port}/")
        self.stock = start("stock", command, generate.WORK, self.environment, up, 300)
        self._servers.append(self.stock)
        self.say(f"stock: ready after {self.stock.ready_seconds:.1f} s")
        command = [sys.executable, "-m", "bot", "engine"]
        self.ours = start("ours", command, Path.cwd(), self.environment, answers(f"{self.ours_base}/health"), 120)
        self._servers.append(self.ours)
        self.say(f"ours: ready after {self.ours.ready_seconds:.1f} s")

    async def talk(self) -> list[Line]:
        """The questions, alone and by sixteen at once, in turns; then what both hold in memory."""
        asked = questions()
        texts = [question.text for question in asked]
        for name, timing in (await one_client(self.systems, texts[:20])).items():
            self.say(f"{name}: warm, p50 {timing.median:.1f} ms")
        self.say(f"{len(texts)} questions, one client …")
        right = {"ours": 0, "stock": 0}

        def heard(name: str, number: int, replies: list[str]) -> None:
            right[name] += is_right(replies, asked[number])

        before = {"ours": self.ours.cpu_seconds, "stock": self.stock.cpu_seconds}
        single = await one_client(self.systems, texts, heard)
        spent = self.ours.cpu_seconds - before["ours"], self.stock.cpu_seconds - before["stock"]
        self.say(f"{CLIENTS} clients, {ROUNDS} rounds of {SECONDS:.0f} s each …")
        many = await many_clients(self.systems, texts, CLIENTS, ROUNDS, SECONDS)
        self.say("greetings and thanks …")
        small = await one_client(self.systems, GREETINGS * 12)
        crowd = await many_clients(self.systems, GREETINGS, CLIENTS, 2, 5.0)
        self.megabytes = {"ours": self.ours.megabytes, "stock": self.stock.megabytes}
        if self.systems[0].again:
            self.say(f"ours: {len(self.systems[0].again)} turns were repeated: {', '.join(set(self.systems[0].again))}")
        of_each = 1000 * spent[0] / len(asked), 1000 * spent[1] / len(asked)
        shares = 100 * right["ours"] / len(asked), 100 * right["stock"] / len(asked)
        return [
            Line("right answers", "%", *shares, note=f"of {len(asked)} labelled questions, in talks of 10"),
            Line("answered turn, processor time", "ms", *of_each),
            *_timing_lines("answered turn", single, many, held=True),
            *_timing_lines("turn without an answer (greeting)", small, crowd, held=False),
        ]

    async def forms(self) -> list[Line]:
        """Turns while an application is being filled in; stock has none."""
        self.say(f"ours: {inside.TALKS * len(inside.SAID)} turns inside a form …")
        timing = await inside.turns(self.home, self.ours_base, self.environment["JIUZHUTONG_ENGINE_SECRET"])
        note = f"{len(timing.turns)} turns: asides, answers, repeats"
        return [
            Line("turn inside a form, p50", "ms", timing.median, note=note),
            Line("turn inside a form, p99", "ms", timing.percentile(0.99)),
        ]

    async def publish(self) -> list[Line]:
        """An answer is changed and published while residents could be asking."""
        self.say("ours: publishing a changed answer …")
        copy = self.folder / "content"
        checked, live = await publishing.seconds_until_live(self.home, Path("content"), copy, self.systems[0])
        again = self.trained["stock"] + self.stock.ready_seconds
        note = "stock: train and load again (sum of its two figures)"
        return [
            Line("publication, with its checks", "s", checked, note="all content, every protected question"),
            Line("published to live", "s", live, again, ceiling=1.0, note=note),
        ]

    async def first_reply(self) -> list[Line]:
        """How soon a resident sees the first of an answer in the app."""
        self.say(f"a gateway before the engine; {first_reply.ASKED} questions in the app, then in a browser …")
        return await first_reply.measure(self.environment)

    async def gateway_alone(self) -> list[Line]:
        """50 messages a second while no engine runs."""
        self.say(f"{gateway.PACE} pushes/s for {gateway.SECONDS} s, engine stopped …")
        alone = await gateway.gateway_alone(self.home, self.environment)
        if alone.stored < alone.sent - alone.refused:
            raise RuntimeError(f"{alone.sent - alone.refused} pushes were acknowledged, only {alone.stored} are stored")
        note = f"{alone.stored} of {alone.sent} stored"
        return [
            Line("gateway alone, acknowledge p50", "ms", alone.timing.median, note=note),
            Line("gateway alone, acknowledge p99", "ms", alone.timing.percentile(0.99), ceiling=200.0),
            Line("gateway alone, processor time a push", "ms", 1000 * alone.processor),
            Line("gateway alone, pushes refused", "", float(alone.refused), ceiling=0.0),
        ]

    def weights(self) -> list[Line]:
        note = f"stock trained {self.stock_trained_at}, on {generate.PHRASINGS} phrasings an answer; ours on all"
        installed = folder_megabytes(Path(sys.prefix)), folder_megabytes(STOCK / ".venv")
        return [
            Line("training", "s", self.trained["ours"], self.trained["stock"], most=1 / 5, note=note),
            Line("ready after start", "s", self.ours.ready_seconds, self.stock.ready_seconds, most=1 / 2),
            Line("engine memory", "MB", self.megabytes["ours"], self.megabytes["stock"], most=1 / 3),
            Line("installation", "MB", *installed, most=1 / 2, note="ours with all tools for tests"),
        ]

    def last_words(self) -> str:
        """The end of each log, for the case that something went wrong."""
        return "\n".join(f"── {server.name}\n{server.last_words}" for server in self._servers)

    def end(self) -> None:
        for server in self._servers:
            server.end()


def _timing_lines(what: str, single: dict[str, Timing], many: dict[str, Timing], held: bool) -> list[Line]:
    def line(
        name: str, unit: str, values: tuple[float, float], most: float | None = None, least: float | None = None
    ) -> Line:
        return Line(f"{what}, {name}", unit, *values, most=most, least=least)

    def pair(of: dict[str, Timing], figure: Callable[[Timing], float]) -> tuple[float, float]:
        return figure(of["ours"]), figure(of["stock"])

    return [
        line("1 client p50", "ms", pair(single, lambda one: one.median), most=1 / 3 if held else None),
        line("1 client p95", "ms", pair(single, lambda one: one.percentile(0.95))),
        line("16 clients", "turns/s", pair(many, lambda one: one.per_second), least=3.0 if held else None),
        line("16 clients p99", "ms", pair(many, lambda one: one.percentile(0.99))),
    ]


def _digest(work: Path) -> str:
    files = [work / "config.yml", work / "domain.yml", *sorted((work / "data").glob("*.yml"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
