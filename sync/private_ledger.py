"""Where this installation stands with its private base: nothing of what a complaint says lies here in clear.

Of each cell two digests are kept, keyed by the vault and tied to their place; the memory of the remote is
sealed with it. A rotation of the keys makes digests that match none: everything is then told once more.
"""

import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync import ledger, patience
from sync.link_tables import PRIVATE_BASES, PRIVATE_LINKS
from sync.remote import LostTurn, RemoteError
from sync.schema import dumped
from sync.store import Reading, Row, Store, Writing
from sync.values import written
from sync.vault import Keyring, locked

NONCE = 12
BUSY = "Une autre horloge parle déjà à la base privée : la sienne suffit."


@dataclass
class PrivateLink:
    """A row there. ``told``: by field, the digest of our value and that of its cell as it was read back.

    Without ``told`` its row was never seen there, or not since it was lost.
    """

    table: str
    record: str
    key: str | None = None
    told: dict[str, list[str]] = field(default_factory=dict)
    put_back: dict[str, list[Any]] = field(default_factory=dict)
    leaving: bool = False
    open: bool = True
    absences: int = 0

    def may_put_back(self, name: str, today: str, most: int) -> bool:
        """Count one more time that this cell is put back today; whether it still may be."""
        day, times = self.put_back.get(name, [today, 0])
        times = times if day == today else 0
        self.put_back[name] = [today, min(times + 1, most + 1)]
        return times < most

    def has_given_up(self, most: int) -> bool:
        """Whether a cell of it was put back too often: another day, it is read again."""
        return any(times > most for _, times in self.put_back.values())

    def agree(self, name: str, most: int) -> None:
        """The cell says what it should: it is not given up any more."""
        if self.put_back.get(name, ["", 0])[1] > most:
            del self.put_back[name]

    def waits(self, today: str, most: int) -> bool:
        """Whether something of it is left to do today."""
        return self.open and not any(day == today and n > most for day, n in self.put_back.values())


@dataclass(frozen=True)
class Seal:
    """The keys of this ledger, apart from those of the rows."""

    keys: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def of(cls, keys: Keyring | None) -> "Seal":
        """Raises ``Locked`` without a private key."""
        if keys is None:
            raise locked("La clé des dossiers privés n'est pas là : la base privée n'est pas mise à jour.")
        return cls(keys.apart("base privée"))

    def digest(self, *place: str, value: Any) -> str:
        """A digest of a value at its place, which nobody makes without the key."""
        said = dumped([*place, written(value)]).encode()
        return hmac.digest(self.keys[0], said, "sha256").hex()[:32]

    def sealed(self, memory: Mapping[str, Any]) -> str:
        """A memory as it is kept."""
        nonce = secrets.token_bytes(NONCE)
        said = json.dumps(memory, ensure_ascii=False).encode()
        return (nonce + AESGCM(self.keys[0]).encrypt(nonce, said, b"memory")).hex()

    def opened(self, kept: str | None) -> dict[str, Any]:
        """The memory that was kept; empty, and then all is read again, when no key of ours opens it."""
        held = bytes.fromhex(kept or "")
        for key in self.keys if held else ():
            try:
                said = AESGCM(key).decrypt(held[:NONCE], held[NONCE:], b"memory")
            except InvalidTag:
                continue
            return dict(json.loads(said))
        return {}


def state(tx: Reading, base: str) -> Row | None:
    """The row of the base; ``None`` before ``setup``."""
    return tx.row(sa.select(PRIVATE_BASES).where(PRIVATE_BASES.c.name == base))


def enter(store: Store, base: str) -> str:
    """The stamp of this installation with that base."""
    with store.writing() as tx:
        there = state(tx, base)
        if there is not None:
            return str(there["stamp"])
        stamp = secrets.token_hex(ledger.STAMP_BYTES)
        tx.connection.execute(sa.insert(PRIVATE_BASES).values(name=base, stamp=stamp))
        return stamp


def change(tx: Writing, base: str, **values: Any) -> None:
    """Change what is known of the base."""
    tx.connection.execute(sa.update(PRIVATE_BASES).where(PRIVATE_BASES.c.name == base).values(**values))


def links(tx: Reading, base: str) -> dict[tuple[str, str], PrivateLink]:
    """Every row there that is ours, by table and record."""
    rows = tx.rows(sa.select(PRIVATE_LINKS).where(PRIVATE_LINKS.c.base == base))
    return {
        (row["table_name"], row["record"]): PrivateLink(
            row["table_name"], row["record"], row["key"], json.loads(row["told"]),
            json.loads(row["put_back"]), row["leaving"], row["open"], row["absences"],
        )
        for row in rows
    }  # fmt: skip


