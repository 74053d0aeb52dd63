"""The tables of what officers add to a conversation.

Sealed: talk_notes.body. In clear: labels (words of the office), outcomes, marks from 1 to 3, pseudonyms, times.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, SmallInteger, Table, Text

from bot.store.columns import Moment, metadata, moment, sealed, words
from bot.store.tables import conversations

notes = Table(
    "talk_notes",
    metadata,
    words("id", primary_key=True),
    Column("conversation", Text, ForeignKey(conversations.c.id), nullable=False),
    # note, callback, undelivered: what else is kept about a conversation, and under which name.
    words("kind"),
    words("ref"),
    sealed("body"),
    words("actor"),
    moment("at"),
    Index(None, "conversation", "kind", "at"),
)

labels = Table(
    "talk_labels",
    metadata,
    Column("conversation", Text, ForeignKey(conversations.c.id), primary_key=True),
    words("label", primary_key=True),
    words("actor"),
    moment("at"),
    Index(None, "label"),
)

closings = Table(
    "talk_closings",
    metadata,
    words("id", primary_key=True),
    Column("conversation", Text, ForeignKey(conversations.c.id), nullable=False),
    words("staff"),
    words("outcome"),
    words("region"),
    moment("at"),
    # What the resident said to it: 3 it helped, 2 a little, 1 not; NULL: nothing.
    Column("score", SmallInteger),
    Column("rated_at", Moment),
    Index(None, "conversation", "at"),
    Index(None, "staff", "at"),
)
