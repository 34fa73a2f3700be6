"""A mail that was refused or given up leaves once more, by a deliberate act, to where its person is now."""

from dataclasses import dataclass, field

import pytest

from desk import (
    citizens,
    closing,
    contacts,
    coordinates,
    ledger,
    letters,
    moves,
    postbook,
    routing,
    second_sendings,
)
from desk.citizens import Caller
from desk.contacts import Again
from desk.moves import Say
from desk.outbox import Parcel, RemoteError
from desk.purge import become_complaint
from policy.reasons import Refused
from policy.words import Channel, Priority, State, WaitReason
from sync import hold
from sync.states import MailKind, MailState, TaskKind
from sync.store import Row
from tests.cast import CAST, PLANNING, Cast, moment
from tests.desk.demands import MARIE, opened
from tests.desk.filing import BY, items, kept
from tests.jobs.post import Tray, look

TEN, ELEVEN, NOON = (moment(f"Mon 2026-11-16 {hour}") for hour in ("10:00", "11:00", "12:00"))
RIGHT = "marie.eve@exemple.test"


@dataclass
class Strict(Tray):
    """A server that knows nobody at these addresses."""

    unknown: frozenset[str] = field(default_factory=lambda: frozenset({MARIE.email}))

    def carry(self, parcel: Parcel) -> None:
        if parcel.recipient in self.unknown:
            raise RemoteError(f"{parcel.recipient} : boîte inconnue.", again=False)
        super().carry(parcel)


def the(cast: Cast, kind: MailKind, **equals: object) -> Row:
    (row,) = kept(cast, "mails", kind=kind, **equals)
    return row


def corrected(cast: Cast, number: str, email: str = RIGHT) -> None:
    seen = {"email": MARIE.email}
    assert coordinates.correct(cast.visit("technician", ELEVEN), number, {"email": email}, seen).done


def astray(cast: Cast) -> tuple[str, Row]:
    """The acknowledgement of a demand, refused by the server at ten."""
    number = opened(cast).number
    look(cast, TEN, Strict())
    row = the(cast, MailKind.ACKNOWLEDGEMENT)
    assert row["state"] is MailState.REFUSED
    return number, row


def finished(cast: Cast, number: str) -> None:
    visit, (file,) = cast.visit("secretary", TEN), kept(cast, "files", number=number)
    moves.take(visit, file["id"])
    closing.close(visit, file["id"], items(cast, citizen_text="Réparé."))


def test_what_was_told_of_an_open_file_leaves_again_while_it_is_so(cast: Cast) -> None:
    file = opened(cast)
    moves.plan(
        cast.visit("secretary", TEN), file.id, moment("Mon 2026-11-23 10:00").date(), say=Say("Lundi.")
    )
    look(cast, TEN, Strict())
    mail = the(cast, MailKind.INFORMATION)
    assert mail["state"] is MailState.REFUSED
    corrected(cast, file.number)
    desk = cast.visit("technician", ELEVEN)
    assert second_sendings.plan(desk, mail["id"]).to.address == RIGHT
    moves.pause(cast.visit("secretary", ELEVEN), file.id, WaitReason.PARTS)
    with pytest.raises(Refused, match="a avancé depuis"):
        second_sendings.send(desk, mail["id"])


def test_what_is_told_of_an_open_file_follows_the_address(cast: Cast) -> None:
    file = opened(cast)
    moves.pause(cast.visit("secretary", TEN), file.id, WaitReason.PARTS, say=Say("Une pièce."))
    corrected(cast, file.number)
    assert the(cast, MailKind.INFORMATION)["to_address"] == RIGHT


def closed(cast: Cast) -> tuple[str, Row]:
    """The text of a closing, refused at ten."""
    number = opened(cast).number
    finished(cast, number)
    look(cast, TEN, Strict())
    return number, the(cast, MailKind.CLOSING)


