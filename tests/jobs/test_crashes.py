"""R-24: killed at any step between draw-up and mark, run by two at once, every mail goes to each once."""

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from desk import outbox
from desk.outbox import RemoteError
from jobs.clock import tick
from sync.schema import SQL
from sync.states import MailState, TaskKind
from tests.cast import Cast, moment
from tests.desk.filing import filed, kept
from tests.jobs.post import Fate, Killed, MortalTray, Tray, ledger, look, mortal

COUNCIL_OF_OCTOBER = moment("Mon 2026-11-02 08:05")
RECIPIENTS = ["denis@prevost.test", "guy@prevost.test", "helene@prevost.test"]
LATER = COUNCIL_OF_OCTOBER + timedelta(minutes=1)


def forget(cast: Cast) -> None:
    """The ledger as it was before the first look."""
    with cast.house.store.writing() as tx:
        for table in ("tasks", "mails", "list_runs"):
            tx.connection.execute(sa.delete(SQL[table]))


def test_killed_at_every_step_each_recipient_is_written_to_once_or_the_ledger_says_twice(cast: Cast) -> None:
    step, survived = 0, False
    while not survived:
        forget(cast)
        fate = Fate(step)
        tray = MortalTray(fate=fate)
        try:
            tick(mortal(cast.house, fate), tray, lambda: COUNCIL_OF_OCTOBER, "premier", lambda name: False)
            survived = True
        except Killed:
            look(cast, LATER, again := Tray())
            tray.parcels += again.parcels
        sent = Counter(parcel.recipient for parcel in tray.parcels)
        assert sorted(sent) == RECIPIENTS, step
        assert sum(sent.values()) <= len(RECIPIENTS) + 1, step
        rows = {row["to_address"]: row for row in ledger(cast)}
        assert sorted(rows) == RECIPIENTS
        assert len(kept(cast, "list_runs")) == 1
        for address, count in sent.items():
            assert rows[address]["state"] is MailState.SENT
            if count == 2:
                assert rows[address]["doubtful"], step
        ids = {parcel.recipient: {p.message for p in tray.parcels if p.recipient == parcel.recipient}
               for parcel in tray.parcels}  # fmt: skip
        assert all(len(each) == 1 for each in ids.values()), "sent again with the very same bytes"
        step += 1
    assert step > 20, "the steps were really counted"


def test_a_claim_of_a_living_process_is_left_alone_until_it_lapses(cast: Cast) -> None:
    fate = Fate(-1)
    tray = MortalTray(fate=fate)

    def die(parcel: object) -> RemoteError | None:
        raise Killed

    tray.refuse = die
    with pytest.raises(Killed):
        tick(cast.house, tray, lambda: COUNCIL_OF_OCTOBER, "premier", lambda name: False)
    claimed = [row for row in ledger(cast) if row["state"] is MailState.CLAIMED]
    assert [row["claimed_by"] for row in claimed] == ["premier"]
    other = Tray()
    look(cast, LATER, other, gone=False)
    assert len(other.parcels) == 2 and claimed[0]["to_address"] not in other.recipients
    late = Tray()
    look(cast, COUNCIL_OF_OCTOBER + outbox.CLAIM, late, gone=False)
    assert late.recipients == [claimed[0]["to_address"]]
    (row,) = kept(cast, "mails", id=claimed[0]["id"])
    assert row["doubtful"] and row["state"] is MailState.SENT


def test_a_mark_that_comes_after_another_process_took_the_mail_only_says_doubtful(cast: Cast) -> None:
    tray = Tray()

    def overtaken(parcel: object) -> RemoteError | None:
        if not tray.parcels:
            look(cast, COUNCIL_OF_OCTOBER + outbox.CLAIM, other, gone=False)
        return None

    other = Tray()
    tray.refuse = overtaken
    tick(cast.house, tray, lambda: COUNCIL_OF_OCTOBER, "premier", lambda name: False)
    assert other.recipients == RECIPIENTS
    first = tray.parcels[0].recipient
    rows = {row["to_address"]: row for row in ledger(cast)}
    assert rows[first]["doubtful"] and {row["state"] for row in rows.values()} == {MailState.SENT}


def test_a_refused_recipient_stops_no_other_and_is_shown_to_the_desk(cast: Cast) -> None:
    def refuse(parcel: outbox.Parcel) -> RemoteError | None:
        if parcel.recipient == "guy@prevost.test":
            return RemoteError(f"550 <{parcel.recipient}> inconnu", again=False)
        return None

    tray = Tray(refuse=refuse)
    report = look(cast, COUNCIL_OF_OCTOBER, tray)
    assert tray.recipients == ["denis@prevost.test", "helene@prevost.test"]
    assert (report.round.sent, report.round.refused) == (2, 1)
    (task,) = kept(cast, "tasks", kind=TaskKind.MAIL_REFUSED)
    assert "550" in task["words"] and "guy@prevost.test" not in task["words"]
    look(cast, LATER, again := Tray())
    assert again.parcels == []


def test_a_temporary_failure_is_tried_again_with_growing_waits_then_shown(cast: Cast) -> None:
    down = Tray(refuse=lambda parcel: RemoteError("451 plus tard", again=True))
    at = COUNCIL_OF_OCTOBER
    look(cast, at, down)
    waits = []
    for _ in range(40):
        row = ledger(cast)[0]
        if row["state"] is not MailState.RETRY:
            break
        waits.append(row["next_try_at"] - at)
        look(cast, row["next_try_at"] - timedelta(seconds=1), down)
        assert ledger(cast)[0]["attempts"] == row["attempts"]
        at = max(each["next_try_at"] for each in ledger(cast))
        look(cast, at, down)
    assert waits == sorted(waits) and waits[0] == timedelta(minutes=1) and waits[-1] == timedelta(hours=4)
    assert {row["state"] for row in ledger(cast)} == {MailState.REFUSED}
    assert len(kept(cast, "tasks", kind=TaskKind.MAIL_REFUSED)) == len(RECIPIENTS)


def test_when_the_server_is_down_the_round_stops_at_the_first_mail(cast: Cast) -> None:
    tried: list[str] = []

    def refuse(parcel: outbox.Parcel) -> RemoteError:
        tried.append(parcel.recipient)
        return RemoteError("injoignable", again=True, everyone=True)

    report = look(cast, COUNCIL_OF_OCTOBER, Tray(refuse=refuse))
    assert len(tried) == 1 and report.troubles == ("injoignable",)
    look(cast, LATER, tray := Tray())
    assert len(tray.parcels) == len(RECIPIENTS)


def test_mails_leave_even_when_a_rule_of_the_town_does_not_read(cast: Cast) -> None:
    look(cast, COUNCIL_OF_OCTOBER, Tray(refuse=lambda parcel: RemoteError("non", again=True)))
    filed(cast)
    with cast.house.store.writing() as tx:
        tx.connection.execute(
            sa.update(SQL["rules"]).where(SQL["rules"].c.name == "sending_hour").values(value="tôt")
        )
    report = look(cast, LATER, tray := Tray())
    assert tray.recipients == RECIPIENTS and "n'est pas une heure" in report.troubles[0]
