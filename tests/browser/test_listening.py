"""What citizens say of the service itself: thanks, answers to the survey, social networks (R-63, R-19)."""

import pytest
from playwright.sync_api import expect

from policy.watch import Done
from policy.words import Channel, Nature, State
from tests.browser.living import Sit, called, fill, kept_to_themselves, number_of, refused, save, seat
from tests.browser.reading import english, overflows, serious
from tests.browser.served import BEFORE, file_of
from tests.cast import WORKS, Cast
from tests.desk.filing import filed, kept
from tests.door.serving import Door, Sitter

pytestmark = [pytest.mark.browser, pytest.mark.long]


def reads_well(someone: Sitter) -> None:
    someone.ready()
    page = someone.page
    assert not serious(page) and not english(page) and not overflows(page)


def test_a_thanks_reaches_those_it_is_for_without_who_gave_it(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    luc = seat(person, served, "technician", "/nouvelle-demande")
    called(luc, "La rue est belle depuis les travaux.")
    luc.choose("Nature", Nature.COMMENT.value)
    luc.choose("Service", WORKS)
    luc.page.get_by_text("Remerciement", exact=True).click()
    luc.ready()
    fill(luc, "Mot à transmettre", "Rose Lemieux vous remercie.")
    fill(luc, "Réponse donnée", "Transmis à l'équipe.")
    save(luc)
    refused(luc, "Ce mot dit qui remercie", "P §4.8")
    assert kept(served_cast, "thanks") == []
    fill(luc, "Mot à transmettre", "Merci à toute l'équipe !")
    save(luc)
    file = file_of(served_cast, number_of(luc))
    assert (file["nature"], file["state"]) == (Nature.COMMENT, State.DONE)

    julie = seat(person, served, "secretary", "/aujourdhui")
    expect(julie.page.get_by_text("« Merci à toute l'équipe ! »")).to_be_visible()
    julie.goto("/ecoute")
    expect(julie.page.get_by_text("« Merci à toute l'équipe ! »")).to_be_visible()
    assert "Lemieux" not in julie.page.content()
    reads_well(julie)
    nadia = seat(person, served, "planner", "/ecoute")
    expect(nadia.page.get_by_text("Aucun remerciement encore.")).to_be_visible()
    kept_to_themselves(luc, julie, nadia)


def test_what_was_seen_on_a_network_is_noted_and_becomes_a_demand_by_one_gesture(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    marc = seat(person, served, "experience", "/ecoute?vue=veille")
    expect(marc.page.get_by_text("Rien n’a encore été noté à la veille.")).to_be_visible()
    fill(marc, "Ce qui y est dit", "Un nid-de-poule devant le parc, depuis lundi.")
    note = marc.page.get_by_role("button", name="Noter", exact=True)
    note.click()
    refused(marc, "Choisissez le réseau.", "P §4.1")
    marc.choose("Réseau", "Facebook")
    note.dblclick()
    expect(marc.page.get_by_text("Noté à la veille.", exact=True)).to_be_visible()
    (seen,) = kept(served_cast, "watch")
    reads_well(marc)

    luc = seat(person, served, "technician", "/ecoute?vue=veille")
    link = luc.page.get_by_role("link", name="En faire une demande")
    luc.goto(str(link.get_attribute("href")))
    expect(luc.page.get_by_label("Exposé des faits")).to_have_value(seen["words"])
    called(luc, seen["words"])
    luc.choose("Catégorie", "Nid-de-poule")
    save(luc)
    file = file_of(served_cast, number_of(luc))
    (seen,) = kept(served_cast, "watch")
    assert file["channel"] is Channel.SOCIAL and (seen["done"], seen["file"]) == (Done.DEMAND, file["id"])
    kept_to_themselves(marc, luc)


def test_answers_to_the_survey_are_judged_before_they_are_entered(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    filed(served_cast, "2026-00030", state=State.DONE, open=False, completed_at=BEFORE, closed_at=BEFORE)
    denis = seat(person, served, "director", "/ecoute?vue=sondage")
    denis.page.get_by_text("Inscrire des réponses").click()
    denis.ready()
    lines = ("2026-00030 ; 2026-11-20 ; 4 ; Rapide", "2026-00099 ; 2026-11-20 ; 5", "2026-00030 ; hier ; 9")
    fill(denis, "Réponses à inscrire", "\n".join(lines))
    main = denis.page.get_by_test_id("stMain")
    expect(main.get_by_text("1 réponse à inscrire, 2 à corriger.")).to_be_visible()
    expect(main.get_by_text("Ce numéro n'est pas celui d'une requête fermée.")).to_be_visible()
    expect(main.get_by_text("« hier » n'est pas une date")).to_be_visible()
    assert kept(served_cast, "survey_answers") == []
    denis.page.get_by_role("button", name="Inscrire 1 réponse").dblclick()
    expect(main.get_by_text("1 réponse inscrite. 2 réponses à corriger : elles restent ici.")).to_be_visible()
    (row,) = kept(served_cast, "survey_answers")
    assert (row["satisfaction"], row["words"]) == (4, "Rapide")
    reads_well(denis)
    marc = seat(person, served, "experience", "/ecoute?vue=sondage")
    expect(marc.page.get_by_text("4 sur 5")).to_be_visible()
    marc.page.get_by_text("Inscrire des réponses").click()
    marc.ready()
    fill(marc, "Réponses à inscrire", "2026-00030 ; 2026-11-20 ; 5")
    marc.page.get_by_role("button", name="Inscrire 1 réponse").click()
    expect(marc.page.get_by_text("5 sur 5")).to_be_visible()
    expect(marc.page.get_by_text("2026-00030")).to_have_count(0)
    kept_to_themselves(denis, marc)
