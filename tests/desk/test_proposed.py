"""The category that the facts call for is proposed (R-10), by the words of the grid."""

import pytest

from desk import proposed
from policy.words import Nature, Priority
from tests.cast import Cast
from tests.desk.filing import BY, NINE

USED = {"priority": Priority.NORMAL, "active": True}


def names(cast: Cast, text: str, nature: Nature | None = None) -> list[str]:
    return list(proposed.categories(cast.visit("technician", NINE), text, nature).values())


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Un NID DE POULE énorme devant l'église", "Nid-de-poule"),
        ("des nids-de-poule partout", "Nid-de-poule"),
        ("Un égout qui refoule, une odeur", "Égout refoulé ou bouché"),
        ("Deux lampadaires éteints, c'est noir", "Éclairage de rue"),
    ],
)
def test_the_surest_comes_first_whatever_accents_and_plurals(cast: Cast, text: str, category: str) -> None:
    first, *others = names(cast, text)
    assert first == category and len(others) < proposed.MOST


@pytest.mark.parametrize("text", ["", "  ", "de la du", "zzzz", "📷", "x" * 50_000])
def test_nothing_is_proposed_for_what_says_nothing(cast: Cast, text: str) -> None:
    assert names(cast, text) == []


def test_a_keyword_of_several_words_counts_whole(cast: Cast) -> None:
    with cast.house.store.writing() as tx:
        for name, keywords in (("Ruelles", "entrée de ruelle, portail bleu"), ("Portails", "portail vert")):
            tx.insert("categories", {"name": name, "keywords": keywords, **USED}, BY)
    assert names(cast, "Le portail bleu est ouvert") == ["Ruelles", "Portails"]
    assert names(cast, "le portail") == ["Portails"], "by its name alone"


def test_what_is_not_in_use_or_of_another_nature_is_not_proposed(cast: Cast) -> None:
    with cast.house.store.writing() as tx:
        tx.insert("categories", {"name": "Calèches", "keywords": "calèche", **USED, "active": False}, BY)
        claim = {"name": "Bris", "keywords": "carrosserie", **USED, "nature": Nature.CLAIM}
        tx.insert("categories", claim, BY)
    assert names(cast, "une calèche") == []
    assert names(cast, "ma carrosserie", Nature.REQUEST) == []
    assert names(cast, "ma carrosserie", Nature.CLAIM) == names(cast, "ma carrosserie") == ["Bris"]
