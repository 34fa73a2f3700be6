"""P §4.4, R-30: the fifteen days, day by day; every ground alone, and all of them together."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.complaints import (
    Complaint,
    Signature,
    admissibility,
    check_deposit,
    deadline,
    grounds,
    is_signed,
)
from policy.rules import SignatureReading
from policy.words import Channel
from tests.policy.office import any_office, at, day, office

NOW = at("Mon 2026-11-16 10:00")
TYPED, BY_HAND = SignatureReading.TYPED_NAME, SignatureReading.BY_HAND
GOOD = Complaint(
    channel=Channel.MAIL,
    received_at=at("Mon 2026-11-16 09:00"),
    facts_on=day("Fri 2026-11-06"),
    facts="Le préposé m'a injuriée au comptoir.",
    signature=Signature.HAND,
    name="Rose Vachon",
    phone="450 555-0142",
    civic="12",
    street="rue des Pins",
    city="Prévost",
    postal_code="J0R 1T0",
)
ANY = st.builds(
    Complaint,
    channel=st.sampled_from(Channel),
    received_at=st.just(NOW),
    facts_on=st.dates(date(2026, 9, 1), date(2026, 11, 16)) | st.none(),
    facts=st.just("Des faits."),
    written=st.booleans(),
    signature=st.sampled_from(Signature),
    anonymous=st.booleans(),
    name=st.sampled_from(["", "Rose Vachon"]),
    phone=st.sampled_from(["", "450 555-0142"]),
    email=st.sampled_from(["", "rose@exemple.test"]),
    civic=st.sampled_from(["", "12"]),
    street=st.sampled_from(["", "rue des Pins"]),
    city=st.sampled_from(["", "Prévost"]),
    postal_code=st.sampled_from(["", "J0R 1T0"]),
    municipal=st.booleans(),
    private_dispute=st.booleans(),
    danger=st.booleans(),
    danger_words=st.sampled_from(["", " ", "Un chien menace les enfants."]),
)


def found(complaint: Complaint, reading: SignatureReading = TYPED) -> list[tuple[str, str]]:
    return [(ground.field, ground.article) for ground in grounds(complaint, office(), reading)]


@pytest.mark.parametrize(
    ("facts", "due"),
    [
        ("Fri 2026-11-06", "Mon 2026-11-23"),  # Saturday 21
        ("Sat 2026-11-07", "Mon 2026-11-23"),  # Sunday 22
        ("Sun 2026-11-08", "Mon 2026-11-23"),  # that Monday itself
        ("Mon 2026-11-09", "Tue 2026-11-24"),
        ("Thu 2026-12-10", "Mon 2026-12-28"),  # Noël, then the Saturday of the 26th
        ("Wed 2026-12-09", "Mon 2026-12-28"),  # the eve of Noël is closed too
        ("Tue 2026-12-08", "Wed 2026-12-23"),
        ("Thu 2026-12-17", "Mon 2027-01-04"),  # New Year's Day, the 2nd a Saturday
        ("Thu 2027-03-11", "Tue 2027-03-30"),  # Good Friday 26 March; Easter Monday is closed by the town
        ("Sat 2027-10-23", "Mon 2027-11-08"),  # across the clock change
        ("Tue 2028-02-29", "Wed 2028-03-15"),
    ],
)
def test_the_last_day_is_the_fifteenth_or_the_working_day_after_it(facts: str, due: str) -> None:
    last = deadline(day(facts), office())
    assert last.due == day(due)
    assert last.articles == ("P §4.4",)
    assert last.reading
    assert str(15) in last.steps[1]
    assert [skipped.day for skipped in last.skipped] == [
        day(facts) + timedelta(days=n) for n in range(15, (day(due) - day(facts)).days)
    ]


@given(facts=st.dates(date(2026, 1, 1), date(2026, 3, 1)), office=any_office())
def test_the_last_day_is_never_before_the_fifteenth_and_never_closed(facts: date, office: Any) -> None:
    last = deadline(facts, office)
    assert isinstance(last.due, date)
    assert last.due >= facts + timedelta(days=15)
    assert office.is_working(last.due)
    assert office.working_days(facts + timedelta(days=15), last.due) == 0, "the first one that is"


@pytest.mark.parametrize(
    ("arrived", "late"),
    [
        ("Fri 2026-11-06 10:00", False),
        ("Sat 2026-11-21 23:00", False),
        ("Mon 2026-11-23 00:00", False),
        ("Mon 2026-11-23 23:59", False),  # after closing time: it is the day that counts, from the arrival
        ("Tue 2026-11-24 00:00", True),
        ("Fri 2027-11-05 10:00", True),
    ],
)
def test_what_arrives_on_the_last_day_is_in_time_to_its_last_minute(arrived: str, late: bool) -> None:
    assert found(replace(GOOD, received_at=at(arrived))) == [("facts_on", "P §4.4")] * late


def test_what_has_no_date_cannot_be_shown_to_be_late() -> None:
    assert admissibility(replace(GOOD, facts_on=None), office(), TYPED).deadline is None
    assert not found(replace(GOOD, facts_on=None))


ALONE: dict[str, tuple[dict[str, Any], tuple[str, str]]] = {
    "not written": ({"written": False}, ("written", "P §4.1")),
    "not signed": ({"signature": Signature.NONE}, ("signature", "P §4.1")),
    "anonymous": ({"anonymous": True}, ("anonymous", "P §4.1")),
    "no name": ({"name": " "}, ("name", "P §4.4")),
    "no civic number": ({"civic": ""}, ("street", "P §4.4")),
    "no street": ({"street": ""}, ("street", "P §4.4")),
    "no municipality": ({"city": ""}, ("street", "P §4.4")),
    "no postal code": ({"postal_code": ""}, ("street", "P §4.4")),
    "no way to be reached": ({"phone": ""}, ("street", "P §4.4")),
    "no department": ({"municipal": False}, ("municipal", "P §4.1")),
    "private dispute": ({"private_dispute": True}, ("private_dispute", "P §4.1")),
    "too late": ({"facts_on": day("Thu 2026-10-29")}, ("facts_on", "P §4.4")),
}


def test_a_good_complaint_has_no_ground() -> None:
    answer = admissibility(GOOD, office(), TYPED)
    assert answer.admissible
    assert answer.deadline is not None
    assert answer.deadline.due == day("Mon 2026-11-23")


def test_an_email_does_for_a_telephone() -> None:
    assert not found(replace(GOOD, phone="", email="rose@exemple.test"))


@pytest.mark.parametrize("alone", ALONE)
def test_each_ground_stands_alone_with_its_article(alone: str) -> None:
    wrong, expected = ALONE[alone]
    arrived = at("Mon 2026-11-16 09:00")
    assert found(replace(GOOD, received_at=arrived, **wrong)) == [expected]


def test_all_the_grounds_come_at_once() -> None:
    worst = Complaint(
        channel=Channel.PHONE,
        received_at=NOW,
        facts_on=day("Thu 2026-10-29"),
        facts="Des faits.",
        written=False,
        anonymous=True,
        municipal=False,
        private_dispute=True,
    )
    assert found(worst) == [
        ("written", "P §4.1"),
        ("signature", "P §4.1"),
        ("anonymous", "P §4.1"),
        ("name", "P §4.4"),
        ("municipal", "P §4.1"),
        ("private_dispute", "P §4.1"),
        ("facts_on", "P §4.4"),
    ]
    told = grounds(worst, office(), TYPED)[3].message
    assert all(words in told for words in ("nom", "numéro civique", "rue", "code postal", "courriel"))


def test_a_danger_lifts_the_writing_and_the_signature_and_nothing_else() -> None:
    bare = replace(GOOD, written=False, signature=Signature.NONE, danger=True)
    assert [field for field, _ in found(bare)] == ["written", "signature"], "only once it is said in what"
    said = admissibility(replace(bare, danger_words="La clôture est tombée."), office(), TYPED)
    assert said.admissible
    assert [ground.field for ground in said.by_danger] == ["written", "signature"]
    for name, (wrong, expected) in ALONE.items():
        if name not in ("not written", "not signed"):
            typed = replace(bare, danger_words="La clôture est tombée.", **wrong)
            assert found(typed) == [expected]


@given(ANY, st.sampled_from(SignatureReading))
def test_a_danger_never_adds_a_ground_nor_lifts_another_one(
    complaint: Complaint, reading: SignatureReading
) -> None:
    calm = set(found(replace(complaint, danger=False), reading))
    danger = set(found(complaint, reading))
    assert danger <= calm
    assert calm - danger <= {("written", "P §4.1"), ("signature", "P §4.1")}
    if calm != danger:
        assert complaint.danger_words.strip()


@pytest.mark.parametrize(
    ("channel", "signature", "reading", "signed"),
    [
        (Channel.MAIL, Signature.HAND, TYPED, True),
        (Channel.EMAIL, Signature.HAND, BY_HAND, True),  # an image of it
        (Channel.EMAIL, Signature.TYPED, TYPED, True),
        (Channel.WEB_FORM, Signature.TYPED, TYPED, True),
        (Channel.EMAIL, Signature.TYPED, BY_HAND, False),
        (Channel.WEB_FORM, Signature.TYPED, BY_HAND, False),
        (Channel.SOCIAL, Signature.TYPED, TYPED, False),
        (Channel.MAIL, Signature.TYPED, TYPED, False),
        (Channel.EMAIL, Signature.NONE, TYPED, False),
    ],
)
def test_what_is_a_signature_is_a_value_of_the_town(
    channel: Channel, signature: Signature, reading: SignatureReading, signed: bool
) -> None:
    complaint = replace(GOOD, channel=channel, signature=signature)
    assert is_signed(complaint, reading) is signed
    assert (not found(complaint, reading)) is signed


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({}, []),
        ({"channel": None}, ["channel"]),
        ({"received_at": None}, ["received_at"]),
        ({"received_at": NOW + timedelta(minutes=1)}, ["received_at"]),
        ({"received_at": at("Tue 1999-11-16 10:00"), "facts_on": None}, ["received_at"]),
        ({"facts": " \n"}, ["facts"]),
        ({"facts": "x" * 20_001}, ["facts"]),
        ({"facts_on": day("Tue 2026-11-17")}, ["facts_on"]),
        ({"facts_on": date(1926, 11, 6)}, ["facts_on"]),
        ({"danger": True}, ["danger_words"]),
        ({"anonymous": True}, ["anonymous"]),
        ({"written": False}, ["signature"]),
        ({"phone": "bonjour"}, ["phone"]),
        ({"email": "rose chez exemple"}, ["email"]),
        # inadmissible, and deposited all the same
        ({"signature": Signature.NONE, "name": "", "municipal": False, "private_dispute": True}, []),
    ],
)
def test_only_what_contradicts_itself_keeps_a_complaint_from_being_deposited(
    wrong: dict[str, Any], fields: list[str]
) -> None:
    told = check_deposit(replace(GOOD, **wrong), NOW)
    assert [ground.field for ground in told] == fields
    assert all(ground.message and ground.article for ground in told)
