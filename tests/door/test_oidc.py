"""Signing in at the town's provider, against a real one that plays every trick."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from desk import identities
from desk.house import House
from desk.sessions import hash_token
from desk.visits import Visit
from policy.reasons import Refused
from policy.words import Role
from sync.store import Row
from tests.door.conftest import BY, PASSWORD, TECHNICIAN
from tests.door.provider import TENANT, Play, Town, serve_provider
from tests.door.serving import Clock, Door, serve

pytestmark = pytest.mark.usefixtures("trial_screens")


@pytest.fixture
def provider(clock: Clock) -> Iterator[Town]:
    with serve_provider(clock) as town:
        yield town


@pytest.fixture
def opened(town: House, clock: Clock, provider: Town) -> Iterator[Door]:
    """A door that knows the provider."""
    with serve(town, clock, provider=lambda url: provider.provider(url, patience=2.0)) as door:
        yield door


def depart(client: httpx.Client, suite: str = "/essai") -> str:
    """Leave for the provider, sign in over there; the address it sends back to."""
    there = client.get("/connexion/fournisseur", params={"suite": suite})
    assert there.status_code == 303, there.text
    return httpx.get(there.headers["location"]).headers["location"]


def arrive(client: httpx.Client, suite: str = "/essai") -> httpx.Response:
    return client.get(depart(client, suite))


def is_in(client: httpx.Client) -> bool:
    return client.get("/session").status_code == 204


def rows(door: Door, table: str, **equals: Any) -> list[Row]:
    with door.house.store.reading() as tx:
        return tx.find(table, **equals)


def change(door: Door, email: str, **changes: Any) -> None:
    with door.house.store.writing() as tx:
        account = tx.first("accounts", email=email)
        assert account is not None
        tx.update("accounts", account["id"], changes, BY)


def test_a_known_person_comes_in_by_the_provider_and_goes_where_they_were_going(
    opened: Door, provider: Town
) -> None:
    with opened.client() as client:
        page = client.get("/connexion?suite=/essai%3Fa%3D1").text
        assert "Continuer avec Essai" in page
        assert 'href="/connexion/fournisseur?suite=/essai%3Fa%3D1"' in page
        answer = arrive(client, "/essai?a=1")
        assert (answer.status_code, answer.headers["location"]) == (303, "/essai?a=1")
        assert client.get("/essai").status_code == 200
    asked = provider.play.asked[0]
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    assert asked["nonce"]
    assert asked["redirect_uri"] == f"{opened.url}/connexion/retour"
    assert len(rows(opened, "identities")) == 1


def test_without_a_provider_there_is_no_button_and_no_way(door: Door) -> None:
    with door.client() as client:
        assert "Continuer avec" not in client.get("/connexion").text
        assert client.get("/connexion/fournisseur").status_code == 404


def test_after_the_provider_one_is_not_sent_to_another_house(opened: Door) -> None:
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil.example", "/connexion/retour"):
        with opened.client() as client:
            assert arrive(client, elsewhere).headers["location"] == "/"


LIES: dict[str, Play] = {
    "another issuer": Play({"iss": "https://evil.example"}),
    "an issuer with a slash more": Play({"iss": "{issuer}/"}),
    "another audience": Play({"aud": "autre-application"}),
    "another audience, asked for by us": Play({"aud": "autre-application", "azp": "guichet"}),
    "several audiences, made for another": Play({"aud": ["guichet", "autre"], "azp": "autre"}),
    "no audience": Play({"aud": None}),
    "another nonce": Play({"nonce": "rejoué"}),
    "no nonce": Play({"nonce": None}),
    "another tenant": Play({"tid": "autre-ville"}),
    "no tenant": Play({"tid": None}),
    "no subject": Play({"sub": None}),
    "an empty subject": Play({"sub": ""}),
    "a subject that is no text": Play({"sub": ["x"]}),
    "expired": Play({"exp": 1_000_000_000}),
    "no expiry": Play({"exp": None}),
    "made tomorrow": Play({"iat": 4_000_000_000, "exp": 4_000_000_300}),
    "signed by another under the same name": Play(sign="forged"),
    "signed by a key that is not published": Play(sign="unpublished"),
    "not signed": Play(sign="none"),
    "signed by the secret we share": Play(sign="shared"),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_is_not_to_be_believed_opens_nothing(opened: Door, provider: Town, lie: str) -> None:
    told = LIES[lie]
    claims = {
        k: v.replace("{issuer}", provider.url) if isinstance(v, str) else v for k, v in told.claims.items()
    }
    provider.play = replace(told, claims=claims, asked=[])
    with opened.client() as client:
        answer = arrive(client)
        assert answer.status_code == 403
        assert "pas recevable" in answer.text
        assert not is_in(client)
    assert not rows(opened, "identities")
    assert not rows(opened, "sessions")


def test_an_email_the_provider_does_not_confirm_is_nobodys(opened: Door, provider: Town) -> None:
    for claim in (False, "true", None, 1):
        confirmed = {"email_verified": claim} if claim is not None else {"email_verified": False}
        provider.play = Play(confirmed)
        with opened.client() as client:
            answer = arrive(client)
            assert (answer.status_code, is_in(client)) == (403, False)
            assert "ne confirme pas" in answer.text
    assert not rows(opened, "identities")


def test_entra_says_nothing_of_the_email_and_the_tenant_of_the_town_answers_for_it(
    town: House, clock: Clock, provider: Town
) -> None:
    provider.play = Play({"email_verified": None, "email": None, "preferred_username": TECHNICIAN})
    with serve(town, clock, provider=provider.provider) as door, door.client() as client:
        assert arrive(client).status_code == 303
    provider.play = Play({"email_verified": None, "sub": "sujet-2"})
    with (
        serve(town, clock, provider=lambda url: provider.provider(url, tenant="")) as door,
        door.client() as client,
    ):
        assert "ne confirme pas" in arrive(client).text


def test_google_names_the_town_by_its_domain(provider: Town, clock: Clock) -> None:
    issuer = "https://accounts.google.com"
    google = provider.provider("https://guichet.ville.test", issuer=issuer, tenant="ville.test")
    keys = {"keys": [provider.key.as_dict(private=False)]}
    for domain, right in (("ville.test", True), ("gmail.com", False), (None, False)):
        provider.play = Play({"iss": issuer, "hd": domain, "tid": "ville.test"})
        token = {"id_token": provider._id_token("n")}
        if right:
            assert google.believed(token, keys, "n", clock()).verified
        else:
            with pytest.raises(Refused):
                google.believed(token, keys, "n", clock())


def test_from_then_on_the_subject_alone_says_who_it_is(opened: Door, provider: Town) -> None:
    with opened.client() as client:
        arrive(client)
    provider.play = Play({"email": "mariee@ville.test", "email_verified": False})
    with opened.client() as client:
        assert arrive(client).status_code == 303
        assert rows(opened, "sessions")[-1]["account"] == rows(opened, "accounts", email=TECHNICIAN)[0]["id"]


def test_an_email_given_to_somebody_else_does_not_open_the_account_of_the_one_before(
    opened: Door, provider: Town
) -> None:
    with opened.client() as client:
        arrive(client)
    provider.play = Play({"sub": "sujet-2"})
    with opened.client() as client:
        answer = arrive(client)
        assert "Un autre identifiant" in answer.text
        assert not is_in(client)


def test_a_closed_account_is_refused_the_first_time_and_later(opened: Door) -> None:
    change(opened, TECHNICIAN, active=False)
    with opened.client() as client:
        assert "Votre compte est fermé" in arrive(client).text
    assert not rows(opened, "identities")
    change(opened, TECHNICIAN, active=True)
    with opened.client() as client:
        assert arrive(client).status_code == 303
        change(opened, TECHNICIAN, active=False)
        assert client.get("/essai").status_code == 303
        assert "Votre compte est fermé" in arrive(client).text
        assert not is_in(client)


def test_somebody_unknown_asks_for_an_account_once_and_comes_in_when_it_is_opened(
    opened: Door, provider: Town
) -> None:
    provider.play = Play({"sub": "sujet-9", "email": "Zoe@Ville.test", "name": "Zoé <b>Nadeau</b>"})
    with opened.client() as client:
        page = arrive(client)
        assert page.status_code == 403
        assert "Demandez un accès" in page.text
        assert "Zoé &lt;b&gt;Nadeau" in page.text
        sealed = page.text.partition('name="identity" value="')[2].partition('"')[0]
        for _ in range(2):
            answer = client.post("/connexion/acces", data={"identity": sealed, "words": "Loisirs"})
            assert "est transmise" in answer.text
        assert not is_in(client)
        forged = sealed[:-1] + ("0" if sealed[-1] != "0" else "1")
        assert client.post("/connexion/acces", data={"identity": forged}).status_code == 422
    [asked] = rows(opened, "account_requests")
    assert (asked["email"], asked["words"], asked["settled_at"]) == ("zoe@ville.test", "Loisirs", None)
    with opened.signed_in(TECHNICIAN, PASSWORD) as keeper:
        visit = Visit(opened.house, opened.clock(), hash_token(keeper.cookies[opened.cookie]))
        assert [each.email for each in identities.waiting(visit)] == ["zoe@ville.test"]
        identities.accept(visit, asked["id"], [Role.EMPLOYEE])
        assert identities.waiting(visit) == ()
        with pytest.raises(Refused, match="déjà réglée"):
            identities.decline(visit, asked["id"])
    with opened.client() as client:
        assert arrive(client).status_code == 303


def test_a_request_for_an_account_is_dead_after_ten_minutes(
    opened: Door, provider: Town, clock: Clock
) -> None:
    provider.play = Play({"sub": "sujet-9", "email": "zoe@ville.test"})
    with opened.client() as client:
        sealed = arrive(client).text.partition('name="identity" value="')[2].partition('"')[0]
        clock.advance(timedelta(minutes=11))
        assert client.post("/connexion/acces", data={"identity": sealed}).status_code == 422
    assert not rows(opened, "account_requests")


def test_a_way_back_serves_once_in_the_browser_that_left(opened: Door, provider: Town, clock: Clock) -> None:
    provider.play = Play(codes_again=True)
    with opened.client() as client, opened.client() as thief:
        back = depart(client)
        jar = dict(client.cookies)
        assert thief.get(back).status_code == 403  # a code handed to another browser (login CSRF)
        assert not is_in(thief)
        assert client.get(back).status_code == 303
        thief.cookies.update(jar)
        assert thief.get(back).status_code == 403  # the same state again, cookie and all
        assert not is_in(thief)
    with opened.client() as late:
        back = depart(late)
        clock.advance(timedelta(minutes=11))
        assert late.get(back).status_code == 403
    with opened.client() as other:
        back = depart(other)
        assert other.get(back.replace("state=", "state=x")).status_code == 403


def test_a_code_used_up_or_invented_opens_nothing(opened: Door) -> None:
    with opened.client() as client:
        back = depart(client)
        invented = back.replace("code=", "code=x")
        answer = client.get(invented)
        assert answer.status_code == 403
        assert not is_in(client)


def test_who_gives_up_over_there_is_told_so_and_nothing_the_address_says_is_repeated(opened: Door) -> None:
    with opened.client() as client:
        state = depart(client).partition("state=")[2]
        answer = client.get(
            f"/connexion/retour?error=access_denied&error_description=<b>Appelez+le+555&state={state}"
        )
        assert answer.status_code == 403
        assert "renoncé" in answer.text
        assert "555" not in answer.text


def test_a_key_just_changed_is_known_and_the_one_before_no_longer_signs(opened: Door, provider: Town) -> None:
    with opened.client() as client:
        assert arrive(client).status_code == 303
    before = provider.key
    provider.rotate()
    with opened.client() as client:
        assert arrive(client).status_code == 303
    provider.key, provider.published = before, provider.key
    with opened.client() as client:
        assert arrive(client).status_code == 403


@pytest.mark.parametrize("trouble", ["down", "hangs", "garbage"])
@pytest.mark.parametrize("where", ["/.well-known/openid-configuration", "/token", "/keys"])
def test_a_provider_that_fails_is_said_in_french_without_a_trace(
    opened: Door, provider: Town, trouble: str, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    provider.play = Play(**{trouble: where})  # type: ignore[arg-type]
    with caplog.at_level(logging.DEBUG), opened.client() as client:
        if "well-known" in where:
            answer = client.get("/connexion/fournisseur")
            assert answer.status_code == 502
        else:
            answer = arrive(client)
            assert answer.status_code == 403
        assert "ne répond pas comme il le devrait" in answer.text
        assert "Traceback" not in answer.text
        assert "secret du fournisseur" not in answer.text
        assert not is_in(client)
        told = [record for record in caplog.records if record.name.startswith("guichet")]
        assert told
        assert not any("secret" in record.getMessage() or record.exc_info for record in told)
        provider.play = Play()
        assert arrive(client).status_code == 303


def test_a_provider_nobody_listens_at_is_said_in_french(town: House, clock: Clock, provider: Town) -> None:
    with (
        serve(town, clock, provider=lambda url: provider.provider(url, issuer="http://127.0.0.1:9")) as door,
        door.client() as client,
    ):
        answer = client.get("/connexion/fournisseur")
        assert answer.status_code == 502
        assert "ne répond pas" in answer.text


def test_a_provider_that_names_another_issuer_of_itself_is_not_gone_to(opened: Door, provider: Town) -> None:
    for told in ({"issuer": "https://evil.example"}, {"token_endpoint": "https://evil.example/token"}):
        provider.play = Play(metadata=told)
        with opened.client() as client:
            assert client.get("/connexion/fournisseur").status_code == 502


def test_the_session_of_the_pass_before_ends_at_the_way_in(opened: Door) -> None:
    with opened.signed_in(TECHNICIAN, PASSWORD) as client, opened.client() as kept:
        kept.cookies.set(opened.cookie, client.cookies[opened.cookie])
        assert arrive(client).status_code == 303
        assert not is_in(kept)
        assert is_in(client)


def test_the_provider_of_the_tests_is_the_towns(provider: Town) -> None:
    known = provider.provider("http://localhost")
    assert known.tenant == TENANT
    assert "secret" not in repr(known)
