"""The screens: their addresses, their French names, who sees each."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from desk import complaint_ways, keeping, settling, setup, thanks
from desk.visits import Counter, Visit
from policy.confidentiality import PRIVATE, PrivateAct
from policy.private_words import PrivateKind
from policy.roles import DEEDS, Deed
from policy.thanks import READERS
from policy.words import Role

Here = Callable[[], Visit]


@dataclass(frozen=True)
class Screen:
    """One screen: ``module`` has a ``screen(here)``; ``address`` is what a mail or a bookmark says."""

    address: str
    module: str
    title: str
    icon: str
    roles: frozenset[Role]
    theirs: Callable[[Counter[Any]], bool] | None = None  # drawn for all; in the menu, when it says so
    before: bool = False  # also before the town is in place
    opens: bool = True  # whether the software may open on it, being the first of one's menu

    def show(self, here: Here) -> None:
        """Draw it for whoever is here."""
        import_module(self.module).screen(here)


# A file is shown as far as `policy.confidentiality` allows; the screen, to whoever may have one to see.
HAS_FILES = DEEDS[Deed.WORK_QUEUE] | {Role.EXPERIENCE, Role.CLERK}
RECEIVE_ACCESS = PRIVATE[PrivateKind.ACCESS][PrivateAct.ENTER]  # the desk sees the form and nothing else

SCREENS = (
    Screen(
        "mise-en-place",
        "pages.mise_en_place",
        "Mettre la ville en place",
        "location_city",
        DEEDS[Deed.SETTLE_TOWN],
        before=True,
    ),
    Screen("aujourdhui", "pages.aujourdhui", "Aujourd’hui", "today", frozenset(Role)),
    Screen(
        "nouvelle-demande", "pages.nouvelle_demande", "Nouvelle demande", "add_call", DEEDS[Deed.ENTER_DEMAND]
    ),
    Screen("file", "pages.file_du_service", "File du service", "view_list", DEEDS[Deed.WORK_QUEUE]),
    Screen("a-accueillir", "pages.a_accueillir", "À accueillir", "move_to_inbox", DEEDS[Deed.ENTER_DEMAND]),
    Screen("dossier", "pages.dossier", "Dossier", "folder_open", HAS_FILES),
    Screen(
        "signalement",
        "pages.signalement",
        "Signalement terrain",
        "add_a_photo",
        DEEDS[Deed.NOTE_IN_FIELD],
        opens=False,
    ),
    Screen("relecture", "pages.relecture", "Relecture", "spellcheck", DEEDS[Deed.WORK_QUEUE]),
    Screen("reclamations", "pages.reclamations", "Réclamations", "car_crash", DEEDS[Deed.KEEP_CLAIMS]),
    Screen("courtoisie", "pages.courtoisie", "Courtoisie", "front_hand", DEEDS[Deed.REFUSE_SERVICE]),
    Screen("incidents", "pages.incidents", "Incidents", "gpp_maybe", DEEDS[Deed.KEEP_INCIDENTS]),
    Screen(
        "plaintes",
        "pages.plaintes",
        "Plaintes",
        "shield_person",
        DEEDS[Deed.DEPOSIT_COMPLAINT] | DEEDS[Deed.DESIGNATE_INVESTIGATOR],
        complaint_ways.reads,
    ),
    Screen("acces", "pages.acces", "Accès aux documents", "folder_shared", RECEIVE_ACCESS),
    Screen(
        "conservation",
        "pages.conservation",
        "Conservation",
        "inventory_2",
        DEEDS[Deed.HOLD_RECORDS] | {Role.DIRECTOR},
        keeping.concerns,
    ),
    Screen("personne", "pages.personne", "Dossier citoyen", "contact_page", DEEDS[Deed.GATHER_PERSON]),
    Screen("responsables", "pages.responsables", "Responsables", "badge", DEEDS[Deed.SEE_REGISTRY]),
    Screen("listes", "pages.listes_mensuelles", "Listes mensuelles", "calendar_month", DEEDS[Deed.SEE_LISTS]),
    Screen("mesures", "pages.mesures", "Mesures", "bar_chart", DEEDS[Deed.SEE_MEASURES]),
    Screen("conseil", "pages.conseil", "Listes du conseil", "list_alt", DEEDS[Deed.READ_COUNCIL_LISTS]),
    Screen("ecoute", "pages.ecoute", "À l’écoute", "hearing", READERS, thanks.concerns, opens=False),
    Screen("importer", "pages.importer", "Importer", "input", DEEDS[Deed.IMPORT_FILES]),
    Screen("tableaux", "pages.tableaux", "Tableaux", "table_chart", DEEDS[Deed.CHANGE_SETTINGS]),
    Screen("synchronisation", "pages.synchronisation", "Synchronisation", "sync", DEEDS[Deed.SEE_REMOTE]),
    Screen("comptes", "pages.comptes", "Comptes", "manage_accounts", DEEDS[Deed.KEEP_ACCOUNTS]),
    Screen("courriels", "pages.courriels", "Courriels", "mail", DEEDS[Deed.SEE_MAILS]),
)


def addresses() -> frozenset[str]:
    """Every address of a screen, also of one that is not there yet."""
    return frozenset(screen.address for screen in SCREENS)


@cache
def screens() -> tuple[Screen, ...]:
    """The screens there are, in the order of the menu."""
    return tuple(screen for screen in SCREENS if find_spec(screen.module) is not None)


def screens_of(counter: Counter[Any]) -> tuple[Screen, ...]:
    """The screens this visit's roles give, and those where something is theirs.

    Before the town is in place, those alone that put it there; once it is at work, these no more.
    """
    placed = is_placed(counter)
    done = placed and settling.is_over(counter)
    return tuple(
        screen
        for screen in screens()
        if (screen.before or placed)
        and not (screen.before and done)
        and (counter.person.is_one_of(*screen.roles) or (screen.theirs and screen.theirs(counter)))
    )


def is_placed(counter: Counter[Any]) -> bool:
    """Whether the town is in place: before, every screen but one says that it is not."""
    return setup.is_in_place(counter.tx, counter.today)
