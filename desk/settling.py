"""« Mettre la ville en place » on a screen: what is typed stays on the server until it is the town's."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, exists, select

from desk import setup
from desk.plan import Plan, refuse_unreadable
from desk.visits import Counter, Visit
from policy.reasons import Ground, refuse_all, refused
from policy.roles import Deed, may, refuse_unless
from sync.schema import SQL
from sync.store import Reading, Row, Writing
from sync.vault import Keyring
from sync.versions import Difference

MOST = 400  # fields
LARGEST = 2_000  # characters of one of them
MADE, COPIED = "key.made", "key.copied"
BEGUN = ("files", "complaints", "access_requests")  # a demand of whatever nature: the town is at work


@dataclass(frozen=True)
class Key:
    """The key of the private files. ``text`` is shown until somebody says it is copied; then empty.

    ``makeable``: there is none yet, and this software can make it.
    """

    name: str
    file: str
    text: str
    copied: bool
    makeable: bool


@dataclass(frozen=True)
class Settling:
    """How far the town is put in place. ``problems`` keep it from being adopted now."""

    plan: Plan
    key: Key
    placed: bool
    begun: bool  # a demand was entered: nothing is left to put in place
    problems: tuple[Ground, ...]
    presets: Mapping[str, str]  # name → title


def settling(visit: Visit) -> Settling:
    """Where it stands, for who puts the town in place. Raises ``Refused``."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.SETTLE_TOWN)
        found = plan(counter)
        key = _key(counter, found)
        return Settling(
            found,
            key,
            setup.is_in_place(counter.tx, counter.today),
            is_begun(counter.tx),
            (*found.problems(), *_of_key(key)),
            {name: offer.title for name, offer in visit.house.presets.items()},
        )


def keep(visit: Visit, typed: Mapping[str, Any], seen: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Keep what was typed, over ``seen``; what somebody else typed there meanwhile is left, and told.

    Raises ``Refused`` once the town is in place, for whoever may not, and for what no form of ours sends.
    """
    found = []
    with visit.writing() as counter:
        _refuse_unless_settling(counter)
        kept = _kept(counter.tx)
        if len(kept.keys() | typed.keys()) > MOST or any(len(str(each)) > LARGEST for each in typed.values()):
            raise refused("Cette valeur est trop longue.")
        for field, value in typed.items():
            refuse_unreadable(field, value)
            if kept.get(field) not in (seen.get(field), value):
                found.append(Difference(field, seen.get(field), value, kept.get(field)))
            elif not field.startswith("key."):
                _put(counter, field, value)
    return tuple(found)


def close(visit: Visit, day: date | None, label: str) -> None:
    """R-70: one more day of closing. Raises ``Refused`` without the day or its reason."""
    grounds = []
    if day is None:
        grounds.append(Ground("Inscrivez le jour de fermeture.", "R-70", "day"))
    if not label.strip():
        grounds.append(Ground("Inscrivez le motif de ce jour de fermeture.", "R-70", "label"))
    refuse_all(grounds)
    with visit.writing() as counter:
        _refuse_unless_settling(counter)
        _put(counter, f"closing.{day}", {"label": label.strip()[:200]})


def make_key(visit: Visit) -> None:
    """The key of the private files, made beside the data and taken up at once. A second click makes none."""
    with visit.writing() as counter:
        _refuse_unless_settling(counter)
        counter.tx.alone("clé des dossiers privés")
        if counter.tx.keys is not None:
            return
        if visit.house.first_key is None:
            raise refused("La clé se donne par les réglages : GUICHET_PRIVATE_KEYS_FILE.")
        file, text = visit.house.first_key()
        visit.house.store.take_keys(Keyring.parsed(text))
        _put(counter, MADE, file)


def copied(visit: Visit) -> None:
    """Somebody says the key is on paper: it is not shown again."""
    with visit.writing() as counter:
        _refuse_unless_settling(counter)
        _put(counter, COPIED, counter.person.name)


def adopt(visit: Visit) -> str:
    """Put the town in place, all of it or nothing; what is said. Of two at once, the second is told so.

    Raises ``Refused`` with everything that is missing.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.SETTLE_TOWN)
        counter.tx.alone("mise en place")
        if setup.is_in_place(counter.tx, counter.today):
            return "La ville est déjà en place."
        chosen = plan(counter)
        refuse_all((*chosen.problems(), *_of_key(_key(counter, chosen))))
        preset, start = chosen.composed()
        setup.write(counter.tx, preset, start, counter.by("mettre en place"))
        fields = SQL["settling"].c.field
        counter.tx.connection.execute(delete(SQL["settling"]).where(fields.not_in([MADE, COPIED])))
    return "La ville est en place."


def is_over(counter: Counter[Any]) -> bool:
    """Whether nothing is left to put in place: in place, and at work."""
    return setup.is_in_place(counter.tx, counter.today) and is_begun(counter.tx)


def is_begun(tx: Reading) -> bool:
    """Whether a demand of whatever nature was ever entered; says nothing of it."""
    tables = (SQL[name] for name in BEGUN)
    return any(tx.scalar(select(exists().where(table.c.id.is_not(None)))) for table in tables)


def plan(counter: Counter[Any]) -> Plan:
    """What was typed, over the preset chosen."""
    kept = _kept(counter.tx)
    offer = counter.house.presets.get(str(kept.get("preset") or ""))
    return Plan(offer, kept, counter.today)


def _refuse_unless_settling(counter: Counter[Any]) -> None:
    refuse_unless(counter.person, Deed.SETTLE_TOWN)
    if setup.is_in_place(counter.tx, counter.today):
        raise refused("La ville est en place : ses valeurs se changent dans ses tables.", "R-71")


def _kept(tx: Reading) -> dict[str, Any]:
    return {row["field"]: row["value"] for row in tx.find("settling")}


def _put(counter: Counter[Writing], field: str, value: Any) -> Row:
    by = counter.by("mettre en place")
    return counter.tx.put("settling", {"field": field}, {"value": value, "who": counter.person.name}, by)


def _key(counter: Counter[Any], found: Plan) -> Key:
    keys, made = counter.tx.keys, str(found.kept.get(MADE) or "")
    done = bool(found.kept.get(COPIED)) or not made
    shows = keys is not None and not done and may(counter.person, Deed.SETTLE_TOWN)
    return Key(
        name=keys.newest if keys else "",
        file=made,
        text=base64.b64encode(keys.masters[0]).decode() if keys and shows else "",
        copied=keys is not None and done,
        makeable=keys is None and counter.house.first_key is not None,
    )


def _of_key(key: Key) -> tuple[Ground, ...]:
    if key.copied or not (key.name or key.makeable):
        return ()
    if not key.name:
        return (Ground("Fabriquez la clé des dossiers privés.", "R-33", "key"),)
    return (Ground("Recopiez la clé des dossiers privés, et dites-le.", "R-33", "key"),)
