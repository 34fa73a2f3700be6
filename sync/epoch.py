"""What a restore begins: no number, no mail and no erasure of the store it replaces is forgotten.

All of it is done to the restored store before anybody works in it. ``old`` is the store it replaces, of the
same town: a row of one is the same row of the other when their ids are.
"""

import heapq
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from policy.numbering import Number, parse
from sync import carried, hold, orders
from sync.history import Author
from sync.link_tables import LINKS, PRIVATE_BASES, PRIVATE_LINKS, REMOTES, TOMBSTONES, Tie
from sync.schema import SERIES, SQL
from sync.states import MailKind
from sync.store import Reading, Row, Writing

NUMBERED = ("files", "complaints", "access_requests")
_TOLD = re.compile(r"(?<!\w)[PA]?2\d{3}-\d{4,6}(?!\w)")  # a number in the subject of a mail
_AT_ONCE = 2_000


@dataclass(frozen=True)
class Epoch:
    """What was kept of the store that was replaced, and what waits for a person."""

    mails: int = 0  # of the replaced ledger, taken over
    waiting: int = 0  # mails held
    drafts: int = 0
    complaints: int = 0  # that files became since, with all that hangs on them
    holds: int = 0  # of conservation, placed or lifted since
    closed: tuple[str, ...] = ()  # accounts closed since the backup, closed again
    lost: tuple[str, ...] = ()  # accounts opened since the backup, not there any more
    forgotten: tuple[tuple[str, str], ...] = ()  # (table, record) erased since, to be erased again
    last: Mapping[str, int] | None = None  # « P2026 » → the last number, of the series that jumped
    remotes: tuple[str, ...] = ()  # to which nothing is written

    @property
    def told(self) -> list[str]:
        """What whoever restored must know, in French."""
        lines = ["La copie est en place. Les personnes au travail se reconnectent."]
        if self.last:
            numbers = ", ".join(f"{series} après {n}" for series, n in self.last.items())
            lines.append(f"La numérotation continue plus loin : {numbers}.")
        if self.mails:
            lines.append(f"Courriels du registre remplacé, connus de nouveau : {self.mails}.")
        if self.drafts:
            lines.append(f"Brouillons gardés : {self.drafts}.")
        if self.closed:
            lines.append(f"Comptes fermés depuis la copie, fermés de nouveau : {', '.join(self.closed)}.")
        if self.lost:
            lines.append(f"Comptes ouverts depuis la copie, à rouvrir : {', '.join(self.lost)}.")
        if self.forgotten:
            lines.append(f"Effacé de nouveau, comme depuis la copie : {len(self.forgotten)} fiche(s).")
        if self.complaints:
            lines.append(
                f"Plaintes qu'étaient devenus des dossiers depuis la copie, reprises avec leurs pièces : "
                f"{self.complaints}."
            )
        if self.holds:
            lines.append(f"Suspensions de la conservation placées ou levées depuis, reprises : {self.holds}.")
        lines.append(f"Rien ne part avant une confirmation : {self.waiting} courriel(s) en attente.")
        if self.remotes:
            lines.append(f"Rien n'est écrit avant elle dans : {', '.join(self.remotes)}.")
        return lines


def begin(new: Writing, old: Reading | None, told: Iterable[Number], by: Author) -> Epoch:
    """Make the restored store go on from the one it replaces. ``told``: numbers known from elsewhere.

    Whoever was signed in is signed out, whoever must not enter any more does not enter. What ``forgotten``
    names is still to be erased by the desk; then ``held`` closes the epoch.
    """
    _sign_out(new, by)
    epoch = Epoch(remotes=_hush(new, old, by), last=_jump(new, old, told))
    if old is None:
        return epoch
    mails = _take_mails(new, old, by)
    _take_notices(new, old)
    closed, lost = _take_accounts(new, old, by)
    became = _moments_of_files(new, old)
    forgotten = _take_tombstones(new, old)
    complaints = carried.complaints(new, old, became, by)
    held = carried.holds(new, old, by)
    drafts = _take_drafts(new, old, {record for _, record in forgotten})
    return replace(
        epoch, mails=mails, drafts=drafts, closed=closed, lost=lost, forgotten=forgotten,
        complaints=complaints, holds=held,
    )  # fmt: skip


