"""Who sits at the tabs: accounts of the large town, signed in, and what each does on the screens."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from benchmarks import town
from benchmarks.tab import Tab
from desk import sessions
from desk.house import House
from desk.visits import Visit
from door.passes import address_of
from policy.words import Role
from sync.store import Row

GRID = "fi-grille"
BESIDE = "fi_beside"
SAVED = "rows saved"
Gesture = Callable[[Tab, Random], Awaitable[float]]


@dataclass(frozen=True)
class Worker:
    """One account with a live session."""

    name: str
    email: str
    roles: tuple[str, ...]
    departments: tuple[str, ...]
    token: str

    def cookie(self, url: str) -> str:
        """The pass, as a browser sends it."""
        return f"{address_of(url).cookie}={self.token}"

    def visit(self, house: House) -> Visit:
        """A visit at the moment of the town."""
        return Visit(house, town.NOW, session=sessions.hash_token(self.token))


def workers(house: House) -> list[Worker]:
    """Every account of the town, each in a session just opened; technicians first."""
    with house.store.writing() as tx:
        rows = tx.find("accounts", order_by=("email",), active=True)
        rows.sort(key=lambda row: Role.RESPONSABLE in row["roles"])
        return [_worker(row, sessions.open_session(tx, row["id"], town.NOW)) for row in rows]


def technician(among: list[Worker]) -> Worker:
    """Who sees every department."""
    return next(each for each in among if Role.TECHNICIAN in each.roles)


def director(among: list[Worker]) -> Worker:
    """Who changes the settings."""
    return next(each for each in among if Role.DIRECTOR in each.roles)


def secretary(among: list[Worker], department: str) -> Worker:
    """Who works the queue of that department."""
    return next(each for each in among if department in each.departments)


def _worker(row: Row, token: str) -> Worker:
    return Worker(row["name"], row["email"], tuple(row["roles"]), tuple(row["departments"]), token)


async def see_overdue(tab: Tab, chance: Random) -> float:
    return await tab.set("fi_voir", [_option(tab, "En retard")])


async def see_waiting(tab: Tab, chance: Random) -> float:
    return await tab.set("fi_voir", [_option(tab, "En attente")])


async def see_unchanged(tab: Tab, chance: Random) -> float:
    return await tab.set("fi_voir", [_option(tab, "Inchangées")])


async def see_closed(tab: Tab, chance: Random) -> float:
    return await tab.set("fi_voir", [_option(tab, "Fermées")])


async def see_open(tab: Tab, chance: Random) -> float:
    return await tab.set("fi_voir", [_option(tab, "Ouvertes")])


async def next_page(tab: Tab, chance: Random) -> float:
    if not tab.has("fi_page"):
        return await see_open(tab, chance)
    return await tab.set("fi_page", chance.randrange(1, 1 + int(tab.widgets["fi_page"].pagination.num_pages)))


async def one_category(tab: Tab, chance: Random) -> float:
    return await tab.set(
        "fi_categorie", chance.choice(list(tab.widgets["fi_categorie"].selectbox.options)[1:])
    )


async def every_category(tab: Tab, chance: Random) -> float:
    return await tab.set("fi_categorie", tab.widgets["fi_categorie"].selectbox.options[0])


async def seek(tab: Tab, chance: Random) -> float:
    return await tab.set(
        "fi_texte", chance.choice(("trou", "tremblay", "rue des pins", "banc", "eau gelee", "gagne"))
    )


async def seek_nothing(tab: Tab, chance: Random) -> float:
    return await tab.set("fi_texte", "")


async def type_in_a_cell(tab: Tab, chance: Random) -> float:
    if not tab.has(GRID):
        return await see_open(tab, chance)
    row = chance.randrange(len(tab.frame(GRID)))
    return await tab.edit(GRID, row, "next_action", f"Visite prévue le {chance.randrange(1, 28)}.")


async def save(tab: Tab, chance: Random) -> float:
    return await (tab.press("fi-save") if tab.has("fi-save") else see_open(tab, chance))


async def refresh(tab: Tab, chance: Random) -> float:
    return await (tab.press("fi-refresh") if tab.has("fi-refresh") else see_open(tab, chance))


async def open_beside(tab: Tab, chance: Random) -> float:
    if not tab.has(BESIDE):
        return await see_open(tab, chance)
    return await tab.set(BESIDE, chance.choice(list(tab.widgets[BESIDE].selectbox.options)))


async def close_beside(tab: Tab, chance: Random) -> float:
    return await (tab.dismiss() if tab.dialog else see_open(tab, chance))


# What a person does in the queue, one thing after the other, each leading back to where it began.
ROUND: tuple[tuple[str, Gesture], ...] = (
    ("another view", see_overdue),
    ("another view", see_waiting),
    ("another view", see_unchanged),
    ("closed files", see_closed),
    ("another view", see_open),
    ("another page", next_page),
    ("another page", next_page),
    ("a category", one_category),
    ("a category", every_category),
    ("words sought", seek),
    ("words sought", seek_nothing),
    ("a cell typed", type_in_a_cell),
    ("a cell typed", type_in_a_cell),
    (SAVED, save),
    ("a file beside", open_beside),
    ("a file put back", close_beside),
    ("refreshed", refresh),
)


def _option(tab: Tab, beginning: str) -> str:
    options: list[Any] = list(tab.widgets["fi_voir"].button_group.options)
    return next(str(each.content) for each in options if str(each.content).startswith(beginning))
