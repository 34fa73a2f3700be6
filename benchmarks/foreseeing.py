"""What would change (R-71), and the recount that follows, in a large town."""

from functools import partial

import sqlalchemy as sa

from benchmarks import town
from benchmarks.figures import Line, line, timed
from benchmarks.people import Worker
from benchmarks.stored import Stored
from desk import foreseen, recounting, settings_sheet
from desk.visits import Visit
from policy.roles import System
from policy.towntime import town_day
from sync.history import Author, Whence
from sync.schema import SQL

LOOK = 2_000.0  # ms
COUNT = 60_000.0  # ms: nobody waits for it


def foreseeing(stored: Stored, director: Worker, rounds: int) -> list[Line]:
    """A closing and a delay, looked at before they are adopted; then every open file counted anew."""
    visit = director.visit(stored.house)
    tomorrow = town_day(town.NOW).replace(day=28).isoformat()
    with stored.house.store.reading() as tx:
        category = tx.scalar(
            sa.select(SQL["files"].c.category).group_by(SQL["files"].c.category)
            .order_by(sa.func.count().desc()).limit(1)
        )  # fmt: skip
    settings_sheet.begin(visit, "closings", {"day": tomorrow, "label": "Mesure"})
    settings_sheet.begin(visit, "delays", {"category": category, "valid_from": tomorrow, "working_days": 3})
    closing = timed("what a closing would change", [partial(foreseen.foresee, visit, "closings")] * rounds)
    delay = timed("what a delay would have given", [partial(foreseen.foresee, visit, "delays")] * rounds)
    clock = Visit(stored.house, town.NOW, system=System.CLOCK, whence=Whence.CLOCK)
    by = Author("mesure", "Mesure", Whence.IMPORT, town.NOW, "fermer")
    with stored.house.store.writing() as tx:
        tx.insert("closings", {"day": town_day(town.NOW).replace(day=27), "label": "x", "open": False}, by)
    anew = timed("every open file counted anew", [partial(recounting.recount, clock)])
    return [line(closing, aim=LOOK), line(delay, aim=LOOK), line(anew, aim=COUNT)]
