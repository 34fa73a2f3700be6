"""Mesures: two periods side by side, the files behind a number, the filters of the address."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from desk.measures import MINE
from policy.words import State
from tests.cast import CAST, WORKS, Cast, moment
from tests.desk.filing import filed
from tests.pages.conftest import Sit, press, run, said

NOW = moment("Mon 2026-11-30 09:00")


@pytest.fixture
def november(cast: Cast) -> Cast:
    received = moment("Mon 2026-11-02 09:00")
    done = received + timedelta(days=1)
    filed(cast, "2026-00001", received_at=received, closed_at=done, completed_at=done, state=State.DONE)
    filed(cast, "2026-00002", forwarded_by=cast.council["Hélène Fortin"])
    return cast


def tables(screen: AppTest) -> str:
    return "\n".join(each.value.to_string() for each in screen.table)


def test_this_month_stands_beside_the_last_and_a_number_opens_its_files(sit: Sit, november: Cast) -> None:
    screen = sit("mesures", "director", at=NOW)
    assert "Novembre 2026 et octobre 2026" in said(screen)
    assert "[2](/mesures?derriere=recues)" in tables(screen)
    assert "complétées : 1](/mesures?derriere=completees)" in tables(screen)  # behind a delay
    assert "mois=2026-11&derriere=ouvertes" in tables(screen)  # in the table of a chart
    assert f"service={november.departments[WORKS]}&derriere=recues" in tables(screen)
    opened = sit("mesures", "director", at=NOW, derriere="ouvertes")
    assert "Ouvertes à la fin, novembre 2026 : 1" in said(opened)
    assert "/dossier?numero=2026-00002" in said(opened)
    press(opened, "me-close")
    assert "/dossier" not in said(opened)


@pytest.mark.parametrize("who", ["experience", "council"])
def test_who_may_not_open_the_files_reads_numbers_without_a_way_to_them(
    sit: Sit, november: Cast, who: str
) -> None:
    screen = sit("mesures", who, at=NOW, derriere="ouvertes")
    assert "derriere" not in tables(screen)
    assert "/dossier" not in said(screen)


def test_a_member_of_council_reads_what_he_or_she_forwarded(sit: Sit, november: Cast) -> None:
    screen = sit("mesures", "council", at=NOW)
    assert "Ce que vous avez transmis" in said(screen)
    assert "Ce que vous avez transmis" not in said(sit("mesures", "director", at=NOW))
    screen.selectbox(key="me_elu").set_value(MINE)
    assert "transmises par vous" in said(run(screen))
    assert "Ce que vous avez transmis" not in said(screen)
    refused = sit("mesures", "council", at=NOW, elu=november.council["Guy Ouellet"])
    assert "autre élu" in refused.error[0].value


def test_a_filter_goes_to_the_address_and_an_old_address_finds_nothing(sit: Sit, november: Cast) -> None:
    screen = sit("mesures", "director", at=NOW, derriere="recues")
    screen.selectbox(key="me_mois").set_value("2026-10")
    run(screen)
    assert screen.query_params["mois"] in ("2026-10", ["2026-10"])
    assert "derriere" not in screen.query_params
    assert "Rien à mesurer" in screen.info[0].value
    assert "Rien à mesurer" in sit("mesures", "director", at=NOW, service="jamais-vu").info[0].value


def test_seasons_take_the_place_of_months(sit: Sit, november: Cast) -> None:
    assert "Automne 2026 et été 2026" in said(sit("mesures", "director", at=NOW, par="saison"))


@pytest.mark.parametrize("who", sorted(set(CAST) - {"director", "experience", "council"}))
def test_the_others_are_told_whose_the_measures_are(sit: Sit, cast: Cast, who: str) -> None:
    screen = sit("mesures", who, at=NOW)
    assert "consulter les mesures" in screen.error[0].value
    assert not screen.table
