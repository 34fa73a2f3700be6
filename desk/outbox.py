"""The outbox (architecture 6): each frozen mail is claimed, carried, marked; a crash at any point repeats safely."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from desk.house import House


class RemoteError(Exception):
    """The mail server said no, or nothing. ``again``: whether trying later can help.

    ``doubtful``: the server may have taken the mail all the same. ``everyone``: the fault is the server's or
    the settings', not this recipient's; the round stops.
    """

    def __init__(self, words: str, *, again: bool, doubtful: bool = False, everyone: bool = False) -> None:
        super().__init__(words)
        self.again = again
        self.doubtful = doubtful
        self.everyone = everyone


@dataclass(frozen=True)
class Parcel:
    """A mail on its way: ``name`` is stable, so that carrying it again replaces or is recognised."""

    name: str
    sender: str
    recipient: str
    message: bytes


class Carrier(Protocol):
    """What takes mails away: an SMTP server, or a folder."""

    def carry(self, parcel: Parcel) -> None:
        """Take one mail away, or raise ``RemoteError``. Never longer than ``CLAIM``."""
        ...

    def close(self) -> None:
        """End the connection, if one is open."""
        ...


@dataclass(frozen=True)
class Round:
    """What one round of the outbox did."""

    sent: int = 0
    put_off: int = 0
    refused: int = 0
    trouble: str = ""


def deliver(
    house: House, carrier: Carrier, clock: Callable[[], datetime], me: str, is_gone: Callable[[str], bool]
) -> Round:
    """Send what is due, one mail at a time. ``me`` names this process in the claims; ``is_gone`` says whether
    the process a claim names is surely dead, so that its mails need not wait for the claim to lapse."""
    raise NotImplementedError
