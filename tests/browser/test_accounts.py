"""Accounts lived by who keeps them (R-62): opened, refused, left alone, ended; the connections tried."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from jobs.errands import errands
from jobs.smtp import Server
from policy.words import Role
from tests.browser.living import (
    NOT_YOURS,
    Sit,
    card,
    delivered,
    fill,
    kept_to_themselves,
    popped,
    press,
    refused,
    seat,
    unfold,
)
from tests.browser.reading import english, overflows, serious
from tests.cast import CAST, PASSWORD, Cast
from tests.desk.filing import kept
from tests.door.serving import Door, Sitter
from tests.jobs.servers import Inbox, free_port, serving

pytestmark = [pytest.mark.browser, pytest.mark.long]

RITA, CHOSEN = "rita@prevost.test", "le lac gèle en décembre"


def test_an_account_is_opened_after_three_slips_and_its_person_comes_in_by_the_mailed_link(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    ida = seat(person, served, "admin", "/comptes")
    part = unfold(ida, "Ouvrir un compte")
    fill(ida, "Nom et prénom", "Rita Caron", part)
    fill(ida, "Courriel", "rita prevost.test", part)
    ida.choose("Rôles du compte", Role.RESPONSABLE.value)
    ida.page.keyboard.press("Escape")
    press(ida, "Ouvrir ce compte")
    refused(part, "Ce courriel n'en est pas un")
    fill(ida, "Courriel", CAST["secretary"].email, part)
    press(ida, "Ouvrir ce compte")
    refused(part, "Un compte a déjà ce courriel.")
    ida.goto("/responsables")  # a look elsewhere loses nothing
    ida.goto("/comptes")
    expect(part.get_by_label("Nom et prénom", exact=True)).to_have_value("Rita Caron")
    fill(ida, "Courriel", RITA, part)
    press(ida, "Ouvrir ce compte")
    refused(part, "Choisissez le ou les services", "P §4.1")
    assert kept(served_cast, "accounts", email=RITA) == []
    ida.choose("Services du compte", "Travaux publics")
    ida.page.keyboard.press("Escape")
    ida.ready()
    assert not serious(ida.page) and not english(ida.page) and not overflows(ida.page)
    part.get_by_role("button", name="Ouvrir ce compte").dblclick()
    expect(ida.page.get_by_text("Le compte de Rita Caron est ouvert")).to_be_visible()
    ((to, letter),) = [each for each in delivered(served) if each[0] == RITA]
    link = re.search(r"/connexion/choisir\?jeton=[\w-]+", letter.text)
    assert link is not None and to == RITA

    rita = person(served)
    rita.page.goto(link[0])
    for label in ("Nouveau mot de passe", "Le même, encore une fois"):
        rita.page.get_by_label(label).fill(CHOSEN)
    rita.page.get_by_role("button", name="Changer le mot de passe").click()
    rita.sign_in(RITA, CHOSEN, "/file")
    expect(rita.page.get_by_role("heading", name="File du service")).to_be_visible()
    (account,) = kept(served_cast, "accounts", email=RITA)
    assert account["roles"] == [Role.RESPONSABLE.value]
    kept_to_themselves(ida, rita)


def test_nobody_gives_what_is_not_theirs_to_give_nor_to_themselves(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    luc = seat(person, served, "technician", "/comptes")
    _edit(luc, "Julie Gagnon")
    luc.page.get_by_role("combobox", name="Rôles", exact=True).fill("Direct")
    expect(luc.page.get_by_role("option")).to_have_count(
        0
    )  # neither « Directeur » nor « Direction générale »
    luc.page.keyboard.press("Escape")
    popped(luc, "Fermer le compte", card(luc, "Sylvie Morin")).get_by_role("button", name="Fermer").click()
    refused(luc, "« Direction générale » : il n'est pas de votre ressort", "P §4.1")
    julie = seat(person, served, "secretary", "/comptes")
    expect(julie.page.get_by_text(NOT_YOURS)).to_be_visible()

    ida = seat(person, served, "admin", "/comptes")
    _edit(ida, "Ida Nguyen")
    ida.choose("Rôles", "Technicien")
    ida.page.keyboard.press("Escape")
    press(ida, "Enregistrer")
    refused(ida, "Personne ne change ses propres rôles", "P §4.1")
    roles = {row["email"]: row["roles"] for row in kept(served_cast, "accounts", active=True)}
    assert roles == {player.email: [player.role.value] for player in CAST.values()}
    kept_to_themselves(luc, julie, ida)


def test_the_sessions_of_a_lost_computer_end_at_once_and_what_was_typed_there_comes_back(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    luc = seat(person, served, "technician", "/nouvelle-demande")
    luc.page.get_by_label("Exposé des faits").fill("Un arbre tombé")
    luc.page.get_by_label("Nom et prénom").fill("Rose Lemieux")
    luc.page.keyboard.press("Tab")
    expect(luc.page.get_by_text("Brouillon conservé")).to_be_visible()
    ida = seat(person, served, "admin", "/comptes")
    popped(ida, "Terminer ses sessions", card(ida, "Luc Tremblay")).get_by_role(
        "button", name="Terminer"
    ).click()
    expect(ida.page.get_by_text("Les sessions de Luc Tremblay sont terminées.")).to_be_visible()
    luc.page.get_by_role("button", name="Enregistrer la demande").click()
    expect(luc.page.get_by_role("heading", name="Ouvrir une session")).to_be_visible()
    assert not kept(served_cast, "citizens")
    luc.sign_in(CAST["technician"].email, PASSWORD)
    expect(luc.page.get_by_label("Exposé des faits")).to_have_value("Un arbre tombé")
    expect(luc.page.get_by_label("Nom et prénom")).to_have_value("Rose Lemieux")
    assert not luc.outside and not ida.outside


def test_the_administrator_tries_the_mail_the_base_and_the_table_and_reads_what_each_answers(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    ida = seat(person, served, "admin", "/comptes")
    page = ida.page
    inbox = Inbox()
    with serving(inbox) as port:
        _tried(ida, served, "Envoyer un courriel d’essai", port)
        expect(page.get_by_text("Le serveur de courriel l'a pris, pour ida@prevost.test")).to_be_visible()
    assert [to for _, to, _ in inbox.mails] == [["ida@prevost.test"]]
    _tried(ida, served, "Envoyer un courriel d’essai", free_port())
    expect(
        page.get_by_role("alert").filter(has_text="Le serveur de courriel est injoignable")
    ).to_be_visible()
    _tried(ida, served, "Lire la table de la ville", free_port())
    expect(page.get_by_text("La ville n'a pas relié de table")).to_be_visible()
    press(ida, "Lire la base")
    expect(page.get_by_text(re.compile(r"SQLite répond en .* ms"))).to_be_visible()
    assert not serious(page)
    assert not [each for each in english(page) if "relié de table" not in each]
    denis = seat(person, served, "director", "/comptes")
    expect(denis.page.get_by_role("heading", name="Comptes de la ville")).to_be_visible()
    expect(denis.page.get_by_role("heading", name="Essais de connexion")).to_have_count(0)
    assert len(kept(served_cast, "trials")) == 3
    kept_to_themselves(ida, denis)


def _edit(someone: Sitter, name: str) -> None:
    card(someone, name).get_by_role("button", name="Modifier").click()
    expect(someone.page.get_by_role("combobox", name="Rôles", exact=True)).to_be_visible()
    someone.ready()


def _tried(ida: Sitter, served: Door, what: str, port: int) -> None:
    """The button, then the clock, which answers on its own."""
    served.clock.advance(timedelta(minutes=1))
    press(ida, what)
    expect(ida.page.get_by_text("l’horloge essaie…")).to_be_visible()
    errands(served.house, Server("127.0.0.1", port, "none", time_out=10), None, served.clock)