def test_an_acknowledgement_leaves_again_to_the_corrected_address_with_what_stands_now(cast: Cast) -> None:
    number, row = astray(cast)
    corrected(cast, number)
    visit = cast.visit("technician", ELEVEN)
    routing.route(visit, row["file"], cast.departments[PLANNING])
    plan = second_sendings.plan(visit, row["id"])
    assert (plan.to.address, plan.when) == (RIGHT, "au prochain passage de l'horloge")
    assert RIGHT in second_sendings.send(visit, row["id"])
    assert "déjà demandé" in second_sendings.send(visit, row["id"]), "a second click sends nothing more"
    again = the(cast, MailKind.ACKNOWLEDGEMENT, again_of=row["id"])
    headers, letter = letters.read(again["message"])
    assert headers["To"] == f"{MARIE.name} <{RIGHT}>" and PLANNING in letter.text and number in letter.text
    assert again["again_by"] == cast.accounts["technician"]
    assert not [task for task in postbook.tasks(visit) if task["kind"] is TaskKind.MAIL_REFUSED]
    assert kept(cast, "files", number=number)[0]["acknowledged_at"] is None
    look(cast, NOON, Strict())
    assert kept(cast, "files", number=number)[0]["acknowledged_at"] == NOON
    for sent in (row, again):
        with pytest.raises(Refused, match="parti à cette même adresse le"):
            second_sendings.send(cast.visit("technician", NOON), sent["id"])


def test_to_the_same_address_it_may_leave_again_too_and_is_refused_once_more(cast: Cast) -> None:
    _, row = astray(cast)
    second_sendings.send(cast.visit("technician", ELEVEN), row["id"])
    look(cast, ELEVEN, Strict())
    (task,) = (each for each in postbook.tasks(cast.visit("technician", NOON)) if each["mail"])
    assert task["mail"] != row["id"] and task["letter"]
    second_sendings.send(cast.visit("technician", NOON), task["mail"])
    assert len(kept(cast, "mails", again_of=row["id"])) == 2


def test_what_left_for_a_wrong_address_leaves_again_once_it_is_corrected(cast: Cast) -> None:
    number = opened(cast).number
    look(cast, TEN, Tray())
    row, visit = the(cast, MailKind.ACKNOWLEDGEMENT), cast.visit("technician", ELEVEN)
    with pytest.raises(Refused, match="même adresse"):
        second_sendings.plan(visit, row["id"])
    corrected(cast, number)
    second_sendings.send(visit, row["id"])
    assert the(cast, MailKind.ACKNOWLEDGEMENT, again_of=row["id"])["to_address"] == RIGHT


@pytest.mark.parametrize("who", sorted(CAST.keys() - {"technician", "director"}))
def test_only_the_desk_sends_again(cast: Cast, who: str) -> None:
    _, row = astray(cast)
    for act in (second_sendings.plan, second_sendings.send):
        with pytest.raises(Refused, match="Vous ne pouvez pas renvoyer un courriel"):
            act(cast.visit(who, ELEVEN), row["id"])


def test_who_was_called_meanwhile_is_not_acknowledged_again(cast: Cast) -> None:
    _, row = astray(cast)
    visit = cast.visit("technician", ELEVEN)
    (task,) = (each for each in postbook.tasks(visit) if each["mail"] == row["id"])
    postbook.settle(visit, task["id"])
    with pytest.raises(Refused, match="a été donné le lundi 16 novembre"):
        second_sendings.send(visit, row["id"])


def test_a_cancelled_file_acknowledges_nothing(cast: Cast) -> None:
    _, row = astray(cast)
    visit = cast.visit("technician", ELEVEN)
    moves.cancel(visit, row["file"], "Erreur.")
    with pytest.raises(Refused, match="n'est plus ouvert"):
        second_sendings.send(visit, row["id"])


def test_without_an_address_any_more_nothing_leaves_and_it_says_what_to_do(cast: Cast) -> None:
    number, row = astray(cast)
    corrected(cast, number, "")
    with pytest.raises(Refused, match=f"corrigez ses coordonnées au dossier {number}"):
        second_sendings.send(cast.visit("technician", ELEVEN), row["id"])


def test_a_file_that_became_a_complaint_is_told_nothing_more(cast: Cast) -> None:
    _, row = astray(cast)
    visit = cast.visit("technician", ELEVEN)
    become_complaint(visit, row["file"], "C'est une plainte.")
    with pytest.raises(Refused, match="a été effacé") as no:
        second_sendings.send(visit, row["id"])
    assert MARIE.email not in str(no.value)
    assert not any(map(second_sendings.is_offered, postbook.page(visit)))


def test_the_text_of_a_closing_leaves_again_while_it_is_that_of_the_file(cast: Cast) -> None:
    number, row = closed(cast)
    corrected(cast, number)
    visit = cast.visit("technician", ELEVEN)
    second_sendings.send(visit, row["id"])
    again = the(cast, MailKind.CLOSING, again_of=row["id"])
    assert again["to_address"] == RIGHT and "Réparé." in letters.read(again["message"])[1].text


