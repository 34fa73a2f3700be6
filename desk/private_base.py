"""The private base of complaints (R-33), as the ways in begin it: never by default, and apart from the table.

No screen of the table, no notice and no count knows of it. Nothing leaves before the town's dated word.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from pydantic import SecretStr

from desk import town
from desk.house import House
from desk.services import Named, spoken_to
from desk.visits import Visit
from policy.reasons import Refused, refused
from policy.roles import Deed, may
from policy.rules import Rules, complaints_may_leave
from policy.towntime import town_day
from policy.wording import moment_words
from sync import hold, ledger, private_ledger, window
from sync.link_tables import PRIVATE_BASES
from sync.pace import Pace
from sync.private_exchange import NOT_READY, Passage, pass_over
from sync.private_ledger import Seal
from sync.private_shapes import private_shapes
from sync.remote import Line, LostTurn, Remote, RemoteError
from sync.rhythm import Rhythm
from sync.store import Reading, Row

Clock = Callable[[], datetime]

LABEL = "La base privée"
MONTHS = 12
RHYTHM = 300  # seconds at the least between two passages: nobody waits for this copy
UNSAID = (
    "Les plaintes ne sortent pas : la ville n'a pas daté l'évaluation de sa base privée (règle "
    "« private_base_assessment »)."
)
STOPPED = "La règle « private_base_assessment » l'a arrêtée : plus rien n'y est écrit, ni effacé."
SILENT = "Plus aucun échange depuis une semaine : l'horloge est arrêtée, ou les réglages ne la nomment plus."
STAYS = "Ce qui s'y trouve y reste : si la ville ne s'en sert plus, supprimez-la, avec son historique."
FORSAKEN = timedelta(days=7)  # without an exchange, and without a failure that says why
HELD = "Une copie a été reprise : rien n'est écrit dans la base privée avant « python -m sync confirm »."


class Chosen(Protocol):
    """What of the settings the private base is made of."""

    @property
    def private_remote(self) -> str: ...
    @property
    def private_airtable_token(self) -> SecretStr | None: ...
    @property
    def private_airtable_base(self) -> str | None: ...
    @property
    def private_airtable_endpoint(self) -> str: ...
    @property
    def private_sheets_credentials(self) -> Path | None: ...
    @property
    def private_sheets_id(self) -> str | None: ...
    @property
    def private_sheets_endpoint(self) -> str | None: ...


@dataclass(frozen=True)
class Standing:
    """How the base goes: when, and since when not. Never how many."""

    agreed_at: datetime | None
    failing_since: datetime | None
    error: str
    left: str = ""  # why nothing goes there any more; empty while it goes

    @property
    def lines(self) -> list[str]:
        """In French."""
        last = moment_words(self.agreed_at) if self.agreed_at else "jamais"
        lines = [f"{LABEL} : dernier échange complet {last}."]
        if self.left:
            lines.append(f"{self.left} {STAYS}")
        elif self.failing_since is not None:
            lines.append(f"En panne depuis le {moment_words(self.failing_since)} : {self.error}")
        return lines


class PrivatePost:
    """Where this process speaks to the private base: the remote, its pace, the name of this worker."""

    label = LABEL

    def __init__(self, house: House, remote: Remote, of: Pace, clock: Clock, me: str) -> None:
        self.house = house
        self.remote = remote
        self._pace = of
        self._clock = clock
        self._me = me

    def setup(self, *, take_over: bool = False) -> list[str]:
        """Make there what is missing, under this installation's stamp; what was done, in French."""
        self._refuse_unless_said()
        name, store = self.remote.name, self.house.store
        stamp = private_ledger.enter(store, name)
        with self._turn(take_over=take_over) as (given, kept):
            done, memory = self.remote.setup(
                given.line, private_shapes(), kept.get("memory", {}), stamp, take_over=take_over
            )
            self._remember({**kept, "memory": dict(memory)}, ready_at=self._clock(), listed_at=None)
        return done

    def check(self) -> list[str]:
        """What differs there from what ``setup`` would make, in French."""
        with self._turn() as (given, kept):
            return self.remote.check(given.line, private_shapes(), kept.get("memory", {}))

    def exchange(self, *, whole: bool = False) -> None:
        """Make the base say what the store says, once. Raises ``RemoteError`` or ``Refused``."""
        self._refuse_unless_said()
        with self.house.store.reading() as tx:
            held = hold.since(tx) is not None
            row = private_ledger.state(tx, self.remote.name)
        if held:
            raise refused(HELD)
        if row is None or row["ready_at"] is None:
            raise RemoteError(NOT_READY, applied=False)
        with self._turn() as (given, _):
            pass_over(given, whole=whole)

    def is_due(self) -> bool:
        """Whether a passage is due by the rhythm of the town, and may be made."""
        at = self._clock()
        if not self._is_said():
            return False
        with self.house.store.reading() as tx:
            row = private_ledger.state(tx, self.remote.name)
            if row is None or row["ready_at"] is None or hold.since(tx) is not None:
                return False
            if row["silent_until"] is not None and at < row["silent_until"]:
                return False
            if row["looked_at"] is None or row["failing_since"] is not None:
                return True
            used = ledger.calls_of_month(tx, private_ledger.counted(self.remote.name), town_day(at))
        rules = self._rules(town_day(at))
        seconds = max(RHYTHM, rules.remote_rhythm if rules else 0)
        rhythm = Rhythm(seconds, rules.remote_quota, rules.remote_hours) if rules else Rhythm(seconds)
        return at >= rhythm.next_look(row["looked_at"], used)

    def standing(self) -> Standing | None:
        """How it goes; ``None`` before ``setup``."""
        with self.house.store.reading() as tx:
            row = private_ledger.state(tx, self.remote.name)
        if row is None or row["ready_at"] is None:
            return None
        return _standing(row, self._is_said(), self._clock())

    @contextmanager
    def _turn(self, *, take_over: bool = False) -> Iterator[tuple[Passage, dict[str, Any]]]:
        name, store = self.remote.name, self.house.store
        with store.reading() as tx:
            row = private_ledger.state(tx, name)
            if row is None:
                raise RemoteError(NOT_READY, applied=False)
            kept = Seal.of(tx.keys).opened(row["memory"])
        ledger.refuse_too_soon(row, self.label, self._clock())
        private_ledger.stay(store, row, self._clock(), take_over=take_over)
        if not private_ledger.take_lease(store, name, self._me):
            raise LostTurn(private_ledger.BUSY, applied=False)
        try:
            yield self._passage(), kept
        finally:
            private_ledger.let_go(store, name, self._me)

    def _passage(self) -> Passage:
        name, store, at = self.remote.name, self.house.store, self._clock()
        rules = self._rules(town_day(at))
        months, quota = (rules.remote_months, rules.remote_quota) if rules else (MONTHS, 0)

        def turn() -> None:
            self._pace.turn()
            private_ledger.before_a_call(store, name, self._me, town_day(self._clock()), quota)

        with store.reading() as tx:
            row = private_ledger.state(tx, name)
        stamp = str(row["stamp"]) if row else ""
        line = Line(turn, lambda count: private_ledger.reserve(store, name, count), stamp=stamp)
        return Passage(store, self.remote, line, self._clock, window.since(at, months))

    def _remember(self, kept: dict[str, Any], **values: Any) -> None:
        with self.house.store.writing() as tx:
            memory = Seal.of(tx.keys).sealed(kept)
            anew = dict.fromkeys(("silent_until", "asked_until"))
            private_ledger.change(tx, self.remote.name, memory=memory, **anew, **values)

    def _rules(self, day: date) -> Rules | None:
        with self.house.store.reading() as tx:
            try:
                return town.rules_in_force(tx, day)
            except Refused:
                return None

    def _is_said(self) -> bool:
        with self.house.store.reading() as tx:
            return _is_said(tx, self._clock())

    def _refuse_unless_said(self) -> None:
        if not self._is_said():
            raise refused(UNSAID, "R-33")


