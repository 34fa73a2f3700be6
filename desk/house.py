"""The house: what the ways in pass down to the counter (store, letters, addresses)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from jinja2 import Environment
from sqlalchemy.exc import DatabaseError

from desk.offers import FirstKey, Offer
from policy.idle import USUAL, Idle
from sync import rotation
from sync.store import Store
from sync.vault import Keyring


@dataclass(frozen=True)
class House:
    """One town's software, opened by a way in (``door``, ``jobs`` or a command) from its settings.

    ``letters`` renders the mails (autoescaped); ``base_url`` is the address people type, without a
    final slash; ``mail_from`` the sender of every mail; ``demo`` shows the demonstration accounts;
    ``mail_folder`` is where mails are kept when no server sends them; ``letters_folder`` holds the town's
    own templates of letters on paper; ``idle`` says after how long without a gesture a session ends;
    ``copies_folder`` is where the clock leaves a copy each night, if anywhere.
    ``presets`` are those a town may start from on a screen; ``first_key`` makes the key of the private files
    where there is none (its file and its text), ``None`` when the settings give it.
    ``table_address`` opens the town's own table in a browser, when it has one.
    """

    store: Store
    letters: Environment
    base_url: str
    mail_from: str
    demo: bool = False
    mail_folder: Path | None = None
    letters_folder: Path | None = None
    attachment_most: int = 15 * 1024 * 1024  # bytes
    idle: Idle = USUAL
    copies_folder: Path | None = None
    presets: Mapping[str, Offer] = field(default_factory=dict)
    first_key: FirstKey | None = None
    table_address: str = ""


class Chosen(Protocol):
    """What of the settings a house is made of."""

    @property
    def database_url(self) -> str: ...
    @property
    def base_url(self) -> str: ...
    @property
    def mail_from(self) -> str: ...
    @property
    def demo(self) -> bool: ...
    @property
    def keyring(self) -> str | None: ...
    @property
    def mail_folder(self) -> Path | None: ...
    @property
    def letters_dir(self) -> Path | None: ...
    @property
    def backup_dir(self) -> Path | None: ...
    @property
    def attachment_mb(self) -> int: ...
    @property
    def remote_address(self) -> str: ...
    @property
    def idle(self) -> int: ...
    @property
    def idle_private(self) -> int: ...


class Unreachable(Exception):
    """The database does not answer, or not as one of ours."""

    def __str__(self) -> str:
        return "La base ne répond pas : vérifiez GUICHET_DATABASE_URL et GUICHET_DATA_DIR."


@contextmanager
def opened(chosen: Chosen, letters: Environment, *, locked: bool = False) -> Iterator[House]:
    """The house of these settings, its tables up to date, closed at the end. Raises ``Unreachable``.

    Raises ``Locked`` when private files are there and not their key, unless ``locked``: nothing private is
    wanted then.
    """
    keys = Keyring.parsed(chosen.keyring) if chosen.keyring else None
    store = Store.open(chosen.database_url, keys)
    try:
        try:
            store.migrate()
            if not locked:
                with store.reading() as tx:
                    rotation.check(tx)
        except DatabaseError as failure:
            raise Unreachable from failure
        yield House(
            store,
            letters,
            chosen.base_url,
            chosen.mail_from,
            chosen.demo,
            chosen.mail_folder,
            chosen.letters_dir,
            chosen.attachment_mb * 1024 * 1024,
            Idle(timedelta(minutes=chosen.idle_private), timedelta(minutes=chosen.idle)),
            chosen.backup_dir,
            table_address=chosen.remote_address,
        )
    finally:
        store.close()