def held(new: Writing, epoch: Epoch, by: Author) -> Epoch:
    """Nothing leaves before a person says so; what waits is counted and told."""
    mails = SQL["mails"].c
    waiting = int(new.scalar(sa.select(sa.func.count()).where(mails.state.in_(hold.WAITING))) or 0)
    hold.begin(
        new,
        f"Les données ont été reprises d'une copie de sauvegarde. Aucun courriel ne part ({waiting} en "
        "attente) et aucune liste n'est dressée tant que ceci n'est pas fait. Regardez d'abord plus bas ce "
        "qui est à envoyer : ce qui était parti après la copie et n'y figure pas partirait une seconde fois.",
        by,
    )
    return replace(epoch, waiting=waiting)


def _sign_out(new: Writing, by: Author) -> None:
    sessions, resets = SQL["sessions"], SQL["resets"]
    new.connection.execute(
        sa.update(sessions).where(sessions.c.ended_at.is_(None)).values(ended_at=by.at, updated_at=by.at)
    )
    new.connection.execute(
        sa.update(resets)
        .where(resets.c.used_at.is_(None), resets.c.expires_at > by.at)
        .values(expires_at=by.at, updated_at=by.at)
    )


def _hush(new: Writing, old: Reading | None, by: Author) -> tuple[str, ...]:
    """Nothing is written to a remote before a person says so; the next look reads everything again.

    The stamp stays that of the installation restored into, and what its remote gave is not given twice.
    """
    there = {row["name"]: row for row in old.rows(sa.select(REMOTES))} if old is not None else {}
    kept = {row["name"]: row for row in new.rows(sa.select(REMOTES))}
    still = {
        "restored_at": by.at,
        "home": None,
        "listed_at": None,
        "leased_to": None,
        "leased_until": None,
        "woken_at": None,
    }
    for name, row in kept.items():
        ours = there.get(name)
        going_on = {
            "stamp": ours["stamp"],
            "reserved": max(ours["reserved"], row["reserved"]),
            "looks": max(ours["looks"], row["looks"]),
        } if ours else {}  # fmt: skip
        new.connection.execute(
            sa.update(REMOTES).where(REMOTES.c.name == name).values(**{**still, **going_on})
        )
    _keep_private_base(new, old)
    missing = [{**row, **still} for name, row in there.items() if name not in kept]
    if missing:
        new.connection.execute(sa.insert(REMOTES), missing)
    return tuple(sorted({row["label"] for row in (*there.values(), *kept.values())}))


def _keep_private_base(new: Writing, old: Reading | None) -> None:
    """What was to leave the private base still leaves it; everything there is read again, once confirmed."""
    anew = {"listed_at": None, "home": None, "leased_to": None, "leased_until": None}
    new.connection.execute(sa.update(PRIVATE_BASES).values(**anew))
    kept = {row["name"]: row for row in new.rows(sa.select(PRIVATE_BASES))}
    for row in old.rows(sa.select(PRIVATE_BASES)) if old is not None else ():
        if row["name"] not in kept:
            new.connection.execute(sa.insert(PRIVATE_BASES), [{**row, **anew}])
            continue
        reserved = max(row["reserved"], kept[row["name"]]["reserved"])
        named = sa.update(PRIVATE_BASES).where(PRIVATE_BASES.c.name == row["name"])
        new.connection.execute(named.values(stamp=row["stamp"], reserved=reserved))
    links = PRIVATE_LINKS.c
    for row in old.rows(sa.select(PRIVATE_LINKS).where(links.leaving.is_(True))) if old is not None else ():
        place = (links.base == row["base"], links.table_name == row["table_name"])
        new.connection.execute(sa.delete(PRIVATE_LINKS).where(*place, links.record == row["record"]))
        new.connection.execute(sa.insert(PRIVATE_LINKS), [row])


