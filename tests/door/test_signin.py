"""Signing in and out over HTTP, on a real server."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from starlette.applications import Starlette

from config.settings import Settings
from desk.house import House
from door.beginnings import demo_accounts, demonstrate
from door.signin import DemoAccount, SignIn
from policy.reasons import Refused
from tests.door.conftest import BY, PASSWORD, RESPONSABLE, TECHNICIAN
from tests.door.serving import MONDAY, Clock, Door, serve


def test_a_visit_without_signing_in_leads_to_the_form_and_back_there_afterwards(door: Door) -> None:
    with door.client() as client:
        answer = client.get("/essai?numero=2026-00042&page=2")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/connexion?suite=/essai%3Fnumero%3D2026-00042%26page%3D2"
        form = client.get(answer.headers["location"])
        assert 'name="suite" value="/essai?numero=2026-00042&amp;page=2"' in form.text
        given = {"email": TECHNICIAN, "password": PASSWORD, "suite": "/essai?numero=2026-00042&page=2"}
        back = client.post("/connexion", data=given)
        assert back.status_code == 303
        assert back.headers["location"] == "/essai?numero=2026-00042&page=2"
        assert client.get(back.headers["location"]).status_code == 200


def test_after_signing_in_one_is_not_sent_to_another_house(door: Door) -> None:
    with door.client() as client:
        given = {"email": TECHNICIAN, "password": PASSWORD, "suite": "//evil.example"}
        assert client.post("/connexion", data=given).headers["location"] == "/"
        assert client.get("/connexion?suite=https://evil.example").headers["location"] == "/"


def test_the_pass_is_out_of_reach_of_scripts_and_of_other_sites(door: Door) -> None:
    with door.client() as client:
        answer = client.post("/connexion", data={"email": TECHNICIAN, "password": PASSWORD})
        said = answer.headers["set-cookie"].lower()
        assert "httponly" in said
        assert "samesite=lax" in said
        assert "path=/" in said
        assert "secure" not in said


def test_under_https_the_pass_travels_by_https_only(town: House, clock: Clock) -> None:
    house = replace(town, base_url="https://guichet.ville.test")
    app = Starlette(routes=SignIn(house, clock, lambda: "").routes())

    async def sign_in() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=house.base_url) as client:
            return await client.post("/connexion", data={"email": TECHNICIAN, "password": PASSWORD})

    with start_blocking_portal() as portal:
        said = portal.call(sign_in).headers["set-cookie"]
    assert said.startswith("__Host-guichet=")
    assert "Secure" in said


@pytest.mark.parametrize(
    ("email", "password", "said"),
    [
        (TECHNICIAN, "faux", "Courriel ou mot de passe inexact."),
        ("personne@ville.test", PASSWORD, "Courriel ou mot de passe inexact."),
        ("", PASSWORD, "Écrivez votre adresse de courriel."),
        (TECHNICIAN, "", "Écrivez votre mot de passe."),
        ('"><script>alert(1)</script>', "x", "Courriel ou mot de passe inexact."),
    ],
)
def test_a_refused_sign_in_says_why_in_french_and_keeps_the_address_typed(
    door: Door, email: str, password: str, said: str
) -> None:
    with door.client() as client:
        answer = client.post("/connexion", data={"email": email, "password": password, "suite": "/essai"})
        assert answer.status_code == 422
        assert said in answer.text
        assert 'role="alert"' in answer.text
        assert 'name="suite" value="/essai"' in answer.text
        assert "<script>alert" not in answer.text
        assert "set-cookie" not in answer.headers


def test_a_form_of_a_hundred_thousand_characters_is_refused_in_french(door: Door) -> None:
    with door.client() as client:
        answer = client.post("/connexion", data={"email": "a" * 100_000, "password": "x"})
        assert answer.status_code == 413
        assert "trop long" in answer.text


def test_a_form_posted_from_another_site_signs_nobody_in(door: Door) -> None:
    given = {"email": TECHNICIAN, "password": PASSWORD}
    for origin in ("https://evil.example", "null", door.url.replace("127.0.0.1", "localhost")):
        with door.client(headers={"Origin": origin}) as client:
            answer = client.post("/connexion", data=given)
            assert answer.status_code == 403
            assert "set-cookie" not in answer.headers
    with httpx.Client(base_url=door.url) as without_origin:
        assert without_origin.post("/connexion", data=given).status_code == 403


def test_a_copied_pass_is_dead_after_signing_out(door: Door) -> None:
    with door.signed_in(TECHNICIAN, PASSWORD) as client, door.client() as thief:
        thief.cookies.set(door.cookie, client.cookies[door.cookie])
        assert thief.get("/essai").status_code == 200
        gone = client.post("/deconnexion")
        assert gone.headers["location"] == "/connexion"
        assert door.cookie not in client.cookies
        assert thief.get("/essai").status_code == 303
        assert thief.get("/session").status_code == 401


def test_following_a_link_does_not_sign_out(door: Door) -> None:
    with door.signed_in(TECHNICIAN, PASSWORD) as client:
        page = client.get("/deconnexion")
        assert page.status_code == 200
        assert '<form method="post" action="/deconnexion">' in page.text
        elsewhere = client.post("/deconnexion", headers={"Origin": "https://evil.example"})
        assert elsewhere.status_code == 403
        assert client.get("/session").status_code == 204


def test_a_session_ends_by_itself_after_twelve_hours(door: Door, clock: Clock) -> None:
    with door.signed_in(TECHNICIAN, PASSWORD) as client:
        for _ in range(47):
            clock.advance(timedelta(minutes=15))
            assert client.get("/essai").status_code == 200
        clock.advance(timedelta(minutes=15))
        assert client.get("/essai").status_code == 303


def test_signing_in_anew_ends_the_session_of_the_pass_before(door: Door) -> None:
    with door.signed_in(TECHNICIAN, PASSWORD) as client, door.client() as kept:
        kept.cookies.set(door.cookie, client.cookies[door.cookie])
        client.post("/connexion", data={"email": RESPONSABLE, "password": PASSWORD})
        assert kept.get("/session").status_code == 401
        assert client.get("/session").status_code == 204


def test_a_planted_pass_never_becomes_a_session(door: Door) -> None:
    with door.client(headers={"Cookie": f"{door.cookie}=choisi-par-un-autre"}) as client:
        answer = client.post("/connexion", data={"email": TECHNICIAN, "password": PASSWORD})
        assert answer.status_code == 303
        assert "choisi-par-un-autre" not in answer.headers["set-cookie"]
        assert (
            client.get("/session", headers={"Cookie": f"{door.cookie}=choisi-par-un-autre"}).status_code
            == 401
        )


def test_the_demonstration_offers_its_accounts_and_no_other_house_does(
    town: House, trial_screens: None
) -> None:
    account = DemoAccount("Diane <Roy>", "technicienne", TECHNICIAN, PASSWORD)
    with serve(town, demo=[account]) as door, door.client() as client:
        page = client.get("/connexion").text
        assert "Ville de démonstration" in page
        assert "Diane &lt;Roy&gt;" in page
        assert PASSWORD in page
    with serve(town) as door, door.client() as client:
        page = client.get("/connexion").text
        assert "démonstration" not in page
        assert PASSWORD not in page


def test_the_first_account_is_made_with_the_code_of_the_console_once(town: House) -> None:
    with town.store.writing() as tx:
        for account in tx.find("accounts"):
            tx.delete("accounts", account["id"], BY)
    given = {"name": "Anne Boss", "email": "anne@ville.test", "password": "un mot de passe assez long"}
    with serve(town, first_code="ab12") as door, door.client() as client:
        assert "Code à usage unique" in client.get("/connexion").text
        assert "Ce n&#39;est pas le code" in client.post("/premier-compte", data=given | {"code": "zz"}).text
        assert client.post("/premier-compte", data=given | {"code": "ab12"}).status_code == 303
        assert client.get("/session").status_code == 204
        with door.client() as other:
            again = other.post("/premier-compte", data=given | {"code": "ab12", "email": "b@ville.test"})
            assert again.status_code == 422
            assert "déjà un compte" in again.text
            assert "Code à usage unique" not in other.get("/connexion").text


GIVEN = {"name": "Anne Boss", "email": "anne@ville.test", "password": "un mot de passe assez long"}


def emptied(town: House) -> None:
    with town.store.writing() as tx:
        for account in tx.find("accounts"):
            tx.delete("accounts", account["id"], BY)


def test_the_code_of_the_console_expires(town: House, clock: Clock) -> None:
    emptied(town)
    with serve(town, clock, first_code="ab12") as door, door.client() as client:
        clock.advance(timedelta(minutes=61))
        answer = client.post("/premier-compte", data=GIVEN | {"code": "ab12"})
        assert answer.status_code == 422
        assert "a expiré" in answer.text


def test_guessing_the_code_is_braked_as_a_password_is(town: House, clock: Clock) -> None:
    emptied(town)
    with serve(town, clock, first_code="ab12") as door, door.client() as client:
        for path in (
            "/premier-compte",
            "/demonstration",
            "/premier-compte",
            "/demonstration",
            "/premier-compte",
        ):
            assert "Ce n&#39;est pas le code" in client.post(path, data=GIVEN | {"code": "zz"}).text
        assert "Trop d&#39;essais" in client.post("/premier-compte", data=GIVEN | {"code": "ab12"}).text
        clock.advance(timedelta(minutes=16))
        assert client.post("/premier-compte", data=GIVEN | {"code": "ab12"}).status_code == 303


def test_the_demonstration_is_offered_to_who_has_the_code_where_nothing_is(town: House) -> None:
    emptied(town)
    asked: list[datetime] = []
    with serve(town, first_code="ab12", demonstrate=asked.append) as door, door.client() as client:
        assert "Ou la ville de démonstration" in client.get("/connexion").text
        assert client.post("/demonstration", data={"code": "zz"}).status_code == 422
        assert asked == []
        assert client.post("/demonstration", data={"code": "ab12"}).status_code == 303
        assert len(asked) == 1
    with serve(town, first_code="ab12") as door, door.client() as client:
        assert "démonstration" not in client.get("/connexion").text
        assert client.post("/demonstration", data={"code": "ab12"}).status_code == 422


def test_the_demonstration_is_not_for_a_house_that_writes_to_the_world_or_has_people(
    town: House, tmp_path: Path
) -> None:
    def chosen(**more: str) -> Settings:
        return Settings.model_validate({"data_dir": str(tmp_path), **more})

    assert demonstrate(town, chosen()) is None  # somebody has an account
    emptied(town)
    act = demonstrate(town, chosen())
    assert act is not None
    assert demonstrate(town, chosen(smtp_host="mail.ville.test", mail_from="guichet@ville.test")) is None
    with pytest.raises(Refused, match="déjà en place"):  # its rules are there
        act(MONDAY)
    assert demo_accounts(town)() == ()
