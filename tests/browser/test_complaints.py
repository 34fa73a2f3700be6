"""Complaints in a real browser: refused with its ground, in danger, about the director, concluded, unseen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from desk import investigations
from desk.complaints import deposit
from policy.investigation import Turn
from policy.private_words import ComplaintState
from policy.words import Priority
from tests.browser.reading import english, overflows, serious
from tests.browser.served import file_of
from tests.cast import CAST, PASSWORD, Cast
from tests.desk import complaining
from tests.desk.complaining import complaint, rows
from tests.door.serving import Clock, Door, Sitter, still

pytestmark = [pytest.mark.browser, pytest.mark.long]

Sit = Callable[..., Sitter]
FACTS = "Le préposé m'a injuriée devant tout le monde."
SECRETS = ("Rose Vachon", "injuriée", "Charbonneau", "0142", "Bélanger m'a menacée")


def seat(person: Sit, served: Door, who: str) -> Sitter:
    return person(served, CAST[who].email, PASSWORD, viewport={"width": 1500, "height": 1000})


def deposited(someone: Sitter, signature: str, facts: str = FACTS) -> str:
    """Deposit the complaint of Rose Vachon; its number."""
    page = someone.page
    typed(someone, signature, facts)
    page.get_by_role("button", name="Déposer la plainte").dblclick()
    shown = page.get_by_test_id("stMetricValue")
    expect(shown).to_have_text(re.compile(r"^\s*P2026-\d{4}\s*$"))
    return shown.inner_text().strip()


def typed(someone: Sitter, signature: str, facts: str = FACTS) -> None:
    page = someone.page
    someone.goto("/plaintes")
    someone.choose("Provenance", "Courrier")
    someone.choose("Signature", signature)
    for label, words in (
        ("Nom et prénom", "Rose Vachon"), ("Téléphone", "450 555-0142"), ("Numéro civique", "12"),
        ("Rue", "rue des Pins"), ("Municipalité", "Prévost"), ("Code postal", "J0R 1T0"),
        ("Exposé des faits", facts), ("Nom et prénom (1)", "Paul Charbonneau"),
    ):  # fmt: skip
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_role("spinbutton", name="Date des faits").first.click()
    page.keyboard.type("20261106")
    page.keyboard.press("Escape")  # the calendar would take the next click for itself
    page.keyboard.press("Tab")


def admissibility(page: Page) -> Locator:
    return page.locator(".st-key-pl-beside")


def opened(someone: Sitter, label: str) -> Locator:
    """Open one of the folded gestures."""
    part = someone.page.get_by_test_id("stExpander").filter(
        has=someone.page.locator("summary", has_text=label)
    )
    part.locator("summary").click()
    still(someone.page)
    return part


def unknown(someone: Sitter, number: str) -> str:
    """What the screen of that number says, once it says it is introuvable."""
    someone.goto(f"/plaintes?numero={number}")
    main = someone.page.get_by_test_id("stMain")
    expect(main.get_by_role("alert")).to_have_text(re.compile("Dossier introuvable."))
    return main.inner_text()


def test_unsigned_it_is_refused_with_its_ground_and_a_danger_has_it_received_and_an_urgent_request_opened(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    desk = seat(person, served, "technician")
    page = desk.page
    typed(desk, "Aucune signature")
    beside = admissibility(page)
    expect(beside.get_by_text("pour un motif")).to_be_visible()
    expect(beside.get_by_text("La plainte n'est pas signée.")).to_be_visible()
    expect(beside.get_by_text("P §4.1").first).to_be_visible()
    page.get_by_text("Des biens ou des personnes sont en danger").click()
    page.get_by_label("En quoi il y a danger").fill("Un chien menace les enfants.")
    page.keyboard.press("Tab")
    expect(beside.get_by_text("Recevable telle que saisie.")).to_be_visible()
    beside.get_by_label("Ce qui est dangereux, sans nommer la personne qui se plaint").fill(
        "Un chien menace les enfants."
    )
    beside.get_by_label("Rue ou lieu du danger").fill("rue des Pins")
    page.keyboard.press("Tab")
    beside.get_by_role("button", name="Ouvrir la requête urgente").click()
    request = beside.get_by_test_id("stMetricValue")
    expect(request).to_have_text(re.compile(r"2026-\d{5}"))
    urgent = file_of(served_cast, request.inner_text().strip())
    assert (urgent["priority"], urgent["anonymous"], urgent["citizen"]) == (Priority.URGENT, True, None)
    page.get_by_role("button", name="Déposer la plainte").click()
    expect(page.get_by_text("Recevable : elle est remise")).to_be_visible()
    safety = served_cast.departments["Sécurité communautaire"]
    desk.goto(f"/file?service={safety}")
    expect(page.get_by_text(re.compile(r"1 dossier"))).to_be_visible()
    assert urgent["department"] == safety
    (row,) = rows(served_cast, "complaints")
    assert row["state"] is ComplaintState.RECEIVED
    assert row["number"] not in str(urgent) and "Vachon" not in str(urgent)


def test_naming_the_director_it_is_introuvable_to_the_director_and_the_general_direction_designates(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    number = deposited(
        seat(person, served, "technician"), "Signée", "Denis Bélanger m'a menacée au comptoir."
    )
    director = seat(person, served, "director")
    assert unknown(director, number) == unknown(director, "P2026-0999")
    general = seat(person, served, "general")
    general.goto("/plaintes")
    page = general.page
    expect(page.get_by_text(number, exact=True)).to_be_visible()
    assert not [secret for secret in SECRETS if secret in page.content()]
    general.choose(f"Qui enquête sur {number}", CAST["clerk"].name)
    page.get_by_role("button", name="Confier cette plainte").click()
    expect(page.get_by_text(f"confiée à {CAST['clerk'].name}")).to_be_visible()
    clerk = seat(person, served, "clerk")
    clerk.goto("/plaintes")
    expect(clerk.page.get_by_role("link", name=number)).to_be_visible()
    clerk.goto(f"/plaintes?numero={number}")
    expect(clerk.page.get_by_test_id("stText").get_by_text("Bélanger m'a menacée")).to_be_visible()
    assert unknown(general, number) == unknown(general, "P2026-0999")
    assert unknown(director, number) == unknown(director, "P2026-0999")


def test_a_conclusion_needs_the_interview_and_unfounded_it_leaves_nothing_in_the_employees_file(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    number = deposited(seat(person, served, "technician"), "Signée")
    director = seat(person, served, "director")
    director.goto(f"/plaintes?numero={number}")
    page = director.page
    opened(director, "Examiner la recevabilité").get_by_role("button", name="Examiner", exact=True).click()
    expect(page.get_by_text(f"Plainte {number} : Recevable.")).to_be_visible()
    opened(director, "Ouvrir l’enquête").get_by_role("button", name="Ouvrir l’enquête").click()
    expect(page.get_by_text(f"Plainte {number} : En enquête.")).to_be_visible()
    finding = opened(director, "Conclure au sujet de cette personne")
    director.choose("Conclusion", "Non fondée")
    finding.get_by_label("Motifs de la conclusion").fill("Rien ne le montre.")
    finding.get_by_role("button", name="Enregistrer la conclusion").click()
    refusal = finding.get_by_role("alert")
    expect(refusal).to_have_text(re.compile(r"n'a pas encore été rencontrée.*P §4\.4", re.DOTALL))
    expect(finding.get_by_label("Motifs de la conclusion")).to_have_value("Rien ne le montre.")
    step = opened(director, "Consigner une étape")
    director.choose("Personne", "Paul Charbonneau")
    step.get_by_label("Contenu").fill("Entendu à la mairie.")
    step.get_by_role("button", name="Consigner").click()
    expect(page.get_by_text("Rencontrée le")).to_be_visible()
    finding.get_by_role("button", name="Enregistrer la conclusion").click()
    expect(page.get_by_text("Rien au dossier de l’employé")).to_be_visible()
    page.get_by_label("Texte de la réponse").fill("Madame, l’enquête est terminée.")
    page.get_by_role("button", name="Enregistrer la réponse").click()
    expect(page.get_by_text("Réponse enregistrée.")).to_be_visible()
    opened(director, "Conclure").last.get_by_role("button", name="Conclure", exact=True).click()
    expect(page.get_by_text(f"Plainte {number} : Conclue.")).to_be_visible()
    page.get_by_role("button", name="La réponse est partie").click()
    expect(page.get_by_text("Réponse transmise.")).to_be_visible()
    assert complaint(served_cast, number)["state"] is ComplaintState.CONCLUDED
    assert not rows(served_cast, "personnel")
    general = seat(person, served, "general")
    general.goto("/plaintes")
    general.page.get_by_test_id("stButtonGroup").get_by_text("Dossiers d’employés").click()
    expect(general.page.get_by_text("Aucun incident n’est consigné.")).to_be_visible()
    assert not director.outside


@pytest.mark.parametrize("who", ["technician", "secretary", "admin", "council"])
def test_after_the_deposit_its_address_says_what_any_unknown_number_says(
    served: Door, served_cast: Cast, person: Sit, who: str
) -> None:
    desk = seat(person, served, "technician")
    number = deposited(desk, "Signée")
    assert len(rows(served_cast, "complaints")) == 1
    assert not [secret for secret in SECRETS if secret in desk.page.content()]
    assert FACTS not in desk.page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    someone = seat(person, served, who)
    assert unknown(someone, number) == unknown(someone, "P2026-0999")
    assert someone.page.title() == "Plaintes · Guichet"
    pdf = someone.page.request.get(f"/telecharger/plainte-lettre?numero={number}")
    nowhere = someone.page.request.get("/telecharger/plainte-lettre?numero=P2026-0999")
    assert (pdf.status, pdf.text()) == (nowhere.status, nowhere.text())
    assert "introuvable" in pdf.text()


@pytest.mark.parametrize("size", [{"width": 1280, "height": 3_600}, {"width": 390, "height": 4_800}])
def test_its_screens_read_in_french_by_everybody_and_fit_a_phone(
    served: Door, served_cast: Cast, clock: Clock, person: Sit, size: dict[str, int]
) -> None:
    number = deposit(served_cast.visit("technician", clock()), complaining.typed(received_at=clock())).number
    director = served_cast.visit("director", clock())
    investigations.decide(director, number)
    investigations.take(director, number, Turn.INVESTIGATE)
    for who, address in (
        ("technician", "/plaintes"), ("director", f"/plaintes?numero={number}"), ("general", "/plaintes"),
    ):  # fmt: skip
        someone = person(served, CAST[who].email, PASSWORD, viewport=size)
        someone.goto(address)
        for folded in someone.page.locator("summary").all():
            folded.click()
        still(someone.page)
        assert not english(someone.page), who
        assert not serious(someone.page), who
        assert not overflows(someone.page), who
        assert not someone.outside
        assert number not in someone.page.title()


def test_what_is_typed_stays_in_its_tab_over_another_screen_and_nowhere_else(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    desk = seat(person, served, "technician")
    typed(desk, "Signée")
    page = desk.page
    page.get_by_role("link", name="Responsables").click()
    expect(page.get_by_role("heading", name="Responsables", level=1)).to_be_visible()
    page.get_by_role("link", name="Plaintes").click()
    expect(page.get_by_label("Exposé des faits")).to_have_value(FACTS)
    expect(page.get_by_label("Nom et prénom", exact=True)).to_have_value("Rose Vachon")
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert not [secret for secret in SECRETS if secret in stored]
    assert not rows(served_cast, "drafts")
    desk.goto("/plaintes")
    expect(page.get_by_label("Exposé des faits")).to_have_value("")
    assert not rows(served_cast, "complaints")
