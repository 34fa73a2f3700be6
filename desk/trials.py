"""Connections tried because a person asked: the screen asks and reads the answer, the clock goes and tries.

The clock is what sends and exchanges: tried there, with its settings and from its machine, the answer is that
of the real thing. No transaction waits for a network.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter

import sqlalchemy as sa

from desk import letters
from desk import town as towns
from desk.exchanges import Post
from desk.house import House
from desk.ledger import by_the_clock
from desk.letters import Recipient
from desk.outbox import Carrier, Parcel
from desk.outbox import RemoteError as MailError
from desk.visits import Visit
from policy.reasons import Refused, refused
from policy.roles import Deed, may, refuse_unless
from policy.towntime import to_town, town_day
from sync.ids import new_id
from sync.remote import LostTurn, RemoteError
from sync.schema import SQL
from sync.states import Trial
from sync.store import Reading, Row

PATIENCE = timedelta(minutes=2)  # longer than the time-outs of one trial together; then nobody answers
NOBODY = (
    "L'horloge n'a pas répondu : vérifiez qu'elle marche (« python -m jobs », que « make run » lance avec "
    "les écrans)."
)
BUSY = "Un échange avec la table est en cours : elle répond. Essayez de nouveau dans un instant."
NO_TABLE = "La ville n'a pas relié de table (GUICHET_REMOTE vaut « none ») : il n'y a rien à lire."


@dataclass(frozen=True)
class Answer:
    """What a trial answered, or that it still waits. ``words`` are French and hold no secret."""

    kind: Trial
    asked_at: datetime
    ended_at: datetime | None
    went_well: bool
    words: str

    @property
    def waits(self) -> bool:
        """Whether the clock has not answered yet."""
        return self.ended_at is None and not self.words


@dataclass(frozen=True)
class Base:
    """The local database: its kind, what it weighs on disk, how long one reading took."""

    kind: str
    megabytes: float
    milliseconds: float


def are_offered(visit: Visit) -> bool:
    """Whether this visit may try connections."""
    with visit.reading() as counter:
        return may(counter.person, Deed.TRY_CONNECTIONS)


def ask(visit: Visit, kind: Trial) -> None:
    """Ask the clock to try a connection; asked again while it tries, it is the same trial."""
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.TRY_CONNECTIONS)
        counter.tx.alone("essayer une connexion")
        last = _last(counter.tx, kind)
        if last is not None and last["ended_at"] is None and counter.at - last["asked_at"] < PATIENCE:
            return
        row = {"kind": kind, "account": counter.person.id, "asked_at": counter.at}
        counter.tx.insert("trials", row, counter.by("essayer une connexion"))


def answers(visit: Visit) -> tuple[Answer, ...]:
    """The last answer of each kind of trial that was ever asked."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.TRY_CONNECTIONS)
        rows = [_last(counter.tx, kind) for kind in Trial]
    return tuple(_answer(row, visit.at) for row in rows if row is not None)


def base(visit: Visit) -> Base:
    """« Lire la base »: what the local database weighs, and how fast it answers."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.TRY_CONNECTIONS)
        began = perf_counter()
        counter.tx.scalar(sa.select(sa.func.count()).select_from(SQL["accounts"]))
        took = (perf_counter() - began) * 1_000
        is_postgresql = counter.tx.connection.dialect.name == "postgresql"
        size = _POSTGRESQL_BYTES if is_postgresql else _SQLITE_BYTES
        weight = int(counter.tx.connection.execute(size).scalar_one())
    return Base("PostgreSQL" if is_postgresql else "SQLite", weight / 1_000_000, took)


def carry_out(house: House, carrier: Carrier, post: Post | None, clock: Callable[[], datetime]) -> int:
    """Try what was asked and not tried yet, for the clock; how many. A trial is made once at most."""
    done = 0
    while (trial := _taken(house, clock())) is not None:
        if trial["kind"] is Trial.MAIL:
            went_well, words = _mail(house, carrier, trial, clock())
        else:
            went_well, words = _remote(post)
        with house.store.writing() as tx:
            ended = {"ended_at": clock(), "went_well": went_well, "words": words[:2_000]}
            tx.update("trials", trial["id"], ended, by_the_clock(clock(), "essayer"))
        done += 1
    return done


_SQLITE_BYTES = sa.text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
_POSTGRESQL_BYTES = sa.text("SELECT pg_database_size(current_database())")


def _last(tx: Reading, kind: Trial) -> Row | None:
    trials = SQL["trials"]
    return tx.row(sa.select(trials).where(trials.c.kind == kind).order_by(trials.c.id.desc()).limit(1))


def _answer(row: Row, now: datetime) -> Answer:
    lost = row["ended_at"] is None and now - row["asked_at"] >= PATIENCE
    words = NOBODY if lost else row["words"] or ""
    return Answer(row["kind"], row["asked_at"], row["ended_at"], bool(row["went_well"]), words)


def _taken(house: House, now: datetime) -> Row | None:
    """The next trial that waits, now ours; one asked too long ago has already been answered for."""
    trials = SQL["trials"]
    fresh = trials.c.asked_at > now - PATIENCE
    waiting = sa.select(trials.c.id).where(trials.c.ended_at.is_(None), trials.c.taken_at.is_(None), fresh)
    with house.store.reading() as tx:
        found = tx.row(waiting.order_by(trials.c.id).limit(1))
    if found is None:
        return None
    with house.store.writing() as tx:
        row = tx.lock("trials", found["id"])
        if row is None or row["taken_at"] is not None:
            return None
        return tx.update("trials", row["id"], {"taken_at": now}, by_the_clock(now, "essayer"))


def _mail(house: House, carrier: Carrier, trial: Row, now: datetime) -> tuple[bool, str]:
    try:
        parcel = _parcel(house, trial, now)
    except Refused as refusal:
        return False, str(refusal)
    try:
        carrier.carry(parcel)
    except MailError as error:
        return False, str(error)
    finally:
        carrier.close()
    if house.mail_folder is not None:
        return True, f"Écrit dans le dossier des courriels, à l'adresse {parcel.recipient}."
    return True, f"Le serveur de courriel l'a pris, pour {parcel.recipient} : regardez s'il arrive."


def _parcel(house: House, trial: Row, now: datetime) -> Parcel:
    """The trial's mail, frozen as all others are, to whoever asked for it."""
    with house.store.reading() as tx:
        rules = towns.rules_in_force(tx, town_day(now))
        account = tx.get("accounts", trial["account"])
    if account is None or not letters.is_address(account["email"]):
        raise refused("Votre compte n'a pas d'adresse à laquelle un courriel peut être envoyé.")
    letter = letters.render(house, rules, "trial", "Courriel d'essai du guichet", asked_at=trial["asked_at"])
    to = Recipient(account["name"], account["email"])
    message_id = letters.message_id(house, new_id(now))
    return Parcel(
        name=f"{to_town(now):%Y-%m-%d_%H%M}_courriel-d-essai_{trial['id']}",
        sender=letters.sender(house),
        recipient=account["email"],
        message=letters.freeze(house, rules, letter, to, message_id, now),
    )


def _remote(post: Post | None) -> tuple[bool, str]:
    if post is None:
        return False, NO_TABLE
    try:
        differences = post.check()
    except LostTurn:
        return True, BUSY
    except RemoteError as error:
        return False, error.words
    if differences:
        return False, f"{post.remote.label} répond, mais il y manque : {' ; '.join(differences)}"
    return True, f"{post.remote.label} répond, et tout y est comme la mise en place l'a fait."