def _jump(new: Writing, old: Reading | None, told: Iterable[Number]) -> dict[str, int]:
    """R-1: every series goes on past every number that anybody may have been told."""
    last: dict[tuple[str, int], int] = {}
    for number in (*told, *_numbers(new), *(_numbers(old) if old is not None else ())):
        counted = (number.series.value, number.year)
        last[counted] = max(last.get(counted, 0), number.n)
    before = {(row["series"], row["year"]): row["last"] for row in new.rows(sa.select(SERIES))}
    for row in old.rows(sa.select(SERIES)) if old is not None else ():
        counted = (row["series"], row["year"])
        last[counted] = max(last.get(counted, 0), row["last"])
    jumped = {counted: n for counted, n in last.items() if n > before.get(counted, 0)}
    for (series, year), n in jumped.items():
        new.jump_past(series, year, n)
    return {f"{series}{year}": n for (series, year), n in sorted(jumped.items())}


def _numbers(tx: Reading) -> Iterator[Number]:
    """Those that its files bear, and those that its mails told."""
    for table in NUMBERED:
        for (text,) in _each(tx, sa.select(SQL[table].c.number)):
            if (number := parse(text)) is not None:
                yield number
    for (subject,) in _each(tx, sa.select(SQL["mails"].c.subject)):
        for text in _TOLD.findall(subject):
            if (number := parse(text)) is not None:
                yield number


def _take_mails(new: Writing, old: Reading, by: Author) -> int:
    """What was drawn up or left since the backup is known again: it does not leave a second time."""
    for run in old.find("list_runs"):
        there = new.get("list_runs", run["id"])
        values = {
            name: run[name] for name in ("kind", "month", "due_on", "outcome", "drawn_at", "why", "note")
        }
        if there is None:
            new.insert_once("list_runs", {"id": run["id"], **values}, by)
        else:
            new.update("list_runs", run["id"], values, by)
    mails, taken = SQL["mails"].c, 0
    for id, changed in _changed(new, old, "mails"):
        mail = dict(old.rows(sa.select(SQL["mails"]).where(mails.id == id))[0])
        for name, table in (("file", "files"), ("run", "list_runs")):
            if mail[name] is not None and _is_missing(new, table, mail[name]):
                mail[name] = None
        query = sa.select(mails.id).where(mails.key == mail["key"], mails.id != id)
        if (twin := new.scalar(query)) is not None:  # the same letter, drawn up anew after an earlier restore
            mail["id"], changed = twin, True
        _put(new, "mails", mail, changed)
        taken += 1
        _acknowledge(new, mail, by)
    return taken


def _acknowledge(new: Writing, mail: Row, by: Author) -> None:
    """R-5: whoever was written to after the backup was acknowledged all the same."""
    if mail["kind"] is not MailKind.ACKNOWLEDGEMENT or mail["sent_at"] is None:
        return
    file = new.get("files", mail["file"])
    if file is not None and file["acknowledged_at"] is None:
        new.update("files", file["id"], {"acknowledged_at": mail["sent_at"]}, by)


def _take_notices(new: Writing, old: Reading) -> None:
    """A department that was told of a file since is not told again."""
    notices = SQL["notices"]
    for id, changed in _changed(new, old, "notices"):
        row = old.rows(sa.select(notices).where(notices.c.id == id))[0]
        if changed and row["mailed_at"] is not None:
            new.connection.execute(
                sa.update(notices).where(notices.c.id == id).values(mailed_at=row["mailed_at"])
            )


