"""The town's table, asked when it is due: what went wrong is told, and the next look tries again."""

from collections.abc import Callable

from desk.exchanges import Post
from policy.reasons import Refused
from sync.remote import LostTurn, RemoteError


def exchanging(post: Post) -> Callable[[], tuple[str, ...]]:
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
                known[:] = [f"{post.remote.label} : {error.words}"]
            except Refused as busy:  # others wrote too long: the next look does it
                known[:] = [f"{post.remote.label} : {busy}"]
        return tuple(known)

    return exchange
