"""Every refusal of an act is kept: who, which act, which articles, when; never what was typed."""

from datetime import timedelta

import pytest

from desk import accounts, sessions
from desk.scope import NotFound, file_in_sight
from desk.visits import SignedOut, Visit
from policy.reasons import Refused
from policy.words import Role
from sync.store import Row
from tests.cast import CAST, Cast, moment

NINE = moment("Mon 2026-11-16 09:00")
TYPED = "Rose Sentinelle 450 555-0199"


def kept(cast: Cast) -> list[Row]:
    with cast.house.store.reading() as tx:
        return tx.find("refusals")


def look_for(visit: Visit, number: str) -> None:
    with visit.reading() as counter:
        file_in_sight(counter, number)


def test_a_refused_act_is_kept_with_its_articles_and_nothing_that_was_typed(cast: Cast) -> None:
    with pytest.raises(Refused):
        accounts.add(cast.visit("technician", NINE), TYPED, f"{TYPED}@x", [Role.ADMIN])
    with pytest.raises(Refused):
        later = cast.visit("technician", NINE + timedelta(minutes=1))
        accounts.add(later, TYPED, "rose@prevost.test", [Role.ADMIN])
    first, second = kept(cast)
    assert (first["who"], first["account"]) == (CAST["technician"].name, cast.accounts["technician"])
    assert (first["act"], first["articles"], first["refused_at"]) == ("accounts.add", None, NINE)
    assert (second["act"], second["articles"]) == ("accounts.add", "P §4.1")
    assert "Sentinelle" not in str(first) + str(second)


def test_what_is_not_found_is_kept_without_its_number(cast: Cast) -> None:
    with pytest.raises(NotFound):
        look_for(cast.visit("council", NINE), "P2026-0007")
    [row] = kept(cast)
    assert row["who"] == CAST["council"].name
    assert "0007" not in str(row)


def test_a_refused_act_changes_nothing_but_the_book_of_refusals(cast: Cast) -> None:
    with pytest.raises(Refused), cast.visit("clerk", NINE).writing() as counter:
        counter.tx.update("accounts", counter.person.id, {"extension": "1"}, counter.by("essai"))
        accounts.refuse_unless_keeper(counter)
    with cast.house.store.reading() as tx:
        account = tx.get("accounts", cast.accounts["clerk"])
    assert account is not None
    assert account["extension"] == CAST["clerk"].extension
    assert len(kept(cast)) == 1


def test_whoever_comes_with_a_session_that_is_over_is_kept_and_an_invented_one_names_nobody(
    cast: Cast,
) -> None:
    with cast.house.store.writing() as tx:
        token = sessions.open_session(tx, cast.accounts["clerk"], NINE)
    sessions.sign_out(cast.house, token, NINE)
    for each in (sessions.hash_token(token), "inventé", ""):
        with pytest.raises(SignedOut), Visit(cast.house, NINE, session=each).reading():
            pytest.fail("nobody is there")
    [row] = kept(cast)
    assert (row["who"], row["act"]) == (CAST["clerk"].name, "session terminée")


def test_refusals_are_forgotten_after_ninety_days(cast: Cast) -> None:
    with pytest.raises(Refused):
        accounts.accounts(cast.visit("council", NINE))
    later = NINE + timedelta(days=91)
    with pytest.raises(Refused):
        accounts.accounts(cast.visit("clerk", later))
    assert [row["who"] for row in kept(cast)] == [CAST["clerk"].name]


def test_what_is_allowed_leaves_nothing(cast: Cast) -> None:
    accounts.accounts(cast.visit("director", NINE))
    assert kept(cast) == []
