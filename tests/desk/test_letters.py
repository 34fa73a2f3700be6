"""Frozen letters: what a mail client shows, whatever the names and the subjects hold."""

from datetime import date
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.letters import environment
from desk import letters
from desk.house import House
from desk.letters import Attachment, Letter, Recipient
from policy.hours import parse_hours
from policy.rules import Rules
from tests.cast import moment

NOTHING: Any = None
HOUSE = House(NOTHING, environment(), "https://guichet.prevost.test", "Ville <guichet@prevost.test>")
RULES = Rules(
    "Ville de Prévost", parse_hours("lundi 08:00-16:30"), date(2026, 1, 1), desk_email="service@prevost.test"
)
AT = moment("Tue 2026-12-01 08:05")
TO = Recipient("Hélène Fortin", "helene@prevost.test")
LONG = "Requêtes non complétées — novembre 2026 — Loisirs, culture et vie communautaire, Trésorerie"


def frozen(subject: str = "Objet", to: Recipient = TO, text: str = "Bonjour", **more: Any) -> Any:
    letter = Letter(letters.one_line(subject), text, f"<p>{text}</p>", **more)
    message = letters.freeze(HOUSE, RULES, letter, to, "<1@prevost.test>", AT)
    return message, message_from_bytes(message, policy=default)


def test_answers_go_to_the_desk_and_no_robot_answers() -> None:
    _, mail = frozen()
    assert str(mail["Reply-To"]).endswith("<service@prevost.test>")
    assert mail["From"].addresses[0].addr_spec == "guichet@prevost.test"
    assert mail["Auto-Submitted"] == "auto-generated" and mail["Content-Language"] == "fr-CA"
    assert mail["Message-ID"] == "<1@prevost.test>" and mail["Date"].datetime == AT


def test_a_long_accented_subject_keeps_every_space() -> None:
    message, mail = frozen(LONG)
    assert mail["Subject"] == LONG
    assert max(len(line) for line in message.split(b"\r\n\r\n")[0].split(b"\r\n")) <= 78


@given(st.text(max_size=120), st.text(max_size=120))
def test_no_subject_and_no_name_adds_a_header_or_a_recipient(subject: str, name: str) -> None:
    message, mail = frozen(subject, Recipient(name, "helene@prevost.test"))
    plain, _ = frozen()
    assert mail.keys() == message_from_bytes(plain, policy=default).keys()
    assert [each.addr_spec for each in mail["To"].addresses] == ["helene@prevost.test"]
    assert all(len(line) <= 998 for line in message.split(b"\r\n"))


@pytest.mark.parametrize(
    "name", ["Tremblay, Luc", 'Luc "le Grand"', "Hélène\r\nBcc: x@y.test", "=?utf-8?q?x?=", "a@b.test", ""]
)
def test_a_name_stays_a_name(name: str) -> None:
    message, mail = frozen(to=Recipient(name, "luc@prevost.test"))
    assert [each.addr_spec for each in mail["To"].addresses] == ["luc@prevost.test"]
    assert b"\nBcc" not in message


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("luc@prevost.test", True),
        ("a.b+c@ville.qc.ca", True),
        ("luc@prevost.test, autre@x.test", False),
        ("luc@prevost.test\nBcc: x@y.test", False),
        ("<luc@prevost.test>", False),
        ("luc prevost.test", False),
        ("é@prevost.test", False),
        ("", False),
    ],
)
def test_only_an_address_is_an_address(address: str, is_one: bool) -> None:
    assert letters.is_address(address) is is_one


def test_what_is_frozen_reads_back_whole_with_lines_fit_for_any_server() -> None:
    text = "Été à Prévost\n.un point\n" + "x" * 2_000 + "\n"
    message, _ = frozen(text=text, attachments=(Attachment("liste.xlsx", b"PK\x03\x04\x00"),))
    assert all(len(line) <= 998 for line in message.split(b"\r\n")) and b"\n" not in message.replace(
        b"\r\n", b""
    )
    _, letter = letters.read(message)
    assert letter.text == text and letter.html == f"<p>{text}</p>\n"
    assert letter.attachments == (Attachment("liste.xlsx", b"PK\x03\x04\x00"),)


def test_a_letter_readdressed_has_the_same_words_and_one_of_each_header() -> None:
    message, _ = frozen(LONG, attachments=(Attachment("liste.xlsx", b"PK"),))
    again = letters.readdressed(message, Recipient("Zoé", "zoe@prevost.test"), "<2@prevost.test>", AT)
    mail = message_from_bytes(again, policy=default)
    assert letters.read(again)[1] == letters.read(message)[1]
    assert mail["Message-ID"] == "<2@prevost.test>" and str(mail["To"]) == "Zoé <zoe@prevost.test>"
    assert all(len(mail.get_all(name) or ()) == 1 for name in ("To", "Message-ID", "Date", "Subject", "From"))


def test_the_first_of_a_month_is_1er() -> None:
    assert letters.plain_day(date(2026, 12, 1)) == "1er décembre 2026"
    assert letters.plain_day(date(2026, 12, 21)) == "21 décembre 2026"


def test_what_a_person_typed_is_escaped_in_html() -> None:
    letter = letters.render(
        HOUSE, RULES, "closing", "Objet", number="2026-00001", department="<script>",
        received_on=date(2026, 11, 2), lines=["<img src=x>"], survey="",
    )  # fmt: skip
    assert "<script>" not in letter.html and "<img" not in letter.html and "<img src=x>" in letter.text
