"""Documents brought to a file in a real browser: dropped, listed, taken away again, refused in French."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.cast import CAST, PASSWORD, Cast
from tests.desk.documents import DOCX, PDF, PNG
from tests.desk.filing import filed, kept
from tests.door.serving import Door, Sitter

pytestmark = [pytest.mark.browser, pytest.mark.long]

Sit = Callable[..., Sitter]
NUMBER = "2026-00901"


def bring(page: Page, *documents: tuple[str, bytes]) -> None:
    """Choose documents in the uploader, and wait until each is there."""
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(
        [FilePayload(name=name, mimeType="application/octet-stream", buffer=each) for name, each in documents]
    )
    for name, _ in documents:
        expect(page.get_by_test_id("stFileUploader").get_by_text(name)).to_be_visible()


def test_documents_are_dropped_listed_and_taken_away_as_they_came(
    served: Door, served_cast: Cast, person: Sit, tmp_path: Path
) -> None:
    filed(served_cast, NUMBER)
    julie = person(served, CAST["secretary"].email, PASSWORD)
    julie.goto(f"/dossier?numero={NUMBER}")
    page = julie.page
    expect(page.get_by_text("15 Mo au plus par fichier")).to_be_visible()
    bring(page, ("avis.pdf", PDF), ("plan été.png", PNG))
    page.get_by_role("button", name="Joindre les 2 documents").dblclick()
    expect(page.get_by_text("Jointes au dossier")).to_be_visible()
    expect(page.get_by_text("Julie Gagnon a joint la pièce « plan été.png »")).to_be_visible()
    assert len(kept(served_cast, "attachments")) == 2
    with page.expect_download() as leaving:
        page.get_by_role("link", name="plan été.png").click()
    assert leaving.value.suggested_filename == "plan été.png"
    leaving.value.save_as(tmp_path / "plan.png")
    assert (tmp_path / "plan.png").read_bytes() == PNG
    link = page.get_by_role("link", name="avis.pdf").get_attribute("href")
    given = julie.context.request.get(f"{served.url}{link}").headers
    assert given["content-disposition"].startswith("attachment") and given["cache-control"] == "no-store"
    assert given["content-type"] == "application/pdf" and given["x-content-type-options"] == "nosniff"
    nadia = person(served, CAST["planner"].email, PASSWORD)
    assert nadia.context.request.get(f"{served.url}{link}").status == 403
    with served.client() as nobody:
        assert nobody.get(link or "").status_code == 303


def test_what_is_not_what_it_says_is_refused_in_french_and_a_document_goes_with_its_reason(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    filed(served_cast, NUMBER)
    julie = person(served, CAST["secretary"].email, PASSWORD)
    julie.goto(f"/dossier?numero={NUMBER}")
    page = julie.page
    bring(page, ("photo.jpg", PDF))
    page.get_by_role("button", name="Joindre le document").click()
    expect(page.get_by_text("son contenu n'est pas celui d'un fichier JPEG")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Retirer photo.jpg")).click()
    bring(page, ("lettre.docx", DOCX))
    page.get_by_role("button", name="Joindre le document").click()
    expect(page.get_by_text("Jointe au dossier")).to_be_visible()
    page.get_by_role("button", name="Retirer", exact=True).click()
    page.get_by_label("Pourquoi ?").fill("Mauvais dossier")
    page.get_by_label("Pourquoi ?").press("Tab")
    page.get_by_role("button", name="Retirer la pièce").click()
    expect(page.get_by_text("Retirée du dossier")).to_be_visible()
    assert not kept(served_cast, "attachment_contents")


def test_the_door_itself_takes_nothing_larger(served: Door, served_cast: Cast, person: Sit) -> None:
    filed(served_cast, NUMBER)
    julie = person(served, CAST["secretary"].email, PASSWORD)
    julie.goto(f"/dossier?numero={NUMBER}")
    page = julie.page
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(
        FilePayload(name="gros.pdf", mimeType="application/pdf", buffer=PDF + b"\0" * (15 * 1024 * 1024))
    )
    expect(page.get_by_text("Le fichier ne doit pas dépasser 15 Mo")).to_be_visible()
    expect(page.get_by_role("button", name="Joindre le document")).to_be_hidden()


def test_a_forged_upload_is_taken_by_the_door_up_to_the_same_size_only(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    filed(served_cast, NUMBER)
    julie = person(served, CAST["secretary"].email, PASSWORD)
    julie.goto(f"/dossier?numero={NUMBER}")
    with julie.page.expect_request(lambda asked: asked.method == "PUT") as sent:
        bring(julie.page, ("avis.pdf", PDF))
    kept_headers = ("x-xsrftoken", "origin")
    headers = {name: value for name, value in sent.value.all_headers().items() if name in kept_headers}
    for more, status in ((0, 204), (15 * 1024 * 1024, 413)):
        forged = FilePayload(name="a.pdf", mimeType="application/pdf", buffer=PDF + b"\0" * more)
        answer = julie.context.request.put(sent.value.url, headers=headers, multipart={"a.pdf": forged})
        assert answer.status == status
    with served.client() as nobody:
        path = sent.value.url.removeprefix(served.url)
        assert nobody.put(path, files={"a.pdf": PDF}).status_code in (303, 401, 403)
