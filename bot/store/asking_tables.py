"""The tables of what people asked, and of what the publicity desk made of it.

Sealed: asked.words (the question, masked), asked_vectors.vector (a sentence can be guessed back from its direction),
asked_proposed.words (a question an officer handed on, masked). Keyed hash: asked_suggestions.wording. In clear: how a turn
ended, division codes, days, channels, programmes, entries, chances, the names of groups.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from bot.store.columns import metadata, moment, sealed, words
from bot.store.tables import conversations

asked = Table(
    "asked",
    metadata,
    # The message that asked: one row each, however often its turn is written.
    words("id", primary_key=True),
    Column("conversation", Text, ForeignKey(conversations.c.id), nullable=False),
    words("region"),
    words("channel"),
    words("outcome"),
    words("reason"),
    words("entry"),
    words("programme"),
    Column("score", Float, nullable=False),
    moment("at"),
    # The same in whole seconds: how much later the next one came is counted alike on both databases.
    Column("second", BigInteger, nullable=False),
    # The day in China, and the Monday of its week: what reports count by.
    words("day"),
    words("week"),
    # NULL: nothing was said in words of one's own (a tap, a number).
    Column("words", LargeBinary),
    # The group of the same meaning; empty: not looked at yet.
    words("team"),
    # How near it stands to the middle of its group, 0 the nearest.
    Column("place", Integer, nullable=False),
    Index(None, "conversation", "at"),
    Index(None, "day", "team"),
    Index(None, "team", "place"),
    Index(None, "entry", "day"),
)

vectors = Table(
    "asked_vectors",
    metadata,
    Column("id", Text, ForeignKey(asked.c.id), primary_key=True),
    words("encoder", primary_key=True),
    sealed("vector"),
)

runs = Table(
    "asked_runs",
    metadata,
    # Always 1: the newest grouping.
    Column("id", Integer, primary_key=True, autoincrement=False),
    moment("at"),
    Column("questions", Integer, nullable=False),
    Column("teams", Integer, nullable=False),
)

decisions = Table(
    "asked_decisions",
    metadata,
    # What was made of a group: a draft, or nothing on purpose.
    words("team", primary_key=True),
    words("state"),
    words("proposal"),
    words("actor"),
    moment("at"),
)

suggestions = Table(
    "asked_suggestions",
    metadata,
    # A wording for an answer that exists. Refused once, it does not come back.
    words("id", primary_key=True),
    words("team"),
    words("entry"),
    sealed("wording"),
    words("state"),
    words("proposal"),
    words("actor"),
    moment("at"),
    UniqueConstraint("entry", "wording"),
    Index(None, "team"),
)

proposed = Table(
    "asked_proposed",
    metadata,
    # A question that an officer answered and hands on to be an answer for everybody.
    words("id", primary_key=True),
    Column("conversation", Text, ForeignKey(conversations.c.id), nullable=False),
    words("region"),
    sealed("words"),
    words("state"),
    words("proposal"),
    words("actor"),
    moment("at"),
    Index(None, "conversation"),
    Index(None, "state", "at"),
)