def save(tx: Writing, base: str, some: Iterable[PrivateLink]) -> None:
    """Keep these links as they are now."""
    for link in some:
        where = (
            PRIVATE_LINKS.c.base == base,
            PRIVATE_LINKS.c.table_name == link.table,
            PRIVATE_LINKS.c.record == link.record,
        )
        values = {
            "key": link.key, "told": json.dumps(link.told), "put_back": json.dumps(link.put_back),
            "leaving": link.leaving, "open": link.open, "absences": link.absences,
        }  # fmt: skip
        done = tx.connection.execute(sa.update(PRIVATE_LINKS).where(*where).values(**values))
        if not done.rowcount:
            born = {"base": base, "table_name": link.table, "record": link.record, **values}
            tx.connection.execute(sa.insert(PRIVATE_LINKS).values(**born))


def forget(tx: Writing, base: str, some: Iterable[PrivateLink]) -> None:
    """These rows have left: nothing of them is kept."""
    for link in some:
        gone = sa.delete(PRIVATE_LINKS).where(
            PRIVATE_LINKS.c.base == base,
            PRIVATE_LINKS.c.table_name == link.table,
            PRIVATE_LINKS.c.record == link.record,
        )
        tx.connection.execute(gone)


def take_lease(store: Store, base: str, me: str) -> bool:
    """Whether this worker may speak to the base from now on."""
    with store.writing() as tx:
        return _lease(tx, base, me)


def let_go(store: Store, base: str, me: str) -> None:
    """Leave the base to another worker."""
    with store.writing() as tx:
        where = (PRIVATE_BASES.c.name == base, PRIVATE_BASES.c.leased_to == me)
        free = sa.update(PRIVATE_BASES).where(*where).values(leased_to=None, leased_until=None)
        tx.connection.execute(free)


def before_a_call(store: Store, base: str, me: str, day: date, most: int) -> None:
    """Take the lease anew and count the call. Raises ``RemoteError``."""
    with store.writing() as tx:
        if not _lease(tx, base, me):
            raise LostTurn(BUSY, applied=False)
        if most and ledger.calls_of_month(tx, counted(base), day) >= most:
            raise RemoteError(
                "Les appels que la ville accorde chaque mois sont faits : la base privée attendra.",
                again=False, applied=False, person=True,
            )  # fmt: skip
        ledger.count_call(tx, counted(base), day)


def counted(base: str) -> str:
    """The name under which the calls to the base are counted, apart from the town's table."""
    return f"private {base}"


def reserve(store: Store, base: str, count: int) -> int:
    """The first of ``count`` integers that this base was never given."""
    with store.writing() as tx:
        raised = sa.update(PRIVATE_BASES).where(PRIVATE_BASES.c.name == base)
        raised = raised.values(reserved=PRIVATE_BASES.c.reserved + count).returning(PRIVATE_BASES.c.reserved)
        last: int = tx.connection.execute(raised).scalar_one()
        return last - count + 1


def failed(store: Store, base: str, error: RemoteError, at: datetime) -> None:
    """Keep what went wrong, since when, and until when it is useless to ask again."""
    with store.writing() as tx:
        row = state(tx, base)
        if row is None:
            return
        since = row["failing_since"] or at
        change(
            tx, base, error=error.words, failing_since=since,
            silent_until=patience.until(at, since, error.wait, row["stamp"]),
            asked_until=patience.asked_until(at, error.wait, error.asked, row["stamp"]),
        )  # fmt: skip


def stay(store: Store, row: Row, at: datetime, *, take_over: bool = False) -> None:
    """As ``ledger.stay``, of the private base."""
    ledger.stay(store, row, at, take_over=take_over, fail=failed, keep=change)


def went_well(store: Store, base: str, at: datetime) -> None:
    """An exchange went to its end."""
    with store.writing() as tx:
        change(tx, base, agreed_at=at, error=None, failing_since=None, silent_until=None, asked_until=None)


def _lease(tx: Writing, base: str, me: str) -> bool:
    row = tx.row(sa.select(PRIVATE_BASES).where(PRIVATE_BASES.c.name == base).with_for_update())
    moment = ledger.database_clock(tx)
    if row is None or (row["leased_to"] not in (None, me) and row["leased_until"] > moment):
        return False
    change(tx, base, leased_to=me, leased_until=moment + ledger.LEASE)
    return True
