"""A real SMTP server on loopback that accepts, refuses, hangs and drops; TLS checked, login, or none."""

import ssl
from pathlib import Path

import pytest

from desk.outbox import Parcel, RemoteError
from jobs.smtp import Server
from sync.states import MailState
from tests.cast import Cast, moment
from tests.desk.filing import kept
from tests.jobs.post import ledger, look
from tests.jobs.servers import (
    PASSWORD,
    USER,
    Inbox,
    certificate,
    dropping,
    free_port,
    serving,
    silent,
)

MESSAGE = b"From: a@ville.test\r\nSubject: essai\r\n\r\nUn.\r\n.Un point en t\xc3\xaate.\r\n..Deux.\r\n"
PARCEL = Parcel("essai", "guichet@ville.test", "rene@ville.test", MESSAGE)
# aiosmtpd does not see that a server that is all TLS needs no STARTTLS before a login
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
BRIEF = 0.5  # seconds a hanging server is waited for
FIRST = moment("Mon 2026-11-02 08:05")


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    return certificate(tmp_path_factory.mktemp("tls"))


def refusal(server: Server, parcel: Parcel = PARCEL) -> RemoteError:
    with pytest.raises(RemoteError) as error:
        server.carry(parcel)
    server.close()
    return error.value


def test_the_bytes_that_were_frozen_are_the_bytes_that_arrive() -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        server = Server("127.0.0.1", port, "none", time_out=5)
        server.carry(PARCEL)
        server.carry(PARCEL)
        server.close()
    assert inbox.mails == [("guichet@ville.test", ["rene@ville.test"], MESSAGE)] * 2


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_protected_server_with_login_is_spoken_to(
    known: tuple[ssl.SSLContext, ssl.SSLContext], security: str
) -> None:
    inbox = Inbox()
    with serving(inbox, known[0], implicit=security == "tls", login=True) as port:
        server = Server("127.0.0.1", port, security, USER, PASSWORD, time_out=5, trust=known[1])
        server.carry(PARCEL)
        server.close()
    assert inbox.logins == [(USER, PASSWORD)] and len(inbox.mails) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_nobody_vouches_for_is_refused_before_any_password(
    known: tuple[ssl.SSLContext, ssl.SSLContext], security: str
) -> None:
    inbox = Inbox()
    with serving(inbox, known[0], implicit=security == "tls", login=True) as port:
        error = refusal(Server("127.0.0.1", port, security, USER, PASSWORD, time_out=5))
    assert "certificat" in str(error) and error.again and error.everyone and not error.doubtful
    assert inbox.logins == [] and inbox.mails == []


def test_a_certificate_of_another_name_is_refused(tmp_path: Path) -> None:
    theirs, trust = certificate(tmp_path, "autre.test")
    with serving(Inbox(), theirs) as port:
        error = refusal(Server("127.0.0.1", port, "starttls", time_out=5, trust=trust))
    assert "certificat" in str(error)


def test_a_server_that_offers_no_protection_gets_nothing() -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        error = refusal(Server("127.0.0.1", port, "starttls", USER, PASSWORD, time_out=5))
    assert error.everyone and inbox.logins == [] and inbox.mails == []


def test_a_wrong_password_stops_the_round_and_can_be_tried_again(
    known: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    inbox = Inbox()
    with serving(inbox, known[0], login=True) as port:
        error = refusal(Server("127.0.0.1", port, "starttls", USER, "faux", time_out=5, trust=known[1]))
    assert "identification" in str(error) and error.again and error.everyone


@pytest.mark.parametrize(("reply", "again"), [("550 inconnu", False), ("450 plus tard", True)])
def test_a_recipient_refused_for_good_or_for_now(reply: str, again: bool) -> None:
    inbox = Inbox(on_rcpt=lambda address: reply if address == "rene@ville.test" else None)
    with serving(inbox) as port:
        server = Server("127.0.0.1", port, "none", time_out=5)
        error = refusal(server)
        assert error.again is again and not error.everyone and not error.doubtful
        server.carry(Parcel("autre", "guichet@ville.test", "zoe@ville.test", MESSAGE))
        server.close()
    assert [to for _, to, _ in inbox.mails] == [["zoe@ville.test"]]


@pytest.mark.parametrize(("reply", "again"), [("554 refusé", False), ("451 plus tard", True)])
def test_a_message_refused_after_it_was_given(reply: str, again: bool) -> None:
    with serving(Inbox(on_data=lambda: reply)) as port:
        error = refusal(Server("127.0.0.1", port, "none", time_out=5))
    assert error.again is again and not error.doubtful


def test_a_server_that_hangs_before_the_message_certainly_has_not_taken_it() -> None:
    with serving(Inbox(hangs_at="RCPT")) as port:
        error = refusal(Server("127.0.0.1", port, "none", time_out=BRIEF))
    assert error.again and error.everyone and not error.doubtful


@pytest.mark.parametrize("inbox", [Inbox(hangs_at="DATA"), Inbox(drops_at="DATA")])
def test_a_server_that_falls_silent_after_the_message_may_have_taken_it(inbox: Inbox) -> None:
    with serving(inbox) as port:
        error = refusal(Server("127.0.0.1", port, "none", time_out=BRIEF))
    assert error.again and error.everyone and error.doubtful


def test_a_server_that_never_says_a_word_is_not_waited_for() -> None:
    with silent() as port:
        error = refusal(Server("127.0.0.1", port, "none", time_out=BRIEF))
    assert error.again and error.everyone and not error.doubtful


def test_a_server_that_hangs_up_or_is_not_there_can_be_tried_again() -> None:
    with dropping() as port:
        hung_up = refusal(Server("127.0.0.1", port, "none", time_out=5))
    absent = refusal(Server("127.0.0.1", free_port(), "none", time_out=5))
    for error in (hung_up, absent):
        assert error.again and error.everyone and not error.doubtful


def test_a_connection_lost_between_two_mails_is_opened_again() -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        server = Server("127.0.0.1", port, "none", time_out=5)
        server.carry(PARCEL)
        assert server._client is not None
        server._client.smtp.sock.close()
        server.carry(PARCEL)
        server.close()
    assert len(inbox.mails) == 2


def test_the_lists_go_through_a_server_that_refuses_one_of_three(cast: Cast) -> None:
    inbox = Inbox(on_rcpt=lambda address: "550 inconnu" if address.startswith("guy") else None)
    with serving(inbox) as port:
        report = look(cast, FIRST, Server("127.0.0.1", port, "none", time_out=5))
    assert (report.round.sent, report.round.refused) == (2, 1)
    assert sorted(to[0] for _, to, _ in inbox.mails) == ["denis@prevost.test", "helene@prevost.test"]
    frozen = {row["to_address"]: row["message"] for row in ledger(cast)}
    assert all(message == frozen[to[0]] for _, to, message in inbox.mails)


def test_a_server_that_took_the_mail_and_dropped_receives_it_again_with_the_same_message_id(
    cast: Cast,
) -> None:
    inbox = Inbox(drops_at="DATA", drops_after=True)
    with serving(inbox) as port:
        look(cast, FIRST, Server("127.0.0.1", port, "none", time_out=5))
        inbox.drops_at, inbox.drops_after = "", False
        look(cast, moment("Mon 2026-11-02 08:07"), Server("127.0.0.1", port, "none", time_out=5))
    first = inbox.mails[0]
    assert sum(mail == first for mail in inbox.mails) >= 2
    assert {row["state"] for row in kept(cast, "mails")} == {MailState.SENT}
    (twice,) = [row for row in ledger(cast) if row["to_address"] == first[1][0]]
    assert twice["doubtful"]
