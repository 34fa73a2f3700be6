"""R-8: service refused by the director alone; the desk sees until when, the others nothing."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from desk import citizens, courtesy, exporting
from desk.scope import NotFound
from policy.private_words import PrivateKind
from policy.reasons import Refused
from sync.schema import HISTORY, SQL
from tests.cast import CAST, Cast, day
from tests.desk.demands import opened
from tests.desk.filing import TEN, filed, kept

REASON = "Menaces répétées au comptoir le 12 novembre."
END = day("Wed 2026-12-16")
DESK = ("technician", "director")


@pytest.fixture
def marie(cast: Cast) -> str:
    return opened(cast).citizen


def refused(cast: Cast, citizen: str, ends_on: date = END) -> courtesy.Refusal:
    return courtesy.refuse(cast.visit("director", TEN), citizen, REASON, ends_on)


@pytest.mark.parametrize("who", sorted(set(CAST) - {"director"}))
def test_the_director_alone_refuses_lifts_and_reads_why(cast: Cast, marie: str, who: str) -> None:
    made, visit = refused(cast, marie), cast.visit(who, TEN)
    for act in (
        lambda: courtesy.refuse(visit, marie, REASON, END),
        lambda: courtesy.refusals(visit),
        lambda: courtesy.someone(visit, "2026-00001"),
    ):
        with pytest.raises(Refused) as no:
            act()
        assert "Menaces" not in str(no.value)
    for one in (made.id, "inconnu"):
        with pytest.raises(NotFound):
            courtesy.lift(visit, one)
    assert not courtesy.may_refuse(visit)
    assert kept(cast, "service_refusals")[0]["lifted_at"] is None


@pytest.mark.parametrize("who", CAST)
def test_the_desk_sees_only_until_when_and_the_others_nothing(cast: Cast, marie: str, who: str) -> None:
    refused(cast, marie)
    visit = cast.visit(who, TEN)
    found = courtesy.refused_until(visit, [marie, "inconnu"])
    assert found == ({marie: END} if who in DESK else {})
    assert courtesy.of_file(visit, "2026-00001") == (END if who in DESK else None)


def test_it_ends_by_itself_after_its_last_day(cast: Cast, marie: str) -> None:
    refused(cast, marie, ends_on=TEN.date())
    for days, seen in ((0, True), (1, False)):
        visit = cast.visit("technician", TEN + timedelta(days=days))
        assert (marie in courtesy.refused_until(visit, [marie])) is seen
    (one,) = courtesy.refusals(cast.visit("director", TEN + timedelta(days=1)))
    assert not one.in_force and one.lifted_at is None


def test_lifted_it_is_seen_no_more_and_stays_told_to_the_director(cast: Cast, marie: str) -> None:
    made = refused(cast, marie)
    director = cast.visit("director", TEN)
    assert courtesy.lift(director, made.id).lifted_at == TEN
    assert courtesy.lift(cast.visit("director", TEN + timedelta(hours=1)), made.id).lifted_at == TEN
    assert courtesy.refused_until(cast.visit("technician", TEN), [marie]) == {}
    assert [each.reason for each in courtesy.refusals(director)] == [REASON]
    assert refused(cast, marie).in_force  # and it can be refused again


@pytest.mark.parametrize(
    ("reason", "ends_on", "fields"),
    [
        ("", None, {"reason", "ends_on"}),
        ("  ", END, {"reason"}),
        (REASON, day("Sun 2026-11-15"), {"ends_on"}),
        ("x" * 2_001, END, {"reason"}),
        ("a\x00", END, {"reason"}),
    ],
)
def test_a_refusal_has_a_reason_and_an_end_to_come(
    cast: Cast, marie: str, reason: str, ends_on: date | None, fields: set[str]
) -> None:
    with pytest.raises(Refused) as no:
        courtesy.refuse(cast.visit("director", TEN), marie, reason, ends_on)
    assert {ground.field for ground in no.value.grounds} == fields
    assert kept(cast, "service_refusals") == []


def test_one_at_a_time_and_of_somebody_who_is_there(cast: Cast, marie: str) -> None:
    refused(cast, marie)
    with pytest.raises(Refused) as no:
        refused(cast, marie)
    assert "16 décembre 2026" in str(no.value)
    with pytest.raises(Refused):
        refused(cast, "inconnu")
    assert len(kept(cast, "service_refusals")) == 1


def test_the_person_of_a_file_and_nobody_of_an_anonymous_one(cast: Cast, marie: str) -> None:
    filed(cast, "2026-00099", anonymous=True)
    director = cast.visit("director", TEN)
    assert courtesy.someone(director, "2026-00001").citizen == marie
    with pytest.raises(Refused, match="anonyme"):
        courtesy.someone(director, "2026-00099")
    with pytest.raises(NotFound):
        courtesy.someone(director, "2026-77777")


def test_the_reason_is_sealed_read_by_name_and_found_nowhere_else(cast: Cast, marie: str) -> None:
    made = refused(cast, marie)
    courtesy.refusals(cast.visit("director", TEN))
    (reading,) = kept(cast, "readings", kind_of_file=PrivateKind.SERVICE_REFUSAL)
    assert (reading["record"], reading["account"]) == (made.id, cast.accounts["director"])
    with cast.house.store.reading() as tx:
        lying = str(tx.rows(select(SQL["service_refusals"]))) + str(tx.rows(select(HISTORY)))
    assert "Menaces" not in lying
    assert citizens.suggest(cast.visit("technician", TEN), "Menaces") == []
    with pytest.raises(Refused):
        exporting.export(cast.visit("director", TEN), "service_refusals", ".csv")
