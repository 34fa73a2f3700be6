"""Guides beside a demand: found by what is typed, by department; what is not the town's comes first."""

import time

import pytest

from desk import guides
from policy.counter_words import GuideKind
from tests.cast import PLANNING, WORKS, Cast
from tests.desk.filing import BY, NINE


def kept_guide(cast: Cast, name: str, kind: GuideKind = GuideKind.DOCUMENT, **more: object) -> None:
    row = {"name": name, "kind": kind, "active": True, **more}
    with cast.house.store.writing() as tx:
        tx.insert("guides", row, BY)


def names(cast: Cast, text: str = "", category: str = "", department: str = "", who: str = "technician"):  # type: ignore[no-untyped-def]
    kind = cast.categories.get(category, "")
    place = cast.departments.get(department, "")
    return [each.name for each in guides.beside(cast.visit(who, NINE), text, kind, place)]


def test_what_is_typed_calls_its_guides_whatever_accents_and_plurals(cast: Cast) -> None:
    kept_guide(cast, "Abattre un arbre", keywords="arbre frêne permis")
    for typed in ("deux ARBRES penchent", "un arbre", "des frenes malades", "Permis ?"):
        assert "Abattre un arbre" in names(cast, typed), typed
    for typed in ("", "   ", "un, le de à", "arb", "arbrisseau", "📷 !!", "x" * 50_000):
        assert "Abattre un arbre" not in names(cast, typed), typed


def test_what_is_not_the_towns_comes_first_with_the_body_to_turn_to(cast: Cast) -> None:
    kept_guide(cast, "Bris de clôture", keywords="clôture voisin mitoyen")
    first, *others = guides.beside(cast.visit("technician", NINE), "La clôture du voisin, mitoyenne")
    assert (first.name, first.is_outside) == ("Litige entre voisins", True)
    assert first.body and "Bris de clôture" in [each.name for each in others]


def test_the_category_brings_its_department_and_its_own_words(cast: Cast) -> None:
    kept_guide(cast, "Le surintendant", GuideKind.PERSON, department=cast.departments[WORKS], phone="2340")
    kept_guide(cast, "L'inspectrice", GuideKind.PERSON, department=cast.departments[PLANNING])
    found = names(cast, category="Nid-de-poule")
    assert "Le surintendant" in found and "L'inspectrice" not in found
    assert "L'inspectrice" in names(cast, department=PLANNING)
    (told,) = guides.search(cast.visit("technician", NINE), "surinten")
    assert (told.department, told.as_text) == (WORKS, "Le surintendant : 2340")


def test_what_is_no_longer_in_use_is_not_shown(cast: Cast) -> None:
    kept_guide(cast, "Vieux guide", keywords="calèche", active=False)
    assert names(cast, "calèche") == [] and guides.search(cast.visit("director", NINE), "vieux") == ()


@pytest.mark.parametrize("who", ["outsider", "secretary", "council", "technician"])
def test_whoever_works_here_may_look_for_one_by_any_of_its_words(cast: Cast, who: str) -> None:
    found = guides.search(cast.visit(who, NINE), "signée plainte")
    assert [each.name for each in found] == ["Porter plainte"]
    assert guides.search(cast.visit(who, NINE), "zzzz") == ()


def test_five_hundred_guides_are_looked_through_as_one_types(cast: Cast) -> None:
    with cast.house.store.writing() as tx:
        rows = [
            {"name": f"Guide {n}", "kind": GuideKind.DOCUMENT, "keywords": f"mot{n} chose", "active": True}
            for n in range(500)
        ]
        tx.insert_many("guides", rows, BY)
    visit = cast.visit("technician", NINE)
    began = time.perf_counter()
    assert len(guides.beside(visit, "mot321 dans la rue")) == 1
    assert time.perf_counter() - began < 0.5  # some 20 ms on a quiet machine
