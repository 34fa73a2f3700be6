"""A side that was emptied is filled again from the other, on a person's word."""

from sync import ledger, links, orders
from sync.crossing import Crossing
from sync.link_tables import Tie
from sync.outside import CARRIED
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
