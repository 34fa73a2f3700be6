"""A house where nothing is yet: its one-time code, the key it may make, the demonstration it may become."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from config import demonstration, keyfile, presets
from config.commandline import why_unreadable
from config.remotes import Remote
from config.settings import Settings
from desk import accounts, demo
from desk.demo import Scenery
from desk.house import House
from desk.offers import FirstKey, Offer
from door.signin import DemoAccount, FirstCode
from policy.reasons import refused
from sync.vault import Keyring

LASTS = timedelta(hours=1)  # of the code: a coffee, not a night
DEMO_PRESET = "prevost"


def first_code(house: House, at: datetime) -> FirstCode | None:
    """The code of a house without any account; none for another, nor for the demonstration."""
    if house.demo or not accounts.is_empty(house):
        return None
    return FirstCode(secrets.token_urlsafe(9), at + LASTS)


def offers() -> dict[str, Offer]:
    """The presets a town may start from on a screen."""
    return {
        name: Offer(presets.title(name), presets.preset(name), presets.articles(name))
        for name in presets.names()
    }


def first_key(settings: Settings) -> FirstKey | None:
    """What makes the key of the private files, where no setting gives one; its file and its text."""
    if settings.keyring:
        return None
    path = keyfile.default_file(settings.data_dir)

    def make() -> tuple[str, str]:
        try:
            return str(path), keyfile.make(path)
        except FileExistsError:  # a command made it meanwhile
            return str(path), path.read_text(encoding="utf-8")
        except OSError as failure:
            raise refused(f"{path} ne s'écrit pas : {why_unreadable(failure)}.") from None

    return make


def demonstrate(house: House, settings: Settings) -> Callable[[datetime], None] | None:
    """What makes the demonstration of an empty house; none where its invented people would reach the world.

    A mail server would carry its mails, a table elsewhere its demands.
    """
    if settings.smtp_host or settings.remote is not Remote.NONE or not accounts.is_empty(house):
        return None
    make = first_key(settings)

    def put_in_place(at: datetime) -> None:
        if not accounts.is_empty(house):
            raise refused("Cette ville a déjà de vrais comptes : la démonstration ne s'y ajoute pas.")
        if make is not None:
            with house.store.reading() as tx:
                has_keys = tx.keys is not None
            if not has_keys:
                house.store.take_keys(Keyring.parsed(make()[1]))
        demo.put_in_place(house, scenery(), at)

    return put_in_place


def scenery() -> Scenery:
    """What the demonstration is made of."""
    return Scenery(
        presets.preset(DEMO_PRESET),
        demonstration.people(),
        demonstration.accounts(),
        demonstration.calls(),
        demonstration.tale(),
        demonstration.private(),
        demonstration.listening(),
    )


def demo_accounts(house: House) -> Callable[[], Sequence[DemoAccount]]:
    """The accounts the sign-in page offers by one click: none outside the demonstration.

    It is one by its settings, or because nobody but its people has an account.
    """
    offered = tuple(
        DemoAccount(account.name, account.does, account.email, account.password)
        for account in demonstration.accounts()
        if account.shown
    )
    emails = frozenset(account.email for account in demonstration.accounts())
    return lambda: offered if house.demo or demo.is_one(house, emails) else ()
