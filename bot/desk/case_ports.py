"""What the desk needs from the case database, as Protocols beside those of `ports`: people, sheets, cases and what hangs
on them. `bot.store` implements them; every personal column is sealed under the key of its subject (a person; an
application), so that destroying the key erases it, in backups too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from bot.desk.case_records import Binding as Binding
from bot.desk.case_records import Case as Case
from bot.desk.case_records import Consent as Consent
from bot.desk.case_records import Count as Count
from bot.desk.case_records import Draft as Draft
from bot.desk.case_records import Erased as Erased
from bot.desk.case_records import Erasure as Erasure
from bot.desk.case_records import Happening as Happening
from bot.desk.case_records import Paper as Paper
from bot.desk.case_records import Person as Person
from bot.desk.case_records import Referral as Referral
from bot.desk.case_records import Request as Request
from bot.desk.case_records import Step as Step
from bot.desk.case_records import Tally as Tally
from bot.desk.case_records import Task as Task
from bot.desk.case_records import Wanted as Wanted
from bot.forms.model import Given, Sheet


class People(Protocol):
    async def of_conversation(self, conversation: str) -> Person | None:
        """The person this channel identity is bound to."""

    async def make(self, conversation: str, now: datetime, how: str) -> Person:
        """A person nothing is known of yet, with a fresh subject key, bound to this conversation; to none if it is empty
        (somebody a helper applies for)."""

    async def get(self, person: str) -> Person:
        """Raises BadInput if there is none, or they were erased."""

    async def change(self, person: str, now: datetime, **fields: str) -> Person:
        """Set name, identity or phone."""

    async def find(self, field: str, value: str) -> Sequence[Person]:
        """Those whose identity or phone (`field`) is exactly this, by keyed hash; never by opening what others told."""

    async def bind(self, conversation: str, person: str, how: str, now: datetime) -> None:
        """Only after proof (receipt and facts); `how` says which. An unbound identity sees nothing new."""

    async def unbind(self, conversation: str, now: datetime) -> None: ...

    async def conversations(self, person: str) -> Sequence[str]: ...

    async def bindings(self, person: str) -> Sequence[Binding]:
        """The same, with what proved each and since when."""

    async def erase(self, person: str, receipt: str, now: datetime) -> Erased:
        """Delete what we hold of them: rows, drafts, cases that no office acknowledged, papers, the words of their
        conversations and the engine's memory of them. With the commit the keys are destroyed and the erasure list is
        written: nothing of it opens again, also not from a backup."""

    async def erasures(self) -> Sequence[Erasure]:
        """The list, oldest first."""

    async def erase_again(self, erasures: Sequence[Erasure]) -> int:
        """What a list kept elsewhere says was erased is erased here too; how many subjects were still there, or new."""

    async def tidy(self, now: datetime) -> int:
        """Destroy the keys that an interrupted erasure left, and those that nothing is sealed with; how many."""


class Drafts(Protocol):
    """Forms being filled. Closing one (done, cancelled) deletes its answers, `about` and the photos that no case has:
    what is needed further was handed on by then. The row and the replies given last stay until it expires, so that a message repeated finds them."""

    async def open(
        self,
        conversation: str,
        person: str,
        kind: str,
        programme: str,
        sheet: Sheet,
        about: Mapping[str, Any],
        now: datetime,
    ) -> Draft: ...

    async def get(self, draft: str) -> Draft: ...

    async def of_conversation(self, conversation: str) -> Sequence[Draft]:
        """Open and paused ones, newest first."""

    async def of_person(self, person: str) -> Sequence[Draft]: ...

    async def save(
        self,
        draft: Draft,
        now: datetime,
        *,
        sheet: Sheet | None = None,
        about: Mapping[str, Any] | None = None,
        state: str = "",
        conversation: str = "",
        person: str = "",
        message: str = "",
        replies: Sequence[Mapping[str, Any]] | None = None,
    ) -> Draft:
        """Raises Conflict if `draft.version` is no longer the newest. What is not given stays. Sheet values are stored
        one row a path, each sealed, with the message it came from."""

    async def expire(self, now: datetime) -> int:
        """Delete drafts past `expires_at`, some hundred at a time; how many."""


class Cases(Protocol):
    async def add(
        self,
        draft: Draft,
        programme: str,
        region: str,
        state: str,
        helper: str,
        now: datetime,
        *,
        sections: Mapping[str, str] | None = None,
        due: date | None = None,
    ) -> Case:
        """A case with a fresh number from a finished draft, with its answers, members, papers and consents; of a draft
        that became one already, that one. `sections`: the section of the form each field stands in."""

    async def get(self, case: str, answers: bool = False) -> Case: ...

    async def by_number(self, number: str) -> Case | None: ...

    async def proof(self, number: str) -> tuple[Case | None, Sequence[Person]]:
        """The case of a number with its applicant and helper (as far as they are known), to compare facts with. Costs
        the same whether there is one or not: the same statements, the same number of records opened."""

    async def of_person(self, person: str) -> Sequence[Case]:
        """As applicant or helper, newest first."""

    async def list(
        self, *, state: str = "", programme: str = "", region: str = "", after: str = "", limit: int = 50
    ) -> Sequence[Case]:
        """Newest first, without answers; `region` includes the divisions below it."""

    async def move(
        self, case: Case, to: str, actor: str, reason: str, now: datetime, due: date | None, **about: Any
    ) -> Case:
        """Checked by `bot.cases.check_move`; writes the timeline. Raises Conflict if `case.version` is not the newest."""

    async def pick(self, wanted: Wanted) -> Sequence[Case]:
        """Newest first, without answers."""

    async def counts(self, wanted: Wanted) -> Sequence[Count]:
        """How many there are of each programme, place, month and state."""

    async def steps(self, regions: Sequence[str], month: str, limit: int) -> Sequence[Step]:
        """The moves of all cases that left some state in this month, case by case, oldest first: all of a case's moves
        since it was handed in, so that its stages can be counted."""

    async def moves(self, cases: Sequence[str]) -> Sequence[Step]:
        """All moves of these cases, case by case, oldest first; nothing is unsealed."""

    async def waiting_to_leave(self, region: str = "", after: str = "", limit: int = 50) -> Sequence[Case]:
        """Those no office acknowledged, oldest first; `after` is the id of the last one seen."""

    async def note(self, case: Case, actor: str, reason: str, now: datetime, **about: Any) -> None:
        """A line in the timeline without a move."""

    async def change(self, case: str, now: datetime, **fields: Any) -> Case:
        """Set office_number, region or priority."""

    async def expire(self, now: datetime) -> int:
        """Delete closed cases older than the archive's years, where the setting names them; how many."""

    async def correct(self, case: Case, answers: Mapping[str, Given], actor: str, now: datetime) -> Case:
        """Replace answers after submission, with a line in the timeline."""

    async def timeline(self, case: str) -> Sequence[Happening]: ...

    async def tried(self, key: str, now: datetime) -> None:
        """Count a wrong guess under a keyed hash of `key` (a conversation, a number)."""

    async def tries(self, key: str, since: datetime) -> int: ...

    async def forget_tries(self, before: datetime) -> int: ...


