"""The measures of the town lived by a director, a member of council and who has none (R-64)."""

from typing import Any

import pytest
from playwright.sync_api import expect

from policy.words import State
from tests.browser.living import NOT_YOURS, Sit, seat
from tests.cast import Cast, moment
from tests.desk.filing import filed
from tests.door.serving import Clock, Door

pytestmark = [pytest.mark.browser, pytest.mark.long]

HERS, HIS = "2026-00021", "2026-00022"  # forwarded by Hélène Fortin, by Guy Ouellet


@pytest.fixture(autouse=True)
def november(served_cast: Cast, clock: Clock) -> None:
    """The last day of a month, with a file that each of two members of council forwarded."""
    received, done = moment("Mon 2026-11-02 09:00"), moment("Tue 2026-11-03 09:00")
    over: dict[str, Any] = {"closed_at": done, "completed_at": done, "state": State.DONE, "open": False}
    filed(served_cast, HERS, received_at=received, forwarded_by=served_cast.council["Hélène Fortin"], **over)
    filed(served_cast, HIS, received_at=received, forwarded_by=served_cast.council["Guy Ouellet"])
    clock.at = moment("Mon 2026-11-30 09:00")


def test_a_secretary_is_told_that_the_measures_are_not_hers(served: Door, person: Sit) -> None:
    julie = seat(person, served, "secretary", "/mesures")
    expect(julie.page.get_by_text(NOT_YOURS)).to_be_visible()
    expect(julie.page.get_by_role("link", name="Mesures")).to_have_count(0)
    for what in ("mesures.xlsx", "mesures.pdf"):
        assert julie.context.request.get(f"{served.url}/telecharger/{what}").status == 403
    assert not julie.outside
