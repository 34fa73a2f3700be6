"""What leaves by ``/telecharger``: for whoever holds a live pass, asked anew each time, kept by nobody."""

from collections.abc import Iterator, Mapping

import pytest

from desk import sessions
from desk.house import House
from desk.visits import Visit
from door.downloads import EML, HTML, PDF, Leaving
from policy.reasons import refused
from tests.door.conftest import COUNCIL, PASSWORD, TECHNICIAN
from tests.door.serving import Door, serve


def mail(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """A mail, which says for whom it was asked."""
    with visit.reading() as counter:
        return Leaving("été 2026.eml", EML, f"{counter.person.name} {asked.get('no', '')}".encode())


def picture(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """A page to be looked at, with a script in it."""
    with visit.reading():
        return Leaving("apercu.html", HTML, b"<p>Bonjour</p><script>alert(1)</script>")


def form(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """A PDF of ours, or one that somebody brought in."""
    return Leaving("annexe.pdf", PDF, b"%PDF-1.7", saved=asked.get("de") == "dehors")


def refusing(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """What the desk refuses."""
    raise refused("Ce dossier n'est pas <de> votre service.", "R-62")


@pytest.fixture
def leaving(town: House, trial_screens: None) -> Iterator[Door]:
    """A door with four things to take away."""
    with serve(
        town, downloads={"courriel": mail, "apercu": picture, "refus": refusing, "annexe": form}
    ) as door:
        yield door


def test_a_file_leaves_under_its_name_for_the_person_who_asks_and_is_kept_nowhere(leaving: Door) -> None:
    for email, name in ((TECHNICIAN, "Diane Roy"), (COUNCIL, "Ève *Gagnon*")):
        with leaving.signed_in(email, PASSWORD) as client:
            answer = client.get("/telecharger/courriel?no=7")
            assert answer.text == f"{name} 7"
            assert (
                answer.headers["content-disposition"]
                == "attachment; filename*=UTF-8''%C3%A9t%C3%A9%202026.eml"
            )
            assert answer.headers["cache-control"] == "no-store"


def test_a_page_to_be_looked_at_runs_nothing_and_shows_in_our_own_frames_only(leaving: Door) -> None:
    with leaving.signed_in(TECHNICIAN, PASSWORD) as client:
        given = client.get("/telecharger/apercu").headers
        policy = given["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "sandbox" in policy
        assert "script-src" not in policy
        assert "frame-ancestors 'self'" in policy
        assert given["x-frame-options"] == "SAMEORIGIN"
        assert given["content-disposition"].startswith("inline")


def test_a_pdf_of_ours_opens_in_the_reader_and_what_was_brought_in_is_only_saved(leaving: Door) -> None:
    with leaving.signed_in(TECHNICIAN, PASSWORD) as client:
        ours, brought = (client.get(f"/telecharger/annexe{asked}").headers for asked in ("", "?de=dehors"))
    assert ours["content-disposition"].startswith("inline")
    assert "sandbox" not in ours["content-security-policy"]
    assert "default-src 'none'" in ours["content-security-policy"]
    assert brought["content-disposition"].startswith("attachment")
    assert brought["x-content-type-options"] == "nosniff" and brought["cache-control"] == "no-store"


def test_without_a_session_nothing_leaves_and_signing_in_leads_back_to_it(leaving: Door) -> None:
    with leaving.client() as client:
        answer = client.get("/telecharger/courriel?no=7")
        assert answer.headers["location"] == "/connexion?suite=/telecharger/courriel%3Fno%3D7"


def test_after_signing_out_the_same_address_gives_nothing_more(leaving: Door) -> None:
    with leaving.signed_in(TECHNICIAN, PASSWORD) as client:
        assert client.get("/telecharger/courriel").status_code == 200
        sessions.sign_out(leaving.house, client.cookies[leaving.cookie], leaving.clock())
        assert client.get("/telecharger/courriel").status_code == 303


def test_what_the_desk_refuses_is_said_in_french_with_its_article(leaving: Door) -> None:
    with leaving.signed_in(TECHNICIAN, PASSWORD) as client:
        answer = client.get("/telecharger/refus")
        assert answer.status_code == 403
        assert "Ce dossier n&#39;est pas &lt;de&gt; votre service. (R-62)" in answer.text


def test_nothing_else_is_there_to_take(leaving: Door) -> None:
    with leaving.signed_in(TECHNICIAN, PASSWORD) as client:
        assert client.get("/telecharger/autre").status_code == 404
        assert client.get("/telecharger/").status_code == 404
        assert client.post("/telecharger/courriel").status_code in (404, 405)
