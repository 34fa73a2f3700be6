"""Dossier d'une personne: found, chosen, gathered; what is not theirs does not show."""

from urllib.parse import unquote

import pytest

from desk import person
from policy.private_words import PrivateKind
from policy.reasons import Refused
from tests.cast import CAST, Cast
from tests.desk.demands import opened
from tests.desk.filing import kept
from tests.pages.conftest import NINE, Sit, press, run, said


@pytest.fixture
def marie(cast: Cast) -> str:
    return opened(cast).citizen


@pytest.mark.parametrize("who", ["director", "general", "clerk"])
def test_a_person_is_found_chosen_and_gathered(sit: Sit, cast: Cast, marie: str, who: str) -> None:
    screen = sit("personne", who)
    screen.text_input(key="pe_find").set_value("lefranc")
    press(run(screen), f"pe-add-citizens.{marie}")
    assert screen.info  # there is no other
    press(screen, "pe-gather")
    told = said(screen)
    assert "Demandes : **1**" in told and "Réclamations" not in told
    links = [unquote(each.proto.url) for each in screen.get("link_button")]
    assert links == [f"/telecharger/personne.{form}?de=citizens.{marie}" for form in ("xlsx", "pdf")]
    assert len(kept(cast, "readings", kind_of_file=PrivateKind.PERSON, record=marie)) == 1
    press(screen, f"pe-drop-citizens.{marie}")
    assert not screen.get("link_button")


def test_nobody_found_is_said(sit: Sit, marie: str) -> None:
    screen = sit("personne", "clerk")
    screen.text_input(key="pe_find").set_value("zzz *introuvable*")
    assert "Aucune autre fiche" in run(screen).info[0].value


@pytest.mark.parametrize("who", sorted(set(CAST) - {"director", "general", "clerk"}))
def test_nobody_else_finds_anybody(cast: Cast, marie: str, who: str) -> None:
    with pytest.raises(Refused):
        person.find(cast.visit(who, NINE), "lefranc")
