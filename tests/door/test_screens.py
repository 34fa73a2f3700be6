"""What a person sees behind the door, in a real browser: the way in and back, refusals, bugs, the French."""

import json
import logging
import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, expect

from desk import sessions
from door import incidents, wording
from tests.door.conftest import BY, COUNCIL, PASSWORD, RESPONSABLE, TECHNICIAN
from tests.door.serving import Clock, Door, Sitter
from tests.door.trial import SECRET

pytestmark = pytest.mark.browser

Sit = Callable[..., Sitter]


class Ear(logging.Handler):
    """Hears what the loggers let through, as a file would."""

    def __init__(self, heard: list[str]) -> None:
        super().__init__()
        self.heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.heard.append(self.format(record))


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """Everything logged by us, by Streamlit and by the server, exceptions included."""
    lines: list[str] = []
    ear = Ear(lines)
    loggers = [logging.getLogger(name) for name in (None, incidents.LOG.name, *incidents.TALKATIVE)]
    for logger in loggers:
        logger.addHandler(ear)
    yield lines
    for logger in loggers:
        logger.removeHandler(ear)


@pytest.mark.long
def test_a_direct_visit_leads_to_the_form_and_back_to_the_same_address(door: Door, person: Sit) -> None:
    someone = person(door)
    someone.page.goto("/essai?numero=2026-00042")
    expect(someone.page.get_by_role("heading", name="Ouvrir une session")).to_be_visible()
    someone.sign_in(TECHNICIAN, PASSWORD)
    expect(someone.page.get_by_role("heading", name="Essai")).to_be_visible()
    expect(someone.page).to_have_url(f"{door.url}/essai?numero=2026-00042")
    expect(someone.page.get_by_text("Diane Roy")).to_be_visible()


@pytest.mark.long
def test_the_entrance_leads_to_the_first_screen_of_the_person(door: Door, person: Sit) -> None:
    someone = person(door, TECHNICIAN, PASSWORD)
    expect(someone.page.get_by_role("heading", name="Essai")).to_be_visible()
    expect(someone.page).to_have_url(f"{door.url}/essai")


def test_one_click_signs_out_and_the_back_button_shows_nothing(door: Door, person: Sit) -> None:
    someone = person(door, TECHNICIAN, PASSWORD)
    someone.page.get_by_role("link", name="Fermer la session").click()
    expect(someone.page.get_by_role("heading", name="Ouvrir une session")).to_be_visible()
    someone.page.go_back()
    expect(someone.page.get_by_role("heading", name="Ouvrir une session")).to_be_visible()
    expect(someone.page.get_by_text("Diane Roy")).to_have_count(0)


def test_after_a_revoked_session_save_writes_nothing_and_leads_to_the_form_and_back(
    door: Door, clock: Clock, person: Sit
) -> None:
    someone = person(door, TECHNICIAN, PASSWORD)
    someone.goto("/essai?numero=2026-00042")
    field = someone.page.get_by_label("Poste", exact=True)
    field.fill("4021")
    field.press("Enter")
    expect(someone.page.get_by_text("Tapé : 4021")).to_be_visible()
    token = next(c["value"] for c in someone.context.cookies() if c["name"] == door.cookie)
    sessions.sign_out(door.house, token, clock())
    someone.page.get_by_role("button", name="Enregistrer").click()
    expect(someone.page.get_by_role("heading", name="Ouvrir une session")).to_be_visible()
    assert _extension(door) is None
    someone.sign_in(TECHNICIAN, PASSWORD)
    expect(someone.page).to_have_url(f"{door.url}/essai?numero=2026-00042")
    expect(someone.page.get_by_text("Numéro de poste : aucun")).to_be_visible()


@pytest.mark.long
def test_signing_out_in_one_tab_takes_the_others_to_the_form(door: Door, person: Sit) -> None:
    someone = person(door, TECHNICIAN, PASSWORD)
    other = someone.context.new_page()
    other.goto("/essai")
    expect(other.get_by_role("heading", name="Essai")).to_be_visible()
    someone.page.get_by_role("link", name="Fermer la session").click()
    expect(someone.page.get_by_role("heading", name="Ouvrir une session")).to_be_visible()
    other.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(other.get_by_role("heading", name="Ouvrir une session")).to_be_visible()


@pytest.mark.long
def test_saving_with_a_live_session_writes(door: Door, person: Sit) -> None:
    someone = person(door, TECHNICIAN, PASSWORD)
    someone.page.get_by_label("Poste", exact=True).fill("4021")
    someone.page.get_by_role("button", name="Enregistrer").click()
    expect(someone.page.get_by_text("Numéro de poste : 4021")).to_be_visible()
    assert _extension(door) == "4021"


