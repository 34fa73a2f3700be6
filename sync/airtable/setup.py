"""Making in a base the tables and columns that go out, and saying what differs from them.

Source: Airtable's « Create table », « Create field », « Field types and cell values ». Its interface cannot
make computed fields, filtered views or a link without its other end in the table it leads to.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from policy.towntime import TOWN
from sync.airtable.calls import Calls
from sync.airtable.choices import by_hand, put_back
from sync.airtable.schema import (
    ID_COLUMN,
    NOTE_COLUMN,
    TYPES,
    Meta,
    Place,
    difference,
    find,
    identified,
    kept,
    named,
    places,
)
from sync.fields import Kind
from sync.remote import BY_HAND, Column, Line, Memory, Shape, stranger

OWN_TABLE = "Guichet"
SCRATCH = ("À propos", "Nombre d'essai", "Moment d'essai")  # its columns, in which ``probe`` tries things
# What an Airtable table may be called by, among what we make.
_PRIMARY = (Kind.TEXT, Kind.LONG, Kind.INTEGER, Kind.DATE, Kind.MOMENT)
_STAMP = re.compile(r"Installation : (\S+)")


def setup(
    calls: Calls, line: Line, shapes: Sequence[Shape], memory: Memory, stamp: str, take_over: bool = False
) -> tuple[list[str], Memory]:
    """Create what is missing and touch nothing else; what was done, in French, and the memory of it all.

    Stopped in the middle, it is run again: what was made is found by its title.
    """
    meta = _meta(calls, line)
    if stamp_of(meta, memory) not in (None, stamp) and not take_over:
        raise stranger()
    done: list[str] = []
    found: dict[str, Place] = {}
    known = places(memory)
    before = find(meta, shapes, known, by_title=True)
    for shape in shapes:
        place = before[shape.table]
        table = identified(meta, place.id)
        if table is None:
            table = _made_table(calls, line, shape, found)
            done.append(f"Table « {shape.label} » créée.")
        done += _make_columns(calls, line, shape, table, place, found)
        found[shape.table] = Place(table["id"])
    own = own_table(meta, memory)
    if own is None:
        own = calls.ask(line, "POST", calls.tables, json=_own_definition(stamp))
        done.append(f"Table « {OWN_TABLE} » créée, avec la marque de l'installation.")
    elif _stamp(own) != stamp:
        asked = {"description": _description(stamp)}
        calls.ask(line, "PATCH", f"{calls.tables}/{own['id']}", json=asked)
        done.append("Marque de l'installation posée.")
    if done:
        meta = _meta(calls, line)
    now = find(meta, shapes, known, by_title=True)
    again = put_back(calls, line, shapes, meta, now)
    if again:
        meta = _meta(calls, line)
        now = find(meta, shapes, known, by_title=True)
    left = by_hand(shapes, meta, now)
    remembered = {**memory, "tables": kept(now), "stamp": own["id"], "unlisted": True, BY_HAND: left}
    return [*done, *again], remembered


def check(calls: Calls, line: Line, shapes: Sequence[Shape], memory: Memory) -> list[str]:
    """What differs from what ``setup`` makes, in French."""
    meta = _meta(calls, line)
    now = find(meta, shapes, places(memory))
    told: list[str] = []
    for shape in shapes:
        place, table = now[shape.table], identified(meta, now[shape.table].id)
        told += [place.trouble] if place.trouble else [why for why in place.paused.values() if why]
        for column in shape.columns if table else ():
            there = identified((table or {})["fields"], place.fields.get(column.name))
            if there is not None and not difference(column, there, now):
                told += _nuances(shape, column, there)
    if stamp_of(meta, memory) is None:
        told.append("La marque de l'installation n'est pas dans la base.")
    if "webhook" in memory and memory["webhook"] is None:
        told.append(
            "Le jeton ne permet pas de suivre les changements (rôle Créateur et droit webhook:manage) : "
            "chaque passage coûte une demande par table."
        )
    return told


def stamp_of(meta: Meta, memory: Memory) -> str | None:
    """The installation that holds this base; ``None`` when none says so.

    Its table was deleted, or its description edited: nobody else speaks there for all that, and ``check``
    says what ``setup`` puts back.
    """
    own = own_table(meta, memory)
    return (_stamp(own) or None) if own is not None else None


def own_table(meta: Meta, memory: Memory) -> Mapping[str, Any] | None:
    """The table in whose description the stamp is, whatever it is called now."""
    return identified(meta, memory.get("stamp")) or named(meta, OWN_TABLE)


def definition(column: Column, links: Mapping[str, Place]) -> dict[str, Any]:
    """A column as Airtable is asked to make it."""
    asked: dict[str, Any] = {"name": column.label, "type": TYPES[column.kind][0]}
    options: dict[Kind, dict[str, Any]] = {
        Kind.INTEGER: {"precision": 0},
        Kind.BOOL: {"icon": "check", "color": "greenBright"},
        Kind.DATE: {"dateFormat": {"name": "iso"}},
        Kind.MOMENT: {
            "timeZone": TOWN.key,
            "dateFormat": {"name": "iso"},
            "timeFormat": {"name": "24hour"},
        },
        Kind.CHOICE: {"choices": [{"name": word} for word in column.choices]},
    }
    if column.kind is Kind.REF:
        asked["options"] = {"linkedTableId": links[column.ref or ""].id}
    elif column.kind in options:
        asked["options"] = options[column.kind]
    return asked


def ordered(shape: Shape) -> list[Column]:
    """The columns as they stand from left to right.

    The first is the one by which Airtable calls a row wherever a link leads to it: the title of the table
    when its type may be one, so that a file shows « Voirie » and not our id; our id comes right after.
    """
    title = shape.column(shape.title)
    if title.kind not in _PRIMARY:
        return [ID_COLUMN, *shape.columns, NOTE_COLUMN]
    return [title, ID_COLUMN, *(each for each in shape.columns if each is not title), NOTE_COLUMN]


def _made_table(calls: Calls, line: Line, shape: Shape, links: Mapping[str, Place]) -> dict[str, Any]:
    """The table with its columns up to the first that leads to itself, for it has no id before it is made."""
    columns = ordered(shape)
    own = next((n for n, each in enumerate(columns) if each.ref == shape.table), len(columns))
    asked = {
        "name": shape.label,
        "description": "Tenue à jour par Guichet ; la colonne « ID » ne se modifie pas.",
        "fields": [definition(column, links) for column in columns[:own]],
    }
    made: dict[str, Any] = calls.ask(line, "POST", calls.tables, json=asked)
    return made


def _make_columns(
    calls: Calls,
    line: Line,
    shape: Shape,
    table: Mapping[str, Any],
    place: Place,
    links: Mapping[str, Place],
) -> list[str]:
    done = []
    for column in ordered(shape):
        there = identified(table["fields"], place.fields.get(column.name))
        if there or named(table["fields"], column.label):
            continue
        asked = definition(column, {**links, shape.table: Place(table["id"])})
        calls.ask(line, "POST", f"{calls.tables}/{table['id']}/fields", json=asked)
        done.append(f"Colonne « {column.label} » créée dans « {shape.label} ».")
    return done


def _nuances(shape: Shape, column: Column, there: Mapping[str, Any]) -> list[str]:
    """What does not prevent an exchange, but surprises."""
    options = there.get("options", {})
    where = f"« {column.label} » de la table « {shape.label} »"
    if column.kind is Kind.MOMENT and options.get("timeZone") != TOWN.key:
        return [f"La colonne {where} ne montre pas l'heure de la ville ({TOWN.key})."]
    if column.kind is Kind.INTEGER and options.get("precision") != 0:
        return [f"La colonne {where} laisse écrire des décimales."]
    if column.kind is Kind.CHOICE:
        more = [each["name"] for each in options.get("choices", ()) if each["name"] not in column.choices]
        return [f"La liste {where} a des choix que Guichet ne connaît pas."] if more else []
    return []


def _meta(calls: Calls, line: Line) -> Meta:
    meta: Meta = calls.ask(line, "GET", calls.tables)["tables"]
    return meta


def _own_definition(stamp: str) -> dict[str, Any]:
    line, number, moment = SCRATCH
    return {
        "name": OWN_TABLE,
        "description": _description(stamp),
        "fields": [
            {"name": line, "type": "singleLineText"},
            {"name": number, "type": "number", "options": {"precision": 0}},
            {
                "name": moment,
                "type": "dateTime",
                "options": {
                    "timeZone": TOWN.key,
                    "dateFormat": {"name": "iso"},
                    "timeFormat": {"name": "24hour"},
                },
            },
        ],
    }


def _description(stamp: str) -> str:
    return (
        "Cette table dit quelle installation de Guichet tient cette base ; ne pas la supprimer.\n"
        f"Installation : {stamp}"
    )


def _stamp(own: Mapping[str, Any]) -> str:
    found = _STAMP.search(own.get("description") or "")
    return found[1] if found else ""
