"""Ten thousand wrong passwords: whoever guesses is slowed, the right person still enters."""

from datetime import timedelta

import pytest

from desk import sessions
from policy.reasons import Refused
from tests.cast import CAST, PASSWORD, Cast, moment
from tests.conftest import Sqlite

NINE = moment("Mon 2026-11-16 09:00")
LUC = CAST["technician"].email
HOME, ATTACKER = "203.0.113.7", "198.51.100.66"
pytestmark = pytest.mark.long

TRIES = 10_000
STEP = timedelta(seconds=8)  # all of them in less than a day


@pytest.fixture
def kept(sqlite: Sqlite) -> Sqlite:
    """SQLite alone: what is counted is the same on both, and there is a lot of it."""
    return sqlite


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were really compared, at no cost."""
    compared: list[str] = []

    def verify(_stored: str, password: str) -> bool:
        compared.append(password)
        return password == PASSWORD

    monkeypatch.setattr(sessions, "verify_password", verify)
    return compared


def attempt(cast: Cast, number: int, email: str, address: str) -> bool:
    """Whether the guess of that number was even looked at."""
    with pytest.raises(Refused) as refusal:
        sessions.sign_in(cast.house, email, f"essai {number}", address, NINE + number * STEP)
    return "inexact" in str(refusal.value)


def test_ten_thousand_guesses_at_one_account_from_one_address(cast: Cast, looked_at: list[str]) -> None:
    entered = 0
    for number in range(TRIES):
        attempt(cast, number, LUC, ATTACKER)
        if number % 1_000 == 999:  # from the town hall, all day long
            assert sessions.sign_in(cast.house, LUC, PASSWORD, HOME, NINE + number * STEP)
            entered += 1
    assert entered == 10
    assert len(looked_at) - entered <= 20
    with pytest.raises(Refused, match="Trop d'essais"):  # even the right guess waits
        sessions.sign_in(cast.house, LUC, PASSWORD, ATTACKER, NINE + TRIES * STEP)


def test_ten_thousand_guesses_at_many_accounts_from_one_address(cast: Cast, looked_at: list[str]) -> None:
    assert sessions.sign_in(cast.house, LUC, PASSWORD, ATTACKER, NINE)  # who shares the town hall's address
    emails = [player.email for player in CAST.values()] + [f"essai{n}@prevost.test" for n in range(989)]
    guessed = sum(
        attempt(cast, number, emails[number % len(emails)], ATTACKER)
        for number in range(TRIES // 4)  # twelve at each account, in under six hours
        if emails[number % len(emails)] != LUC
    )
    quarters = (TRIES // 4) * STEP / timedelta(minutes=15)
    assert guessed <= 30 * (quarters + 1)
    assert sessions.sign_in(cast.house, LUC, PASSWORD, ATTACKER, NINE + (TRIES // 4) * STEP)
