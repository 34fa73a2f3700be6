"""The watch on social networks (R-19): a log of what was seen, each line becoming a demand by one gesture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from desk import drafts, french
from desk.demand import Demand
from desk.intake import Opened, open_file
from desk.typed import chosen
from desk.visits import Counter, Visit
from policy.classification import tidy
from policy.confidentiality import may_see_file
from policy.measures import Period
from policy.reasons import Ground, Refused, refuse_all, refused
from policy.roles import Deed, may, refuse_unless
from policy.watch import ARTICLE, Done, Network, Seen, check_seen
from policy.words import Channel
from sync import versions
from sync.schema import SQL
from sync.store import Reading, Row, Writing
from sync.versions import Difference

PAGE = 50
DRAFT = "veille"  # the record of what is being typed
_FORM = "veille-"  # how the token of a form in which a line becomes a demand begins

WATCH = SQL["watch"].c


@dataclass(frozen=True)
class Entry:
    """One line of the log; ``number`` only for who may open the file it became."""

    id: str
    on: date
    network: Network
    address: str
    words: str
    done: Done
    number: str
    who: str


@dataclass(frozen=True)
class Log:
    """The latest lines first, and how many in all; ``opens``: whether who asks may make a demand of one."""

    latest: tuple[Entry, ...]
    total: int
    opens: bool


def is_theirs(visit: Visit) -> bool:
    """Whether this person keeps the watch."""
    with visit.reading() as counter:
        return may(counter.person, Deed.KEEP_WATCH)


def log(visit: Visit) -> Log:
    """The log. Raises ``Refused`` for who does not keep it."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.KEEP_WATCH)
        query = select(SQL["watch"]).order_by(WATCH.seen_on.desc(), WATCH.id.desc()).limit(PAGE)
        return Log(
            tuple(_entry(counter, row) for row in counter.tx.rows(query)),
            int(counter.tx.scalar(select(func.count()).select_from(SQL["watch"]))),
            may(counter.person, Deed.ENTER_DEMAND),
        )


def note(visit: Visit, token: str, typed: Mapping[str, Any]) -> None:
    """P §4.1 (R-19): enter a line, from the fields as typed (``Seen``); the same token again changes nothing.

    Raises ``Refused`` with every ground.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.KEEP_WATCH)
        if counter.tx.first("watch", token=token) is not None:
            return
        counter.tx.insert_once(
            "watch",
            {**_judged(counter, typed), "noted_by": counter.person.id, "token": token},
            counter.by("noter ce qui a été vu"),
        )
        drafts.drop_in(counter, DRAFT)


def correct(visit: Visit, entry: str, seen: Mapping[str, Any], typed: Mapping[str, Any]) -> None:
    """Put a line right, from the fields as typed (``Seen``); ``seen``, as they stood when typing began.

    What another person changed meanwhile in a field that was not typed stays. Raises ``Refused`` with every
    ground: among them that both changed the same field, or that the line has become a demand.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.KEEP_WATCH)
        row = _still_open(counter.tx.lock("watch", entry))
        merge = versions.merge(fields_of(_entry(counter, row)), seen, typed)
        refuse_all(_changed(each) for each in merge.differences)
        after = _judged(counter, {**fields_of(_entry(counter, row)), **merge.changes})
        changes = {name: value for name, value in after.items() if row[name] != value}
        if changes:
            counter.tx.update("watch", entry, changes, counter.by("corriger ce qui a été vu"))
        drafts.drop_in(counter, draft_of(entry))


def answered(visit: Visit, entry: str) -> None:
    """It was answered since, on the network itself. Twice changes nothing. Raises ``Refused``."""
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.KEEP_WATCH)
        row = _still_open(counter.tx.lock("watch", entry))
        if row["done"] is not Done.ANSWERED:
            counter.tx.update("watch", entry, {"done": Done.ANSWERED}, counter.by("noter la suite donnée"))


