"""What the menu and the screens offer of private files: to its own people, and to nobody else."""

import pytest

from desk.today import today
from door.navigation import SCREENS, Screen, screens_of
from tests.cast import CAST
from tests.wall.planted import NOON, Town

# P §4.5, P §4.6, R-8, R-40, R-82: the private screens in the menu of each; none for whoever is not named.
MENU = {
    "technician": {"plaintes", "acces", "reclamations"},
    "director": {"plaintes", "acces", "reclamations", "courtoisie", "personne"},
    "planner": {"plaintes"},  # admitted to one complaint
    "general": {"plaintes", "acces", "incidents", "personne"},
    "clerk": {"acces", "reclamations", "incidents", "personne"},
}
PRIVATE = {"plaintes", "acces", "reclamations", "courtoisie", "incidents", "personne"}


@pytest.mark.parametrize("who", CAST)
def test_the_menu_offers_private_screens_to_their_people_only(town: Town, who: str) -> None:
    with town.cast.visit(who, NOON).reading() as counter:
        offered = {screen.address for screen in screens_of(counter)}
    assert offered & PRIVATE == MENU.get(who, set())


# What Aujourd'hui counts of them, of what was planted: one to be designated, one request for access late…
COUNTED = {
    "general": {"plaintes", "acces", "incidents"},
    "clerk": {"acces", "incidents"},  # the claim planted is decided
}


@pytest.mark.parametrize("who", CAST)
def test_nobody_is_told_by_a_count_of_what_they_may_not_see(town: Town, who: str) -> None:
    told = today(town.cast.visit(who, NOON)).waiting
    addresses = {each.address.strip("/").partition("?")[0] for each in told}
    assert addresses & PRIVATE == COUNTED.get(who, set())
    assert addresses <= {screen.address for screen in _offered(town, who)} | {""}


def _offered(town: Town, who: str) -> tuple[Screen, ...]:
    with town.cast.visit(who, NOON).reading() as counter:
        return screens_of(counter)


def test_every_screen_of_private_files_is_in_the_table() -> None:
    ordinary = {
        "aujourdhui", "nouvelle-demande", "file", "a-accueillir", "dossier", "signalement", "relecture",
        "responsables", "listes", "synchronisation", "comptes", "courriels", "importer", "mise-en-place",
        "tableaux", "mesures", "ecoute",
        "conservation", "conseil",
    }  # fmt: skip
    assert {screen.address for screen in SCREENS} - ordinary == PRIVATE
