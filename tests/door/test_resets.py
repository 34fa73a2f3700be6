"""A forgotten password, over HTTP: the same answer for everybody, the link, the sign-in after it."""

import re

import pytest

from desk import outbox, resets
from desk.letters import read
from desk.outbox import Parcel
from tests.door.conftest import PASSWORD, TECHNICIAN
from tests.door.serving import Door

NEW = "le lac gèle en décembre"


class Bag:
    """A carrier that keeps the last link."""

    token = ""

    def carry(self, parcel: Parcel) -> None:
        found = re.search(r"jeton=([\w-]+)", read(parcel.message)[1].text)
        assert found is not None
        self.token = found[1]

    def close(self) -> None:
        pass


@pytest.fixture
def bag() -> Bag:
    return Bag()


def deliver(door: Door, bag: Bag) -> None:
    outbox.deliver(door.house, bag, door.clock, "essai", lambda _: True)


def test_the_answer_says_nothing_of_who_has_an_account(door: Door) -> None:
    with door.client() as client:
        assert 'href="/connexion/oubli"' in client.get("/connexion").text
        assert client.get("/connexion/oubli").status_code == 200
        answers = [
            client.post("/connexion/oubli", data={"email": email})
            for email in (TECHNICIAN, "personne@ville.test")
        ]
    first, second = ((each.status_code, each.text, sorted(each.headers)) for each in answers)
    assert first == second
    assert "Si un compte a cette adresse" in answers[0].text


def test_the_link_leads_to_another_password_and_back_to_the_sign_in(door: Door, bag: Bag) -> None:
    with door.signed_in(TECHNICIAN, PASSWORD) as elsewhere, door.client() as client:
        resets.write(door.house, TECHNICIAN, door.clock())
        deliver(door, bag)
        address = f"/connexion/choisir?jeton={bag.token}"
        for _ in range(3):  # a machine that reads the mail opens it too
            page = client.get(address)
            assert page.status_code == 200
        assert bag.token not in page.text.partition("<title>")[2].partition("</title>")[0]
        given = {"token": bag.token, "password": NEW, "again": NEW}
        assert "ne sont pas les mêmes" in client.post("/connexion/choisir", data=given | {"again": "x"}).text
        weak = given | {"password": "motdepasse1234", "again": "motdepasse1234"}
        answer = client.post("/connexion/choisir", data=weak)
        assert (answer.status_code, "motdepasse1234" in answer.text) == (422, False)
        answer = client.post("/connexion/choisir", data=given)
        assert (answer.status_code, answer.headers["location"]) == (303, "/connexion?fait=mot-de-passe")
        assert "Votre mot de passe est changé" in client.get(answer.headers["location"]).text
        assert client.get("/session").status_code == 401
        assert elsewhere.get("/session").status_code == 401
        dead = client.get(address)
        assert dead.status_code == 404
        assert "ne sert plus" in dead.text
        assert client.post("/connexion/choisir", data=given).status_code == 422
        signed = client.post("/connexion", data={"email": TECHNICIAN, "password": NEW})
        assert signed.status_code == 303


def test_an_invented_link_opens_nothing(door: Door) -> None:
    with door.client() as client:
        for address in ("/connexion/choisir", "/connexion/choisir?jeton=x", "/connexion/choisir?jeton="):
            assert client.get(address).status_code == 404
        given = {"token": "x", "password": NEW, "again": NEW}
        assert "ne sert plus" in client.post("/connexion/choisir", data=given).text


def test_asking_too_often_is_braked_and_another_site_cannot_ask(door: Door) -> None:
    with door.client() as client:
        codes = [client.post("/connexion/oubli", data={"email": TECHNICIAN}).status_code for _ in range(6)]
        assert codes == [200] * 5 + [422]
        evil = client.post(
            "/connexion/oubli", data={"email": TECHNICIAN}, headers={"Origin": "https://evil.example"}
        )
        assert evil.status_code == 403
        assert client.post("/connexion/oubli", data={"email": " "}).status_code == 422
