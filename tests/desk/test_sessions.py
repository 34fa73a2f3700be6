"""Sign-in: sessions on the server, constant words for whoever is unknown, the brake on guessing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from desk import accounts, sessions
from desk.visits import SignedOut, Visit
from policy.reasons import Refused
from tests.cast import CAST, CHEAP, PASSWORD, Cast, moment

NINE = moment("Mon 2026-11-16 09:00")
MINUTE = timedelta(minutes=1)
LUC = CAST["technician"].email
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.20"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash of the unknown account that costs what the cast's passwords cost."""
    monkeypatch.setattr(sessions, "HASHER", CHEAP)
    sessions._nobody.cache_clear()


def enter(cast: Cast, password: str = PASSWORD, at: datetime = NINE, **more: str) -> str:
    return sessions.sign_in(cast.house, more.get("email", LUC), password, more.get("address", HOME), at)


def fail(cast: Cast, times: int, at: datetime = NINE, **more: str) -> None:
    for _ in range(times):
        with pytest.raises(Refused, match="inexact"):
            enter(cast, "un mauvais mot de passe", at, **more)


def test_the_right_password_opens_a_session_of_twelve_hours(cast: Cast) -> None:
    token = enter(cast)
    last = NINE + timedelta(hours=12)
    for quarter in range(1, 48):
        assert sessions.seen(cast.house, token, NINE + quarter * 15 * MINUTE)
    person = sessions.session_of(cast.house, token, last - MINUTE)
    assert person is not None
    assert person.name == CAST["technician"].name
    assert sessions.session_of(cast.house, token, last) is None


def test_an_address_is_the_same_in_capitals_and_with_blanks_around_it(cast: Cast) -> None:
    assert enter(cast, email=f"  {LUC.upper()} ")


def test_only_the_hash_of_a_token_is_stored(cast: Cast) -> None:
    token = enter(cast)
    with cast.house.store.reading() as tx:
        assert [row["token_hash"] for row in tx.find("sessions")] == [sessions.hash_token(token)]
    assert token != sessions.hash_token(token)


def test_a_session_is_dead_once_signed_out_and_signing_out_twice_is_harmless(cast: Cast) -> None:
    token = enter(cast)
    sessions.sign_out(cast.house, token, NINE + MINUTE)
    sessions.sign_out(cast.house, token, NINE + 2 * MINUTE)
    assert sessions.session_of(cast.house, token, NINE + MINUTE) is None
    visit = Visit(cast.house, NINE + MINUTE, session=sessions.hash_token(token))
    with pytest.raises(SignedOut), visit.writing():
        pytest.fail("a dead session must not reach the counter")


def test_signing_out_leaves_the_other_sessions_of_the_account(cast: Cast) -> None:
    here, there = enter(cast), enter(cast, address=ELSEWHERE)
    sessions.sign_out(cast.house, here, NINE)
    assert sessions.session_of(cast.house, there, NINE) is not None


def test_closing_an_account_ends_all_its_sessions_at_once(cast: Cast) -> None:
    tokens = [enter(cast), enter(cast, address=ELSEWHERE)]
    accounts.close(cast.visit("director", NINE), cast.accounts["technician"])
    assert [sessions.session_of(cast.house, token, NINE) for token in tokens] == [None, None]
    with cast.house.store.reading() as tx:
        mine = tx.find("sessions", account=cast.accounts["technician"])
    assert all(session["ended_at"] == NINE for session in mine)
    with pytest.raises(Refused, match="inexact"):
        enter(cast)


