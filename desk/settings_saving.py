"""Tableaux: the rows begun in a table of settings, saved together, each alone: judged, merged, written."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from desk import drafts, french, inbound_settings
from desk.in_use import is_pointed_to
from desk.settings_sheet import FORESEEN, REMOVED, Line, plain, read, setting, words
from desk.typed import chosen, day
from desk.visits import Counter, Visit
from policy.reasons import Ground, Refused, refuse_all, refused
from policy.roles import Deed, refuse_unless
from policy.rules import RuleName
from sync import versions
from sync.fields import Field, Kind
from sync.history import entries
from sync.schema import dumped
from sync.store import Row, Writing
from sync.tables import TABLES
from sync.versions import Difference

LOOK_FIRST = "Regardez d'abord ce qui changerait, puis adoptez : rien n'est adopté avant."
MEANWHILE = "Quelqu'un d'autre a changé cette ligne entre-temps : relisez-la, puis retirez-la de nouveau."


@dataclass(frozen=True)
class Clash:
    """One cell that somebody else changed meanwhile: the two values in words, and who wrote the other."""

    field: str
    label: str
    seen: str
    yours: str
    theirs: str
    plain: Any  # the other value, as a draft keeps it
    by: str


@dataclass(frozen=True)
class Saved:
    """What became of one row: done, with its confirmation; or refused; or to be chosen, cell by cell."""

    id: str
    title: str
    message: str = ""
    grounds: tuple[Ground, ...] = ()
    clashes: tuple[Clash, ...] = ()

    @property
    def done(self) -> bool:
        """Whether the row was saved."""
        return not self.grounds and not self.clashes


def save(visit: Visit, table: str, foreseen: str = "", only: Collection[str] = ()) -> tuple[Saved, ...]:
    """Save every row begun (or ``only`` those records), each in a transaction of its own.

    R-71: where dates hang on the table, ``foreseen`` is the stamp of what was read (``desk.foreseen``). What
    is refused or differs stays begun; a second click finds nothing left. Raises ``Refused``.
    """
    with visit.reading() as counter:
        begun = read(counter, table, past=True).begun
    if table in FORESEEN and begun and foreseen != stamp(begun):
        raise refused(LOOK_FIRST, "R-71")
    return tuple(_saved(visit, table, line) for line in begun if not only or line.id in only)


def stamp(begun: tuple[Line, ...]) -> str:
    """What tells one set of begun rows from any other."""
    told = [
        [line.id, line.removed, {name: [each.value, each.based_on] for name, each in line.typed.items()}]
        for line in begun
    ]
    return sha256(dumped(told).encode()).hexdigest()


def apply(counter: Counter[Writing], table: str, line: Line) -> tuple[Difference, ...]:
    """Write what was begun of a row, judged as anything the director types; what somebody else changed.

    With differences nothing is written. Raises ``Refused``.
    """
    refuse_unless(counter.person, Deed.CHANGE_SETTINGS)
    definition = setting(table)
    if line.new:
        typed = {**line.values, **{name: each.value for name, each in line.typed.items()}}
        inbound_settings.add(counter, table, _read(definition.fields, typed), "ajouter le réglage")
        return ()
    row = counter.tx.lock(table, line.id)
    if line.removed:
        _remove(counter, table, row, line.removed)
        return ()
    if row is None:
        raise refused(f"{definition.label} : cette ligne n'existe plus. Annulez ce que vous y avez tapé.")
    now = {name: plain(value) for name, value in row.items() if name in line.values}
    seen = {name: draft.based_on for name, draft in line.typed.items()}
    merged = versions.merge(now, seen, {name: draft.value for name, draft in line.typed.items()})
    if merged.differences:
        return merged.differences
    changes = _read(definition.fields, merged.changes)
    inbound_settings.change(counter, table, line.id, changes, "modifier le réglage")
    return ()


def keeps(counter: Counter[Any], table: str, row: Row) -> str:
    """Why a row cannot be taken away, and what to do instead; empty when it can.

    R-71: what is or was in force stays, a dated value after it replaces it. A day of closing goes: the files
    whose dates move are counted anew.
    """
    if "valid_from" in row and row["valid_from"] <= counter.today:
        return (
            "Cette valeur est ou a été en vigueur : des dates en dépendent. "
            "Ajoutez plutôt une ligne avec une nouvelle date."
        )
    if is_pointed_to(counter.tx, table, row["id"]) or _is_named_by_a_rule(counter, table, row):
        labels = {field.name: field.label for field in TABLES[table].fields}
        instead = ""
        if "active" in labels:
            instead = f" Décochez plutôt « {labels['active']} »."
        elif "ends_on" in labels:
            instead = f" Remplissez plutôt « {labels['ends_on']} »."
        return f"Des fiches y renvoient : elle reste.{instead}"
    return ""


def mark_removed(visit: Visit, table: str, record: str) -> None:
    """Begin to take a row away. Raises ``Refused`` with what to do instead, when it must stay."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.CHANGE_SETTINGS)
        setting(table)
        row = counter.tx.get(table, record)
        if row is None:
            raise refused("Cette ligne n'existe plus.")
        if why := keeps(counter, table, row):
            raise refused(why, "R-71" if "valid_from" in row else "")
    drafts.keep_all(visit, record, {REMOVED: row["version"]})