def shown(visit: Visit) -> list[str]:
    """R-33: how the base goes, for the direction générale alone; empty when the town has none."""
    with visit.reading() as counter:
        if not may(counter.person, Deed.DESIGNATE_INVESTIGATOR):
            return []
        rows = counter.tx.rows(sa.select(PRIVATE_BASES).where(PRIVATE_BASES.c.ready_at.is_not(None)))
        said = _is_said(counter.tx, visit.at)
    if not rows:
        return []
    return _standing(max(rows, key=lambda row: row["ready_at"]), said, visit.at).lines


def _standing(row: Row, said: bool, at: datetime) -> Standing:
    left = "" if said else STOPPED
    if said and row["failing_since"] is None and at - (row["looked_at"] or row["ready_at"]) > FORSAKEN:
        left = SILENT
    return Standing(row["agreed_at"], row["failing_since"], row["error"] or "", left)


def _is_said(tx: Reading, at: datetime) -> bool:
    """Whether the town dated its assessment of the base, and did not take it back."""
    try:
        return complaints_may_leave(town.rules(tx), town_day(at))
    except Refused:
        return False


def post(house: House, chosen: Chosen, clock: Clock, me: str) -> PrivatePost | None:
    """The post of these settings; ``None`` when complaints never leave the house, which is the default."""
    named = Named(
        chosen.private_remote, chosen.private_airtable_token, chosen.private_airtable_base,
        chosen.private_airtable_endpoint, chosen.private_sheets_credentials, chosen.private_sheets_id,
        chosen.private_sheets_endpoint,
    )  # fmt: skip
    spoken = spoken_to(named)
    return PrivatePost(house, *spoken, clock, me) if spoken else None
