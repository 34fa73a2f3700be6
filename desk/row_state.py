"""Where the row of one file stands in the town's table, told on the screen of the file."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from desk import french
from desk.scope import file_in_sight
from desk.synchronisation import current
from desk.table_words import table_said
from desk.town import rules_in_force
from desk.visits import Counter, Visit
from policy.confidentiality import may_see, visible_fields
from policy.roles import Deed, may
from policy.towntime import to_town
from policy.words import Sight
from sync import ledger, links, orders, window
from sync.file_tables import FILES
from sync.link_tables import MOVED, Tie
from sync.links import Link
from sync.store import Reading, Row


class Stands(StrEnum):
    """How the row and the file agree."""

    AGREED = "à jour"
    WAITING = "en attente"
    DISPUTED = "litige"
    REJECTED = "valeur refusée"
    WITHDRAWN = "retirée"
    OUTSIDE = "hors de la table"


@dataclass(frozen=True)
class RowState:
    """``words`` is the sentence about the row of ``remote`` (what people call it).

    ``held`` are the sentences about its disputes and refused values that this visit may see; ``settles``
    says whether it may settle them. ``extras`` are the columns of that row that are not ours: (title, text).
    """

    remote: str
    stands: Stands
    words: str
    held: tuple[str, ...]
    extras: tuple[tuple[str, str], ...]
    settles: bool


def row_state(visit: Visit, number: str) -> RowState | None:
    """The state of the row of a file (its number or id); ``None`` when the town has no table elsewhere.

    Raises ``NotFound``, alike for unknown and not entitled.
    """
    with visit.reading() as counter:
        file = file_in_sight(counter, number)
        remote = current(counter.tx)
        if remote is None:
            return None
        link = links.of_record(counter.tx, remote["name"], "files", file["id"])
        held = _held(counter, file, link)
        stands, words = _stands(counter, remote, file, link)
        if stands in (Stands.AGREED, Stands.WAITING) and held:
            stands = Stands.DISPUTED if any(is_dispute for is_dispute, _ in held) else Stands.REJECTED
        return RowState(
            remote=remote["label"],
            stands=stands,
            words=words,
            held=tuple(told for _, told in held),
            extras=_extras(counter, file, link),
            settles=bool(held) and may(counter.person, Deed.SETTLE_REMOTE),
        )


def lasting(since: datetime, now: datetime) -> str:
    """« 12 s », « 3 min », then « 10 h 12 » the same day in town, then « le 12 novembre »."""
    gone = now - since
    if gone < timedelta(minutes=1):
        return f"{max(int(gone.total_seconds()), 0)} s"
    if gone < timedelta(hours=1):
        return f"{int(gone.total_seconds()) // 60} min"
    day = to_town(since).date()
    if day == to_town(now).date():
        return french.hour(since)
    words = french.day(day)
    return f"le {words.rpartition(' ')[0] if day.year == to_town(now).year else words}"


def _stands(counter: Counter[Reading], remote: Row, file: Row, link: Link | None) -> tuple[Stands, str]:
    if link is not None and link.tie is Tie.WITHDRAWN:
        when = lasting(link.since, counter.at)
        return Stands.WITHDRAWN, f"retirée de la table depuis {when} ; le dossier reste où il en est ici"
    if link is None or link.tie is not Tie.LINKED:
        months = rules_in_force(counter.tx, counter.today).remote_months
        limit = window.since(counter.at, months)
        if not window.inside(counter.tx, "files", [file["id"]], limit):
            return Stands.OUTSIDE, "pas dans la table (fermé depuis longtemps)"
        return Stands.WAITING, _waiting(counter.tx, remote)
    if link.open or link.key is None or _has_moved(counter.tx, file["id"]):
        return Stands.WAITING, _waiting(counter.tx, remote)
    return Stands.AGREED, f"dans la table depuis {lasting(link.agreed_at or link.since, counter.at)}"


def _has_moved(tx: Reading, file: str) -> bool:
    query = sa.select(MOVED.c.mark).where(MOVED.c.table_name == "files", MOVED.c.record == file)
    return tx.scalar(query) is not None


def _waiting(tx: Reading, remote: Row) -> str:
    """Why it waits, when it is longer than the next exchange."""
    frozen = ledger.tables(tx, remote["name"]).get("files")
    if remote["paused_at"] is not None:
        why = "la synchronisation est en pause"
    elif remote["restored_at"] is not None:
        why = "les données ont été reprises d'une copie, et rien ne part avant une confirmation"
    elif frozen is not None and frozen["frozen_at"] is not None:
        why = "la table est gelée"
    elif remote["error"]:
        why = "la table ne répond pas ; rien n'est perdu"
    else:
        return "en attente du prochain échange"
    return f"en attente : {why}"


def _held(counter: Counter[Reading], file: Row, link: Link | None) -> tuple[tuple[bool, str], ...]:
    """Its disputes (True), then its refused values (False), each in a sentence; those of fields in sight."""
    if link is None:
        return ()
    shown = {each.name: each for each in visible_fields(counter.person, "files", FILES.fields, file)}
    told = []
    for row in orders.active(counter.tx, link.id):
        field = shown.get(row["field"])
        if field is None:
            continue
        there = table_said(counter.tx, link.remote, field, json.loads(row["raw"] or "null"))
        if orders.is_rejection(row):
            article = f" ({row['article']})" if row["article"] else ""
            told.append((False, f"Refusé, {field.label} « {there} » : {row['words']}{article}"))
        else:
            told.append((True, f"Litige, {field.label} : « {there} » dans la table"))
    return tuple(sorted(told, reverse=True))


def _extras(counter: Counter[Reading], file: Row, link: Link | None) -> tuple[tuple[str, str], ...]:
    """Nobody knows what the director keeps in columns of his own: as an internal note, they are shown."""
    if link is None or not may_see(counter.person, Sight.INTERNAL, file):
        return ()
    return tuple((title, french.words(_flat(raw))) for title, raw in link.extras.items())


def _flat(raw: object) -> object:
    return ", ".join(map(str, raw)) if isinstance(raw, list) else raw
