"""Keeps residents' words out of the engine's logs: Rasa logs texts, slots and events unless told otherwise."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

# What may stay of a log entry: where it came from and what kind it is. Everything else may quote a resident.
_HARMLESS = frozenset({"event", "level", "logger", "timestamp", "exc_info", "filename", "component", "action_name"})


def configure() -> None:
    """Warnings and worse only, without any quoted value. A process that has its own logs (`bot.log`) keeps their form;
    there too only Rasa asks structlog for a logger, ours ask the standard library."""
    logging.getLogger("rasa").setLevel(logging.WARNING)
    wrapper = structlog.make_filtering_bound_logger(logging.WARNING)
    if structlog.is_configured():
        processors = structlog.get_config()["processors"]
        if without_words not in processors:
            structlog.configure(processors=[without_words, *processors], wrapper_class=wrapper)
        return
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            without_words,
            structlog.processors.format_exc_info,
            structlog.stdlib.render_to_log_kwargs,
        ],
        wrapper_class=wrapper,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def without_words(logger: Any, method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor that drops every value which is not known to be harmless."""
    return {key: value for key, value in entry.items() if key in _HARMLESS}