def _take_accounts(new: Writing, old: Reading, by: Author) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who was shut out since stays out, and a password changed since stays changed."""
    closed, lost = [], []
    for account in old.find("accounts", ("name",)):
        there = new.get("accounts", account["id"])
        if there is None:
            lost.append(account["name"])
            continue
        now = {"password": account["password"], "active": there["active"] and account["active"]}
        new.update("accounts", account["id"], now, by)
        if there["active"] and not account["active"]:
            closed.append(account["name"])
    return tuple(closed), tuple(lost)


def _moments_of_files(new: Reading, old: Reading) -> set[object]:
    """When files were erased whole since the backup: a complaint that one became was made at that moment."""
    stones = sa.select(TOMBSTONES).where(TOMBSTONES.c.table_name == "files", TOMBSTONES.c.outline.is_(None))
    known = {row["record"] for row in new.rows(stones)}
    return {row["at"] for row in old.rows(stones) if row["record"] not in known}


def _take_tombstones(new: Writing, old: Reading) -> tuple[tuple[str, str], ...]:
    """What was erased since the backup, and is there again: (table, record). It is erased there again too."""
    already = {(row["table_name"], row["record"]) for row in new.rows(sa.select(TOMBSTONES))}
    found = []
    for row in old.rows(sa.select(TOMBSTONES)):
        erased = (row["table_name"], row["record"])
        if erased not in already:
            orders.purge(new, *erased, row["at"], outline=bool(row["outline"]))
            found.append(erased)
    for link in old.rows(sa.select(LINKS).where(LINKS.c.tie == Tie.PURGED.value)):
        there = (LINKS.c.remote == link["remote"], LINKS.c.table_name == link["table_name"])
        known = sa.or_(LINKS.c.record == link["record"], LINKS.c.key == link["key"])
        same = sa.or_(LINKS.c.id == link["id"], sa.and_(*there, known))
        if new.scalar(sa.select(LINKS.c.id).where(same).limit(1)) is None:  # its row went there since
            new.connection.execute(sa.insert(LINKS), [link])
    return tuple(found)


def _take_drafts(new: Writing, old: Reading, gone: set[str]) -> int:
    """What somebody was typing when the store was replaced waits for them."""
    drafts, taken = SQL["drafts"].c, 0
    for id, _ in _changed(new, old, "drafts"):
        draft = old.rows(sa.select(SQL["drafts"]).where(drafts.id == id))[0]
        if draft["record"] in gone or _is_missing(new, "accounts", draft["account"]):
            continue
        same = {name: draft[name] for name in ("account", "record", "field")}
        other = new.first("drafts", **same)
        if other is not None and other["typed_at"] > draft["typed_at"]:
            continue
        if other is not None:
            new.connection.execute(sa.delete(SQL["drafts"]).where(drafts.id == other["id"]))
        _put(new, "drafts", draft, changed=False)
        taken += 1
    return taken


def _changed(new: Reading, old: Reading, table: str) -> Iterator[tuple[str, bool]]:
    """The rows that the old store knows better, each with whether the new one has it too."""
    columns = SQL[table].c
    query = sa.select(columns.id, columns.updated_at).order_by(columns.id)
    sides = (_sided(old, 0, query), _sided(new, 1, query))
    found = []
    for id, rows in groupby(heapq.merge(*sides), key=lambda row: row[0]):
        at = {side: updated_at for _, side, updated_at in rows}
        if 0 in at and (1 not in at or at[0] > at[1]):
            found.append((id, 1 in at))
    yield from found  # whoever takes them writes where they were read


def _sided(tx: Reading, side: int, query: sa.Select[Any]) -> Iterator[tuple[str, int, datetime]]:
    for row in _each(tx, query):
        yield row.id, side, row.updated_at


def _put(new: Writing, table: str, row: Row, changed: bool) -> None:
    if changed:
        new.connection.execute(sa.update(SQL[table]).where(SQL[table].c.id == row["id"]).values(**row))
    else:
        new.connection.execute(sa.insert(SQL[table]), [dict(row)])


def _is_missing(tx: Reading, table: str, record: str) -> bool:
    return tx.scalar(sa.select(SQL[table].c.id).where(SQL[table].c.id == record)) is None


def _each(tx: Reading, query: sa.Select[Any]) -> Iterator[Any]:
    yield from tx.connection.execute(query.execution_options(yield_per=_AT_ONCE))
