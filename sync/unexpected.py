"""What nobody foresaw: an answer unlike the documentation, a fault of ours. Told, and asked less often."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sync.remote import Remote, RemoteError

P = ParamSpec("P")
T = TypeVar("T")
Self = TypeVar("Self", bound=Remote)

MALFORMED = (LookupError, TypeError, ValueError, AttributeError)  # what reading an odd answer raises

_log = logging.getLogger("guichet.echange")


class Unexpected(RemoteError):
    """The exchange stopped on something that nobody foresaw; the journal says where, without any value."""


def answering(
    act: Callable[Concatenate[Self, P], T],
) -> Callable[Concatenate[Self, P], T]:
    """Of an act that reads a service's answers: an odd one is a failure of the service."""

    @wraps(act)
    def read(remote: Self, /, *args: P.args, **named: P.kwargs) -> T:
        odd: Exception
        try:
            return act(remote, *args, **named)
        except MALFORMED as error:
            odd = error
        where = _noted(odd)
        raise Unexpected(
            f"{remote.label} a répondu autre chose que ce qui était attendu ({where}) : rien n'en est pris."
        )

    return read


def unforeseen(fault: Exception) -> Unexpected:
    """The failure to keep for a fault of ours."""
    where = _noted(fault)
    return Unexpected(f"L'échange s'est arrêté sur une erreur imprévue ({where}) : il sera repris.")


def _noted(fault: Exception) -> str:
    """Its kind and the line it comes from, in the journal too; never its words, which may quote a cell."""
    last: Any = fault.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = f"{last.tb_frame.f_code.co_name}, ligne {last.tb_lineno}" if last is not None else "?"
    told = f"{type(fault).__name__}, {place}"
    _log.error("erreur imprévue de l'échange : %s", told)
    return told
