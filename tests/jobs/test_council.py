"""The lists to council on the first working day of the month (R-23)."""

from datetime import date

import pytest

from desk import moves
from policy.words import State
from tests.cast import PLANNING, Cast, moment
from tests.desk.filing import BY, filed, items
from tests.jobs.post import COUNCIL_DAY, RNC_DAY, Tray, begun, cells, look


def test_council_receives_its_lists_on_the_first_working_day_and_the_director_a_copy(cast: Cast) -> None:
    begun(cast)
    done = filed(cast)
    moves.take(cast.visit("secretary", moment("Tue 2026-11-17 09:00")), done["id"])
    moves.hand_over(
        cast.visit("secretary", moment("Mon 2026-11-30 15:00")),
        done["id"],
        items(cast, note="Réparé, testé."),
    )
    filed(cast, "2026-00002", state=State.CANCELLED, closed_at=moment("Tue 2026-11-17 09:00"))
    filed(cast, "2026-00003", PLANNING)
    look(cast, RNC_DAY)
    tray = Tray()
    look(cast, COUNCIL_DAY, tray)
    look(cast, COUNCIL_DAY, tray)
    letters = tray.letters("conseil")
    assert sorted(letters) == ["denis@prevost.test", "guy@prevost.test", "helene@prevost.test"]
    letter = letters["guy@prevost.test"]
    assert "1 demande annulée" in letter.text and "1er décembre 2026" in letter.text
    open_rows = {row[1] for row in cells(letter, 0)}
    done_rows = {row[1] for row in cells(letter, 1)}
    assert "2026-00003" in open_rows and "2026-00001" not in open_rows
    assert "2026-00001" in done_rows and "2026-00002" not in open_rows | done_rows


@pytest.mark.parametrize(
    ("completed", "listed"),
    [
        ("Sat 2026-10-31 23:59", False),
        ("Sun 2026-11-01 00:00", True),
        ("Mon 2026-11-30 23:59", True),
        ("Tue 2026-12-01 00:00", False),
    ],
)
def test_completed_in_the_month_is_counted_in_town_time(cast: Cast, completed: str, listed: bool) -> None:
    begun(cast)
    filed(cast, state=State.DONE, completed_at=moment(completed), closed_at=moment(completed))
    tray = Tray()
    look(cast, COUNCIL_DAY, tray)
    rows = {row[1] for row in cells(tray.letters("conseil")["guy@prevost.test"], 1)}
    assert ("2026-00001" in rows) is listed


def test_who_left_council_or_has_not_begun_receives_nothing(cast: Cast) -> None:
    begun(cast)
    with cast.house.store.writing() as tx:
        tx.update("council", cast.council["Guy Ouellet"], {"ends_on": date(2026, 11, 30)}, BY)
        tx.insert(
            "council", {"name": "Rita", "email": "rita@prevost.test", "starts_on": date(2026, 12, 2)}, BY
        )
    tray = Tray()
    look(cast, COUNCIL_DAY, tray)
    assert sorted(tray.letters("conseil")) == ["denis@prevost.test", "helene@prevost.test"]
