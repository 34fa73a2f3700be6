"""Files at any point of their way, and everything a move could need, for the tests of the moves."""

from datetime import date
from typing import Any

from policy.circuits import default_closer
from policy.closing import Closing
from policy.moves import Given, Standing, possible
from policy.words import Circuit, Closer, Move, Nature, State, WaitReason
from tests.policy.people import LEISURE, WORKS, Someone

TODAY = date(2026, 11, 23)  # Mon
WHOLE = Closing("238", True, TODAY, "2243", "Nid-de-poule bouché.")
ALL_GIVEN = Given(LEISURE, "un motif", TODAY, WaitReason.PARTS, "des bordures", Nature.CLAIM, WHOLE)


def a_file(
    state: State, circuit: Circuit = Circuit.B, closer: Closer | None = None, **others: Any
) -> Standing:
    department = None if state is State.NEW else WORKS
    return Standing(
        state, department=department, circuit=circuit, closer=closer or default_closer(circuit), **others
    )


def allowed(standing: Standing, asker: Someone) -> set[Move]:
    return {one.move for one in possible(standing, asker) if one.allowed}
