"""A forgotten password: one link, mailed once, that says nothing of who has an account."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from desk import accounts, outbox, postbook, resets, sessions
from desk.account_mails import UNWRITTEN
from desk.letters import read
from desk.outbox import Parcel
from policy.reasons import Refused
from policy.words import Role
from sync.states import MailKind, MailState
from sync.store import Row
from tests.cast import CAST, CHEAP, PASSWORD, Cast, moment

NINE = moment("Mon 2026-11-16 09:00")
MINUTE = timedelta(minutes=1)
LUC = CAST["technician"].email
NEW = "le lac gèle en décembre"
HOME = "203.0.113.7"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "HASHER", CHEAP)
    sessions._nobody.cache_clear()


class Bag:
    """A carrier that keeps what it is given."""

    def __init__(self) -> None:
        self.parcels: list[Parcel] = []
        self.works = True

    def carry(self, parcel: Parcel) -> None:
        self.parcels.append(parcel)
        if not self.works:
            raise outbox.RemoteError("Plus tard.", again=True, doubtful=True)

    def close(self) -> None:
        pass


def deliver(cast: Cast, bag: Bag, at: datetime = NINE) -> None:
    outbox.deliver(cast.house, bag, lambda: at, "essai", lambda _: True)


def asked(cast: Cast, email: str = LUC, at: datetime = NINE) -> None:
    resets.ask(cast.house, email, HOME, at)
    resets.write(cast.house, email, at)


def link(bag: Bag) -> str:
    """The token of the last mail, the same in both its forms."""
    _, letter = read(bag.parcels[-1].message)
    tokens = set(re.findall(r"/connexion/choisir\?jeton=([\w-]+)", letter.text + letter.html))
    assert len(tokens) == 1
    return str(tokens.pop())


def mails(cast: Cast, kind: MailKind) -> list[Row]:
    with cast.house.store.reading() as tx:
        return tx.find("mails", kind=kind)


def test_the_link_opens_for_an_hour_serves_once_and_ends_every_session(cast: Cast) -> None:
    bag = Bag()
    token = sessions.sign_in(cast.house, LUC, PASSWORD, HOME, NINE)
    asked(cast)
    deliver(cast, bag)
    key = link(bag)
    assert resets.is_live(cast.house, key, NINE + 59 * MINUTE)
    assert not resets.is_live(cast.house, key, NINE + 60 * MINUTE)
    assert resets.choose(cast.house, key, NEW, HOME, NINE + MINUTE) == LUC
    assert sessions.session_of(cast.house, token, NINE + MINUTE) is None
    assert not resets.is_live(cast.house, key, NINE + MINUTE)
    with pytest.raises(Refused, match="ne sert plus"):
        resets.choose(cast.house, key, NEW + "!", HOME, NINE + MINUTE)
    assert sessions.sign_in(cast.house, LUC, NEW, HOME, NINE + MINUTE)
    with pytest.raises(Refused, match="inexact"):
        sessions.sign_in(cast.house, LUC, PASSWORD, HOME, NINE + MINUTE)
    [notice] = mails(cast, MailKind.CHANGED)
    assert notice["to_address"] == LUC


def test_no_table_ever_holds_a_token_that_opens_something(cast: Cast) -> None:
    bag = Bag()
    asked(cast)
    deliver(cast, bag)
    key = link(bag)
    with cast.house.store.reading() as tx:
        everything = repr(tx.find("resets")) + repr(tx.find("mails"))
        row = tx.first("resets")
    assert key not in everything
    assert key[:12] not in everything
    assert row is not None
    assert row["token_hash"] == sessions.hash_token(key)


def test_a_link_carried_twice_opens_by_the_last_one_received(cast: Cast) -> None:
    bag = Bag()
    bag.works = False
    asked(cast)
    deliver(cast, bag)
    before = link(bag)
    bag.works = True
    deliver(cast, bag, NINE + 90 * MINUTE)  # the hour counts from the mail that left
    assert not resets.is_live(cast.house, before, NINE + 91 * MINUTE)
    assert resets.is_live(cast.house, link(bag), NINE + 91 * MINUTE)
    assert [mail["state"] for mail in mails(cast, MailKind.RESET)] == [MailState.SENT]


def test_nothing_is_mailed_to_an_unknown_address_nor_to_a_closed_account(cast: Cast) -> None:
    accounts.close(cast.visit("director", NINE), cast.accounts["planner"])
    for email in ("personne@prevost.test", CAST["planner"].email, "", "n'importe quoi"):
        asked(cast, email)
    assert not mails(cast, MailKind.RESET)


def test_asking_never_looks_at_the_accounts(cast: Cast) -> None:
    """The same work for everybody: the answer cannot tell who has an account."""
    known = statements(cast, lambda: resets.ask(cast.house, LUC, HOME, NINE))
    unknown = statements(cast, lambda: resets.ask(cast.house, "personne@prevost.test", HOME, NINE))
    assert known == unknown
    assert not any("accounts" in each for each in known)


def statements(cast: Cast, act: Callable[[], None]) -> list[str]:
    """Every question put to the store meanwhile."""
    engine, said = cast.house.store._engine, list[str]()

    def hear(_c: object, _u: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    return said


def test_asking_is_braked_known_or_not_and_an_account_is_sent_three_mails_an_hour(cast: Cast) -> None:
    for email in (LUC, "personne@prevost.test"):
        for _ in range(5):
            asked(cast, email)
        with pytest.raises(Refused, match="Attendez 15 minutes"):
            resets.ask(cast.house, email, HOME, NINE)
    assert len(mails(cast, MailKind.RESET)) == 3
    assert sessions.sign_in(cast.house, LUC, PASSWORD, HOME, NINE)  # asking brakes no sign-in


def test_somebody_braked_for_having_forgotten_enters_with_the_new_password(cast: Cast) -> None:
    for _ in range(5):
        with pytest.raises(Refused):
            sessions.sign_in(cast.house, LUC, "oublié oublié", HOME, NINE)
    bag = Bag()
    asked(cast)
    deliver(cast, bag)
    resets.choose(cast.house, link(bag), NEW, HOME, NINE + MINUTE)
    assert sessions.sign_in(cast.house, LUC, NEW, HOME, NINE + 2 * MINUTE)


def test_the_desk_reads_the_mail_without_its_link_and_cannot_send_it_elsewhere(cast: Cast) -> None:
    bag = Bag()
    asked(cast)
    deliver(cast, bag)
    [mail] = mails(cast, MailKind.RESET)
    letter = postbook.read(cast.visit("director", NINE), mail["id"]).letter
    assert link(bag) not in letter.text + letter.html
    assert UNWRITTEN in letter.text
    assert not resets.is_live(cast.house, UNWRITTEN, NINE)
    with pytest.raises(Refused, match="que pour la personne"):
        postbook.resend(cast.visit("director", NINE), mail["id"], CAST["director"].email)


def test_a_weak_password_leaves_the_link_alive(cast: Cast) -> None:
    bag = Bag()
    asked(cast)
    deliver(cast, bag)
    for weak in ("court", "Luc-Tremblay-2026", "motdepasse1234"):
        with pytest.raises(Refused):
            resets.choose(cast.house, link(bag), weak, HOME, NINE)
    assert resets.is_live(cast.house, link(bag), NINE)


def test_a_link_is_dead_once_its_account_is_closed(cast: Cast) -> None:
    bag = Bag()
    asked(cast)
    deliver(cast, bag)
    accounts.close(cast.visit("director", NINE), cast.accounts["technician"])
    with pytest.raises(Refused, match="ne sert plus"):
        resets.choose(cast.house, link(bag), NEW, HOME, NINE)


def test_whoever_enters_by_the_provider_alone_is_given_no_easier_way(cast: Cast) -> None:
    by = cast.visit("director", NINE)
    made = accounts.add(by, "Ève Roy", "eve@prevost.test", [Role.EMPLOYEE])
    with by.writing() as counter:
        linked = {"account": made.id, "issuer": "https://ailleurs.test", "subject": "1"}
        counter.tx.insert("identities", linked, counter.by("lier"))
    asked(cast, "eve@prevost.test")
    assert not mails(cast, MailKind.RESET)


def test_a_password_changed_by_somebody_is_told_to_its_person(cast: Cast) -> None:
    accounts.set_password(cast.visit("technician", NINE), cast.accounts["secretary"], NEW)
    accounts.change_own_password(cast.visit("clerk", NINE), PASSWORD, NEW)
    told = [mail["to_address"] for mail in mails(cast, MailKind.CHANGED)]
    assert sorted(told) == sorted([CAST["secretary"].email, CAST["clerk"].email])
