"""Search, known citizens and files nearby: by any of their words, and only what one may see."""

from dataclasses import replace

import pytest

from desk.citizens import Caller, nearby, suggest
from desk.intake import open_file
from desk.moves import cancel
from desk.search import index, search
from policy.words import Nature
from tests.cast import CAST, Cast
from tests.desk.demands import MARIE, NINE, demand, opened


@pytest.fixture
def files(cast: Cast) -> Cast:
    """Three files: Marie-Ève's pothole (1), Jean's tree (2), a thank-you settled on the spot (3)."""
    opened(cast)
    jean = Caller(name="Jean O'Brien", phone="819-555-0123", email="jean@exemple.test", street="Lac Écho")
    opened(
        cast, caller=jean, category=cast.categories["Arbre dangereux ou tombé"], civic="12",
        street="chemin du Lac-Écho", facts="Un arbre est tombé sur le fil.",
    )  # fmt: skip
    opened(
        cast, caller=Caller(), nature=Nature.COMMENT, first_contact=True, answer="Merci à vous.",
        category=cast.categories["Suggestion ou remerciement"], facts="Merci pour le déneigement.", civic="",
    )  # fmt: skip
    return cast


def found(cast: Cast, who: str, text: str) -> list[int]:
    return [int(hit.number[-5:]) for hit in search(cast.visit(who, NINE), text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lefrancois", [1]),
        ("LEFRANÇOIS marie", [1]),
        ("o'brien", [2]),
        ("450-555-0199", [1]),
        ("(450) 555.0199", [1]),
        ("4505550199", [1]),
        ("+1 450 555 0199", [1]),
        ("555-0199", [1]),
        ("450 555 01", [1]),
        ("1234 erabliere", [1]),
        ("88 principale", [1]),
        ("12 chemin du lac echo", [2]),
        ("j0r 1t0", [1]),
        ("marie@exemple.test", [1]),
        ("2026-00002", [2]),
        ("2026-2", [2]),
        ("no 2026-00003", [3]),
        ("nid de poule", [1]),
        ("tombe fil", [2]),
        ("deneig", [3]),
        ("tombé piscine", []),
        ("   ", []),
        ("' OR 1=1 --", []),
        ("%", []),
        ("_", []),
    ],
)
def test_a_file_is_found_by_any_of_its_words(files: Cast, text: str, expected: list[int]) -> None:
    assert found(files, "technician", text) == expected


def test_the_newest_come_first_and_no_more_than_asked(files: Cast) -> None:
    assert found(files, "technician", "rue principale") == [3, 1]
    assert [hit.number for hit in search(files.visit("technician", NINE), "rue", limit=1)] == ["2026-00003"]


def test_a_hit_tells_what_is_needed_to_choose_it(files: Cast) -> None:
    [hit] = search(files.visit("secretary", NINE), "2026-1")
    assert (hit.category, hit.department, hit.place) == (
        "Nid-de-poule",
        "Travaux publics",
        "88 rue Principale",
    )
    assert (hit.citizen, hit.received_at) == (MARIE.name, NINE)
    assert hit.facts == "Un nid-de-poule énorme devant l'église."


def test_a_secretary_finds_the_files_of_her_own_departments(files: Cast) -> None:
    assert found(files, "secretary", "lefrancois") == [1]
    assert found(files, "planner", "lefrancois") == found(files, "planner", "2026-00001") == []


@pytest.mark.parametrize("who", ["council", "admin", "outsider", "general"])
@pytest.mark.parametrize("text", ["lefrancois", "2026-00001", "poule", "450-555-0199"])
def test_who_sees_no_file_finds_none(files: Cast, who: str, text: str) -> None:
    assert found(files, who, text) == []


def test_the_person_of_experience_citoyen_finds_comments_alone(files: Cast) -> None:
    assert found(files, "experience", "principale") == [3]


def test_a_corrected_name_is_found_in_every_file_of_the_citizen_and_the_former_in_none(files: Cast) -> None:
    [known] = suggest(files.visit("technician", NINE), "lefranc")
    opened(files, caller=replace(known.caller, name="Marie-Ève Gauthier"))
    assert sorted(found(files, "technician", "gauthier")) == [1, 4]
    assert found(files, "technician", "lefrancois") == []


def test_words_put_right_replace_those_before(files: Cast) -> None:
    with files.visit("technician", NINE).writing() as counter:
        row = counter.tx.first("files", number="2026-00002")
        assert row is not None
        counter.tx.update("files", row["id"], {"facts": "Un érable penche."}, counter.by("corriger"))
        index(counter, row["id"])
    assert found(files, "technician", "érable") == [2]
    assert found(files, "technician", "tombé") == []


@pytest.mark.parametrize("text", ["marie", "lefran", "450 555-0199", "5550199", "1234 erab", "MARIE@EXEMPLE"])
def test_a_known_citizen_is_suggested_as_one_types(files: Cast, text: str) -> None:
    [known] = suggest(files.visit("technician", NINE), text)
    assert known.caller == replace(MARIE, citizen=known.id, phone="450 555-0199", postal_code="J0R 1T0")
    assert known.files == 1
    assert [earlier.number for earlier in known.latest] == ["2026-00001"]


def test_nobody_is_suggested_too_early_nor_to_whoever_enters_no_demand(files: Cast) -> None:
    assert suggest(files.visit("technician", NINE), "ma") == []
    for who in set(CAST) - {"technician", "director"}:
        assert suggest(files.visit(who, NINE), "marie") == []
        assert nearby(files.visit(who, NINE), "rue Principale", "88") == []


def near(cast: Cast, street: str = "", civic: str = "", category: str = "", citizen: str = "") -> list[str]:
    visit = cast.visit("technician", NINE)
    return [earlier.number for earlier in nearby(visit, street, civic, category, citizen)]


def test_open_files_at_the_same_place_are_shown_however_the_street_is_written(files: Cast) -> None:
    for street in ("rue Principale", "PRINCIPALE", "Rue  principale"):
        assert near(files, street=street, civic="88") == ["2026-00001"]
    assert near(files, street="chemin du Lac Echo", civic="12") == ["2026-00002"]
    assert near(files, street="rue Principale", civic="90") == []
    assert near(files, street="rue Principale Nord", civic="88") == []


def test_open_files_of_the_same_category_are_shown_for_the_street_and_for_the_citizen(files: Cast) -> None:
    pothole, tree = files.categories["Nid-de-poule"], files.categories["Arbre dangereux ou tombé"]
    [known] = suggest(files.visit("technician", NINE), "lefranc")
    assert near(files, street="rue Principale", category=pothole) == ["2026-00001"]
    assert near(files, street="rue Principale", category=tree) == []
    assert near(files, category=pothole, citizen=known.id) == ["2026-00001"]
    assert near(files, category=pothole) == []


def test_closed_files_and_duplicates_are_not_shown_as_nearby(files: Cast) -> None:
    twin = opened(files, duplicate_of="2026-1")
    assert near(files, street="rue Principale", civic="88") == ["2026-00001"]
    visit = files.visit("technician", NINE)
    cancel(visit, twin.id, "Demande retirée par la personne")
    cancel(visit, search(visit, "2026-1")[0].id, "Demande retirée par la personne")
    assert near(files, street="rue Principale", civic="88") == []


def test_the_same_person_not_chosen_is_kept_apart(files: Cast) -> None:
    open_file(files.visit("technician", NINE), demand(files))
    assert len(suggest(files.visit("technician", NINE), "lefranc")) == 2
