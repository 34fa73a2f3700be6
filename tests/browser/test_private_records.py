"""Claims, refusals of service, incidents, a person's file: in a real browser, as a person does."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from desk import claims, courtesy, incidents
from policy.words import Nature
from tests.browser.reading import english, overflows, serious
from tests.browser.served import BEFORE
from tests.cast import CAST, PASSWORD, Cast, day
from tests.desk.demands import opened
from tests.desk.filing import filed, kept
from tests.door.serving import Door, Sitter

pytestmark = [pytest.mark.browser, pytest.mark.long]

Sit = Callable[..., Sitter]
CLAIM = "2026-00500"
STORY = "Sentinelle : pare-brise fendu par la niveleuse."
TALL = 3_000  # pixels: axe judges only what is in sight


@pytest.fixture
def records(served_cast: Cast) -> dict[str, str]:
    """A claim begun, a citizen to whom service is refused, an incident."""
    clerk = served_cast.visit("clerk", BEFORE)
    file = opened(served_cast, at=BEFORE)
    filed(served_cast, CLAIM, nature=Nature.CLAIM, citizen=file.citizen)
    assert claims.save(clerk, CLAIM, {"event_on": "2026-11-06", "amount_cents": "900"}).done
    director = served_cast.visit("director", BEFORE)
    courtesy.refuse(director, file.citizen, "Menaces au comptoir.", day("Wed 2026-12-16"))
    incident = incidents.enter(
        clerk,
        {"found_on": "2026-11-12", "what": "Liste égarée.", "information": "Noms.", "serious": True},
        "jeton",
    )
    return {"number": file.number, "citizen": file.citizen, "incident": incident}


def seat(person: Sit, served: Door, who: str, **options: object) -> Sitter:
    return person(served, CAST[who].email, PASSWORD, **options)


def test_what_is_typed_of_a_claim_survives_a_look_elsewhere_and_is_kept_nowhere_until_saved(
    served: Door, served_cast: Cast, records: dict[str, str], person: Sit
) -> None:
    someone = seat(person, served, "technician", viewport={"width": 1280, "height": 1600})
    page = someone.page
    someone.goto(f"/reclamations?numero={CLAIM}")
    page.get_by_label("Description du dommage").fill(STORY)
    page.keyboard.press("Tab")
    someone.ready()
    page.get_by_role("link", name="Responsables", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Responsables")
    assert not kept(served_cast, "drafts")
    assert "Sentinelle" not in page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    page.get_by_role("link", name="Réclamations", exact=True).click()
    page.get_by_role("button", name=f"Réclamation {CLAIM}").click()
    expect(page.get_by_label("Description du dommage")).to_have_value(STORY)
    page.get_by_role("textbox", name="Montant réclamé").fill("1 234,5")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("La réclamation est enregistrée.")).to_be_visible()
    expect(page.get_by_text("lundi 23 novembre 2026")).to_be_visible()
    (row,) = kept(served_cast, "claims")
    assert (row["damage_words"], row["amount_cents"]) == (STORY, 123_450)
    assert not someone.outside


def test_who_may_not_sees_of_each_record_what_is_seen_of_none(
    served: Door, records: dict[str, str], person: Sit
) -> None:
    someone = seat(person, served, "secretary")
    theirs = (f"/reclamations?numero={CLAIM}", f"/incidents?incident={records['incident']}")
    for address in (*theirs, "/courtoisie", "/personne"):
        someone.goto(address)
        expect(someone.page.get_by_text("Cet écran n'est pas offert à vos rôles.")).to_be_visible()
    someone.goto(f"/dossier?numero={CLAIM}")
    expect(someone.page.get_by_role("heading", level=1)).to_have_text(f"Dossier {CLAIM}")
    expect(someone.page.get_by_text(re.compile("Service refusé|dommage et la décision"))).to_have_count(0)
    for address in ("incidents.xlsx", f"personne.pdf?de=citizens.{records['citizen']}"):
        assert someone.context.request.get(f"{served.url}/telecharger/{address}").status == 403


def test_the_desk_sees_that_service_is_refused_and_nothing_of_why(
    served: Door, records: dict[str, str], person: Sit
) -> None:
    someone = seat(person, served, "technician")
    someone.goto(f"/dossier?numero={records['number']}")
    expect(someone.page.get_by_text("Service refusé jusqu’au mercredi 16 décembre 2026")).to_be_visible()
    assert "Menaces" not in someone.page.content()


def test_a_person_s_file_leaves_as_pdf_and_workbook_without_being_kept_by_the_browser(
    served: Door, records: dict[str, str], person: Sit
) -> None:
    someone = seat(person, served, "clerk", viewport={"width": 1280, "height": 1600})
    page = someone.page
    someone.goto("/personne")
    page.get_by_label("Nom, téléphone ou adresse").fill("lefranc")
    page.get_by_role("button", name="Marie-Ève Lefrançois").click()
    page.get_by_role("button", name="Réunir le dossier").click()
    for name, begins in (("PDF à imprimer", b"%PDF"), ("Excel", b"PK")):
        address = page.get_by_role("link", name=name).get_attribute("href") or ""
        assert "lefran" not in address.lower()
        answer = someone.context.request.get(f"{served.url}{address}")
        assert answer.body().startswith(begins) and answer.headers["cache-control"] == "no-store"
    assert page.title().startswith("Dossier citoyen")


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (390, "dark"), (390, "light"), (1280, "dark")]
)
def test_each_screen_is_readable_by_all_in_french_and_fits_a_telephone(
    served: Door, records: dict[str, str], person: Sit, width: int, scheme: str
) -> None:
    register, entry = "/incidents", f"/incidents?incident={records['incident']}"
    listed, claim = "/reclamations", f"/reclamations?numero={CLAIM}"
    screens = {
        "clerk": (listed, claim, register, entry, "/incidents?incident=nouveau", "/personne"),
        "director": ("/courtoisie", f"/courtoisie?dossier={records['number']}"),
    }
    for who, addresses in screens.items():
        someone = seat(person, served, who, viewport={"width": width, "height": TALL}, color_scheme=scheme)
        for address in addresses:
            someone.goto(address)
            expect(someone.page.get_by_role("heading", level=1)).to_be_visible()
            assert not serious(someone.page), address
            assert not english(someone.page), address
            assert not overflows(someone.page), address
        assert not someone.outside
        assert not someone.complaints
