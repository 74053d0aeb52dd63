"""The kinds of form there are. Which one is meant is said by an intent, an offer or another form (`filling.opening`)."""

from __future__ import annotations

from collections.abc import Mapping

from bot.desk.filling.kinds import FormKind
from bot.desk.kinds.application import Application
from bot.desk.kinds.bank import Bank
from bot.desk.kinds.change import Change
from bot.desk.kinds.consent import ConsentForm
from bot.desk.kinds.data import Data
from bot.desk.kinds.emergency import Emergency
from bot.desk.kinds.lookup import Lookup
from bot.desk.kinds.more import More
from bot.desk.kinds.objection import Objection
from bot.desk.kinds.precheck import Precheck
from bot.desk.kinds.tip import Tip

KINDS: Mapping[str, FormKind] = {
    kind.name: kind
    for kind in (
        Application(),
        Bank(),
        Change(),
        ConsentForm(),
        Data(),
        Emergency(),
        Lookup(),
        More(),
        Objection(),
        Precheck(),
        Tip(),
    )
}
