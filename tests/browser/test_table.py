"""The director at the Airtable base, the staff at their screens: each sees what the other did."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from desk.exchanges import Post
from desk.purge import become_complaint
from tests.browser.grid import Grid
from tests.browser.living import day
from tests.browser.served import BEFORE, file_of
from tests.cast import CAST, PASSWORD, Cast
from tests.door.serving import Clock, Door, Sitter
from tests.remotes.served import Served
from tests.remotes.served import served as service
from tests.sync.rows import at

pytestmark = pytest.mark.browser

Sit = Callable[..., Sitter]
FILES, FACTS = "Dossiers", "Exposé des faits"
WIDE = {"viewport": {"width": 2900, "height": 1400}}


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Served]:
    """A base of the tests."""
    with service("airtable", tmp_path) as opened:
        yield opened


@pytest.fixture
def post(there: Served, served_cast: Cast, clock: Clock) -> Post:
    """The worker, once both sides agree."""
    made = there.post(served_cast.house, clock)
    made.setup()
    made.exchange(again=True)
    return made


def typed(there: Served, cast: Cast, number: str, **cells: str) -> None:
    """The director types in the row of a file; the cells by their headers."""
    key = there.row(FILES, file_of(cast, number)["id"])["_key"]
    there.server.edit(FILES, key, cells)


def said(there: Served, cast: Cast, number: str, header: str) -> object:
    """What a cell of a file's row says."""
    return there.row(FILES, file_of(cast, number)["id"]).get(header)


def test_what_the_director_types_comes_to_the_open_queue_without_taking_what_is_typed_there(
    served: Door, served_cast: Cast, person: Sit, there: Served, post: Post
) -> None:
    someone = person(served, CAST["secretary"].email, PASSWORD, **WIDE)
    someone.goto("/file")
    grid = Grid(someone)
    grid.type(grid.row("2026-00003"), "Prochaine action", "Emprunter la nacelle")
    typed(there, served_cast, "2026-00005", **{"Prochaine action": "Appeler Hydro-Québec"})
    assert post.exchange().pulled == 1
    grid.shows("2026-00005", "Prochaine action", "Appeler Hydro-Québec")
    grid.shows("2026-00003", "Prochaine action", "Emprunter la nacelle")
    grid.save("1 ligne")
    expect(someone.page.get_by_text("1 ligne enregistrée.")).to_be_visible()
    post.exchange()
    assert said(there, served_cast, "2026-00003", "Prochaine action") == "Emprunter la nacelle"


@pytest.mark.long
def test_a_dispute_and_a_wrong_state_are_explained_on_both_sides_and_settled_on_screen(
    served: Door, served_cast: Cast, person: Sit, there: Served, post: Post
) -> None:
    typed(there, served_cast, "2026-00006", **{"État": "Planifiée"})
    typed(there, served_cast, "2026-00004", **{"Prochaine action": "Tapé dans la table"})
    with served_cast.house.store.writing() as tx:
        tx.update("files", file_of(served_cast, "2026-00004")["id"], {"next_action": "Tapé ici"}, at(BEFORE))
    done = post.exchange(again=True)
    assert (done.disputed, done.rejected) == (1, 1)
    assert "Inscrivez la date prévue" in str(said(there, served_cast, "2026-00006", "Synchronisation"))
    assert "Litige, « Prochaine action »" in str(said(there, served_cast, "2026-00004", "Synchronisation"))

    someone = person(served, CAST["director"].email, PASSWORD, viewport={"width": 1280, "height": 2400})
    someone.goto("/synchronisation")
    page = someone.page
    expect(page.get_by_role("heading", name="Valeurs refusées (1)")).to_be_visible()
    expect(page.get_by_text("Inscrivez la date prévue")).to_be_visible()
    expect(page.get_by_role("heading", name="Litiges (1)")).to_be_visible()
    page.locator(".st-key-sy-litiges").get_by_role("button", name="Garder ici").click()
    expect(page.get_by_role("heading", name="Litiges (1)")).to_have_count(0)
    post.exchange()
    assert said(there, served_cast, "2026-00004", "Prochaine action") == "Tapé ici"
    assert said(there, served_cast, "2026-00004", "Synchronisation") is None


def test_what_a_citizen_said_goes_there_from_the_day_of_the_privacy_assessment_only(
    served: Door, served_cast: Cast, person: Sit, there: Served, post: Post
) -> None:
    assert all(FACTS not in row for row in there.server.rows(FILES))
    denis = person(served, CAST["director"].email, PASSWORD, locale="fr-CA")
    for assessed in ("2026-12-01", "2026-11-19"):  # a day to come opens nothing
        denis.goto("/tableaux?table=rules&regle=privacy_assessment")
        denis.page.get_by_role("button", name="Nouvelle valeur").click()
        day(denis, "Valeur (vide : non)", assessed)
        day(denis, "En vigueur le", "2026-11-20" if assessed < "2026-11-20" else "2026-11-18")
        for button in ("ta-foresee", "ta-adopt"):
            denis.page.locator(f".st-key-{button} button").click()
            denis.ready()
        expect(denis.page.get_by_text("ajoutée").first).to_be_visible()
        post.setup()
        for _ in range(2):
            post.exchange(again=True)
        told = [row.get(FACTS) for row in there.server.rows(FILES) if row.get("Numéro") == "2026-00003"]
        assert told == (["Le lampadaire est éteint."] if assessed < "2026-11-20" else [None])
    assert not denis.outside and not denis.complaints


def test_a_request_that_was_a_complaint_is_gone_from_the_table_and_its_revision_is_said(
    served_cast: Cast, there: Served, post: Post
) -> None:
    file = file_of(served_cast, "2026-00003")
    told = become_complaint(served_cast.visit("technician", BEFORE), file["id"], "C'est une plainte")
    assert "Airtable" in told.message
    for _ in range(3):
        post.exchange()
    assert file["id"] not in there.ids(FILES)
    assert "2026-00003" not in {row.get("Numéro") for row in there.server.rows(FILES)}
