"""A day out of any calendar, typed there: it stays there with its reason, and the exchange goes on."""

import pytest

from sync.fields import Kind
from sync.outside import shapes
from tests.desk.demands import opened
from tests.remotes.served import kept as kept
from tests.sync.commanded import Desk
from tests.sync.commanded import desk as desk
from tests.sync.commanded import surroundings as surroundings

TYPED = {
    ("airtable", Kind.DATE): ("9999-12-31", "0001-01-01"),
    ("airtable", Kind.MOMENT): ("9999-12-31T23:59:00.000Z", "0001-01-01T00:30:00.000Z"),
    ("sheets", Kind.DATE): (2_958_465, "0001-01-01"),
    ("sheets", Kind.MOMENT): (2_958_465.9993, "0001-01-01 00:30"),
}


@pytest.mark.parametrize("which", [0, 1])
def test_a_day_out_of_any_calendar_stops_no_exchange(desk: Desk, which: int) -> None:
    file = opened(desk.cast).id
    desk.ready()
    (files,) = (shape for shape in shapes(False) if shape.table == "files")
    days = [each for each in files.columns if each.typed_there and each.kind in (Kind.DATE, Kind.MOMENT)]
    assert days
    for column in days:
        typed = TYPED[desk.there.name, column.kind][which]
        desk.there.server.edit("Dossiers", file, {column.label: typed})
    other = opened(desk.cast).id
    for _ in range(3):
        assert desk.sync("run", "--once") == 0, desk.complained
    assert other in desk.there.ids("Dossiers") and desk.figures()["failing_since"] is None
