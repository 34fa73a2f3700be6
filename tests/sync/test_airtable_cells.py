"""What a cell of Airtable holds: our values go and come back; what is not a value is told in French."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.airtable.cells import decode, encode, from_feed, plain
from sync.fields import Kind, Owner
from sync.remote import Column, Unreadable

STATES = ("Nouvelle", "En cours", "Fermée")


def column(kind: Kind) -> Column:
    return Column("x", "Ma colonne", kind, Owner.BOTH, STATES if kind is Kind.CHOICE else ())


VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: st.text(min_size=1),
    Kind.LONG: st.text(min_size=1),
    Kind.INTEGER: st.integers(-(10**12), 10**12),
    Kind.BOOL: st.booleans(),
    Kind.DATE: st.dates(min_value=date(1900, 1, 1)),
    Kind.MOMENT: st.datetimes(
        min_value=datetime(1900, 1, 1),  # noqa: DTZ001 - the zone is said beside
        timezones=st.just(UTC),
    ).map(lambda moment: moment.replace(microsecond=moment.microsecond // 1_000 * 1_000)),
    Kind.CHOICE: st.sampled_from(STATES),
    Kind.REF: st.just("rec00000000000001"),
}


@pytest.mark.parametrize("kind", VALUES)
@given(data=st.data())
def test_a_value_comes_back_as_it_left(kind: Kind, data: st.DataObject) -> None:
    value = data.draw(VALUES[kind])
    assert decode(column(kind), encode(column(kind), value)) == value


@pytest.mark.parametrize("kind", VALUES)
def test_what_is_empty_is_no_value_and_a_box_not_ticked_is_a_no(kind: Kind) -> None:
    nothing = False if kind is Kind.BOOL else None
    assert encode(column(kind), nothing) is None
    assert decode(column(kind), None) == nothing


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Kind.TEXT, 3),
        (Kind.LONG, ["a"]),
        (Kind.INTEGER, 3.5),
        (Kind.INTEGER, True),
        (Kind.INTEGER, float("nan")),
        (Kind.INTEGER, {"specialValue": "NaN"}),
        (Kind.BOOL, "oui"),
        (Kind.DATE, "2026-02-30"),
        (Kind.DATE, "2026-11-22T15:04:00.000Z"),
        (Kind.MOMENT, "2026-11-22"),
        (Kind.MOMENT, "2026-11-22T15:04:00"),
        (Kind.MOMENT, "bientôt T"),
        (Kind.MOMENT, "9999-12-31T23:59:00-10:00"),
        (Kind.CHOICE, "Peut-être"),
        (Kind.REF, "rec00000000000001"),
        (Kind.REF, ["rec00000000000001", "rec00000000000002"]),
    ],
)
def test_what_is_no_value_of_the_column_is_told_by_its_label(kind: Kind, raw: Any) -> None:
    with pytest.raises(Unreadable, match="Ma colonne"):
        decode(column(kind), raw)


def test_a_number_with_no_decimals_is_whole_and_a_zero_is_a_value() -> None:
    assert decode(column(Kind.INTEGER), 3.0) == 3
    assert encode(column(Kind.INTEGER), 0) == 0
    assert decode(column(Kind.INTEGER), 0) == 0


def test_an_instant_is_written_as_airtable_writes_it() -> None:
    at_four = datetime(2026, 11, 22, 15, 4, tzinfo=UTC)
    assert encode(column(Kind.MOMENT), at_four) == "2026-11-22T15:04:00.000Z"
    assert encode(column(Kind.DATE), date(2026, 11, 22)) == "2026-11-22"


@pytest.mark.parametrize(
    ("told", "rest"),
    [
        ({"id": "sel1", "name": "En cours", "color": "blue"}, "En cours"),
        ([{"id": "rec00000000000001", "name": "Voirie"}], ["rec00000000000001"]),
        ([{"id": "sel1", "name": "a"}, {"id": "sel2", "name": "b"}], ["a", "b"]),
        (False, None),
        (None, None),
        ([], None),
        (0, 0),
        ("texte", "texte"),
    ],
)
def test_a_cell_of_the_feed_is_understood_as_the_same_cell_of_a_row(told: Any, rest: Any) -> None:
    assert from_feed(told) == rest


def test_a_cell_that_is_not_ours_is_kept_in_what_stays_the_same() -> None:
    picture = {"id": "att1", "url": "https://example.org/expire-dans-deux-heures", "filename": "nid.jpg"}
    assert plain([picture]) == ["nid.jpg"]
    assert plain({"id": "usr1", "email": "a@example.org", "name": "Anne"}) == "Anne"
    assert plain(12.5) == 12.5