def test_the_text_of_a_file_reopened_or_closed_again_does_not(cast: Cast) -> None:
    _, row = closed(cast)
    visit = cast.visit("technician", ELEVEN)
    moves.reopen(visit, row["file"], "Pas réparé.")
    with pytest.raises(Refused, match="n'est plus fermé"):
        second_sendings.send(visit, row["id"])
    again = items(cast, citizen_text="Réparé pour de bon.")
    closing.close(cast.visit("secretary", ELEVEN), row["file"], again)
    with pytest.raises(Refused, match="fermé de nouveau"):
        second_sendings.send(visit, row["id"])


def test_who_called_about_the_file_of_another_is_reached_where_he_is_now(cast: Cast) -> None:
    number = opened(cast).number
    rose = Caller(name="Rose Roy", email="rose@exemple.tset")
    visit = cast.visit("technician", TEN)
    contacts.note(visit, Again("encore-1", number, Channel.PHONE, "Toujours là.", rose))
    finished(cast, number)
    look(cast, TEN, Strict(unknown=frozenset({rose.email})))
    row = the(cast, MailKind.CLOSING, to_address=rose.email)
    with cast.visit("technician", ELEVEN).writing() as counter:
        (known,) = kept(cast, "citizens", name="Rose Roy")
        citizens.correct_in(counter, known["id"], {"email": "rose@exemple.test"})
    second_sendings.send(cast.visit("technician", ELEVEN), row["id"])
    assert the(cast, MailKind.CLOSING, again_of=row["id"])["to_address"] == "rose@exemple.test"


def test_an_urgent_notice_leaves_again_while_the_file_waits_there(cast: Cast) -> None:
    number = opened(cast, priority=Priority.URGENT).number
    look(cast, TEN, Strict(unknown=frozenset({"travaux@prevost.test"})))
    row = the(cast, MailKind.ROUTING, to_address="travaux@prevost.test")
    visit = cast.visit("technician", ELEVEN)
    assert second_sendings.plan(visit, row["id"]).typed
    with pytest.raises(Refused, match="Inscrivez une adresse"):
        second_sendings.send(visit, row["id"], "julie")
    second_sendings.send(visit, row["id"], "julie.gagnon@prevost.test")
    again = the(cast, MailKind.ROUTING, again_of=row["id"])
    assert again["to_address"] == "julie.gagnon@prevost.test" and number in again["subject"]
    look(cast, ELEVEN, Strict(unknown=frozenset({"julie.gagnon@prevost.test"})))
    file = kept(cast, "files", number=number)[0]
    routing.route(visit, file["id"], cast.departments[PLANNING])
    with pytest.raises(Refused, match="n'attend plus ce service"):
        second_sendings.send(cast.visit("technician", NOON), row["id"])


def test_what_is_given_up_after_a_restore_is_a_task_of_the_desk_and_leaves_when_it_says_so(
    cast: Cast,
) -> None:
    number = opened(cast, priority=Priority.URGENT).number
    with cast.house.store.writing() as tx:
        hold.begin(tx, "Reprise.", BY)
        assert ledger.give_up(tx, BY) == len(kept(cast, "mails"))
    visit = cast.visit("technician", TEN)
    todo = {task["mail"]: task for task in postbook.tasks(visit) if task["kind"] is TaskKind.MAIL_REFUSED}
    assert todo.keys() == {mail["id"] for mail in kept(cast, "mails")}
    row = the(cast, MailKind.ACKNOWLEDGEMENT)
    assert todo[row["id"]]["number"] == number and todo[row["id"]]["letter"]
    assert "reprise" in second_sendings.plan(visit, row["id"]).when
    second_sendings.send(visit, row["id"])
    look(cast, TEN, Tray())
    assert the(cast, MailKind.ACKNOWLEDGEMENT, again_of=row["id"])["state"] is MailState.READY
    with cast.house.store.writing() as tx:
        hold.end(tx, BY)
    look(cast, ELEVEN, Tray())
    assert the(cast, MailKind.ACKNOWLEDGEMENT, again_of=row["id"])["state"] is MailState.SENT
    assert kept(cast, "files", number=number)[0]["state"] is State.ROUTED
