"""Being away from the counter: how long, by role; what counts as a gesture and what does not."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from desk import sessions
from desk.visits import SignedOut, Visit
from policy.idle import USUAL, Idle
from policy.words import Role
from sync.schema import SQL
from tests.cast import CAST, Cast, moment

NINE = moment("Mon 2026-11-16 09:00")
MINUTE = timedelta(minutes=1)


def opened(cast: Cast, who: str) -> str:
    with cast.house.store.writing() as tx:
        return sessions.open_session(tx, cast.accounts[who], NINE)


def last_gesture(cast: Cast, token: str) -> datetime:
    sessions_ = SQL["sessions"]
    with cast.house.store.reading() as tx:
        return tx.scalar(  # type: ignore[no-any-return]
            sa.select(sessions_.c.seen_at).where(sessions_.c.token_hash == sessions.hash_token(token))
        )


@pytest.mark.parametrize("who", CAST)
def test_whoever_sees_private_files_may_be_away_half_an_hour_and_the_others_four_hours(
    cast: Cast, who: str
) -> None:
    private = {"technician", "director", "general", "clerk"}
    limit = 30 * MINUTE if who in private else timedelta(hours=4)
    token = opened(cast, who)
    assert sessions.session_of(cast.house, token, NINE + limit - MINUTE) is not None
    assert sessions.session_of(cast.house, token, NINE + limit) is None
    visit = Visit(cast.house, NINE + limit, session=sessions.hash_token(token))
    with pytest.raises(SignedOut), visit.reading():
        pytest.fail("an idle session must not reach the counter")


def test_somebody_with_two_roles_has_the_shorter_time() -> None:
    both = frozenset({Role.EMPLOYEE, Role.CLERK})
    assert USUAL.after(both) == 30 * MINUTE
    assert Idle(timedelta(minutes=5), timedelta(minutes=6)).after(frozenset({Role.ADMIN})) == 6 * MINUTE


def test_a_gesture_gives_the_whole_time_again(cast: Cast) -> None:
    token = opened(cast, "technician")
    assert sessions.seen(cast.house, token, NINE + 29 * MINUTE) is not None
    assert sessions.session_of(cast.house, token, NINE + 58 * MINUTE) is not None
    assert sessions.session_of(cast.house, token, NINE + 59 * MINUTE) is None


def test_looking_whether_a_session_lives_and_every_act_of_the_desk_are_no_gesture(cast: Cast) -> None:
    token = opened(cast, "technician")
    visit = Visit(cast.house, NINE + 20 * MINUTE, session=sessions.hash_token(token))
    with visit.writing() as counter:
        assert counter.person.name == CAST["technician"].name
    assert sessions.session_of(cast.house, token, NINE + 25 * MINUTE) is not None
    assert last_gesture(cast, token) == NINE


def test_a_gesture_comes_too_late_for_a_session_that_was_idle(cast: Cast) -> None:
    token = opened(cast, "technician")
    assert sessions.seen(cast.house, token, NINE + 30 * MINUTE) is None
    assert last_gesture(cast, token) == NINE


def test_gestures_are_written_at_most_once_a_minute(cast: Cast) -> None:
    token = opened(cast, "technician")
    written = set()
    for second in range(0, 181, 5):
        assert sessions.seen(cast.house, token, NINE + timedelta(seconds=second)) is not None
        written.add(last_gesture(cast, token))
    assert written == {NINE, NINE + MINUTE, NINE + 2 * MINUTE, NINE + 3 * MINUTE}
