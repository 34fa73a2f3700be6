"""Disputes and rejections: values typed there that stay there until a change or a person settles them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from sync import ids, orders
from sync.crossing import Crossing
from sync.link_tables import HELD, Held, Tie
from sync.links import Link
from sync.remote import Raw, Shape
from sync.store import Writing


def hold(
    tx: Writing,
    crossing: Crossing,
    link: Link,
    field: str,
    kind: Held,
    ours: Any,
    raw: Raw,
    words: str,
    article: str = "",
    theirs: Any = None,
) -> None:
    """Keep what a cell holds beside our value, once; what was held of the field before stays told.

    ``theirs`` is our value for the cell, as JSON keeps it; none when it does not read.
    """
    at = crossing.clock()
    for old in orders.active(tx, link.id, field):
        if (old["kind"], old["raw"], old["words"]) == (kind.value, _text(raw), words):
            return
        orders.close(tx, old["id"], "une autre valeur a été tapée depuis", crossing.remote.label, at)
    row = {
        "id": ids.new_id(at),
        "link": link.id,
        "field": field,
        "kind": kind.value,
        "here": _text(ours),
        "raw": _text(raw),
        "theirs": None if theirs is None else _text(theirs),
        "words": words,
        "article": article,
        "at": at,
    }
    tx.connection.execute(sa.insert(HELD).values(row))


def release(tx: Writing, crossing: Crossing, link: Link, field: str, outcome: str) -> None:
    """What was held of a field is settled by itself."""
    link.held.pop(field, None)
    for old in orders.active(tx, link.id, field):
        orders.close(tx, old["id"], outcome, crossing.remote.label, crossing.clock())


def note(shape: Shape, link: Link, active: Iterable[Mapping[str, Any]]) -> str | None:
    """What the row's « Synchronisation » cell says; ``None`` when all is well.

    ``active``: what is held of the link and not settled (``orders.active``).
    """
    said = [_sentence(shape, row) for row in active]
    if link.tie is Tie.PROPOSED:
        said.insert(0, "Reçue par le guichet : le service aux citoyens l'accueillera.")
        said += [link.told] if link.told else []
    elif link.told:
        said.insert(0, link.told[:1].upper() + link.told[1:])
    return " ".join(said) or None


def _sentence(shape: Shape, row: Mapping[str, Any]) -> str:
    label = next((column.label for column in shape.columns if column.name == row["field"]), "")
    if row["kind"] == Held.REJECTED.value:
        article = f" ({row['article']})" if row["article"] else ""
        return f"Refusé, « {label} » : {row['words']}{article}"
    return (
        f"Litige, « {label} » : {row['words']}. Le guichet garde sa valeur ; "
        "une personne choisira à l'écran Synchronisation."
    )


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