def remove(visit: Visit, entry: str) -> None:
    """Take away a line entered by mistake, its words out of the history too. Raises ``Refused``.

    One that became a demand stays with it. Twice changes nothing.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.KEEP_WATCH)
        row = counter.tx.lock("watch", entry)
        if row is not None:
            _still_open(row)
            counter.tx.shred("watch", entry, counter.by("retirer de la veille"))


def fields_of(entry: Entry) -> dict[str, Any]:
    """A line as its form shows it."""
    return {
        "on": entry.on,
        "network": entry.network.value,
        "address": entry.address,
        "words": entry.words,
        "done": entry.done.value,
    }


def draft_of(entry: str) -> str:
    """The record of what is being corrected of that line."""
    return f"{DRAFT}:{entry}"


def token_of(entry: str) -> str:
    """The token of the form in which that line becomes a demand."""
    return f"{_FORM}{entry}"


def entry_of(token: str) -> str:
    """The line that becomes a demand in the form of that token; empty when it is another form."""
    return token.removeprefix(_FORM) if token.startswith(_FORM) else ""


def one(visit: Visit, entry: str) -> Entry | None:
    """The line of that id while it has become no demand; ``None`` else, or for who enters no demand."""
    with visit.reading() as counter:
        row = counter.tx.get("watch", entry)
        if row is None or row["done"] is Done.DEMAND or not may(counter.person, Deed.ENTER_DEMAND):
            return None
        return _entry(counter, row)


def prefill(visit: Visit, entry: str) -> Demand:
    """The form of a demand, filled with what was seen; received when it is entered. Raises ``Refused``."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.ENTER_DEMAND)
        row = _still_open(counter.tx.get("watch", entry))
        said = (row["words"] or "", f"Vu sur {row['network']} : {row['address']}" if row["address"] else "")
        facts = "\n".join(each for each in said if each)
        return Demand(token=token_of(entry), channel=Channel.SOCIAL, facts=facts)


def open_demand(visit: Visit, entry: str, demand: Demand) -> Opened:
    """R-1: give the demand its number and tie the line to it, in one transaction.

    A second click returns the file already opened. Raises ``Refused`` as ``desk.intake.open_file`` does.
    """
    if demand.token != token_of(entry):
        raise ValueError("the demand is not the one of this line")

    def tie(counter: Counter[Writing], opened: Opened) -> None:
        row = counter.tx.lock("watch", entry)
        if row is not None and row["file"] == opened.id:
            return
        _still_open(row)
        became = {"done": Done.DEMAND, "file": opened.id}
        counter.tx.update("watch", entry, became, counter.by("en faire une demande"))

    return open_file(visit, demand, tie)


def counted(tx: Reading, spans: Sequence[Period]) -> tuple[tuple[int, int], ...]:
    """R-19: how many were seen in each period, and how many of these became a demand."""
    query = select(WATCH.seen_on, WATCH.done, func.count()).where(
        WATCH.seen_on >= spans[0].first, WATCH.seen_on <= spans[-1].last
    )
    days = list(tx.connection.execute(query.group_by(WATCH.seen_on, WATCH.done)))
    return tuple(
        (
            sum(count for day, _, count in days if span.first <= day <= span.last),
            sum(count for day, done, count in days if span.first <= day <= span.last and done is Done.DEMAND),
        )
        for span in spans
    )


def _judged(counter: Counter[Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, as the log keeps it. Raises ``Refused`` with every ground."""
    seen = Seen(
        on=typed.get("on"),
        network=chosen(typed.get("network"), Network, "network"),
        address=str(typed.get("address") or ""),
        words=str(typed.get("words") or ""),
        done=chosen(typed.get("done"), Done, "done") or Done.NOTHING,
    )
    refuse_all(check_seen(seen, counter.today))
    return {
        "seen_on": seen.on,
        "network": seen.network,
        "address": tidy(seen.address) or None,
        "words": tidy(seen.words) or None,
        "done": seen.done,
    }


def _changed(each: Difference) -> Ground:
    words = f"Quelqu'un d'autre l'a changé entre-temps ; c'est maintenant « {french.words(each.theirs)} »."
    return Ground(f"{words} Enregistrez de nouveau pour le remplacer.", ARTICLE, each.field)


def _still_open(row: Row | None) -> Row:
    if row is None or row["done"] is Done.DEMAND:
        raise _became()
    return row


def _became() -> Refused:
    return refused("Cette ligne de la veille est déjà devenue une demande, ou a été retirée.", ARTICLE)


def _entry(counter: Counter[Any], row: Row) -> Entry:
    file, who = counter.tx.get("files", row["file"]), counter.tx.get("accounts", row["noted_by"])
    sees = file is not None and may_see_file(counter.person, file)
    return Entry(
        id=row["id"],
        on=row["seen_on"],
        network=row["network"],
        address=row["address"] or "",
        words=row["words"] or "",
        done=row["done"],
        number=file["number"] if file is not None and sees else "",
        who=who["name"] if who else "",
    )
