"""What all tables are made of: one catalogue, moments that know they are UTC, text that is never NULL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, LargeBinary, MetaData, Text, TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, aware of it on both databases; SQLite keeps text of fixed width, so that order is right."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone; take it from the clock")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}
metadata = MetaData(naming_convention=NAMES)
"""The catalogue of the database; the store of subject keys has one of its own."""


def words(name: str, **more: Any) -> Column[str]:
    return Column(name, Text, nullable=False, **more)


def moment(name: str, **more: Any) -> Column[datetime]:
    return Column(name, Moment, nullable=False, **more)


def sealed(name: str) -> Column[bytes]:
    """A record that only its key and its place open (`crypto`), or a keyed hash."""
    return Column(name, LargeBinary, nullable=False)