@pytest.mark.long
def test_roles_are_read_again_at_each_run(door: Door, person: Sit) -> None:
    someone = person(door, TECHNICIAN, PASSWORD)
    expect(someone.page.get_by_role("heading", name="Essai")).to_be_visible()
    with door.house.store.writing() as tx:
        account = tx.first("accounts", email=TECHNICIAN)
        assert account is not None
        tx.update("accounts", account["id"], {"roles": ["Directeur"]}, BY)
    someone.page.get_by_role("button", name="Enregistrer").click()
    expect(someone.page.get_by_text("Cet écran n'est pas offert à vos rôles.")).to_be_visible()
    expect(someone.page.get_by_role("link", name="Autre")).to_be_visible()


def test_a_screen_of_other_roles_is_refused_politely(door: Door, person: Sit) -> None:
    someone = person(door, TECHNICIAN, PASSWORD)
    someone.goto("/autre")
    expect(someone.page.get_by_text("Cet écran n'est pas offert à vos rôles.")).to_be_visible()
    expect(someone.page.get_by_role("link", name="Autre")).to_have_count(0)


@pytest.mark.long
def test_an_account_without_a_screen_reads_a_polite_sentence(door: Door, person: Sit) -> None:
    someone = person(door, COUNCIL, PASSWORD)
    expect(someone.page.get_by_text("Aucun écran n'est encore offert à vos rôles.")).to_be_visible()
    expect(someone.page.get_by_text("Ève *Gagnon*")).to_be_visible()
    expect(someone.page.get_by_role("link", name="Fermer la session")).to_be_visible()


@pytest.mark.long
def test_an_unknown_address_says_so_in_french(door: Door, person: Sit) -> None:
    someone = person(door, TECHNICIAN, PASSWORD)
    someone.page.goto("/nulle-part")
    expect(someone.page.get_by_role("heading", name="Page introuvable")).to_be_visible()


@pytest.mark.long
def test_a_refusal_that_escapes_a_screen_is_shown_in_french_with_its_article(door: Door, person: Sit) -> None:
    someone = person(door, TECHNICIAN, PASSWORD)
    someone.goto("/refus")
    expect(someone.page.get_by_text("Ce dossier est fermé. (P annexe A)")).to_be_visible()


@pytest.mark.long
def test_a_refusal_in_a_callback_is_shown_above_the_screen_which_keeps_what_was_typed(
    door: Door, person: Sit
) -> None:
    someone = person(door, TECHNICIAN, PASSWORD)
    someone.page.get_by_label("Poste", exact=True).fill("4021")
    someone.page.get_by_role("button", name="Refuser au clic").click()
    expect(someone.page.get_by_text("Pas maintenant.")).to_be_visible()
    expect(someone.page.get_by_label("Poste", exact=True)).to_have_value("4021")
    someone.page.get_by_role("button", name="Enregistrer").click()
    expect(someone.page.get_by_text("Numéro de poste : 4021")).to_be_visible()
    expect(someone.page.get_by_text("Pas maintenant.")).to_have_count(0)


@pytest.mark.parametrize(
    "where",
    [
        "Casser au clic",
        *(pytest.param(where, marks=pytest.mark.long) for where in ("/panne", "Casser la partie")),
    ],
)
def test_a_bug_shows_a_calm_sentence_whose_reference_is_in_the_log_without_what_was_typed(
    door: Door, person: Sit, where: str, heard: list[str]
) -> None:
    someone = person(door, TECHNICIAN, PASSWORD)
    if where.startswith("/"):
        someone.goto(where)
    else:
        someone.page.get_by_role("button", name=where).click()
    said = someone.page.get_by_text("Un problème imprévu est survenu.")
    expect(said).to_be_visible()
    reference = re.search(r"référence (\w{8})", said.inner_text())
    assert reference is not None
    assert SECRET not in someone.page.content()
    logged = "\n".join(heard)
    assert f"incident {reference[1]}" in logged
    assert "trial.py" in logged
    assert "ValueError" in logged
    assert "Sentinelle" not in logged


@pytest.mark.long
def test_a_refusal_in_a_part_of_a_screen_is_said_there(door: Door, person: Sit) -> None:
    someone = person(door, TECHNICIAN, PASSWORD)
    someone.page.get_by_role("button", name="Refuser la partie").click()
    expect(someone.page.get_by_text("Pas cette partie.")).to_be_visible()
    expect(someone.page.get_by_label("Poste", exact=True)).to_be_visible()


