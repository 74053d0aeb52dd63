"""A signature drawn by hand for the consent to the economic check: what is to be signed now, and the drawing, kept sealed with
the papers of the application. It answers the question as the word 同意 does; whoever cannot draw types that word."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from bot.conversations import Conversation
from bot.desk import consenting
from bot.desk.desk import Desk
from bot.desk.filling.asking import consent_lines
from bot.desk.kinds import KINDS
from bot.desk.kinds.consent import AGREE, OPEN
from bot.desk.laying import UsedUp
from bot.desk.ports import Work
from bot.desk.showing import open_form
from bot.errors import BadInput, Conflict
from bot.forms import steps
from bot.forms.model import split_path

SIGNATURE = "signature"
"""The kind of paper it is kept as."""
YES = "同意"
NOTHING, CHANGED = "nothing_to_sign", "text_changed"
_SCOPE = "app signature"


@dataclass(frozen=True, slots=True)
class ToSign:
    draft: str
    title: str
    text: str
    """All that the yes agrees to: with the check also a guardian's consent, where the form asks for both at once."""
    version: str
    whose: str
    """The application it is about: `draft`, or that of somebody of the household."""
    member: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


async def to_sign(desk: Desk, work: Work, conversation: Conversation) -> ToSign | None:
    """The consent that the form in this conversation asks for now; None while it asks for something else."""
    draft = await open_form(work, conversation)
    try:
        at = steps.current(KINDS[draft.kind].form(desk, draft), draft.sheet, desk.today()) if draft else None
    except (BadInput, LookupError):  # of another edition
        return None
    if draft is None or at is None:
        return None
    asked = {split_path(path)[1] for path in at.wanted or at.paths}
    text = desk.edition.consents[consenting.CHECK]
    if asked & {consenting.CHECK, consenting.GUARDIAN}:
        whole = "\n\n".join(consent_lines(desk, at))
        return ToSign(draft.id, text.title, whole, text.version, draft.id, 1)
    if draft.kind == "consent" and AGREE in asked and draft.about.get(OPEN):
        wanted, whose = draft.about[OPEN]
        member = next((one.member for one in await work.consents.of_draft(whose) if one.id == wanted), 0)
        return ToSign(draft.id, text.title, text.text.strip(), text.version, whose, member) if member else None
    return None


async def sign(
    desk: Desk, work: Work, conversation: Conversation, key: str, body_hash: str, draft: str, sha256: str, drawn: bytes
) -> None:
    """Keep the drawing in the caller's transaction. `key` names this call: the same again changes nothing.

    Raises Conflict with NOTHING or CHANGED, and `UsedUp` where another body came under the key.
    """
    before = await work.requests.get(_SCOPE, key)
    if before is not None:
        if before.body_hash != body_hash:
            raise UsedUp("another signature came under this key before; that one stands")
        return
    wanted = await to_sign(desk, work, conversation)
    if wanted is None or wanted.draft != draft:
        raise Conflict(NOTHING)
    if wanted.sha256 != sha256:
        raise Conflict(CHANGED)
    now = desk.clock.now()
    for paper in await work.papers.of_draft(wanted.whose):
        if (paper.kind, paper.member) == (SIGNATURE, wanted.member):
            await work.papers.drop(paper.id)  # they went back and signed once more
    whose = await work.drafts.get(wanted.whose)
    await work.papers.add(whose.id, whose.person, wanted.member, SIGNATURE, "kept", drawn, now)
    await work.requests.put(_SCOPE, key, body_hash, 202, "", now)
