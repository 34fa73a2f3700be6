"""A person's file on request: all that is held, what is private to its own people only, the act recorded."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from desk import claims, courtesy, person
from desk.citizens import Caller
from desk.scope import NotFound
from policy.private_words import AccessState, ComplaintState, PrivateKind
from policy.reasons import Refused
from policy.words import Channel, Nature
from tests.cast import CAST, Cast, day
from tests.desk.demands import MARIE, opened
from tests.desk.filing import BY, NINE, TEN, filed, kept
from tests.desk.paper import paper

WHO = ("director", "general", "clerk")
OTHER = Caller(name="Jean Roy", phone="450 555-0101", civic="9", street="rue des Pins")


@pytest.fixture
def marie(cast: Cast) -> str:
    """Marie called, claimed, asked for access, complained of somebody to the director; service is refused."""
    citizen = opened(cast).citizen
    opened(cast, caller=OTHER, facts="Une affaire de Jean.")
    filed(cast, "2026-00050", nature=Nature.CLAIM, citizen=citizen, note="NOTE INTERNE")
    assert claims.save(cast.visit("clerk", TEN), "2026-00050", {"amount_cents": "900"}).done
    courtesy.refuse(cast.visit("director", TEN), citizen, "Menaces au comptoir.", day("Wed 2026-12-16"))
    with cast.house.store.writing() as tx:
        tx.insert(
            "access_requests",
            {"number": "A2026-0001", "state": AccessState.RECEIVED, "received_at": NINE,
             "channel": Channel.EMAIL, "name": "M. Lefrançois", "email": "MARIE@exemple.test",
             "words": "Le rapport du puits."},
            BY,
        )  # fmt: skip
        for number, name in (("P2026-0001", "Marie-Ève LEFRANÇOIS"), ("P2026-0002", "Jean Roy")):
            tx.insert(
                "complaints",
                {"number": number, "state": ComplaintState.RECEIVED, "received_at": NINE,
                 "channel": Channel.MAIL, "investigator": cast.accounts["director"], "name": name,
                 "facts": f"Plainte de {name}.", "department": "VISÉ", "municipal": True,
                 "private_dispute": False, "danger": False, "anonymous": False, "written": True,
                 "signed": True},
                BY,
            )  # fmt: skip
    return citizen


def told(found: person.Gathered) -> dict[str, str]:
    return {part.title: str(part.rows) for part in found.parts}


def gather(cast: Cast, who: str, *seeds: str) -> person.Gathered:
    return person.gather(cast.visit(who, TEN), seeds)


@pytest.mark.parametrize("who", WHO)
def test_all_that_is_ordinary_is_there_and_nothing_of_others(cast: Cast, marie: str, who: str) -> None:
    found = told(gather(cast, who, f"citizens.{marie}"))
    assert "1234" in found["Coordonnées"] and MARIE.street in found["Coordonnées"]
    assert "nid-de-poule" in found["Demandes"] and "2026-00050" in found["Demandes"]
    whole = str(found)
    for absent in ("Jean", "NOTE INTERNE", "P2026-0002", "VISÉ"):
        assert absent not in whole


@pytest.mark.parametrize(
    ("who", "private"),
    [
        ("director", {"Réclamations", "Plaintes", "Refus de service"}),
        ("general", {"Demandes d'accès"}),
        ("clerk", {"Réclamations", "Demandes d'accès"}),
    ],
)
def test_what_is_private_is_there_for_its_own_people_only(
    cast: Cast, marie: str, who: str, private: set[str]
) -> None:
    every = {"Réclamations", "Plaintes", "Refus de service", "Demandes d'accès"}
    found = told(gather(cast, who, f"citizens.{marie}"))
    assert every & set(found) == private
    if who == "director":
        assert "P2026-0001" in found["Plaintes"] and "nom" in found["Plaintes"]
        assert "900,00" in found["Réclamations"]
    if who == "clerk":
        assert "courriel" in found["Demandes d'accès"] and "rapport du puits" in found["Demandes d'accès"]


def test_the_coordinates_of_before_are_held_too(cast: Cast, marie: str) -> None:
    opened(cast, caller=Caller(**{**vars(MARIE), "citizen": marie, "street": "rue des Lilas"}))
    assert MARIE.street in told(gather(cast, "clerk", f"citizens.{marie}"))["Coordonnées d'avant"]


@pytest.mark.parametrize("who", sorted(set(CAST) - set(WHO)))
def test_nobody_else_finds_nor_gathers(cast: Cast, marie: str, who: str) -> None:
    visit, seeds = cast.visit(who, TEN), (f"citizens.{marie}",)
    for act in (
        lambda: person.find(visit, "lefran"),
        lambda: person.gather(visit, seeds),
        lambda: person.as_workbook(visit, seeds),
        lambda: person.as_pdf(visit, seeds),
    ):
        with pytest.raises(Refused, match="réservé"):
            act()
    assert not kept(cast, "readings", kind_of_file=PrivateKind.PERSON)


def test_the_act_is_recorded_and_the_reading_of_each_private_file(cast: Cast, marie: str) -> None:
    before = len(kept(cast, "readings"))
    gather(cast, "clerk", f"citizens.{marie}")
    rows = kept(cast, "readings", account=cast.accounts["clerk"])
    assert [row["record"] for row in rows if row["kind_of_file"] is PrivateKind.PERSON] == [marie]
    read = {row["kind_of_file"] for row in rows if row["what"].startswith("Dossier d'une personne")}
    assert read == {PrivateKind.CLAIM, PrivateKind.ACCESS}
    assert len(kept(cast, "readings")) == before + 3


@pytest.mark.parametrize("text", ["lefran", "MARIE eve", "450 555-0199", "1234 érab"])
def test_a_person_is_found_as_the_desk_does(cast: Cast, marie: str, text: str) -> None:
    found = person.find(cast.visit("general", TEN), text)
    assert [each.seed for each in found if each.kind == "Citoyen"] == [f"citizens.{marie}"]
    assert found[0].files == 2


def test_who_is_only_in_a_private_file_is_found_by_its_own_people(cast: Cast, marie: str) -> None:
    seeds: dict[str, Any] = {
        who: [each.seed.partition(".")[0] for each in person.find(cast.visit(who, TEN), "lefran")]
        for who in WHO
    }
    assert seeds == {
        "director": ["citizens", "complaints"],
        "general": ["citizens", "access_requests"],
        "clerk": ["citizens", "access_requests"],
    }
    (access,) = (e.seed for e in person.find(cast.visit("clerk", TEN), "marie@") if e.seed[0] == "a")
    assert "rapport du puits" in told(gather(cast, "clerk", access))["Demandes d'accès"]
    with pytest.raises(NotFound):
        gather(cast, "director", access)


@pytest.mark.parametrize(
    "seeds", [(), ("citizens.inconnu",), ("files.x", "accounts.y", "", "'; --", "\x00.\x00")]
)
def test_a_seed_that_names_nobody_is_not_found(cast: Cast, marie: str, seeds: tuple[str, ...]) -> None:
    with pytest.raises(NotFound):
        gather(cast, "clerk", *seeds)
    assert person.find(cast.visit("clerk", TEN), "  l ") == ()
    assert person.find(cast.visit("clerk", TEN), "\x00\x00\x00\x00") == ()


def test_it_leaves_as_a_workbook_whose_text_stays_text(cast: Cast, marie: str) -> None:
    opened(cast, caller=Caller(**{**vars(MARIE), "citizen": marie}), facts="=1+1")
    book = load_workbook(io.BytesIO(person.as_workbook(cast.visit("clerk", TEN), [f"citizens.{marie}"])))
    assert book.sheetnames[:3] == ["Coordonnées", "Coordonnées d'avant", "Demandes"]
    facts = [cell for row in book["Demandes"].iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in facts] == ["s"]


def test_it_leaves_as_a_pdf_of_pages_one_can_read(cast: Cast, marie: str) -> None:
    director, seeds = cast.visit("director", TEN), [f"citizens.{marie}"]
    read = paper(person.as_pdf(director, seeds))
    assert read.tagged and read.universal and read.language == "fr-CA"
    for words in ("Marie-Ève Lefrançois", "nid-de-poule", "900,00", "Menaces au comptoir.", "P2026-0001"):
        assert words in read.words
    for absent in ("Jean", "NOTE INTERNE", "VISÉ", "rapport du puits"):
        assert absent not in read.words
