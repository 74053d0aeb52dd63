"""Structured logs without residents' words: events, ids and counts, one JSON line each."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog

# Whatever slips into a message or a traceback: identity numbers, openids in URLs, tokens, secrets.
_SECRETS = re.compile(r"((?:access_token|secret|appid|openid|signature|token)=)[^&\s\"']+", re.IGNORECASE)
_NUMBERS = re.compile(r"(?<!\d)\d{11,19}[Xx]?(?!\d)")


def scrub(text: str) -> str:
    return _NUMBERS.sub("[number]", _SECRETS.sub(r"\1[hidden]", text))


def _scrubbed(logger: Any, name: str, event: Any) -> Any:
    return {key: scrub(value) if isinstance(value, str) else value for key, value in event.items()}


def configure(level: str = "info") -> None:
    """Every log of this process, ours and the libraries', goes to stderr through the scrubber."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        _scrubbed,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _scrubbed,
                    structlog.processors.JSONRenderer(ensure_ascii=False)],
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(), wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.captureWarnings(True)