@pytest.mark.long
def test_a_session_found_ended_at_a_click_leads_through_the_form_and_back(door: Door, person: Sit) -> None:
    someone = person(door, TECHNICIAN, PASSWORD)
    with someone.page.expect_request(lambda request: "/connexion?suite=" in request.url):
        someone.page.get_by_role("button", name="Finir au clic").click()
    expect(someone.page.get_by_text("Numéro de poste")).to_be_visible()
    expect(someone.page).to_have_url(f"{door.url}/essai")


@pytest.mark.long
def test_a_screen_that_wrongly_finds_the_session_ended_sends_away_once_and_then_offers_the_link(
    door: Door, person: Sit
) -> None:
    someone = person(door, TECHNICIAN, PASSWORD)
    sent: list[str] = []
    someone.page.on("request", lambda request: sent.append(request.url))
    with someone.page.expect_websocket(lambda _: any("/connexion" in url for url in sent)):
        someone.page.goto("/fin?a=1")
    link = someone.page.get_by_role("link", name="Ouvrir une session")
    expect(link).to_be_visible()
    expect(link).to_have_attribute("href", "/connexion?suite=/fin%3Fa%3D1")
    assert len([url for url in sent if "/connexion" in url]) == 1


def test_streamlits_own_words_are_french_whatever_the_browser_speaks(door: Door, person: Sit) -> None:
    someone = person(door, TECHNICIAN, PASSWORD)
    page = someone.page
    expect(page.get_by_role("heading", name="Essai")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "fr-CA"
    page.get_by_label("Choix", exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_label("Poste", exact=True).fill("40")
    expect(page.get_by_text("Entrée pour appliquer")).to_be_visible()
    expect(page.get_by_role("button", name="Téléverser")).to_be_visible()
    assert not _english(page.content())
    page.get_by_role("button", name="Choisir la date").click()
    expect(page.get_by_text(re.compile("novembre|janvier|décembre", re.I)).first).to_be_visible()
    assert not _english(page.content())
    assert not someone.outside


@pytest.mark.long
def test_a_file_given_by_a_person_passes_the_gate(door: Door, person: Sit) -> None:
    someone = person(door, TECHNICIAN, PASSWORD)
    given: FilePayload = {"name": "photo.png", "mimeType": "image/png", "buffer": b"x" * 1_000}
    with someone.page.expect_response(lambda answer: "/_stcore/upload_file/" in answer.url) as sent:
        someone.page.locator("input[type=file]").set_input_files(given)
    assert sent.value.status == 204
    expect(someone.page.get_by_text("photo.png")).to_be_visible()


@pytest.mark.long
def test_no_screen_asks_anything_of_another_address_nor_breaks_the_policy(door: Door, person: Sit) -> None:
    someone = person(door, TECHNICIAN, PASSWORD)
    for address in ("/essai", "/refus", "/panne"):
        someone.goto(address)
    assert not someone.outside
    assert not someone.complaints


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_serious_at_the_entrance_nor_behind(
    door: Door, person: Sit, scheme: str, width: int
) -> None:
    someone = person(door, color_scheme=scheme, viewport={"width": width, "height": 800})
    someone.page.goto("/connexion")
    assert not _serious(someone)
    someone.page.get_by_label("Courriel").fill(RESPONSABLE)
    someone.page.get_by_label("Mot de passe").fill("faux")
    someone.page.get_by_role("button", name="Ouvrir la session").click()
    expect(someone.page.get_by_role("alert")).to_be_visible()
    assert not _serious(someone)
    assert someone.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    someone.sign_in(TECHNICIAN, PASSWORD)
    someone.goto("/refus")
    assert not _serious(someone)


def _extension(door: Door) -> object:
    with door.house.store.reading() as tx:
        account = tx.first("accounts", email=TECHNICIAN)
        assert account is not None
        return account["extension"]


def _english(content: str) -> list[str]:
    """Streamlit's own words that are still in the page as a text, a label, a title or a hint."""
    texts = set(re.findall(r">\s*([^<>]+?)\s*<", content))
    texts |= set(re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]+)"', content))
    return sorted(texts & {word for word, said in wording.EXACT.items() if said != word})


def _serious(someone: Sitter) -> list[str]:
    found = Axe().run(someone.page).response["violations"]
    return [
        json.dumps([one["id"], [node["html"][:200] for node in one["nodes"][:3]]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
