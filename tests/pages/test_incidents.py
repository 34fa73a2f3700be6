"""Incidents: the register on screen, a new entry, what the Law asks, a refusal that loses nothing."""

from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from desk import incidents
from policy.reasons import Refused
from tests.cast import CAST, Cast
from tests.desk.filing import kept
from tests.pages.conftest import NINE, Sit, press, run, said

BEGUN: dict[str, Any] = {
    "found_on": date(2026, 11, 12),
    "what": "Une liste envoyée au mauvais destinataire.",
    "information": "Noms et téléphones.",
}


def fill(screen: AppTest, entry: str, **values: Any) -> AppTest:
    for name, value in values.items():
        for kind in (screen.selectbox, screen.text_input, screen.text_area, screen.date_input):
            for each in kind:
                if each.key == f"in_{entry}_{name}":
                    each.set_value(value)
        run(screen)
    return screen


@pytest.fixture
def entry(cast: Cast) -> str:
    return incidents.enter(cast.visit("clerk", NINE), BEGUN, "jeton")


def test_an_empty_register_offers_to_enter_one(sit: Sit, cast: Cast) -> None:
    screen = sit("incidents", "clerk")
    assert screen.info
    press(screen, "in-new")
    fill(screen, "nouveau", what=BEGUN["what"], found_on=BEGUN["found_on"])
    press(screen, "in-enter")
    assert "renseignements personnels visés" in screen.error[0].value
    assert screen.text_area(key="in_nouveau_what").value == BEGUN["what"]
    fill(screen, "nouveau", information=BEGUN["information"])
    press(screen, "in-enter")
    (row,) = kept(cast, "incidents")
    assert row["id"] in screen.query_params["incident"]
    assert "inscrit au registre" in said(screen)
    assert not kept(cast, "drafts")


def test_an_entry_says_what_the_law_asks_until_it_can_be_closed(sit: Sit, cast: Cast, entry: str) -> None:
    screen = sit("incidents", "general", incident=entry)
    assert "LAI 63\\.10" in said(screen)
    fill(
        screen, entry, occurred="le 10", people="3", sensitivity="a", consequences="b", likelihood="c",
        serious=True, measures="d",
    )  # fmt: skip
    press(screen, "in-save")
    assert [("LAI 63.8" in each.value) for each in screen.warning] == [True, True]
    assert f"/telecharger/incident-avis?id={entry}" in [e.proto.url for e in screen.get("link_button")]
    fill(screen, entry, commission_on=date(2026, 11, 13), persons_on=date(2026, 11, 16))
    press(screen, "in-save")
    press(screen, "in-close")
    assert "Fermé le" in said(screen)
    assert kept(cast, "incidents")[0]["closed_on"] == NINE.date()


def test_the_register_shows_each_entry_and_its_download(sit: Sit, entry: str) -> None:
    screen = sit("incidents", "clerk")
    assert "7 éléments à inscrire" in said(screen)
    assert [each.proto.url for each in screen.get("link_button")] == ["/telecharger/incidents.xlsx"]
    assert "Ce que la Loi demande" in said(press(screen, f"in-open-{entry}"))
    assert "7 éléments" in said(press(screen, "in-back"))


def test_a_wrong_number_of_people_is_refused_and_stays(sit: Sit, entry: str) -> None:
    screen = fill(sit("incidents", "clerk", incident=entry), entry, people="une douzaine")
    press(screen, "in-save")
    assert "nombre" in screen.error[0].value
    assert screen.text_input(key=f"in_{entry}_people").value == "une douzaine"


@pytest.mark.parametrize("who", sorted(set(CAST) - {"general", "clerk"}))
def test_an_entry_that_is_not_theirs_and_one_that_is_not_there_are_told_alike(
    sit: Sit, cast: Cast, entry: str, who: str
) -> None:
    theirs, nothing = (said(sit("incidents", who, incident=one)) for one in (entry, "inconnu"))
    assert theirs == nothing and "introuvable" in theirs
    with pytest.raises(Refused):
        incidents.register(cast.visit(who, NINE))
