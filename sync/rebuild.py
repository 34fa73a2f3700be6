"""A side that was emptied is filled again from the other, on a person's word."""

from contextlib import suppress
from typing import Any

from sync import ledger, links, orders
from sync.crossing import Crossing
from sync.exchange import looked
from sync.link_tables import Tie
from sync.outside import CARRIED
from sync.remote import Seen, Shape, Unreadable
from sync.tables import TABLES


def refill(crossing: Crossing) -> int:
    """All that disappeared from the remote is to be created there again; how many rows.

    What the store lost comes back with the exchange that follows, whole and ``rebuilding``.
    """
    at = crossing.clock()
    count = 0
    with crossing.writing() as tx:
        for table, row in ledger.tables(tx, crossing.name).items():
            if row["frozen_at"] is not None:
                count += orders.thaw(tx, crossing.name, table, orders.Thaw.PUT_BACK, at)
        for link in links.of_tie(tx, crossing.name, Tie.WITHDRAWN):
            orders.anew(tx, link, at)
            count += 1
    return count


def rules_there(crossing: Crossing) -> list[dict[str, Any]]:
    """The values of the town's rules as its table tells them; what does not read is left out."""
    shape = crossing.shape("rules")
    look = looked(crossing, True, quiet=True).tables.get(shape.table)
    return [_decoded(crossing, shape, row) for row in look.rows.values()] if look is not None else []


def _decoded(crossing: Crossing, shape: Shape, row: Seen) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in shape.columns:
        with suppress(Unreadable):
            values[column.name] = crossing.remote.decode(column, row.cells.get(column.name))
    return values


def does_not_come_back(crossing: Crossing) -> list[str]:
    """What a rebuilt store does not have, in French: what never left the house."""
    kept = [
        f"{TABLES[shape.table].label} : "
        + ", ".join(
            f"« {field.label} »"
            for field in TABLES[shape.table].fields
            if field.name not in {column.name for column in shape.columns} and field.edited
        )
        for shape in crossing.shapes
        if len(shape.columns) < len(TABLES[shape.table].fields)
    ]
    out = {shape.table for shape in crossing.shapes}
    whole = [table.label for table in TABLES.values() if table.name not in out and table.name not in CARRIED]
    missing = [TABLES[name].label for name in CARRIED if name not in out]
    return [*kept, f"En entier : {', '.join([*missing, *whole])}, et tout l'historique."]
