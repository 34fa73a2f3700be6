"""Courtoisie: the director marks and lifts; the desk sees until when, at intake and on the file."""

from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from desk import courtesy
from policy.reasons import Refused
from tests.cast import CAST, Cast
from tests.desk.demands import opened
from tests.desk.filing import kept
from tests.pages.conftest import NINE, Sit, press, run, said

LATER = NINE + timedelta(hours=1)
REASON = "Menaces *répétées* au comptoir."
END = date(2026, 12, 16)
SEEN = "Service refusé jusqu’au mercredi 16 décembre 2026"


@pytest.fixture
def marie(cast: Cast) -> str:
    return opened(cast).citizen


def warned(screen: AppTest) -> str:
    return " ".join(each.value for each in screen.warning)


def test_the_director_finds_a_person_marks_and_lifts(sit: Sit, cast: Cast, marie: str) -> None:
    screen = sit("courtoisie", "director", at=LATER)
    screen.text_input(key="cy_find").set_value("lefranc")
    press(run(screen), f"cy-choose-{marie}")
    press(screen, "cy-refuse")
    assert "motif" in screen.error[0].value and "fin" in screen.error[0].value
    screen.text_area(key="cy_reason").set_value(REASON)
    screen.date_input(key="cy_ends").set_value(END)
    press(run(screen), "cy-refuse")
    assert "16 décembre 2026" in screen.success[0].value
    assert REASON in said(screen)
    (row,) = kept(cast, "service_refusals")
    press(screen, f"cy-lift-{row['id']}")
    assert "levé" in screen.success[0].value
    assert not kept(cast, "drafts")


def test_a_file_leads_the_director_to_its_person(sit: Sit, cast: Cast, marie: str) -> None:
    assert "/courtoisie?dossier=2026-00001" in said(sit("dossier", "director", numero="2026-00001"))
    assert "/courtoisie" not in said(sit("dossier", "technician", numero="2026-00001"))
    screen = sit("courtoisie", "director", at=LATER, dossier="2026-00001")
    assert "Marie" in said(screen)
    press(screen, "cy-other")
    assert screen.text_input(key="cy_find").value == ""
    assert "introuvable" in said(sit("courtoisie", "director", dossier="2026-99999"))


@pytest.mark.parametrize("who", sorted(CAST))
def test_on_the_file_the_desk_sees_until_when_and_the_others_nothing(
    sit: Sit, cast: Cast, marie: str, who: str
) -> None:
    courtesy.refuse(cast.visit("director", NINE), marie, REASON, END)
    screen = sit("dossier", who, at=LATER, numero="2026-00001")
    assert (SEEN in warned(screen)) is (who in ("technician", "director"))
    assert "Menaces" not in said(screen)


def test_at_intake_the_desk_sees_it_beside_the_known_caller(sit: Sit, cast: Cast, marie: str) -> None:
    courtesy.refuse(cast.visit("director", NINE), marie, REASON, END)
    screen = sit("nouvelle_demande", at=LATER)
    screen.text_input(key="nd_name").set_value("Lefrançois")
    assert SEEN in warned(run(screen))
    press(screen, f"nd-known-{marie}")
    assert SEEN in warned(screen)
    assert "Menaces" not in said(screen)


@pytest.mark.parametrize("who", ["technician", "clerk", "admin"])
def test_the_screen_itself_refuses_whoever_is_not_the_director(cast: Cast, who: str) -> None:
    with pytest.raises(Refused, match="Directeur"):
        courtesy.refusals(cast.visit(who, NINE))
