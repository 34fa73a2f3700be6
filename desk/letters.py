"""Letters: text and HTML from the templates, frozen into the bytes that will leave."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.header import Header
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from email.utils import quote as email_quote
from typing import Any
from urllib.parse import quote

from desk.house import House
from policy.rules import Rules
from policy.towntime import to_town
from policy.wording import day_words, moment_words

XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
LINE = 76  # RFC 5322, RFC 2047
_LAST_HEADER = b"Content-Language: fr-CA\r\n"  # what follows it is the letter
HEAVY = 100_000  # bytes: past that quoted-printable costs more than it is worth

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
_OWN_HEADERS = re.compile(rb"(?im)^(?:To|Message-ID|Date):[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")


@dataclass(frozen=True)
class Attachment:
    """A file joined to a letter; ``content`` is a workbook, ``name`` plain ASCII."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Recipient:
    """Whom a letter is for."""

    name: str
    address: str


@dataclass(frozen=True)
class Letter:
    """What is read: subject, the two forms of the body, what is joined."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


def render(
    house: House,
    rules: Rules,
    template: str,
    subject: str,
    attachments: tuple[Attachment, ...] = (),
    **given: Any,
) -> Letter:
    """The letter ``template`` (``acknowledgement``, ``rnc``…) filled with ``given``, escaped in its HTML."""
    words = {
        "subject": subject,
        "town_name": rules.town_name,
        "desk_name": rules.desk_name,
        "desk_email": rules.desk_email,
        "desk_phone": rules.desk_phone,
        "base_url": house.base_url,
        "link": lambda number: link(house, number),
        "day": plain_day,
        "moment": moment_words,
        "many": many,
        **given,
    }
    text = house.letters.get_template(f"{template}.txt.j2").render(words)
    html = house.letters.get_template(f"{template}.html.j2").render(words)
    return Letter(one_line(subject), _tidy(text), html, attachments)


def freeze(
    house: House,
    rules: Rules,
    letter: Letter,
    to: Recipient,
    message_id: str,
    at: datetime,
    body: bytes = b"",
) -> bytes:
    """The bytes that will leave, once and for all: from the town, answers to the desk, for any SMTP server.

    ``body`` when the letter's has been made already, for others. No value can add a header or a recipient:
    each is one line, and an address that is not one is left out (``is_address``; the caller then keeps the
    mail as refused).
    """
    name, address = parseaddr(house.mail_from)
    answers = rules.desk_email if is_address(rules.desk_email) else address
    headers = (
        _person("From", Recipient(name or rules.desk_name, address)),
        _person("To", to),
        _person("Reply-To", Recipient(rules.desk_name, answers)),
        _header("Subject", letter.subject),
        _header("Date", format_datetime(to_town(at))),
        _header("Message-ID", message_id),
        _header("Auto-Submitted", "auto-generated"),
        _header("X-Auto-Response-Suppress", "OOF, AutoReply"),
        _LAST_HEADER,
    )
    return b"".join(headers) + (body or encoded(letter))


def encoded(letter: Letter) -> bytes:
    """What follows the headers, whoever receives it: text, HTML, what is joined."""
    body = EmailMessage(policy=SMTP)
    body.set_content(letter.text, cte=_encoding(letter.text))
    body.add_alternative(letter.html, subtype="html", cte=_encoding(letter.html))
    for attachment in letter.attachments:
        body.add_attachment(attachment.content, maintype=XLSX[0], subtype=XLSX[1], filename=attachment.name)
    return body.as_bytes()


def readdressed(message: bytes, to: Recipient, message_id: str, at: datetime) -> bytes:
    """The same letter as a mail of its own, to the same person or another address."""
    headers, blank, body = message.partition(b"\r\n\r\n")
    kept = _OWN_HEADERS.sub(b"", headers + b"\r\n")
    own = (
        _person("To", to),
        _header("Message-ID", message_id),
        _header("Date", format_datetime(to_town(at))),
    )
    return b"".join(own) + kept + blank[2:] + body


def reworded(message: bytes, letter: Letter) -> bytes:
    """The same mail, its own headers untouched, with the words of another letter."""
    headers, last, _ = message.partition(_LAST_HEADER)
    return headers + last + encoded(letter)


def read(message: bytes) -> tuple[Mapping[str, str], Letter]:
    """The headers and the letter of frozen bytes, to be shown on a screen."""
    mail = BytesParser(policy=SMTP).parsebytes(message)
    bodies = {kind: mail.get_body((kind,)) for kind in ("plain", "html")}
    text, html = (
        body.get_content().replace("\r\n", "\n") if body is not None else "" for body in bodies.values()
    )
    attachments = tuple(
        Attachment(part.get_filename() or "piece-jointe", part.get_content())
        for part in mail.iter_attachments()
    )
    headers = {name: str(value) for name, value in mail.items()}
    return headers, Letter(headers.get("Subject", ""), text, html, attachments)


def message_id(house: House, id: str) -> str:
    """The Message-ID of the mail of that id; it stays the same however often the mail is carried."""
    return f"<{id}@{sender(house).partition('@')[2]}>"


def sender(house: House) -> str:
    """The bare address mails leave from."""
    return parseaddr(house.mail_from)[1]


def link(house: House, number: str) -> str:
    """The address of a file; it opens after the sign-in."""
    return f"{house.base_url}/dossier?numero={quote(number)}"


def is_address(text: str | None) -> bool:
    """Whether a mail server could be given it; what a person mistyped is not sent anywhere."""
    return bool(text) and len(text or "") <= 254 and _ADDRESS.fullmatch(text or "") is not None


def one_line(text: str) -> str:
    """The text without line breaks or control characters: nothing in it can become a header."""
    return _UNPRINTABLE.sub(" ", text).strip()


def plain_day(day: date) -> str:
    """« 23 novembre 2026 », « 1er décembre 2026 »: without the day of the week."""
    return day_words(day).partition(" ")[2]


def many(count: int, one: str, more: str) -> str:
    """« 1 dossier », « 0 dossier », « 3 dossiers »: in French nought is singular."""
    return f"{count} {one if count < 2 else more}"


def _person(header: str, who: Recipient) -> bytes:
    if not is_address(who.address):
        return _header(header, "adresse non valable:;")  # an empty group: the mail has a To, and nobody in it
    name = one_line(who.name)
    if not name:
        return _header(header, who.address)
    line = Header(header_name=header, maxlinelen=LINE)
    if name.isascii():
        line.append(f'"{email_quote(name)}"', "us-ascii")
    else:
        line.append(name, "utf-8")
    line.append(f"<{who.address}>", "us-ascii")
    return _written(header, line)


def _header(name: str, value: str) -> bytes:
    """One header line. The newer ``EmailPolicy`` loses spaces where it folds an accented subject."""
    value = one_line(value)
    if value.isascii() and len(f"{name}: {value}") <= LINE:  # nothing to encode nor to fold
        return f"{name}: {value}\r\n".encode("ascii")
    charset = "us-ascii" if value.isascii() else "utf-8"
    return _written(name, Header(value, charset, maxlinelen=LINE, header_name=name))


def _written(name: str, header: Header) -> bytes:
    folded = header.encode(linesep="\r\n")
    return f"{name}: {folded}\r\n".encode("ascii")


def _encoding(text: str) -> str:
    return "base64" if len(text) > HEAVY else "quoted-printable"


def _tidy(text: str) -> str:
    """At most one empty line in a row, none at either end."""
    lines = [line.rstrip() for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
