"""Structured logs without residents' words: events, ids and counts, one JSON line each."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from typing import Any

import structlog

from bot.errors import JiuzhutongError

# Whatever slips into a message or a traceback: identity numbers, openids in URLs, tokens, secrets.
_SECRETS = re.compile(r"((?:access_token|secret|appid|openid|signature|token)=)[^&\s\"']+", re.IGNORECASE)
_NUMBERS = re.compile(r"(?<!\d)\d{11,19}[Xx]?(?!\d)")


def scrub(text: str) -> str:
    return _NUMBERS.sub("[number]", _SECRETS.sub(r"\1[hidden]", text))


def _traced(logger: Any, name: str, event: Any) -> Any:
    """Where it happened, line by line, and of which kind; an error's own words only where they are ours or the system's.

    Whatever parses a resident's message may quote it in its error.
    """
    info = event.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else info if isinstance(info, BaseException) else None
    if info and error is None:
        error = sys.exc_info()[1]
    if error is not None:
        event["exception"] = "\n".join(_said_of(error))
    return event


def _said_of(error: BaseException) -> Iterator[str]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        told = f": {error}" if isinstance(error, JiuzhutongError | OSError) else ""
        yield f"{type(error).__module__}.{type(error).__qualname__}{told}"
        yield from (f"  {at.filename}:{at.lineno} {at.name}" for at in traceback.extract_tb(error.__traceback__))
        before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if before is None:
            return
        yield "because of"
        error = before


def _scrubbed(logger: Any, name: str, event: Any) -> Any:
    return {key: scrub(value) if isinstance(value, str) else value for key, value in event.items()}


def configure(level: str = "info") -> None:
    """Every log of this process, ours and the libraries', goes to stderr through the scrubber."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        _traced,
        _scrubbed,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _scrubbed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # It tells of every database it looks at; what it changed is told by whoever asked for it.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.captureWarnings(True)