class Consents(Protocol):
    async def ask(
        self, draft: str, member: int, name: str, text: str, version: str, code: str, until: datetime, now: datetime
    ) -> Consent:
        """A consent that is missing; only a keyed hash of the code is kept."""

    async def give(
        self,
        draft: str,
        member: int,
        name: str,
        text: str,
        version: str,
        channel: str,
        conversation: str,
        person: str,
        now: datetime,
        by_guardian: bool = False,
    ) -> Consent: ...

    async def by_code(self, code: str, now: datetime) -> Consent | None:
        """Still asked for and in time; codes work once."""

    async def settle(
        self, consent: str, state: str, channel: str, conversation: str, person: str, now: datetime
    ) -> Consent:
        """asked → given or refused, given → withdrawn, refused or withdrawn → given; anything else raises Conflict."""

    async def of_draft(self, draft: str) -> Sequence[Consent]: ...

    async def of_case(self, case: str) -> Sequence[Consent]: ...

    async def of_person(self, person: str) -> Sequence[Consent]: ...


class Papers(Protocol):
    async def add(
        self, draft: str, person: str, member: int, kind: str, state: str, picture: bytes, now: datetime
    ) -> Paper: ...

    async def add_to(self, case: str, member: int, kind: str, picture: bytes, now: datetime) -> Paper:
        """A photo that came some other way, sealed under the case's key. Raises BadInput if there is no such case."""

    async def read(self, paper: str) -> bytes:
        """The picture, opened."""

    async def get(self, paper: str) -> Paper: ...

    async def change(self, paper: str, *, state: str = "", kind: str = "", member: int | None = None) -> Paper: ...

    async def drop(self, paper: str) -> None:
        """Delete the picture: it showed the wrong thing, or a better one came."""

    async def attach(self, draft: str, case: str) -> int:
        """Photos that came with a form of their own after the case was handed in: sealed anew under the case's key, so
        that they stay as long as it does; how many."""

    async def of_draft(self, draft: str) -> Sequence[Paper]: ...

    async def of_case(self, case: str) -> Sequence[Paper]: ...


class Tasks(Protocol):
    async def add(
        self, kind: str, person: str, case: str, region: str, text: str, phone: str, due_at: datetime, now: datetime
    ) -> Task: ...

    async def get(self, task: str) -> Task: ...

    async def open(self, region: str = "") -> Sequence[Task]:
        """Those to be done, the most pressing first; `region` includes the divisions below it."""

    async def unplaced(self) -> Sequence[Task]:
        """Those to be done of which no place is known."""

    async def of_case(self, case: str) -> Sequence[Task]: ...

    async def done(self, task: str, actor: str, now: datetime) -> None: ...

    async def forget(self, before: datetime) -> int:
        """Delete tasks done before this moment; how many."""


class Requests(Protocol):
    """Calls of an office's system by its own key, so that a repeat changes nothing and gets the first answer."""

    async def get(self, scope: str, key: str) -> Request | None: ...

    async def put(self, scope: str, key: str, body_hash: str, status: int, body: str, now: datetime) -> bool:
        """False when the key was there: of two processes one answers."""

    async def forget(self, before: datetime) -> int: ...