def _saved(visit: Visit, table: str, line: Line) -> Saved:
    try:
        with visit.writing() as counter:
            counter.tx.alone("enregistrer un réglage")
            if not _is_still_begun(counter, line.id):  # another tab was quicker
                return Saved(line.id, line.title, f"{line.title} : déjà enregistrée.")
            differences = apply(counter, table, line)
            if not differences:
                drafts.drop_in(counter, line.id, None if line.new or line.removed else line.typed)
    except Refused as refusal:
        return Saved(line.id, line.title, grounds=refusal.grounds)
    if differences:
        with visit.reading() as counter:
            clashes = tuple(_clash(counter, table, line.id, each) for each in differences)
        return Saved(line.id, line.title, clashes=clashes)
    done = "ajoutée" if line.new else "retirée" if line.removed else "enregistrée"
    return Saved(line.id, line.title, f"{line.title} : {done}.")


def _is_still_begun(counter: Counter[Writing], record: str) -> bool:
    return bool(counter.tx.find("drafts", account=counter.person.id, record=record))


def _remove(counter: Counter[Writing], table: str, row: Row | None, version: int) -> None:
    if row is None:
        return  # somebody else did
    if row["version"] != version:
        raise refused(MEANWHILE)
    if why := keeps(counter, table, row):
        raise refused(why, "R-71" if "valid_from" in row else "")
    counter.tx.delete(table, row["id"], counter.by("retirer le réglage"))


def _is_named_by_a_rule(counter: Counter[Any], table: str, row: Row) -> bool:
    if table != "codes":
        return False
    return any(
        rule["value"] == row["code"] for rule in counter.tx.find("rules", name=RuleName.DONE_CODE.value)
    )


def _read(fields: tuple[Field, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values as the store keeps them. Raises ``Refused`` with every one that does not read."""
    by_name = {field.name: field for field in fields}
    found: dict[str, Any] = {}
    grounds: list[Ground] = []
    for name, value in values.items():
        try:
            found[name] = _value(by_name[name], value)
        except Refused as no:
            grounds += no.grounds
    refuse_all(grounds)
    return found


def _value(field: Field, value: Any) -> Any:
    if value in (None, ""):
        return None
    wrong = refused(f"« {field.label} » : « {str(value)[:40]} » ne se lit pas.", "", field.name)
    match field.kind:
        case Kind.DATE:
            return day(field.name, str(value))
        case Kind.CHOICE if field.choices is not None:
            return chosen(value, field.choices, field.name)
        case Kind.BOOL:
            if not isinstance(value, bool):
                raise wrong
            return value
        case Kind.INTEGER:
            if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
                raise refused(f"« {field.label} » est un nombre entier.", "", field.name)
            return int(value)
        case _:
            if not isinstance(value, str):
                raise wrong
            return value


def _clash(counter: Counter[Any], table: str, record: str, difference: Difference) -> Clash:
    column = next(each for each in read(counter, table, past=True).columns if each.name == difference.field)
    by = next(
        (
            f"{entry.name}, {french.moment(entry.at)}"
            for entry in reversed(entries(counter.tx, table, record))
            if difference.field in entry.changes
        ),
        "",
    )
    return Clash(
        field=difference.field,
        label=column.label,
        seen=words(column, difference.seen),
        yours=words(column, difference.yours),
        theirs=words(column, difference.theirs),
        plain=difference.theirs,
        by=by,
    )
