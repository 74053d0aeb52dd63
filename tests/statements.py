"""Every store of a run shares its compiled statements.

A store of the service lives for days and compiles a statement once. A test's lives for a tenth of a second, and compiling
took most of that. SQLAlchemy keeps what it compiled for each engine by its dialect: here dialects of one kind are equal.
Only tests register these; processes that tests start, and the service, use SQLAlchemy's own.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.util import LRUCache

_COMPILED: LRUCache[Any, Any] = LRUCache(2_000)


class _Alike:
    """Its subclasses compile every statement alike, whichever engine they serve."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=_COMPILED)


class Sqlite(_Alike, SQLiteDialect_aiosqlite):
    supports_statement_cache = True


class Postgresql(_Alike, PGDialect_asyncpg):
    supports_statement_cache = True


def share() -> None:
    registry.register("sqlite.aiosqlite", __name__, Sqlite.__name__)
    registry.register("postgresql.asyncpg", __name__, Postgresql.__name__)
