"""The afternoon of a director with a messy register: wrong files, words said, rows left aside, undo."""

from collections.abc import Callable, Iterator
from threading import Event, Thread

import pytest
from playwright.sync_api import FilePayload, expect

from desk import import_work
from tests.browser.reading import english, overflows, serious
from tests.browser.served import DURING
from tests.cast import CAST, PASSWORD, Cast
from tests.desk.registers import files, xlsx
from tests.door.serving import Clock, Door, Sitter

pytestmark = [pytest.mark.browser, pytest.mark.long]
Sit = Callable[..., Sitter]
HEADERS = ("No dossier", "Reçu le", "Citoyen", "Tél.", "Adresse", "Demande", "Service", "Statut", "Remarques")
MESSY = (
    ("24-1", "14/03/2024", "Tremblay, Luc", "(450) 224-8888", "12, rue des Érables", "Nid-de-poule", "Voirie",
     "Fait", ""),
    ("24-2", "3 avril 2024", "Ève Caron", "", "12e Avenue", "Branche\ntombée", "Voirie", "En cours",
     "Rappeler"),
    ("24-3", "hier", "", "", "rue Principale", "Lampadaire", "Travaux publics", "Fait", ""),
    ("24-4", 45400, "Ginette Roy", "224-8888", "rue Principale", "Chien", "Urbanisme", "Fait", ""),
    ("24-1", "15/03/2024", "", "", "", "Autre chose", "Urbanisme", "Fait", ""),
    ("24-5", "05/04/2024", "", "", "rue Principale", "Égout", "Voirie", "À voir", ""),
)  # fmt: skip


@pytest.fixture
def working(served_cast: Cast) -> Iterator[None]:
    """The clock, working on what is brought in as ``python -m jobs`` does."""
    ended = Event()

    def work() -> None:
        while not ended.wait(0.2):
            import_work.work(served_cast.house, lambda: DURING, "horloge", lambda name: False)

    thread = Thread(target=work)
    thread.start()
    yield
    ended.set()
    thread.join()


def brought(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@pytest.mark.usefixtures("working")
def test_a_messy_register_is_brought_in_by_the_director_and_taken_back(
    served: Door, served_cast: Cast, person: Sit, clock: Clock
) -> None:
    clock.at = DURING
    someone = person(served, CAST["director"].email, PASSWORD, viewport={"width": 1280, "height": 1800})
    someone.goto("/importer")
    page = someone.page
    before = len(files(served_cast))
    uploader = page.locator("input[type=file]")

    uploader.set_input_files(brought("faux.xlsx", b"No;Date\n1;2\n"))
    page.get_by_role("button", name="Lire ce fichier").click()
    expect(page.get_by_text("n'est pas celui d'un classeur")).to_be_visible()

    uploader.set_input_files(brought("registre 2024.xlsx", xlsx(*MESSY, headers=HEADERS)))
    page.get_by_role("button", name="Lire ce fichier").click()
    expect(page.get_by_role("heading", name="Colonnes")).to_be_visible()
    someone.ready()
    assert not english(page)
    assert not serious(page)
    assert not overflows(page)

    someone.choose("Voirie", "Travaux publics")
    someone.ready()
    page.get_by_role("button", name="Vérifier toutes les lignes").click()
    expect(page.get_by_text("4 lignes ne conviennent pas").first).to_be_visible()
    expect(page.get_by_text("indicatif régional").first).to_be_visible()
    expect(page.get_by_text("qui dit autre chose").first).to_be_visible()
    someone.ready()
    assert not serious(page)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Ces lignes et pourquoi (Excel)").click()
    assert saved.value.suggested_filename == "lignes-a-corriger.xlsx"

    page.get_by_role("button", name="Revenir aux colonnes").click()
    someone.choose("À voir", "Nouvelle")
    someone.ready()
    page.get_by_role("button", name="Vérifier toutes les lignes").click()
    expect(page.get_by_text("3 lignes ne conviennent pas").first).to_be_visible()
    page.get_by_role("button", name="Importer 3 demandes").click()
    expect(page.get_by_text("restent de côté").first).to_be_visible()
    assert len(files(served_cast)) == before
    page.get_by_text("Laisser ces 3 lignes de côté").click()
    someone.ready()
    page.get_by_role("button", name="Importer 3 demandes").dblclick()

    someone.goto("/file")  # whoever leaves finds it again
    someone.goto("/importer")
    page.get_by_role("button", name="registre 2024.xlsx").click()
    expect(page.get_by_text("3 dossiers ajoutés, 3 lignes laissées de côté").first).to_be_visible()
    someone.ready()
    assert len(files(served_cast)) == before + 3
    assert not english(page)

    page.get_by_role("button", name="Annuler cet import").click()
    page.get_by_role("button", name="Oui, annuler l’import").click()
    expect(page.get_by_text("3 dossiers sur 3").first).to_be_visible()
    assert len(files(served_cast)) == before
