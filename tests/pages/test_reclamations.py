"""Réclamations: what waits, one claim's form that loses nothing, who sees it, two people at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from desk import claims
from policy.words import Nature
from sync.store import Row
from tests.cast import CAST, Cast
from tests.desk.filing import filed, kept
from tests.pages.conftest import NINE, Sit, press, run, said

NUMBER = "2026-00001"
LATER = NINE + timedelta(hours=1)
KEEPERS = {"technician", "director", "clerk"}


@pytest.fixture
def claim(cast: Cast) -> Row:
    return filed(cast, NUMBER, nature=Nature.CLAIM)


def fill(screen: AppTest, **values: Any) -> AppTest:
    for name, value in values.items():
        for kind in (screen.selectbox, screen.text_input, screen.text_area, screen.date_input):
            for each in kind:
                if each.key == f"rc_{NUMBER}_{name}":
                    each.set_value(value)
        run(screen)
    return screen


def test_the_list_says_what_each_claim_waits_for(sit: Sit, cast: Cast, claim: Row) -> None:
    assert claims.save(cast.visit("technician", NINE), NUMBER, {"event_on": date(2026, 11, 6)}).done
    screen = sit("reclamations", "clerk")
    told = said(screen)
    assert "Avis écrit à recevoir" in told and "Décision du greffier" in told
    assert "lundi 23 novembre 2026" in told
    assert "Le dommage" in said(press(screen, f"rc-open-{NUMBER}"))
    assert "Le dommage" not in said(press(screen, "rc-back"))


def test_without_a_claim_the_list_says_so(sit: Sit) -> None:
    screen = sit("reclamations")
    assert screen.info
    screen.segmented_control(key="rc-which").set_value("Réglées")
    assert "réglée" in run(screen).info[0].value


def test_a_claim_is_typed_saved_and_found_again(sit: Sit, cast: Cast, claim: Row) -> None:
    screen = fill(
        sit("reclamations", numero=NUMBER), damage="Dommages matériels", event_on=date(2026, 11, 6),
        amount_cents="1 234,5", damage_words="Pare-brise fendu.",
    )  # fmt: skip
    press(screen, "rc-save")
    assert screen.success and "lundi 23 novembre 2026" in said(screen)
    assert "greffier décide" in said(screen)
    assert screen.text_input(key=f"rc_{NUMBER}_amount_cents").value == "1\u00a0234,50\u00a0$"
    again = sit("reclamations", "director", at=LATER, numero=NUMBER)
    assert again.text_area(key=f"rc_{NUMBER}_damage_words").value == "Pare-brise fendu."
    assert not kept(cast, "drafts")
    press(again, "rc-save")  # nothing was changed
    assert not again.error


def test_a_refusal_loses_nothing_of_what_was_typed(sit: Sit, cast: Cast, claim: Row) -> None:
    screen = fill(sit("reclamations", numero=NUMBER), amount_cents="1,234", damage_words="Longue histoire")
    press(screen, "rc-save")
    assert "1234,56" in screen.error[0].value.replace("\\", "")
    assert screen.text_input(key=f"rc_{NUMBER}_amount_cents").value == "1,234"
    assert screen.text_area(key=f"rc_{NUMBER}_damage_words").value == "Longue histoire"
    assert not kept(cast, "claims")


def test_the_clerk_alone_has_the_fields_of_the_decision(sit: Sit, cast: Cast, claim: Row) -> None:
    for who in ("technician", "director"):
        screen = sit("reclamations", who, numero=NUMBER)
        assert not [each for each in screen.selectbox if "decision" in (each.key or "")]
        assert "rien n’est décidé encore" in said(screen)
    clerk = fill(sit("reclamations", "clerk", numero=NUMBER), decision="Refusée")
    press(clerk, "rc-save")
    assert "motifs" in clerk.error[0].value
    fill(clerk, decision_words="Aucun défaut d’entretien.")
    press(clerk, "rc-save")
    assert clerk.success
    assert "Refusée" in said(sit("reclamations", "technician", at=LATER, numero=NUMBER))


def test_two_people_at_once_see_both_values_and_choose(sit: Sit, cast: Cast, claim: Row) -> None:
    for keep, typed, amount in (("mine", "900", 90_000), ("theirs", "800", 100_000)):
        screen = fill(sit("reclamations", "clerk", numero=NUMBER), amount_cents=typed)
        assert claims.save(cast.visit("director", NINE), NUMBER, {"amount_cents": "1000"}).done
        press(screen, "rc-save")
        assert "La sienne" in said(screen)
        press(screen, f"rc_{NUMBER}-{keep}-amount_cents")
        press(screen, "rc-save")
        assert kept(cast, "claims")[0]["amount_cents"] == amount


def test_what_someone_else_changed_shows_where_nothing_was_typed(sit: Sit, cast: Cast, claim: Row) -> None:
    screen = fill(sit("reclamations", "clerk", numero=NUMBER), insurer="Promutuel")
    assert claims.save(cast.visit("director", NINE), NUMBER, {"event_place": "rue des Pins"}).done
    run(screen)
    assert screen.text_input(key=f"rc_{NUMBER}_event_place").value == "rue des Pins"
    assert screen.text_input(key=f"rc_{NUMBER}_insurer").value == "Promutuel"


@pytest.mark.parametrize("who", sorted(set(CAST) - KEEPERS))
def test_a_claim_that_is_not_theirs_and_one_that_is_not_there_are_told_alike(
    sit: Sit, claim: Row, who: str
) -> None:
    theirs, nothing = (said(sit("reclamations", who, numero=n)) for n in (NUMBER, "2026-99999"))
    assert theirs == nothing and "Dossier introuvable." in theirs


@pytest.mark.parametrize("who", ["technician", "director", "clerk", "secretary"])
def test_the_file_leads_to_its_claim_for_those_entitled(sit: Sit, claim: Row, who: str) -> None:
    screen = sit("dossier", who, numero=NUMBER)
    links = [each.proto.url for each in screen.get("link_button")]
    assert (f"/reclamations?numero={NUMBER}" in links) is (who in KEEPERS)
