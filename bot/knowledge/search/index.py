"""Search over the phrasings of one edition: which published answer does this question mean?

An index never changes. When the edition moves, another is built and `LiveFinder` swaps it in one assignment, so a
search under way ends on the index it began with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.desk.ports import Candidate
from bot.knowledge.search import calibrate, clauses
from bot.knowledge.search.encoders import Array, Encoder
from bot.knowledge.search.fuse import Setting, by_entry, hubness, standard
from bot.knowledge.search.lexical import Lexical
from bot.language import programmes
from bot.language.normalise import match_key, normalise
from bot.language.typos import repair

LONGEST = 600
