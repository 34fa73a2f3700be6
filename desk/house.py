"""The house: what the ways in pass down to the counter (store, letters, addresses)."""

from dataclasses import dataclass

from jinja2 import Environment
from sync.store import Store


@dataclass(frozen=True)
class House:
    """One town's software, opened by a way in (``door``, ``jobs`` or a command) from its settings.

    ``letters`` renders the mails (autoescaped); ``base_url`` is the address people type, without a
    final slash; ``mail_from`` the sender of every mail; ``demo`` shows the demonstration accounts.
    """

    store: Store
    letters: Environment
    base_url: str
    mail_from: str
    demo: bool = False
