"""A database of our own on the server that the tests use, for as long as a bench needs it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy import make_url

_URL = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")
ABSENT = "no server answers at TEST_POSTGRES_URL"


@asynccontextmanager
async def own_database(name: str) -> AsyncIterator[str]:
    """The URL of an empty database, which is gone afterwards; empty where no server answers."""
    server, name = make_url(_URL), f"jzt_{name}_{os.getpid()}"
    try:
        admin = await asyncpg.connect(server.render_as_string(hide_password=False), timeout=3)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        yield ""
        return
    try:
        await admin.execute(f"CREATE DATABASE {name}")
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await admin.close()