def test_unknown_closed_and_wrong_are_refused_in_the_same_words_after_one_verification(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.close(cast.visit("director", NINE), cast.accounts["planner"])
    with cast.house.store.writing() as tx:
        tx.connection.exec_driver_sql("UPDATE accounts SET password = NULL WHERE email = 'marc@prevost.test'")
    verified: list[str] = []
    real = sessions.verify_password

    def counted(stored: str, password: str) -> bool:
        verified.append(stored)
        return real(stored, password)

    monkeypatch.setattr(sessions, "verify_password", counted)
    said = set()
    for email, password in (
        ("personne@prevost.test", PASSWORD),
        (CAST["planner"].email, PASSWORD),
        (CAST["experience"].email, ""),
        (LUC, "un mauvais mot de passe"),
    ):
        with pytest.raises(Refused) as refusal:
            enter(cast, password, email=email)
        said.add(str(refusal.value))
    assert said == {"Courriel ou mot de passe inexact."}
    assert len(verified) == 4
    assert all(stored.startswith("$argon2id$") for stored in verified)


def test_a_password_longer_than_any_is_refused_without_being_read_whole(cast: Cast) -> None:
    with pytest.raises(Refused, match="inexact"):
        enter(cast, PASSWORD + "x" * 1_000_000)


def test_after_five_failures_from_an_address_even_the_right_password_waits(cast: Cast) -> None:
    fail(cast, 5)
    with pytest.raises(Refused, match="Attendez 15 minutes"):
        enter(cast)
    with pytest.raises(Refused, match="Attendez une minute"):
        enter(cast, at=NINE + 14 * MINUTE)
    assert enter(cast, at=NINE + 15 * MINUTE)


def test_the_right_person_still_enters_from_another_address(cast: Cast) -> None:
    fail(cast, 5)
    assert enter(cast, address=ELSEWHERE)


def test_an_unknown_account_is_braked_like_another(cast: Cast) -> None:
    fail(cast, 5, email="personne@prevost.test")
    with pytest.raises(Refused, match="Attendez 15 minutes"):
        enter(cast, email="personne@prevost.test")


def test_whoever_insists_all_day_waits_until_the_next(cast: Cast) -> None:
    for quarter in range(4):
        fail(cast, 5, NINE + quarter * 15 * MINUTE)
    with pytest.raises(Refused, match="22 heures"):
        enter(cast, at=NINE + timedelta(hours=2))
    assert enter(cast, at=NINE + timedelta(hours=24))


def test_a_success_forgives_the_failures_before_it(cast: Cast) -> None:
    fail(cast, 4)
    enter(cast, at=NINE + MINUTE)
    fail(cast, 4, NINE + 2 * MINUTE)
    assert enter(cast, at=NINE + 3 * MINUTE)


def test_one_password_tried_on_every_account_is_braked_by_the_address(cast: Cast) -> None:
    enter(cast)
    for account in range(30):
        fail(cast, 1, email=f"employe{account}@prevost.test")
    with pytest.raises(Refused, match="Attendez"):
        enter(cast, email=CAST["secretary"].email)
    assert enter(cast), "the account already entered from here: the town hall has one address for all"
    assert enter(cast, email=CAST["secretary"].email, address=ELSEWHERE)


def test_from_many_addresses_each_unknown_one_has_a_single_attempt(cast: Cast) -> None:
    enter(cast, at=NINE - timedelta(days=3))
    for address in range(20):
        fail(cast, 1, address=f"192.0.2.{address}")
    fail(cast, 1, address=ELSEWHERE)
    with pytest.raises(Refused, match="Attendez"):
        enter(cast, address=ELSEWHERE)
    assert enter(cast, address="198.51.100.21"), "the right person needs one attempt"
    fail(cast, 1)
    assert enter(cast), "an address the account entered from keeps its five attempts"


def test_attempts_are_forgotten_after_ninety_days(cast: Cast) -> None:
    fail(cast, 2)
    later = NINE + timedelta(days=91)
    enter(cast, at=later)
    with cast.house.store.reading() as tx:
        assert [row["tried_at"] for row in tx.find("sign_ins")] == [later]


def test_a_burst_of_simultaneous_attempts_is_counted_in_full(cast: Cast) -> None:
    def attempt(rank: int) -> str:
        with pytest.raises(Refused) as refusal:
            enter(cast, f"essai numéro {rank}")
        return str(refusal.value)

    with ThreadPoolExecutor(8) as attackers:
        said = list(attackers.map(attempt, range(12)))
    assert sum("inexact" in words for words in said) == 5
    assert sum("Attendez" in words for words in said) == 7
