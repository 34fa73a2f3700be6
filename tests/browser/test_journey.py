"""The main job, in a real browser: a call becomes a file, the department handles it, the citizen is told."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from desk import letters
from jobs.__main__ import main as jobs
from policy.towntime import to_town
from policy.words import State
from tests.browser.grid import Grid
from tests.browser.served import file_of
from tests.cast import CAST, PASSWORD, Cast
from tests.door.serving import Clock, Door, Sitter

pytestmark = pytest.mark.browser

Sit = Callable[..., Sitter]


@pytest.fixture
def mail_folder(served_cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings of the clock: the same store, mails in a folder; that folder."""
    folder = tmp_path / "courriels"
    for name in [name for name in os.environ if name.startswith("GUICHET_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GUICHET_DATABASE_URL", f"sqlite:///{tmp_path / 'guichet.db'}")
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GUICHET_MAIL_DIR", str(folder))
    monkeypatch.setenv("GUICHET_MAIL_FROM", "Ville de Prévost <guichet@prevost.test>")
    return folder


def test_a_call_is_entered_planned_refused_a_poor_closing_closed_and_everyone_told(
    served: Door, served_cast: Cast, clock: Clock, person: Sit, mail_folder: Path
) -> None:
    desk = person(served, CAST["technician"].email, PASSWORD, at="/nouvelle-demande")
    number = _entered(desk)
    # Fri 2026-11-20 09:00; a pothole has 5 working days: Mon 23 to Fri 27
    expect(desk.page.get_by_text("vendredi 27 novembre 2026")).to_be_visible()
    expect(desk.page.get_by_text(re.compile(r"vendredi 27 novembre 2026 — P §4\.1"))).to_be_visible()
    expect(desk.page.get_by_text("Un accusé de réception part à rose@exemple.test.")).to_be_visible()

    clock.advance(timedelta(minutes=20))
    julie = person(served, CAST["secretary"].email, PASSWORD, viewport={"width": 1600, "height": 900})
    _planned(julie, number)
    assert file_of(served_cast, number)["state"] is State.PLANNED

    clock.advance(timedelta(minutes=20))
    julie.goto(f"/dossier?numero={number}")
    _closed(julie)
    assert file_of(served_cast, number)["state"] is State.DONE

    clock.advance(timedelta(minutes=20))
    assert jobs(("tick", "--now", f"{to_town(clock()):%Y-%m-%dT%H:%M}")) == 0
    _everyone_told(mail_folder, number)


def _entered(desk: Sitter) -> str:
    """The technician types in the order of the call; the number that is given."""
    page = desk.page
    page.get_by_label("Nom et prénom", exact=True).fill("Rose Lemieux")
    page.get_by_label("Téléphone", exact=True).fill("450 555-0188")
    page.get_by_label("Courriel", exact=True).fill("rose@exemple.test")
    desk.choose("Catégorie", "Nid-de-poule")
    promised = page.locator(".st-key-nd-promise")
    expect(promised.get_by_text("Travaux publics")).to_be_visible()
    expect(promised.get_by_text("vendredi 27 novembre 2026")).to_be_visible()
    page.get_by_label("Numéro civique du lieu").fill("12")
    page.get_by_label("Rue ou lieu").fill("rue de la Station")
    page.get_by_label("Exposé des faits").fill("Un nid-de-poule a crevé mon pneu.")
    page.get_by_role("button", name="Enregistrer la demande").click()
    shown = page.get_by_test_id("stMetricValue")
    expect(shown).to_have_text(re.compile(r"^\s*2026-\d{5}\s*$"))
    expect(page.get_by_text("reçue par Julie Gagnon, Réal Savard")).to_be_visible()
    return shown.inner_text().strip()


def _planned(julie: Sitter, number: str) -> None:
    """The secretary finds it in her queue and plans it there."""
    julie.goto("/file?texte=Station")
    grid = Grid(julie)
    grid.has(number)
    grid.type(0, "État", State.PLANNED.value)
    grid.shows(number, "État", State.PLANNED.value)
    expect(julie.page.get_by_role("button", name="Enregistrer (1 ligne)")).to_be_visible()
    grid.type(0, "Date prévue", "2026-11-25")
    grid.shows(number, "Date prévue", "2026-11-25")
    grid.save("1 ligne")
    expect(julie.page.get_by_role("button", name="Enregistrer", exact=True)).to_be_visible()


def _closed(julie: Sitter) -> None:
    """Annexe A: refused while the note is missing, then closed."""
    page = julie.page
    expect(page.get_by_text("25 novembre 2026").first).to_be_visible()
    page.get_by_test_id("stButtonGroup").get_by_text("Fermer", exact=True).click()
    page.get_by_label(re.compile("^5. Information")).fill("Bonjour, le nid-de-poule est réparé.")
    save = page.locator(".st-key-do-CLOSE button")
    save.click()
    refusal = page.get_by_role("alert").filter(has_text="annexe A, point 4")
    expect(refusal).to_be_visible()
    expect(page.get_by_label(re.compile("^5. Information"))).to_have_value(
        "Bonjour, le nid-de-poule est réparé."
    )
    page.get_by_label(re.compile("^4. Note")).fill("Asphalte froid, 2 sacs. Parlé à Rose Lemieux.")
    save.click()
    expect(page.get_by_text("Complétée").first).to_be_visible()
    expect(page.get_by_role("heading", name="Fermeture")).to_be_visible()


def _everyone_told(folder: Path, number: str) -> None:
    told: dict[str, list[letters.Letter]] = {}
    for path in folder.glob("*.eml"):
        headers, letter = letters.read(path.read_bytes())
        if number not in letter.text:
            continue  # October's lists to the council, which leave on the same look at the clock
        told.setdefault(headers["To"].partition("<")[2].rstrip(">"), []).append(letter)
    assert sorted(told) == ["rose@exemple.test", "surintendant@prevost.test", "travaux@prevost.test"]
    acknowledgement, closing = sorted(told["rose@exemple.test"], key=lambda each: "réparé" in each.text)
    for words in (number, "Travaux publics", "27 novembre 2026"):
        assert words in acknowledgement.text
    assert number in closing.text and "Bonjour, le nid-de-poule est réparé." in closing.text
    assert "Asphalte" not in closing.text + closing.html
    for address in ("travaux@prevost.test", "surintendant@prevost.test"):
        (notice,) = told[address]
        for words in (number, "Nid-de-poule", "rue de la Station", f"/dossier?numero={number}"):
            assert words in notice.text
        assert "Lemieux" not in notice.text + notice.html and "crevé" not in notice.text
