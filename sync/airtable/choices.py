"""Giving a list in a base the choices that it lost, where the service lets a program do it.

Source: Airtable's « Update field ». Its reference gives a name and a description only; since 2026 its users
report that the choices pass too, whole (one left out is deleted), and others that it refuses them (?). Both
answers are right here. A row written with ``typecast`` would make a choice as well, but it would be a row in
a table of the town, that its automations see.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sync.airtable.calls import Calls, Declined
from sync.airtable.schema import Meta, Place, identified
from sync.fields import Kind
from sync.remote import Column, Line, Shape

REFUSALS = (403, 404, 422)  # of a request that is understood and not allowed


def put_back(
    calls: Calls, line: Line, shapes: Sequence[Shape], meta: Meta, now: Mapping[str, Place]
) -> list[str]:
    """Add the choices that lists lack, and touch no other; what was done, in French.

    ``meta`` was just read. A list in which a word of ours was renamed is a person's to put right: a choice of
    that word, added, would be another one than the cells show.
    """
    done = []
    for shape in shapes:
        place, table = now[shape.table], identified(meta, now[shape.table].id)
        for column in shape.columns if table else ():
            there = identified((table or {})["fields"], place.fields.get(column.name))
            lacking = _lacking(column, there, place)
            if there is None or not lacking:
                continue
            choices = [*there["options"]["choices"], *({"name": word} for word in lacking)]
            url = f"{calls.tables}/{place.id}/fields/{there['id']}"
            try:
                calls.ask(line, "PATCH", url, json={"options": {"choices": choices}})
            except Declined as refusal:
                if refusal.status not in REFUSALS:
                    raise
                continue
            words = ", ".join(f"« {word} »" for word in lacking)
            done.append(f"Liste « {column.label} » de « {shape.label} » : {words} remis.")
    return done


def by_hand(shapes: Sequence[Shape], meta: Meta, now: Mapping[str, Place]) -> list[str]:
    """What is left for a person to do there, in French: where, and what."""
    told = []
    for shape in shapes:
        place, table = now[shape.table], identified(meta, now[shape.table].id)
        for column in shape.columns if table else ():
            why = place.paused.get(column.name)
            if not why:
                continue
            there = identified((table or {})["fields"], place.fields.get(column.name))
            lacking = _lacking(column, there, place)
            what = (
                f"ajoutez à cette liste, mot pour mot : {', '.join(f'« {word} »' for word in lacking)}"
                if lacking
                else "rendez-lui ce qu'elle avait"
            )
            told.append(
                f"À faire à la main dans Airtable, table « {shape.label} », colonne « {column.label} » : "
                f"{what}. {why} D'ici là, cette colonne est en pause."
            )
    return told


def _lacking(column: Column, there: Mapping[str, Any] | None, place: Place) -> list[str]:
    """The words that a list lacks, when nothing else is wrong with it."""
    if column.kind is not Kind.CHOICE or there is None or there["type"] != "singleSelect":
        return []
    now = {each["id"]: each["name"] for each in there["options"].get("choices", ())}
    known = place.choices.get(column.name, {})
    if any(word in column.choices and now.get(key, word) != word for key, word in known.items()):
        return []
    return [word for word in column.choices if word not in now.values()]
