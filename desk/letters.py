"""Letters: text and HTML from the templates, frozen into the bytes that will leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from policy.rules import Rules

from desk.house import House


@dataclass(frozen=True)
class Attachment:
    """A file joined to a letter; ``content`` is a workbook."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Recipient:
    """Whom a letter is for."""

    name: str
    address: str


@dataclass(frozen=True)
class Letter:
    """What is read: the same whoever receives it."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


def render(
    house: House, rules: Rules, template: str, subject: str, attachments: tuple[Attachment, ...] = (), **given: Any
) -> Letter:
    """The letter ``template`` (``acknowledgement``, ``rnc``…) filled with ``given``, escaped in its HTML part."""
    raise NotImplementedError


def freeze(house: House, rules: Rules, letter: Letter, to: Recipient, message_id: str, at: datetime) -> bytes:
    """The bytes that will leave, once and for all: From the town, Reply-To the desk, fit for any SMTP server."""
    raise NotImplementedError


def read(message: bytes) -> tuple[Mapping[str, str], Letter]:
    """The headers and the letter of frozen bytes, to be shown on a screen."""
    raise NotImplementedError
