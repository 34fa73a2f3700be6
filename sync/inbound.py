"""What reconciliation asks of the counter: to judge what arrives from a remote. ``desk.inbound`` answers."""

from collections.abc import Mapping
from typing import Any, Protocol

from sync.store import Reading, Writing


class Inbound(Protocol):
    """The rules, numbers, routing and history of what arrives are the counter's (architecture 7).

    Each is called inside a transaction of reconciliation, under a savepoint: a refusal undoes what it began.
    ``values`` are typed as the store keeps them; a reference is our id.
    """

    def change(self, tx: Writing, table: str, record: str, values: Mapping[str, Any]) -> None:
        """The director gave these fields of a record these values: all of them, or ``Refused``."""
        ...

    def born(self, tx: Writing, table: str, values: Mapping[str, Any]) -> str | None:
        """A row was typed there: the id of the record it becomes at once, or ``None``: the desk's inbox.

        Raises ``Refused`` for a row that this table takes from nobody, or that does not hold together.
        """
        ...

    def rebuilt(self, tx: Writing, table: str, record: str, values: Mapping[str, Any]) -> None:
        """The store lost this record: give it back with its id and all that its row there says.

        No mail leaves, no number is given; a number it bears is never given again. Raises ``Refused``.
        """
        ...

    def namesakes(self, tx: Reading, table: str, values: Mapping[str, Any]) -> list[str]:
        """Our rows, of what the town decides, that are called as a row there that says these values.

        A town put in place again has them anew, under other ids: they are not to stand twice.
        """
        ...

    def is_in_use(self, tx: Reading, table: str, record: str) -> bool:
        """Whether a row of settings is pointed to by a record, or still counts: it cannot be withdrawn."""
        ...

    def settle(self) -> None:
        """After the transactions: what a change of settings moves elsewhere (closings move dates, R-71)."""
        ...
