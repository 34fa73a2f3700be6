"""What a cell of Google Sheets holds: our values go and come back; what is not a value is told in French."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.towntime import to_town
from sync.fields import Kind, Owner
from sync.remote import Column, Unreadable
from sync.sheets.cells import decode, encode, settled

STATES = ("Nouvelle", "En cours", "Fermée")


def column(kind: Kind) -> Column:
    return Column("x", "Ma colonne", kind, Owner.BOTH, STATES if kind is Kind.CHOICE else ())


def first_of_the_hour_lived_twice(moment: datetime) -> bool:
    return to_town(moment).fold == 0


VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: st.text(min_size=1).filter(lambda text: not text.startswith("#")),
    Kind.LONG: st.text(min_size=1).filter(lambda text: not text.startswith("#")),
    Kind.INTEGER: st.integers(-(10**12), 10**12),
    Kind.BOOL: st.booleans(),
    Kind.DATE: st.dates(),
    Kind.MOMENT: st.datetimes(
        min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - the zone is said beside
        max_value=datetime(2100, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    )
    .map(lambda moment: moment.replace(second=0, microsecond=0))
    .filter(first_of_the_hour_lived_twice),
    Kind.CHOICE: st.sampled_from(STATES),
    Kind.REF: st.just("Travaux publics"),
}


@pytest.mark.parametrize("kind", VALUES)
@given(data=st.data())
def test_a_value_comes_back_as_it_left(kind: Kind, data: st.DataObject) -> None:
    value = data.draw(VALUES[kind])
    raw = encode(column(kind), value)
    assert decode(column(kind), raw) == value
    assert settled(kind, raw) == raw


@pytest.mark.parametrize("kind", VALUES)
def test_what_is_empty_is_no_value_and_an_empty_yes_or_no_is_a_no(kind: Kind) -> None:
    nothing = False if kind is Kind.BOOL else None
    assert decode(column(kind), None) == nothing
    assert decode(column(kind), "") == nothing
    assert encode(column(kind), None) is None


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (Kind.TEXT, 42, "42"),
        (Kind.TEXT, 42.0, "42"),
        (Kind.TEXT, 4.5, "4.5"),
        (Kind.TEXT, True, "VRAI"),
        (Kind.INTEGER, "1 200", 1200),
        (Kind.INTEGER, "1\u202f200", 1200),
        (Kind.BOOL, True, True),
        (Kind.BOOL, "oui", True),
        (Kind.BOOL, "x", True),
        (Kind.BOOL, "FAUX", False),
        (Kind.BOOL, 1.0, True),
        (Kind.CHOICE, " en  cours ", "En cours"),
        (Kind.DATE, 46348, date(2026, 11, 22)),
        (Kind.DATE, "2026-11-22", date(2026, 11, 22)),
        (Kind.DATE, "2026/11/2", date(2026, 11, 2)),
        (Kind.DATE, "22/11/2026", date(2026, 11, 22)),
        (Kind.DATE, "11/22/2026", date(2026, 11, 22)),
        (Kind.DATE, "05/05/2026", date(2026, 5, 5)),
        (Kind.MOMENT, 46348.416667, datetime(2026, 11, 22, 15, 0, tzinfo=UTC)),
        (Kind.MOMENT, 46348.4166666667, datetime(2026, 11, 22, 15, 0, tzinfo=UTC)),
        (Kind.MOMENT, "2026-11-22 10 h 00", datetime(2026, 11, 22, 15, 0, tzinfo=UTC)),
        (Kind.MOMENT, "2026-11-22T10:00:30", datetime(2026, 11, 22, 15, 0, tzinfo=UTC)),
    ],
)
def test_what_people_type_is_read_generously(kind: Kind, raw: Any, value: Any) -> None:
    assert decode(column(kind), raw) == value


@pytest.mark.parametrize(
    ("kind", "raw", "words"),
    [
        (Kind.INTEGER, 3.5, "nombre entier"),
        (Kind.INTEGER, True, "nombre entier"),
        (Kind.INTEGER, "douze", "nombre entier"),
        (Kind.INTEGER, float("inf"), "nombre entier"),
        (Kind.BOOL, "peut-être", "Oui ou Non"),
        (Kind.CHOICE, "Perdue", "Nouvelle, En cours, Fermée"),
        (Kind.DATE, "03/04/2026", "2026-11-22"),
        (Kind.DATE, "2026-02-30", "2026-11-22"),
        (Kind.DATE, "bientôt", "2026-11-22"),
        (Kind.DATE, 46348.5, "sans heure"),
        (Kind.DATE, True, "2026-11-22"),
        (Kind.DATE, 1e12, "n'est pas une date"),
        (Kind.MOMENT, 46348, "une heure"),
        (Kind.MOMENT, 2958465.9993, "trop loin"),
        (Kind.MOMENT, "9999-12-31 23:59", "trop loin"),
        (Kind.MOMENT, "2026-11-22", "une heure"),
        (Kind.MOMENT, "2026-11-22 25:00", "une heure"),
        (Kind.MOMENT, 46089.104167, "n'existe pas"),  # 2 h 30, the night the clocks go forward
        *((kind, "#REF!", "formule") for kind in VALUES),
        (Kind.TEXT, "#N/A", "formule"),
    ],
)
def test_what_is_no_value_is_refused_in_french_without_being_quoted(kind: Kind, raw: Any, words: str) -> None:
    with pytest.raises(Unreadable) as error:
        decode(column(kind), raw)
    assert words in str(error.value)
    assert "« Ma colonne »" in str(error.value)


def test_midnight_is_not_a_day_without_an_hour() -> None:
    midnight = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
    assert encode(column(Kind.MOMENT), midnight) != encode(column(Kind.DATE), date(2026, 11, 22))
    assert decode(column(Kind.MOMENT), encode(column(Kind.MOMENT), midnight)) == midnight
