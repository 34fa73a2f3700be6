"""The town's table, asked when it is due: what went wrong is told, and the next look tries again."""

from collections.abc import Callable
from typing import Protocol

from policy.reasons import Refused
from sync.remote import LostTurn, RemoteError


class Exchanges(Protocol):
    """A place where this process exchanges: the town's table, or its private base."""

    @property
    def label(self) -> str:
        """What people call it."""
        ...

    def is_due(self) -> bool:
        """Whether there is something to do now."""
        ...

    def exchange(self) -> object:
        """Do it, once. Raises ``RemoteError``."""
        ...


def exchanging(post: Exchanges) -> Callable[[], tuple[str, ...]]:
    """What the clock does every second: nothing, or one exchange; the troubles, in French.

    A trouble lasts until an exchange goes to its end.
    """
    known: list[str] = []

    def exchange() -> tuple[str, ...]:
        if post.is_due():
            try:
                post.exchange()
                known.clear()
            except LostTurn:
                known.clear()
            except RemoteError as error:
                known[:] = [f"{post.label} : {error.words}"]
            except Refused as busy:  # others wrote too long: the next look does it
                known[:] = [f"{post.label} : {busy}"]
        return tuple(known)

    return exchange
